"""The parameters of the synthetic city. Every value has a source or is an assumption with a range."""

from __future__ import annotations

import hashlib
import json
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cache
from importlib.resources import files
from typing import Any

import numpy as np
import numpy.typing as npt

from huimin.errors import InputError

__all__ = ["Parameter", "Parameters", "parameters_of", "standard_parameters"]

Numbers = tuple[float, ...]
_CONFIDENCE = ("high", "medium", "recalled", "assumed", "calibrated")


@dataclass(frozen=True, slots=True)
class Parameter:
    """`values` in `unit`. `source` or `assumption` says where they come from, `low` and `high` in which range they may
    be.
    """

    name: str
    values: Numbers
    unit: str
    confidence: str
    source: str = ""
    assumption: str = ""
    low: Numbers = ()
    high: Numbers = ()
    note: str = ""
    unit_zh: str = ""
    because_zh: str = ""
    """Unit and source or assumption in Chinese; empty if the file gives none."""

    def unit_in(self, language: str) -> str:
        return self.unit if language == "en" else self.unit_zh or self.unit

    def because_in(self, language: str) -> str:
        """The source, or the assumption."""
        english = self.source or self.assumption
        return english if language == "en" else self.because_zh or english


class Parameters:
    """Parameters by name. Two with the same `digest` give the same city for the same seed."""

    def __init__(self, given: Mapping[str, Parameter]) -> None:
        self._given = dict(given)

    def __iter__(self) -> Iterator[Parameter]:
        return iter(self._given.values())

    def number(self, name: str) -> float:
        (value,) = self._given[name].values
        return value

    def numbers(self, name: str) -> npt.NDArray[np.float64]:
        return np.array(self._given[name].values)

    def changed(self, **values: float | Numbers) -> Parameters:
        """A copy with other values. Raises InputError (`unknown_parameter`, `bad_parameter`)."""
        given = dict(self._given)
        for name, value in values.items():
            if name not in given:
                message = f"found the parameter {name!r}; expected one of {', '.join(sorted(given))}"
                raise InputError(message, code="unknown_parameter")
            found = _numbers(value)
            given[name] = replace(given[name], values=found)
            _check(given[name], len(self._given[name].values))
        return Parameters(given)

    @property
    def digest(self) -> str:
        values = {name: one.values for name, one in sorted(self._given.items())}
        return hashlib.sha256(json.dumps(values).encode()).hexdigest()


@cache
def standard_parameters() -> Parameters:
    """The parameters that come with the package."""
    return parameters_of(files("huimin.actuarial.city").joinpath("parameters.toml").read_text("utf-8"))


def parameters_of(text: str) -> Parameters:
    """Parameters from a TOML text with a table for each. Raises InputError (`bad_parameter`)."""
    found = {}
    for name, row in tomllib.loads(text).items():
        given: dict[str, Any] = {
            key: _numbers(value) if key in ("low", "high") else value for key, value in row.items()
        }
        one = Parameter(name, _numbers(given.pop("value")), **given)
        _check(one, len(one.values))
        found[name] = one
    return Parameters(found)


def _numbers(value: float | list[float] | Numbers) -> Numbers:
    return tuple(map(float, value)) if isinstance(value, list | tuple) else (float(value),)


def _check(one: Parameter, length: int) -> None:
    """Raises InputError (`bad_parameter`)."""
    wrong = ""
    if len(one.values) != length or not np.isfinite(one.values).all():
        wrong = f"found {one.values}; expected {length} finite numbers"
    elif one.confidence not in _CONFIDENCE or bool(one.source) == bool(one.assumption):
        wrong = "expected either a source or an assumption, and how sure it is"
    elif one.assumption and not (len(one.low) == len(one.high) == length):
        wrong = "an assumption has a range of as many values"
    elif one.low and not _within(one):
        wrong = f"found {one.values}; expected values from {one.low} to {one.high}"
    if wrong:
        raise InputError(f"parameter {one.name}: {wrong}", code="bad_parameter")


def _within(one: Parameter) -> bool:
    return all(low <= value <= high for low, value, high in zip(one.low, one.values, one.high, strict=True))
