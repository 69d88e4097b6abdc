"""What a member must be for a plan to decide their bills: words that the plan does not have are refused."""

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

    `groups`: the pre-existing groups that were reported. An edition or a group that the plan does not have would count
    as any other, and pay what it should not; where the terms do not ask for them they decide nothing.
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
    """The member as this program understands them, from a register in which pre-existing groups are the bureau's own
    words. A plan without groups asks only whether there is any pre-existing condition: any group counts as yes.
    """
    if program.disease_groups or not member.pre_existing:
        return member
    return replace(member, pre_existing=frozenset({ANY_GROUP}))
