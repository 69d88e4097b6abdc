"""Settlement in two messages: what a trial says, and what a confirmation does with it."""

from __future__ import annotations

from datetime import date
from types import SimpleNamespace
from typing import Any
from unittest.mock import patch

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given
from hypothesis import settings as examples
from hypothesis import strategies as st

from cast import FATHER
from claims_support import bureau, it_is, reversal
from huimin.platform.claims.models import ReviewItem, SettlementFact, TrialEnd
from huimin.platform.claims.trials import confirming
from huimin.platform.claims.trials.models import SettlementTrial
from huimin.platform.enrolment.api import lock_policies_of_members
from huimin.platform.enrolment.models import Policy
from huimin.platform.foundation.models import AppendOnlyError, City
from huimin.platform.ledger.verification import verify_city
from platform_support import Caller, a_bill
from rounds_support import counted_of
from trial_support import TRIALS, asked, cancelled, confirmed, state, trial_of, tried, written

BILL = a_bill("A", "2022-04-18", 20_000_00)
OTHER_KINDS = ("channel-1", "bureau")
MOST_OF_A_TRIAL, MOST_OF_A_CONFIRMATION = 8, 16


def problem(answer: Any) -> tuple[int, str]:
    return answer.status_code, answer.json()["code"]


def test_a_trial_says_what_the_settlement_then_answers_and_writes_nothing_of_it(api: Caller, covered: City) -> None:
    before = written(covered)
    trial = tried(api, BILL).json()
    assert written(covered) == before
    assert trial["would_answer"]["payable"] == "5500.00"
    assert api.settle(BILL).json() == trial["would_answer"]


def test_a_trial_says_what_is_left_of_the_deductibles_without_the_bill_and_with_it(api: Caller, covered: City) -> None:
    api.settle(a_bill("EARLIER", "2022-03-01", 4_000_00))
    left = tried(api, BILL).json()["left"]
    found = {(one["kind"], *one["benefits"]): (one["amount"], one["before"], one["after"]) for one in left}
    assert found["deductible", "in_catalogue"] == ("10000.00", "6000.00", "0.00")
    assert all(one["source"] and one["names_zh"] != [""] for one in left)


def test_a_trial_is_valid_for_half_an_hour_and_says_that_it_is_no_promise(
    api: Caller, covered: City, settings: Any
) -> None:
    trial = tried(api, BILL).json()
    at, until = (trial[name][11:16] for name in ("computed_at", "valid_until"))
    minutes = [60 * int(text[:2]) + int(text[3:]) for text in (at, until)]
    assert (minutes[1] - minutes[0]) % (24 * 60) == settings.TRIAL_MINUTES == 30
    assert "no promise" in trial["note_en"]
    assert "不是赔付承诺" in trial["note_zh"]


def test_a_confirmed_trial_is_the_settlement_of_the_one_message_road(api: Caller, covered: City) -> None:
    trial = tried(api, BILL).json()
    answer = confirmed(api, trial["trial"])
    assert (answer.status_code, answer.json()) == (200, trial["would_answer"])
    assert api.get("hospital-1", "/api/v1/settlements/A").json() == answer.json()
    assert api.settle(BILL).json() == answer.json()
    (end,) = TrialEnd.objects.of(covered)
    assert (end.how, end.settlement) == ("confirmed", SettlementFact.objects.of(covered).get(setl_id="A"))
    assert verify_city(covered).faults == []


def test_a_trial_confirmed_twice_gets_the_same_answer_and_is_one_fact(api: Caller, covered: City) -> None:
    trial = trial_of(api, BILL)
    first = confirmed(api, trial, key="one")
    assert [confirmed(api, trial, key=key).content for key in ("one", "two")] == [first.content] * 2
    assert SettlementFact.objects.of(covered).filter(setl_id="A").count() == 1
    api.settle(a_bill("EARLIER", "2022-03-01", 30_000_00))
    assert confirmed(api, trial).json() == first.json()


