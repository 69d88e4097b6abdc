"""What is open in clearing accounts is explained item by item: whose it is, how much, since when, and why."""

from __future__ import annotations

import csv
from datetime import date, datetime, timedelta
from pathlib import Path

import pytest
from django.utils import timezone

from cast import FATHER
from claims_support import it_is, reversal
from huimin.cli import main
from huimin.errors import InputError
from huimin.money import parse_yuan
from huimin.platform.books import HEADS, verify_ledger
from huimin.platform.enrolment.models import Policy
from huimin.platform.foundation.models import City
from huimin.platform.ledger.accounts import (
    CLAIM_IN_PAYMENT,
    CLAIM_PAYABLE,
    CLAIMS_UNSHARED,
    MAKER_RECEIVABLE,
    OVERPAYMENT_RECEIVABLE,
    PREMIUM_UNSHARED,
    PROVIDER_CLEARING,
)
from huimin.platform.ledger.entries import Entry, payout_returned, payout_sent, receipt_owed_back
from huimin.platform.ledger.open_items import OpenItem, cleared_accounts, open_balances, open_items
from huimin.platform.ledger.parties import parse_party, provider
from huimin.platform.ledger.selectors import balances
from huimin.platform.ledger.services import post
from huimin.platform.seals.services import seal_waiting
from platform_support import Caller, a_bill

HOSPITAL = parse_party("hospital:hospital-1")


def at(day: str) -> datetime:
    return timezone.make_aware(datetime.fromisoformat(f"{day} 12:00:00"))


def of_source(city: City, account: object, source: str) -> list[OpenItem]:
    return [item for item in open_items(city, account) if item.source == source]  # type: ignore[arg-type]


def test_the_items_of_each_account_add_up_to_its_balances(api: Caller, covered: City) -> None:
    api.settle(a_bill("A", "2022-04-18", 30_000_00))
    sums = balances(covered)
    for account in cleared_accounts():
        by_party = {balance.party: balance.amount for balance in open_balances(open_items(covered, account))}
        assert by_party == {party: fen for (code, party), fen in sums.items() if code == account.code and fen}


def test_what_is_shared_at_once_leaves_nothing_open(api: Caller, covered: City) -> None:
    api.settle(a_bill("A", "2022-04-18", 30_000_00))
    assert [*open_items(covered, PREMIUM_UNSHARED)] == [*open_items(covered, CLAIMS_UNSHARED)] == []


def test_a_bill_is_open_since_it_was_decided_for_each_whom_it_is_owed(api: Caller, covered: City) -> None:
    api.settle(a_bill("LATER", "2022-04-18", 30_000_00))
    it_is(covered, date(2022, 4, 25))
    api.settle(a_bill("LATE", "2022-03-01", 10_000_00), client="hospital-2")
    number = Policy.objects.of(covered).get(psn_no=FATHER).number
    hospital, insured = of_source(covered, CLAIM_PAYABLE, "settlement:hospital-1:LATER")
    assert (hospital.party, hospital.amount, hospital.since_day) == (HOSPITAL.text, -11_000_00, date(2022, 4, 20))
    assert hospital.last_cause == "settlement:hospital-1:LATER"
    assert (insured.party, insured.amount, insured.since_day) == (f"policy:{number}", -5_500_00, date(2022, 4, 25))
    assert insured.last_cause == "settlement:hospital-2:LATE"


def test_a_bill_that_is_reversed_is_open_no_longer(api: Caller, covered: City) -> None:
    api.settle(a_bill("A", "2022-04-18", 30_000_00))
    assert of_source(covered, CLAIM_PAYABLE, "settlement:hospital-1:A")
    api.settle(reversal("R", "2022-04-19", "A"))
    assert of_source(covered, CLAIM_PAYABLE, "settlement:hospital-1:A") == []
    assert of_source(covered, OVERPAYMENT_RECEIVABLE, "settlement:hospital-1:A") == []


def sent(amount: int) -> Entry:
    return payout_sent(source="settlement:X", cause="payout:1", payee=HOSPITAL, amount=amount)


def returned(amount: int) -> Entry:
    return payout_returned(source="settlement:X", cause="return:1", payee=HOSPITAL, amount=amount)


