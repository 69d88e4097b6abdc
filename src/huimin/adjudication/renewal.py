"""From one cover year to the next: the history with which a member renews."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import TYPE_CHECKING

from huimin.settlement import Member

if TYPE_CHECKING:
    from huimin.adjudication.decisions import MemberYear
    from huimin.terms.history import ClaimFree
    from huimin.terms.model import Plan

__all__ = ["renewed"]


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
        claim_free_years=member.claim_free_years + 1 if _is_claim_free(plan.claim_free, year) else 0,
        paid_before=year.paid_for_life,
    )


def _is_claim_free(rule: ClaimFree | None, year: MemberYear) -> bool:
    by_any_bill = rule is not None and rule.means == "no_bill"
    named = rule.benefits if rule is not None else ()
    lines = [line for decision in year.decisions for line in decision.benefits if not named or line.benefit in named]
    return not any(by_any_bill or line.payable for line in lines)
