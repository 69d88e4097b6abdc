"""Whether a plan can decide a member's bills: an edition or group that the plan does not have is refused."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace

from huimin.adjudication.program import Program
from huimin.settlement import Member
from huimin.settlement.member import ANY_GROUP

__all__ = ["PRE_EXISTING_FACTS", "as_the_plan_asks", "member_fault"]

PRE_EXISTING_FACTS = frozenset({"pre_existing", "pre_existing_group", "related_pre_existing"})
"""The facts that a member's pre-existing groups decide."""


def member_fault(program: Program, edition: str | None, groups: Collection[str]) -> str | None:
    """Why no bill of such a member can be decided under this program, or None.

    `groups` are the pre-existing groups that were reported. An edition or a group that the plan does not have is
    refused only where the terms ask for it: there it would meet no condition, and the bill would be paid wrongly.
    """
    asked = program.facts_asked_for
    if edition is not None and "edition" in asked and edition not in program.editions:
        return f"the member's edition is {edition!r}; the plan has {_listed(program.editions)}"
    if not asked.isdisjoint(PRE_EXISTING_FACTS):
        of_plan = tuple(group.id for group in program.disease_groups)
        unknown = sorted(set(groups) - {ANY_GROUP, *of_plan})
        if unknown:
            expected = f"1, 0 or the plan's groups: {_listed(of_plan)}"
            return f"the member's pre_existing names {unknown[0]!r}; expected {expected}"
    return None


def _listed(names: Collection[str]) -> str:
    return ", ".join(names) or "none"


def as_the_plan_asks(program: Program, member: Member) -> Member:
    """The member with pre-existing groups as this program knows them. A register has the bureau's own words for groups.
    If the plan has no groups it asks only whether there is a pre-existing condition, and any word means yes.
    """
    if program.disease_groups or not member.pre_existing:
        return member
    return replace(member, pre_existing=frozenset({ANY_GROUP}))
