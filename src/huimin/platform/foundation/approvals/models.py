"""Proposals and their answers. Both are facts that never change; a proposal without an answer is open."""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from huimin.platform.foundation.masking import MaskedTextField
from huimin.platform.foundation.rows import AppendOnly

__all__ = ["ONE_ANSWER", "Answer", "Approval", "ApprovalAnswer"]

ONE_ANSWER = "one_answer_for_an_approval"


class Answer(models.TextChoices):
    APPROVED = "approved"
    """Another person agreed, and it was carried out in the same transaction."""
    SENT_BACK = "sent_back"
    OUTDATED = "outdated"
    """Another person agreed, but by then it would have changed something else, so that nothing was done."""
    WITHDRAWN = "withdrawn"
    """The person who proposed it, or another who could have, took it back."""


class Approval(AppendOnly):
    """One person proposes to carry out a use case. Nothing is done before another one agrees."""

    use_case = models.CharField(max_length=40)
    """The name under which its context registered it (use_cases.py)."""
    subject_kind = models.CharField(max_length=40)
    subject_id = models.CharField(max_length=80)
    arguments = models.JSONField(default=dict)
    """The arguments of the use case. No personal data: numbers of records, codes, amounts in fen."""
    would_change = models.JSONField()
    """What it would change, as the first person saw it."""
    seen_digest = models.CharField(max_length=64)
    """SHA-256 of `would_change`."""
    reason = MaskedTextField()
    proposed_by = models.CharField(max_length=80)
    proposed_at = models.DateTimeField()
    recorded_at = models.DateTimeField()

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["city", "subject_kind", "subject_id"], name="approvals_of_subject"),
            models.Index(fields=["city", "proposed_at"], name="approvals_by_time"),
        ]

    def __str__(self) -> str:
        return f"{self.use_case} {self.subject_kind}:{self.subject_id}"


class ApprovalAnswer(AppendOnly):
    """The answer to a proposal. There is never more than one; to try again takes a new proposal."""

    approval = models.ForeignKey(Approval, on_delete=models.PROTECT, related_name="answers", db_index=False)
    answer = models.CharField(max_length=20, choices=Answer.choices)
    would_change = models.JSONField(null=True)
    """What it would have changed when it was answered; None if that was not computed."""
    reason = MaskedTextField(blank=True)
    answered_by = models.CharField(max_length=80)
    answered_at = models.DateTimeField()
    recorded_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["city", "approval"], name=ONE_ANSWER)]

    def __str__(self) -> str:
        return f"{self.approval_id} {self.answer}"
