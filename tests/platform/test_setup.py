"""A city from nothing to the day on which it opens, by the commands that docs/how-to/city.md names."""

from __future__ import annotations

from datetime import date
from importlib.resources import files
from pathlib import Path

import pytest

from huimin.cli import main
from huimin.errors import HuiminError
from huimin.platform.catalogue import selectors
from huimin.platform.catalogue.api import plan_year_by_id, plan_year_named, terms_by_digest, terms_of
from huimin.platform.catalogue.models import PlanYear
from huimin.platform.claims.cases.checking import check_queue
from huimin.platform.claims.models import ReviewItem
from huimin.platform.foundation.clocks.declared import days_of_city
from huimin.platform.foundation.models import ApiClient, AuditEvent, City
from huimin.platform.payments.personal_account.areas import rule_of_area
from huimin.platform.people.api import areas
from huimin.platform.pool.api import insurer_codes, leading_insurer, shares_of_plan_year
from huimin.platform.tasks.models import Task
from platform_support import Caller, a_bill
from work_support import work_off

NEW = "linan"
NAMES = ["--name", "临安市", "--name-en", "Lin'an"]
PLAN = "jiangsu/yihuibao-1/2022"
PLAN_FILE = str(Path(str(files("huimin"))) / "plans" / PLAN / "plan.toml")
WHY = ["--reason", "市政府通知"]


def run(*words: str) -> int:
    return main(["setup", *words])


@pytest.fixture
def opened(db: None) -> City:
    assert run("city", NEW, *NAMES, "--hotline", "12345") == 0
    found: City = City.objects.get(code=NEW)
    return found


