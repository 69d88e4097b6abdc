"""Which year a bill and its reversal belong to, and who may reverse a bill."""

from __future__ import annotations

from datetime import date

import pytest

from cast import WANG_FANG
from claims_support import bureau, change, it_is, next_year, owed, policy_in, reversal
from huimin.platform.claims.models import ReviewItem, SettlementFact
from huimin.platform.foundation.models import City
from huimin.platform.ledger.selectors import balances
from huimin.platform.ledger.verification import verify_city
from platform_support import Caller, a_bill


def owed_since(city: City, before: dict[tuple[str, str], int]) -> dict[tuple[str, str], int]:
    return change(before, owed(city))


def faults_of_claims(city: City) -> list[str]:
    """Faults but those of the order that a test made by hand."""
    return [fault for fault in verify_city(city).faults if "r23" not in fault and "HM2023" not in fault]


@pytest.fixture
def two_years(covered: City) -> City:
    """The father is covered in 2022 and 2023, and it is 20 January 2023."""
    policy_in(covered, next_year(covered))
    it_is(covered, date(2023, 1, 20))
    return covered


def test_a_bill_of_december_reversed_in_january_gives_every_fen_back(api: Caller, two_years: City) -> None:
    before = balances(two_years)
    assert api.settle(a_bill("A", "2022-12-20", 50_000_00)).json()["payable"] == "22000.00"
    answer = api.settle(reversal("R", "2023-01-05", "A"))
    assert (answer.status_code, answer.json()["status"]) == (200, "reversal")
    assert change(before, balances(two_years)) == {}
    assert faults_of_claims(two_years) == []


def test_a_reversal_after_the_only_policy_ended_is_taken(api: Caller, covered: City) -> None:
    it_is(covered, date(2023, 1, 20))
    api.settle(a_bill("A", "2022-12-20", 50_000_00))
    answer = api.settle(reversal("R", "2023-01-05", "A"))
    assert (answer.status_code, answer.json()["status"]) == (200, "reversal")
    assert verify_city(covered).faults == []


def test_a_reversal_of_another_year_that_comes_before_its_bill_waits_and_joins_its_year(
    api: Caller, two_years: City
) -> None:
    before = balances(two_years)
    waiting = api.settle(reversal("R", "2023-01-05", "A"))
    assert (waiting.json()["status"], waiting.json()["policy"]) == ("reversal_waiting", "")
    arrived = api.settle(a_bill("A", "2022-12-20", 50_000_00)).json()
    assert (arrived["status"], arrived["payable"]) == ("cancelled", "0.00")
    again = api.settle(reversal("R", "2023-01-05", "A"))
    assert again.json() == waiting.json()
    assert change(before, balances(two_years)) == {}
    policies = set(SettlementFact.objects.of(two_years).filter(setl_id="R").values_list("policy__cover_to", flat=True))
    assert policies == {None, date(2022, 12, 31)}
    assert faults_of_claims(two_years) == []


def test_the_terms_say_by_which_date_a_bill_is_placed(api: Caller, covered: City) -> None:
    policy = policy_in(covered, next_year(covered, by="admission"))
    it_is(covered, date(2023, 1, 20))
    stay = a_bill("A", "2023-01-10", 50_000_00, begndate="2022-12-28", enddate="2023-01-10")
    # Admitted in 2022, settled in 2023: 2022's plan goes by the settlement, 2023's by the admission. No plan has it.
    held = api.settle(stay)
    assert (held.status_code, held.json()["code"]) == (422, "uncovered_date")
    assert "2022-12-28" in held.json()["detail"]
    inside = api.settle({**stay, "setl_id": "B", "begndate": "2023-01-02"}).json()
    assert (inside["policy"], inside["status"]) == (policy.number, "adjudicated")
    unsaid = api.settle(a_bill("C", "2023-01-10", 50_000_00))
    assert (unsaid.status_code, unsaid.json()["code"]) == (422, "uncovered_date")


