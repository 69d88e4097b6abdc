"""One id of one sender is one bill: the same content again, other content, and what a person finds of two contents."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import IntegrityError, transaction

from cast import FATHER, WANG_FANG
from claims_support import change, found, owed, reversal, staff
from huimin.adjudication import adjudicate
from huimin.adjudication.admission import as_the_plan_asks
from huimin.platform.api.settlement_json import settlement_json
from huimin.platform.catalogue.selectors import terms_by_digest
from huimin.platform.claims import outcome
from huimin.platform.claims.cases.failures import ReviewError
from huimin.platform.claims.models import (
    ONE_FACT_A_REVISION,
    BenefitDecisionVersion,
    Finding,
    ReviewItem,
    SettlementFact,
)
from huimin.platform.claims.reviews import find
from huimin.platform.claims.selectors import settlement_answer
from huimin.platform.enrolment.models import Policy
from huimin.platform.foundation.authorising import NotAllowed
from huimin.platform.foundation.constraints import violates
from huimin.platform.foundation.models import ONE_ANSWER_FOR_A_KEY, ApiClient, City, IdempotentRequest
from huimin.platform.ledger.api import Owed
from huimin.platform.ledger.selectors import balances
from huimin.platform.ledger.verification import verify_city
from huimin.settlement.reading import settlement_from_row
from platform_support import Caller, a_bill

FIRST = a_bill("A", "2022-04-18", 50_000_00)
SECOND = a_bill("A", "2022-04-18", 60_000_00)
LATER = a_bill("B", "2022-04-19", 30_000_00)


def case(city: City, setl_id: str = "A") -> ReviewItem:
    return ReviewItem.objects.of(city).get(setl_id=setl_id, code="conflicting_duplicate", closed_at=None)


def paid(city: City) -> dict[str, int]:
    """What the plan pays on the father's bills now, by id."""
    rows = BenefitDecisionVersion.objects.of(city).filter(policy__psn_no=FATHER).values_list("settlement__setl_id")
    total: dict[str, int] = {}
    for setl_id, fen in rows.values_list("settlement__setl_id", "change"):
        total[setl_id] = total.get(setl_id, 0) + fen
    return total


def test_other_content_opens_a_case_and_what_was_answered_stands(api: Caller, covered: City) -> None:
    first = api.settle(FIRST)
    before = balances(covered)
    other = api.settle(SECOND)
    assert (other.status_code, other.json()["code"]) == (409, "conflicting_duplicate")
    assert other.json()["review"] == case(covered).pk
    assert balances(covered) == before
    assert api.settle(FIRST).json() == first.json()
    assert api.settle(SECOND).json()["review"] == case(covered).pk


def test_other_content_that_cannot_be_decided_is_a_conflict_all_the_same(api: Caller, covered: City) -> None:
    api.settle(FIRST)
    assert api.settle({**FIRST, "med_type": "41"}).json()["code"] == "conflicting_duplicate"


def test_when_the_first_is_found_genuine_nothing_changes(api: Caller, covered: City) -> None:
    api.settle(FIRST)
    api.settle(SECOND)
    before, item = balances(covered), case(covered)
    assert found(covered, item, Finding.FIRST_STANDS).answer is None
    item.refresh_from_db()
    assert (item.outcome, item.closed_by) == ("first_stands", f"staff:{staff(covered, 'handler').key}")
    assert balances(covered) == before
    assert api.settle(SECOND).status_code == 409
    assert verify_city(covered).faults == []


def test_when_the_second_is_found_genuine_the_difference_is_posted_and_later_bills_follow(
    api: Caller, covered: City
) -> None:
    before = owed(covered)
    api.settle(FIRST)
    api.settle(LATER)
    api.settle(SECOND)
    answer = found(covered, case(covered), Finding.SECOND_STANDS).answer
    # 50,000 × 55 %, and the later bill's 30,000 as before: the deductible was used up by the first content too.
    assert answer is not None
    assert answer.payable == 27_500_00
    assert change(before, owed(covered)) == {("claim_payable", "hospital:hospital-1"): 27_500_00 + 16_500_00}
    revisions = SettlementFact.objects.of(covered).filter(setl_id="A").order_by("revision")
    assert [(fact.revision, fact.amounts["psn_part_amt"]) for fact in revisions] == [(0, 50_000_00), (1, 60_000_00)]
    assert api.get("hospital-1", "/api/v1/settlements/A").json() == settlement_json(answer)
    assert api.settle(SECOND).json() == settlement_json(answer)
    assert verify_city(covered).faults == []


def test_files_with_the_right_row_alone_and_the_platform_after_the_finding_come_to_one_end(
    api: Caller, covered: City
) -> None:
    for body in (LATER, FIRST, a_bill("C", "2022-04-18", 3_333_33, 44_444_44), SECOND):
        api.settle(body)
    found(covered, case(covered), Finding.SECOND_STANDS)
    policy = Policy.objects.of(covered).get(psn_no=FATHER)
    rows = [settlement_from_row(body) for body in (SECOND, LATER, a_bill("C", "2022-04-18", 3_333_33, 44_444_44))]
    terms = terms_by_digest(covered, policy.plan_year_id, policy.plan_digest)
    year = adjudicate(terms.program, as_the_plan_asks(terms.program, policy.member()), rows)
    assert {d.settlement.setl_id: d.payable for d in year.decisions} == paid(covered)
    assert verify_city(covered).faults == []


def test_a_second_content_of_another_member_moves_the_bill_and_its_reversal(api: Caller, covered: City) -> None:
    before = balances(covered)
    api.settle(FIRST)
    api.settle(reversal("R", "2022-04-19", "A"))
    other = {**FIRST, "psn_no": WANG_FANG}
    assert api.settle(other).json()["code"] == "conflicting_duplicate"
    answer = found(covered, case(covered), Finding.SECOND_STANDS).answer
    assert answer is not None
    assert answer.status == "cancelled"
    assert change(before, balances(covered)) == {}
    assert verify_city(covered).faults == []


