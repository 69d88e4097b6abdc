"""Whoever paid gets one invoice for it, and what goes back is taken back of it, whatever the invoice platform does."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

import pytest
from django.utils import timezone

from acting import acting, themself
from cast import FATHER, WANG_FANG
from door_support import Played
from huimin.errors import HuiminError
from huimin.platform.enrolment.models import Order
from huimin.platform.foundation.authorising import NotAllowed
from huimin.platform.foundation.events.recording import history_of
from huimin.platform.foundation.models import City
from huimin.platform.invoicing.applying import ask_for_invoice, change_title
from huimin.platform.invoicing.history import subject_of
from huimin.platform.invoicing.models import Colour, Invoice, InvoiceFile, InvoiceStatus
from huimin.platform.invoicing.paid import paid_amounts_of
from huimin.platform.invoicing.reading import invoice_file, invoices_with_payer
from huimin.platform.invoicing.reds import take_back
from huimin.platform.invoicing.titles import of_organisation
from huimin.platform.invoicing.working import give_up_invoice, try_invoice_again
from huimin.platform.people.models import Resident
from huimin.platform.servicing.withdrawal import withdraw
from huimin.platform.tasks.models import Task
from huimin.sandbox.misbehaving import CALL_KINDS
from invoicing_support import BUYER, NOT_REGISTERED, an_issuer, blue, red, work_on_invoices
from platform_support import Caller
from refunds_support import an_order, paid_at_the_company
from servicing_support import asked_and_agreed, policy_of

pytestmark = pytest.mark.django_db
COMPANY = of_organisation("示例科技有限公司", BUYER)


@pytest.fixture
def paid(api: Caller, sandbox: Played) -> str:
    """Wang Fang paid for herself and her father. Returns what the amount is named."""
    order = an_order(api, 0, 1)
    paid_at_the_company(sandbox, api, order)
    return f"order:{order['reference']}"


def wang(city: City) -> Resident:
    found: Resident = Resident.objects.of(city).get(psn_no=WANG_FANG)
    return found


def code_of(call: Any) -> str:
    with pytest.raises(HuiminError) as error:
        call()
    return error.value.code


def happened(city: City, invoice: Invoice) -> list[str]:
    return [event.kind for event in history_of(city, subject_of(invoice.pk)).events]


def notices(city: City, begins: str) -> int:
    return Task.objects.of(city).filter(kind="notice", key__startswith=begins).count()


def test_the_payer_gets_one_invoice_of_what_they_paid_with_its_number_and_file(
    city: City, paid: str, sandbox: Played
) -> None:
    ask_for_invoice(actor=themself(wang(city)), source=paid)
    assert (blue(city).status, blue(city).amount, blue(city).tax) == (InvoiceStatus.WAITING, 316_00, 0)
    work_on_invoices(city)
    found = blue(city)
    assert (found.status, len(found.number), found.issued_on) == (InvoiceStatus.ISSUED, 20, date(2022, 2, 15))
    assert found.number.startswith("2232")
    assert found.titled.name == wang(city).name
    assert happened(city, found) == ["asked", "sent", "issued"]
    assert (invoice_file(city, found.pk, wang(city).pk) or b"").startswith(b"%PDF-")
    assert notices(city, "invoice_issued-") == 1
    (asked,) = sandbox.sandbox.invoices.issued.values()
    assert asked.said["remark"].count("HM2022") == 2
    assert asked.said["tax_rate"] == "exempt"


def test_a_second_invoice_of_the_same_amount_is_refused(city: City, paid: str) -> None:
    ask_for_invoice(actor=themself(wang(city)), source=paid)
    assert code_of(lambda: ask_for_invoice(actor=themself(wang(city)), source=paid)) == "invoice_asked"
    assert Invoice.objects.of(city).count() == 1


def test_nobody_else_gets_the_invoice_and_whom_it_insures_neither(city: City, paid: str) -> None:
    father = Resident.objects.of(city).get(psn_no=FATHER)
    with pytest.raises(NotAllowed):
        ask_for_invoice(actor=themself(father), source=paid)
    ask_for_invoice(actor=themself(wang(city)), source=paid)
    work_on_invoices(city)
    assert invoice_file(city, blue(city).pk, father.pk) is None
    assert paid_amounts_of(city, father.pk) == []


def test_handlers_ask_for_somebody_at_the_counter(city: City, paid: str) -> None:
    ask_for_invoice(actor=acting(city, "handler"), source=paid, title=COMPANY)
    assert blue(city).titled == COMPANY
    with pytest.raises(NotAllowed):
        ask_for_invoice(actor=acting(city, "insurer"), source=paid)


def test_what_was_not_paid_and_a_plan_year_without_an_issuer_have_no_invoice(
    city: City, api: Caller, settings: Any
) -> None:
    order = an_order(api, 0)
    source = f"order:{order['reference']}"
    handler = acting(city, "handler")
    assert code_of(lambda: ask_for_invoice(actor=handler, source=source)) == "nothing_to_invoice"
    assert api.pay(order["reference"], "158.00").content == b"success"
    assert code_of(lambda: ask_for_invoice(actor=handler, source=source)) == "invoices_not_issued"
    (one,) = invoices_with_payer(city, wang(city).pk)
    assert not one.may_ask


def test_a_refund_makes_a_red_invoice_by_itself_of_just_what_went_back(city: City, paid: str, sandbox: Played) -> None:
    ask_for_invoice(actor=themself(wang(city)), source=paid, title=COMPANY)
    work_on_invoices(city)
    withdraw(actor=acting(city, "handler"), number=policy_of(city, 1).number)
    assert Invoice.objects.of(city).filter(colour=Colour.RED).count() == 0
    work_on_invoices(city)
    found = red(city)
    assert (found.status, found.amount, found.of) == (InvoiceStatus.ISSUED, 158_00, blue(city))
    assert found.titled == COMPANY
    assert found.number != blue(city).number
    assert notices(city, "invoice_taken_back-") == 1
    assert take_back(city, paid) == 0
    withdraw(actor=acting(city, "handler"), number=policy_of(city, 0).number)
    work_on_invoices(city)
    reds = Invoice.objects.of(city).filter(colour=Colour.RED)
    assert [one.amount for one in reds.order_by("turn")] == [158_00, 158_00]
    assert code_of(lambda: ask_for_invoice(actor=themself(wang(city)), source=paid)) == "nothing_to_invoice"


def test_what_goes_back_before_anybody_asks_is_not_on_the_invoice(city: City, paid: str) -> None:
    withdraw(actor=acting(city, "handler"), number=policy_of(city, 1).number)
    ask_for_invoice(actor=themself(wang(city)), source=paid)
    work_on_invoices(city)
    assert (blue(city).amount, blue(city).status) == (158_00, InvoiceStatus.ISSUED)
    assert not Invoice.objects.of(city).filter(colour=Colour.RED).exists()


def test_what_goes_back_while_the_platform_is_silent_is_taken_back_once_it_has_issued(
    city: City, paid: str, sandbox: Played
) -> None:
    ask_for_invoice(actor=themself(wang(city)), source=paid)
    withdraw(actor=acting(city, "handler"), number=policy_of(city, 1).number)
    assert take_back(city, paid) == 0
    work_on_invoices(city, 4)
    assert (blue(city).amount, red(city).amount, red(city).status) == (316_00, 158_00, InvoiceStatus.ISSUED)
    assert take_back(city, paid) == 0


def test_taxed_premium_is_taken_back_with_its_tax_to_the_fen(city: City, paid: str, sandbox: Played) -> None:
    an_issuer(city, tax_rate=600)
    ask_for_invoice(actor=themself(wang(city)), source=paid)
    work_on_invoices(city)
    for index in (0, 1):
        withdraw(actor=acting(city, "handler"), number=policy_of(city, index).number)
        work_on_invoices(city)
    reds = Invoice.objects.of(city).filter(colour=Colour.RED)
    assert blue(city).tax == 17_89 == sum(one.tax for one in reds)


def test_another_title_takes_the_old_invoice_back_first_and_is_given_twice_at_most(city: City, paid: str) -> None:
    actor = themself(wang(city))
    first = ask_for_invoice(actor=actor, source=paid)
    assert code_of(lambda: change_title(actor=actor, invoice_id=first, title=COMPANY)) == "invoice_not_issued"
    work_on_invoices(city)
    assert code_of(lambda: change_title(actor=actor, invoice_id=first, title=None)) == "title_unchanged"
    second = change_title(actor=actor, invoice_id=first, title=COMPANY)
    assert Invoice.objects.of(city).get(pk=second).status == InvoiceStatus.BEHIND
    work_on_invoices(city, 5)
    assert (red(city).amount, red(city).reason, red(city).of_id) == (316_00, "title", first)
    assert Invoice.objects.of(city).get(pk=second).status == InvoiceStatus.ISSUED
    assert take_back(city, paid) == 0
    third = change_title(actor=actor, invoice_id=second, title=None)
    work_on_invoices(city, 5)
    assert code_of(lambda: change_title(actor=actor, invoice_id=third, title=COMPANY)) == "too_many_titles"
    # What goes back now is taken back of the last one.
    withdraw(actor=acting(city, "handler"), number=policy_of(city, 1).number)
    work_on_invoices(city, 5)
    assert (red(city).of_id, red(city).amount) == (third, 158_00)


def test_a_corrected_name_leaves_the_invoice_as_it_is(city: City, paid: str, sandbox: Played) -> None:
    before = wang(city).name
    ask_for_invoice(actor=themself(wang(city)), source=paid)
    work_on_invoices(city)
    asked_and_agreed(city, policy_of(city, 0).number, {"name": "王方"})
    work_on_invoices(city)
    assert wang(city).name == "王方"
    assert blue(city).titled.name == before
    assert Invoice.objects.of(city).count() == 1
    change_title(actor=themself(wang(city)), invoice_id=blue(city).pk, title=None)
    assert blue(city).titled.name == "王方"


@pytest.mark.parametrize("way", CALL_KINDS)
def test_however_the_platform_goes_wrong_there_is_one_invoice(city: City, paid: str, sandbox: Played, way: str) -> None:
    ask_for_invoice(actor=themself(wang(city)), source=paid)
    sandbox.behaviour("invoice-platform").press(way)
    work_on_invoices(city, 4)
    if way == "refuse":
        assert blue(city).status == InvoiceStatus.REFUSED
        try_invoice_again(actor=acting(city, "handler"), invoice_id=blue(city).pk, note="once more")
        work_on_invoices(city, 2)
    assert blue(city).status == InvoiceStatus.ISSUED
    assert len(sandbox.sandbox.invoices.issued) == 1
    assert InvoiceFile.objects.of(city).count() == 1


def test_a_number_that_nobody_has_is_refused_and_staff_try_again_or_give_it_up(city: City, paid: str) -> None:
    wrong = of_organisation("查无此司", NOT_REGISTERED)
    ask_for_invoice(actor=themself(wang(city)), source=paid, title=wrong)
    work_on_invoices(city)
    refused, handler = blue(city), acting(city, "handler")
    assert (refused.status, refused.fault) == (InvoiceStatus.REFUSED, "buyer_not_registered")
    assert notices(city, "invoice_refused-") == 1
    assert code_of(lambda: give_up_invoice(actor=handler, invoice_id=refused.pk, note=" ")) == "note_missing"
    with pytest.raises(NotAllowed):
        give_up_invoice(actor=themself(wang(city)), invoice_id=refused.pk, note="mine")
    give_up_invoice(actor=handler, invoice_id=refused.pk, note="电话核实，号码写错")
    assert code_of(lambda: give_up_invoice(actor=handler, invoice_id=refused.pk, note="again")) == "invoice_not_open"
    assert notices(city, "invoice_given_up-") == 1
    # The amount has no invoice now: it can be asked for again.
    ask_for_invoice(actor=themself(wang(city)), source=paid, title=COMPANY)
    work_on_invoices(city)
    assert (blue(city).turn, blue(city).status) == (2, InvoiceStatus.ISSUED)


def test_a_red_invoice_that_the_buyer_does_not_confirm_waits_for_staff_and_is_not_made_twice(
    city: City, paid: str, sandbox: Played
) -> None:
    ask_for_invoice(actor=themself(wang(city)), source=paid, title=COMPANY)
    work_on_invoices(city)
    sandbox.behaviour("invoice-platform").press("to_confirm")
    withdraw(actor=acting(city, "handler"), number=policy_of(city, 1).number)
    work_on_invoices(city, 4)
    assert red(city).status == InvoiceStatus.ASKED
    sandbox.sandbox.invoices.confirm(red(city).platform_key, agrees=False)
    work_on_invoices(city)
    assert (red(city).status, red(city).fault) == (InvoiceStatus.REFUSED, "not_confirmed")
    give_up_invoice(actor=acting(city, "handler"), invoice_id=red(city).pk, note="税务大厅办理，回执 12")
    assert take_back(city, paid) == 0
    assert Invoice.objects.of(city).filter(colour=Colour.RED).count() == 1


def test_where_the_old_invoice_cannot_be_taken_back_the_new_title_is_let_go_and_later_refunds_are_still_red(
    city: City, paid: str, sandbox: Played
) -> None:
    actor, handler = themself(wang(city)), acting(city, "handler")
    first = ask_for_invoice(actor=actor, source=paid, title=COMPANY)
    work_on_invoices(city)
    sandbox.behaviour("invoice-platform").press("to_confirm")
    second = change_title(actor=actor, invoice_id=first, title=None)
    work_on_invoices(city)
    sandbox.sandbox.invoices.confirm(red(city).platform_key, agrees=False)
    work_on_invoices(city)
    give_up_invoice(actor=handler, invoice_id=red(city).pk, note="购买方不确认")
    assert Invoice.objects.of(city).get(pk=second).status == InvoiceStatus.GIVEN_UP
    withdraw(actor=handler, number=policy_of(city, 1).number)
    work_on_invoices(city)
    assert (red(city).amount, red(city).of_id, red(city).status) == (158_00, first, InvoiceStatus.ISSUED)


def test_staff_ask_again_for_one_that_got_nowhere_under_the_same_key(city: City, paid: str, sandbox: Played) -> None:
    ask_for_invoice(actor=themself(wang(city)), source=paid)
    Task.objects.of(city).filter(kind="issue_invoice").update(status="failed", finished_at=timezone.now())
    try_invoice_again(actor=acting(city, "handler"), invoice_id=blue(city).pk, note="任务失败，再问一次")
    work_on_invoices(city)
    assert (blue(city).status, blue(city).tries) == (InvoiceStatus.ISSUED, 0)
    assert (
        code_of(lambda: try_invoice_again(actor=acting(city, "handler"), invoice_id=blue(city).pk, note="again"))
        == "invoice_not_open"
    )


def test_an_order_of_which_nobody_could_be_covered_has_no_invoice(city: City, api: Caller, paid: str) -> None:
    again = Order.objects.of(city).get(reference=paid.removeprefix("order:"))
    Order.objects.of(city).filter(pk=again.pk).update(status="refund_due")
    assert code_of(lambda: ask_for_invoice(actor=acting(city, "handler"), source=paid)) == "nothing_to_invoice"


def test_the_time_of_a_payment_is_the_day_that_the_list_shows(city: City, paid: str) -> None:
    (one,) = paid_amounts_of(city, wang(city).pk)
    assert isinstance(one.paid_on, date)
    assert not isinstance(one.paid_on, datetime)
    assert (one.fen, one.left, len(one.policies)) == (316_00, 316_00, 2)
