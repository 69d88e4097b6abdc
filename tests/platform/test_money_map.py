"""The accounts by group, and the entry of each event: who is debited, who is credited, and that it adds up."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from huimin.platform.foundation.clock import now
from huimin.platform.foundation.models import City
from huimin.platform.ledger import accounts, entries
from huimin.platform.ledger.accounts import ACCOUNTS, GROUPS, Account, Side
from huimin.platform.ledger.entries import Entry, Line, Owed
from huimin.platform.ledger.models import JournalEntry, Posting
from huimin.platform.ledger.parties import Party, PartyError, PartyKind, fund, insurer, policy, provider
from huimin.platform.ledger.services import EntryWithoutFactError, post

NAMES = {"source": "fact:1", "cause": "fact:2"}
COMPANY, AGENCY, BANK = provider("sandbox"), Party(PartyKind.AGENCY, "320100"), Party(PartyKind.BANK, "main")
OTHER = Party(PartyKind.AGENCY, "320500")
EMPLOYER, TILL = Party(PartyKind.ORGANISATION, "factory"), Party(PartyKind.TILL, "7")
HOSPITAL, INSURED = Party(PartyKind.HOSPITAL, "hospital-1"), policy("HM1")


def moved(entry: Entry) -> dict[str, int]:
    """Fen by `account` or `account party`, lines of nothing left out."""
    found: Counter[str] = Counter()
    for line in entry.lines:
        found[f"{line.account} {line.party or ''}".rstrip()] += line.amount
    return {name: fen for name, fen in found.items() if fen}


def test_the_accounts_of_before_are_all_there_under_their_codes() -> None:
    """The journal keeps these codes for good."""
    assert set(ACCOUNTS) >= {
        *("provider_clearing", "premium_unshared", "insurer_premium", "premium_receivable", "refund_payable"),
        *("receipt_unallocated", "claims_unshared", "insurer_claims", "claim_payable", "overpayment_receivable"),
    }


def test_every_account_is_in_one_group_and_every_group_has_accounts() -> None:
    assert len({group.code for group in GROUPS}) == len(GROUPS) == 7
    assert {account.group for account in ACCOUNTS.values()} == set(GROUPS)
    assert all(code == account.code and len(code) <= 30 for code, account in ACCOUNTS.items())


def test_every_account_that_is_defined_is_in_the_registry() -> None:
    defined = {value for name in accounts.__all__ if isinstance(value := getattr(accounts, name), Account)}
    assert defined == set(ACCOUNTS.values())


def test_accounts_groups_and_their_meanings_are_said_in_both_languages() -> None:
    for words in [w for thing in (*GROUPS, *ACCOUNTS.values()) for w in (thing.name, thing.meaning)]:
        assert words.text("zh") == words.zh != words.en == words.text("en")
        assert any("一" <= sign <= "鿿" for sign in words.zh)
        assert words.en.isascii()


def test_only_the_returns_of_drug_makers_are_confidential() -> None:
    assert [group.code for group in GROUPS if group.confidential] == ["makers"]


def row(account: Account) -> str:
    """The account's row in docs/accounts.md."""
    parties = ", ".join(kind.name_en for kind in account.parties) or "none"
    cleared = "yes" if account.cleared else "no"
    words = f"{account.name.en} {account.name.zh} | {account.meaning.en} {account.meaning.zh}"
    return f"| `{account.code}` | {words} | {account.normal.value} | {parties} | {cleared} |"


def test_the_documentation_lists_every_account_as_the_code_has_it() -> None:
    text = (Path(__file__).resolve().parents[2] / "docs" / "accounts.md").read_text("utf-8")
    listed = [line for line in text.splitlines() if line.startswith("| `")]
    assert listed == [row(account) for account in ACCOUNTS.values()]


def test_a_payment_for_an_order_is_premium_and_what_is_above_it_is_owed_back() -> None:
    owed_by = {fund("government"): 52_66, fund("donor"): 10_00}
    entry = entries.premium_paid_by_company(**NAMES, company=COMPANY, received=180_68, premium=158_00, owed_by=owed_by)
    assert moved(entry) == {
        "provider_clearing provider:sandbox": 180_68,
        "premium_receivable fund:government": 52_66,
        "premium_receivable fund:donor": 10_00,
        "premium_unshared": -158_00,
        "refund_payable": -85_34,
    }


