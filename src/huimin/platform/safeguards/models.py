"""Questions whether an enrolment was meant, and their answers."""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from huimin.platform.foundation.models import AppendOnly

__all__ = ["Answer", "Answered", "Asked", "Road"]


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
