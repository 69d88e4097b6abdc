"""A step's reasons in words, in Chinese and English."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from huimin.adjudication.explanation import Step
from huimin.adjudication.program import Condition
from huimin.adjudication.reasons import Reason
from huimin.money import format_percent, format_yuan_grouped
from huimin.settlement.fact_words import FACT_WORDS, HIGHEST, KINDS_OF_NAMES

__all__ = ["Names", "demands_in_words", "reason_in_words"]

Names = Mapping[str, Mapping[str, str]]
"""What a plan's parts are called, by kind (benefit, exclusion, edition, disease_group, hospital_list) and id."""

_WORDS: Mapping[str, Mapping[str, str]] = {
    "zh": {
        "and": "且",
        "or": "或",
        "variant": "{when}：适用此比例",
        "variant_deductible": "{when}：免赔额 {amount}",
        "adjustment": "{when}：{points} 个百分点",
        "lowest": "赔付比例不低于 {points}%",
        "highest": "赔付比例不高于 {points}%",
        "running_sum_more": "单独计算为 {amount}；不足一分的部分全年累计后取整，因此多 {fen} 分",
        "running_sum_less": "单独计算为 {amount}；不足一分的部分全年累计后取整，因此少 {fen} 分",
        "used": "免赔额 {amount}，此前已抵扣 {used}",
        "limit": "限额 {amount}",
        "limit_used": "限额 {amount}，此前已赔 {used}",
        "limit_when": "{when}：{limit}",
        "minimum": "起付金额 {amount}",
    },
    "en": {
        "and": ", ",
        "or": " or ",
        "variant": "{when}: this rate applies",
        "variant_deductible": "{when}: deductible {amount}",
        "adjustment": "{when}: {points} points",
        "lowest": "No rate falls below {points}%",
        "highest": "No rate rises above {points}%",
        "running_sum_more": "{amount} by itself; fractions of a fen are added up over the year: {fen} fen more",
        "running_sum_less": "{amount} by itself; fractions of a fen are added up over the year: {fen} fen less",
        "used": "Of the deductible of {amount}, {used} were used before",
        "limit": "Limit {amount}",
        "limit_used": "Limit {amount}, of which {used} were paid before",
        "limit_when": "{when}: {limit}",
        "minimum": "Least payment {amount}",
    },
}
_MINUS = "\N{MINUS SIGN}"


def reason_in_words(step: Step, reason: Reason, names: Names, language: str) -> str:
    """`names` are those of the plan's parts in `language`."""
    words, when = _WORDS[language], _sentence(demands_in_words(reason.when, names, language))
    key, fen = reason.kind, step.payment - reason.amount
    if key == "variant" and step.kind == "deductible":
        key = "variant_deductible"
    elif key == "running_sum":
        key = "running_sum_more" if fen > 0 else "running_sum_less"
    elif key == "limit" and reason.used:
        key = "limit_used"
    text = words[key].format(
        when=when,
        amount=format_yuan_grouped(reason.amount),
        used=format_yuan_grouped(reason.used),
        points=_points(reason),
        fen=abs(fen),
    )
    return words["limit_when"].format(when=when, limit=text) if reason.kind == "limit" and when else text


def _points(reason: Reason) -> str:
    """Percentage points; those of an adjustment with their sign."""
    text = format_percent(abs(reason.points)).removesuffix("%")
    if reason.kind != "adjustment":
        return text
    return f"{_MINUS if reason.points < 0 else '+'}{text}"


def demands_in_words(when: Condition, names: Names, language: str) -> str:
    """What a program demands of a member or bill, in the same words as the plan's terms."""
    parts = (part for demand in when for part in _demand(*demand, names, language))
    return _WORDS[language]["and"].join(parts)


def _demand(fact: str, how: str, values: tuple[Any, ...], names: Names, language: str) -> Iterator[str]:
    words = FACT_WORDS[language]
    if how == "between":
        lowest, highest = values
        yield from _between(fact, lowest, highest, words)
    elif isinstance(values[0], bool):
        yield words[fact].split("|")[0 if values[0] else 1]
    else:
        named = names.get(KINDS_OF_NAMES[fact], {}) if fact in KINDS_OF_NAMES else words
        text = _WORDS[language]["or"].join(named.get(value, value) for value in values)
        yield words[fact].format(names=text) if fact in KINDS_OF_NAMES else text


def _between(fact: str, lowest: int, highest: int, words: Mapping[str, str]) -> Iterator[str]:
    """A number's bounds in words. A lower bound of 0 and the highest possible upper bound are left out."""
    if fact == "continuous_years" and highest == 0:
        yield words["first_enrolment"].split("|")[0]
    elif fact == "continuous_years" and lowest == 1:
        yield words["first_enrolment"].split("|")[1]
    elif lowest > 0:
        yield words[f"{fact}_from"].format(n=lowest)
    if highest < HIGHEST[fact] and f"{fact}_to" in words:
        yield words[f"{fact}_to"].format(n=highest)


def _sentence(text: str) -> str:
    return text[:1].upper() + text[1:]
