"""Who is owed a bill that was held at the counter and decided later: the insured, unless the hospital credited them."""

from __future__ import annotations

from typing import Any

import pytest

from cast import FATHER, STRANGER, WANG_FANG
from claims_support import bureau, change, found, owed, reversal, staff
from huimin.platform.claims.cases.failures import ReviewError
from huimin.platform.claims.cases.working_out import findings_for
from huimin.platform.claims.models import Finding, ReviewItem, SettlementFact
from huimin.platform.claims.reviews import agree, find
from huimin.platform.claims.selectors import claim_detail
from huimin.platform.enrolment.models import Policy
from huimin.platform.foundation.models import City
from huimin.platform.ledger.entries import Owed
from huimin.platform.ledger.verification import verify_city
from platform_support import Caller, a_bill, logged_in, resident, signed_in

BILL = {**a_bill("U", "2022-04-18", 20_000_00), "psn_no": STRANGER}
HOSPITAL = ("claim_payable", "hospital:hospital-1")


@pytest.fixture
def policy(covered: City) -> str:
    return f"policy:{Policy.objects.of(covered).get(psn_no=FATHER).number}"


@pytest.fixture
def item(api: Caller, covered: City, policy: str) -> ReviewItem:
    """A bill that came before the register knew its member, as it is by now."""
    assert api.settle(BILL).status_code == 404
    Policy.objects.of(covered).filter(psn_no=FATHER).update(psn_no=STRANGER)
    return ReviewItem.objects.of(covered).get(setl_id="U")


def test_a_released_bill_is_owed_to_the_insured_who_paid_it_at_the_counter(
    covered: City, policy: str, item: ReviewItem
) -> None:
    before = owed(covered)
    answer = found(covered, item, Finding.RELEASE).answer
    assert answer is not None
    assert (answer.payable, answer.owed) == (5_500_00, Owed(0, 5_500_00))
    assert change(before, owed(covered)) == {("claim_payable", policy): 5_500_00}
    assert verify_city(covered).faults == []


def test_the_hospital_that_asks_later_is_told_that_none_of_it_is_to_be_credited(
    api: Caller, covered: City, item: ReviewItem
) -> None:
    before = owed(covered)
    found(covered, item, Finding.RELEASE)
    after = owed(covered)
    for answer in (api.settle(BILL).json(), api.get("hospital-1", "/api/v1/settlements/U").json()):
        assert (answer["payable"], answer["owed"]) == ("5500.00", {"sender": "0.00", "insured": "5500.00"})
    assert owed(covered) == after != before


def test_a_released_bill_that_the_hospital_credited_is_owed_to_the_hospital(
    covered: City, policy: str, item: ReviewItem
) -> None:
    before = owed(covered)
    answer = found(covered, item, Finding.RELEASE_CREDITED, "the hospital's counter says so").answer
    assert answer is not None
    assert answer.owed == Owed(5_500_00, 0)
    assert change(before, owed(covered)) == {HOSPITAL: 5_500_00}
    item.refresh_from_db()
    assert item.outcome == "released_credited"
    assert verify_city(covered).faults == []


@pytest.mark.parametrize(
    ("finding", "party"), [(Finding.RELEASE, ""), (Finding.RELEASE_CREDITED, "hospital:hospital-1")]
)
def test_the_second_person_agrees_with_who_is_owed_as_the_first_found_it(
    covered: City, policy: str, item: ReviewItem, finding: Finding, party: str
) -> None:
    City.objects.filter(pk=covered.pk).update(second_person_above=0)
    covered.refresh_from_db()
    before = owed(covered)
    first = find(actor=staff(covered, "handler"), review_id=item.pk, finding=finding, note="seen")
    assert first.needs_second
    agree(actor=staff(covered, "approver"), review_id=item.pk, agrees=True, note="agreed")
    assert change(before, owed(covered)) == {("claim_payable", party or policy): 5_500_00}


def test_a_held_bill_that_the_hospital_sends_again_is_its_own_to_credit(
    api: Caller, covered: City, item: ReviewItem
) -> None:
    before = owed(covered)
    answer = api.settle(BILL).json()
    assert answer["owed"] == {"sender": "5500.00", "insured": "0.00"}
    assert change(before, owed(covered)) == {HOSPITAL: 5_500_00}
    assert verify_city(covered).faults == []


@pytest.mark.parametrize("by", ["hospital-1", "bureau"])
def test_a_released_bill_that_is_reversed_is_owed_to_nobody(
    api: Caller, covered: City, item: ReviewItem, by: str
) -> None:
    bureau(covered)
    before = owed(covered)
    found(covered, item, Finding.RELEASE)
    answer = api.settle(reversal("R", "2022-04-19", "U", psn_no=STRANGER), client=by).json()
    assert (answer["status"], answer["owed"]) == ("reversal", {"sender": "0.00", "insured": "0.00"})
    assert change(before, owed(covered)) == {}
    assert verify_city(covered).faults == []


