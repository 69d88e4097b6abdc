"""The differences between two plans in plain words, such as last year's and this year's, or two cities'."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher

from huimin.terms.model import Plan
from huimin.terms.plan_in_words import PlanWords, summarise

__all__ = ["Difference", "compare"]

_HEADINGS = {"zh": {"plan": "产品", "notes": "请您知道"}, "en": {"plan": "The plan", "notes": "Good to know"}}


@dataclass(frozen=True, slots=True)
class Difference:
    """A line that only one of the two plans has. `mark` is `-` for the first plan and `+` for the second."""

    heading: str
    mark: str
    text: str


def compare(before: Plan, after: Plan, language: str) -> list[Difference]:
    """Differences in the order of the plans; benefits are matched by their ids. Empty if both plans say the same."""
    one, other = summarise(before, language), summarise(after, language)
    headings = _HEADINGS[language]
    found = list(_lines(headings["plan"], _general(one), _general(other)))
    old = {benefit.id: benefit for benefit in one.benefits}
    new = {benefit.id: benefit for benefit in other.benefits}
    for name in dict.fromkeys([*old, *new]):
        first, second = old.get(name), new.get(name)
        heading = (second or old[name]).name
        found += _lines(
            heading,
            [first.name, first.pays_for, *first.terms] if first else [],
            [second.name, second.pays_for, *second.terms] if second else [],
        )
    found += _lines(headings["notes"], one.good_to_know, other.good_to_know)
    return found


def _general(words: PlanWords) -> list[str]:
    frame = words.frame
    general = [words.name, words.price, *words.other_prices, words.cover, words.eligibility]
    return [*general, *frame.joining, *frame.exclusions, *frame.history, *frame.pool]


def _lines(heading: str, before: Sequence[str], after: Sequence[str]) -> Iterator[Difference]:
    for kind, a, b, c, d in SequenceMatcher(None, before, after, autojunk=False).get_opcodes():
        if kind != "equal":
            yield from (Difference(heading, "-", text) for text in before[a:b])
            yield from (Difference(heading, "+", text) for text in after[c:d])
