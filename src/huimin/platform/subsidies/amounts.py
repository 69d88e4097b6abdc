"""How much of a price each fund pays for one person: a pure function of the funds' terms and of what they have left.

Funds pay in their order of use. A fund gives the whole amount that it owes a person, or nothing: nobody's part of the
price depends on what happens to be left over in a fund.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

__all__ = ["ANY_REASON", "FUND_KEY", "FundTerms", "Parts", "PerPerson", "fund_code", "parts_of"]

ANY_REASON = ""
FUND_KEY = "fund:"
"""What a fund is called among those who pay a price (`OrderLine.paid_by`): `fund:` and its code."""


@dataclass(frozen=True, slots=True)
class PerPerson:
    """What a fund pays for one person: `fen`, or all but `leaves` fen, which the person pays. The other is None."""

    fen: int | None = None
    leaves: int | None = None

    def __post_init__(self) -> None:
        given = [one for one in (self.fen, self.leaves) if one is not None]
        if len(given) != 1 or given[0] < 0 or self.fen == 0:
            raise ValueError(f"found {self}; expected an amount above 0, or what is left to the person, 0 or more")

    def of(self, rest: int) -> int:
        """What it pays where `rest` fen of the price have no payer yet."""
        if self.leaves is not None:
            return max(0, rest - self.leaves)
        return min(self.fen or 0, rest)


@dataclass(frozen=True, slots=True)
class FundTerms:
    """For whom a fund pays how much. `order`: the smaller it is, the earlier the fund is used.

    `backs`: the payer of the plan's own terms (`donor`, `government` …) for whom the fund pays; "" where it pays of
    what the terms leave to the person.
    """

    code: str
    order: int
    amounts: Mapping[str, PerPerson]
    """By reason; ANY_REASON is for whoever is on the roster with no reason of its own here."""
    backs: str = ""

    def for_reason(self, reason: str) -> PerPerson | None:
        return self.amounts.get(reason, self.amounts.get(ANY_REASON))


@dataclass(frozen=True, slots=True)
class Parts:
    """Who pays which part of one person's price, in fen."""

    paid_by: dict[str, int]
    """By payer, funds as `fund:CODE`. What is left of the price the person pays."""
    draws: dict[str, int] = field(default_factory=dict)
    """By code of the fund."""
    short: tuple[str, ...] = ()
    """Funds that should have paid and did not have the whole amount left."""


def fund_code(payer: str) -> str | None:
    """The code of the fund where a payer is one; None for a payer of the plan's terms."""
    return payer.removeprefix(FUND_KEY) if payer.startswith(FUND_KEY) else None


def parts_of(
    price: int,
    others: Mapping[str, int],
    funds: Iterable[FundTerms],
    reasons: Mapping[str, str],
    left: Mapping[str, int],
) -> Parts:
    """Share one price among those who pay it.

    `others`: what the plan's terms say others bear, fen by payer. `reasons`: by code of a fund, why its roster has this
    person; funds that do not have them are left out. `left`: fen by code of a fund.
    """
    owed, draws, short = dict(others), {}, []
    rest = price - sum(others.values())
    for fund in sorted(funds, key=lambda one: (one.order, one.code)):
        amount = fund.for_reason(reasons[fund.code]) if fund.code in reasons else None
        asked = amount.of(owed.get(fund.backs, 0) if fund.backs else rest) if amount is not None else 0
        if asked > left.get(fund.code, 0):
            short.append(fund.code)
        elif asked:
            draws[fund.code] = asked
            if fund.backs:
                owed[fund.backs] -= asked
            else:
                rest -= asked
    paid_by = {payer: fen for payer, fen in owed.items() if fen}
    paid_by |= {FUND_KEY + code: fen for code, fen in draws.items()}
    return Parts(paid_by, draws, tuple(short))