def test_what_changed_meanwhile_is_told_line_by_line_and_nothing_is_settled(api: Caller, covered: City) -> None:
    trial = trial_of(api, BILL)
    api.settle(a_bill("B", "2022-04-17", 6_000_00))
    before = written(covered)
    answer = confirmed(api, trial)
    assert problem(answer) == (409, "trial_outdated")
    assert written(covered) == before
    said = answer.json()
    lines = {(one["what"], one["benefit"]): (one["before"], one["after"]) for one in said["changes"]}
    assert lines == {
        ("owed_sender", ""): ("5500.00", "8800.00"),
        ("payable", "in_catalogue"): ("5500.00", "8800.00"),
        ("deductible_applied", "in_catalogue"): ("10000.00", "4000.00"),
        ("excess", "in_catalogue"): ("10000.00", "16000.00"),
        ("deductible_applied", "residual"): ("14500.00", "11200.00"),  # what is left to the person
    }
    assert [(one["cause"], one["setl_id"]) for one in said["causes"]] == [("bill_came", "B")]
    assert "your bill B came meanwhile" in said["detail"]
    assert said["changes"][1]["name_zh"]
    new = asked(api, said["replaced_by"]).json()
    assert (new["state"], new["would_answer"]["payable"]) == ("open", "8800.00")
    assert confirmed(api, said["replaced_by"]).json()["payable"] == "8800.00"
    assert verify_city(covered).faults == []


def test_a_replaced_trial_says_the_same_again_whatever_happens_to_its_successor(api: Caller, covered: City) -> None:
    trial = trial_of(api, BILL)
    api.settle(a_bill("B", "2022-04-17", 6_000_00))
    first = confirmed(api, trial)
    assert confirmed(api, trial).content == first.content
    assert cancelled(api, trial).content == first.content
    confirmed(api, first.json()["replaced_by"])
    assert confirmed(api, trial).content == first.content
    assert asked(api, trial).json()["replaced_by"] == first.json()["replaced_by"]
    assert state(api, trial) == "replaced"


def test_a_bill_of_another_institution_is_a_cause_without_its_id(api: Caller, covered: City) -> None:
    trial = trial_of(api, BILL)
    api.settle(a_bill("SECRET", "2022-04-17", 6_000_00), client="hospital-2")
    answer = confirmed(api, trial)
    assert [(one["cause"], one["setl_id"]) for one in answer.json()["causes"]] == [("bill_came", "")]
    assert b"SECRET" not in answer.content


def test_a_reversal_that_came_meanwhile_names_the_bill_that_it_took_away(api: Caller, covered: City) -> None:
    api.settle(a_bill("B", "2022-04-17", 6_000_00))
    trial = trial_of(api, BILL)
    api.settle(reversal("R", "2022-04-18", "B"))
    causes = confirmed(api, trial).json()["causes"]
    assert [(one["cause"], one["setl_id"]) for one in causes] == [("bill_reversed", "B")]


def test_a_policy_that_was_changed_meanwhile_is_named_where_no_bill_came(api: Caller, covered: City) -> None:
    trial = trial_of(api, BILL)
    Policy.objects.of(covered).filter(psn_no=FATHER).update(pre_existing=[])
    answer = confirmed(api, trial)
    assert [one["cause"] for one in answer.json()["causes"]] == ["policy_changed"]
    assert confirmed(api, answer.json()["replaced_by"]).json()["payable"] == "6500.00"


def test_a_bill_that_changes_nothing_of_this_one_does_not_stop_the_confirmation(api: Caller, covered: City) -> None:
    trial = trial_of(api, BILL)
    api.settle(a_bill("LATER", "2022-04-19", 6_000_00))
    assert confirmed(api, trial).json()["payable"] == "5500.00"


def test_after_its_time_a_trial_is_confirmed_by_the_same_rule(api: Caller, covered: City) -> None:
    same, other = trial_of(api, BILL), trial_of(api, a_bill("C", "2022-04-18 09:00:00", 20_000_00))
    it_is(covered, date(2022, 4, 21))
    assert state(api, same) == "lapsed"
    assert confirmed(api, same).json()["payable"] == "5500.00"
    assert problem(confirmed(api, other)) == (409, "trial_outdated")


