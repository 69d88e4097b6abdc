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
    """What a second person said, where the rule asks for one."""

    NOT_NEEDED = "not_needed"
    WAITED_FOR = "waited_for"
    GIVEN = "given"
    REFUSED = "refused"


@dataclass(frozen=True, slots=True)
class Finding:
    """An answer to one question about one subject.

    The findings on a question are a chain: each says which one it takes the place of.
    """

    id: int
    subject: Subject
    question: str
    answer: str
    """Empty: the question is open again, what was found before is taken back."""
    author: str
    role: str
    reason: str
    found_at: datetime
    evidence: tuple[Mapping[str, Any], ...] = field(default=())
    """References, each with `document` or another record, and the place in it: no copies."""
    confidence: int | None = None
    """In basis points, where a program proposed it. It is no fact before a person has found the same."""
    supersedes: int | None = None
    agreement: Agreement = Agreement.NOT_NEEDED

    @property
    def counts(self) -> bool:
        """Whether it can be a fact: a person found it, and a second one agreed where that is asked for."""
        return self.confidence is None and self.agreement in (Agreement.NOT_NEEDED, Agreement.GIVEN)


def that_stands(findings: Iterable[Finding]) -> Finding | None:
    """Of the findings on one question of one subject, in any order, the one that is a fact now; None for none.

    It is the last of the chain that counts: a proposal, or a finding whose second person has not agreed, leaves what
    was found before as it is. Raises ValueError where the findings are not one chain.
    """
    stands = None
    for finding in _chain(list(findings)):
        if finding.counts:
            stands = finding
    return stands if stands is not None and stands.answer else None


def _chain(findings: list[Finding]) -> list[Finding]:
    """The findings, each after the one whose place it takes."""
    if len({(one.subject, one.question) for one in findings}) > 1:
        raise ValueError("found findings on several questions; expected those on one question of one subject")
    next_of = {one.supersedes: one for one in findings}
    chain: list[Finding] = []
    while (following := next_of.get(chain[-1].id if chain else None)) is not None and len(chain) < len(findings):
        chain.append(following)
    if len(chain) != len(findings):
        raise ValueError(f"found {len(findings)} findings of which {len(chain)} follow each other; expected one chain")
    return chain
