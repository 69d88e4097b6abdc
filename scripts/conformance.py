"""Writes the conformance set from the catalogue's worked years and a few stories of repeats, reversals and refusals.

The worked years' payments are computed by hand and tested against the evaluator (tests/cases). What else stands in the
set is what the evaluator came to; a change shows in the diff.
"""

from __future__ import annotations

import json
import sys
from dataclasses import replace
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT / "tests"))

from cases.worked_years import worked_years  # noqa: E402
from cast import bill, elsewhere_for_less, jiangsu, member, two_benefits_on_one_list  # noqa: E402
from huimin.adjudication import Program, adjudicate, program_to_json  # noqa: E402
from huimin.adjudication.portable import member_to_json, settlement_to_json, year_to_json  # noqa: E402
from huimin.settlement import Care, Item, Member, Settlement  # noqa: E402

OUT = ROOT / "conformance"


def lines() -> list[dict[str, Any]]:
    """One line a year, programs by their digest."""
    found = [_line(year.name, year.program, year.member, year.bills) for year in worked_years()]
    wang = member()
    reversed_bill = bill(setl_id="R", day="2022-05-01", reverses="A")
    stories: dict[str, list[Settlement]] = {
        "a bill and its reversal": [bill("50000.00", setl_id="A"), reversed_bill],
        "a reversal that comes before its bill": [reversed_bill, bill("50000.00", setl_id="A")],
        "a bill sent twice": [bill("50000.00", setl_id="A"), bill("50000.00", setl_id="A")],
        "one id, two contents": [bill("50000.00", setl_id="A"), bill("50000.01", setl_id="A")],
        "a late bill changes later ones": [
            bill("30000.00", setl_id="B", day="2022-04-01"),
            bill("30000.00", setl_id="A", day="2022-03-01"),
        ],
        "two bills of one moment go by their ids": [bill("9000.00", setl_id="B"), bill("9000.00", setl_id="A")],
        "a bill that does not balance": [
            bill("50000.00", setl_id="A", medfee_sumamt="60000.00", fund_pay_sumamt="9999.99")
        ],
        "before and after the cover year": [
            bill("50000.00", setl_id="A", day="2021-12-31"),
            bill("50000.00", setl_id="B", day="2023-01-01"),
        ],
    }
    found += [_line(name, jiangsu(), wang, bills) for name, bills in stories.items()]
    rates, drugs = _one_fen_bills(), _drugs_of_a_month()
    found.append(_line("rates that change from bill to bill: fractions of a fen", elsewhere_for_less(), wang, rates))
    found.append(_line("two benefits on one list: a purchase counts once", two_benefits_on_one_list(), wang, drugs))
    return found


def _one_fen_bills() -> list[Settlement]:
    """By turns at 20 % and at 70 %: 0.2 fen, 0.9, 1.1, 1.8 and so on in all."""
    places = ["elsewhere", "local"] * 5
    return [replace(bill("0.01", setl_id=f"S{n}"), care=Care(place=place)) for n, place in enumerate(places)]


def _drugs_of_a_month() -> list[Settlement]:
    """Of D 60 yuan count, then 40 of 60, and in the next month 60 again; of E 50 of 70."""
    bought = {"A": Item("D", 60_00), "B": Item("D", 60_00), "C": Item("E", 70_00)}
    march = [replace(bill("100.00", setl_id=name), care=Care(items=(item,))) for name, item in bought.items()]
    return [*march, replace(bill("100.00", setl_id="D", day="2022-04-01"), care=Care(items=(Item("D", 60_00),)))]


def _line(name: str, program: Program, of: Member, bills: list[Settlement]) -> dict[str, Any]:
    return {
        "name": name,
        "program": program.digest,
        "member": member_to_json(of),
        "settlements": [settlement_to_json(settlement) for settlement in bills],
        "expected": year_to_json(adjudicate(program, of, bills)),
    }


def programs() -> dict[str, str]:
    """Programs as JSON, by digest."""
    used = [*(year.program for year in worked_years()), jiangsu(), elsewhere_for_less(), two_benefits_on_one_list()]
    return {program.digest: program_to_json(program) for program in used}


def contents() -> tuple[str, str]:
    """The two files: programs.jsonl, years.jsonl."""
    years = [json.dumps(line, ensure_ascii=False, sort_keys=True) for line in lines()]
    texts = [text for _, text in sorted(programs().items())]
    return "\n".join(texts) + "\n", "\n".join(years) + "\n"


if __name__ == "__main__":
    OUT.mkdir(exist_ok=True)
    for path, text in zip(("programs.jsonl", "years.jsonl"), contents(), strict=True):
        (OUT / path).write_text(text, "utf-8")
