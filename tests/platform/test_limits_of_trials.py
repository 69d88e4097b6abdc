"""Trials are no probe: how old care may be, how often a person may be tried, and who sees it."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any
from unittest.mock import patch

import pytest

from cast import FATHER, WANG_FANG
from claims_support import it_is, reversal
from huimin.platform.claims.models import SettlementFact
from huimin.platform.claims.trials import trying, watching
from huimin.platform.claims.trials.models import SettlementTrial
from huimin.platform.claims.trials.watching import much_tried, tried_about
from huimin.platform.demonstration.trials import load_trials
from huimin.platform.enrolment.api import policies_of_city
from huimin.platform.foundation.clock import begin_of, now
from huimin.platform.foundation.models import ApiClient, City
from huimin.platform.people.models import Resident
from platform_support import Caller, a_bill, logged_in, signed_in
from trial_support import cancelled, confirmed, trial_of, tried

BILL = a_bill("A", "2022-04-18", 20_000_00)


def problem(answer: Any) -> tuple[int, str]:
    return answer.status_code, answer.json()["code"]


@pytest.mark.parametrize("fields", [{"setl_time": "2022-04-12 23:59:59"}, {"enddate": "2022-04-12"}])
def test_care_of_more_than_a_week_ago_is_not_tried_and_is_settled_as_ever(
    api: Caller, covered: City, fields: dict[str, str]
) -> None:
    """It is 20 April."""
    old = {**BILL, "begndate": "2022-03-01", **fields}
    answer = tried(api, old)
    assert problem(answer) == (422, "trial_too_old")
    assert "the care is of 2022-04-12; a trial is made of care from 2022-04-13 on" in answer.json()["detail"]
    assert not SettlementTrial.objects.of(covered).exists()
    assert api.settle(old).status_code == 200


@pytest.mark.parametrize("fields", [{"setl_time": "2022-04-13"}, {"enddate": "2022-04-13"}])
def test_care_of_a_week_ago_is_tried(api: Caller, covered: City, fields: dict[str, str]) -> None:
    assert tried(api, {**BILL, "begndate": "2022-03-01", **fields}).status_code == 200


def test_a_reversal_is_not_tried_under_an_old_day_whatever_else_is_wrong_with_it(api: Caller, covered: City) -> None:
    assert problem(tried(api, reversal("R", "2022-03-01", "A"))) == (422, "trial_too_old")
    odd = reversal("R", "2022-03-01", "A", med_type="nothing", medfee_sumamt="x")
    assert problem(tried(api, odd)) == (422, "trial_too_old")


def test_a_day_that_cannot_be_read_or_is_to_come_is_held_as_where_it_is_settled(api: Caller, covered: City) -> None:
    assert problem(tried(api, {**BILL, "setl_time": "yesterday"})) == (422, "bad_date")
    assert problem(tried(api, {**BILL, "setl_time": "2022-04-22"})) == (422, "settlement_in_future")


def test_a_person_is_tried_five_times_a_day_by_one_institution(api: Caller, covered: City) -> None:
    bills = [a_bill(f"B{number}", f"2022-04-1{number + 3}", 20_000_00) for number in range(6)]
    assert [tried(api, bill).status_code for bill in bills] == [200] * 5 + [429]
    refusal = tried(api, bills[0])
    assert problem(refusal) == (429, "too_many_trials")
    moment = now(covered)
    until_midnight = (begin_of(moment.date() + timedelta(days=1)) - moment).total_seconds()
    assert 0 <= int(refusal.headers["Retry-After"]) - until_midnight < 60
    assert tried(api, {**BILL, "psn_no": WANG_FANG}).status_code == 200
    assert tried(api, BILL, "hospital-2").status_code == 200
    it_is(covered, date(2022, 4, 21))
    assert tried(api, bills[5]).status_code == 200


def test_one_bill_that_is_tried_again_and_again_counts_each_time(api: Caller, covered: City) -> None:
    assert [tried(api, BILL).status_code for _ in range(6)] == [200] * 5 + [429]


def test_a_cancelled_trial_counts(api: Caller, covered: City) -> None:
    for _ in range(5):
        assert cancelled(api, trial_of(api, BILL)).status_code == 200
    assert problem(tried(api, BILL)) == (429, "too_many_trials")


def test_a_repeat_counts_once_and_is_answered_when_the_day_is_used_up(api: Caller, covered: City) -> None:
    first = tried(api, BILL, key="K")
    assert [tried(api, BILL, key="K").content for _ in range(6)] == [first.content] * 6
    assert [tried(api, BILL).status_code for _ in range(5)] == [200] * 4 + [429]
    assert tried(api, BILL, key="K").content == first.content
    it_is(covered, date(2022, 5, 20))  # too old by now
    assert tried(api, BILL, key="K").json() == {**first.json(), "state": "lapsed"}


def test_a_used_up_day_keeps_nobody_from_settling(api: Caller, covered: City) -> None:
    trials = [trial_of(api, BILL) for _ in range(5)]
    api.settle(a_bill("EARLIER", "2022-04-17", 6_000_00))
    outdated = confirmed(api, trials[0])  # makes a trial, which is none of the five
    assert problem(outdated) == (409, "trial_outdated")
    assert confirmed(api, outdated.json()["replaced_by"]).status_code == 200


def test_of_two_trials_that_found_the_same_place_one_looks_again(api: Caller, covered: City) -> None:
    """The other trial comes between the question which places are taken and the row."""
    found, asked = trying.free_place, []

    def late(*arguments: Any) -> int:
        place = found(*arguments)
        if not asked:
            asked.append(place)
            assert tried(api, {**BILL, "setl_id": "OTHER"}).status_code == 200
        return place

    with patch.object(trying, "free_place", late):
        assert tried(api, BILL).status_code == 200
    assert sorted(SettlementTrial.objects.of(covered).values_list("place", flat=True)) == [1, 2]


def test_the_person_sees_who_tried_when_and_how_often_and_nobody_else_does(api: Caller, covered: City) -> None:
    for _ in range(3):
        tried(api, BILL, "hospital-2")
    it_is(covered, date(2022, 4, 21))
    tried(api, BILL)
    father, daughter = (Resident.objects.of(covered).get(psn_no=one) for one in (FATHER, WANG_FANG))
    page = signed_in(father).get("/demo/family/").content.decode()
    assert page.index("示范市第一人民医院") < page.index("示范市中医院")
    assert "3 次" in page
    assert "示范市中医院" not in signed_in(daughter).get("/demo/family/").content.decode()
    listed = tried_about(covered, FATHER, 1)
    assert [(one.name_en[:8], one.day.day, one.count) for one in listed] == [("First Pe", 21, 1), ("Hospital", 20, 3)]


def test_a_trial_that_a_confirmation_made_is_nobodys_question(api: Caller, covered: City) -> None:
    trial = trial_of(api, BILL)
    api.settle(a_bill("EARLIER", "2022-04-17", 6_000_00))
    confirmed(api, trial)
    assert [one.count for one in tried_about(covered, FATHER, 1)] == [1]


@pytest.fixture
def _three(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(watching, "FEWEST_UNSETTLED", 3)


@pytest.mark.usefixtures("_three")
def test_institutions_that_try_much_and_settle_little_are_listed(api: Caller, covered: City, settings: Any) -> None:
    settings.SECOND_FACTOR = False
    for number in range(2):
        tried(api, {**BILL, "setl_id": f"N{number}"})
    it_is(covered, date(2022, 4, 21))
    assert much_tried(covered) == []  # two are few
    tried(api, {**BILL, "setl_id": "N2"})
    assert much_tried(covered) == []  # the third is still valid: its bill may come
    it_is(covered, date(2022, 4, 22))
    (found,) = much_tried(covered)
    assert (found.name_en[:8], found.trials, found.unsettled, found.people, found.share) == ("First Pe", 3, 3, 1, 10000)
    page = logged_in("bureau").get("/staff/bureau/").content.decode()
    assert "试算多、结算少的机构" in page
    assert "没有这样的机构" not in page
    it_is(covered, date(2022, 5, 21))
    assert much_tried(covered) == []  # of the last thirty days one is left


@pytest.mark.usefixtures("_three")
def test_institutions_that_settle_half_of_what_they_try_by_either_road_are_not(api: Caller, covered: City) -> None:
    for number in range(3):
        trial_of(api, {**BILL, "setl_id": f"N{number}"})
    settled = [a_bill(f"S{number}", "2022-04-18 09:00:00", 1_00) for number in range(3)]
    it_is(covered, date(2022, 4, 21))
    confirmed(api, trial_of(api, settled[0]))
    for bill in settled[1:]:
        trial_of(api, bill)
        api.settle(bill)
    it_is(covered, date(2022, 4, 22))
    assert much_tried(covered) == []
    trial_of(api, {**BILL, "setl_id": "N3"})
    it_is(covered, date(2022, 4, 23))
    assert [(one.trials, one.unsettled) for one in much_tried(covered)] == [(7, 4)]


def test_the_demonstration_has_a_hospital_that_tries_much_and_one_that_settles(api: Caller, covered: City) -> None:
    asking, settling = (ApiClient.objects.of(covered).get(code=f"hospital-{number}") for number in (2, 1))
    for one in (asking, settling):
        one.city = covered
    policies = [one for one in policies_of_city(covered) if one.member.cover_from == date(2022, 1, 1)]
    load_trials(asking, settling, policies, date(2022, 4, 20))
    assert [(one.name_zh, one.trials, one.unsettled) for one in much_tried(covered)] == [("示范市中医院", 21, 21)]
    assert SettlementFact.objects.of(covered).get(setl_id="T-SETTLED").client_id == settling.pk
    assert not SettlementFact.objects.of(covered).filter(client=asking, setl_id__startswith="T-").exists()
