"""What is asked about policies, and the papers that show it."""

from __future__ import annotations

import json
from typing import Any, ClassVar

from django.db import models

from huimin.platform.foundation.fields import EncryptedTextField, ReservedKey
from huimin.platform.foundation.models import AppendOnly, CityRow
from huimin.platform.servicing.requests.rules import Turn

__all__ = ["PolicyPaper", "PolicyRequest"]


class PolicyRequest(CityRow):
    """Something that is asked about one policy, or that the platform found and a person has to decide.

    Its history (subject `policy_request` and its key) has what happened; `turn`, `due_on` and `closed_at` are its place
    in the queue, and follow from the history.
    """

    sealed: ClassVar = ("policy_id", "asks", "content", "asked_by", "asked_at")

    id = ReservedKey()
    policy = models.ForeignKey("enrolment.Policy", on_delete=models.PROTECT, related_name="+")
    asks = models.CharField(max_length=10)
    """Of `Asks`."""
    content = EncryptedTextField()
    """What is asked, as JSON: facts by name, days, the words of whoever asks."""
    asked_by = models.CharField(max_length=80)
    asked_at = models.DateTimeField()
    turn = models.CharField(max_length=20, default=Turn.HANDLER.value)
    due_on = models.DateField(null=True)
    closed_at = models.DateTimeField(null=True)

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["city", "policy"], name="requests_of_policy"),
            models.Index(
                fields=["city", "due_on", "id"], name="requests_due", condition=models.Q(closed_at__isnull=True)
            ),
        ]

    def __str__(self) -> str:
        return f"request {self.pk}"

    @property
    def said(self) -> dict[str, Any]:
        """The content, read."""
        found: dict[str, Any] = json.loads(self.content)
        return found


class PolicyPaper(AppendOnly):
    """A picture or PDF that was sent with a request."""

    request = models.ForeignKey(PolicyRequest, on_delete=models.PROTECT, related_name="+")
    digest = models.CharField(max_length=64)
    """SHA-256 of the file."""
    media_type = models.CharField(max_length=40)
    size = models.PositiveIntegerField()
    """Bytes."""
    content = EncryptedTextField(bound_to=("request_id", "digest"))
    """The file as base64."""
    at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["city", "request", "digest"], name="paper_once_a_request"),
        ]

    def __str__(self) -> str:
        return f"paper {self.pk}"