def test_what_others_owe_and_the_payer_paid_exactly_leaves_nothing_to_be_paid_back() -> None:
    entry = entries.premium_paid_by_company(
        **NAMES, company=COMPANY, received=1, premium=158_00, owed_by={fund("donor"): 157_99}
    )
    assert "refund_payable" not in moved(entry)


Made = Callable[[], Entry]
EVENTS: dict[str, tuple[Made, dict[str, int]]] = {
    "another amount came in than was asked for": (
        lambda: entries.receipt_owed_back(source="fact:1", company=COMPANY, amount=157_99),
        {"provider_clearing provider:sandbox": 157_99, "refund_payable": -157_99},
    ),
    "money came in for no order of ours": (
        lambda: entries.receipt_unallocated(source="fact:1", company=COMPANY, amount=158_00),
        {"provider_clearing provider:sandbox": 158_00, "receipt_unallocated provider:sandbox": -158_00},
    ),
    "money that came in early pays for its order": (
        lambda: entries.receipt_allocated(source="fact:1", company=COMPANY, amount=158_00),
        {"receipt_unallocated provider:sandbox": 158_00, "provider_clearing provider:sandbox": -158_00},
    ),
    "cover ends that an account only held money for": (
        lambda: entries.premium_back_to_account(**NAMES, charges=AGENCY, amount=158_00),
        {"premium_unshared": 158_00, "account_held agency:320100": -158_00},
    ),
    "cover ends that an agency pays": (
        lambda: entries.premium_back_to_agency(**NAMES, pays=OTHER, amount=158_00),
        {"premium_unshared": 158_00, "account_agency agency:320500": -158_00},
    ),
    "cover ends whose payment was struck out": (
        lambda: entries.premium_back_to_debt(**NAMES, amount=158_00),
        {"premium_unshared": 158_00, "payer_receivable": -158_00},
    ),
    "what goes back through an agency is struck out": (
        lambda: entries.personal_account_return_struck_out(**NAMES, pays=OTHER, amount=158_00),
        {"account_agency agency:320500": 158_00, "payer_receivable": -158_00},
    ),
    "what goes back to accounts is sent to their agency": (
        lambda: entries.personal_account_return_sent(**NAMES, pays=OTHER, bank=BANK, amount=158_00),
        {"account_agency agency:320500": 158_00, "bank bank:main": -158_00},
    ),
    "premium of a policy that ended is owed back": (
        lambda: entries.premium_returned(**NAMES, amount=158_00),
        {"premium_unshared": 158_00, "refund_payable": -158_00},
    ),
    "funds no longer owe a part of a premium": (
        lambda: entries.premium_no_longer_owed(**NAMES, owed_by={fund("donor"): 10_00}),
        {"premium_unshared": 10_00, "premium_receivable fund:donor": -10_00},
    ),
    "a refund is sent": (
        lambda: entries.refund_sent(**NAMES, company=COMPANY, amount=158_00),
        {"refund_payable": 158_00, "provider_clearing provider:sandbox": -158_00},
    ),
    "a policy is issued on money held in a personal account": (
        lambda: entries.personal_account_held(**NAMES, charges=AGENCY, amount=158_00),
        {"account_held agency:320100": 158_00, "premium_unshared": -158_00},
    ),
    "an agency approves a personal account for somebody of another area": (
        lambda: entries.personal_account_approved(**NAMES, charges=AGENCY, pays=OTHER, amount=158_00),
        {"account_agency agency:320500": 158_00, "account_held agency:320100": -158_00},
    ),
    "an agency approves what the payer has paid in cash": (
        lambda: entries.personal_account_offset(**NAMES, pays=OTHER, amount=158_00),
        {"account_agency agency:320500": 158_00, "refund_payable": -158_00},
    ),
    "one area owes another": (
        lambda: entries.one_area_owes_another(**NAMES, charges=AGENCY, pays=OTHER, amount=158_00),
        {"area_clearing agency:320100": 158_00, "area_clearing agency:320500": -158_00},
    ),
    "areas settle": (
        lambda: entries.areas_settled(**NAMES, positions={AGENCY: 158_00, OTHER: -158_00}),
        {"area_clearing agency:320100": -158_00, "area_clearing agency:320500": 158_00},
    ),
    "an agency strikes out what a policy was issued on": (
        lambda: entries.personal_account_struck_out(**NAMES, charges=AGENCY, amount=158_00),
        {"payer_receivable": 158_00, "account_held agency:320100": -158_00},
    ),
    "the payer pays what was struck out": (
        lambda: entries.payer_paid_after_strike_out(**NAMES, company=COMPANY, amount=158_00),
        {"provider_clearing provider:sandbox": 158_00, "payer_receivable": -158_00},
    ),
    "an agency transfers what was approved": (
        lambda: entries.personal_account_transferred(**NAMES, agency=AGENCY, bank=BANK, amount=158_00),
        {"bank bank:main": 158_00, "account_agency agency:320100": -158_00},
    ),
    "an agency's transfer goes back": (
        lambda: entries.personal_account_returned(**NAMES, agency=AGENCY, bank=BANK, amount=158_00),
        {"account_agency agency:320100": 158_00, "bank bank:main": -158_00},
    ),
    "funds owe a part by the terms, and no company is paid": (
        lambda: entries.premium_owed_by_funds(**NAMES, owed_by={fund("government"): 52_66, fund("donor"): 10_00}),
        {
            "premium_receivable fund:government": 52_66,
            "premium_receivable fund:donor": 10_00,
            "premium_unshared": -62_66,
        },
    ),
    "a fund pays in": (
        lambda: entries.subsidy_received(**NAMES, fund=fund("donor"), bank=BANK, amount=1_000_00),
        {"bank bank:main": 1_000_00, "subsidy_fund fund:donor": -1_000_00},
    ),
    "premium is drawn from a fund": (
        lambda: entries.subsidy_drawn(**NAMES, fund=fund("donor"), amount=157_99),
        {"subsidy_fund fund:donor": 157_99, "premium_unshared": -157_99},
    ),
    "cover ends that a fund paid for": (
        lambda: entries.subsidy_returned(**NAMES, fund=fund("donor"), amount=157_99),
        {"premium_unshared": 157_99, "subsidy_fund fund:donor": -157_99},
    ),
    "an organisation pays in": (
        lambda: entries.organisation_paid_in(**NAMES, organisation=EMPLOYER, bank=BANK, amount=316_00),
        {"bank bank:main": 316_00, "organisation_deposit organisation:factory": -316_00},
    ),
    "premium is paid from an organisation's money": (
        lambda: entries.organisation_pays(**NAMES, organisation=EMPLOYER, amount=158_00),
        {"organisation_deposit organisation:factory": 158_00, "premium_unshared": -158_00},
    ),
    "cover ends that an organisation paid for": (
        lambda: entries.organisation_given_back(**NAMES, organisation=EMPLOYER, amount=158_00),
        {"premium_unshared": 158_00, "organisation_deposit organisation:factory": -158_00},
    ),
    "what an organisation has left goes back": (
        lambda: entries.organisation_paid_out(**NAMES, organisation=EMPLOYER, bank=BANK, amount=158_00),
        {"organisation_deposit organisation:factory": 158_00, "bank bank:main": -158_00},
    ),
    "a policy is paid in cash": (
        lambda: entries.cash_taken(**NAMES, till=TILL, amount=158_00),
        {"cash_till till:7": 158_00, "premium_unshared": -158_00},
    ),
    "cover ends that was paid in cash": (
        lambda: entries.cash_owed_back(**NAMES, amount=158_00),
        {"premium_unshared": 158_00, "refund_payable": -158_00},
    ),
    "cash was taken and no cover came of it": (
        lambda: entries.cash_without_cover(**NAMES, till=TILL, amount=158_00),
        {"cash_till till:7": 158_00, "refund_payable": -158_00},
    ),
    "cash is paid out of a till": (
        lambda: entries.cash_paid_out(**NAMES, till=TILL, amount=158_00),
        {"refund_payable": 158_00, "cash_till till:7": -158_00},
    ),
    "a till's cash is paid in": (
        lambda: entries.cash_banked(**NAMES, till=TILL, bank=BANK, amount=158_00),
        {"bank bank:main": 158_00, "cash_till till:7": -158_00},
    ),
    "what a till is short is written off": (
        lambda: entries.cash_written_off(**NAMES, till=TILL, amount=8_00),
        {"cash_difference till:7": 8_00, "cash_till till:7": -8_00},
    ),
    "a premium is shared": (
        lambda: entries.premium_shared(**NAMES, parts={"lead": 88_77, "second": 69_23}, sharing="3:2022-01-01"),
        {"premium_unshared": 158_00, "insurer_premium insurer:lead": -88_77, "insurer_premium insurer:second": -69_23},
    ),
    "a claim is decided": (
        lambda: entries.claim_decided(
            **NAMES, sender=HOSPITAL, insured=INSURED, before=Owed(), after=Owed(11_000_00, 300_00)
        ),
        {
            "claims_unshared": 11_300_00,
            "claim_payable hospital:hospital-1": -11_000_00,
            "claim_payable policy:HM1": -300_00,
        },
    ),
    "the insured owe what the hospital keeps": (
        lambda: entries.claim_decided(
            **NAMES, sender=HOSPITAL, insured=INSURED, before=Owed(100_00, 20_00), after=Owed(100_00, -30_00)
        ),
        {"claims_unshared": -50_00, "claim_payable policy:HM1": 20_00, "overpayment_receivable policy:HM1": 30_00},
    ),
    "a claim is shared": (
        lambda: entries.claim_shared(
            **NAMES, before={"lead": 60, "second": 40}, after={"lead": 66, "second": 45}, sharing="3:2022-01-01"
        ),
        {"insurer_claims insurer:lead": 6, "insurer_claims insurer:second": 5, "claims_unshared": -11},
    ),
    "a payout is sent": (
        lambda: entries.payout_sent(**NAMES, payee=HOSPITAL, amount=11_000_00),
        {
            "claim_payable hospital:hospital-1": 11_000_00,
            "claim_in_payment hospital:hospital-1": -11_000_00,
        },
    ),
    "a payout is confirmed": (
        lambda: entries.payout_confirmed(**NAMES, payee=HOSPITAL, bank=BANK, amount=11_000_00),
        {"claim_in_payment hospital:hospital-1": 11_000_00, "bank bank:main": -11_000_00},
    ),
    "a payout is returned": (
        lambda: entries.payout_returned(**NAMES, payee=INSURED, amount=300_00),
        {"claim_in_payment policy:HM1": 300_00, "claim_payable policy:HM1": -300_00},
    ),
    "a payout that was paid comes back": (
        lambda: entries.payout_came_back(**NAMES, payee=INSURED, bank=BANK, amount=300_00),
        {"bank bank:main": 300_00, "claim_payable policy:HM1": -300_00},
    ),
    "more was paid to the insured than is due": (
        lambda: entries.overpayment_found(**NAMES, insured=INSURED, amount=30_00),
        {"overpayment_receivable policy:HM1": 30_00, "claim_payable policy:HM1": -30_00},
    ),
    "what the insured paid back was due": (
        lambda: entries.overpayment_not_owed(**NAMES, insured=INSURED, amount=30_00),
        {"overpayment_receivable policy:HM1": 30_00, "claim_payable policy:HM1": -30_00},
    ),
    "a part of a claim is kept": (
        lambda: entries.kept_of_claim(**NAMES, insured=INSURED, amount=30_00),
        {"claim_payable policy:HM1": 30_00, "overpayment_set_off policy:HM1": -30_00},
    ),
    "what was kept pays an overpayment back": (
        lambda: entries.overpayment_set_off(**NAMES, insured=INSURED, amount=30_00),
        {"overpayment_set_off policy:HM1": 30_00, "overpayment_receivable policy:HM1": -30_00},
    ),
    "an overpayment is waived": (
        lambda: entries.overpayment_waived(**NAMES, insured=INSURED, amount=30_00),
        {"claims_unshared": 30_00, "overpayment_receivable policy:HM1": -30_00},
    ),
    "an overpayment is repaid": (
        lambda: entries.overpayment_repaid(**NAMES, insured=INSURED, bank=BANK, amount=30_00),
        {"bank bank:main": 30_00, "overpayment_receivable policy:HM1": -30_00},
    ),
    "rounding is evened out": (
        lambda: entries.rounding_evened(
            **NAMES, account=accounts.INSURER_PREMIUM, change={"lead": -3, "second": 3}, sharing="3:2022-01-01"
        ),
        {"insurer_premium insurer:lead": -3, "insurer_premium insurer:second": 3},
    ),
}


