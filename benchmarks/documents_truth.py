"""Invented papers as data: amounts whose sums are true, to the fen, for everything that is drawn."""

from __future__ import annotations

import random
from dataclasses import dataclass, field

__all__ = ["KINDS", "Truth", "capitals", "truth_of", "yuan"]

KINDS = ("inpatient", "outpatient", "settlement", "invoice", "discharge")
PROVINCES = {
    "11": "北京市",
    "23": "黑龙江省",
    "31": "上海市",
    "33": "浙江省",
    "41": "河南省",
    "44": "广东省",
    "51": "四川省",
}
HOSPITALS = ("人民医院", "中心医院", "中医院", "第一附属医院", "妇幼保健院", "肿瘤医院")
FAMILIES, GIVEN = "王李张刘陈杨赵黄周吴徐孙马朱胡林郭何高罗", "伟芳娜敏静丽强磊军洋勇艳杰娟涛明超秀霞平刚桂英华玉兰"
CHARGES = (
    *("床位费", "诊察费", "检查费", "化验费", "治疗费", "手术费", "护理费", "卫生材料费", "西药费", "中成药费"),
    *("中草药费", "输血费", "输氧费", "放射费", "麻醉费", "其他费用"),
)
GOODS = ("清开灵颗粒", "阿莫西林胶囊", "甲磺酸奥希替尼片", "恩替卡韦片", "胰岛素注射液", "医用纱布块")
ILLNESSES = (
    "2型糖尿病",
    "原发性高血压3级",
    "右肺上叶恶性肿瘤",
    "急性阑尾炎",
    "腰椎间盘突出症",
    "冠状动脉粥样硬化性心脏病",
)
DIGITS, UNITS = "零壹贰叁肆伍陆柒捌玖", ("", "拾", "佰", "仟")


@dataclass(frozen=True)
class Truth:
    """What a paper says: fields under our names, amounts in fen; its rows; what else stands on it."""

    kind: str
    fields: dict[str, int | str]
    rows: list[tuple[str, int]] = field(default_factory=list)
    more: dict[str, str] = field(default_factory=dict)


def yuan(fen: int) -> str:
    return f"{fen // 100}.{fen % 100:02}"