def test_a_cancelled_trial_cannot_be_confirmed_and_cancelling_again_changes_nothing(api: Caller, covered: City) -> None:
    trial = trial_of(api, BILL)
    first = cancelled(api, trial)
    assert first.json()["state"] == state(api, trial) == "cancelled"
    assert cancelled(api, trial).content == first.content
    assert problem(confirmed(api, trial)) == (409, "trial_cancelled")
    assert not SettlementFact.objects.of(covered).filter(setl_id="A").exists()
    assert confirmed(api, trial_of(api, BILL)).status_code == 200


def test_a_cancellation_that_waited_while_the_bill_was_settled_finds_it_settled(api: Caller, covered: City) -> None:
    """What is read before the lock may be of a moment before: here the bill is settled just before the lock is had."""
    trial = trial_of(api, BILL)

    def waited(city: City, psn_no: str) -> object:
        assert api.settle(BILL).status_code == 200
        return lock_policies_of_members(city, psn_no)

    with patch.object(confirming, "lock_policies_of_members", waited):
        assert problem(cancelled(api, trial)) == (409, "bill_settled")
    assert state(api, trial) == "settled_apart"
    assert not TrialEnd.objects.of(covered).exists()


@pytest.mark.parametrize("by_trial", [True, False])
def test_a_settled_bill_is_not_cancelled_and_not_tried_again(api: Caller, covered: City, by_trial: bool) -> None:
    trial = trial_of(api, BILL)
    if by_trial:
        confirmed(api, trial)
    else:
        api.settle(BILL)
    assert state(api, trial) == ("confirmed" if by_trial else "settled_apart")
    assert asked(api, trial).json()["settlement"] == "A"
    answer = cancelled(api, trial)
    assert problem(answer) == (409, "bill_settled")
    assert "reversal" in answer.json()["detail"]
    assert problem(tried(api, BILL)) == (409, "bill_settled")


def test_a_trial_whose_bill_came_by_the_other_road_is_answered_as_that(api: Caller, covered: City) -> None:
    trial = trial_of(api, BILL)
    api.settle(a_bill("B", "2022-04-17", 6_000_00))
    first = api.settle(BILL)
    assert [confirmed(api, trial).json() for _ in range(2)] == [first.json()] * 2
    assert state(api, trial) == "confirmed"
    assert SettlementFact.objects.of(covered).filter(setl_id="A").count() == 1


def test_a_trial_whose_id_came_with_other_content_is_a_conflict_with_a_case(api: Caller, covered: City) -> None:
    trial = trial_of(api, BILL)
    api.settle(a_bill("A", "2022-04-18", 30_000_00))
    cases = ReviewItem.objects.of(covered).filter(code="conflicting_duplicate")
    assert problem(tried(api, BILL)) == (409, "conflicting_duplicate")
    assert cases.count() == 0
    assert problem(confirmed(api, trial)) == (409, "conflicting_duplicate")
    assert cases.count() == 1


def test_what_cannot_be_decided_is_answered_as_by_the_other_road_and_opens_no_case(api: Caller, covered: City) -> None:
    before = written(covered)
    for fields in ({"psn_no": "P-nobody"}, {"setl_time": "2022-04-22"}, {"medfee_sumamt": "1.00"}, {"med_type": "41"}):
        bill = {**BILL, **fields}
        answer = tried(api, bill)
        assert written(covered) == before
        settled = api.settle(bill)
        assert answer.status_code == settled.status_code
        assert answer.json() == {**settled.json(), "review": None}
        before = written(covered)
    assert not SettlementTrial.objects.of(covered).exists()


def test_a_bill_that_cannot_be_decided_any_more_is_held_when_it_is_confirmed(api: Caller, covered: City) -> None:
    trial = trial_of(api, BILL)
    Policy.objects.of(covered).filter(psn_no=FATHER).update(cover_to=date(2022, 4, 1))
    answer = confirmed(api, trial)
    assert problem(answer) == (422, "uncovered_date")
    assert answer.json()["review"] == ReviewItem.objects.of(covered).get(setl_id="A").pk
    assert state(api, trial) == "open"


