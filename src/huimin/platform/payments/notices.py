"""A provider's notice of a payment, which is always recorded, and what follows from it.

Money that a provider has for us is never lost: it pays for an order, or it is owed back, or it belongs to no order of
ours. Which of the three, and why, is recorded on the receipt, in the journal and in the audit, and a person sees what
is odd.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from huimin.platform.foundation.actors import Actor, provider_actor
from huimin.platform.foundation.authorising import authorise
from huimin.platform.foundation.models import City
from huimin.platform.foundation.permissions import Action
from huimin.platform.foundation.services import record_audit
from huimin.platform.gateways.api import Notice
from huimin.platform.ledger.api import post
from huimin.platform.payments.cases import open_case
from huimin.platform.payments.early import allocate, came_early
from huimin.platform.payments.entries import receipt_entry
from huimin.platform.payments.models import (
    Payment,
    PaymentNotice,
    PaymentStatus,
    Purpose,
    Receipt,
    Verdict,
)
from huimin.platform.payments.payment_facts import PaymentFacts, payment_facts

__all__ = [
    "FOR_A_PERSON",
    "MOVED",
    "PaymentOutcome",
    "case_key",
    "move_on",
    "moved_no_money",
    "notice_row",
    "pays",
    "receipt_of",
    "record_notice",
]

_PURPOSES = {
    Verdict.PAID: Purpose.COVER,
    Verdict.OTHER_AMOUNT: Purpose.OWED_BACK,
    Verdict.PAID_AGAIN: Purpose.OWED_BACK,
    Verdict.UNKNOWN_PAYMENT: Purpose.UNALLOCATED,
}
MOVED = ("status", "provider_transaction", "paid_at")
"""The fields of a payment that a notice changes."""
FOR_A_PERSON = (Verdict.OTHER_AMOUNT, Verdict.PAID_AGAIN, Verdict.UNKNOWN_PAYMENT, Verdict.CONTRADICTION)


@dataclass(frozen=True, slots=True)
class PaymentOutcome:
    """`payment` is None if we asked for no such payment. `newly_paid` is true for exactly one notice of a payment,
    `owed_back` for the first notice of each further receipt for it.
    """

    payment: PaymentFacts | None
    newly_paid: bool
    owed_back: bool


def record_notice(
    *, actor: Actor, notice: Notice, at: datetime, came: datetime, look_first: bool = False
) -> PaymentOutcome:
    """Record a notice and update the payment. Call it inside the transaction of what follows from being paid.

    It `came` some time before what follows from it is written `at`.

    Locks the payment. It may run twice: a repeat is recorded and changes nothing. Most notices pay what was asked for,
    with a new transaction, so that no receipt is looked up unless `look_first` is set. If there is a receipt the
    database raises IntegrityError: run it again with `look_first`. Raises NotAllowed.
    """
    authorise(actor, Action.REPORT_PAYMENT)
    city, provider = actor.city, actor.code
    named = {"reference": notice.reference, "provider": provider}
    payment: Payment | None = Payment.objects.fetch_one(city, named, lock=True)
    told = _told(city, provider, payment, notice, look_first)
    early = told if told is not None and came_early(told, payment, notice) else None
    verdict = Verdict.PAID if early is not None else _verdict(payment, notice, told)
    row = notice_row(city, provider, payment, notice, came, verdict)
    PaymentNotice.objects.queue([row])
    if early is not None and payment is not None:
        allocate(city=city, by=actor.text, receipt=early, payment=payment, at=at)
    elif notice.status == "paid" and verdict in _PURPOSES:
        _receive(city, row, _PURPOSES[verdict], at)
    if verdict in FOR_A_PERSON:
        _show(city, row, verdict, at)
    if payment is not None and verdict in (Verdict.PAID, Verdict.FAILED):
        move_on(payment, notice, verdict, came)
        Payment.objects.rewrite(payment, *MOVED)
    facts = payment_facts(payment) if payment is not None else None
    return PaymentOutcome(facts, verdict == Verdict.PAID, _PURPOSES.get(verdict) == Purpose.OWED_BACK)


def _told(city: City, provider: str, payment: Payment | None, notice: Notice, look_first: bool) -> Receipt | None:
    """The receipt of the transaction that the notice names. Not looked up for what most notices are."""
    if not look_first and pays(payment, notice):
        return None
    told: Receipt | None = Receipt.objects.fetch_one(city, {"provider": provider, "transaction": notice.transaction})
    return told


def pays(payment: Payment | None, notice: Notice) -> bool:
    """Whether it is what the payment waits for."""
    if payment is None or payment.status == PaymentStatus.PAID:
        return False
    return notice.status == "paid" and notice.amount == payment.amount


def _verdict(payment: Payment | None, notice: Notice, told: Receipt | None) -> Verdict:
    if told is not None:
        same = (told.reference, told.amount, "paid") == (notice.reference, notice.amount, notice.status)
        return Verdict.REPEAT if same else Verdict.CONTRADICTION
    if payment is None:
        return Verdict.UNKNOWN_PAYMENT
    waiting = payment.status != PaymentStatus.PAID
    if notice.status == "failed":
        # A failed attempt may be followed by a good one: the payer tries again on the provider's page.
        return Verdict.FAILED if waiting else Verdict.LATE_FAILURE
    if not waiting:
        return Verdict.PAID_AGAIN
    return Verdict.PAID if pays(payment, notice) else Verdict.OTHER_AMOUNT


def notice_row(
    city: City, provider: str, payment: Payment | None, notice: Notice, came: datetime, verdict: Verdict
) -> PaymentNotice:
    return PaymentNotice(
        city=city,
        payment=payment,
        provider=provider,
        reference=notice.reference,
        notice_id=notice.notice_id,
        status=notice.status,
        amount=notice.amount,
        transaction=notice.transaction,
        paid_at=notice.paid_at,
        received_at=came,
        verdict=verdict,
    )


def receipt_of(row: PaymentNotice, purpose: Purpose) -> Receipt:
    """Of the money that a notice tells of."""
    came = row.received_at
    return Receipt(
        city=row.city,
        provider=row.provider,
        transaction=row.transaction,
        reference=row.reference,
        payment=row.payment,
        amount=row.amount,
        purpose=purpose,
        paid_at=row.paid_at if row.paid_at is not None and row.paid_at <= came else None,
        received_at=came,
    )


def _receive(city: City, row: PaymentNotice, purpose: Purpose, at: datetime) -> None:
    receipt = receipt_of(row, purpose)
    Receipt.objects.queue([receipt])
    entry = receipt_entry(receipt)
    if entry is not None:
        post(city=city, entries=[entry], at=at)


def _show(city: City, row: PaymentNotice, verdict: Verdict, at: datetime) -> None:
    """Open a case for a person, and record it in the audit. A failed payment without an order of ours moved no money,
    so it is only recorded in the audit.
    """
    detail = {"reference": row.reference, "notice": row.notice_id, "status": row.status, "amount": row.amount}
    record_audit(
        city=city,
        actor=provider_actor(city, row.provider).text,
        action=f"notice_{verdict}",
        subject=_subject(row),
        at=at,
        detail=detail,
    )
    if moved_no_money(row):
        return
    open_case(
        city=city,
        kind=str(verdict),
        key=case_key(row),
        payment_id=row.payment_id,
        reference=row.reference,
        amount=0 if verdict == Verdict.CONTRADICTION else row.amount,
        detail={
            "notice": row.notice_id,
            "status": row.status,
            "said": row.amount,
            "asked": row.payment.amount if row.payment else 0,
        },
        at=at,
    )


def _subject(row: PaymentNotice) -> str:
    return f"notice:{row.provider}:{row.transaction}"


def moved_no_money(row: PaymentNotice) -> bool:
    """Whether it is a failed payment without an order of ours, so that nobody has to look at it."""
    return row.verdict == Verdict.UNKNOWN_PAYMENT and row.status != "paid"


def case_key(row: PaymentNotice) -> str:
    """The key of the case of such a notice: its transaction and, for a contradiction, what it says."""
    if row.verdict != Verdict.CONTRADICTION:
        return _subject(row)
    return f"{_subject(row)}:{row.status}:{row.amount}:{row.reference}"


def move_on(payment: Payment, notice: Notice, verdict: Verdict, came: datetime) -> None:
    """Change the fields `MOVED` of the payment. The caller writes them."""
    payment.status = PaymentStatus(verdict)
    payment.provider_transaction = notice.transaction
    payment.paid_at = _time_of_payment(payment, notice, came) if verdict == Verdict.PAID else None


def _time_of_payment(payment: Payment, notice: Notice, came: datetime) -> datetime:
    """When it was paid, from which cover is counted. A time before the order or after the notice came cannot be
    right.
    """
    said = notice.paid_at
    return said if said is not None and payment.created_at <= said <= came else came
