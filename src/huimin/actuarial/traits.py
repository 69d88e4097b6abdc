"""Traits of members that may explain their cost, as levels."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date

import numpy as np

from huimin.actuarial.history import History
from huimin.actuarial.rating import AGES
from huimin.actuarial.relativities import Trait
from huimin.batch.table.fact_columns import ages_of
from huimin.batch.table.rows import Integers, Rows
from huimin.settlement.reading import parse_groups
from huimin.settlement.vocabulary import SEX_WORDS

__all__ = ["first_day_of", "is_woman", "traits_of"]

_MOST_YEARS = 3
"""Years insured. Longer ones are taken together."""


def first_day_of(history: History) -> date:
    """The first day on which somebody was insured."""
    return history.members.first_day


def is_woman(sex: str) -> bool:
    """Whether the text of a members file means female. Raises InputError for a text that it may not have."""
    return SEX_WORDS.read(sex) == "2"


def traits_of(history: History) -> dict[str, Trait]:
    """The traits in which members differ, by name. A level is named by a word, or as in the files."""
    rows = history.members.rows
    found = {
        "age": _ages(ages_of(rows, first_day_of(history))),
        "sex": _by_text(rows, "sex", lambda text: "" if not text else "women" if is_woman(text) else "men"),
        "insutype": _by_text(rows, "insutype", str),
        "pre_existing": _pre_existing(rows),
        "continuous_years": _by_text(rows, "continuous_years", _years),
        "edition": _by_text(rows, "edition", str),
    }
    return {name: trait for name, trait in found.items() if len(trait[1]) > 1}


def _ages(ages: Integers) -> Trait:
    names = [f"{first}+" for first in AGES]
    known = np.searchsorted(np.array(AGES), ages, "right") - 1
    unknown = ages < 0
    return (np.where(unknown, len(names), known), [*names, "?"]) if unknown.any() else (known, names)


def _by_text(rows: Rows, column: str, level_of: Callable[[str], str]) -> Trait:
    """Levels in the order of their names; `level_of` a text of the column."""
    codes, texts = rows.texts(column)
    levels = [level_of(text) for text in texts]
    return _ordered(codes, levels)


def _ordered(codes: Integers, levels: Sequence[str]) -> Trait:
    names = sorted(set(levels))
    place = {name: at for at, name in enumerate(names)}
    return np.array([place[level] for level in levels], np.int64)[codes], [name or "?" for name in names]


def _years(text: str) -> str:
    if not text.isdigit():
        return text
    return text if int(text) < _MOST_YEARS else f"{_MOST_YEARS}+"


def _pre_existing(rows: Rows) -> Trait:
    """By what is said of them, or by diagnoses from before."""
    told, words = rows.texts("pre_existing")
    found, diagnoses = rows.texts("diag_history")
    ill = np.array([bool(parse_groups(word)) for word in words], np.bool_)[told]
    ill |= np.array([text != "" for text in diagnoses], np.bool_)[found]
    return ill.astype(np.int64), ["no", "yes"]
