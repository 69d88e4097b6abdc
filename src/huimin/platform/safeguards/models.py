"""Questions whether an enrolment was meant, and their answers."""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from huimin.platform.foundation.fields import FenField
from huimin.platform.foundation.models import AppendOnly

__all__ = ["Answer", "Answered", "Asked", "Road", "Undone"]


class Asked(AppendOnly):
    """A person of 65 or older, who paid or is insured, was asked after an order whether it was meant."""

    order = models.ForeignKey("enrolment.Order", on_delete=models.PROTECT, related_name="+", db_index=False)
    resident = models.ForeignKey("people.Resident", on_delete=models.PROTECT, related_name="+", db_index=False)
    at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["city", "order", "resident"], name="asked_once_an_order")
        ]
        indexes: ClassVar = [models.Index(fields=["city", "resident"], name="asked_of_resident")]

    def __str__(self) -> str:
        return f"asked {self.resident_id}"


class Answer(models.TextChoices):
    MEANT = "meant"
    UNDO = "undo"


class Road(models.TextChoices):
    """How the answer came."""

    PAGE = "page"
    REPLY = "reply"
    TELEPHONE = "telephone"


class Answered(AppendOnly):
    """What they answered. The first answer stands."""

    asked = models.OneToOneField(Asked, on_delete=models.PROTECT, related_name="answer")
    answer = models.CharField(max_length=10, choices=Answer.choices)
    road = models.CharField(max_length=10, choices=Road.choices)
    by = models.CharField(max_length=80)
    """Who wrote it down, as an actor's text."""
    note = models.CharField(max_length=1000, blank=True)
    """Of staff: what was said on the telephone."""
    at = models.DateTimeField()

    class Meta:
        indexes: ClassVar = [models.Index(fields=["city", "at"], name="answered_by_time")]

    def __str__(self) -> str:
        return f"{self.answer} by {self.road}"


class Undone(AppendOnly):
    """What came of the wish to undo, for one policy: given up, or why it could not be given up by itself."""

    asked = models.ForeignKey(Asked, on_delete=models.PROTECT, related_name="undone", db_index=False)
    policy_number = models.CharField(max_length=40)
    reason = models.CharField(max_length=60, blank=True)
    """The code of what stood in the way; empty where it was given up."""
    returned = FenField(default=0)
    """Fen of the premium that go back."""
    at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["city", "asked", "policy_number"], name="undone_once_a_policy")
        ]

    def __str__(self) -> str:
        return f"undone {self.policy_number}"
