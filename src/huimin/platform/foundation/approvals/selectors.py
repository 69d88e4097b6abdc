"""Proposals that wait for a second person."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace

from django.utils import timezone

from huimin.platform.foundation.approvals.models import Approval
from huimin.platform.foundation.approvals.proposal import Proposal
from huimin.platform.foundation.events import Subject
from huimin.platform.foundation.models import City
from huimin.platform.foundation.paging import Paged, paged

__all__ = ["open_proposal", "open_proposals", "open_proposals_on", "proposal_of"]


def open_proposal(city: City, use_case: str, subject: Subject) -> Proposal | None:
    """The open proposal of this use case on this subject, or None; there is never more than one."""
    rows = Approval.objects.of(city).filter(
        use_case=use_case, subject_kind=subject.kind, subject_id=subject.id, answers=None
    )
    row = rows.order_by("-pk").first()
    return None if row is None else proposal_of(row)


def open_proposals(city: City, use_cases: Collection[str], page: int) -> Paged[Proposal]:
    """The open proposals of these use cases, the oldest first."""
    rows = Approval.objects.of(city).filter(use_case__in=use_cases, answers=None).order_by("proposed_at", "pk")
    found = paged(rows, page)
    return replace(found, rows=[proposal_of(row) for row in found])


def open_proposals_on(city: City, use_case: str, kind: str, ids: Collection[str]) -> list[Proposal]:
    """The proposals of a use case on these subjects of one kind that nobody has answered. One statement."""
    rows = Approval.objects.of(city).filter(use_case=use_case, subject_kind=kind, subject_id__in=ids, answers=None)
    return [proposal_of(row) for row in rows.order_by("pk")]


def proposal_of(row: Approval) -> Proposal:
    return Proposal(
        id=row.pk,
        city=row.city,
        use_case=row.use_case,
        subject=Subject(row.subject_kind, row.subject_id),
        arguments=row.arguments,
        would_change=row.would_change,
        reason=row.reason,
        proposed_by=row.proposed_by,
        proposed_at=timezone.localtime(row.proposed_at),
    )
