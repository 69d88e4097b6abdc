"""The table of events: every subject's history. Rows are appended and never changed."""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from huimin.platform.foundation.fields import EncryptedTextField
from huimin.platform.foundation.masking import MaskedJSONField, MaskedTextField
from huimin.platform.foundation.rows import AppendOnly

__all__ = ["RecordedEvent"]


class RecordedEvent(AppendOnly):
    """An `Event` as a row. It is written in the transaction of what it reports (recording.py)."""

    subject_kind = models.CharField(max_length=40)
    subject_id = models.CharField(max_length=80)
    number = models.PositiveIntegerField()
    kind = models.CharField(max_length=40)
    happened_at = models.DateTimeField()
    learned_at = models.DateTimeField()
    recorded_at = models.DateTimeField()
    """When the row was written. It is later than `learned_at` for events taken over from older tables."""
    actor = models.CharField(max_length=80)
    reason = MaskedTextField(blank=True)
    data = MaskedJSONField(default=dict)
    personal = EncryptedTextField(null=True, bound_to=("subject_kind", "subject_id", "number"))
    """JSON by name; None if the event has no personal data."""
    undoes = models.PositiveIntegerField(null=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["city", "subject_kind", "subject_id", "number"], name="one_event_for_a_number"
            )
        ]

    def __str__(self) -> str:
        return f"{self.subject_kind}:{self.subject_id} {self.number} {self.kind}"
