"""What payers owe since an agency struck out what a policy was issued on: asked for, and paid through the company."""

from __future__ import annotations

import secrets
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Sum

from huimin.errors import HuiminError
from huimin.platform.foundation.actors import Actor
from huimin.platform.foundation.authorising import authorise
from huimin.platform.foundation.clock import now
from huimin.platform.foundation.models import City
from huimin.platform.foundation.permissions import Action
from huimin.platform.foundation.services import record_audit, writing_together
from huimin.platform.gateways.api import Notice
from huimin.platform.ledger.api import Entry, payer_paid_after_strike_out, post, provider_party, receipt_owed_back
from huimin.platform.payments.models import CaseKind, PaymentCase, PaymentStatus
from huimin.platform.payments.notices import PaymentOutcome
from huimin.platform.payments.payment_facts import PaymentFacts, payment_facts
from huimin.platform.payments.personal_account.life import lock_lines
from huimin.platform.payments.personal_account.models import AccountDebt, AccountLine, AccountReturn, LineState
from huimin.platform.payments.personal_account.rules import Mode
from huimin.platform.payments.providers import address_to_pay, usual_company
from huimin.platform.payments.refunds.models import RefundReason
from huimin.platform.payments.refunds.owing import Owed, Paid, owe_refund
from huimin.platform.payments.services import open_payment
from huimin.platform.tasks.api import enqueue

__all__ = ["Debt", "ask_for_debt", "debt_told", "debts_of", "entries_of_debt"]


@dataclass(frozen=True, slots=True)
class Debt:
    """What a payer owes of one line. `amount` in fen; `insured_id`: whose premium it is."""

    key: str
    insured_id: int
    order_reference: str
    amount: int


def debts_of(city: City, payer_id: int) -> list[Debt]:
    """What is still owed, the oldest first."""
    lines = AccountLine.objects.of(city).filter(payer=payer_id, state=LineState.STRUCK_OUT).order_by("pk")
    used = lines.exclude(used_at=None).exclude(mode=Mode.PAY_THEN_OFFSET)
    return [
        Debt(line.key, line.insured_id, line.order_reference, owes) for line in used if (owes := _owed(city, line)) > 0
    ]


def _owed(city: City, line: AccountLine) -> int:
    """Fen of the line that its payer still owes: what did not go back, and was not paid."""
    back = AccountReturn.objects.of(city).filter(line=line).aggregate(total=Sum("amount"))["total"] or 0
    paid = AccountDebt.objects.of(city).filter(line=line).aggregate(total=Sum("paid"))["total"] or 0
    return int(line.amount - back - paid)


def ask_for_debt(*, actor: Actor, key: str) -> str:
    """The payer wants to pay what they owe of a line. Returns where to: a signed address at the payment company.

    Asked twice it is the same payment. Raises NotAllowed; HuiminError (`nothing_owed`).
    """
    city, at = actor.city, now(actor.city)
    with writing_together():
        (line,) = lock_lines(city, [key]) or (None,)
        authorise(actor, Action.ENROL, owner=f"resident:{line.payer_id}" if line is not None else "")
        owes = _owed(city, line) if line is not None and line.state == LineState.STRUCK_OUT else 0
        if line is None or owes <= 0:
            raise HuiminError(f"nothing is owed of line {key!r}", code="nothing_owed")
        payment = _waiting(line, owes) or _opened(actor, line, owes, at)
    return address_to_pay(payment, back=f"{city.code}/policies/")


def _waiting(line: AccountLine, owes: int) -> PaymentFacts | None:
    rows = AccountDebt.objects.of(line.city).filter(line=line, payment__amount=owes)
    row = rows.exclude(payment__status=PaymentStatus.PAID).select_related("payment").order_by("-pk").first()
    return payment_facts(row.payment) if row is not None else None


