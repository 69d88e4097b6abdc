"""A policy as other contexts see it: facts that never change once it is issued, but no database row."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from typing import Any

from django.utils import timezone

from huimin.platform.foundation.models import City
from huimin.settlement import Member

__all__ = [
    "MEMBER_COLUMNS",
    "POLICY_COLUMNS",
    "LearnedFacts",
    "PolicyFacts",
    "member_facts",
    "policy_facts",
    "with_facts",
]


@dataclass(frozen=True, slots=True)
class LearnedFacts:
    """The member's facts as an endorsement left them, and what had come before we learned of it.

    `after`: the key of the last bill of the policy by then; bills up to it were answered without knowing. `cause`: the
    endorsement's name in the journal. `facts`: those that are others than when it was issued, as the row has them.
    """

    after: int
    cause: str
    facts: Mapping[str, Any] = field(hash=False)
    member: Member


@dataclass(frozen=True, slots=True)
class PolicyFacts:
    """A person's cover for a plan year, with the facts that its terms use, as endorsements have left them."""

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
    """The whole premium in fen, whoever paid it, as it was sold."""
    cover_sold: tuple[date, date]
    """First and last day of cover as it was sold; `member` has those that count, also after it was given up."""
    issued_on: date
    ended_on: date | None
    """The first day without cover, where it was given up."""
    given_back: int
    """Fen of the premium that came back since, as when it ended."""
    added: int
    """Fen that were paid beside the price since, as after a correction."""
    member: Member
    issued: Member
    """The facts as they were frozen when the policy was issued."""
    learned: tuple[LearnedFacts, ...] = ()
    """What endorsements say of the facts, in the order in which we learned of it; none for nearly all policies."""

    @property
    def psn_no(self) -> str:
        return self.member.psn_no

    @property
    def premium(self) -> int:
        """What the policy costs now, in fen: the price with what was added and without what came back."""
        return self.price + self.added - self.given_back

    def as_known_at(self, key: int) -> PolicyFacts:
        """The policy with the facts that were known when the bill with this key came: for computing again."""
        if not self.learned:
            return self
        known = [one.member for one in self.learned if one.after < key]
        member = known[-1] if known else self.issued
        return replace(self, member=replace(member, cover_to=self.member.cover_to))


MEMBER_COLUMNS = (
    *("psn_no", "cover_from", "cover_to", "birth_date", "sex", "insutype", "edition"),
    *("continuous_years", "claim_free_years", "pre_existing"),
)
POLICY_COLUMNS = (
    *("id", "number", "plan_year", "plan_digest", "holder", "insured", "area", "price"),
    *("issued_at", "ended_on", "given_back", "added", "endorsed"),
    *MEMBER_COLUMNS,
)
"""The columns that are read, in the order in which `policy_facts` takes their values."""
_OF_POLICY = len(POLICY_COLUMNS) - len(MEMBER_COLUMNS)


def policy_facts(city: City, values: Sequence[Any]) -> PolicyFacts:
    """`values` are those of POLICY_COLUMNS."""
    row = dict(zip(POLICY_COLUMNS, values, strict=True))
    issued, endorsed, ended_on = member_facts(values[_OF_POLICY:]), row["endorsed"] or [], row["ended_on"]
    learned = tuple(_learned(issued, one) for one in endorsed)
    member = learned[-1].member if learned else issued
    if ended_on is not None:
        member = replace(member, cover_to=min(member.cover_to, ended_on - timedelta(days=1)))
    return PolicyFacts(
        city=city,
        id=row["id"],
        number=row["number"],
        plan_year_id=row["plan_year"],
        plan_digest=row["plan_digest"],
        holder_id=row["holder"],
        insured_id=row["insured"],
        area_id=endorsed[-1]["facts"].get("area", row["area"]) if endorsed else row["area"],
        price=row["price"],
        cover_sold=(issued.cover_from, issued.cover_to),
        issued_on=timezone.localdate(row["issued_at"]),
        ended_on=ended_on,
        given_back=row["given_back"],
        added=row["added"],
        member=member,
        issued=issued,
        learned=learned,
    )


def _learned(issued: Member, said: Mapping[str, Any]) -> LearnedFacts:
    return LearnedFacts(said["after"], said["cause"], said["facts"], with_facts(issued, said["facts"]))


def with_facts(member: Member, facts: Mapping[str, Any]) -> Member:
    """The member with these facts in the place of their own, as JSON has them; others, such as the area, are left."""
    made: Mapping[str, Callable[[Any], Any]] = {
        "birth_date": date.fromisoformat,
        "sex": str,
        "insutype": str,
        "edition": lambda value: value or None,
        "pre_existing": frozenset,
    }
    return replace(member, **{name: make(facts[name]) for name, make in made.items() if name in facts})


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