def test_a_second_content_of_another_member_is_paid_under_that_members_policy(api: Caller, covered: City) -> None:
    before = owed(covered)
    api.settle(FIRST)
    api.settle({**FIRST, "psn_no": WANG_FANG})
    answer = found(covered, case(covered), Finding.SECOND_STANDS).answer
    assert answer is not None
    # Wang Fang has no earlier illness: 40,000 at 65 %.
    assert (answer.payable, answer.policy_number) == (
        26_000_00,
        Policy.objects.of(covered).get(psn_no=WANG_FANG).number,
    )
    assert change(before, owed(covered)) == {("claim_payable", "hospital:hospital-1"): 26_000_00}
    assert [row.withdrawn for row in SettlementFact.objects.of(covered).filter(setl_id="A").order_by("pk")] == [
        False,
        True,
        False,
    ]
    assert verify_city(covered).faults == []


def test_a_reversal_that_names_the_wrong_bill_is_corrected(api: Caller, covered: City) -> None:
    before = owed(covered)
    api.settle(FIRST)
    api.settle(LATER)
    api.settle(reversal("R", "2022-04-19", "A"))
    api.settle(reversal("R", "2022-04-19", "B"))
    found(covered, case(covered, "R"), Finding.SECOND_STANDS)
    assert change(before, owed(covered)) == {("claim_payable", "hospital:hospital-1"): 22_000_00}
    assert verify_city(covered).faults == []


def test_a_second_content_that_would_be_held_is_not_accepted(api: Caller, covered: City) -> None:
    api.settle(FIRST)
    api.settle({**FIRST, "medfee_sumamt": "1.00"})
    before = balances(covered)
    with pytest.raises(ReviewError) as caught:
        found(covered, case(covered), Finding.SECOND_STANDS)
    assert caught.value.code == "unbalanced_total"
    assert balances(covered) == before
    assert case(covered).closed_at is None


def test_a_conflict_is_neither_released_nor_refused(api: Caller, covered: City) -> None:
    api.settle(FIRST)
    api.settle(SECOND)
    for finding in (Finding.RELEASE, Finding.REFUSE):
        with pytest.raises(ReviewError) as caught:
            found(covered, case(covered), finding)
        assert caught.value.code == "wrong_finding"


def test_only_the_constraint_that_says_so_is_answered_as_a_conflict(
    api: Caller, covered: City, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def broken(change: Any, shares: Any, moment: Any) -> Any:
        raise IntegrityError("NOT NULL constraint failed: claims_settlementfact.payee")

    monkeypatch.setattr(outcome, "post_change", broken)
    answer = api.settle(FIRST)
    assert (answer.status_code, answer.json()["code"]) == (500, "internal_error")
    assert "IntegrityError" in caplog.text
    assert not ReviewItem.objects.of(covered).filter(setl_id="A").exists()


def test_a_broken_constraint_is_known_by_its_name(api: Caller, covered: City) -> None:
    api.settle(FIRST)
    fact = SettlementFact.objects.of(covered).get(setl_id="A")
    client = ApiClient.objects.get(city=covered, code="hospital-1")

    def attempt(**values: Any) -> IntegrityError:
        fields = {f.attname: getattr(fact, f.attname) for f in SettlementFact._meta.concrete_fields[1:]}
        with pytest.raises(IntegrityError) as caught, transaction.atomic():
            SettlementFact.objects.insert([SettlementFact(**{**fields, **values})])
        return caught.value

    twice = attempt()
    assert violates(twice, SettlementFact, ONE_FACT_A_REVISION)
    assert not violates(twice, IdempotentRequest, ONE_ANSWER_FOR_A_KEY)
    assert not violates(attempt(setl_id="Z", psn_no=None), SettlementFact, ONE_FACT_A_REVISION)
    row = {"city": covered, "client": client, "key": "k", "request_digest": "d", "answer": {}}
    with pytest.raises(IntegrityError) as caught, transaction.atomic():
        for _ in range(2):
            IdempotentRequest.objects.create(**row, created_at=fact.received_at)
    assert violates(caught.value, IdempotentRequest, ONE_ANSWER_FOR_A_KEY)


def test_what_a_handler_may_not_find_the_approver_may_not_either(api: Caller, covered: City) -> None:
    api.settle(FIRST)
    api.settle(SECOND)
    with pytest.raises(NotAllowed) as caught:
        find(actor=staff(covered, "approver"), review_id=case(covered).pk, finding=Finding.SECOND_STANDS, note="x")
    assert caught.value.code == "not_allowed"


def test_an_answer_is_found_again_under_another_spelling_of_its_id(api: Caller, covered: City) -> None:
    first = api.settle(FIRST).json()
    client = ApiClient.objects.select_related("city").get(city=covered, code="hospital-1")
    answer = settlement_answer(client, "Ａ ")
    assert answer is not None
    assert settlement_json(answer) == first


def test_a_second_content_that_reverses_a_bill_to_come_waits_for_it(api: Caller, covered: City) -> None:
    before = balances(covered)
    api.settle(FIRST)
    api.settle(reversal("A", "2022-04-18", "Z"))
    answer = found(covered, case(covered), Finding.SECOND_STANDS).answer
    assert answer is not None
    assert (answer.status, answer.payable, answer.owed) == ("reversal_waiting", 0, Owed(0, 0))
    assert change(before, balances(covered)) == {}
    api.settle(a_bill("Z", "2022-04-18", 50_000_00))
    assert change(before, balances(covered)) == {}
    assert verify_city(covered).faults == []
