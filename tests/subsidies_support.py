"""Funds and rosters for tests: opened by their services, with people put on a roster without a file."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta

from django.utils import timezone

from huimin.platform.catalogue.selectors import plan_on_sale
from huimin.platform.foundation.actors import demonstration_actor
from huimin.platform.foundation.models import City
from huimin.platform.foundation.remembered import forget_all
from huimin.platform.people.models import Resident
from huimin.platform.subsidies.amounts import PerPerson
from huimin.platform.subsidies.facts import FundFacts
from huimin.platform.subsidies.funds import open_fund, open_roster, open_sponsor, pay_in
from huimin.platform.subsidies.models import (
    Draw,
    Roster,
    RosterEntry,
    RosterFile,
    RosterInForce,
    RosterVersion,
    SponsorKind,
)

__all__ = ["a_fund", "draws", "on_roster", "uncovered"]

OPEN = (date(2021, 12, 1), date(2022, 12, 31))


def a_fund(
    city: City,
    code: str = "hope",
    *,
    money: int = 0,
    order: int = 1,
    amounts: Mapping[str, PerPerson] | None = None,
    opens: tuple[date, date] = OPEN,
    roster: str = "poor",
    backs: str = "",
) -> FundFacts:
    """A fund, with its sponsor and roster where they are not there yet. By default it leaves one fen to everybody."""
    actor, year = demonstration_actor(city), plan_on_sale(city)
    assert year is not None
    if not Roster.objects.of(city).filter(code=roster).exists():
        open_roster(actor=actor, code=roster, name_zh="困难群众名册", name_en="People in hardship")
    open_sponsor(actor=actor, code=f"of-{code}", kind=SponsorKind.DONOR, name_zh="某基金会", name_en="A foundation")
    fund = open_fund(
        actor=actor,
        code=code,
        name_zh="爱心资金",
        name_en="Fund of hope",
        sponsor=f"of-{code}",
        roster=roster,
        plan_year_id=year.id,
        use_order=order,
        amounts=amounts or {"": PerPerson(leaves=1)},
        opens_on=opens[0],
        closes_on=opens[1],
        backs=backs,
    )
    if money:
        pay_in(actor=actor, fund=code, amount=money, bank="pool-1", transfer=f"T-{code}", received_on=date(2022, 1, 5))
    forget_all()
    return fund


def on_roster(
    city: City,
    people: Sequence[Resident],
    reason: str = "low_income",
    roster: str = "poor",
    valid: tuple[date, date] = OPEN,
) -> RosterVersion:
    """A new version in force that has these people and nobody else."""
    row, moment = Roster.objects.of(city).get(code=roster), timezone.now()
    number = RosterVersion.objects.of(city).filter(roster=row).count() + 1
    file = RosterFile.objects.create(
        city=city, roster=row, name="list.csv", digest="0" * 64, content="", received_from="staff:1", received_at=moment
    )
    version = RosterVersion.objects.create(
        city=city, roster=row, number=number, file=file, people=len(people), created_at=moment
    )
    for place, person in enumerate(people):
        RosterEntry.objects.create(
            city=city,
            version=version,
            resident=person,
            row=place + 2,
            reason=reason,
            valid_from=valid[0],
            valid_to=valid[1],
            recorded_at=moment,
        )
    RosterInForce.objects.create(city=city, version=version, roster=row, decided_at=moment, agreed_by="staff:2")
    forget_all()
    return version


def uncovered(city: City, count: int) -> list[Resident]:
    """People of the register without cover who may join."""
    from huimin.platform.enrolment.models import Policy

    insured = Policy.objects.of(city).values_list("insured_id", flat=True)
    rows = Resident.objects.of(city).exclude(pk__in=list(insured)).filter(insured=True).order_by("pk")
    return list(rows[:count])


def draws(city: City) -> list[tuple[str, int, str]]:
    """Fund, fen and status of every draw, in the order in which they were made."""
    rows = Draw.objects.of(city).order_by("created_at", "pk").select_related("fund")
    return [(row.fund.code, row.amount, row.status) for row in rows]


def long_ago() -> datetime:
    return timezone.now() - timedelta(days=1)
