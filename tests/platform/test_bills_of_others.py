"""Bills and held bills: what is asked for of one is found without those of another year, sender or id beside it."""

from __future__ import annotations

import json
from datetime import date
from typing import Any

from cast import FATHER, STRANGER
from claims_support import found, it_is, next_year, policy_in, reversal
from huimin.platform.catalogue.selectors import plan_on_sale, plan_year_named
from huimin.platform.claims.cases.checking import check_queue
from huimin.platform.claims.figures import (
    AreaClaims,
    bills_on_policy,
    bills_received,
    claims_by_area,
    payable_by_benefit,
    reviews_waiting,
)
from huimin.platform.claims.models import Finding, ReviewItem, SettlementFact
from huimin.platform.claims.recalculating import YearAgain, bills_after, would_differ_from
from huimin.platform.claims.selectors import claims_of_policies, long_waiting, review_content
from huimin.platform.enrolment.models import Policy
from huimin.platform.enrolment.selectors import policies_by_id
from huimin.platform.foundation.models import AuditEvent, City
from neighbours import beside
from platform_support import Caller, a_bill


def fact(city: City, setl_id: str, client: str = "hospital-1") -> SettlementFact:
    row: SettlementFact = SettlementFact.objects.of(city).filter(client__code=client, setl_id=setl_id).latest("pk")
    return row


def fathers(city: City) -> Any:
    policy = Policy.objects.of(city).get(psn_no=FATHER, plan_year__plan_id="jiangsu/yihuibao-1/2022")
    return policies_by_id(city, [policy.pk])[policy.pk]


def test_figures_of_claims_are_of_one_plan_year(api: Caller, covered: City) -> None:
    this, that = plan_on_sale(covered), next_year(covered)
    following = plan_year_named(covered, that.plan_id)
    assert this is not None
    assert following is not None
    policy_in(covered, that)
    before, bills = claims_by_area(covered, this), bills_received(covered, this)
    api.settle(a_bill("A", "2022-04-18", 30_000_00))
    policy = fathers(covered)
    paid = payable_by_benefit(covered, this.id)
    assert sum(paid.values()) > 0
    area, old = policy.area_id, before.get(policy.area_id, AreaClaims(0, 0))
    assert claims_by_area(covered, this)[area] == AreaClaims(
        old.paid_bills + 1, old.payable + bills_on_policy(policy).paid
    )
    assert bills_received(covered, this) == bills + 1
    assert (claims_by_area(covered, following), payable_by_benefit(covered, that.pk)) == ({}, {})
    assert bills_received(covered, following) == 0


def test_neither_a_reversed_bill_nor_its_reversal_is_a_bill_that_counts(api: Caller, covered: City) -> None:
    this = plan_on_sale(covered)
    assert this is not None
    before = bills_received(covered, this)
    api.settle(a_bill("A", "2022-04-18", 20_000_00))
    assert bills_received(covered, this) == before + 1
    api.settle(reversal("R", "2022-04-19", "A"))
    assert bills_received(covered, this) == before


def test_bills_that_came_for_a_policy_are_counted_with_those_that_are_held_for_its_member(
    api: Caller, covered: City
) -> None:
    waiting = reviews_waiting(covered)
    api.settle(a_bill("A", "2022-04-18", 30_000_00))
    api.settle({**a_bill("U", "2022-04-18", 20_000_00), "medfee_sumamt": "34411.99"})
    api.settle({**a_bill("V", "2022-04-18", 20_000_00), "psn_no": STRANGER})
    assert bills_on_policy(fathers(covered)).count == 2
    assert reviews_waiting(covered) == waiting + 2
    for review in ReviewItem.objects.of(covered).filter(setl_id="U"):
        found(covered, review, Finding.REFUSE, "not a bill")
    assert bills_on_policy(fathers(covered)).count == 1
    assert reviews_waiting(covered) == waiting + 1
    event = AuditEvent.objects.of(covered).filter(action=f"finding_{Finding.REFUSE}").latest("pk")
    assert event.detail == {"amount": 0, "needs_second": False}
    # What was closed is what its history says.
    assert check_queue(covered) == []