def test_an_item_that_grows_is_open_since_its_first_day_and_one_that_was_closed_since_it_opened_again(
    city: City,
) -> None:
    def item() -> OpenItem | None:
        return next(iter(of_source(city, CLAIM_IN_PAYMENT, "settlement:X")), None)

    post(city=city, entries=[sent(100)], at=at("2022-05-01"))
    post(city=city, entries=[sent(50)], at=at("2022-05-02"))
    found = item()
    assert found is not None
    assert (found.amount, found.since_day, found.last_cause) == (-150, date(2022, 5, 1), "payout:1")
    post(city=city, entries=[returned(149)], at=at("2022-05-03"))
    found = item()
    assert found is not None
    assert (found.amount, found.since_day, found.last_cause) == (-1, date(2022, 5, 1), "return:1")
    post(city=city, entries=[returned(1)], at=at("2022-05-04"))
    assert item() is None
    post(city=city, entries=[sent(7)], at=at("2022-05-05"))
    found = item()
    assert found is not None
    assert (found.amount, found.since_day) == (-7, date(2022, 5, 5))


def test_items_of_a_confidential_group_are_listed_by_nobody_outside_it() -> None:
    assert MAKER_RECEIVABLE.cleared
    assert MAKER_RECEIVABLE not in cleared_accounts()
    assert CLAIM_PAYABLE in cleared_accounts()


def test_of_many_items_the_oldest_are_shown_and_all_are_counted() -> None:
    first = at("2022-05-01")
    items = [
        OpenItem(PROVIDER_CLEARING, "provider:p", f"order:{n:04}", 1, first + timedelta(days=n * 37 % 1000), "c")
        for n in range(1000)
    ]
    (balance,) = open_balances(items, shown=3)
    assert (balance.items, balance.amount) == (1000, 1000)
    assert [item.since for item in balance.oldest] == [first + timedelta(days=n) for n in range(3)]


@pytest.fixture
def quiet(covered: City) -> City:
    """A city whose rows are all sealed, so that the verification has nothing to say but of the books."""
    seal_waiting()
    return covered


def test_a_file_of_open_items_that_cannot_be_written_is_named(
    quiet: City, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    file = tmp_path / "nowhere" / "open.csv"
    assert main(["ledger", "verify", "--items", str(file)]) == 2
    assert f"{file}: cannot be written" in capsys.readouterr().err
    with pytest.raises(InputError) as refused:
        verify_ledger(file)
    assert refused.value.code == "unwritable_file"


def test_the_command_lists_what_is_open_and_writes_every_item(
    quiet: City, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    post(
        city=quiet,
        entries=[receipt_owed_back(source=f"receipt:sandbox:{n}", company=provider("other"), amount=n) for n in (1, 2)],
        at=at("2022-04-01"),
    )
    file = tmp_path / "open.csv"
    assert main(["ledger", "verify", "--items", str(file)]) == 1  # these receipts have no facts
    said = capsys.readouterr().out
    assert (
        "  ! receipt:sandbox:1: the facts give nothing; the journal has provider_clearing provider:other 0.01" in said
    )
    assert "  Clearing: " in said
    assert ", 2 do not agree\n" in said
    assert "  Claims: " in said
    assert "  open: With payment companies provider:other, 0.03 in 2 items, the oldest since 2022-04-01\n" in said
    assert f"    {'receipt:sandbox:2':48}{'0.02':>16} since 2022-04-01, 19 days\n" in said
    rows = list(csv.DictReader(file.read_text("utf-8-sig").splitlines()))
    assert tuple(rows[0]) == HEADS
    assert [row for row in rows if row["party"] == "provider:other"] == [
        {
            "city": "demo",
            "group": "clearing",
            "account": "provider_clearing",
            "party": "provider:other",
            "source": f"receipt:sandbox:{n}",
            "amount_yuan": f"0.0{n}",
            "since": "2022-04-01",
            "days_open": "19",
            "last_cause": f"receipt:sandbox:{n}",
        }
        for n in (1, 2)
    ]
    total = sum(parse_yuan(row["amount_yuan"]) for row in rows if row["account"] == "provider_clearing")
    assert total == sum(fen for (account, _), fen in balances(quiet).items() if account == "provider_clearing")


def test_more_items_than_are_shown_are_counted_and_the_file_is_named(
    quiet: City, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["ledger", "verify"]) == 0
    said = capsys.readouterr().out
    assert "  the books agree with the facts, and the sealed facts with their seals\n" in said
    assert "more; `huimin ledger verify --items FILE.csv` lists all\n" in said
    assert "Makers' returns: 0 facts compared, all agree\n" in said


def test_a_file_that_cannot_be_written_is_said_before_anything_is_computed(
    quiet: City, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    file = tmp_path / "no such folder" / "open.csv"
    assert main(["ledger", "verify", "--items", str(file)]) == 2
    found = capsys.readouterr()
    assert "cannot be written" in found.err
    assert found.out == ""
