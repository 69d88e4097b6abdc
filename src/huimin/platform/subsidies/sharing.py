"""Who pays which part of people's prices, by the funds that are open today: asked before anything is ordered."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from huimin.platform.foundation.models import City, ask_together
from huimin.platform.subsidies.amounts import Parts, parts_of
from huimin.platform.subsidies.facts import FundFacts
from huimin.platform.subsidies.models import Draw, DrawStatus, FundPart, RosterEntry
from huimin.platform.subsidies.selectors import funds_open, versions_in_force

__all__ = ["Priced", "Share", "shares_of"]


@dataclass(frozen=True, slots=True)
class Priced:
    """One person's price before any fund: what the plan's terms say others bear of it, fen by payer."""

    resident_id: int
    price: int
    others: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class Share:
    """Who pays one person's price. `entries`: as what each fund's roster has them, by code of the fund."""

    parts: Parts
    entries: Mapping[str, int] = field(default_factory=dict)


@dataclass(slots=True)
class _Known:
    """What funds and rosters say of some people."""

    entries: dict[tuple[int, int], tuple[int, str]] = field(default_factory=dict)
    """By roster and resident: the entry and its reason."""
    left: dict[int, int] = field(default_factory=dict)
    """Fen by fund that nobody has."""
    reserved: dict[tuple[int, int], int] = field(default_factory=dict)
    """Fen by fund and resident that are set aside for them already."""
    used: set[tuple[int, int]] = field(default_factory=set)
    """Fund and resident where the fund has paid for them."""


def shares_of(city: City, plan_year_id: int, people: Sequence[Priced], day: date) -> dict[int, Share]:
    """By resident who pays their price; those for whom no fund is open are left out. Nothing is reserved.

    One round to the database; none where the city has no fund open today.
    """
    funds = funds_open(city, plan_year_id, day)
    if not funds or not people:
        return {}
    known = _known(city, funds, [person.resident_id for person in people], day)
    shares = {}
    for person in people:
        share = _share(funds, known, person)
        for fund in funds:
            new = share.parts.draws.get(fund.code, 0) - known.reserved.get((fund.id, person.resident_id), 0)
            known.left[fund.id] = known.left.get(fund.id, 0) - max(0, new)
        shares[person.resident_id] = share
    return shares


def _share(funds: Sequence[FundFacts], known: _Known, person: Priced) -> Share:
    resident = person.resident_id
    usable = [fund for fund in funds if (fund.id, resident) not in known.used]
    on = {
        fund.code: known.entries[fund.roster.id, resident]
        for fund in usable
        if (fund.roster.id, resident) in known.entries
    }
    left = {fund.code: known.left.get(fund.id, 0) + known.reserved.get((fund.id, resident), 0) for fund in usable}
    parts = parts_of(
        person.price,
        person.others,
        [fund.terms for fund in usable],
        {code: reason for code, (_entry, reason) in on.items()},
        left,
    )
    return Share(parts, {code: on[code][0] for code in parts.draws})


def _known(city: City, funds: Sequence[FundFacts], resident_ids: Sequence[int], day: date) -> _Known:
    versions = versions_in_force(city)
    in_force = {versions[fund.roster.id]: fund.roster.id for fund in funds if fund.roster.id in versions}
    fund_ids = [fund.id for fund in funds]
    if not in_force:
        return _Known()
    entries, sums, draws = ask_together(
        RosterEntry.objects.asking(city, {"version": list(in_force), "resident": list(resident_ids)}),
        FundPart.objects.summing(city, ("fund",), "SUM(left_fen)", {"fund": fund_ids}),
        Draw.objects.picking(
            city,
            ("fund", "resident", "amount", "status"),
            {"fund": fund_ids, "resident": list(resident_ids), "status": [DrawStatus.RESERVED, DrawStatus.COMMITTED]},
        ),
    )
    known = _Known(left={fund: int(fen) for fund, fen in sums})
    for entry in entries:
        if entry.valid_from <= day <= entry.valid_to:
            known.entries[in_force[entry.version_id], entry.resident_id] = (entry.pk, entry.reason)
    for fund, resident, amount, status in draws:
        if status == DrawStatus.COMMITTED:
            known.used.add((fund, resident))
        else:
            known.reserved[fund, resident] = amount
    return known
