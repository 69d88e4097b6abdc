"""The kinds of values in a plan file: amounts, rates, texts and names of sources. Files write yuan and percent; loaded
values are whole fen and basis points.
"""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, StringConstraints, WithJsonSchema

from huimin.money import BASIS, parse_percent, parse_yuan

__all__ = ["Bilingual", "Fen", "Points", "QuantityName", "Rate", "SourceName", "Sourced", "Strict", "Text"]


def _fen(value: object) -> int:
    fen = parse_yuan(value)
    if fen < 0:
        raise ValueError(f"found {value!r}; expected an amount that is not negative")
    return fen


def _rate(value: object) -> int:
    rate = parse_percent(value)
    if not 0 <= rate <= BASIS:
        raise ValueError(f"found {value!r}; expected a rate from 0 % to 100 %")
    return rate


def _some_text(value: str) -> str:
    if not value.strip():
        raise ValueError("found an empty text; expected words")
    return value


_YUAN = WithJsonSchema({"anyOf": [{"type": "string", "pattern": r"^[0-9]+(\.[0-9]{1,2})?$"}, {"type": "integer"}]})
_PERCENT = WithJsonSchema({"anyOf": [{"type": "string", "pattern": r"^-?[0-9]+(\.[0-9]{1,2})?$"}, {"type": "integer"}]})
Fen = Annotated[int, BeforeValidator(_fen), _YUAN]
Rate = Annotated[int, BeforeValidator(_rate), _PERCENT]
Points = Annotated[int, BeforeValidator(parse_percent), _PERCENT]
Text = Annotated[str, AfterValidator(_some_text)]
SourceName = Annotated[str, StringConstraints(pattern=r"^[a-z0-9_]+(:[A-Za-z0-9_.-]+)?$")]
"""`document` or `document:clause`, both named in the sources.toml beside the plan file."""

QuantityName = Literal[
    "total",
    "out_of_list",
    "over_limit",
    "first_self_pay",
    "in_policy",
    "funds",
    "personal",
    "self_funded",
    "self_paid",
    "mutual_aid",
    "charity",
    "other_insurance",
]


class Strict(BaseModel):
    """Refuses unknown keys, so that a misspelt term is a fault and not silently ignored."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class Sourced(Strict):
    source: SourceName


class Bilingual(Strict):
    zh: Text
    en: Text

    def in_language(self, language: str) -> str:
        return self.en if language == "en" else self.zh
