"""Cover that was granted without application, and what went back to funds when policies ended."""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from huimin.platform.foundation.fields import FenField
from huimin.platform.foundation.masking import MaskedTextField
from huimin.platform.foundation.models import AppendOnly

__all__ = ["Declined", "Grant", "Granted", "Returned"]


class Grant(AppendOnly):
    """Cover for everybody on a version of a roster, without their application."""

    version = models.ForeignKey("subsidies.RosterVersion", on_delete=models.PROTECT, related_name="+")
    plan_year = models.ForeignKey("catalogue.PlanYear", on_delete=models.PROTECT, related_name="+")
    decline_until = models.DateField()
    """The last day on which somebody may decline. Policies are issued after it."""
    reason = MaskedTextField()
    granted_by = models.CharField(max_length=80)
    recorded_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"grant {self.pk}"


class Granted(AppendOnly):
    """What came of a grant for one person: an order, or why there is none."""

    grant = models.ForeignKey(Grant, on_delete=models.PROTECT, related_name="+")
    resident = models.ForeignKey("people.Resident", on_delete=models.PROTECT, related_name="+")
    order = models.CharField(max_length=40, blank=True)
    """The order's reference."""
    fault = models.CharField(max_length=30, blank=True)
    recorded_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["city", "grant", "resident"], name="granted_once_a_person")
        ]
        indexes: ClassVar = [
            models.Index(fields=["city", "resident"], name="granted_to_resident"),
            models.Index(fields=["city", "order"], name="granted_by_order"),
        ]

    def __str__(self) -> str:
        return f"granted {self.pk}"


class Declined(AppendOnly):
    """Somebody does not want what was granted to them."""

    granted = models.OneToOneField(Granted, on_delete=models.PROTECT, related_name="declined")
    declined_by = models.CharField(max_length=80)
    recorded_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"declined {self.granted_id}"


class Returned(AppendOnly):
    """Fen of a draw that went back to its fund: all of it, or a part where cover had begun."""

    draw = models.ForeignKey("subsidies.Draw", on_delete=models.PROTECT, related_name="+")
    amount = FenField()
    cause = models.CharField(max_length=120)
    """The fact for which it went back, as the journal names it."""
    recorded_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["city", "draw", "cause"], name="returned_once_a_cause"),
            models.CheckConstraint(condition=models.Q(amount__gt=0), name="returned_is_positive"),
        ]

    def __str__(self) -> str:
        return f"returned {self.draw_id}"
