"""The tables of the foundation: staff, API clients, audit and exchanges, and those of its packages (events, findings,
approvals).
"""

from __future__ import annotations

from typing import ClassVar

from django.contrib.auth.models import AbstractUser
from django.db import models

from huimin.platform.foundation.approvals.models import Approval, ApprovalAnswer
from huimin.platform.foundation.events.models import RecordedEvent
from huimin.platform.foundation.fields import EncryptedTextField, ReservedKey
from huimin.platform.foundation.findings.models import RecordedFinding
from huimin.platform.foundation.masking import MaskedCharField, MaskedJSONField
from huimin.platform.foundation.rows import (
    SECOND_PERSON_ABOVE,
    AppendOnly,
    AppendOnlyError,
    City,
    CityQuerySet,
    CityRow,
    KeptForYears,
    ask_together,
)

__all__ = [
    "BOUND_BY",
    "ONE_ANSWER_FOR_A_KEY",
    "ONE_ROLE_ONCE",
    "SECOND_PERSON_ABOVE",
    "ApiClient",
    "AppendOnly",
    "AppendOnlyError",
    "Approval",
    "ApprovalAnswer",
    "AuditEvent",
    "City",
    "CityQuerySet",
    "CityRow",
    "Exchange",
    "IdempotentRequest",
    "KeptForYears",
    "RecordedEvent",
    "RecordedFinding",
    "Role",
    "StaffMember",
    "StaffRole",
    "User",
    "ask_together",
]


class User(AbstractUser):
    """A person of the staff. Residents have no user: their identity is verified each time they sign in."""


class Role(models.TextChoices):
    HANDLER = "handler"
    APPROVER = "approver"
    """May be the second person for a large finding."""
    INSURER = "insurer"
    BUREAU = "bureau"
    ADMINISTRATOR = "administrator"
    COUNTER = "counter"
    """Enrols people who stand at a counter, and takes their cash."""
    SPONSOR = "sponsor"
    """Of a donor or department that pays into funds: sees what became of its money."""
    ACCOUNT_AGENCY = "account_agency"
    """An officer of the medical-insurance agency of an area, who handles payments from personal accounts."""


BOUND_BY = {Role.ACCOUNT_AGENCY: "area", Role.SPONSOR: "sponsor"}
"""Roles that are held only for some things of a kind, and that kind: the owner's text begins with it, as in
`area:329901`.
"""


class StaffMember(CityRow):
    """A person of one city's staff. Their roles say what they may do there."""

    user = models.OneToOneField(User, on_delete=models.PROTECT, related_name="staff_member")

    def __str__(self) -> str:
        return f"staff {self.user_id}"


ONE_ROLE_ONCE = "one_role_once"


class StaffRole(CityRow):
    """A role that a person of the staff holds. They may hold several; rules that ask for two people look at the person.

    Only foundation/staff.py gives roles and takes them back; it writes both into the audit.
    """

    member = models.ForeignKey(StaffMember, on_delete=models.PROTECT, related_name="roles")
    role = models.CharField(max_length=20, choices=Role.choices)
    insurer_code = models.CharField(max_length=40, blank=True)
    """For the role insurer: the code of the company. The person sees only that company's part."""
    bound_to = models.CharField(max_length=300, blank=True, default="")
    """For a role in BOUND_BY: the codes of the things it is held for, separated by blanks."""

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["city", "member", "role"], name=ONE_ROLE_ONCE),
            models.CheckConstraint(
                condition=models.Q(insurer_code="") | models.Q(role=Role.INSURER), name="insurer_of_its_role_alone"
            ),
            models.CheckConstraint(
                condition=models.Q(bound_to="") ^ models.Q(role__in=[role.value for role in BOUND_BY]),
                name="bound_in_its_roles_alone",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.role} {self.member_id}"


class ClientKind(models.TextChoices):
    HOSPITAL = "hospital"
    PHARMACY = "pharmacy"
    """Sends bills as a hospital does, but is a party of another kind in the journal."""
    CHANNEL = "channel"
    BUREAU = "bureau"


class ApiClient(CityRow):
    """A system that calls the API with its own key: a hospital, a pharmacy, an enrolment channel, or the bureau."""

    id = ReservedKey()
    key_id = models.CharField(max_length=80, unique=True)
    kind = models.CharField(max_length=20, choices=ClientKind.choices)
    code = models.CharField(max_length=40)
    name_zh = models.CharField(max_length=80)
    name_en = models.CharField(max_length=80)
    secret = EncryptedTextField()
    active = models.BooleanField(default=True)

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["city", "code"], name="client_code_in_city")]

    def __str__(self) -> str:
        return self.key_id


ONE_ANSWER_FOR_A_KEY = "one_answer_for_a_key"


class IdempotentRequest(AppendOnly):
    """The first answer to a write, kept so that a repeat gets the same."""

    client = models.ForeignKey(ApiClient, on_delete=models.PROTECT, related_name="+")
    key = models.CharField(max_length=120)
    request_digest = models.CharField(max_length=64)
    answer = models.JSONField()
    created_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["city", "client", "key"], name=ONE_ANSWER_FOR_A_KEY),
        ]

    def __str__(self) -> str:
        return self.key


class AuditEvent(AppendOnly):
    """Who did what to which record, and when. It holds no personal data: subjects are record numbers."""

    at = models.DateTimeField()
    actor = models.CharField(max_length=80)
    action = models.CharField(max_length=60)
    subject = MaskedCharField(max_length=120)
    detail = MaskedJSONField(default=dict)

    class Meta:
        indexes: ClassVar = [models.Index(fields=["city", "at"], name="audit_by_time")]

    def __str__(self) -> str:
        return f"{self.action} {self.subject}"


class Exchange(AppendOnly):
    """One request to a party outside, and its outcome (gateways/)."""

    id = ReservedKey()
    at = models.DateTimeField()
    party = models.CharField(max_length=30)
    operation = models.CharField(max_length=30)
    key = models.CharField(max_length=200)
    """Our key for what was asked: repeats have the same key. It holds no personal data."""
    outcome = models.CharField(max_length=12)
    """answered, or how it failed: unreachable, refused, unclear, duplicate (gateways/failures.py)."""
    reason = models.CharField(max_length=40, blank=True)
    status = models.PositiveSmallIntegerField(null=True)
    """The HTTP status; null if no answer came."""
    milliseconds = models.PositiveIntegerField()
    asked = EncryptedTextField()
    answered = EncryptedTextField()

    class Meta:
        indexes: ClassVar = [models.Index(fields=["city", "key"], name="exchanges_about")]

    def __str__(self) -> str:
        return f"{self.party} {self.operation} {self.outcome}"