def test_a_reversal_is_tried_and_confirmed_too_and_one_before_its_bill(api: Caller, covered: City) -> None:
    waits = trial_of(api, reversal("R0", "2022-04-18", "LATER"))
    assert confirmed(api, waits).json()["status"] == "reversal_waiting"
    api.settle(BILL)
    trial = tried(api, reversal("R", "2022-04-18", "A")).json()
    assert (trial["would_answer"]["status"], trial["left"]) == ("reversal", [])
    assert confirmed(api, trial["trial"]).json() == trial["would_answer"]
    assert verify_city(covered).faults == []


def test_a_reversal_whose_bill_came_after_the_trial_is_another_one(api: Caller, covered: City) -> None:
    trial = trial_of(api, reversal("R", "2022-04-18", "A"))
    api.settle(BILL)
    answer = confirmed(api, trial)
    assert problem(answer) == (409, "trial_outdated")
    assert [(one["cause"], one["setl_id"]) for one in answer.json()["causes"]] == [("bill_came", "A")]
    assert confirmed(api, answer.json()["replaced_by"]).json()["status"] == "reversal"


def test_the_same_key_gets_the_first_statement_and_other_content_is_refused(api: Caller, covered: City) -> None:
    first = tried(api, BILL, key="K")
    assert tried(api, BILL, key="K").content == first.content
    assert SettlementTrial.objects.of(covered).count() == 1
    assert problem(tried(api, {**BILL, "setl_id": "B"}, key="K")) == (409, "idempotency_key_reused")
    assert trial_of(api, BILL) != first.json()["trial"]
    api.settle(a_bill("B", "2022-04-17", 6_000_00))
    assert tried(api, BILL, key="K").json()["would_answer"] == first.json()["would_answer"]
    confirmed(api, first.json()["trial"])
    assert tried(api, BILL, key="K").json()["state"] == "replaced"


def test_a_repeat_of_a_trial_whose_bill_is_settled_is_that_trial(api: Caller, covered: City) -> None:
    first = tried(api, BILL, key="K").json()
    confirmed(api, first["trial"])
    assert tried(api, BILL, key="K").json() == {**first, "state": "confirmed", "settlement": "A"}


def test_somebody_elses_trial_is_not_there(api: Caller, covered: City) -> None:
    trial = trial_of(api, BILL)
    for answer in (confirmed(api, trial, "hospital-2"), cancelled(api, trial, "hospital-2")):
        assert problem(answer) == (404, "not_found")
    assert problem(asked(api, trial, "hospital-2")) == (404, "not_found")
    assert state(api, trial) == "open"


def test_an_id_of_another_form_is_no_trial(api: Caller, covered: City) -> None:
    assert problem(asked(api, "nothing")) == (404, "not_found")
    assert problem(confirmed(api, "nothing")) == (404, "not_found")
    api.settle({**BILL, "setl_id": "trials/2022/7"})
    with patch("platform_support.hold_to_document"):  # which would take the address for one of trials
        assert asked(api, "2022/7").json()["setl_id"] == "trials/2022/7"


@pytest.mark.parametrize("client", OTHER_KINDS)
def test_only_hospitals_and_pharmacies_try_bills(api: Caller, covered: City, client: str) -> None:
    if client == "bureau":
        bureau(covered)
    trial = trial_of(api, BILL)
    assert problem(tried(api, BILL, client)) == (403, "not_allowed")
    assert problem(confirmed(api, trial, client)) == (403, "not_allowed")
    assert problem(cancelled(api, trial, client)) == (403, "not_allowed")


def test_a_trial_needs_a_key_and_a_bill_of_the_right_form(api: Caller, covered: City) -> None:
    assert problem(tried(api, {**BILL, "medfee_sumamt": 1.5})) == (422, "bad_request")  # type: ignore[dict-item]
    assert problem(tried(api, {**BILL, "MEDFEE_SUMAMT": "1.00"})) == (422, "bad_request")
    assert problem(tried(api, {**BILL, "setl_id": " "})) == (422, "missing_id")
    keyless = api._call("hospital-1", "POST", TRIALS, b"{}", "", {})
    assert problem(keyless) == (422, "bad_request")


