"""Words that were shown, kept once, and consents to automatic renewal."""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from huimin.platform.foundation.models import AppendOnly
from huimin.platform.foundation.relations import Relation

__all__ = ["KeptWords", "RenewalConsent", "Road"]


class KeptWords(AppendOnly):
    """Words exactly as they were shown, of a consent or of a sheet of changes. They tell of nobody; kept once."""

    digest = models.CharField(max_length=64)
    """SHA-256 of the text."""
    text = models.TextField()
    recorded_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["city", "digest"], name="words_kept_once")]

    def __str__(self) -> str:
        return f"words {self.digest[:8]}"


class Road(models.TextChoices):
    """By which road somebody said something."""

    PAGE = "page"
    REPLY = "reply"
    COUNTER = "counter"


class RenewalConsent(AppendOnly):
    """A payer agreed that a person's cover is renewed by itself, or no longer wants it.

    The last row for the two counts.
    """

    payer = models.ForeignKey("people.Resident", on_delete=models.PROTECT, related_name="+", db_index=False)
    insured = models.ForeignKey("people.Resident", on_delete=models.PROTECT, related_name="+", db_index=False)
    relation = models.CharField(max_length=10, choices=Relation.choices)
    given = models.BooleanField()
    """False if it was taken back."""
    policy_number = models.CharField(max_length=24, blank=True)
    """The policy on whose page it was given."""
    words = models.ForeignKey(KeptWords, on_delete=models.PROTECT, related_name="+", null=True, db_index=False)
    """What was agreed to; null where it was taken back."""
    language = models.CharField(max_length=2, blank=True)
    session = models.CharField(max_length=32, blank=True)
    """The kept session in which it was given, where there is one: it can be replayed."""
    road = models.CharField(max_length=10, choices=Road.choices)
    by = models.CharField(max_length=80)
    """Who gave it or took it back, as an actor's text."""
    at = models.DateTimeField()

    class Meta:
        indexes: ClassVar = [models.Index(fields=["city", "payer", "insured"], name="renewal_consents_of_two")]

    def __str__(self) -> str:
        return f"renewal consent {self.pk}"
