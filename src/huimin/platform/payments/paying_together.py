"""Many notices of payments in one transaction: those that pay just what was asked for, as nearly all do.

Repeats, other amounts, failures, money of no order and everything else that is odd is left to `record_notice`.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence

from huimin.platform.foundation.authorising import authorise
from huimin.platform.foundation.models import City, ask_together
from huimin.platform.foundation.permissions import Action
from huimin.platform.payments.models import Payment, PaymentNotice, Purpose, Receipt, Verdict
from huimin.platform.payments.notices import MOVED, move_on, notice_row, pays, receipt_of
from huimin.platform.payments.payment_facts import PaymentFacts, payment_facts
from huimin.platform.payments.taking import TakenNotice

__all__ = ["pay_together"]

Complete = Callable[[Sequence[PaymentFacts]], Collection[int]]
"""Does what follows from these payments, and gives the keys of those for which it did."""


def pay_together(*, city: City, taken: Sequence[TakenNotice], complete: Complete) -> list[int]:
    """Record notices and what `complete` says follows from them. Call it in `writing_together`, with notices of a city.

    The payments are locked in the order of their keys. Returns the places of the notices that were recorded: nothing is
    written for the others. If a receipt came meanwhile the database raises IntegrityError, and nothing is written.
    Raises NotAllowed.
    """
    for one in taken:
        authorise(one.actor, Action.REPORT_PAYMENT)
    found = _paying(city, taken)
    for place, payment in found.items():
        move_on(payment, taken[place].notice, Verdict.PAID, taken[place].came)
    completed = set(complete([payment_facts(payment) for payment in found.values()])) if found else set()
    done = {place: payment for place, payment in found.items() if payment.pk in completed}
    notices = [
        notice_row(city, taken[place].provider, payment, taken[place].notice, taken[place].came, Verdict.PAID)
        for place, payment in done.items()
    ]
    PaymentNotice.objects.queue(notices)
    Receipt.objects.queue(receipt_of(notice, Purpose.COVER) for notice in notices)
    Payment.objects.rewrite_each(list(done.values()), *MOVED)
    return list(done)


def _paying(city: City, taken: Sequence[TakenNotice]) -> dict[int, Payment]:
    """By place: the payments that a notice pays in full, as the first of this payment and of its transaction."""
    references = {one.notice.reference for one in taken}
    transactions = {one.notice.transaction for one in taken}
    rows, told = ask_together(
        Payment.objects.asking(city, {"reference": references}, order_by=("id",), lock=True),
        Receipt.objects.picking(city, ("provider", "transaction"), {"transaction": transactions}),
    )
    payments = {(row.provider, row.reference): row for row in rows}
    known = {(provider, transaction) for provider, transaction in told}
    found: dict[int, Payment] = {}
    for place, one in enumerate(taken):
        payment = payments.pop((one.provider, one.notice.reference), None)
        transaction = (one.provider, one.notice.transaction)
        if payment is not None and transaction not in known and pays(payment, one.notice):
            found[place] = payment
            known.add(transaction)
    return found