@pytest.mark.parametrize("event", EVENTS)
def test_each_event_debits_and_credits_what_the_money_map_says(event: str) -> None:
    make, expected = EVENTS[event]
    entry = make()
    assert moved(entry) == expected
    assert sum(line.amount for line in entry.lines) == 0
    # SQLite would take a longer one.
    assert len(entry.kind) <= (JournalEntry._meta.get_field("kind").max_length or 0)


@pytest.mark.parametrize("event", EVENTS)
def test_each_events_entry_fits_its_accounts_and_the_journal(city: City, event: str) -> None:
    entry = EVENTS[event][0]()
    post(city=city, entries=[entry], at=now(city))
    posted = Posting.objects.of(city).filter(entry=JournalEntry.objects.of(city).order_by("-pk")[0])
    found = {f"{line.account} {line.party}".rstrip(): line.amount for line in posted}
    assert found == EVENTS[event][1]
    assert posted[0].entry.kind == entry.kind
    assert (posted[0].entry.source, posted[0].entry.cause) == (entry.source, entry.cause)


def test_no_function_of_the_money_map_is_without_a_case_here() -> None:
    functions = {name for name in entries.__all__ if name[0].islower()}
    tried = {name for name in functions if any(name in made.__code__.co_names for made, _ in EVENTS.values())}
    assert functions - tried == {"premium_paid_by_company"}  # which has tests of its own above


