"""The table of findings."""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from huimin.platform.foundation.approvals.models import Approval
from huimin.platform.foundation.masking import MaskedTextField
from huimin.platform.foundation.rows import AppendOnly

__all__ = ["RecordedFinding"]


class RecordedFinding(AppendOnly):
    """A `Finding` as a row (recording.py). The findings on one question of one subject are a chain."""

    subject_kind = models.CharField(max_length=40)
    subject_id = models.CharField(max_length=80)
    question = models.CharField(max_length=40)
    answer = models.CharField(max_length=60, blank=True)
    author = models.CharField(max_length=80)
    role = models.CharField(max_length=40)
    reason = MaskedTextField()
    evidence = models.JSONField(default=list)
    """References to documents and records, with the place in them. It holds no personal data."""
    confidence = models.PositiveSmallIntegerField(null=True)
    supersedes = models.ForeignKey("self", on_delete=models.PROTECT, related_name="+", null=True, db_index=False)
    approval = models.ForeignKey(Approval, on_delete=models.PROTECT, related_name="+", null=True, db_index=False)
    """The proposal that a second person answers, if one has to agree."""
    found_at = models.DateTimeField()
    recorded_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["city", "subject_kind", "subject_id", "question"],
                name="one_first_finding",
                condition=models.Q(supersedes__isnull=True),
            ),
            models.UniqueConstraint(
                fields=["city", "supersedes"],
                name="one_finding_after_another",
                condition=models.Q(supersedes__isnull=False),
            ),
            models.CheckConstraint(
                condition=models.Q(confidence__isnull=True) | models.Q(confidence__lte=10_000),
                name="confidence_in_basis_points",
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["city", "subject_kind", "subject_id"], name="findings_of_subject"),
        ]

    def __str__(self) -> str:
        return f"{self.subject_kind}:{self.subject_id} {self.question}: {self.answer}"
