"""Why somebody's premium is paid by others: the groups that donors and departments pay for.

Which department answers for which group is a city's own affair: here they are only told apart.
"""

from __future__ import annotations

from django.db import models

__all__ = ["Reason", "reason_of"]


class Reason(models.TextChoices):
    """The code stands in rows and files; the label is the word that departments use."""

    DESTITUTE = "destitute", "特困人员"
    ORPHAN = "orphan", "孤儿"
    ORPHAN_IN_CARE = "orphan_in_care", "集中供养孤儿"
    LOW_INCOME = "low_income", "低保对象"
    LOW_INCOME_MARGIN = "low_income_margin", "低保边缘家庭成员"
    SEVERELY_DISABLED = "severely_disabled", "重度残疾人"
    VETERAN = "veteran", "优抚对象"
    POVERTY_RISK = "poverty_risk", "防止返贫监测对象"
    ELDERLY = "elderly", "高龄老人"
    OTHER = "other", "其他困难人员"


_ALSO = {
    "特困": Reason.DESTITUTE,
    "特困供养人员": Reason.DESTITUTE,
    "事实无人抚养儿童": Reason.ORPHAN,
    "社会散居孤儿": Reason.ORPHAN,
    "低保": Reason.LOW_INCOME,
    "最低生活保障对象": Reason.LOW_INCOME,
    "低保边缘": Reason.LOW_INCOME_MARGIN,
    "低保边缘户": Reason.LOW_INCOME_MARGIN,
    "重残": Reason.SEVERELY_DISABLED,
    "重度残疾": Reason.SEVERELY_DISABLED,
    "优抚": Reason.VETERAN,
    "退役军人": Reason.VETERAN,
    "防返贫监测对象": Reason.POVERTY_RISK,
    "高龄": Reason.ELDERLY,
    "其他": Reason.OTHER,
}
"""Other words for the same in the files of departments."""
_WORDS = {**{one.value: one for one in Reason}, **{str(one.label): one for one in Reason}, **_ALSO}


def reason_of(text: str) -> Reason | None:
    """The group that a cell of a roster names: by code, by label or by another word for it; None for no known one."""
    return _WORDS.get("".join(text.split()).lower())
