"""All facts that count in a plan year, for jobs over the whole year."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db.models import Count, Exists, F, OuterRef, Q

from huimin.platform.catalogue.api import PlanYearFacts
from huimin.platform.claims.models import SettlementFact
from huimin.platform.foundation.models import City

__all__ = ["FactOfYear", "all_facts", "ids_of_several_senders", "not_replaced"]


def not_replaced(city: City) -> Q:
    """The condition that no later revision of a fact is in the same year."""
    later = SettlementFact.objects.of(city).filter(
        policy=OuterRef("policy"),
        client=OuterRef("client"),
        setl_id=OuterRef("setl_id"),
        revision__gt=OuterRef("revision"),
    )
    return Q(~Exists(later))


@dataclass(frozen=True, slots=True)
class FactOfYear:
    """A bill or reversal that counts in a year, as it came."""

    setl_id: str
    sender: str
    payee: str
    """Codes of clients: the sender, and the one whose bill it is or reverses."""
    policy_number: str
    setl_time: datetime
    med_type: str
    amounts: Mapping[str, int]
    admission: date | None
    discharge: date | None
    reverses: str | None
    care: Mapping[str, str]


def all_facts(city: City, plan_year: PlanYearFacts, chunk: int) -> Iterator[FactOfYear]:
    """Every bill and reversal that counts in the year, read `chunk` at a time.

    Facts that a later revision in the same year replaces are left out.
    """
    rows = SettlementFact.objects.of(city).filter(not_replaced(city), policy__plan_year=plan_year.id, withdrawn=False)
    numbered = rows.annotate(policy_number=F("policy__number")).select_related("client").defer("body")
    return map(_fact_of_year, numbered.order_by("pk").iterator(chunk_size=chunk))


def _fact_of_year(fact: Any) -> FactOfYear:
    return FactOfYear(
        setl_id=fact.setl_id,
        sender=fact.client.code,
        payee=fact.payee,
        policy_number=fact.policy_number,
        setl_time=fact.setl_time,
        med_type=fact.med_type,
        amounts=fact.amounts,
        admission=fact.admission,
        discharge=fact.discharge,
        reverses=fact.reverses,
        care=json.loads(fact.care) if fact.care else {},
    )


def ids_of_several_senders(city: City, plan_year: PlanYearFacts) -> set[str]:
    """The ids that more than one sender used in the year."""
    rows = SettlementFact.objects.of(city).filter(policy__plan_year=plan_year.id).values("setl_id")
    several = rows.annotate(senders=Count("client", distinct=True)).filter(senders__gt=1).order_by()
    return set(several.values_list("setl_id", flat=True))