owed = st.builds(Owed, st.integers(0, 10**9), st.integers(-(10**9), 10**9))


@given(st.lists(owed, min_size=1, max_size=5))
def test_a_claim_that_changes_and_goes_back_leaves_nothing_owed(steps: list[Owed]) -> None:
    total: Counter[str] = Counter()
    for before, after in zip([Owed(), *steps], [*steps, Owed()], strict=True):
        entry = entries.claim_decided(**NAMES, sender=HOSPITAL, insured=INSURED, before=before, after=after)
        total.update(moved(entry))
    assert set(total.values()) <= {0}


@pytest.mark.parametrize(("source", "cause"), [("", "fact:2"), ("fact:1", ""), ("", "")])
def test_an_entry_that_does_not_name_both_its_facts_is_refused(city: City, source: str, cause: str) -> None:
    before = JournalEntry.objects.of(city).count()
    entry = Entry("test", source, cause, [Line(accounts.PREMIUM_UNSHARED, 1), Line(accounts.CLAIMS_UNSHARED, -1)])
    with pytest.raises(EntryWithoutFactError) as caught:
        post(city=city, entries=[entry], at=now(city))
    assert caught.value.code == "entry_without_fact"
    assert JournalEntry.objects.of(city).count() == before


@pytest.mark.parametrize(
    ("account", "party"),
    [
        (accounts.CLAIM_PAYABLE, None),
        (accounts.CLAIM_PAYABLE, insurer("lead")),
        (accounts.PREMIUM_UNSHARED, INSURED),
        (accounts.INSURER_CLAIMS, HOSPITAL),
    ],
)
def test_a_posting_to_a_party_that_the_account_cannot_have_is_refused(
    city: City, account: Account, party: Party | None
) -> None:
    before = JournalEntry.objects.of(city).count()
    lines = [Line(account, 1, party), Line(accounts.CLAIMS_UNSHARED, -1)]
    with pytest.raises(PartyError, match=account.code):
        post(city=city, entries=[Entry("test", "s", "c", lines)], at=now(city))
    assert JournalEntry.objects.of(city).count() == before


def test_claims_payable_stand_on_the_credit_side_and_what_companies_hold_on_the_debit_side() -> None:
    assert accounts.CLAIM_PAYABLE.normal == accounts.PREMIUM_UNSHARED.normal == Side.CREDIT
    assert accounts.PROVIDER_CLEARING.normal == accounts.OVERPAYMENT_RECEIVABLE.normal == Side.DEBIT


def test_where_nothing_else_is_said_nothing_is_owed() -> None:
    assert (Owed(), Owed().total, Owed(3, -5).total) == (Owed(sender=0, insured=0), 0, -2)