def _opened(actor: Actor, line: AccountLine, owes: int, at: datetime) -> PaymentFacts:
    city, reference = actor.city, secrets.token_hex(12)
    payment = open_payment(city=city, reference=reference, provider=usual_company(), amount=owes, at=at)
    AccountDebt.objects.insert([AccountDebt(city=city, line=line, payment_id=payment.id, requested_at=at)])
    return payment


def debt_told(city: City, outcome: PaymentOutcome, notice: Notice, *, by: str, at: datetime) -> None:
    """What follows from a notice of such a payment. Call it in the transaction that recorded the notice."""
    if outcome.payment is None:
        return
    debt: AccountDebt
    (debt,) = AccountDebt.objects.fetch(city, {"payment": outcome.payment.id}, lock=True)
    (line,) = AccountLine.objects.fetch(city, {"id": debt.line_id}, lock=True)
    if outcome.newly_paid:
        _paid(city, debt, line, outcome.payment, by=by, at=at)
    elif outcome.owed_back:
        paid_again = outcome.payment.status == PaymentStatus.PAID
        reason = RefundReason.PAID_AGAIN if paid_again else RefundReason.OTHER_AMOUNT
        _send_back(city, line, outcome.payment, notice, reason, by=by, at=at)


def _paid(city: City, debt: AccountDebt, line: AccountLine, payment: PaymentFacts, *, by: str, at: datetime) -> None:
    """What is above the debt, because the policy was given up meanwhile, goes back."""
    owes = max(_owed(city, line), 0)
    debt.paid, debt.paid_at = min(owes, payment.amount), at
    AccountDebt.objects.rewrite(debt, "paid", "paid_at")
    post(city=city, entries=list(entries_of_debt(debt, line, payment)), at=at)
    above = payment.amount - debt.paid
    if above:
        owe_refund(city=city, owed=_owed_back(line, payment, above), by=by, at=at)
    if debt.paid == owes:
        cases = PaymentCase.objects.of(city).filter(kind=CaseKind.ACCOUNT_STRUCK_OUT, key=line.source, closed_at=None)
        cases.update(closed_at=at, closed_by=by, note=f"paid by {payment.reference}")
    record_audit(
        city=city,
        actor=by,
        action="account_debt_paid",
        subject=line.source,
        at=at,
        detail={"amount": debt.paid, "reference": payment.reference},
    )
    told = {"template": "account_debt_paid", "order": line.order_reference, "resident": line.payer_id}
    enqueue(city=city, kind="notice", key=f"debt-paid-{debt.pk}", payload=told)


def _owed_back(line: AccountLine, payment: PaymentFacts, fen: int) -> Owed:
    return Owed(f"debt:{payment.reference}", RefundReason.ENDED, Paid.of(payment), fen, line.payer_id)


def _send_back(
    city: City, line: AccountLine, payment: PaymentFacts, notice: Notice, reason: RefundReason, *, by: str, at: datetime
) -> None:
    paid = Paid(payment.id, payment.provider, payment.reference, notice.transaction, notice.amount)
    source = f"receipt:{payment.provider}:{notice.transaction}"
    owe_refund(city=city, owed=Owed(source, reason, paid, notice.amount, line.payer_id), by=by, at=at)
    told = {"template": "premium_owed_back", "order": line.order_reference, "resident": line.payer_id}
    enqueue(city=city, kind="notice", key=f"debt-back-{notice.transaction}", payload=told)


def entries_of_debt(debt: AccountDebt, line: AccountLine, payment: PaymentFacts) -> Iterator[Entry]:
    """What a debt's payment gives, from the facts alone; nothing while it is not paid."""
    if debt.paid_at is None:
        return
    company = provider_party(payment.provider)
    if debt.paid:
        cause = f"payment:{payment.reference}"
        yield payer_paid_after_strike_out(source=line.source, cause=cause, company=company, amount=debt.paid)
    if payment.amount > debt.paid:
        source = f"debt:{payment.reference}"
        yield receipt_owed_back(source=source, company=company, amount=payment.amount - debt.paid)
