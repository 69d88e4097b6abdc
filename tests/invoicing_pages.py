"""States of the pages about invoices, for the list of every page."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.test import Client

from acting import acting, themself
from bulk_support import PRICE, accepted, an_employer, line, money_came, sent
from huimin.platform.enrolment.models import Order
from huimin.platform.foundation.clock import now
from huimin.platform.foundation.models import City
from huimin.platform.invoicing.applying import ask_for_invoice
from huimin.platform.invoicing.models import Invoice, InvoiceStatus
from huimin.platform.invoicing.paid import paid_amounts_of
from huimin.platform.invoicing.reds import lock_blues, red_invoice
from huimin.platform.invoicing.titles import of_organisation
from huimin.platform.people.models import Resident
from invoicing_support import BUYER, NOT_REGISTERED, an_issuer
from subsidies_support import uncovered

__all__ = ["a_list_with_invoice", "invoices_in_each_state", "refused_invoice"]


def invoices_in_each_state(city: City, payer: Resident) -> None:
    """The payer's is issued and a part of it taken back; of others one is on its way, and one was refused."""
    an_issuer(city)
    source = paid_amounts_of(city, payer.pk)[0].source
    invoice_id = ask_for_invoice(actor=themself(payer), source=source, title=of_organisation("示例科技有限公司", BUYER))
    issued = {"status": InvoiceStatus.ISSUED, "number": "22322000000000000001", "issued_on": date(2022, 2, 15)}
    Invoice.objects.of(city).filter(pk=invoice_id).update(**issued)
    red = red_invoice(lock_blues(city, source)[0], 100_00, "refund", by="queue", at=now(city))
    Invoice.objects.of(city).filter(pk=red.pk).update(**{**issued, "number": "22322000000000000002"})
    others = Order.objects.of(city).filter(status="issued", payment__isnull=False).exclude(applicant=payer)
    titles = (of_organisation("查无此司", NOT_REGISTERED), None)
    for order, title in zip(others.select_related("applicant").order_by("pk")[:2], titles, strict=True):
        asked = ask_for_invoice(actor=themself(order.applicant), source=f"order:{order.reference}", title=title)
        if title is not None:
            refused = {"status": InvoiceStatus.REFUSED, "fault": "buyer_not_registered"}
            Invoice.objects.of(city).filter(pk=asked).update(**refused)


def a_list_with_invoice(city: City, client: Client) -> None:
    """Of two lists of an organisation one has its invoice, and the other can have one."""
    an_issuer(city)
    an_employer(city)
    money_came(city, 4 * PRICE)
    people = uncovered(city, 4)
    for place, some in enumerate((people[:2], people[2:])):
        file_id = sent(city, [line(one, f"E{one.pk}") for one in some], name=f"名单{place + 1}.csv")
        accepted(city, file_id)
        if place == 0:
            invoice_id = ask_for_invoice(actor=acting(city, "handler"), source=f"list:{file_id}")
            issued = {"status": InvoiceStatus.ISSUED, "number": "22322000000000000003", "issued_on": date(2022, 2, 15)}
            Invoice.objects.of(city).filter(pk=invoice_id).update(**issued)


def refused_invoice(city: City) -> dict[str, Any]:
    return {"invoice_id": Invoice.objects.of(city).get(status=InvoiceStatus.REFUSED).pk}
