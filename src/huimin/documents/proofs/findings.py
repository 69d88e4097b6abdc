"""What proofs give: identities that hold or not, and questions for a person."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from importlib.resources import files

from huimin.documents.paper import Place

__all__ = ["BillKey", "Proof", "Question", "Verdict", "name_of"]

_QUESTIONS, _NAMES = "questions.toml", "names.toml"


@dataclass(frozen=True, slots=True)
class Proof:
    """An identity of amounts that was tried: `left` and `right` in fen, and the fields that it proves if it holds.

    The last of these is the whole, which is `right`. `repeats`: the other side is a single amount, all else being zero,
    so that the same figure was printed twice, and a model that saw letters may have misread it twice.
    """

    name: str
    left: int
    right: int
    proves: tuple[str, ...]
    repeats: bool = False

    @property
    def holds(self) -> bool:
        return self.left == self.right


@dataclass(frozen=True, slots=True)
class Question:
    """Something a person has to answer, with where to look. `values` stand in the sentence."""

    code: str
    place: Place = field(default_factory=Place)
    values: Mapping[str, str] = field(default_factory=dict)

    def words(self, language: str) -> str:
        """The question as a sentence, in Chinese where `language` begins with zh, else in English."""
        column = "zh" if language.startswith("zh") else "en"
        values = dict(self.values)
        if "name" in values:
            values["name"] = name_of(values["name"], language)
        return _sentences(_QUESTIONS)[self.code][column].format_map(values)


def name_of(name: str, language: str) -> str:
    """What a field or an identity is called, in Chinese where `language` begins with zh, else in English."""
    words = _sentences(_NAMES).get(name)
    return words["zh" if language.startswith("zh") else "en"] if words else name


@dataclass(frozen=True, slots=True)
class Verdict:
    """What is proven of a paper. An amount that is not in `sure` counts for nothing until a person has confirmed it."""

    proofs: tuple[Proof, ...]
    questions: tuple[Question, ...]
    sure: frozenset[str]


@dataclass(frozen=True, slots=True)
class BillKey:
    """What makes a bill this bill, code and number, with what must not differ under them."""

    bill_code: str
    bill_number: str
    check_code: str | None
    total: int | None


@cache
def _sentences(file: str) -> dict[str, dict[str, str]]:
    return tomllib.loads(files("huimin.documents.proofs").joinpath(file).read_text("utf-8"))
