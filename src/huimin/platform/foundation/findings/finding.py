"""Findings, without a database."""

from __future__ import annotations

import enum
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from huimin.platform.foundation.events import Subject

__all__ = ["Agreement", "Finding", "that_stands"]


class Agreement(enum.StrEnum):
    """The answer of the second person, where a rule asks for one."""

    NOT_NEEDED = "not_needed"
    WAITED_FOR = "waited_for"
    GIVEN = "given"
    REFUSED = "refused"


@dataclass(frozen=True, slots=True)
class Finding:
    """An answer to one question about one subject.

    The findings on a question are a chain: each names the one it replaces.
    """

    id: int
    subject: Subject
    question: str
    answer: str
    """Empty: the earlier finding is taken back, and the question is open again."""
    author: str
    role: str
    reason: str
    found_at: datetime
    evidence: tuple[Mapping[str, Any], ...] = field(default=())
    """References to a `document` or another record, with the place in it. No copies."""
    confidence: int | None = None
    """In basis points, if a program proposed the finding. It is not a fact before a person has found the same."""
    supersedes: int | None = None
    agreement: Agreement = Agreement.NOT_NEEDED

    @property
    def counts(self) -> bool:
        """Whether it can be a fact: a person found it and, where a second person is asked for, they agreed."""
        return self.confidence is None and self.agreement in (Agreement.NOT_NEEDED, Agreement.GIVEN)


def that_stands(findings: Iterable[Finding]) -> Finding | None:
    """The finding that counts now, of those on one question of one subject in any order; None if there is none.

    It is the last in the chain for which `counts` is true. A program's proposal, or a finding to which the second
    person has not agreed, does not change what was found before. Raises ValueError if the findings are not one chain.
    """
    stands = None
    for finding in _chain(list(findings)):
        if finding.counts:
            stands = finding
    return stands if stands is not None and stands.answer else None


def _chain(findings: list[Finding]) -> list[Finding]:
    """The findings, each after the one it replaces."""
    if len({(one.subject, one.question) for one in findings}) > 1:
        raise ValueError("found findings on several questions; expected those on one question of one subject")
    next_of = {one.supersedes: one for one in findings}
    chain: list[Finding] = []
    while (following := next_of.get(chain[-1].id if chain else None)) is not None and len(chain) < len(findings):
        chain.append(following)
    if len(chain) != len(findings):
        raise ValueError(f"found {len(findings)} findings of which {len(chain)} follow each other; expected one chain")
    return chain
