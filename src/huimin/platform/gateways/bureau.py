"""The medical-insurance bureau (医保局): who is insured, what its records show of their health, and their account.

What it is asked about is one person, named by ID number and name or by the bureau's own number. Its records are
evidence and not the truth: each item says when and where it was written down, so that the person can contest it.
"""

from __future__ import annotations

import enum
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Protocol

__all__ = [
    "Balance",
    "Bureau",
    "BureauSettlement",
    "HistoryItem",
    "Hold",
    "HoldRequest",
    "HoldState",
    "InsuredPerson",
    "Match",
    "Matched",
    "OtherPlan",
    "Spell",
]


class Match(enum.StrEnum):
    FOUND = "found"
    NOT_KNOWN = "not_known"
    """Nobody has this ID number in the bureau's register."""
    NAME_DIFFERS = "name_differs"
    """Somebody has it, under another name."""


@dataclass(frozen=True, slots=True)
class Spell:
    """A time in basic insurance, both days included; `last` is None while it lasts. `insutype`: 310, 390 and so on."""

    insutype: str
    area: str
    first: date
    last: date | None = None

    def holds(self, day: date) -> bool:
        return self.first <= day and (self.last is None or day <= self.last)


@dataclass(frozen=True, slots=True)
class OtherPlan:
    """Cover in a commercial plan elsewhere, as registries of the province know it; both days included."""

    plan: str
    first: date
    last: date


@dataclass(frozen=True, slots=True)
class InsuredPerson:
    """A person as the bureau has them. `spells` in the order of their first days."""

    psn_no: str
    birth_date: date
    sex: str
    spells: tuple[Spell, ...]
    covers: tuple[OtherPlan, ...] | None = None
    """Plans elsewhere; None where the bureau does not know of any registry of them."""

    def insured_on(self, day: date) -> Spell | None:
        """The time in basic insurance that holds on that day."""
        return next((spell for spell in self.spells if spell.holds(day)), None)


@dataclass(frozen=True, slots=True)
class Matched:
    """What came of looking for a person. `person` is there where they were found."""

    match: Match
    person: InsuredPerson | None = None


@dataclass(frozen=True, slots=True)
class HistoryItem:
    """One thing that the records show: a diagnosis (ICD-10 code), the day, and the institution that wrote it down."""

    diagnosis: str
    day: date
    institution: str
    group: str = ""
    """The bureau's own group of pre-existing conditions, where it has put the diagnosis into one."""


@dataclass(frozen=True, slots=True)
class BureauSettlement:
    """A bill, or a reversal of one, as the bureau settled it. `content`: texts by national field name.

    The institution is not part of the content: it is who treated, and so whose bill it is.
    """

    institution: str
    institution_name: str
    setl_id: str
    settled_on: date
    content: Mapping[str, str] = field(repr=False)

    @property
    def is_reversal(self) -> bool:
        return bool(self.content.get("reverses"))


@dataclass(frozen=True, slots=True)
class Balance:
    """A personal account, in fen. Places differ in which part may pay for cover: see the rules of the area."""

    area: str
    historic: int
    """What was saved in earlier years."""
    current: int
    """What was paid in this year."""
    held: int
    """What is set aside of it already, for orders that were not charged yet."""
    relatives: frozenset[str]
    """The bureau's numbers of relatives who are filed to share the account."""


@dataclass(frozen=True, slots=True)
class HoldRequest:
    """Set an amount aside for cover. `payer` and `insured` are the bureau's numbers; `amount` in fen."""

    key: str
    """Ours: one key is one hold."""
    payer: str
    insured: str
    amount: int


class HoldState(enum.StrEnum):
    HELD = "held"
    RELEASED = "released"
    """Given up: the account has it again."""
    CHARGED = "charged"
    """Taken out of the account for good."""


@dataclass(frozen=True, slots=True)
class Hold:
    key: str
    state: HoldState
    amount: int


class Bureau(Protocol):
    """`key` of a question is ours and names no person: the record of exchanges shows it."""

    def find_person(self, key: str, id_number: str, name: str) -> Matched:
        """Whether number and name belong together, and how the person is insured. Raises a DoorError."""
        ...

    def history(self, key: str, psn_no: str, consent: str, since: date) -> tuple[HistoryItem, ...]:
        """What the records show from that day on. `consent` is our number of the person's own consent.

        Raises a DoorError; `Refused` with `consent_missing` where the bureau does not take the consent.
        """
        ...

    def settlements(self, key: str, psn_no: str, consent: str, first: date, last: date) -> tuple[BureauSettlement, ...]:
        """The person's settlements from the first to the last day, both included, in the order of their times.

        `consent` is our number of the person's own consent. An answer with anybody else's settlement, or with one of
        another day, is no answer. Raises a DoorError; `Refused` with `consent_missing` or `person_not_known`.
        """
        ...

    def balance(self, key: str, psn_no: str) -> Balance | None:
        """The person's account now; None where they have none. Raises a DoorError."""
        ...

    def hold(self, request: HoldRequest) -> Hold:
        """Set money aside. Raises a DoorError; after `Unclear` or `Duplicate`, query the hold.

        `Refused` says why: `no_account`, `balance_too_low`, `relative_not_filed`.
        """
        ...

    def charge(self, request: HoldRequest) -> Hold:
        """Take what is held under this key out of the account for good. Doing so twice is doing it once.

        Raises a DoorError; `Refused` says why: `no_account`, `released`, `account_frozen`.
        """
        ...

    def release(self, key: str) -> Hold:
        """Give a hold up. Doing so twice is doing it once. Raises a DoorError; `Refused` where it was charged."""
        ...

    def query_hold(self, key: str) -> Hold | None:
        """How the hold with this key stands; None where the bureau has none. Raises a DoorError."""
        ...
