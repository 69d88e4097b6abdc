"""Which insurer issues the invoices of a plan year, with which tax."""

from __future__ import annotations

from django.db import transaction

from huimin.platform.catalogue.api import PlanYearFacts
from huimin.platform.foundation.actors import Actor
from huimin.platform.foundation.authorising import authorise
from huimin.platform.foundation.clock import now
from huimin.platform.foundation.models import City
from huimin.platform.foundation.permissions import Action
from huimin.platform.foundation.services import record_audit
from huimin.platform.invoicing.failures import InvoiceError
from huimin.platform.invoicing.models import InvoiceIssuer
from huimin.platform.invoicing.tax import WHOLE
from huimin.platform.invoicing.titles import of_organisation

__all__ = ["issuer_of", "issuers_by_plan_year", "set_issuer"]

_LONGEST_ITEM = 60


@transaction.atomic
def set_issuer(
    *, actor: Actor, plan_year: PlanYearFacts, name: str, credit_code: str, tax_rate: int | None, item: str
) -> None:
    """From now on this insurer issues the invoices of the plan year; what was issued before stays as it is.

    `tax_rate`: basis points, None where the product is exempt. Raises NotAllowed; InputError (`bad_credit_code`);
    InvoiceError (`bad_invoice_title`, `bad_tax_rate`).
    """
    authorise(actor, Action.SET_INVOICE_ISSUER)
    if (tax_rate is not None and not 0 < tax_rate < WHOLE) or not 0 < len(item) <= _LONGEST_ITEM:
        text = (
            f"found {tax_rate} basis points and an item of {len(item)} characters; expected 1 to {WHOLE - 1}, or none"
        )
        raise InvoiceError(f"{text} where the product is exempt, and an item", code="bad_tax_rate")
    city, moment, title = actor.city, now(actor.city), of_organisation(name, credit_code)
    InvoiceIssuer.objects.create(
        city=city,
        plan_year_id=plan_year.id,
        name=title.name,
        credit_code=title.number,
        tax_rate=tax_rate,
        item=item,
        set_by=actor.text,
        set_at=moment,
    )
    detail = {"credit_code": title.number, "tax_rate": tax_rate}
    subject = f"plan_year:{plan_year.plan_id}"
    record_audit(city=city, actor=actor.text, action="invoice_issuer_set", subject=subject, at=moment, detail=detail)


def issuer_of(city: City, plan_year_id: int) -> InvoiceIssuer | None:
    return issuers_by_plan_year(city).get(plan_year_id)


def issuers_by_plan_year(city: City) -> dict[int, InvoiceIssuer]:
    """The one that counts for each plan year. One statement; there are few rows."""
    return {row.plan_year_id: row for row in InvoiceIssuer.objects.of(city).order_by("pk")}
