"""A year decided again, as the task of `huimin serve`: beside what stands, changing nothing of it."""

from __future__ import annotations

import json
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from acting import acting
from claims_support import found as finding
from claims_support import reversal
from huimin.cli import main
from huimin.errors import HuiminError, InputError
from huimin.platform.catalogue.selectors import plan_on_sale
from huimin.platform.claims.models import BenefitDecisionVersion, Finding, ReviewItem, SettlementFact
from huimin.platform.foundation.models import City
from huimin.platform.recalculation import tasks
from huimin.platform.recalculation.facts_files import write_members, write_settlements
from huimin.platform.recalculation.models import Recalculation
from huimin.platform.recalculation.selectors import changes_of
from huimin.platform.recalculation.services import request_recalculation
from huimin.platform.tasks.holding import give_back, take
from huimin.platform.tasks.kinds import Lane, kinds_of
from huimin.platform.tasks.models import Status
from huimin.platform.tasks.worker import once
from huimin.settlement.cells import read_csv
from huimin.terms import plan_texts
from platform_support import Caller, a_bill, logged_in
from work_support import a_worker, due_now, work_off

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _a_home(settings: Any, tmp_path: Path) -> None:
    settings.SECOND_FACTOR = False
    settings.HOME = tmp_path


def asked(city: City, **correction: str) -> Recalculation:
    year = plan_on_sale(city)
    assert year is not None
    text = year.plan_text
    for old, new in correction.items():
        assert f'yuan = "{old[1:]}.00"' in text
        text = text.replace(f'yuan = "{old[1:]}.00"', f'yuan = "{new}"', 1)
    recalculation_id = request_recalculation(
        plan_year=year, plan_text=text, sources_text=year.sources_text, actor=acting(city, "insurer")
    )
    return Recalculation.objects.of(city).get(pk=recalculation_id)


def done(found: Recalculation) -> Recalculation:
    """With it workers do what the bills before it put into the queue: what is owed to the insured is paid."""
    assert work_off() > 0
    found.refresh_from_db()
    return found


def test_the_terms_as_sold_come_to_what_stands(city: City) -> None:
    found = done(asked(city))
    assert found.task.status == Status.DONE, found.task.fault
    facts = SettlementFact.objects.of(city).count()
    assert found.summary is not None
    assert found.summary["rows_read"] == facts > 10
    by_benefit = {row.value: row for row in changes_of(found) if row.by == "benefit"}
    assert {name: row.before for name, row in by_benefit.items()} == found.standing
    assert sum(found.standing.values()) > 0
    assert all(row.difference == row.more == row.less == 0 for row in changes_of(found))
    assert {row.by for row in changes_of(found)} == {"plan", "benefit", "age", "area"}


def test_revisions_waiting_reversals_and_one_id_of_two_senders_come_to_what_stands_too(
    api: Caller, covered: City
) -> None:
    for hospital in ("hospital-1", "hospital-2"):
        api.settle(a_bill("SAME", "2022-04-18", 60_000_00), client=hospital)
    api.settle(a_bill("TWICE", "2022-04-17", 50_000_00))
    api.settle(a_bill("TWICE", "2022-04-17", 70_000_00))
    found_by_hand = ReviewItem.objects.of(covered).get(setl_id="TWICE")
    finding(covered, found_by_hand, Finding.SECOND_STANDS)
    for setl_id, reverses in (("R1", "LATE"), ("R2", "SAME"), ("R3", "NEVER")):
        api.settle(reversal(setl_id, "2022-04-19", reverses))
    api.settle(a_bill("LATE", "2022-03-18", 60_000_00))
    result = done(asked(covered))
    assert result.task.status == Status.DONE, result.task.fault
    assert result.summary is not None
    assert result.summary["refused"] == 0
    assert {row.value: row.before for row in changes_of(result) if row.by == "benefit"} == result.standing


def test_corrected_terms_say_who_would_be_paid_more_and_change_nothing(city: City, tmp_path: Path) -> None:
    before = list(BenefitDecisionVersion.objects.of(city).order_by("pk").values_list())
    found = done(asked(city, y10000="6000.00"))
    assert found.task.status == Status.DONE, found.task.fault
    total = next(row for row in changes_of(found) if row.by == "plan")
    assert total.more > 0
    assert total.difference > 0
    assert total.before == sum(found.standing.values())
    assert list(BenefitDecisionVersion.objects.of(city).order_by("pk").values_list()) == before
    assert not list((tmp_path / "tasks").iterdir())  # people's bills are not left lying about


