"""A policy as other contexts see it: facts that never change once it is issued, but no database row."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any

from django.utils import timezone

from huimin.platform.foundation.models import City
from huimin.settlement import Member

__all__ = ["MEMBER_COLUMNS", "POLICY_COLUMNS", "PolicyFacts", "member_facts", "policy_facts"]


@dataclass(frozen=True, slots=True)
class PolicyFacts:
    """A person's cover for a plan year, with the facts that its terms use, as they were when it was issued."""

    city: City
    id: int
    number: str
    plan_year_id: int
    plan_digest: str
    """The digest of the terms that were sold."""
    holder_id: int
    insured_id: int
    """Keys of residents: who bought it, and who is covered."""
    area_id: int
    price: int
    """The whole premium in fen, whoever paid it."""
    cover_sold: tuple[date, date]
    """First and last day of cover as it was sold; `member` has those that count, also after it was given up."""
    issued_on: date
    ended_on: date | None
    """The first day without cover, where it was given up."""
    given_back: int
    """Fen of the price that came back when it ended."""
    member: Member

    @property
    def psn_no(self) -> str:
        return self.member.psn_no


MEMBER_COLUMNS = (
    *("psn_no", "cover_from", "cover_to", "birth_date", "sex", "insutype", "edition"),
    *("continuous_years", "claim_free_years", "pre_existing"),
)
POLICY_COLUMNS = (
    *("id", "number", "plan_year", "plan_digest", "holder", "insured", "area", "price"),
    *("issued_at", "ended_on", "given_back"),
    *MEMBER_COLUMNS,
)
"""The columns that are read, in the order in which `policy_facts` takes their values."""


def policy_facts(city: City, values: Sequence[Any]) -> PolicyFacts:
    """`values` are those of POLICY_COLUMNS."""
    key, number, plan_year, plan_digest, holder, insured, area, price, issued_at, ended_on, given_back, *rest = values
    member = member_facts(rest)
    sold = member.cover_from, member.cover_to
    if ended_on is not None:
        member = replace(member, cover_to=min(member.cover_to, ended_on - timedelta(days=1)))
    return PolicyFacts(
        city=city,
        id=key,
        number=number,
        plan_year_id=plan_year,
        plan_digest=plan_digest,
        holder_id=holder,
        insured_id=insured,
        area_id=area,
        price=price,
        cover_sold=sold,
        issued_on=timezone.localdate(issued_at),
        ended_on=ended_on,
        given_back=given_back,
        member=member,
    )


def member_facts(values: Sequence[Any]) -> Member:
    """`values` are those of MEMBER_COLUMNS."""
    psn_no, first_day, last_day, born, sex, insutype, edition, years, claim_free, pre_existing = values
    return Member(
        psn_no=psn_no,
        cover_from=first_day,
        cover_to=last_day,
        birth_date=born,
        sex=sex,
        insutype=insutype,
        edition=edition or None,
        continuous_years=years,
        claim_free_years=claim_free,
        pre_existing=frozenset(pre_existing),
    )
