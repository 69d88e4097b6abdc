"""The schema takes every plan of the catalogue and refuses what the loader refuses by form."""

from __future__ import annotations

import json
import tomllib
from datetime import date
from importlib.resources import files
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from huimin.terms import plan_names, plan_schema

CATALOGUE = Path(str(files("huimin") / "plans"))
VALIDATOR = Draft202012Validator(json.loads(json.dumps(plan_schema())))


def document(name: str) -> dict[str, Any]:
    """As editors see it: JSON has no dates."""
    text = (CATALOGUE / name / "plan.toml").read_text("utf-8")
    loaded: dict[str, Any] = json.loads(json.dumps(tomllib.loads(text), default=date.isoformat))
    return loaded


@pytest.mark.parametrize("name", plan_names())
def test_every_plan_of_the_catalogue_fits_the_schema(name: str) -> None:
    assert [error.message for error in VALIDATOR.iter_errors(document(name))] == []


def test_a_misspelt_key_a_fraction_for_yuan_and_a_word_outside_the_vocabulary_do_not_fit() -> None:
    for change in (
        {"premiun": {}},
        {"premium": {"yuan": 158.5, "source": "study"}},
        {"eligibility": {**document("beijing/puhui/2026")["eligibility"], "basic_insurance": ["everybody"]}},
    ):
        assert list(VALIDATOR.iter_errors({**document("beijing/puhui/2026"), **change}))


def test_every_key_says_what_it_means_in_both_languages() -> None:
    schema = plan_schema()
    for definition in (schema, *schema["$defs"].values()):
        for name, entry in definition.get("properties", {}).items():
            zh, _, en = entry["description"].partition(" · ")
            assert any("\u4e00" <= character <= "\u9fff" for character in zh), name
            assert en.isascii(), name
