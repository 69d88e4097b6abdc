"""From one cover year to the next: the history with which a member renews."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import TYPE_CHECKING

from huimin.settlement import Member

if TYPE_CHECKING:
    from huimin.adjudication.decisions import MemberYear
    from huimin.terms.history import ClaimFree
    from huimin.terms.model import Plan

__all__ = ["CarriedOver", "InsuredYear", "carried_over", "claim_free", "renewed"]


@dataclass(frozen=True, slots=True)
class InsuredYear:
    """A cover year that somebody had, its first and last day, and whether it passed without a claim."""

    first_day: date
    last_day: date
    without_claim: bool


@dataclass(frozen=True, slots=True)
class CarriedOver:
    """What earlier years mean for a year that begins: the two facts that terms ask for, and the years that counted,
    the latest first.
    """

    continuous_years: int
    claim_free_years: int
    counted: tuple[InsuredYear, ...]


def carried_over(years: Iterable[InsuredYear], begins: date, undated: tuple[int, int] = (0, 0)) -> CarriedOver:
    """What is carried over into a year that begins on this day.

    A year counts if it ended on the day before the next one began; the first gap ends the count. Where two years
    overlap the one that ends later counts. `undated`: continuous and claim-free years of which only the number is
    known; they are taken to lie directly before the earliest of `years`.
    """
    counted: list[InsuredYear] = []
    cursor, broken = begins, False
    for year in sorted(years, key=lambda one: (one.last_day, one.first_day), reverse=True):
        if year.last_day >= cursor:
            continue
        if year.last_day + timedelta(days=1) < cursor:
            broken = True
            break
        counted.append(year)
        cursor = year.first_day
    before = (0, 0) if broken else undated
    claimed = next((place for place, year in enumerate(counted) if not year.without_claim), None)
    free = len(counted) + before[1] if claimed is None else claimed
    return CarriedOver(len(counted) + before[0], free, tuple(counted))


def renewed(plan: Plan, member: Member, year: MemberYear, cover: tuple[date, date]) -> Member:
    """The member who stays for the next cover year (its first and last day), with the history that `year` adds.

    The years without a break grow by one. The years without a claim grow by one, or go back to 0 after a claim; the
    plan's `claim_free` says what a claim is, by default any payment. What lifetime limits have paid is carried on.
    """
    return replace(
        member,
        cover_from=cover[0],
        cover_to=cover[1],
        continuous_years=member.continuous_years + 1,
        claim_free_years=member.claim_free_years + 1 if claim_free(plan.claim_free, year) else 0,
        paid_before=year.paid_for_life,
    )


def claim_free(rule: ClaimFree | None, year: MemberYear) -> bool:
    """Whether a year passed without a claim, as the plan says what a claim is; by default any payment."""
    by_any_bill = rule is not None and rule.means == "no_bill"
    named = rule.benefits if rule is not None else ()
    lines = [line for decision in year.decisions for line in decision.benefits if not named or line.benefit in named]
    return not any(by_any_bill or line.payable for line in lines)
