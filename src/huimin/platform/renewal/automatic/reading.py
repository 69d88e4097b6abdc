"""Renewals as pages show them."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import Count

from huimin.errors import HuiminError
from huimin.platform.enrolment.api import policy_by_number
from huimin.platform.foundation.models import City
from huimin.platform.renewal.automatic.changes import sheet_for, sheet_in_words
from huimin.platform.renewal.automatic.models import Renewal, RenewalStatus
from huimin.platform.renewal.automatic.roads import Told, may_charge_on, needs_a_person, roads_of_each

__all__ = ["RenewalSeen", "renewals_of_policies", "renewals_of_year", "renewals_to_tell", "sheet_in"]

_SHOWN = 100


@dataclass(frozen=True, slots=True)
class RenewalSeen:
    """One renewal. Amounts in fen; `charges_on`: the first day on which money may be taken, None while one road lacks.

    `sheet`: the changes as they were announced, line by line.
    """

    id: int
    policy_number: str
    insured_id: int
    payer_id: int
    status: RenewalStatus
    reason: str
    price: int
    last_price: int
    worse: bool
    sheet: tuple[str, ...]
    created_at: datetime
    charges_on: date | None
    roads: tuple[Told, ...]
    order_reference: str
    language: str
    """Of the consent, and so of the sheet."""
    to: tuple[int, str]
    """The plan year for which it is, and the digest of its terms."""

    @property
    def open(self) -> bool:
        """Whether it can be undone."""
        return self.status in (RenewalStatus.ANNOUNCED, RenewalStatus.PAYING, RenewalStatus.RENEWED)


def renewals_of_policies(city: City, numbers: Collection[str]) -> dict[str, RenewalSeen]:
    """The latest renewal of each policy, by the number of the policy of the year before."""
    rows = (
        Renewal.objects.of(city)
        .filter(policy_number__in=list(numbers))
        .select_related("sheet", "consent")
        .order_by("pk")
    )
    return {seen.policy_number: seen for seen in _seen_each(city, list(rows))}


def renewals_of_year(city: City) -> tuple[dict[str, int], list[RenewalSeen]]:
    """How many there are by status, and the latest."""
    rows = Renewal.objects.of(city).select_related("sheet", "consent").order_by("-pk")
    counts = Renewal.objects.of(city).values_list("status").annotate(count=Count("pk")).order_by()
    return dict(counts), _seen_each(city, list(rows[:_SHOWN]))


def renewals_to_tell(city: City) -> list[RenewalSeen]:
    """Those of whom somebody has to be telephoned or written to: the list for the telephone."""
    return _seen_each(city, needs_a_person(city)[:_SHOWN])


def sheet_in(city: City, renewal: RenewalSeen, language: str) -> tuple[str, ...]:
    """The changes in another language than they were announced in: from the same terms, with the same amounts."""
    policy = policy_by_number(city, renewal.policy_number)
    if language == renewal.language or policy is None or not renewal.sheet:
        return renewal.sheet
    try:
        sheet = sheet_for(policy, renewal.to, renewal.last_price, renewal.price, language)
    except HuiminError:  # the terms were corrected since: what was announced is what stands
        return renewal.sheet
    return tuple(sheet_in_words(sheet, language).splitlines())


def _seen_each(city: City, rows: Sequence[Renewal]) -> list[RenewalSeen]:
    roads = roads_of_each(city, rows)
    return [_seen(city, row, roads[row.pk]) for row in rows]


def _seen(city: City, row: Renewal, roads: list[Told]) -> RenewalSeen:
    return RenewalSeen(
        id=row.pk,
        policy_number=row.policy_number,
        insured_id=row.insured_id,
        payer_id=row.payer_id,
        status=RenewalStatus(row.status),
        reason=row.reason,
        price=row.price,
        last_price=row.last_price,
        worse=row.worse,
        sheet=tuple(row.sheet.text.splitlines()) if row.sheet is not None else (),
        created_at=row.created_at,
        charges_on=may_charge_on(city, row, roads),
        roads=tuple(roads),
        order_reference=row.order_reference,
        language=row.consent.language,
        to=(row.plan_year_id, row.plan_digest),
    )
