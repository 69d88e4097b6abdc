"""The changes from one plan year to the next, each with what was, what is, and for whom it is better."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from enum import StrEnum
from itertools import chain

from huimin.terms.changes.change_words import CHANGE_WORDS
from huimin.terms.changes.leaves import Path, leaves
from huimin.terms.changes.of_benefits import said_of_benefits
from huimin.terms.changes.of_frame import said_of_frame
from huimin.terms.changes.of_lists import said_of_lists
from huimin.terms.changes.saying import Said, better_by
from huimin.terms.model import Plan

__all__ = ["Change", "Direction", "changes_between"]


class Direction(StrEnum):
    """For the insured."""

    BETTER = "better"
    WORSE = "worse"
    OTHER = "other"
    """Neither can be told by itself, such as other days, or another way of counting."""


@dataclass(frozen=True, slots=True)
class Change:
    """One difference. `before` is empty for what is new, `after` for what is gone.

    `details`: of something that is new or gone as a whole, what belonged to it. `worded`: False where the change can
    only be named, not said in a sentence.
    """

    path: Path
    heading: str
    before: str
    after: str
    direction: Direction
    details: tuple[str, ...] = ()
    worded: bool = True


_GROUPED = ("benefit", "item_list", "hospital_list", "disease_group", "parameter")
_DIRECTIONS = {1: Direction.BETTER, -1: Direction.WORSE, 0: Direction.OTHER}


def changes_between(before: Plan, after: Plan, language: str) -> list[Change]:
    """Everything that differs, in the order of the later plan; `language` is zh or en. Empty if nothing does.

    Where the words of both years are the same and the terms are not, the change is named by its place.
    """
    old, new = _said(before, language), _said(after, language)
    found: dict[Path, Change] = {}
    for path in dict.fromkeys([*new, *old]):
        change = _change(old.get(path), new.get(path))
        if change is not None:
            found[path] = change
    known = old.keys() | new.keys()
    unworded = _unworded(before, after, known, found, language)
    return [*_folded(found), *unworded]


def _said(plan: Plan, language: str) -> dict[Path, Said]:
    said = chain(said_of_frame(plan, language), said_of_benefits(plan, language), said_of_lists(plan, language))
    return {one.path: one for one in said}


def _change(before: Said | None, after: Said | None) -> Change | None:
    if before is not None and after is not None:
        if before.text == after.text:
            return None
        return Change(after.path, after.heading, before.text, after.text, _DIRECTIONS[better_by(before, after)])
    if after is not None:
        return Change(after.path, after.heading, "", after.text, _DIRECTIONS[after.presence])
    assert before is not None  # noqa: S101 - one of the two says it
    return Change(before.path, before.heading, before.text, "", _DIRECTIONS[-before.presence])


def _folded(found: Mapping[Path, Change]) -> Iterable[Change]:
    """What belongs to something that is new or gone as a whole stands with it, not beside it."""
    parts: dict[Path, list[str]] = {}
    alone = []
    said: set[tuple[str, str, str]] = set()
    for path, change in found.items():
        whole = _whole(path, found)
        words = change.heading, change.before, change.after
        if whole is not None:
            parts.setdefault(whole, []).append(change.after or change.before)
        elif words not in said or not any(words):
            alone.append(change)
        said.add(words)
    groups = {change.path[:2] if change.path[0] in _GROUPED else change.path[:1]: None for change in alone}
    order = {group: place for place, group in enumerate(groups)}
    alone.sort(key=lambda change: order.get(change.path[:2], order.get(change.path[:1], 0)))
    return [replace(change, details=tuple(parts.get(change.path, ()))) for change in alone]


def _whole(path: Path, found: Mapping[Path, Change]) -> Path | None:
    """With what a change belongs together: a benefit or a list that only one of the years has, or whose terms are known
    in only one of them."""
    for length in range(1, len(path)):
        above, unknown = path[:length], (*path[:length], "unknown")
        if above in found and not found[above].before and not found[above].after:
            return above
        if path != unknown and unknown in found and bool(found[path].after) != bool(found[unknown].after):
            return unknown
    return None


def _unworded(
    before: Plan, after: Plan, known: Iterable[Path], found: Mapping[Path, Change], language: str
) -> list[Change]:
    """The terms that differ without a sentence that differs."""
    old, new = leaves(before), leaves(after)
    places, words, silent = set(known), CHANGE_WORDS[language], {}
    for leaf in dict.fromkeys([*new, *old]):
        if old.get(leaf) == new.get(leaf):
            continue
        said = next((leaf[:length] for length in range(len(leaf), 0, -1) if leaf[:length] in places), leaf[:1])
        if said not in found:
            silent[leaf] = said
    return [
        Change(
            leaf,
            words["plan"],
            "",
            words["unworded"].format(place=" · ".join(leaf)),
            Direction.OTHER,
            details=tuple(f"{mark} {said[leaf]}" for mark, said in (("−", old), ("+", new)) if leaf in said),
            worded=False,
        )
        for leaf in silent
    ]
