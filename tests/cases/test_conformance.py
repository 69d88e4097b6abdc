"""The conformance set: read as a stranger would, it holds for our evaluator; and it is what the script writes today."""

from __future__ import annotations

import hashlib
import importlib.util
import json
from pathlib import Path
from typing import Any

import pytest

from huimin.adjudication import adjudicate, program_from_json
from huimin.adjudication.portable import member_from_json, settlement_from_json, year_to_json

HOME = Path(__file__).resolve().parents[2] / "conformance"
PROGRAMS = {
    hashlib.sha256(t.encode()).hexdigest(): t for t in (HOME / "programs.jsonl").read_text("utf-8").splitlines()
}
YEARS = [json.loads(line) for line in (HOME / "years.jsonl").read_text("utf-8").splitlines()]


@pytest.mark.parametrize("year", [pytest.param(year, id=year["name"]) for year in YEARS])
def test_our_evaluator_conforms(year: dict[str, Any]) -> None:
    program = program_from_json(PROGRAMS[year["program"]])
    settlements = [settlement_from_json(settlement) for settlement in year["settlements"]]
    assert year_to_json(adjudicate(program, member_from_json(year["member"]), settlements)) == year["expected"]


def test_the_set_is_what_the_script_writes() -> None:
    path = HOME.parent / "scripts" / "conformance.py"
    spec = importlib.util.spec_from_file_location("conformance_script", path)
    assert spec is not None
    assert spec.loader is not None
    script = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(script)
    assert script.contents() == tuple((HOME / name).read_text("utf-8") for name in ("programs.jsonl", "years.jsonl"))
