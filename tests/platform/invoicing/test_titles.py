"""To whom an invoice is made out, who issues it, and what a personal account paid."""

from __future__ import annotations

from typing import Any

import pytest

from account_support import OWN_AREA, a_listed_family, officer
from acting import acting, themself
from door_support import Played
from huimin.errors import HuiminError
from huimin.platform.catalogue.selectors import plan_on_sale
from huimin.platform.foundation.actors import demonstration_actor
from huimin.platform.foundation.clock import today
from huimin.platform.foundation.models import City
from huimin.platform.invoicing.applying import ask_for_invoice, change_title
from huimin.platform.invoicing.issuers import issuer_of, set_issuer
from huimin.platform.invoicing.models import InvoiceStatus
from huimin.platform.invoicing.paid import paid_amounts_of
from huimin.platform.invoicing.reds import take_back
from huimin.platform.invoicing.titles import of_organisation
from huimin.platform.invoicing.working import give_up_invoice, try_invoice_again
from huimin.platform.payments.models import AccountLine
from huimin.platform.payments.personal_account.agency import decide_lines
from huimin.platform.payments.personal_account.transfers import record_transfer, transfer_received
from huimin.platform.servicing.withdrawal import withdraw
from invoicing_support import BUYER, ISSUER, blue, red, work_on_invoices

pytestmark = pytest.mark.django_db


def refused(call: Any) -> HuiminError:
    with pytest.raises(HuiminError) as error:
        call()
    return error.value


@pytest.mark.parametrize("name", ["", "司", "示" * 101, "示例\x07公司"])
def test_an_organisations_name_has_two_to_a_hundred_letters(name: str) -> None:
    assert refused(lambda: of_organisation(name, BUYER)).code == "bad_invoice_title"


@pytest.mark.parametrize(("written", "kept"), [("示例", "示例"), ("示" * 100,) * 2, (" 示例  公司 ", "示例 公司")])
def test_its_spaces_are_those_between_words(written: str, kept: str) -> None:
    assert of_organisation(written, BUYER).name == kept


def set_with(city: City, **changes: Any) -> None:
    plan_year = plan_on_sale(city)
    assert plan_year is not None
    usual = {"name": "演示财产保险股份有限公司", "credit_code": ISSUER, "tax_rate": 600, "item": "*保险服务*健康保险"}
    set_issuer(actor=demonstration_actor(city), plan_year=plan_year, **{**usual, **changes})


@pytest.mark.parametrize("changes", [{"tax_rate": 0}, {"tax_rate": 10_000}, {"item": ""}, {"item": "险" * 61}])
def test_a_tax_that_cannot_be_and_an_item_without_a_name_are_refused(city: City, changes: dict[str, Any]) -> None:
    assert refused(lambda: set_with(city, **changes)).code == "bad_tax_rate"


@pytest.mark.parametrize("changes", [{"tax_rate": 1}, {"tax_rate": 9_999}, {"tax_rate": None}, {"item": "险" * 60}])
def test_the_last_issuer_that_was_set_counts(city: City, changes: dict[str, Any]) -> None:
    set_with(city, name="从前的保险公司")
    set_with(city, **changes)
    plan_year = plan_on_sale(city)
    assert plan_year is not None
    found = issuer_of(city, plan_year.id)
    assert found is not None
    assert {key: getattr(found, key) for key in changes} == changes
    assert found.name == "演示财产保险股份有限公司"


def test_an_invoice_that_is_not_there_is_said_to_be_so(city: City) -> None:
    handler = acting(city, "handler")
    for work in (try_invoice_again, give_up_invoice):
        assert refused(lambda work=work: work(actor=handler, invoice_id=12_345, note="n")).code == "invoice_not_found"
    assert refused(lambda: change_title(actor=handler, invoice_id=12_345, title=None)).code == "invoice_not_found"


def test_an_accounts_money_is_invoiced_to_its_holder_once_it_has_come(city: City, sandbox: Played) -> None:
    """And to no organisation; what goes back to the account is taken back of that one invoice."""
    found, keys = a_listed_family(city, sandbox.sandbox.bureau)
    line = AccountLine.objects.of(city).get(key=keys[0])
    payer, source = line.payer, f"account:{keys[0]}"
    agency = officer(city, OWN_AREA)
    decide_lines(actor=agency, list_id=found.pk, approved=None)
    sent = record_transfer(actor=agency, area=OWN_AREA, reference="B1", amount=316_00, sent_on=today(city))
    own = lambda: [one for one in paid_amounts_of(city, payer.pk) if one.to_person_only]  # noqa: E731 - one line
    assert own() == []
    assert refused(lambda: ask_for_invoice(actor=acting(city, "handler"), source=source)).code == "nothing_to_invoice"
    transfer_received(actor=acting(city, "handler"), transfer_id=sent, amount=316_00, bank_day=today(city))
    assert sorted(one.source for one in own()) == sorted(f"account:{key}" for key in keys[:2])
    assert {(one.fen, one.left, len(one.policies)) for one in own()} == {(158_00, 158_00, 1)}

    company = of_organisation("示例科技有限公司", BUYER)
    asked = refused(lambda: ask_for_invoice(actor=themself(payer), source=source, title=company))
    assert asked.code == "title_for_person_only"
    ask_for_invoice(actor=themself(payer), source=source)
    work_on_invoices(city)
    assert (blue(city).titled.name, blue(city).amount) == (payer.name, 158_00)
    (number,) = next(one.policies for one in own() if one.source == source)
    withdraw(actor=acting(city, "handler"), number=number)
    work_on_invoices(city)
    assert next(one.left for one in own() if one.source == source) == 0
    assert take_back(city, source) == 158_00  # what the sweep of the night does
    work_on_invoices(city)
    assert (red(city).amount, red(city).status, red(city).of) == (158_00, InvoiceStatus.ISSUED, blue(city))
