"""Between areas: whose accounts paid for people insured elsewhere, month by month, and who owes whom how much.

The agency of the insured's area pays the pool; the account's area owes it that. What two areas owe each other is
netted, and so is what each owes all others: the sum of all positions is zero (ADR 34).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from django.db import transaction
from django.db.models import F, Sum

from huimin.errors import HuiminError
from huimin.platform.foundation.actors import Actor
from huimin.platform.foundation.authorising import authorise
from huimin.platform.foundation.clock import now
from huimin.platform.foundation.models import City, CityQuerySet
from huimin.platform.foundation.permissions import Action
from huimin.platform.foundation.services import record_audit, refuse_without_note
from huimin.platform.ledger.api import post
from huimin.platform.payments.personal_account.entries import settlement_entry
from huimin.platform.payments.personal_account.models import AccountLine, AccountReturn, AreaSettlement, ReturnRoad

__all__ = ["Debt", "MonthBetweenAreas", "between_areas", "months_between_areas", "netted", "settle_areas"]


@dataclass(frozen=True, slots=True)
class Debt:
    """Two areas: what the first owes the second, what it is owed by it, in fen; the first owes more, or the same."""

    debtor: str
    creditor: str
    owes: int
    is_owed: int

    @property
    def net(self) -> int:
        return self.owes - self.is_owed


@dataclass(frozen=True, slots=True)
class MonthBetweenAreas:
    month: date
    debts: Sequence[Debt]
    """Between every two areas with anything between them."""
    positions: Mapping[str, int]
    """Fen by area: what it owes all others less what they owe it. They add up to zero."""
    settled: Mapping[str, int]
    """What of the positions is settled."""

    @property
    def open(self) -> dict[str, int]:
        """What is left of the positions, areas at zero left out."""
        left = {area: fen - self.settled.get(area, 0) for area, fen in self.positions.items()}
        return {area: fen for area, fen in left.items() if fen}


def netted(owed: Mapping[tuple[str, str], int]) -> list[Debt]:
    """The debts between every two areas. `owed`: fen by (who owes, who is owed)."""
    found = []
    for first, second in sorted({(min(pair), max(pair)) for pair in owed}):
        there, back = owed.get((first, second), 0), owed.get((second, first), 0)
        found.append(Debt(first, second, there, back) if there >= back else Debt(second, first, back, there))
    return found


def between_areas(city: City, month: date) -> MonthBetweenAreas:
    """How the areas stand to each other by what was approved in this month's lists."""
    first = month.replace(day=1)
    owed = _owed(city, first)
    positions: Counter[str] = Counter()
    for (debtor, creditor), fen in owed.items():
        positions[debtor] += fen
        positions[creditor] -= fen
    settled: Counter[str] = Counter()
    for row in AreaSettlement.objects.of(city).filter(month=first):
        for area, fen in row.positions.items():
            settled[area] += fen
    return MonthBetweenAreas(first, netted(owed), dict(positions), dict(settled))


def months_between_areas(city: City) -> list[date]:
    """The months in which anything was approved between areas, the latest first."""
    rows = AccountLine.objects.of(city).filter(approved_in__isnull=False).exclude(payer_area=F("insured_area"))
    months = {*rows.values_list("approved_in", flat=True), *_going_back(city).values_list("month", flat=True)}
    return sorted((month for month in months if month is not None), reverse=True)


def _owed(city: City, month: date) -> dict[tuple[str, str], int]:
    """Fen by (who owes, who is owed): of what was approved in the month between two areas, the account's area owes the
    insured's; of what goes back, the other way round.
    """
    rows = AccountLine.objects.of(city).filter(approved_in=month).exclude(payer_area=F("insured_area"))
    sums = rows.values_list("payer_area", "insured_area").annotate(total=Sum("amount")).order_by()
    owed = Counter({(charges, pays): fen for charges, pays, fen in sums})
    back = _going_back(city).filter(month=month)
    returned = back.values_list("line__insured_area", "line__payer_area").annotate(total=Sum("amount")).order_by()
    return dict(owed + Counter({(pays, charges): fen for pays, charges, fen in returned}))


def _going_back(city: City) -> CityQuerySet[AccountReturn]:
    """What goes back between areas."""
    rows: CityQuerySet[AccountReturn] = AccountReturn.objects.of(city).filter(road=ReturnRoad.AGENCY)
    return rows.filter(struck_out_at=None).exclude(line__payer_area=F("line__insured_area"))


@transaction.atomic
def settle_areas(*, actor: Actor, month: date, note: str) -> None:
    """The areas have paid each other what this month leaves open between them. `note`: by which order or transfer.

    Raises NotAllowed; HuiminError (`note_missing`, `nothing_to_settle`).
    """
    authorise(actor, Action.SETTLE_AREAS)
    refuse_without_note(note)
    city, at = actor.city, now(actor.city)
    found = between_areas(city, month)
    if not found.open:
        raise HuiminError(f"nothing is open between areas of {found.month:%Y-%m}", code="nothing_to_settle")
    number = 1 + AreaSettlement.objects.of(city).filter(month=found.month).count()
    row = AreaSettlement.objects.create(
        city=city,
        month=found.month,
        number=number,
        positions=found.open,
        note=note,
        settled_by=actor.text,
        settled_at=at,
    )
    post(city=city, entries=[settlement_entry(row)], at=at)
    subject = f"area_settlement:{row.pk}"
    record_audit(city=city, actor=actor.text, action="areas_settled", subject=subject, at=at)