def test_the_command_compares_the_same_files_with_the_same_sums(city: City, tmp_path: Path) -> None:
    found = done(asked(city, y10000="6000.00"))
    year = plan_on_sale(city)
    assert year is not None
    members, bills, out = (tmp_path / name for name in ("m.parquet", "s.parquet", "out"))
    write_members(members, city, year)
    write_settlements(bills, city, year)
    for name, text in {"sold": year.plan_text, "corrected": found.plan_text}.items():
        (tmp_path / name).mkdir()
        (tmp_path / name / "plan.toml").write_text(text, "utf-8")
        (tmp_path / name / "sources.toml").write_text(year.sources_text, "utf-8")
    plan, sold = str(tmp_path / "corrected" / "plan.toml"), str(tmp_path / "sold" / "plan.toml")
    files = ["--members", str(members), "--settlements", str(bills), "--out", str(out)]
    assert main(["adjudicate", plan, *files, "--compare", sold]) == 0
    with (out / "comparison.csv").open(encoding="utf-8", newline="") as file:
        typed = [(by, value, int(more), int(less)) for by, value, more, less, *_ in list(read_csv(file))[1:]]
    assert typed == [(row.by, row.value, row.more, row.less) for row in changes_of(found)]
    summary = json.loads((out / "summary.json").read_text("utf-8"))
    assert found.summary is not None
    assert summary["payable_by_benefit"] == found.summary["payable_by_benefit"]


def test_terms_of_another_plan_are_refused(city: City) -> None:
    year = plan_on_sale(city)
    assert year is not None
    text, sources = plan_texts("shanghai/huhuibao/2025")
    with pytest.raises(HuiminError, match="expected corrected terms of") as refused:
        request_recalculation(plan_year=year, plan_text=text, sources_text=sources, actor=acting(city, "insurer"))
    assert refused.value.code == "other_plan"
    assert not Recalculation.objects.of(city).exists()


def test_a_worker_that_says_nothing_for_two_minutes_loses_the_job_and_not_before(city: City) -> None:
    found = asked(city)
    begun = timezone.now()
    (task,) = take([Lane.JOBS], kinds_of([Lane.JOBS]), "lost:1")
    task.refresh_from_db()
    assert timedelta(minutes=2) <= task.due_at - begun < timedelta(minutes=3)
    assert work_off() == 0
    due_now(task)
    assert done(found).task.status == Status.DONE
    assert found.task.losses == 1


def test_what_a_lost_worker_had_finished_is_still_there_for_the_next(
    city: City, settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    found, run, homes = asked(city), tasks._run, []

    def interrupted(found: Recalculation, home: Path, job: Any) -> Any:
        homes.append(home)
        if len(homes) == 1:
            (home / "part").write_text("done")
            raise SystemExit
        assert (home / "part").read_text() == "done"
        return run(found, home, job)

    monkeypatch.setattr(tasks, "_run", interrupted)
    worker = a_worker(Lane.JOBS)
    with pytest.raises(SystemExit):
        once(worker)
    give_back(worker.in_hand)
    assert done(found).task.status == Status.DONE, found.task.fault
    assert homes[0] == homes[1]
    assert not homes[0].exists()


def test_a_job_that_cannot_be_done_says_why(city: City, monkeypatch: pytest.MonkeyPatch) -> None:
    def fails(*_: Any, **__: Any) -> None:
        raise InputError("found 10 MB of memory; expected more", code="too_little_memory")

    monkeypatch.setattr(tasks, "run", fails)
    found = done(asked(city))
    assert (found.task.status, found.task.fault) == (Status.FAILED, "found 10 MB of memory; expected more")


def client(name: str) -> Client:
    return logged_in(name, "en")


def test_the_lead_insurer_asks_on_the_page_waits_and_reads_what_would_change(city: City) -> None:
    lead = client("insurer")
    page = lead.get("/staff/recalculations/").content.decode()
    assert "Recalculation of the year" in page
    year = plan_on_sale(city)
    assert year is not None
    broken = {"text": year.plan_text.replace('percent = "65"', 'percent = "165"'), "sources": year.sources_text}
    assert "to mend" in lead.post("/staff/recalculations/", broken).content.decode()
    text = year.plan_text.replace('yuan = "10000.00"', 'yuan = "6000.00"', 1).replace("\n", "\r\n")
    answer = lead.post("/staff/recalculations/", {"text": text, "sources": year.sources_text})
    assert answer.status_code == 302
    waiting = lead.get(answer.url).content.decode()  # type: ignore[attr-defined]
    assert "Waiting" in waiting
    assert 'http-equiv="refresh"' in waiting
    assert work_off() == 1
    result = lead.get(answer.url).content.decode()  # type: ignore[attr-defined]
    assert "agree to the fen" in result
    assert "would be paid more" in result
    assert 'http-equiv="refresh"' not in result
    assert "Done" in lead.get("/staff/recalculations/").content.decode()


@pytest.mark.parametrize("name", ["handler", "bureau", "admin"])
def test_they_are_the_lead_insurers_alone(city: City, name: str) -> None:
    found = asked(city)
    for address in ("/staff/recalculations/", f"/staff/recalculations/{found.pk}/"):
        assert client(name).get(address).status_code == 403


def test_another_insurer_of_the_pool_may_not_see_them(city: City) -> None:
    found = asked(city)
    assert client("insurer03").get(f"/staff/recalculations/{found.pk}/").status_code == 403