def test_a_bill_that_two_policies_cover_each_by_its_own_date_is_held(api: Caller, covered: City) -> None:
    first = date(2022, 12, 1)
    policy_in(covered, next_year(covered, by="admission", first=first), first)
    it_is(covered, date(2023, 1, 20))
    held = api.settle(a_bill("A", "2022-12-20", 50_000_00, begndate="2022-12-10", enddate="2022-12-20"))
    assert (held.status_code, held.json()["code"]) == (422, "two_policies")
    assert "HM2023-1" in held.json()["detail"]
    assert ReviewItem.objects.of(covered).filter(setl_id="A", code="two_policies").exists()


def test_a_hospital_cannot_reverse_the_bill_of_another(api: Caller, covered: City) -> None:
    api.settle(a_bill("A", "2022-04-18", 50_000_00))
    before = balances(covered)
    held = api.settle(reversal("R", "2022-04-19", "A"), client="hospital-2")
    assert (held.status_code, held.json()["code"]) == (422, "reverses_of_other_sender")
    assert balances(covered) == before
    assert api.get("hospital-1", "/api/v1/settlements/A").json()["payable"] == "22000.00"
    assert ReviewItem.objects.of(covered).filter(setl_id="R", code="reverses_of_other_sender").exists()


def test_a_reversal_by_another_that_comes_before_the_bill_does_not_cancel_it(api: Caller, covered: City) -> None:
    assert api.settle(reversal("R", "2022-04-19", "A"), client="hospital-2").json()["status"] == "reversal_waiting"
    assert api.settle(a_bill("A", "2022-04-18", 50_000_00)).json()["payable"] == "22000.00"
    assert verify_city(covered).faults == []


def test_what_the_bureau_reverses_was_never_the_hospitals_and_the_insured_owe_nothing(
    api: Caller, covered: City
) -> None:
    bureau(covered)
    before = owed(covered)
    api.settle(a_bill("A", "2022-04-18", 50_000_00))
    answer = api.settle(reversal("R", "2022-04-19", "A"), client="bureau")
    assert (answer.status_code, answer.json()["status"], answer.json()["changed"]) == (200, "reversal", [])
    assert owed_since(covered, before) == {}
    assert verify_city(covered).faults == []
    # The hospital reports the same reversal itself: it is taken, and changes nothing more.
    own = api.settle(reversal("R", "2022-04-19 12:00:00", "A"))
    assert (own.status_code, own.json()["status"]) == (200, "reversal")
    assert owed_since(covered, before) == {}
    assert verify_city(covered).faults == []


def test_a_bill_reversed_by_the_bureau_and_settled_again_is_owed_once(api: Caller, covered: City) -> None:
    """The usual reversal: the hospital cancels a settlement in the national platform and settles it anew."""
    bureau(covered)
    before = owed(covered)
    api.settle(a_bill("A", "2022-04-18 09:00:00", 50_000_00))
    api.settle(reversal("R", "2022-04-18 10:00:00", "A"), client="bureau")
    assert api.settle(a_bill("A2", "2022-04-18 11:00:00", 50_000_00)).json()["payable"] == "22000.00"
    assert owed_since(covered, before) == {("claim_payable", "hospital:hospital-1"): 22_000_00}
    assert verify_city(covered).faults == []


def test_a_reversal_by_the_bureau_also_takes_what_became_the_insureds_afterwards(api: Caller, covered: City) -> None:
    bureau(covered)
    before = owed(covered)
    api.settle(a_bill("A", "2022-04-18", 50_000_00))
    api.settle(a_bill("LATE", "2022-03-01", 10_000_00), client="hospital-2")
    assert len(owed_since(covered, before)) == 2
    api.settle(reversal("R", "2022-04-19", "A"), client="bureau")
    assert owed_since(covered, before) == {}
    assert verify_city(covered).faults == []


