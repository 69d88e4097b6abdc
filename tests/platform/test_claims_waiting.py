"""Reversals that come before what they name end as if they had come after it, and none waits unseen for long."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from cast import WANG_FANG
from claims_support import bureau, change, found, it_is, owed, reversal
from huimin.platform.claims.models import Finding, ReviewItem, SettlementFact
from huimin.platform.claims.selectors import long_waiting
from huimin.platform.foundation.models import City
from huimin.platform.ledger.verification import verify_city
from neighbours import beside
from platform_support import Caller, a_bill, logged_in

BILL = ("hospital-1", a_bill("A", "2022-04-18", 50_000_00))
OF_ANOTHER_MEMBER = ("hospital-1", reversal("R", "2022-04-19", "A", psn_no=WANG_FANG))
OF_ANOTHER_SENDER = ("hospital-2", reversal("R", "2022-04-19", "A"))
REVERSAL = ("hospital-1", reversal("T", "2022-04-19", "A"))
OF_A_REVERSAL = ("hospital-1", reversal("R", "2022-04-19", "T"))
OF_A_REVERSAL_AND_MEMBER = ("hospital-1", reversal("R", "2022-04-19", "T", psn_no=WANG_FANG))
AGAIN = ("hospital-1", reversal("R", "2022-04-19 12:00:00", "A"))
Sent = tuple[str, dict[str, str]]


def send(api: Caller, *messages: Sent) -> list[Any]:
    return [api.settle(body, client=client).json() for client, body in messages]


def cases(city: City) -> list[tuple[str, str, bool]]:
    """What was held or set aside under the id R: id, reason, and whether it is open."""
    rows = ReviewItem.objects.of(city).filter(setl_id="R").order_by("pk")
    return [(row.setl_id, row.code, row.is_open) for row in rows]


@pytest.mark.parametrize(
    ("orders", "code", "paid"),
    [
        ([[OF_ANOTHER_MEMBER, BILL], [BILL, OF_ANOTHER_MEMBER]], "reverses_other_member", 22_000_00),
        ([[OF_ANOTHER_SENDER, BILL], [BILL, OF_ANOTHER_SENDER]], "reverses_of_other_sender", 22_000_00),
        (
            [[BILL, OF_A_REVERSAL, REVERSAL], [OF_A_REVERSAL, REVERSAL, BILL], [BILL, REVERSAL, OF_A_REVERSAL]],
            "reverses_reversal",
            0,
        ),
        (
            [[BILL, OF_A_REVERSAL_AND_MEMBER, REVERSAL], [BILL, REVERSAL, OF_A_REVERSAL_AND_MEMBER]],
            "reverses_other_member",
            0,
        ),
        ([[REVERSAL, AGAIN, BILL], [REVERSAL, BILL, AGAIN], [BILL, REVERSAL, AGAIN]], "already_reversed", 0),
    ],
    ids=["another member's", "another sender's", "a reversal", "another member's reversal", "reversed already"],
)
@pytest.mark.parametrize("which", [0, 1, -1])
def test_a_reversal_that_cannot_be_right_ends_in_the_queue_whichever_comes_first(
    api: Caller, covered: City, which: int, orders: list[list[Sent]], code: str, paid: int
) -> None:
    before = owed(covered)
    send(api, *orders[which])
    assert cases(covered) == [("R", code, True)]
    wrong = next(body for _, body in orders[which] if body["setl_id"] == "R")
    assert ReviewItem.objects.of(covered).get(setl_id="R").values == {"named": wrong["reverses"]}
    assert change(before, owed(covered)) == ({("claim_payable", "hospital:hospital-1"): paid} if paid else {})
    assert verify_city(covered).faults == []


@pytest.mark.parametrize("early", [True, False])
def test_a_reversal_that_was_set_aside_is_told_to_its_sender_as_one_that_was_held(
    api: Caller, covered: City, early: bool
) -> None:
    send(api, *([OF_ANOTHER_MEMBER, BILL] if early else [BILL, OF_ANOTHER_MEMBER]))
    again = api.settle(OF_ANOTHER_MEMBER[1])
    assert (again.status_code, again.json()["code"]) == (422, "reverses_other_member")
    assert api.get("hospital-1", "/api/v1/settlements/R").status_code == 404
    assert cases(covered) == [("R", "reverses_other_member", True)]


@pytest.mark.parametrize("early", [True, False])
def test_a_reversal_that_was_set_aside_and_is_sent_again_rightly_counts_and_leaves_the_queue(
    api: Caller, covered: City, early: bool
) -> None:
    before = owed(covered)
    send(api, *([OF_ANOTHER_MEMBER, BILL] if early else [BILL, OF_ANOTHER_MEMBER]))
    (answer,) = send(api, ("hospital-1", reversal("R", "2022-04-19", "A")))
    assert answer["status"] == "reversal"
    assert cases(covered) == [("R", "reverses_other_member", False)]
    assert api.get("hospital-1", "/api/v1/settlements/R").json()["status"] == "reversal"
    assert change(before, owed(covered)) == {}
    assert verify_city(covered).faults == []


@pytest.mark.parametrize("early", [True, False])
def test_a_hospital_whose_own_bill_comes_last_has_its_reversal_released_by_a_person(
    api: Caller, covered: City, early: bool
) -> None:
    before = owed(covered)
    send(api, *([OF_ANOTHER_SENDER, BILL] if early else [BILL, OF_ANOTHER_SENDER]))
    (own,) = send(api, ("hospital-2", a_bill("A", "2022-04-19", 10_000_00)))
    assert (own["status"], own["payable"]) == ("adjudicated", "5500.00")
    answer = found(covered, ReviewItem.objects.of(covered).get(setl_id="R"), Finding.RELEASE).answer
    assert answer is not None
    assert answer.status == "reversal"
    assert not SettlementFact.objects.of(covered).filter(setl_id="R").order_by("-pk")[0].decided_afterwards
    assert change(before, owed(covered)) == {("claim_payable", "hospital:hospital-1"): 22_000_00}
    assert verify_city(covered).faults == []


@pytest.mark.parametrize("early", [True, False])
def test_a_reversal_that_a_person_refused_stays_refused_whichever_came_first(
    api: Caller, covered: City, early: bool
) -> None:
    send(api, *([OF_ANOTHER_MEMBER, BILL] if early else [BILL, OF_ANOTHER_MEMBER]))
    found(covered, ReviewItem.objects.of(covered).get(setl_id="R"), Finding.REFUSE, "no such reversal")
    (answer,) = send(api, OF_ANOTHER_MEMBER)
    assert answer["code"] == "refused_on_review"
    assert verify_city(covered).faults == []


def test_the_senders_own_reversal_and_the_bureaus_before_it_both_join_their_bill(api: Caller, covered: City) -> None:
    bureau(covered)
    send(api, ("bureau", reversal("Q", "2022-04-19", "A")), ("hospital-1", reversal("R", "2022-04-19", "A")), BILL)
    assert cases(covered) == []
    assert verify_city(covered).faults == []


@pytest.mark.parametrize("bill_at", [0, 1, 2])
@pytest.mark.parametrize("bureau_first", [True, False])
def test_the_bureau_and_the_sender_may_both_reverse_a_bill_in_any_order(
    api: Caller, covered: City, bill_at: int, bureau_first: bool
) -> None:
    bureau(covered)
    before = owed(covered)
    messages = [("bureau", reversal("R", "2022-04-19", "A")), REVERSAL]
    messages = messages if bureau_first else messages[::-1]
    messages.insert(bill_at, BILL)
    answers = send(api, *messages)
    assert {answer["status"] for answer in answers} <= {"adjudicated", "cancelled", "reversal", "reversal_waiting"}
    assert cases(covered) == []
    assert change(before, owed(covered)) == {}
    assert verify_city(covered).faults == []


def test_a_second_reversal_by_the_bureau_is_held(api: Caller, covered: City) -> None:
    bureau(covered)
    send(api, BILL, ("bureau", reversal("Q", "2022-04-19", "A")), REVERSAL)
    (again,) = send(api, ("bureau", reversal("R", "2022-04-20", "A")))
    assert again["code"] == "already_reversed"
    assert cases(covered) == [("R", "already_reversed", True)]
    assert verify_city(covered).faults == []


def test_a_case_that_was_closed_before_does_not_hide_the_one_that_is_opened_for_the_bill(
    api: Caller, covered: City
) -> None:
    """It was held as dated in the future; a day later it was sent again and waited."""
    early = ("hospital-1", reversal("R", "2022-04-22", "A", psn_no=WANG_FANG))
    send(api, early)
    it_is(covered, date(2022, 4, 22))
    send(api, early, BILL)
    assert cases(covered) == [("R", "settlement_in_future", False), ("R", "reverses_other_member", True)]
    assert verify_city(covered).faults == []


def test_a_reversal_that_waits_for_more_than_seven_days_is_seen_until_its_bill_comes(
    api: Caller, covered: City
) -> None:
    send(api, ("hospital-1", reversal("R", "2022-04-19", "A")))
    it_is(covered, date(2022, 4, 26))
    assert list(long_waiting(covered)) == []
    it_is(covered, date(2022, 4, 27))
    assert [row.setl_id for row in long_waiting(covered)] == ["R"]
    send(api, BILL)
    assert list(long_waiting(covered)) == []


def test_a_later_revision_of_another_id_hides_no_reversal_that_waits(api: Caller, covered: City) -> None:
    send(api, ("hospital-1", reversal("R", "2022-04-19", "A")))
    other = SettlementFact.objects.of(covered).exclude(setl_id="R").filter(client__code="hospital-1")[0]
    beside(other, setl_id="OTHER", revision=7)
    it_is(covered, date(2022, 4, 27))
    assert [row.setl_id for row in long_waiting(covered)] == ["R"]


def test_a_reversal_that_was_set_aside_does_not_wait(api: Caller, covered: City) -> None:
    send(api, OF_ANOTHER_MEMBER, BILL)
    it_is(covered, date(2022, 5, 20))
    assert list(long_waiting(covered)) == []


@pytest.mark.parametrize(
    ("language", "words"),
    [("zh-hans", "1 笔冲销等待其账单超过 7 天"), ("en", "waited for their bill for more than 7 days: 1")],
)
def test_the_handlers_queue_shows_reversals_that_have_waited_long(
    api: Caller, covered: City, settings: Any, language: str, words: str
) -> None:
    settings.SECOND_FACTOR = False
    send(api, ("hospital-1", reversal("R", "2022-04-19", "LOST")))
    client = logged_in("handler", language)
    assert "LOST" not in client.get("/staff/reviews/").content.decode()
    it_is(covered, date(2022, 4, 28))
    page = client.get("/staff/reviews/").content.decode()
    assert words in page
    assert "LOST" in page


def test_a_bill_for_which_a_wrong_reversal_waited_takes_at_most_eight_statements_more_than_others(
    api: Caller, covered: City
) -> None:
    taken = []
    for early in ([], [OF_ANOTHER_MEMBER]):
        send(api, *early)
        name = "A" if early else "B"
        with CaptureQueriesContext(connection) as captured:
            send(api, ("hospital-1", a_bill(name, "2022-04-18", 20_000_00)))
        taken.append(sum(not q["sql"].startswith(("SAVEPOINT", "RELEASE")) for q in captured))
    # Of the eight, one asks for the city's days, one begins the history of the bill that is held, and one puts into the
    # queue that the insured is to be paid, who is owed what the hospital was not answered.
    assert taken[1] - taken[0] <= 8


def test_the_answer_to_a_reversal_that_waits_can_be_asked_for_again(api: Caller, covered: City) -> None:
    sent = api.settle(reversal("R", "2022-04-19", "A")).json()
    found = api.get("hospital-1", "/api/v1/settlements/R")
    assert (found.status_code, found.json()) == (200, sent)
    assert found.json()["status"] == "reversal_waiting"
