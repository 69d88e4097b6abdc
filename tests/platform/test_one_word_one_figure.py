"""The bureau's page, the actuary's desk and the command line say one figure wherever the same word stands."""

from __future__ import annotations

import json
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest

from acting import acting
from huimin.actuarial.ratios import decided_ratio, in_basis_points
from huimin.cli import main
from huimin.money import divide_half_up
from huimin.platform.catalogue.models import PlanYear
from huimin.platform.desk.models import Study
from huimin.platform.desk.services import request_study
from huimin.platform.enrolment.models import Policy
from huimin.platform.foundation.models import City
from huimin.platform.oversight.selectors import overview
from huimin.platform.recalculation.facts_files import write_members, write_settlements
from platform_support import Caller, a_bill, logged_in
from work_support import work_off

JIANGSU = "jiangsu/yihuibao-1/2022"
DAY = date(2022, 4, 20)


@pytest.fixture
def year(api: Caller, covered: City) -> City:
    """The demonstration's year on 20 April, some people covered since January and others since February, and bills."""
    assert api.settle(a_bill("A", "2022-04-18", 123_456_78, 45_000_00)).status_code == 200
    assert {policy.cover_from for policy in Policy.objects.of(covered)} > {date(2022, 1, 1), date(2022, 2, 16)}
    return covered


def studied(city: City) -> dict[str, Any]:
    plan_year = PlanYear.objects.of(city).get()
    study_id = request_study(
        kind="lookback",
        plan_text=plan_year.plan_text,
        sources_text=plan_year.sources_text,
        numbers={"people": 20_000, "seed": 3, "expenses": 10},
        actor=acting(city, "insurer"),
    )
    assert work_off() == 1
    found = Study.objects.of(city).get(pk=study_id)
    assert found.document is not None, found.task.fault
    return dict(found.document)


def commanded(city: City, room: Path) -> tuple[dict[str, Any], Path]:
    plan_year = PlanYear.objects.of(city).get()
    members, settlements, out = room / "m.parquet", room / "s.parquet", room / "out"
    write_members(members, city, plan_year)
    write_settlements(settlements, city, plan_year)
    command = ["lookback", JIANGSU, "--members", str(members), "--settlements", str(settlements)]
    command += ["--basis-city", "20000", "--valued-on", str(DAY), "--out", str(out)]
    assert main(command) == 0
    return json.loads((out / "lookback.json").read_text("utf-8")), out


def test_written_earned_decided_and_their_ratio_are_the_same_on_page_desk_and_command_line(
    year: City, settings: Any, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    settings.HOME = tmp_path
    settings.SECOND_FACTOR = False
    page = overview(year, PlanYear.objects.of(year).get())
    desk, (line, out) = studied(year), commanded(year, tmp_path)
    for said in (desk, line):
        assert said["written_fen"] == page.written > 0
        assert said["earned_fen"] == page.earned > 0
        assert said["decided_fen"] == page.decided > 0
        assert said["decided_ratio"] == pytest.approx(page.decided / page.written)
    shown = f"{page.decided_ratio // 100}.{page.decided_ratio % 100:02d}%"
    assert shown in capsys.readouterr().out
    assert shown in (out / "lookback.html").read_text("utf-8")
    text = logged_in("bureau").get("/staff/bureau/").content.decode()
    assert "理算赔付率" in text
    assert shown.rstrip("%").rstrip("0").rstrip(".") in text


def test_no_payment_is_claimed_where_none_is_known(year: City, settings: Any, tmp_path: Path) -> None:
    settings.HOME = tmp_path
    for said in (studied(year), commanded(year, tmp_path)[0]):
        assert (said["paid_fen"], said["paid_ratio"]) == (None, None)


def test_written_is_what_policies_cost_and_earned_is_by_each_ones_own_days(year: City) -> None:
    page = overview(year, PlanYear.objects.of(year).get())
    policies = list(Policy.objects.of(year))
    assert page.written == 158_00 * len(policies)
    exact = [
        (158_00 * ((DAY - policy.cover_from) + timedelta(1)).days, (policy.cover_to - policy.cover_from).days + 1)
        for policy in policies
    ]
    assert abs(page.earned - sum(divide_half_up(*one) for one in exact)) < len(policies)
    assert page.decided_ratio == in_basis_points(decided_ratio(page.decided, page.written))
