"""A benefit that nobody can price has a reason in the place of a figure, and totals say what they leave out."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pyarrow as pa
import pytest
from openpyxl import load_workbook

from huimin.actuarial.history import History, history_of_tables
from huimin.actuarial.unpriced import NotPriced, not_priced, reason_in_words
from huimin.adjudication import compile_plan
from huimin.cli import main
from huimin.terms import find_plan

BEIJING, DAZHOU, NANJING, SHANGHAI = (
    "beijing/puhui/2026",
    "dazhou/dahuibao/2022",
    "nanjing/ninghuibao/2022",
    "shanghai/huhuibao/2021",
)
ZERO = re.compile(r"0\.00 +0\.00 to 0\.00")


def history(*bills: tuple[str, str, str]) -> History:
    """Members' years by (med_type, what a person pays, what of it is outside the lists)."""
    numbers = [str(n) for n in range(len(bills))]
    days = {"cover_from": ["2022-01-01"] * len(bills), "cover_to": ["2022-12-31"] * len(bills)}
    kinds, personal, outside = zip(*bills, strict=True)
    columns = {
        "setl_id": numbers,
        "psn_no": numbers,
        "setl_time": ["2022-03-01"] * len(bills),
        "med_type": kinds,
        "psn_part_amt": personal,
        "fulamt_ownpay_amt": outside,
    }
    return history_of_tables(pa.table({"psn_no": numbers, **days}), pa.table(columns), "")


def found(plan: str, year: History) -> list[NotPriced]:
    program = compile_plan(find_plan(plan).plan)
    return list(not_priced(program, year.decide(program)))


def test_a_benefit_that_is_undecided_on_every_bill_is_not_priced_and_says_on_how_many() -> None:
    year = history(("21", "50000.00", "100.00"), ("21", "500.00", "0"), ("24", "500.00", "0"))
    assert found(NANJING, year) == [
        NotPriced("out_of_catalogue", "deductible", "The deductible is not in the source.", 2)
    ]


def test_a_benefit_for_which_no_bill_has_a_cost_is_not_priced_at_nothing() -> None:
    (one,) = (one for one in found("jiangsu/yihuibao-1/2022", history(("21", "500.00", "0"))) if one.term == "no_bills")
    assert one.benefit == "out_of_catalogue"
    assert reason_in_words(one, "en") == "no bill of the history has a cost that it pays for"
    assert found("jiangsu/yihuibao-1/2022", history(("21", "500.00", "0.01")))[0].term == "claimed_apart"


def test_a_benefit_that_no_bill_brings_is_named_last() -> None:
    last = found("jiangsu/yihuibao-1/2022", history(("21", "500.00", "1.00")))[-1]
    assert (last.benefit, last.term) == ("special_diseases", "claimed_apart")


def test_price_says_not_priced_and_why_and_its_totals_say_what_they_leave_out(
    capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    page, out = tmp_path / "price.html", tmp_path / "price.json"
    asked = ["price", BEIJING, "--city", "20000", "--insured", "100000", f"--page={page}", f"--out={out}"]
    assert main(asked) == 0
    lines = capsys.readouterr().out.splitlines()
    (drugs,) = (line for line in lines if line.strip().startswith("special_drugs"))
    assert "not priced: its deductible is not known. The deductible of drugs in the 2026 edition" in drugs
    assert not any(ZERO.search(line) for line in lines if not line.startswith("  without"))
    (pure,) = (line for line in lines if line.startswith("pure premium"))
    assert pure.endswith("without out_of_catalogue, special_drugs")
    (year,) = (line for line in lines if line.startswith("a year of 100,000 insured"))
    assert year.endswith("without out_of_catalogue, special_drugs")
    assert any("0 bills decided, 5,300 undecided, 0 refused" in line for line in lines)
    assert [one["benefit"] for one in json.loads(out.read_text("utf-8"))["not_priced"]] == [
        "out_of_catalogue",
        "special_drugs",
    ]
    text = page.read_text("utf-8")
    assert "未定价" in text
    assert "公开资料未载明其免赔额" in text
    assert "not in the sources" not in text


def test_a_plan_of_which_no_benefit_can_be_priced_is_refused_with_every_reason(
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert main(["price", DAZHOU, "--city", "1000"]) == 2
    said = capsys.readouterr()
    assert "0.00" not in said.out
    for benefit in ("in_catalogue: its rates are not known", "out_of_catalogue", "special_drugs: its terms are not"):
        assert benefit in said.err


def test_a_look_back_names_what_its_figures_leave_out_in_every_form(
    capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    asked = ["lookback", SHANGHAI, "--city", "3000", "--basis-city", "3000", "--premium", "115", f"--out={tmp_path}"]
    assert main([*asked, "--language", "en"]) == 0
    printed = capsys.readouterr().out
    assert re.search(r"^decided .*without special_drugs, proton$", printed, re.MULTILINE)
    assert "special_drugs: its list is not known. The sources count the drugs" in printed
    document = json.loads((tmp_path / "lookback.json").read_text("utf-8"))
    assert [one["benefit"] for one in document["left_out"]] == ["special_drugs", "proton"]
    assert document["undecided_bills"] > 500
    assert "special_drugs" not in [one["value"] for one in document["comparisons"]]
    assert "Not in any figure above" in (tmp_path / "lookback.html").read_text("utf-8")
    cells = [row[0].value for row in load_workbook(tmp_path / "lookback.xlsx")["Summary"].iter_rows(max_col=1)]
    assert any(str(cell).startswith("Not in any figure above: ") for cell in cells)
