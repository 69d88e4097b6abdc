"""The facts about an insured person that terms use. They are frozen on the policy when it is issued."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

__all__ = ["ANY_GROUP", "INSUTYPES", "Member", "completed_years"]

INSUTYPES = {"employee": "310", "resident": "390"}
"""The kinds of basic insurance that terms may name, with the national code `insutype`."""

ANY_GROUP = "any"
"""The pre-existing group of a member of whom the source says only that there is one, not which."""


def completed_years(born: date, day: date) -> int:
    """Age on a day. A person born on 29 February turns a year older on 1 March in years without that day."""
    return day.year - born.year - ((day.month, day.day) < (born.month, born.day))


@dataclass(frozen=True, slots=True)
class Member:
    """One insured person in one cover year. Cover dates are inclusive."""

    psn_no: str
    cover_from: date
    cover_to: date
    birth_date: date | None = None
    sex: str | None = None
    insutype: str | None = None
    edition: str | None = None
    continuous_years: int = 0
    """Completed cover years without a break before this one: 0 at first enrolment."""
    claim_free_years: int = 0
    pre_existing: frozenset[str] = frozenset()
    """The plan's groups of pre-existing conditions that the member has; `any` when the group is not known."""
    diagnosed: tuple[tuple[str, date], ...] | None = None
    """Earlier diagnoses (ICD-10 code, day), from which the plan's own rule finds the pre-existing groups. None: no
    history was asked for, and `pre_existing` is all that is known.
    """
    paid_before: tuple[tuple[str, int], ...] | None = None
    """Fen paid in earlier cover years under lifetime limits, by the limit's pool; None when not known."""

    def covers(self, day: date) -> bool:
        return self.cover_from <= day <= self.cover_to