def test_a_reversal_that_was_withdrawn_cancels_its_bill_no_longer(api: Caller, covered: City) -> None:
    api.settle(a_bill("A", "2022-04-18", 30_000_00))
    api.settle(reversal("R", "2022-04-19", "A"))
    policy = fathers(covered)

    def cancelled() -> dict[str, bool]:
        return {row.bill.setl_id: row.cancelled for row in claims_of_policies(covered, [policy.id], 1)}

    assert cancelled() == {"A": True}
    beside(fact(covered, "R"), revision=1, withdrawn=True)
    assert cancelled() == {"A": False}


def test_a_held_conflict_is_shown_beside_what_the_same_sender_sent_under_this_id(api: Caller, covered: City) -> None:
    api.settle(a_bill("A", "2022-04-18", 20_000_00))
    api.settle(a_bill("A", "2022-04-18", 25_000_00), client="hospital-2")
    api.settle(a_bill("B", "2022-04-18", 22_000_00))
    first, other, body = fact(covered, "A"), fact(covered, "B"), a_bill("A", "2022-04-18", 21_000_00)
    beside(other, revision=9)
    beside(fact(covered, "A", "hospital-2"), revision=9)
    beside(first, revision=9, withdrawn=True, body=json.dumps({}))
    review = ReviewItem(city=covered, client=first.client, setl_id="A", code="conflicting_duplicate")
    review.body = json.dumps(body)
    answered = json.loads(first.body)
    expected = {name: (value, answered[name]) for name, value in body.items() if value != answered[name]}
    assert expected
    assert {name: (came, before) for name, came, before in review_content(review)} == expected
    review.code = "unknown_member"
    assert review_content(review) == [(name, value, "") for name, value in body.items()]


def test_a_reversal_for_somebody_without_a_policy_is_held_and_waits_for_no_bill(api: Caller, covered: City) -> None:
    answer = api.settle({**reversal("R", "2022-04-19", "A"), "psn_no": STRANGER})
    assert (answer.status_code, answer.json()["code"]) == (404, "unknown_member")
    assert ReviewItem.objects.of(covered).get(setl_id="R").code == "unknown_member"
    assert not SettlementFact.objects.of(covered).filter(setl_id="R").exists()


def test_a_bill_outside_cover_is_held_with_its_day_and_the_days_of_cover(api: Caller, covered: City) -> None:
    api.settle(a_bill("A", "2022-02-15", 20_000_00))
    review = ReviewItem.objects.of(covered).get(setl_id="A")
    assert (review.code, review.values) == (
        "uncovered_date",
        {"day": "2022-02-15", "periods": "2022-02-16–2022-12-31"},
    )


def test_a_reversal_waits_for_a_week_before_handlers_are_shown_it(api: Caller, covered: City) -> None:
    api.settle(reversal("R", "2022-04-19", "A"))
    it_is(covered, date(2022, 4, 26))
    assert list(long_waiting(covered)) == []
    it_is(covered, date(2022, 4, 28))
    (waiting,) = long_waiting(covered)
    assert (waiting.setl_id, waiting.reverses, waiting.sender.code) == ("R", "A", "hospital-1")
    beside(fact(covered, "R"), revision=1, withdrawn=True)
    assert list(long_waiting(covered)) == []


def test_a_year_decided_again_differs_by_what_is_paid_more_and_less() -> None:
    assert YearAgain({"A": (5, 8), "B": (7, 0)}, 0, lambda _cause, _at: None).difference == -4
    assert YearAgain({}, 0, lambda _cause, _at: None).difference == 0


def test_the_same_facts_decide_no_bill_otherwise_and_bills_after_a_day_leave_that_day_out(
    api: Caller, covered: City
) -> None:
    policy = fathers(covered)
    assert would_differ_from(policy, policy, date(2022, 1, 1)) == []
    api.settle(a_bill("A", "2022-04-18", 30_000_00))
    api.settle(a_bill("B", "2022-04-19", 30_000_00))
    api.settle(reversal("R", "2022-04-19", "A"))
    assert would_differ_from(policy, policy, date(2022, 1, 1)) == []
    assert bills_after(policy, date(2022, 4, 18)) == {"B": date(2022, 4, 19)}
    assert bills_after(policy, date(2022, 4, 17)).keys() == {"A", "B"}
