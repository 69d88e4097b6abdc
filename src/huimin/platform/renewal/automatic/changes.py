"""The sheet of changes for one person: what they pay now and then, and every difference of the two years' terms."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from huimin.money import format_yuan
from huimin.platform.catalogue.api import terms_by_digest
from huimin.platform.enrolment.api import PolicyFacts
from huimin.terms.changes import Change, Direction, changes_between

__all__ = ["Sheet", "sheet_for", "sheet_in_words"]

_DAYS_ALONE = ("cover", "enrolment")
"""What changes every year by itself: it is said, and is no change for the worse."""
_WORDS = {
    "zh": {
        "price": "您的保费：上年 {before} 元，本年 {after} 元。",
        "none": "除保障期间外，条款没有变化。",
        "was": "上年：{text}",
        "is": "本年：{text}",
        "new": "本年新增",
        "gone": "本年不再有：{text}",
        "better": "对您更有利",
        "worse": "对您不利",
        "other": "有变化",
    },
    "en": {
        "price": "Your premium: {before} yuan last year, {after} yuan this year.",
        "none": "Apart from the days of cover the terms are the same.",
        "was": "Last year: {text}",
        "is": "This year: {text}",
        "new": "New this year",
        "gone": "Not any more: {text}",
        "better": "better for you",
        "worse": "worse for you",
        "other": "different",
    },
}


@dataclass(frozen=True, slots=True)
class Sheet:
    """Amounts in fen: the person's own part, last year's and this year's."""

    last_price: int
    price: int
    changes: tuple[Change, ...]

    @property
    def worse(self) -> bool:
        """Whether the price, or any of the terms, is worse for the insured, or cannot be said in words."""
        terms = any(one.direction is Direction.WORSE or not one.worded for one in self.changes)
        return self.price > self.last_price or terms

    @property
    def of_terms(self) -> tuple[Change, ...]:
        """The changes without the days, which are others every year."""
        return tuple(one for one in self.changes if one.path[0] not in _DAYS_ALONE)


def sheet_for(policy: PolicyFacts, to: tuple[int, str], last_price: int, price: int, language: str) -> Sheet:
    """From the terms of the person's policy to those of another plan year.

    `to`: its id, and the digest of its terms. Raises HuiminError `terms_changed`.
    """
    before = terms_by_digest(policy.city, policy.plan_year_id, policy.plan_digest).plan
    after = terms_by_digest(policy.city, *to).plan
    return Sheet(last_price, price, tuple(changes_between(before, after, language)))


def sheet_in_words(sheet: Sheet, language: str) -> str:
    """The whole sheet as plain text: what is kept of an announcement."""
    words = _WORDS[language]
    amounts = {name: format_yuan(fen) for name, fen in (("before", sheet.last_price), ("after", sheet.price))}
    lines = [words["price"].format(**amounts), *_lines(sheet.changes, words)]
    return "\n".join(lines if sheet.of_terms else [*lines, words["none"]])


def _lines(changes: Sequence[Change], words: dict[str, str]) -> Iterable[str]:
    for one in changes:
        yield f"【{one.heading}】{words[one.direction]}"
        if one.before:
            yield (words["was"] if one.after else words["gone"]).format(text=one.before)
        if one.after:
            yield words["is"].format(text=one.after) if one.before else f"{words['new']}: {one.after}"
        if not one.before and not one.after:
            yield words["new"] if one.direction is not Direction.WORSE else words["gone"].format(text=one.heading)
        yield from (f"  {detail}" for detail in one.details)
