"""Invented names: of areas, hospitals, insurers and people."""

from __future__ import annotations

__all__ = [
    "AGENCY_AREAS",
    "AREAS",
    "COMMON_SURNAMES",
    "ELSEWHERE",
    "GIVEN_FEMALE",
    "GIVEN_MALE",
    "HOSPITALS",
    "INSURERS",
    "SPONSORS",
    "STAFF",
]

AREAS = (
    ("329901", "云溪", "Yunxi", 17),
    ("329902", "石湖", "Shihu", 15),
    ("329903", "东渚", "Dongzhu", 11),
    ("329904", "白鹭", "Bailu", 9),
    ("329905", "龙潭", "Longtan", 9),
    ("329906", "枫林", "Fenglin", 8),
    ("329907", "望海", "Wanghai", 7),
    ("329908", "长荡", "Changdang", 6),
    ("329909", "金穗", "Jinsui", 5),
    ("329910", "玉泉", "Yuquan", 4),
    ("329911", "青岚", "Qinglan", 4),
    ("329912", "兰亭", "Lanting", 3),
    ("329913", "平沙", "Pingsha", 2),
)
"""(code, Chinese, English, weight of the population). No real area has a code 3299xx."""

HOSPITALS = (
    ("hospital-1", "示范市第一人民医院", "First People's Hospital (demonstration)"),
    ("hospital-2", "示范市中医院", "Hospital of Chinese Medicine (demonstration)"),
    ("hospital-3", "示范市肿瘤医院", "Cancer Hospital (demonstration)"),
    ("hospital-4", "云溪人民医院", "Yunxi People's Hospital (demonstration)"),
)

ELSEWHERE = (("H32980100001", "邻市第一医院（演示）"), ("H31990100002", "省城肿瘤医院（演示）"))
"""Hospitals of other cities: code and name. Nobody in the platform knows them before the bureau tells of them."""

INSURERS = (
    ("lead", "示范惠民财产保险", "Demonstration Huimin P&C", 4000),
    ("insurer-01", "东渚人寿", "Dongzhu Life", 1000),
    ("insurer-02", "石湖健康", "Shihu Health", 800),
    ("insurer-03", "白鹭财险", "Bailu P&C", 800),
    ("insurer-04", "龙潭人寿", "Longtan Life", 700),
    ("insurer-05", "枫林养老", "Fenglin Pension", 600),
    ("insurer-06", "望海财险", "Wanghai P&C", 600),
    ("insurer-07", "长荡健康", "Changdang Health", 500),
    ("insurer-08", "金穗农险", "Jinsui Agricultural", 400),
    ("insurer-09", "玉泉人寿", "Yuquan Life", 300),
    ("insurer-10", "青岚财险", "Qinglan P&C", 300),
)
"""(code, Chinese, English, basis points). The shares are assumptions of the demonstration; they add up to 10,000."""

STAFF = (
    ("handler", "handler", ""),
    ("approver", "approver", ""),
    ("insurer", "insurer", "lead"),
    ("insurer03", "insurer", "insurer-03"),
    ("bureau", "bureau", ""),
    ("admin", "administrator", ""),
    ("counter", "counter", ""),
    ("agency", "account_agency", ""),
    ("donor", "sponsor", ""),
    ("civil", "sponsor", ""),
)
"""(user name, role, insurer)."""
AGENCY_AREAS = ("329901", "329902", "329903")
"""For which areas the demonstration's account agency works."""
SPONSORS = {"donor": ("charity",), "civil": ("civil-affairs",)}
"""For which sponsors, by code, users of that role act."""

COMMON_SURNAMES = "王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗梁宋郑谢韩唐冯于董萧程曹袁邓许傅沈曾彭吕苏卢蒋蔡贾丁魏薛叶阎"
GIVEN_FEMALE = (
    "秀英",
    "桂兰",
    "玉珍",
    "淑芬",
    "丽华",
    "敏",
    "静",
    "丽",
    "艳",
    "娟",
    "婷",
    "雪",
    "欣怡",
    "子涵",
    "雨桐",
    "梓萱",
)
GIVEN_MALE = (
    "建国",
    "志强",
    "国华",
    "建军",
    "德明",
    "伟",
    "强",
    "磊",
    "军",
    "勇",
    "涛",
    "鹏",
    "浩然",
    "子轩",
    "宇航",
    "俊杰",
)
