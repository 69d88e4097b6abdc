"""The parties of accounts: a hospital, a policy, an insurer, a fund. Each has one text form in the journal.

The text is `KIND:CODE`, such as `hospital:hospital-1` or `policy:HM2022…`.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from functools import lru_cache

from huimin.errors import HuiminError

__all__ = [
    "Party",
    "PartyError",
    "PartyKind",
    "agency",
    "bank",
    "fund",
    "insurer",
    "organisation",
    "parse_party",
    "policy",
    "provider",
    "till",
]

MAX_TEXT = 60
"""As long as the journal's column."""


class PartyKind(StrEnum):
    HOSPITAL = "hospital"
    PHARMACY = "pharmacy"
    POLICY = "policy"
    """The insured of a policy, by the policy's number, since the journal has no names and no ID numbers."""
    INSURER = "insurer"
    PROVIDER = "provider"
    """A payment company."""
    FUND = "fund"
    """A fund of a donor or the government that pays part of premiums."""
    MAKER = "maker"
    AGENCY = "agency"
    """The medical-insurance agency of an area, which pays from personal accounts."""
    BANK = "bank"
    ORGANISATION = "organisation"
    """An employer or another body that pays premiums of many people."""
    TILL = "till"
    """Cash in the hands of one person at a counter, by the number of their account."""

    @property
    def name_zh(self) -> str:
        return _NAMES[self][0]

    @property
    def name_en(self) -> str:
        return _NAMES[self][1]


_NAMES = {
    PartyKind.HOSPITAL: ("医院", "hospital"),
    PartyKind.PHARMACY: ("药店", "pharmacy"),
    PartyKind.POLICY: ("保单", "policy"),
    PartyKind.INSURER: ("保险公司", "insurer"),
    PartyKind.PROVIDER: ("支付机构", "payment company"),
    PartyKind.FUND: ("资助方", "subsidy fund"),
    PartyKind.MAKER: ("药企", "drug maker"),
    PartyKind.AGENCY: ("医保经办机构", "medical-insurance agency"),
    PartyKind.BANK: ("银行账户", "bank account"),
    PartyKind.ORGANISATION: ("单位", "organisation"),
    PartyKind.TILL: ("柜面现金", "till"),
}
_KINDS = {kind.value: kind for kind in PartyKind}


class PartyError(HuiminError):
    """A party that the journal cannot hold, or that does not fit its account."""

    code = "bad_party"


@dataclass(frozen=True, slots=True)
class Party:
    """A party. `code` identifies it among those of its kind in its city.

    Raises PartyError for a code that is empty, has blanks at its ends or a character that is not printed, or is too
    long for the journal.
    """

    kind: PartyKind
    code: str
    text: str = field(init=False, compare=False, repr=False)
    """The form that the journal keeps."""

    def __post_init__(self) -> None:
        text = f"{self.kind.value}:{self.code}"
        if not self.code or self.code != self.code.strip() or not self.code.isprintable() or len(text) > MAX_TEXT:
            raise PartyError(
                f"found {self.code!r} as the code of a {self.kind.name_en}; expected 1 to "
                f"{MAX_TEXT - len(self.kind.value) - 1} printed characters without blanks at the ends"
            )
        object.__setattr__(self, "text", text)

    def __str__(self) -> str:
        return self.text


def parse_party(text: str) -> Party:
    """The party that a text of the form `KIND:CODE` names. Raises PartyError for any other text."""
    kind, colon, code = text.partition(":")
    if not colon or kind not in _KINDS:
        expected = ", ".join(f"{name}:CODE" for name in _KINDS)
        raise PartyError(f"found {text!r} as a party; expected one of {expected}")
    return Party(_KINDS[kind], code)


# Cached, because a settlement names every insurer of the pool, some of them many times.
@lru_cache(maxsize=4096)
def insurer(code: str) -> Party:
    return Party(PartyKind.INSURER, code)


@lru_cache(maxsize=256)
def provider(code: str) -> Party:
    return Party(PartyKind.PROVIDER, code)


@lru_cache(maxsize=256)
def agency(area: str) -> Party:
    """The medical-insurance agency of the area with this code."""
    return Party(PartyKind.AGENCY, area)


@lru_cache(maxsize=256)
def bank(code: str) -> Party:
    return Party(PartyKind.BANK, code)


@lru_cache(maxsize=256)
def fund(code: str) -> Party:
    return Party(PartyKind.FUND, code)


def organisation(code: str) -> Party:
    return Party(PartyKind.ORGANISATION, code)


def till(staff: str) -> Party:
    """The till of the person of the staff with this number."""
    return Party(PartyKind.TILL, staff)


def policy(number: str) -> Party:
    """The insured of the policy with this number."""
    return Party(PartyKind.POLICY, number)
