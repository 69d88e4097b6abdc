"""The tree of errors. Every error carries a stable code that a program may rely on, and a sentence for people."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from difflib import get_close_matches

__all__ = ["Fault", "HuiminError", "InputError", "PlanFaults", "Refusal", "did_you_mean"]

_SHORTEST_PART = 3


class HuiminError(Exception):
    """Any error that Huimin raises on purpose.

    `code` is stable: translations and wording may change, the code does not. `values` holds what was found and what was
    expected, each by name and as text. A page takes the sentence for the code in its reader's language and puts these
    values into it.
    """

    code = "huimin_error"

    def __init__(self, message: str, *, code: str | None = None, values: Mapping[str, str] | None = None) -> None:
        super().__init__(message)
        self.message = message
        self.values: Mapping[str, str] = dict(values or {})
        if code is not None:
            self.code = code


class InputError(HuiminError, ValueError):
    """A value from outside is not in the form that was expected."""

    code = "bad_input"


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing wrong with a file: where, what was found, what was expected."""

    place: str
    found: str
    expected: str

    def __str__(self) -> str:
        return f"{self.place}: found {self.found}; expected {self.expected}"


class PlanFaults(HuiminError):
    """A plan file cannot be used. All its faults are listed, not only the first."""

    code = "plan_faults"

    def __init__(self, file: str, faults: Iterable[Fault]) -> None:
        self.file = file
        self.faults = tuple(faults)
        count = len(self.faults)
        lines = "\n".join(f"  {fault}" for fault in self.faults)
        super().__init__(f"{file} has {count} fault{'s' if count != 1 else ''}:\n{lines}")


@dataclass(frozen=True, slots=True)
class Refusal:
    """Why one settlement was not adjudicated. It is a result and not an exception: the other bills go on.

    `values`: the fields, amounts in yuan and days that the reason names, by name and as text, for a sentence in another
    language.
    """

    setl_id: str
    code: str
    reason: str
    values: Mapping[str, str] = field(default_factory=dict, compare=False)


def did_you_mean(word: str, known: Iterable[str]) -> str:
    """A question that names the known word that was probably meant, such as "Did you mean plans list?"; "" if none is
    near.

    A word spelt almost the same is near; if there is none, a word that contains `word` is.
    """
    names = list(known)
    near = get_close_matches(word, names, n=1)
    if not near and len(word) >= _SHORTEST_PART:
        near = [name for name in names if word in name]
    return f"Did you mean {near[0]}?" if near else ""
