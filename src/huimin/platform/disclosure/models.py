"""Key terms that were confirmed, advice that was given, and enrolment sessions as they were."""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from huimin.platform.foundation.fields import EncryptedTextField
from huimin.platform.foundation.models import AppendOnly, KeptForYears

__all__ = [
    "PART_ONCE",
    "CoverAgreed",
    "Decision",
    "Did",
    "HowAgreed",
    "KeyTermsConfirmed",
    "ShownMoment",
    "ShownPart",
    "SuitabilityAdvice",
]


class KeyTermsConfirmed(AppendOnly):
    """A person opened the page of key terms and confirmed exactly these words themself."""

    resident = models.ForeignKey("people.Resident", on_delete=models.PROTECT, related_name="+")
    plan_year = models.ForeignKey("catalogue.PlanYear", on_delete=models.PROTECT, related_name="+")
    plan_digest = models.CharField(max_length=64)
    """The digest of the terms, since other terms have to be confirmed again."""
    language = models.CharField(max_length=2)
    words_digest = models.CharField(max_length=64)
    given_at = models.DateTimeField()

    class Meta:
        indexes: ClassVar = [models.Index(fields=["city", "resident", "plan_digest"], name="key_terms_confirmed_by")]

    def __str__(self) -> str:
        return f"key terms {self.plan_digest[:8]} confirmed"


class HowAgreed(models.TextChoices):
    """How an adult agreed that somebody of the family insures them."""

    CODE = "code"
    """By passing on the code that was sent to their own telephone."""
    DECLARED = "declared"
    """The payer declares it: the person has no telephone."""


class CoverAgreed(AppendOnly):
    """An adult agreed to be insured by a payer, in these words."""

    resident = models.ForeignKey("people.Resident", on_delete=models.PROTECT, related_name="+", db_index=False)
    payer = models.ForeignKey("people.Resident", on_delete=models.PROTECT, related_name="+")
    plan_year = models.ForeignKey("catalogue.PlanYear", on_delete=models.PROTECT, related_name="+")
    how = models.CharField(max_length=10, choices=HowAgreed.choices)
    words = models.TextField()
    """As they were shown. They name nobody."""
    words_digest = models.CharField(max_length=64)
    language = models.CharField(max_length=2)
    given_at = models.DateTimeField()

    class Meta:
        indexes: ClassVar = [models.Index(fields=["city", "resident", "payer"], name="cover_agreed_by")]

    def __str__(self) -> str:
        return f"cover agreed {self.how}"


class Decision(models.TextChoices):
    """What a payer decided after the advice not to enrol a person."""

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


PART_ONCE = "part_once_in_city"


class ShownPart(AppendOnly):
    """A part of pages that is the same for everybody: stored once, by the digest of its bytes. It tells of nobody."""

    digest = models.CharField(max_length=64)
    """SHA-256 of the bytes."""
    content = models.BinaryField()
    """The bytes, compressed by zlib."""
    recorded_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["city", "digest"], name=PART_ONCE)]

    def __str__(self) -> str:
        return f"part {self.digest[:8]}"


class Did(models.TextChoices):
    OPENED = "opened"
    """A page was asked for, and shown."""
    SENT = "sent"
    """Something was tapped that changes something; what was shown then is kept with it."""
    REPORTED = "reported"
    """A channel says what it showed on its own pages."""


class ShownMoment(KeptForYears):
    """One moment of an enrolment session: what was tapped, and the bytes that were sent in answer."""

    kept_years: ClassVar = 5
    session = models.CharField(max_length=32)
    """All moments from the first page to the result have it in common."""
    key = models.CharField(max_length=32)
    """Names the row within its session: what is encrypted is bound to the two."""
    resident = models.ForeignKey("people.Resident", on_delete=models.PROTECT, related_name="+", db_index=False)
    """The applicant."""
    by = models.CharField(max_length=80)
    """Who was at the page, as an actor's text: the resident, or staff at the counter."""
    order = models.CharField(max_length=40, blank=True)
    """The order's reference, from the moment at which there is one."""
    at = models.DateTimeField()
    address = models.CharField(max_length=60)
    """The page by the name of its address."""
    did = models.CharField(max_length=10, choices=Did.choices)
    status = models.PositiveSmallIntegerField()
    """Of HTTP: 302 leads to another page."""
    language = models.CharField(max_length=2)
    large = models.BooleanField()
    """Whether it was shown in elderly mode."""
    version = models.CharField(max_length=64)
    """Of the page: the digest of its parts that are the same for everybody."""
    page_digest = models.CharField(max_length=64, blank=True)
    """SHA-256 of the bytes that were sent; empty where there were none."""
    size = models.PositiveIntegerField(default=0)
    """How many bytes were sent."""
    layout = models.JSONField(default=list)
    """The page's parts in their order: digests of shared parts, and numbers of personal ones."""
    styles = models.CharField(max_length=64, blank=True)
    """The shared part that names the style sheets of the time."""
    personal = EncryptedTextField(bound_to=("session", "key"))
    """The personal parts, and what was sent: JSON, compressed and encrypted."""

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["city", "session", "key"], name="one_moment_a_key")]
        indexes: ClassVar = [
            models.Index(fields=["city", "order"], name="moments_of_order", condition=~models.Q(order="")),
            models.Index(fields=["city", "resident", "at"], name="moments_of_applicant"),
            models.Index(fields=["city", "keep_until"], name="moments_by_end"),
        ]

    def __str__(self) -> str:
        return f"{self.address} {self.at:%Y-%m-%d %H:%M:%S}"
