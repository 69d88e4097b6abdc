"""What a province's bills mean by the names of their amounts; and which names are those of a city's own plan."""

from __future__ import annotations

import re
import tomllib
from functools import cache
from importlib.resources import files

from huimin.documents.paper import NamedAmount, Place
from huimin.documents.reading.values import NAMED_AMOUNT, printed_fen

__all__ = ["CITY_PLAN", "meaning_of", "named_amounts", "province_of"]

CITY_PLAN = "city_plan_paid"
_CITY_PLAN_NAMES = re.compile(
    r"惠[\u4e00-\u9fff]{0,3}保|渝快保|益联保|商业补充医疗保险|普惠型?(?:商业)?(?:健康|医疗)保险"
)
_FILLING = re.compile(r"^(?:其中|含|由|共|合计)+|(?:支付|赔付|报销|金额|费用|为|部分)+$")


def meaning_of(name: str, province: str) -> str | None:
    """Our word for a printed name of an amount in a province (two digits); None where the list does not have it."""
    if _CITY_PLAN_NAMES.search(name):
        return CITY_PLAN
    known = _lists().get("all", {}) | _lists().get(province, {})
    return known.get(_FILLING.sub("", name))


def province_of(area: str | None, bill_code: str | None) -> str:
    """The first two digits of the area, or of the bill's code; "" where neither was read."""
    return (area or bill_code or "")[:2]


def named_amounts(text: str, province: str, place: Place) -> list[NamedAmount]:
    """Each name with its amount that a remark or a breakdown tells of."""
    found = []
    for name, amount in NAMED_AMOUNT.findall(text):
        fen = printed_fen(amount)
        if fen is not None:
            found.append(NamedAmount(name, fen, meaning_of(name, province), place))
    return found


@cache
def _lists() -> dict[str, dict[str, str]]:
    """The lists by province, their names without the words around them that bills add or leave out."""
    lists = tomllib.loads(files("huimin.documents.reading").joinpath("provinces.toml").read_text("utf-8"))
    return {
        province: {_FILLING.sub("", name): meaning for name, meaning in names.items()}
        for province, names in lists.items()
    }
