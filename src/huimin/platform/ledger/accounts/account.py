"""What an account is: its place in the money map, its meaning, and the kinds of party that it can have."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum

from huimin.platform.ledger.parties import Party, PartyError, PartyKind, parse_party

__all__ = ["Account", "Group", "Side", "Words"]


class Side(StrEnum):
    """The side on which an account's balance usually is. The journal keeps debits as positive amounts."""

    DEBIT = "debit"
    CREDIT = "credit"


@dataclass(frozen=True, slots=True)
class Words:
    """A text in the two languages of the pages."""

    zh: str
    en: str

    def text(self, language: str) -> str:
        return self.en if language == "en" else self.zh


@dataclass(frozen=True, slots=True, eq=False)
class Group:
    """A part of the money map. A verification of its own computes its accounts again from facts."""

    code: str
    name: Words
    meaning: Words
    confidential: bool = False
    """The amounts of single parties must not be shown outside their context: others see totals over several parties."""


@dataclass(frozen=True, slots=True, eq=False)
class Account:
    """One account. Accounts are compared by identity, so that comparing and looking up is quick."""

    code: str
    """The code that the journal has. It never changes."""
    group: Group
    name: Words
    meaning: Words
    normal: Side
    parties: tuple[PartyKind, ...] = ()
    """The kinds of party by which the account is divided. Empty: it has a single balance and no party."""
    cleared: bool = False
    """Each fact's part of the balance returns to zero when its matter is done, so that the balance is explained item by
    item.
    """
    items_by_cause: bool = False
    """Items are by cause and not by source, because what one order brought in is shared out policy by policy."""
    _kinds: frozenset[PartyKind | None] = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "_kinds", frozenset(self.parties or (None,)))

    def __str__(self) -> str:
        return self.code

    def refuse_party(self, party: Party | None) -> None:
        """Raise PartyError unless a posting to this account may name this party (None: no party)."""
        if (party.kind if party is not None else None) not in self._kinds:
            expected = ", ".join(kind.value for kind in self.parties) or "no party"
            raise PartyError(f"found {party} as the party of {self.code}; expected {expected}")

    def party_of(self, text: str) -> Party | None:
        """The party of a row of the journal. Raises PartyError for a text that does not fit the account."""
        party = parse_party(text) if text else None
        self.refuse_party(party)
        return party
