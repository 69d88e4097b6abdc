"""Every single term of a plan, by where it stands: what two plans are compared by, so that no difference is missed."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from typing import TypeAlias

from pydantic import BaseModel

from huimin.terms.alternatives import condition_as_written
from huimin.terms.conditions import When
from huimin.terms.values import Bilingual

__all__ = ["Path", "key_of", "leaves", "numbered"]

Path: TypeAlias = tuple[str, ...]
_NO_TERMS = frozenset({"source", "assumed", "format"})
"""Where a term comes from, and what the file's author assumed: notes on terms, and none themselves."""
_REASONS = frozenset({"unknown", "tiers_unknown", "claimed_apart"})
"""Why something is not here. That it is not is a term; how the reason is worded is none."""
_SETS = frozenset({"codes", "indications", "lines", "gene_tests", "channels"})
"""Lists of which each value is a term of its own, in whatever order."""


def leaves(part: BaseModel, at: Path = ()) -> dict[Path, object]:
    """Each term by its place. Parts of lists are named by their id or by what tells them apart, not by their place."""
    return dict(_leaves(part, at))


def numbered(parts: tuple[BaseModel, ...]) -> list[tuple[str, BaseModel]]:
    """The parts of a list with the key of each; a second one of the same key gets a number."""
    seen: Counter[str] = Counter()
    found = []
    for part in parts:
        key = key_of(part)
        seen[key] += 1
        found.append((key if seen[key] == 1 else f"{key} #{seen[key]}", part))
    return found


def key_of(part: BaseModel) -> str:
    """What names a part of a list: its id or code, else the values that tell it from its neighbours."""
    for name in ("id", "code", "insurer"):
        value = getattr(part, name, None)
        if isinstance(value, str):
            return value
    named = [getattr(part, name, None) for name in ("payer", "per", "setting", "kind", "first", "last", "above_fen")]
    when = getattr(part, "when", None)
    condition = condition_as_written(when) if isinstance(when, When) else ""
    return " ".join([*(str(one) for one in named if one is not None), condition]).strip() or type(part).__name__


def _leaves(part: BaseModel, at: Path) -> Iterator[tuple[Path, object]]:
    for name in type(part).model_fields:
        value = getattr(part, name)
        if name in _NO_TERMS or value is None or (name == "id" and not at):
            continue
        here = (*at, name)
        if name in _REASONS:
            yield here, True
        elif isinstance(value, When):
            if value.demands():
                yield here, condition_as_written(value)
        elif isinstance(value, Bilingual):
            yield here, (value.zh, value.en)
        elif isinstance(value, BaseModel):
            yield from _leaves(value, here)
        elif isinstance(value, tuple):
            yield from _of_list(name, value, here)
        else:
            yield here, value


def _of_list(name: str, values: tuple[object, ...], at: Path) -> Iterator[tuple[Path, object]]:
    if name in {"waived", "exceptions"}:
        yield from (((*at, condition_as_written(one)), True) for one in values if isinstance(one, When))
    elif any(isinstance(one, Bilingual) for one in values):
        yield from (((*at, one.zh), one.en) for one in values if isinstance(one, Bilingual))
    elif any(isinstance(one, BaseModel) for one in values):
        for key, part in numbered(tuple(one for one in values if isinstance(one, BaseModel))):
            yield (*at, key), True
            yield from _leaves(part, (*at, key))
    elif name in _SETS:
        yield from (((*at, str(one)), True) for one in values)
    elif values:
        yield at, values