def test_the_bureaus_reversal_may_come_before_the_bill(api: Caller, covered: City) -> None:
    bureau(covered)
    before = owed(covered)
    assert api.settle(reversal("R", "2022-04-19", "A"), client="bureau").json()["status"] == "reversal_waiting"
    assert api.settle(a_bill("A", "2022-04-18", 50_000_00)).json()["status"] == "cancelled"
    assert owed_since(covered, before) == {}
    assert verify_city(covered).faults == []


def test_the_bureaus_channel_sends_no_bills(api: Caller, covered: City) -> None:
    bureau(covered)
    answer = api.settle(a_bill("A", "2022-04-18", 50_000_00), client="bureau")
    assert (answer.status_code, answer.json()["code"]) == (422, "not_a_reversal")
    assert not SettlementFact.objects.of(covered).filter(setl_id="A").exists()


def test_an_answer_shows_the_hospitals_own_bills_only(api: Caller, covered: City) -> None:
    api.settle(a_bill("OWN", "2022-04-18 10:00:00", 30_000_00), client="hospital-2")
    api.settle(a_bill("OTHERS", "2022-04-18 11:00:00", 30_000_00), client="hospital-1")
    answer = api.settle(a_bill("EARLY", "2022-03-01", 10_000_00, 20_000_00), client="hospital-2").json()
    assert [row["setl_id"] for row in answer["changed"]] == ["OWN"]
    assert "OTHERS" not in str(answer)


def test_a_reversal_of_another_member_is_held(api: Caller, covered: City) -> None:
    api.settle(a_bill("A", "2022-04-18", 50_000_00))
    held = api.settle(reversal("R", "2022-04-19", "A", psn_no=WANG_FANG))
    assert (held.status_code, held.json()["code"]) == (422, "reverses_other_member")


def test_a_reversal_of_a_reversal_is_held(api: Caller, covered: City) -> None:
    api.settle(a_bill("A", "2022-04-18", 50_000_00))
    api.settle(reversal("R", "2022-04-19", "A"))
    held = api.settle(reversal("RR", "2022-04-19", "R"))
    assert (held.status_code, held.json()["code"]) == (422, "reverses_reversal")
    assert api.settle(reversal("R2", "2022-04-19", "A")).json()["code"] == "already_reversed"


def test_two_hospitals_may_use_one_id_for_one_member(api: Caller, covered: City) -> None:
    before = owed(covered)
    assert api.settle(a_bill("0001", "2022-04-18", 30_000_00)).json()["payable"] == "11000.00"
    assert api.settle(a_bill("0001", "2022-04-18", 30_000_00), client="hospital-2").json()["payable"] == "16500.00"
    api.settle(reversal("R", "2022-04-19", "0001"), client="hospital-2")
    assert owed_since(covered, before) == {("claim_payable", "hospital:hospital-1"): 11_000_00}
    assert verify_city(covered).faults == []
    assert api.get("hospital-2", "/api/v1/settlements/0001").json()["payable"] == "16500.00"


def test_a_reversal_of_itself_is_refused_as_in_files(api: Caller, covered: City) -> None:
    answer = api.settle(reversal("R", "2022-04-20", "R"))
    assert (answer.status_code, answer.json()["code"]) == (422, "reverses_reversal")


def test_a_refusal_names_ids_as_they_were_sent_where_two_senders_used_one(api: Caller, covered: City) -> None:
    for sender in ("hospital-1", "hospital-2"):
        assert api.settle(a_bill("A", "2022-04-18", 30_000_00), sender).status_code == 200
    assert api.settle(reversal("R", "2022-04-19", "A")).status_code == 200
    again = api.settle(reversal("R2", "2022-04-19", "A")).json()
    assert (again["code"], again["detail"]) == (
        "already_reversed",
        "settlement A was already reversed by an earlier row",
    )
    assert ReviewItem.objects.of(covered).get(setl_id="R2").values == {"named": "A"}
