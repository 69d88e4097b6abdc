"""A party has one text in the journal, which is read strictly, and an account takes certain kinds."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from huimin.platform.ledger.accounts import (
    CLAIM_PAYABLE,
    INSURER_CLAIMS,
    PREMIUM_UNSHARED,
)
from huimin.platform.ledger.parties import (
    MAX_TEXT,
    Party,
    PartyError,
    PartyKind,
    fund,
    insurer,
    parse_party,
    policy,
    provider,
)


@pytest.mark.parametrize(
    ("party", "text"),
    [
        (Party(PartyKind.HOSPITAL, "hospital-1"), "hospital:hospital-1"),
        (Party(PartyKind.PHARMACY, "p1"), "pharmacy:p1"),
        (policy("HM20220000000001001"), "policy:HM20220000000001001"),
        (insurer("lead"), "insurer:lead"),
        (provider("sandbox"), "provider:sandbox"),
        (fund("government"), "fund:government"),
        (Party(PartyKind.MAKER, "m1"), "maker:m1"),
        (Party(PartyKind.AGENCY, "320100"), "agency:320100"),
        (Party(PartyKind.BANK, "main"), "bank:main"),
    ],
)
def test_each_kind_of_party_has_one_text_and_is_read_back_from_it(party: Party, text: str) -> None:
    assert party.text == str(party) == text
    assert parse_party(text) == party


def test_no_kind_of_party_is_without_a_name_in_both_languages() -> None:
    assert all(kind.name_zh and kind.name_en for kind in PartyKind)


codes = st.text(min_size=1, max_size=40).filter(lambda text: text.isprintable() and text == text.strip())


@given(kind=st.sampled_from(PartyKind), code=codes)
def test_whatever_the_code_the_text_gives_the_party_back(kind: PartyKind, code: str) -> None:
    """Also a code with a colon in it, or one that looks like another party's text."""
    assert parse_party(Party(kind, code).text) == Party(kind, code)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "hospital-1",
        ":",
        "hospital:",
        ":x",
        "Hospital:x",
        "doctor:x",
        "hospital: x",
        "hospital:x\n",
        "hospital:x\ty",
        " bank:x",
    ],
)
def test_a_text_that_is_not_a_partys_is_refused(text: str) -> None:
    with pytest.raises(PartyError) as caught:
        parse_party(text)
    assert caught.value.code == "bad_party"


def test_a_code_may_be_as_long_as_the_journal_holds_and_no_longer() -> None:
    longest = MAX_TEXT - len("bank:")
    assert len(Party(PartyKind.BANK, "x" * longest).text) == MAX_TEXT
    with pytest.raises(PartyError, match=f"expected 1 to {longest} printed characters"):
        Party(PartyKind.BANK, "x" * (longest + 1))


def test_a_row_is_read_as_it_says() -> None:
    assert PREMIUM_UNSHARED.party_of("") is None
    assert CLAIM_PAYABLE.party_of("pharmacy:p1") == Party(PartyKind.PHARMACY, "p1")
    assert INSURER_CLAIMS.party_of("insurer:insurer:1") == insurer("insurer:1")


@pytest.mark.parametrize(
    ("account", "text"),
    [
        (CLAIM_PAYABLE, "insurer:lead"),
        (CLAIM_PAYABLE, ""),
        (INSURER_CLAIMS, "hospital:h"),
        (CLAIM_PAYABLE, "hospital-1"),
        (INSURER_CLAIMS, "lead"),
        (PREMIUM_UNSHARED, "policy:HM1"),
        (PREMIUM_UNSHARED, "lead"),
    ],
)
def test_a_party_that_its_account_cannot_have_is_refused(account: object, text: str) -> None:
    with pytest.raises(PartyError):
        account.party_of(text)  # type: ignore[attr-defined]
