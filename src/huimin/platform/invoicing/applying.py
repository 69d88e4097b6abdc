"""Asking for an invoice of what was paid: once for each paid amount, and again only under another title."""

from __future__ import annotations

import secrets
from datetime import datetime

from django.db import IntegrityError, transaction

from huimin.platform.foundation.actors import Actor
from huimin.platform.foundation.authorising import authorise
from huimin.platform.foundation.clock import now
from huimin.platform.foundation.events.recording import history_of
from huimin.platform.foundation.models import City
from huimin.platform.foundation.permissions import Action
from huimin.platform.invoicing.failures import InvoiceError
from huimin.platform.invoicing.history import audit, lock_invoice, send_soon, subject_of
from huimin.platform.invoicing.issuers import issuer_of
from huimin.platform.invoicing.models import Colour, Invoice, InvoiceIssuer, InvoiceStatus
from huimin.platform.invoicing.paid import MOST_NUMBERS, PaidAmount, paid_amount
from huimin.platform.invoicing.reds import TITLE, lock_blues, red_invoice, taken_back
from huimin.platform.invoicing.tax import tax_in
from huimin.platform.invoicing.titles import Title, as_text, of_person
from huimin.platform.people.api import named_persons

__all__ = ["ask_for_invoice", "change_title"]

_MOST_TURNS = 3
"""A title may be changed twice: an assumption of ours, so that nobody issues without end."""


def ask_for_invoice(*, actor: Actor, source: str, title: Title | None = None) -> int:
    """Ask for the invoice of a paid amount. Returns its number here.

    `title`: an organisation; None for the payer themself, by the name of the register today. What an organisation paid
    is made out to itself. For whoever paid, and for handlers who are asked to. Raises NotAllowed; InvoiceError
    `nothing_to_invoice`, `invoices_not_issued`, `invoice_asked`, `title_for_person_only`, `title_of_organisation`.
    """
    city = actor.city
    paid = _paid(actor, source)
    try:
        with transaction.atomic():
            if _standing(lock_blues(city, source)):
                raise InvoiceError("an invoice of this amount was asked for already", code="invoice_asked")
            turn = Invoice.objects.of(city).filter(source=source, colour=Colour.BLUE).count() + 1
            return _blue(actor, paid, _title(paid, title, city), turn, InvoiceStatus.WAITING)
    except IntegrityError as error:
        raise InvoiceError("an invoice of this amount was asked for already", code="invoice_asked") from error


def change_title(*, actor: Actor, invoice_id: int, title: Title | None) -> int:
    """Have an invoice taken back, and one with another title issued once it is. Returns the new one's number here.

    Nothing changes a title by itself, an endorsement of the name neither. Raises as `ask_for_invoice`; InvoiceError
    `invoice_not_found`, `invoice_not_issued`, `too_many_titles`, `title_unchanged`.
    """
    city = actor.city
    payer = next((one for (one,) in Invoice.objects.pick(city, ("payer_id",), {"id": invoice_id})), None)
    authorise(actor, Action.ASK_FOR_INVOICE, owner=_owner(payer))
    with transaction.atomic():
        old = lock_invoice(city, invoice_id)
        paid = _paid(actor, old.source)
        blues = lock_blues(city, old.source)
        if old.colour != Colour.BLUE or old.status != InvoiceStatus.ISSUED or old.pk != _standing(blues)[-1].pk:
            raise InvoiceError("another title is given to an invoice that is issued", code="invoice_not_issued")
        new = _title(paid, title, city)
        if new == old.titled:
            raise InvoiceError("the title is the one that the invoice has", code="title_unchanged")
        if len(blues) >= _MOST_TURNS:
            text = f"this amount had {len(blues)} invoices; expected at most {_MOST_TURNS}"
            raise InvoiceError(text, code="too_many_titles")
        left = old.amount - taken_back(city, old)
        moment = now(city)
        if left:
            red_invoice(old, left, TITLE, by=actor.text, at=moment)
        return _blue(actor, paid, new, len(blues) + 1, InvoiceStatus.BEHIND if left else InvoiceStatus.WAITING)


def _standing(blues: list[Invoice]) -> list[Invoice]:
    return [one for one in blues if one.status != InvoiceStatus.GIVEN_UP]


def _paid(actor: Actor, source: str) -> PaidAmount:
    """What was paid, for whoever paid it. Somebody else's is refused as one that is not there."""
    found = paid_amount(actor.city, source)
    authorise(actor, Action.ASK_FOR_INVOICE, owner=_owner(found.payer_id if found is not None else None))
    if found is None or found.left <= 0:
        raise InvoiceError("nothing was paid under this name that did not go back", code="nothing_to_invoice")
    return found


def _owner(payer_id: int | None) -> str:
    """Whose invoice it is, as the table of permissions names them; nobody's where no resident paid."""
    return f"resident:{payer_id}" if payer_id is not None else ""


def _title(paid: PaidAmount, title: Title | None, city: City) -> Title:
    if paid.organisation is not None:
        if title is not None:
            text = "what an organisation paid is invoiced to itself, by the name and number of the register"
            raise InvoiceError(text, code="title_of_organisation")
        return paid.organisation
    assert paid.payer_id is not None, "an amount that nobody paid"  # noqa: S101
    if title is None:
        return of_person(named_persons(city, [paid.payer_id])[paid.payer_id].name)
    if paid.to_person_only:
        text = "money of a personal account is invoiced to its holder, not to an organisation"
        raise InvoiceError(text, code="title_for_person_only")
    return title


def _blue(actor: Actor, paid: PaidAmount, title: Title, turn: int, status: InvoiceStatus) -> int:
    city, moment = actor.city, now(actor.city)
    issuer = issuer_of(city, paid.plan_year_id)
    if issuer is None:
        raise InvoiceError("no insurer issues invoices for this plan year yet", code="invoices_not_issued")
    row = _row(city, paid, title, issuer, actor.text, moment)
    row.turn, row.status = turn, status
    Invoice.objects.insert([row])
    history_of(city, subject_of(row.pk)).append("asked", actor=actor.text, at=moment, data={"amount": row.amount})
    audit(row, "invoice_asked", by=actor.text, at=moment)
    if status == InvoiceStatus.WAITING:
        send_soon(row)
        Invoice.objects.rewrite(row, "sent")
    return int(row.pk)


def _row(city: City, paid: PaidAmount, title: Title, issuer: InvoiceIssuer, by: str, at: datetime) -> Invoice:
    return Invoice(
        city=city,
        key=secrets.token_hex(12),
        source=paid.source,
        colour=Colour.BLUE,
        amount=paid.left,
        tax=tax_in(paid.left, issuer.tax_rate),
        tax_rate=issuer.tax_rate,
        seller=issuer,
        title=as_text(title),
        remark=_remark(paid),
        payer_id=paid.payer_id,
        asked_by=by,
        asked_at=at,
    )


def _remark(paid: PaidAmount) -> str:
    """As many numbers of policies as have room."""
    shown = paid.policies[:MOST_NUMBERS]
    return "保单号 " + "、".join(shown) + (f" 等 {paid.policy_count} 份" if len(shown) < paid.policy_count else "")
