"""Words for funds and rosters: groups of people, kinds of sponsors, and what is wrong with a row of a file."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from huimin.money import format_yuan
from huimin.platform.foundation.models import City
from huimin.platform.people.api import areas
from huimin.platform.subsidies.api import SEVERAL, Cell, FundFacts, FundStatement, RowFault
from huimin.platform.web.days import page_language

__all__ = ["FAULTS", "Group", "amounts_in_words", "fault_in_words", "groups_of", "reason_in_words"]

REASONS = {
    "destitute": gettext_lazy("特困人员"),
    "orphan": gettext_lazy("孤儿"),
    "orphan_in_care": gettext_lazy("集中供养孤儿"),
    "low_income": gettext_lazy("低保对象"),
    "low_income_margin": gettext_lazy("低保边缘家庭成员"),
    "severely_disabled": gettext_lazy("重度残疾人"),
    "veteran": gettext_lazy("优抚对象"),
    "poverty_risk": gettext_lazy("防止返贫监测对象"),
    "elderly": gettext_lazy("高龄老人"),
    "other": gettext_lazy("其他困难人员"),
}
_COLUMNS = {
    "name": gettext_lazy("姓名"),
    "id_number": gettext_lazy("身份证号"),
    "reason": gettext_lazy("资助类别"),
    "valid_from": gettext_lazy("有效期起"),
    "valid_to": gettext_lazy("有效期止"),
}
FAULTS = {
    "other_ending": gettext_lazy("文件类型不是 CSV 或 XLSX。"),
    "unreadable": gettext_lazy("文件无法读出，请用表格软件打开检查后另存为 XLSX 或 UTF-8 的 CSV。"),
    "no_rows": gettext_lazy("文件里没有人。"),
    "too_many_rows": gettext_lazy("人数超过 50 万，请分开上传。"),
    "column_missing": gettext_lazy("缺少这一列。"),
    "column_twice": gettext_lazy("这一列出现了两次。"),
    "missing": gettext_lazy("没有填写。"),
    "name_too_long": gettext_lazy("姓名超过 50 个字。"),
    "name_is_number": gettext_lazy("姓名是一串数字。"),
    "name_characters": gettext_lazy("姓名中有不应出现的字符。"),
    "number_spoilt": gettext_lazy("号码被表格软件改动过，请把该列设为文本后重新填写。"),
    "number_is_telephone": gettext_lazy("填的是手机号码。"),
    "number_old": gettext_lazy("是 15 位旧号码，请换成 18 位。"),
    "number_length": gettext_lazy("不是 18 位，请逐位核对。"),
    "number_wrong": gettext_lazy("校验位或出生日期不对，请逐位核对。"),
    "not_born": gettext_lazy("出生日期在今天以后。"),
    "not_in_register": gettext_lazy("姓名与号码不匹配，或不在本市基本医保参保名册中。"),
    "person_twice": gettext_lazy("同一人在文件中重复。"),
    "reason_unknown": gettext_lazy("不是已知的资助类别。"),
    "reason_not_paid": gettext_lazy("本名册的资金不资助这一类别。"),
    "orphan_of_age": gettext_lazy("孤儿应未满 18 周岁。"),
    "elderly_too_young": gettext_lazy("高龄老人应年满 60 周岁。"),
    "day_unreadable": gettext_lazy("日期无法读出，请写作 2022-01-31。"),
    "ends_before_it_begins": gettext_lazy("有效期止早于有效期起。"),
    "over_already": gettext_lazy("有效期已经结束。"),
    "too_long_valid": gettext_lazy("有效期超过五年，请核对。"),
}


class Group:
    """One division of the people for whom a fund paid, as a table and a chart show it."""

    def __init__(self, title: str, column: str, rows: list[tuple[str, Cell]]) -> None:
        self.title, self.column, self.rows = title, column, rows


def reason_in_words(reason: str) -> str:
    return str(REASONS.get(reason, reason))


def fault_in_words(fault: RowFault) -> tuple[str, str]:
    """Where it is and what it is."""
    column = str(_COLUMNS.get(fault.field, ""))
    where = _("第 %(row)s 行") % {"row": fault.row} if fault.row else _("整个文件")
    said = str(FAULTS[fault.code])
    if fault.code == "person_twice":
        said = _("与第 %(row)s 行是同一人。") % {"row": fault.found}
    elif fault.found and fault.code in ("reason_unknown", "reason_not_paid", "day_unreadable", "over_already"):
        said = f"“{fault.found}”：{said}"
    return (f"{where} · {column}" if column else where), said


def amounts_in_words(fund: FundFacts) -> list[tuple[str, str]]:
    """What the fund pays, by reason."""
    found = []
    others = _("名册上其他人员") if len(fund.terms.amounts) > 1 else _("名册上所有人员")
    for reason, one in fund.terms.amounts.items():
        name = reason_in_words(reason) if reason else others
        if one.leaves == 0:
            said = _("全额")
        elif one.leaves is not None:
            said = _("个人支付 %(yuan)s 元，其余由资金支付") % {"yuan": format_yuan(one.leaves)}
        else:
            said = _("每人 %(yuan)s 元") % {"yuan": format_yuan(one.fen or 0)}
        found.append((name, said))
    return found


def groups_of(city: City, found: FundStatement) -> list[Group]:
    """By reason, area and age, with names in the page's language."""
    names = {str(area.id): area.name(page_language()) for area in areas(city)}

    def ages(key: str) -> str:
        return _("%(first)s–%(last)s 岁") % {"first": key, "last": int(key) + 9}

    return [
        Group(_("按资助类别"), _("资助类别"), _named(found.by_reason, reason_in_words)),
        Group(_("按统筹区"), _("统筹区"), _named(found.by_area, lambda key: names.get(key, key))),
        Group(_("按年龄"), _("年龄"), _named(found.by_age, ages)),
    ]


def _named(cells: Iterable[Cell], name: Callable[[str], str]) -> list[tuple[str, Cell]]:
    return [(_("其他合并") if cell.key == SEVERAL else name(cell.key), cell) for cell in cells]