def capitals(fen: int) -> str:
    """An amount in Chinese capitals, as bills print it."""
    whole, jiao, rest = fen // 100, fen // 10 % 10, fen % 10
    text = ""
    for sign, part in (("万", whole // 10_000), ("", whole % 10_000)):
        if part:
            text += ("零" if text and part < 1000 else "") + _section(part) + sign
    text = f"{text}元" if text else ""
    if not jiao and not rest:
        return f"{text or '零元'}整"
    text += f"{DIGITS[jiao]}角" if jiao else ("零" if text else "")
    return text + (f"{DIGITS[rest]}分" if rest else "")


def _section(part: int) -> str:
    text, gap = "", False
    for power in (3, 2, 1, 0):
        digit = part // 10**power % 10
        if digit:
            text += ("零" if gap and text else "") + DIGITS[digit] + UNITS[power]
        gap = not digit if text else False
    return text


def truth_of(kind: str, seed: int) -> Truth:
    chance = random.Random(f"{kind} {seed}")
    return {
        "inpatient": _bill,
        "outpatient": _bill,
        "settlement": _settlement,
        "invoice": _invoice,
        "discharge": _discharge,
    }[kind](kind, chance)


def _fen(chance: random.Random, least: int, most: int) -> int:
    """Between two amounts in yuan, small ones likelier."""
    return int(100 * least * (most / least) ** chance.random())


def _person(chance: random.Random) -> str:
    return chance.choice(FAMILIES) + "".join(chance.sample(GIVEN, chance.choice((1, 2))))


def _day(chance: random.Random, style: str = "-") -> str:
    return f"{chance.randint(2024, 2026)}{style}{chance.randint(1, 12):02}{style}{chance.randint(1, 28):02}"


def _digits(chance: random.Random, count: int) -> str:
    return "".join(chance.choice("0123456789") for _ in range(count))


def _paid(chance: random.Random, total: int) -> dict[str, int]:
    """Who paid how much of a total: a fifth of all papers has a single payer."""
    outside = total * chance.randint(0, 30) // 100
    fund = 0 if chance.random() < 0.15 else (total - outside) * chance.randint(40, 90) // 100
    own = total - fund
    other = own * chance.randint(5, 40) // 100 if chance.random() < 0.4 else 0
    account = (own - other) * chance.randint(10, 90) // 100 if chance.random() < 0.5 else 0
    cash = own - other - account
    return {"fund_paid": fund, "other_paid": other, "account_paid": account, "cash_paid": cash, "outside": outside}


def _bill(kind: str, chance: random.Random) -> Truth:
    inpatient = kind == "inpatient"
    names = chance.sample(CHARGES, chance.randint(6, 12) if inpatient else chance.randint(1, 6))
    rows = [(name, _fen(chance, 8, 9000 if inpatient else 600)) for name in names]
    total = sum(fen for _, fen in rows)
    paid = _paid(chance, total)
    outside = paid.pop("outside")
    deposit = (paid["cash_paid"] // 100_000 + 1) * 100_000
    province = chance.choice(sorted(PROVINCES))
    fields: dict[str, int | str] = {
        "bill_code": f"{province}{_digits(chance, 6)}",
        "bill_number": _digits(chance, 10),
        "check_code": "".join(chance.choice("0123456789abcdef") for _ in range(5)) + chance.choice("abcdef"),
        "issued_on": _day(chance),
        "payer": _person(chance),
        "issuer": f"{PROVINCES[province]}{chance.choice(HOSPITALS)}",
        "total": total,
        "total_in_capitals": capitals(total),
        **paid,
        "printed_self_paid": total - paid["fund_paid"] - min(outside, total - paid["fund_paid"]),
        "printed_self_funded": min(outside, total - paid["fund_paid"]),
        **({"deposit": deposit, "returned": deposit - paid["cash_paid"]} if inpatient else {}),
    }
    word = "住院" if inpatient else "门诊"
    return Truth(kind, fields, rows, {"title": f"{PROVINCES[province]}医疗{word}收费票据（电子）"})


def _settlement(kind: str, chance: random.Random) -> Truth:
    total = _fen(chance, 2000, 90_000)
    paid = _paid(chance, total)
    outside = paid.pop("outside")
    province = chance.choice(sorted(PROVINCES))
    fields: dict[str, int | str] = {
        "patient": _person(chance),
        "admitted_on": _day(chance),
        "discharged_on": _day(chance),
        "total": total,
        **paid,
        "in_scope": total - outside,
        "out_of_scope": outside,
    }
    more = {"title": f"{PROVINCES[province]}基本医疗保险住院费用结算单", "number": _digits(chance, 18)}
    return Truth(kind, fields, [], more)


def _invoice(kind: str, chance: random.Random) -> Truth:
    rows, taxes = [], []
    for name in chance.sample(GOODS, chance.randint(1, 4)):
        fen = _fen(chance, 20, 5000)
        rows.append((f"*医药*{name}", fen))
        taxes.append((fen * 13 + 50) // 100)
    before, tax = sum(fen for _, fen in rows), sum(taxes)
    fields: dict[str, int | str] = {
        "bill_number": f"2{_digits(chance, 19)}",
        "issued_on": f"{chance.randint(2024, 2026)}年{chance.randint(1, 12):02}月{chance.randint(1, 28):02}日",
        "before_tax": before,
        "tax": tax,
        "total": before + tax,
        "total_in_capitals": capitals(before + tax),
    }
    more = {"buyer": _person(chance), "seller": f"{chance.choice(sorted(PROVINCES.values()))}康民大药房有限公司"}
    return Truth(kind, fields, rows, {**more, "taxes": " ".join(map(str, taxes))})


def _discharge(kind: str, chance: random.Random) -> Truth:
    fields: dict[str, int | str] = {
        "patient": _person(chance),
        "admitted_on": _day(chance),
        "discharged_on": _day(chance),
        "diagnosis": chance.choice(ILLNESSES),
    }
    return Truth(kind, fields, [], {"title": f"{chance.choice(sorted(PROVINCES.values()))}{chance.choice(HOSPITALS)}"})