def test_what_a_late_bill_changes_of_a_released_one_is_the_insureds_too(
    api: Caller, covered: City, policy: str, item: ReviewItem
) -> None:
    before = owed(covered)
    found(covered, item, Finding.RELEASE)
    late = {**a_bill("LATE", "2022-03-01", 10_000_00), "psn_no": STRANGER}
    assert api.settle(late, client="hospital-2").json()["owed"] == {"sender": "0.00", "insured": "0.00"}
    # The late bill uses the deductible up: the released one pays 20,000 × 55 %.
    assert change(before, owed(covered)) == {("claim_payable", policy): 11_000_00}
    assert verify_city(covered).faults == []


def test_another_content_of_a_released_bill_is_still_the_insureds(
    api: Caller, covered: City, policy: str, item: ReviewItem
) -> None:
    before = owed(covered)
    found(covered, item, Finding.RELEASE)
    second = {**a_bill("U", "2022-04-18", 30_000_00), "psn_no": STRANGER}
    assert api.settle(second).json()["code"] == "conflicting_duplicate"
    conflict = ReviewItem.objects.of(covered).get(setl_id="U", closed_at=None)
    found(covered, conflict, Finding.SECOND_STANDS)
    assert change(before, owed(covered)) == {("claim_payable", policy): 11_000_00}
    assert verify_city(covered).faults == []


def test_another_content_of_a_bill_that_was_answered_at_the_counter_corrects_what_the_hospital_gets(
    api: Caller, covered: City
) -> None:
    before = owed(covered)
    api.settle(a_bill("A", "2022-04-18", 20_000_00))
    api.settle(a_bill("A", "2022-04-18", 30_000_00))
    found(covered, ReviewItem.objects.of(covered).get(setl_id="A"), Finding.SECOND_STANDS)
    assert change(before, owed(covered)) == {HOSPITAL: 11_000_00}
    assert verify_city(covered).faults == []


def test_a_bill_under_the_id_of_a_reversal_was_answered_at_no_counter(api: Caller, covered: City, policy: str) -> None:
    before = owed(covered)
    assert api.settle(reversal("A", "2022-04-18", "NOT-SENT")).json()["status"] == "reversal_waiting"
    assert api.settle(a_bill("A", "2022-04-18", 20_000_00)).json()["code"] == "conflicting_duplicate"
    found(covered, ReviewItem.objects.of(covered).get(setl_id="A"), Finding.SECOND_STANDS)
    assert change(before, owed(covered)) == {("claim_payable", policy): 5_500_00}
    assert verify_city(covered).faults == []


def test_of_a_held_reversal_nobody_is_asked_who_paid(api: Caller, covered: City) -> None:
    api.settle(a_bill("A", "2022-04-18", 20_000_00))
    assert api.settle(reversal("R", "2022-04-19", "A", psn_no=WANG_FANG)).status_code == 422
    held = ReviewItem.objects.of(covered).get(setl_id="R")
    assert findings_for(held) == (Finding.RELEASE, Finding.REFUSE, Finding.ASK_AGAIN)
    with pytest.raises(ReviewError) as caught:
        found(covered, held, Finding.RELEASE_CREDITED)
    assert caught.value.code == "wrong_finding"


def test_the_handlers_page_asks_who_paid_a_held_bill(covered: City, item: ReviewItem, settings: Any) -> None:
    settings.SECOND_FACTOR = False
    page = logged_in("handler").get(f"/staff/reviews/{item.pk}/").content.decode()
    assert 'value="released"' in page
    assert 'value="released_credited"' in page
    assert "患者通常已自行付清，赔款付给被保险人" in page


def test_the_residents_page_says_that_the_plan_pays_them_directly(covered: City, item: ReviewItem) -> None:
    found(covered, item, Finding.RELEASE)
    fact = SettlementFact.objects.of(covered).get(setl_id="U")
    detail = claim_detail(covered, fact.pk)
    assert detail is not None
    assert detail.decided_afterwards
    assert (detail.owed.sender, detail.owed.insured, detail.owes) == (0, 5_500_00, 0)
    page = signed_in(resident(covered, FATHER)).get(f"/{covered.code}/claims/{fact.pk}/").content.decode()
    assert "医院结算时这笔账单尚待核实，本产品当时没有赔付。" in page
    assert "现应付给您" in page
    assert "医院结算时已由计划支付" not in page
    assert "医院已按结算时的金额给您减免" not in page
