"""What an account is: its place in the money map, its meaning, and who can stand on its other side."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum

from huimin.platform.ledger.parties import Party, PartyError, PartyKind, names_kind, parse_party

__all__ = ["Account", "Group", "Side", "Words"]


class Side(StrEnum):
    """The side on which an account's balance stands as a rule. The journal keeps debits as positive amounts."""

    DEBIT = "debit"
    CREDIT = "credit"


@dataclass(frozen=True, slots=True)
class Words:
    """One thing in the two languages of the pages."""

    zh: str
    en: str

    def text(self, language: str) -> str:
        return self.en if language == "en" else self.zh


@dataclass(frozen=True, slots=True, eq=False)
class Group:
    """A part of the money map. What its accounts hold is computed again from facts by the group's own verification."""

    code: str
    name: Words
    meaning: Words
    confidential: bool = False
    """Its parties' amounts are not to be shown outside their context: others see totals over several parties."""


@dataclass(frozen=True, slots=True, eq=False)
class Account:
    """One account. Two are the same only if they are one object, so that they are quick to compare and to look up."""

    code: str
    """What the journal keeps. It never changes."""
    group: Group
    name: Words
    meaning: Words
    normal: Side
    parties: tuple[PartyKind, ...] = ()
    """The kinds of party that divide the account further. Empty: it has one balance, and no party."""
    before_kinds: PartyKind | None = None
    """What a code alone meant in this account, in rows from before kinds were written. None: there are no such rows."""
    cleared: bool = False
    """Each fact's part of the balance comes to zero when its matter is done. What is left is explained item by item."""
    items_by_cause: bool = False
    """An item is what one cause has left, not one source: what an order brought in is shared out policy by policy."""
    _kinds: frozenset[PartyKind | None] = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "_kinds", frozenset(self.parties or (None,)))

    def __str__(self) -> str:
        return self.code

    def refuse_party(self, party: Party | None) -> None:
        """Raises PartyError unless a posting to this account may name this party, or none."""
        if (party.kind if party is not None else None) not in self._kinds:
            expected = ", ".join(kind.value for kind in self.parties) or "no party"
            raise PartyError(f"found {party} as the party of {self.code}; expected {expected}")

    def party_of(self, text: str) -> Party | None:
        """The party of a row of the journal, of whatever time. Raises PartyError for what no row can have said."""
        if not text:
            party = None
        elif self.before_kinds is not None and not names_kind(text):
            party = Party(self.before_kinds, text)
        else:
            party = parse_party(text)
        self.refuse_party(party)
        return party
