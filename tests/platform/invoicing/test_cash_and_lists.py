"""Invoices for cash paid at a counter, and the one invoice of an organisation for each of its lists."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from acting import acting, themself
from bulk_support import CREDIT_CODE, PRICE, accepted, an_employer, line, money_came, sent
from counter_support import an_issued_order, ordered
from door_support import Played
from huimin.errors import HuiminError
from huimin.platform.bulk.models import BulkRow
from huimin.platform.enrolment.models import Order
from huimin.platform.foundation.authorising import NotAllowed
from huimin.platform.foundation.models import City
from huimin.platform.invoicing.applying import ask_for_invoice, change_title
from huimin.platform.invoicing.models import Invoice, InvoiceStatus
from huimin.platform.invoicing.paid import MOST_NUMBERS, amounts_of_organisation, paid_amount, paid_amounts_of
from huimin.platform.invoicing.reading import file_for_organisation, invoices_of_organisation
from huimin.platform.invoicing.reds import take_back
from huimin.platform.invoicing.titles import of_organisation
from huimin.platform.people.models import Resident
from huimin.platform.servicing.withdrawal import withdraw
from invoicing_support import BUYER, blue, red, work_on_invoices
from platform_support import logged_in
from subsidies_support import uncovered

pytestmark = pytest.mark.django_db
COMPANY = of_organisation("示例科技有限公司", BUYER)


def refused(call: Callable[[], object]) -> str:
    with pytest.raises(HuiminError) as caught:
        call()
    return caught.value.code


def payer_of(city: City, reference: str) -> Resident:
    return Order.objects.select_related("applicant").get(city=city, reference=reference).applicant


def test_cash_has_an_invoice_once_it_paid_for_a_policy_and_what_goes_back_is_taken_back(
    city: City, sandbox: Played
) -> None:
    reference = an_issued_order(city)["reference"]
    payer, source = payer_of(city, reference), f"cash:{reference}"
    (one,) = paid_amounts_of(city, payer.pk)
    assert (one.source, one.fen, one.left, len(one.policies)) == (source, PRICE, PRICE, 1)
    ask_for_invoice(actor=themself(payer), source=source, title=COMPANY)
    work_on_invoices(city)
    assert (blue(city).titled, blue(city).amount, blue(city).status) == (COMPANY, PRICE, InvoiceStatus.ISSUED)
    withdraw(actor=acting(city, "handler"), number=one.policies[0])
    (now_left,) = paid_amounts_of(city, payer.pk)
    assert (now_left.fen, now_left.left) == (PRICE, 0)
    assert take_back(city, source) == PRICE
    work_on_invoices(city)
    assert (red(city).amount, red(city).of) == (PRICE, blue(city))


def test_cash_that_only_waits_in_the_till_or_was_never_paid_has_none(city: City, sandbox: Played) -> None:
    order = ordered(city, uncovered(city, 1)[0]).order
    payer = payer_of(city, order.reference)
    assert paid_amounts_of(city, payer.pk) == []
    source = f"cash:{order.reference}"
    assert refused(lambda: ask_for_invoice(actor=acting(city, "handler"), source=source)) == "nothing_to_invoice"


def test_nobody_asks_for_the_invoice_of_anothers_cash(city: City, sandbox: Played) -> None:
    reference = an_issued_order(city)["reference"]
    (other,) = uncovered(city, 1)
    with pytest.raises(NotAllowed):
        ask_for_invoice(actor=themself(other), source=f"cash:{reference}")
    assert paid_amounts_of(city, other.pk) == []


def a_done_list(city: City, people: int, money: int | None = None) -> int:
    an_employer(city)
    money_came(city, people * PRICE if money is None else money)
    file_id = sent(city, [line(one, f"E{one.pk}") for one in uncovered(city, people)])
    accepted(city, file_id)
    return file_id


def test_an_organisation_has_one_invoice_for_a_list_made_out_to_itself(city: City, sandbox: Played) -> None:
    file_id = a_done_list(city, MOST_NUMBERS + 2)
    (one,) = amounts_of_organisation(city, "factory")
    assert (one.source, one.fen, one.policy_count) == (f"list:{file_id}", 9 * PRICE, 9)
    assert len(one.policies) == MOST_NUMBERS
    handler = acting(city, "handler")
    ask_for_invoice(actor=handler, source=one.source)
    assert refused(lambda: ask_for_invoice(actor=handler, source=one.source)) == "invoice_asked"
    work_on_invoices(city)
    found = blue(city)
    assert (found.amount, found.payer_id, found.status) == (9 * PRICE, None, InvoiceStatus.ISSUED)
    assert (found.titled.name, found.titled.number) == ("示范机械厂", CREDIT_CODE)
    assert found.remark.endswith(" 等 9 份")
    assert (file_for_organisation(city, found.pk, "factory") or b"").startswith(b"%PDF-")
    (listed,) = invoices_of_organisation(city, "factory")
    assert (listed.may_ask, [invoice.id for invoice in listed.invoices]) == (False, [found.pk])


def test_every_number_stands_on_it_where_all_have_room(city: City, sandbox: Played) -> None:
    file_id = a_done_list(city, MOST_NUMBERS)
    ask_for_invoice(actor=acting(city, "handler"), source=f"list:{file_id}")
    numbers = BulkRow.objects.of(city).filter(file=file_id).order_by("number").values_list("policy", flat=True)
    assert blue(city).remark == "保单号 " + "、".join(numbers)


def test_a_list_on_which_somebody_waits_has_no_invoice_yet(city: City, sandbox: Played) -> None:
    file_id = a_done_list(city, 3, money=PRICE)
    assert amounts_of_organisation(city, "factory") == []
    assert paid_amount(city, f"list:{file_id}") is None
    money_came(city, 2 * PRICE, transfer="T2")
    work_on_invoices(city)
    assert [one.fen for one in amounts_of_organisation(city, "factory")] == [3 * PRICE]


def test_it_bears_no_other_title_and_is_nobody_elses_to_ask_for(city: City, sandbox: Played) -> None:
    source = f"list:{a_done_list(city, 1)}"
    handler = acting(city, "handler")
    assert refused(lambda: ask_for_invoice(actor=handler, source=source, title=COMPANY)) == "title_of_organisation"
    (somebody,) = uncovered(city, 1)
    with pytest.raises(NotAllowed):
        ask_for_invoice(actor=themself(somebody), source=source)
    ask_for_invoice(actor=handler, source=source)
    work_on_invoices(city)
    changed = lambda title: refused(  # noqa: E731 - one line
        lambda: change_title(actor=handler, invoice_id=blue(city).pk, title=title)
    )
    assert (changed(COMPANY), changed(None)) == ("title_of_organisation", "title_unchanged")
    assert Invoice.objects.of(city).count() == 1


def test_what_goes_back_to_an_organisation_is_taken_back_of_its_invoice(city: City, sandbox: Played) -> None:
    source = f"list:{a_done_list(city, 2)}"
    ask_for_invoice(actor=acting(city, "handler"), source=source)
    work_on_invoices(city)
    number = BulkRow.objects.of(city).filter(state="enrolled").order_by("number")[0].policy
    withdraw(actor=acting(city, "handler"), number=number)
    assert take_back(city, source) == PRICE
    work_on_invoices(city)
    assert (red(city).amount, red(city).status) == (PRICE, InvoiceStatus.ISSUED)
    assert [one.left for one in amounts_of_organisation(city, "factory")] == [PRICE]


NOTHING = ("list:", "list:x", "list:0", "list:99999999", "list:１", f"list:{'9' * 30}", "cash:", "cash:x", "tin:1", "")


@pytest.mark.parametrize("source", NOTHING)
def test_what_is_no_paid_amount_is_refused(city: City, sandbox: Played, source: str) -> None:
    assert refused(lambda: ask_for_invoice(actor=acting(city, "handler"), source=source)) == "nothing_to_invoice"


def test_anothers_file_is_not_given_out(city: City, sandbox: Played) -> None:
    ask_for_invoice(actor=acting(city, "handler"), source=f"list:{a_done_list(city, 1)}")
    work_on_invoices(city)
    an_employer(city, "school", "91320200MA0000002K")
    assert file_for_organisation(city, blue(city).pk, "school") is None


def test_the_page_of_an_organisation_asks_for_the_invoice_and_gives_it_out(
    city: City, sandbox: Played, settings: Any
) -> None:
    settings.SECOND_FACTOR = False
    file_id, handler = a_done_list(city, 1), logged_in("handler")
    page, ask = "/staff/organisations/factory/", f"/staff/organisations/factory/invoices/{file_id}/ask/"
    assert "申请发票" in handler.get(page).content.decode()
    assert handler.post(ask.replace(str(file_id), str(file_id + 1))).status_code == 404
    assert handler.post(ask).status_code == 302
    assert "已申请过" in handler.post(ask, follow=True).content.decode()
    work_on_invoices(city)
    shown = handler.get(page).content.decode()
    assert "申请发票" not in shown
    assert blue(city).number in shown
    given = handler.get(f"{page}invoices/{blue(city).pk}/")
    assert (given["Content-Type"], given.content[:5]) == ("application/pdf", b"%PDF-")
    assert handler.get(f"{page}invoices/{blue(city).pk + 1}/").status_code == 404
    assert logged_in("counter").post(ask).status_code == 403
