"""Organisations as they are taken in, and what is refused of them, of their money and of their files."""

from __future__ import annotations

from datetime import date

import pytest

from acting import acting
from bulk_support import CREDIT_CODE, an_employer, money_came, sent
from huimin.errors import InputError
from huimin.platform.bulk.failures import BulkError
from huimin.platform.bulk.models import FileKind, Organisation
from huimin.platform.bulk.organisations import open_organisation, propose_deposit
from huimin.platform.bulk.sending import send_file
from huimin.platform.catalogue.selectors import plan_on_sale
from huimin.platform.foundation.authorising import NotAllowed
from huimin.platform.foundation.models import City
from huimin.settlement.credit_code import check_credit_code


@pytest.mark.parametrize("text", ["91320100MA0000001B", "91320100ma0000001b", " 91320100MA0000001B "])
def test_a_credit_code_is_read_as_it_is_typed(text: str) -> None:
    assert check_credit_code(text) == CREDIT_CODE


@pytest.mark.parametrize("text", ["91320100MA0000001C", "91320100MA000001B", "", "91320100MI0000001B"])
def test_a_credit_code_that_is_mistyped_is_refused(text: str) -> None:
    with pytest.raises(InputError) as caught:
        check_credit_code(text)
    assert caught.value.code == "bad_credit_code"


@pytest.mark.parametrize(("code", "name"), [("Fabrik!", "厂"), ("", "厂"), ("f", " "), ("f", "厂" * 121)])
def test_an_organisation_has_a_code_and_a_name(city: City, code: str, name: str) -> None:
    with pytest.raises(BulkError) as caught:
        open_organisation(actor=acting(city, "handler"), code=code, name=name, credit_code=CREDIT_CODE)
    assert caught.value.code == "bad_organisation"
    assert not Organisation.objects.of(city).exists()


def test_an_organisation_is_taken_in_once(city: City) -> None:
    an_employer(city)
    for code, credit_code in (("factory", "91320100MA0000002E"), ("other", CREDIT_CODE)):
        with pytest.raises(BulkError) as caught:
            an_employer(city, code, credit_code)
        assert caught.value.code == "organisation_exists"


def test_only_a_handler_takes_organisations_in(city: City) -> None:
    with pytest.raises(NotAllowed):
        open_organisation(actor=acting(city, "approver"), code="f", name="厂", credit_code=CREDIT_CODE)


@pytest.mark.parametrize(
    ("organisation", "amount", "bank", "transfer", "day"),
    [
        ("nobody", 1, "pool-1", "T", date(2022, 2, 14)),
        ("factory", 0, "pool-1", "T", date(2022, 2, 14)),
        ("factory", 1, " ", "T", date(2022, 2, 14)),
        ("factory", 1, "pool-1", "", date(2022, 2, 14)),
        ("factory", 1, "pool-1", "T", date(2022, 2, 16)),
    ],
)
def test_money_that_cannot_have_come_is_not_proposed(
    city: City, organisation: str, amount: int, bank: str, transfer: str, day: date
) -> None:
    an_employer(city)
    with pytest.raises(BulkError) as caught:
        propose_deposit(
            actor=acting(city, "handler"),
            organisation=organisation,
            amount=amount,
            bank=bank,
            transfer=transfer,
            received_on=day,
        )
    assert caught.value.code == "bad_organisation_money"


def test_money_of_today_is_recorded(city: City) -> None:
    an_employer(city)
    money_came(city, 1)
    assert Organisation.objects.of(city).get().money.left_fen == 1


def test_an_empty_file_and_one_for_nobody_are_refused(city: City) -> None:
    an_employer(city)
    year = plan_on_sale(city)
    assert year is not None
    for organisation, content in (("factory", b""), ("nobody", b"x")):
        with pytest.raises(BulkError) as caught:
            send_file(
                actor=acting(city, "handler"),
                organisation=organisation,
                plan_year=year,
                kind=FileKind.CONSENTED,
                file_name="list.csv",
                content=[content],
            )
        assert caught.value.code == "bad_bulk_file"


def test_who_may_not_send_files_sends_none(city: City) -> None:
    an_employer(city)
    year = plan_on_sale(city)
    assert year is not None
    with pytest.raises(NotAllowed):
        send_file(
            actor=acting(city, "bureau"),
            organisation="factory",
            plan_year=year,
            kind=FileKind.CONSENTED,
            file_name="list.csv",
            content=[b"x"],
        )
    assert sent(city, []) > 0