def test_a_trial_and_its_end_never_change_and_tell_nothing_to_who_reads_the_table(api: Caller, covered: City) -> None:
    from django.db import connection

    confirmed(api, trial_of(api, {**BILL, "diag_codes": "C34.1"}))
    for model in (SettlementTrial, TrialEnd):
        with pytest.raises(AppendOnlyError):
            model.objects.of(covered).update(city=covered)
    with connection.cursor() as cursor:
        cursor.execute("SELECT * FROM claims_settlementtrial")
        row = repr([bytes(value) if isinstance(value, memoryview) else value for value in cursor.fetchone()])
    assert not any(text in row for text in (FATHER, "C34", "5500", "550000", "in_catalogue"))


def test_a_trial_and_its_confirmation_take_few_statements_whatever_went_before(
    api: Caller, covered: City, monkeypatch: pytest.MonkeyPatch, settings: Any
) -> None:
    settings.TRIALS_A_DAY = 12
    monkeypatch.setattr("huimin.platform.foundation.remembered.time", SimpleNamespace(monotonic=lambda: 0.0))
    api.settle(a_bill("FIRST", "2022-04-17", 20_000_00))  # loads the terms, which are remembered
    for number in range(6):
        bill = a_bill(f"B{number}", "2022-04-18", 20_000_00 + number, 30_000_00)
        assert counted_of(lambda bill=bill: tried(api, bill), monkeypatch).statements <= MOST_OF_A_TRIAL
        trial = trial_of(api, bill)
        took = counted_of(lambda trial=trial: confirmed(api, trial), monkeypatch)
        assert took.statements <= MOST_OF_A_CONFIRMATION


BILLS = {
    "A": a_bill("A", "2022-04-17", 6_000_00, 15_000_00),
    "B": a_bill("B", "2022-04-18", 7_000_00, 25_000_00),
    "C": a_bill("C", "2022-04-14 08:00:00", 9_999_99),
}
ACTS = st.lists(
    st.tuples(st.sampled_from(["try", "confirm", "confirm", "cancel", "settle"]), st.sampled_from("ABC")),
    min_size=4,
    max_size=9,
)


@examples(max_examples=10, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(acts=ACTS)
def test_whatever_is_tried_confirmed_cancelled_and_settled_in_which_order_nothing_is_paid_but_what_was_shown(
    api: Caller, covered: City, settings: Any, acts: list[tuple[str, str]]
) -> None:
    settings.TRIALS_A_DAY = 9
    with transaction.atomic():
        open_trials: dict[str, str] = {}
        paid: dict[str, str] = {}
        for act, name in acts:
            if act == "settle":
                paid.setdefault(name, api.settle(BILLS[name]).json()["payable"])
            elif act == "try":
                answer = tried(api, BILLS[name])
                assert answer.status_code == (409 if name in paid else 200)
                if name not in paid:
                    open_trials[name] = answer.json()["trial"]
            elif act == "confirm" and name in open_trials:
                shown = asked(api, open_trials[name]).json()["would_answer"]["payable"]
                answer = confirmed(api, open_trials[name])
                if answer.status_code == 200:
                    assert answer.json()["payable"] == paid.setdefault(name, shown)
                else:
                    assert problem(answer) == (409, "trial_outdated")
                    assert name not in paid
                    open_trials[name] = answer.json()["replaced_by"]
            elif act == "cancel" and name in open_trials:
                answer = cancelled(api, open_trials[name])
                assert answer.status_code == (409 if name in paid else 200)
                if name not in paid:
                    del open_trials[name]
        facts = SettlementFact.objects.of(covered).filter(psn_no=FATHER)
        assert sorted(facts.values_list("setl_id", flat=True)) == sorted(paid)
        assert {name: api.get("hospital-1", f"/api/v1/settlements/{name}").json()["payable"] for name in paid} == paid
        assert verify_city(covered).faults == []
        transaction.set_rollback(True)
