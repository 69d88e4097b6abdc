"""What a till is short or has too much is written off by two people, neither of whom has the till."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest

from acting import acting
from counter_support import an_issued_order, serving
from huimin.errors import HuiminError
from huimin.platform.counter.tills import close_till, closings, confirm_banked, in_till
from huimin.platform.counter.writing_off import agree_to_write_off, propose_write_off, proposed_write_offs
from huimin.platform.foundation.approvals.models import Answer
from huimin.platform.foundation.models import AuditEvent, City
from huimin.platform.ledger.models import Posting
from huimin.platform.ledger.verification import verify_city

PRICE = 158_00


def in_accounts(city: City) -> tuple[int, int]:
    """In the till's account, and written off of it."""
    rows = Posting.objects.of(city).filter(party=f"till:{serving(city).key}")
    till, gone = (
        sum(rows.filter(account=account).values_list("amount", flat=True))
        for account in ("cash_till", "cash_difference")
    )
    return till, gone


def counted(city: City, fen: int) -> int:
    """One premium more is taken, and so much is found in the till."""
    an_issued_order(city)
    return close_till(actor=serving(city), counted=fen, note="与账面不符")


def propose(city: City, closing: int) -> None:
    propose_write_off(actor=acting(city, "handler"), closing_id=closing, note="已核对监控")


def agree(city: City, closing: int, *, agrees: bool = True) -> Answer:
    actor = acting(city, "approver")
    return agree_to_write_off(actor=actor, closing_id=closing, agrees=agrees, note="同意").answer


def refused(call: Callable[[], object]) -> str:
    with pytest.raises(HuiminError) as caught:
        call()
    return caught.value.code


@pytest.mark.parametrize("short", [8_00, -2_00])
def test_a_difference_is_written_off_and_the_till_is_even(city: City, short: int) -> None:
    closing = counted(city, PRICE - short)
    propose(city, closing)
    assert proposed_write_offs(city, [closing])[closing].would_change["amount"] == short
    assert agree(city, closing) is Answer.APPROVED
    confirm_banked(actor=acting(city, "handler"), closing_id=closing, bank="pool-1", transfer="S1")
    assert (in_till(city, serving(city).key), in_accounts(city)) == (0, (0, short))
    (seen,) = closings(city)
    assert (seen.short, seen.stands, seen.written_off_by) == (short, False, acting(city, "approver").text)
    told = AuditEvent.objects.of(city).get(action="till_written_off")
    assert (told.subject, told.detail) == (f"till_closing:{closing}", {"amount": short})
    assert verify_city(city).faults == []


def test_a_difference_that_was_counted_again_is_written_off_once_at_the_last_closing(city: City) -> None:
    first = counted(city, PRICE - 8_00)
    second = counted(city, PRICE)
    assert [(one.short, one.stands) for one in closings(city)] == [(8_00, True), (8_00, False)]
    assert refused(lambda: propose(city, first)) == "nothing_to_write_off"
    propose(city, second)
    agree(city, second)
    assert in_till(city, serving(city).key) == 0
    assert refused(lambda: propose(city, second)) == "nothing_to_write_off"
    assert in_till(city, serving(city).key) == 0
    an_issued_order(city)
    close_till(actor=serving(city), counted=PRICE)
    assert [one.stands for one in closings(city)] == [False, False, False]


def test_what_was_sent_back_stands(city: City) -> None:
    closing = counted(city, PRICE - 8_00)
    propose(city, closing)
    assert agree(city, closing, agrees=False) is Answer.SENT_BACK
    assert in_till(city, serving(city).key) == 8_00
    assert closings(city)[0].stands


def test_a_closing_made_after_the_proposal_takes_its_difference_along(city: City) -> None:
    closing = counted(city, PRICE - 8_00)
    propose(city, closing)
    counted(city, PRICE)
    assert refused(lambda: agree(city, closing)) == "nothing_to_write_off"
    assert in_till(city, serving(city).key) == 8_00


def test_whoever_has_the_till_neither_proposes_nor_agrees(city: City) -> None:
    closing, owner = counted(city, PRICE - 8_00), serving(city).key
    handler, approver = (replace(acting(city, role), key=owner) for role in ("handler", "approver"))
    assert refused(lambda: propose_write_off(actor=handler, closing_id=closing, note="x")) == "same_person"
    propose(city, closing)
    assert (
        refused(lambda: agree_to_write_off(actor=approver, closing_id=closing, agrees=True, note="x")) == "same_person"
    )
    assert in_till(city, owner) == 8_00


@pytest.mark.parametrize("note", ["", "  "])
def test_it_is_said_why(city: City, note: str) -> None:
    closing, handler = counted(city, PRICE - 8_00), acting(city, "handler")
    assert refused(lambda: propose_write_off(actor=handler, closing_id=closing, note=note)) == "note_missing"


def test_an_even_till_and_one_that_is_not_there_have_nothing_to_write_off(city: City) -> None:
    an_issued_order(city)
    even = close_till(actor=serving(city), counted=PRICE)
    assert refused(lambda: propose(city, even)) == "nothing_to_write_off"
    assert refused(lambda: propose(city, even + 999)) == "nothing_to_write_off"
    assert refused(lambda: agree(city, even)) == "nothing_to_agree"
