"""Every figure of the invented city says so first, beside what the real plan paid."""

from __future__ import annotations

import json
from decimal import Decimal
from pathlib import Path

import pytest

from huimin.actuarial.clauses import changed_clauses
from huimin.actuarial.outcomes import invented_people, paid_a_head, published_outcomes
from huimin.adjudication import adjudicate, compile_plan
from huimin.cli import main
from huimin.settlement import Member, bill_of_amounts
from huimin.terms import find_plan

INVENTED = "These figures are for an invented city"


def test_every_published_figure_has_a_source_and_a_grade() -> None:
    found = published_outcomes()
    assert len(found) > 300
    assert all(one.source and one.confidence in "ABCD" and one.unit for one in found)


def test_what_a_plan_paid_a_head_is_of_its_own_year_and_the_latest_source() -> None:
    jiangsu = paid_a_head("jiangsu/yihuibao-1/2022")
    assert jiangsu is not None and (jiangsu.value, jiangsu.as_of) == (Decimal("217.32"), "2023-01-11")
    shanghai = paid_a_head("shanghai/huhuibao/2021")
    assert shanghai is not None and shanghai.value == Decimal("101.49")


def test_of_another_year_the_nearest_is_shown_with_its_own_first_day() -> None:
    (_, said) = invented_people("shanghai/huhuibao/2022", "en")
    assert "(2021-07-01) had paid 101.49 yuan a head" in said


@pytest.mark.parametrize("plan", ["dazhou/dahuibao/2022", "mine", ""])
def test_a_plan_of_which_nothing_was_published_says_so(plan: str) -> None:
    assert "No published outcome" in invented_people(plan, "en")[1]
    assert "没有找到" in invented_people(plan, "zh")[1]


def test_a_price_of_the_city_begins_with_what_it_is(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    page, out = tmp_path / "price.html", tmp_path / "price.json"
    command = ["price", "jiangsu/yihuibao-1/2022", "--city", "6000", "--page", str(page), "--out", str(out)]
    assert main(command) == 0
    said = capsys.readouterr().out.splitlines()
    assert said[0].startswith(INVENTED) and "217.32 yuan a head" in said[1]
    assert any(line.startswith("  published: paid a head by 2023-01-11") and "217.32" in line for line in said)
    text = page.read_text("utf-8")
    assert text.index("虚构城市") < text.index("<h1>") and "217.32" in text
    assert json.loads(out.read_text("utf-8"))["notice"][0].startswith(INVENTED)


def test_a_city_in_files_begins_with_what_it_is(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["city", "--people", "1000", "--out", str(tmp_path / "city")]) == 0
    assert capsys.readouterr().out.startswith(INVENTED)


def test_a_lower_deductible_frees_what_lies_above_it_where_tiers_stand_on_the_gross() -> None:
    program = compile_plan(find_plan("nanjing/ninghuibao/2022").plan)
    lower = dict(changed_clauses(program, 2_000_00))["deductible"]
    member = Member("wang", program.cover_from, program.cover_to)
    bill = bill_of_amounts("wang", program.cover_to, 19_000_00, 0)

    def pays(one: object) -> int:
        (decision,) = adjudicate(one, member, [bill]).decisions  # type: ignore[arg-type]
        return decision.payable

    assert pays(program) == 100_00  # (19,000 − 18,000) × 10 %
    assert pays(lower) == 300_00  # (19,000 − 16,000) × 10 %
