"""Key terms that were confirmed, and advice that was given before somebody joined."""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from huimin.platform.foundation.models import AppendOnly

__all__ = ["Decision", "KeyTermsConfirmed", "SuitabilityAdvice"]


class KeyTermsConfirmed(AppendOnly):
    """A person opened the page of key terms and confirmed them by an act of their own, in exactly these words."""

    resident = models.ForeignKey("people.Resident", on_delete=models.PROTECT, related_name="+")
    plan_year = models.ForeignKey("catalogue.PlanYear", on_delete=models.PROTECT, related_name="+")
    plan_digest = models.CharField(max_length=64)
    """Of the terms: other terms have to be confirmed again."""
    language = models.CharField(max_length=2)
    words_digest = models.CharField(max_length=64)
    given_at = models.DateTimeField()

    class Meta:
        indexes: ClassVar = [models.Index(fields=["city", "resident", "plan_digest"], name="key_terms_confirmed_by")]

    def __str__(self) -> str:
        return f"key terms {self.plan_digest[:8]} confirmed"


class Decision(models.TextChoices):
    """What somebody decided who was advised not to join a person."""

    STOPPED = "stopped"
    DISPUTED = "disputed"
    """They say that the record on which the advice rests is wrong."""


class SuitabilityAdvice(AppendOnly):
    """The payer was advised that the plan does not suit a person, and decided something."""

    resident = models.ForeignKey("people.Resident", on_delete=models.PROTECT, related_name="+")
    """Who was advised: the payer."""
    about = models.ForeignKey("people.Resident", on_delete=models.PROTECT, related_name="+")
    plan_year = models.ForeignKey("catalogue.PlanYear", on_delete=models.PROTECT, related_name="+")
    reason = models.CharField(max_length=40)
    """Why it does not suit, as a code: `not_insured`."""
    words = models.TextField()
    """The advice as it was shown. It names nobody."""
    decision = models.CharField(max_length=10, choices=Decision.choices)
    given_at = models.DateTimeField()

    class Meta:
        indexes: ClassVar = [models.Index(fields=["city", "resident"], name="advice_given_to")]

    def __str__(self) -> str:
        return f"advice {self.reason} {self.decision}"
