"""The portable format of a program, canonical JSON: this is the only module that writes and reads it."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import asdict
from datetime import date
from typing import Any

from huimin.adjudication.program import (
    AdjustmentProgram,
    AllowanceProgram,
    BenefitProgram,
    DeductibleProgram,
    DiseaseGroupProgram,
    ExclusionProgram,
    ItemProgram,
    LimitProgram,
    PreExistingProgram,
    Program,
    Schedule,
)
from huimin.errors import InputError

__all__ = ["FORMAT", "program_from_json", "program_to_json"]

FORMAT = "huimin-program/4"
"""Changes whenever an evaluator of the older format could decide a program otherwise."""


def program_to_json(program: Program) -> str:
    """Canonical JSON: sorted keys, no spaces, dates as YYYY-MM-DD."""
    document = {"format": FORMAT, **asdict(program)}
    return json.dumps(document, default=date.isoformat, sort_keys=True, separators=(",", ":"), ensure_ascii=False)


def program_from_json(text: str) -> Program:
    """The inverse of program_to_json. Raises InputError when the text is not a program of this format."""
    try:
        document = json.loads(text)
        if document.pop("format") != FORMAT:
            raise InputError(f"expected a program of format {FORMAT}", code="bad_program")
        return _program(document)
    except (KeyError, TypeError, AttributeError, ValueError, RecursionError) as error:
        if isinstance(error, InputError):
            raise
        raise InputError(f"the text is not a program: {error}", code="bad_program") from error


def _program(document: dict[str, Any]) -> Program:
    parsers: dict[str, Callable[[Any], Any]] = {
        "cover_from": date.fromisoformat,
        "cover_to": date.fromisoformat,
        "benefits": lambda rows: tuple(_benefit(row) for row in rows),
        "disease_groups": lambda rows: tuple(DiseaseGroupProgram(**_plain(row)) for row in rows),
        "item_lists": lambda rows: tuple(
            (name, None if items is None else tuple(map(_item, items))) for name, items in rows
        ),
        "exclusions": lambda rows: tuple(ExclusionProgram(**_plain(row)) for row in rows),
        "pre_existing": lambda row: None if row is None else PreExistingProgram(**_plain(row)),
    }
    return Program(**{key: parsers.get(key, _tuples)(value) for key, value in document.items()})


def _benefit(document: dict[str, Any]) -> BenefitProgram:
    allowance = document["allowance"]
    return BenefitProgram(
        **{
            **_plain(document),
            "deductibles": tuple(DeductibleProgram(**_plain(row)) for row in document["deductibles"]),
            "schedules": tuple(Schedule(**_plain(row)) for row in document["schedules"]),
            "adjustments": tuple(AdjustmentProgram(**_plain(row)) for row in document["adjustments"]),
            "limits": tuple(LimitProgram(**_plain(row)) for row in document["limits"]),
            "allowance": None if allowance is None else AllowanceProgram(**allowance),
        }
    )


def _item(document: dict[str, Any]) -> ItemProgram:
    days = {key: date.fromisoformat(document[key]) if document[key] else None for key in ("from_day", "to_day")}
    return ItemProgram(**{**_plain(document), **days})


def _plain(document: Mapping[str, Any]) -> dict[str, Any]:
    return {key: _tuples(value) for key, value in document.items()}


def _tuples(value: Any) -> Any:
    """JSON's lists as tuples, all the way down."""
    return tuple(_tuples(part) for part in value) if isinstance(value, list) else value
