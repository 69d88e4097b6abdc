"""Which of a member's earlier diagnoses are pre-existing conditions, by the plan's own rule."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from huimin.adjudication.condition_facts import groups_of
from huimin.adjudication.program import PreExistingProgram, Program
from huimin.settlement import Member

__all__ = ["months_before", "with_history"]

_MONTHS = 12


def with_history(program: Program, member: Member) -> Member:
    """The member with the groups that follow from their earlier diagnoses added to those that were reported."""
    rule = program.pre_existing
    if rule is None or not member.diagnosed:
        return member
    reference = _reference(rule, member)
    earliest = date.min if rule.within_months is None else months_before(reference, rule.within_months)
    codes = tuple(code for code, day in member.diagnosed if earliest <= day < reference)
    groups = groups_of(program.disease_groups, codes) & frozenset(rule.groups)
    return replace(member, pre_existing=member.pre_existing | groups)


def _reference(rule: PreExistingProgram, member: Member) -> date:
    """The day before which a diagnosis counts. In a year without 29 February that day becomes 1 March."""
    if rule.before != "first_cover":
        return member.cover_from
    return months_before(member.cover_from, _MONTHS * member.continuous_years)


def months_before(day: date, months: int) -> date:
    """The same day some months earlier; where that month has no such day, the first of the next month."""
    year, month = divmod(day.year * _MONTHS + day.month - 1 - months, _MONTHS)
    try:
        return day.replace(year=year, month=month + 1)
    except ValueError:  # no such day in that month: the first of the next
        year, month = divmod(year * _MONTHS + month + 1, _MONTHS)
        return date(year, month + 1, 1)
