"""Who has tried bills: for the person they are about, and for whoever watches over the institutions."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, timedelta

from django.db.models import Count, Exists, F, Max, OuterRef, Q

from huimin.money import BASIS, divide_half_up
from huimin.platform.claims.models import SettlementFact
from huimin.platform.claims.trials.limits import member_index
from huimin.platform.claims.trials.models import SettlementTrial
from huimin.platform.foundation.clock import now, today
from huimin.platform.foundation.models import City
from huimin.platform.foundation.paging import Paged, paged

__all__ = ["FEWEST_UNSETTLED", "WATCHED_DAYS", "TriedOn", "Trier", "much_tried", "tried_about"]

WATCHED_DAYS = 30
FEWEST_UNSETTLED = 20
"""Of trials whose bill was never settled: fewer are corrections and second thoughts. An assumption of ours."""


@dataclass(frozen=True, slots=True)
class TriedOn:
    """How often an institution tried bills of one person on one day."""

    name_zh: str
    name_en: str
    day: date
    count: int


@dataclass(frozen=True, slots=True)
class Trier:
    """An institution's trials of the last WATCHED_DAYS days. `unsettled`: those whose bill has not come by any road."""

    name_zh: str
    name_en: str
    trials: int
    unsettled: int
    people: int

    @property
    def share(self) -> int:
        """Of the trials that no bill followed, in basis points."""
        return divide_half_up(self.unsettled * BASIS, self.trials)


def tried_about(city: City, psn_no: str, page: int) -> Paged[TriedOn]:
    """Who asked what this person's bill would be paid, the latest first. Only they themselves are shown it."""
    rows = SettlementTrial.objects.of(city).filter(member=member_index(city, psn_no), place__isnull=False)
    by_day = rows.values("client_id", "tried_on").annotate(
        count=Count("pk"), last=Max("pk"), name_zh=F("client__name_zh"), name_en=F("client__name_en")
    )
    found = paged(by_day.order_by("-last"), page)
    return replace(
        found, rows=[TriedOn(row["name_zh"], row["name_en"], row["tried_on"], row["count"]) for row in found]
    )


def much_tried(city: City) -> list[Trier]:
    """Institutions that try many bills and settle few of them, the most first.

    They have at least FEWEST_UNSETTLED trials without a bill, and these are more than half. A trial that is still valid
    does not count: its bill may come yet.
    """
    own = {"client": OuterRef("client"), "setl_id": OuterRef("setl_id")}
    settled = Exists(SettlementFact.objects.of(city).filter(**own))
    since = today(city) - timedelta(days=WATCHED_DAYS)
    rows = SettlementTrial.objects.of(city).filter(place__isnull=False, tried_on__gt=since, valid_until__lt=now(city))
    counted = (
        rows.annotate(settled=settled)
        .values("client_id")
        .annotate(
            trials=Count("pk"),
            unsettled=Count("pk", filter=Q(settled=False)),
            people=Count("member", distinct=True),
            name_zh=F("client__name_zh"),
            name_en=F("client__name_en"),
        )
    )
    found = [Trier(one["name_zh"], one["name_en"], one["trials"], one["unsettled"], one["people"]) for one in counted]
    unusual = [one for one in found if one.unsettled >= FEWEST_UNSETTLED and 2 * one.unsettled > one.trials]
    return sorted(unusual, key=lambda one: (-one.unsettled, one.name_en))