def test_a_city_opens_with_its_plan_insurers_shares_and_clients(
    opened: City, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run("plan", NEW, PLAN_FILE, "--window", "2021-12-01", "2022-02-28") == 0
    for code in ("lead", "second"):
        assert run("insurer", NEW, code, *NAMES) == 0
    assert run("shares", NEW, PLAN, "lead=60", "second=40.00", "--lead", "lead", "--from", "2021-12-01") == 0
    plan_year = plan_year_named(opened, PLAN)
    assert plan_year is not None
    assert plan_year.window == (date(2021, 12, 1), date(2022, 2, 28))
    assert insurer_codes(opened) == ["lead", "second"]
    assert leading_insurer(opened) == "lead"
    assert len(shares_of_plan_year(opened, plan_year.id)) == 2
    said = [event.action for event in AuditEvent.objects.of(opened).order_by("pk")]
    assert said == ["city_opened", "plan_year_published", "insurer_registered", "insurer_registered", "shares_set"]
    assert f"{PLAN} is on sale in {NEW} from 2021-12-01 to 2022-02-28" in capsys.readouterr().out


def test_a_window_is_extended_by_a_notice_up_to_the_end_of_cover_and_never_shortened(
    opened: City, capsys: pytest.CaptureFixture[str]
) -> None:
    run("plan", NEW, PLAN_FILE, "--window", "2021-12-01", "2022-02-28")
    for last_day in ("2022-02-28", "2022-01-31", "2023-01-01"):
        assert run("extend", NEW, PLAN, last_day, *WHY) == 2
        assert "bad_window" in capsys.readouterr().err
    assert run("extend", NEW, "jiangsu/none/2022", "2022-03-15", *WHY) == 2
    assert run("extend", NEW, PLAN, "2022-03-15", "--reason", " ") == 2
    assert run("extend", NEW, PLAN, "2022-03-15", *WHY) == 0
    found = plan_year_named(opened, PLAN)
    assert found is not None
    assert found.window == (date(2021, 12, 1), date(2022, 3, 15))
    said = AuditEvent.objects.of(opened).get(action="window_extended")
    assert said.detail == {"from": "2022-02-28", "to": "2022-03-15", "reason": "市政府通知"}
    assert run("extend", NEW, PLAN, "2022-12-31", *WHY) == 0


def test_a_client_signs_with_the_key_that_was_printed_once(opened: City, capsys: pytest.CaptureFixture[str]) -> None:
    run("plan", NEW, PLAN_FILE, "--window", "2021-12-01", "2022-02-28")
    capsys.readouterr()
    assert run("client", NEW, "channel", "app-1", *NAMES) == 0
    said = dict(line.split(": ", 1) for line in capsys.readouterr().out.splitlines()[:2])
    row = ApiClient.objects.of(opened).get(code="app-1")
    assert said == {"key id": f"{NEW}.app-1", "secret": row.secret}
    assert len(row.secret) == 64
    answer = Caller(opened).get("app-1", "/api/v1/plan")
    assert answer.status_code == 200, answer.content


def test_what_cannot_be_taken_in_is_refused_with_a_code(opened: City, capsys: pytest.CaptureFixture[str]) -> None:
    run("insurer", NEW, "lead", *NAMES)
    run("client", NEW, "hospital", "hospital-7", *NAMES)
    run("plan", NEW, PLAN_FILE, "--window", "2021-12-01", "2022-02-28")
    shares = ("shares", NEW, PLAN)
    since = ("--lead", "lead", "--from", "2021-12-01")
    wrong = {
        ("city", NEW, *NAMES): "bad_city",
        ("city", "lin an", *NAMES): "bad_city",
        ("city", "other", "--name", "", "--name-en", "Other"): "bad_city",
        ("insurer", NEW, "lead", *NAMES): "insurer_known",
        ("insurer", NEW, "a:b", *NAMES): "bad_insurer",
        ("insurer", NEW, "third", "--name", "", "--name-en", "T"): "bad_insurer",
        ("insurer", "nowhere", "third", *NAMES): "not_found",
        ("client", NEW, "hospital", "hospital-7", *NAMES): "client_known",
        ("client", NEW, "hospital", "h/7", *NAMES): "bad_client",
        ("plan", NEW, "nowhere.toml", "--window", "2021-12-01", "2022-02-28"): "no_such_file",
        ("plan", NEW, PLAN_FILE, "--window", "2022-02-28", "2021-12-01"): "bad_window",
        (*shares, "lead=99.99", *since): "bad_shares",
        (*shares, "lead", *since): "bad_shares",
        (*shares, "lead=x", *since): "bad_shares",
        (*shares, "lead=50", "lead=50", *since): "bad_shares",
        (*shares, "lead=50", "nobody=50", *since): "bad_shares",
        ("shares", NEW, "jiangsu/yihuibao-1/2023", "lead=100", *since): "not_found",
        ("moratorium", NEW, "2022-03-02", "2022-03-01", *WHY): "bad_moratorium",
        ("moratorium", NEW, "2022-03-01", "2023-03-02", *WHY): "bad_moratorium",
        ("moratorium", NEW, "2022-03-01", "2022-03-02", "--reason", " "): "note_missing",
        ("moratorium", NEW, "2022-03-01", "2022-03-02", "--take-back", *WHY): "no_moratorium",
        ("day-off", NEW, "2022-03-01", "--reason", ""): "note_missing",
    }
    capsys.readouterr()
    for words, code in wrong.items():
        assert run(*words) == 2, words
        assert f"[{code}]" in capsys.readouterr().err, words


def test_accounts_of_an_area_pay_from_a_day_by_the_rules_of_a_place(
    city: City, capsys: pytest.CaptureFixture[str]
) -> None:
    code = areas(city)[0].code
    assert run("account-area", city.code, code, "jiangsu", "--from", "2022-03-01") == 0
    assert "by the rules of jiangsu" in capsys.readouterr().out
    since = rule_of_area(city, code, date(2022, 3, 1))
    assert since is not None
    assert since.place == "jiangsu"
    assert run("account-area", city.code, code, "nowhere", "--from", "2022-03-01") == 2
    assert "[bad_account_area]" in capsys.readouterr().err


def test_the_last_declaration_of_a_day_counts_and_a_moratorium_can_be_taken_back(opened: City) -> None:
    monday = date(2026, 3, 2)
    assert days_of_city(opened).calendar.is_working(monday)
    run("day-off", NEW, "2026-03-02", *WHY)
    assert not days_of_city(opened).calendar.is_working(monday)
    run("worked-day", NEW, "2026-03-02", *WHY)
    assert days_of_city(opened).calendar.is_working(monday)
    run("moratorium", NEW, "2026-03-01", "2027-03-01", *WHY)
    (stands,) = days_of_city(opened).moratoria
    assert (stands.first_day, stands.last_day) == (date(2026, 3, 1), date(2027, 3, 1))
    assert run("moratorium", NEW, "2026-03-01", "2026-03-02", "--take-back", *WHY) == 2
    run("moratorium", NEW, "2026-03-01", "2027-03-01", "--take-back", *WHY)
    assert days_of_city(opened).moratoria == ()
    assert [event.action for event in AuditEvent.objects.of(opened).order_by("pk")][1:] == [
        "day_off_declared",
        "worked_day_declared",
        "moratorium_declared",
        "moratorium_taken_back",
    ]


def test_held_bills_get_new_last_days_when_the_city_declares_a_moratorium(covered: City) -> None:
    Caller(covered).post("hospital-1", "/api/v1/settlements", a_bill("U", "2022-04-18", 20_000_00, psn_no="nobody"))
    held = ReviewItem.objects.of(covered).get(setl_id="U")
    assert held.due_on is not None
    run("moratorium", covered.code, held.received_at.date().isoformat(), held.due_on.isoformat(), *WHY)
    assert Task.objects.of(covered).filter(kind="recount_deadlines").count() == 1
    work_off()
    later = ReviewItem.objects.of(covered).get(pk=held.pk)
    assert later.due_on is not None
    assert later.due_on > held.due_on
    assert check_queue(covered) == []


def test_terms_that_are_not_what_was_published_or_sold_decide_nothing(
    covered: City, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(selectors, "_terms_of_digest", {})
    row = PlanYear.objects.of(covered).get()
    with pytest.raises(HuiminError) as caught:
        terms_by_digest(covered, row.pk, "0" * 64)
    assert caught.value.code == "terms_changed"
    changed = plan_year_by_id(covered, row.pk)
    text = changed.plan_text.replace("[cover]", "# changed\n[cover]")
    object.__setattr__(changed, "plan_text", text)
    with pytest.raises(HuiminError) as caught:
        terms_of(changed)
    assert caught.value.code == "terms_changed"
    assert selectors._terms_of_digest == {}
    assert terms_by_digest(covered, row.pk, row.plan_digest).plan.id == row.plan_id
