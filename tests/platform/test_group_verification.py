"""Each group of accounts is computed again from facts by whoever registered for it; none can be forgotten."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from claims_support import change, owed
from huimin.errors import HuiminError
from huimin.platform.foundation.clock import now
from huimin.platform.foundation.models import ApiClient, City
from huimin.platform.ledger import verification
from huimin.platform.ledger.accounts import (
    ACCOUNTS,
    CLAIM_PAYABLE,
    CLAIMS,
    CLAIMS_UNSHARED,
    CLEARING,
    FEE_PAYABLE,
    FEES,
    GROUPS,
    MAKER_RECEIVABLE,
    MAKERS,
    Account,
    Group,
    Side,
    Words,
)
from huimin.platform.ledger.entries import Entry, Line
from huimin.platform.ledger.parties import Party, PartyKind, parse_party, provider
from huimin.platform.ledger.selectors import movements_by_source, shown_balances
from huimin.platform.ledger.services import post
from huimin.platform.ledger.verification import Verification, register_verifier, verifiers_of, verify_city
from platform_support import Caller, a_bill, without_triggers


def test_every_account_belongs_to_a_group_that_somebody_computes_again() -> None:
    assert [account.code for account in ACCOUNTS.values() if not verifiers_of(account.group)] == []
    assert {group.code: verifiers_of(group) for group in GROUPS} == {
        "clearing": [
            *("receipts", "refunds", "personal accounts", "funds", "premium", "payouts", "organisations", "cash"),
        ],
        "premium": [
            *("rounding statements", "receipts", "refunds", "personal accounts", "funds", "premium"),
            *("premium that moved later", "organisations", "cash"),
        ],
        "subsidies": ["funds", "premium", "premium that moved later"],
        "claims": ["rounding statements", "claims", "payouts", "hospital statements"],
        "fees": ["not in use yet"],
        "makers": ["not in use yet"],
        "insurers": ["not in use yet"],
    }


def test_a_group_that_nobody_registered_for_is_not_passed_over(city: City, monkeypatch: Any) -> None:
    forgotten = Group("forgotten", Words("遗漏", "Forgotten"), Words("无人核对", "Nobody computes it"))
    monkeypatch.setattr(verification, "GROUPS", (*GROUPS, forgotten))
    with pytest.raises(HuiminError, match="forgotten") as caught:
        verify_city(city)
    assert caught.value.code == "group_without_verifier"


def test_who_computes_accounts_of_a_group_without_registering_for_it_is_refused(city: City, monkeypatch: Any) -> None:
    def recompute(_city: City, _result: Verification) -> Iterator[Entry]:
        lines = [Line(CLAIMS_UNSHARED, 1), Line(FEE_PAYABLE, -1, provider("x"))]
        yield Entry("test", "fact:1", "fact:2", lines)

    monkeypatch.setattr(verification, "_VERIFIERS", dict(verification._VERIFIERS))
    register_verifier("of fees", groups=(FEES,), recompute=recompute)
    with pytest.raises(HuiminError, match="of fees computes claims_unshared") as caught:
        verify_city(city)
    assert caught.value.code == "verifier_of_other_group"


def test_the_verification_says_group_by_group_what_it_compared(api: Caller, covered: City) -> None:
    before = {code: group.sources for code, group in verify_city(covered).groups.items()}
    api.settle(a_bill("A", "2022-04-18", 20_000_00))
    result = verify_city(covered)
    assert result.faults == []
    since = {code: group.sources - before[code] for code, group in result.groups.items()}
    assert since == {code: int(code == "claims") for code in before}
    assert [code for code, count in before.items() if count == 0] == ["subsidies", "fees", "makers", "insurers"]
    assert result.counts["settlements"] > 0 < result.counts["receipts"]


def test_a_payment_that_was_posted_twice_is_wrong_in_the_groups_that_it_touches(covered: City) -> None:
    source = next(name for name in movements_by_source(covered) if name.startswith("order:"))
    lines = [Line(ACCOUNTS["provider_clearing"], 1, provider("sandbox")), Line(ACCOUNTS["refund_payable"], -1)]
    post(city=covered, entries=[Entry("premium_received", source, source, lines)], at=now(covered))
    result = verify_city(covered)
    (fault,) = result.faults
    assert fault.startswith(f"{source}: the facts give ")
    assert "refund_payable -0.01" in fault
    assert {code: group.wrong for code, group in result.groups.items() if group.wrong} == {
        "clearing": [source],
        "premium": [source],
    }


def test_a_source_is_wrong_only_in_the_group_whose_accounts_differ(covered: City) -> None:
    source = next(name for name in movements_by_source(covered) if name.startswith("order:"))
    lines = [Line(ACCOUNTS["premium_unshared"], 1), Line(ACCOUNTS["refund_payable"], -1)]
    post(city=covered, entries=[Entry("by_hand", source, source, lines)], at=now(covered))
    wrong = {code: group.wrong for code, group in verify_city(covered).groups.items() if group.wrong}
    assert wrong == {"premium": [source]}


def test_money_in_a_group_that_nothing_uses_yet_is_a_fault(covered: City) -> None:
    fee = Party(PartyKind.PROVIDER, "hotline")
    lines = [Line(FEE_PAYABLE, -100, fee), Line(ACCOUNTS["insurer_fees"], 100, parse_party("insurer:lead"))]
    post(city=covered, entries=[Entry("test", "agreement:1", "agreement:1", lines)], at=now(covered))
    result = verify_city(covered)
    (fault,) = result.faults
    assert fault == (
        "agreement:1: the facts give nothing; the journal has fee_payable provider:hotline -1.00, "
        "insurer_fees insurer:lead 1.00"
    )
    assert result.groups["fees"].wrong == ["agreement:1"]


@pytest.mark.parametrize(
    ("column", "value", "words"),
    [
        ("account", "petty_cash", "'petty_cash', which is not an account"),
        ("party", "", "insurer_claims with a party that cannot be"),
        ("party", "lead", "insurer_claims with a party that cannot be"),
        ("party", "hospital:h", "insurer_claims with a party that cannot be"),
    ],
)
def test_a_posting_to_an_account_or_party_that_cannot_be_is_named(
    api: Caller, covered: City, column: str, value: str, words: str
) -> None:
    api.settle(a_bill("A", "2022-04-18", 20_000_00))
    with without_triggers("ledger_posting") as cursor:
        cursor.execute(
            f"UPDATE ledger_posting SET {column} = %s WHERE id = "  # noqa: S608 - a column's name from this file
            "(SELECT MAX(id) FROM ledger_posting WHERE account = 'insurer_claims')",
            [value],
        )
    assert any(words in fault for fault in verify_city(covered).faults)


def test_a_pharmacys_bill_is_owed_to_a_pharmacy(api: Caller, covered: City) -> None:
    ApiClient.objects.create(
        city=covered, key_id="demo.p1", kind="pharmacy", code="p1", name_zh="药店", name_en="Pharmacy", secret="s"
    )
    before = owed(covered)
    assert api.settle(a_bill("A", "2022-04-18", 30_000_00), client="p1").json()["payable"] == "11000.00"
    assert change(before, owed(covered)) == {("claim_payable", "pharmacy:p1"): 11_000_00}
    # What a late bill changes afterwards is found under the same party.
    api.settle(a_bill("LATE", "2022-03-01", 10_000_00))
    api.settle({**a_bill("R", "2022-04-18", 30_000_00), "reverses": "A"}, client="p1")
    assert change(before, owed(covered)) == {}
    assert verify_city(covered).faults == []


def test_a_confidential_group_shows_totals_over_three_parties_and_nothing_of_fewer() -> None:
    sums = {("maker_receivable", f"maker:m{n}"): 10**n for n in range(3)} | {("fee_payable", "provider:x"): -5}
    assert shown_balances(sums, MAKERS) == {("maker_receivable", ""): 111}
    del sums["maker_receivable", "maker:m2"]
    assert shown_balances(sums, MAKERS) == {}
    assert shown_balances(sums, FEES) == {("fee_payable", "provider:x"): -5}
    assert shown_balances(sums, CLEARING) == {}
    assert MAKER_RECEIVABLE.group is MAKERS


def test_an_account_is_itself_and_no_other_of_the_same_words() -> None:
    twin = Account(
        CLAIM_PAYABLE.code, CLAIMS, CLAIM_PAYABLE.name, CLAIM_PAYABLE.meaning, Side.CREDIT, CLAIM_PAYABLE.parties
    )
    assert twin != CLAIM_PAYABLE
