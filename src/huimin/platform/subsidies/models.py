"""Funds and what they have, rosters and their versions, what was drawn for whom, and cover that was granted."""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from huimin.platform.foundation.fields import EncryptedTextField, FenField, ReservedKey
from huimin.platform.foundation.masking import MaskedCharField
from huimin.platform.foundation.models import AppendOnly, CityRow
from huimin.platform.subsidies.amounts import PerPerson
from huimin.platform.subsidies.grant_models import Declined, Grant, Granted, Returned

__all__ = [
    "ONE_OPEN_DRAW",
    "Contribution",
    "Declined",
    "Draw",
    "DrawStatus",
    "Fund",
    "FundAmount",
    "FundPart",
    "Grant",
    "Granted",
    "Returned",
    "Roster",
    "RosterEntry",
    "RosterFile",
    "RosterInForce",
    "RosterVersion",
    "Sponsor",
    "SponsorKind",
]

ONE_OPEN_DRAW = "one_open_draw_a_person"


class SponsorKind(models.TextChoices):
    DONOR = "donor", "捐赠方"
    DEPARTMENT = "department", "政府部门"


class Sponsor(AppendOnly):
    """Who pays into funds: a donor, or a department of the government. Its staff see its funds and no other."""

    code = models.CharField(max_length=40)
    kind = models.CharField(max_length=12, choices=SponsorKind.choices)
    name_zh = models.CharField(max_length=80)
    name_en = models.CharField(max_length=80)
    opened_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["city", "code"], name="sponsor_code_in_city")]

    def __str__(self) -> str:
        return self.code


class Roster(AppendOnly):
    """A list of people for whom funds pay. Whom it has is said by the version in force."""

    code = models.CharField(max_length=40)
    name_zh = models.CharField(max_length=80)
    name_en = models.CharField(max_length=80)
    opened_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["city", "code"], name="roster_code_in_city")]

    def __str__(self) -> str:
        return self.code


class Fund(AppendOnly):
    """Money of one sponsor for the premiums of one plan year, for the people of one roster."""

    code = models.CharField(max_length=40)
    name_zh = models.CharField(max_length=80)
    name_en = models.CharField(max_length=80)
    sponsor = models.ForeignKey(Sponsor, on_delete=models.PROTECT, related_name="+")
    plan_year = models.ForeignKey("catalogue.PlanYear", on_delete=models.PROTECT, related_name="+")
    roster = models.ForeignKey(Roster, on_delete=models.PROTECT, related_name="+")
    use_order = models.PositiveSmallIntegerField()
    """Of two funds that pay for one person, the one with the smaller number pays first."""
    backs = models.CharField(max_length=20, blank=True)
    """The payer of the plan's own terms for whom it pays; empty where it pays what the terms leave to the person."""
    opens_on = models.DateField()
    closes_on = models.DateField()
    """The last day on which an order may draw from it."""
    opened_by = models.CharField(max_length=80)
    opened_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["city", "code"], name="fund_code_in_city"),
            models.UniqueConstraint(fields=["city", "plan_year", "use_order"], name="fund_order_in_plan_year"),
            models.CheckConstraint(condition=models.Q(closes_on__gte=models.F("opens_on")), name="fund_closes_later"),
        ]

    def __str__(self) -> str:
        return self.code


class FundAmount(AppendOnly):
    """What a fund pays for a person of one reason; of any other reason, where `reason` is empty."""

    fund = models.ForeignKey(Fund, on_delete=models.PROTECT, related_name="amounts")
    reason = models.CharField(max_length=20, blank=True)
    amount = FenField(null=True)
    leaves = FenField(null=True)
    """Fen that are left to the person; the fund pays the rest of the price."""
    recorded_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["city", "fund", "reason"], name="one_amount_for_a_reason"),
            models.CheckConstraint(
                condition=models.Q(amount__gt=0, leaves=None) | models.Q(amount=None, leaves__gte=0),
                name="an_amount_or_what_is_left",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.fund_id} {self.reason}"

    def per_person(self) -> PerPerson:
        return PerPerson(self.amount, self.leaves)


class FundPart(CityRow):
    """A part of what a fund has left and nobody has drawn. There are several, so that many may draw at once.

    It is the lock of the fund's money and nothing else: `huimin ledger verify` computes the sum of the parts again
    from what was paid in and what was drawn.
    """

    fund = models.ForeignKey(Fund, on_delete=models.PROTECT, related_name="parts")
    number = models.PositiveSmallIntegerField()
    left_fen = FenField(default=0)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["city", "fund", "number"], name="one_part_for_a_number"),
            models.CheckConstraint(condition=models.Q(left_fen__gte=0), name="fund_is_never_overdrawn"),
        ]

    def __str__(self) -> str:
        return f"{self.fund_id} part {self.number}"


class Contribution(AppendOnly):
    """Money that a sponsor has paid in. One transfer of a bank is one contribution, however often it is entered."""

    fund = models.ForeignKey(Fund, on_delete=models.PROTECT, related_name="+")
    amount = FenField()
    bank = models.CharField(max_length=40)
    """The pool's bank account to which it came."""
    transfer = MaskedCharField(max_length=80)
    """The bank's number of the transfer."""
    received_on = models.DateField()
    recorded_by = models.CharField(max_length=80)
    recorded_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["city", "bank", "transfer"], name="one_contribution_a_transfer"),
            models.CheckConstraint(condition=models.Q(amount__gt=0), name="contribution_is_positive"),
        ]

    def __str__(self) -> str:
        return f"contribution {self.pk}"


class RosterFile(CityRow):
    """A file that somebody sent as the next version of a roster, and what a worker found in it."""

    id = ReservedKey()
    sealed: ClassVar = ("roster_id", "name", "digest", "content", "received_from", "received_at")
    roster = models.ForeignKey(Roster, on_delete=models.PROTECT, related_name="+")
    name = MaskedCharField(max_length=120)
    digest = models.CharField(max_length=64)
    content = EncryptedTextField()
    """Its bytes in base 64."""
    received_from = models.CharField(max_length=80)
    received_at = models.DateTimeField()
    task = models.ForeignKey("tasks.Task", on_delete=models.PROTECT, related_name="+", null=True)
    faults = EncryptedTextField(null=True)
    """JSON: every fault, by row. None while nobody has read it, and where it was taken."""

    class Meta:
        indexes: ClassVar = [models.Index(fields=["city", "roster", "-id"], name="files_of_roster")]

    def __str__(self) -> str:
        return f"roster file {self.pk}"


class RosterVersion(AppendOnly):
    """Everybody whom one file names. It is in force once a second person has agreed."""

    roster = models.ForeignKey(Roster, on_delete=models.PROTECT, related_name="+")
    number = models.PositiveIntegerField()
    file = models.OneToOneField(RosterFile, on_delete=models.PROTECT, related_name="+")
    people = models.PositiveIntegerField()
    created_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["city", "roster", "number"], name="one_version_for_a_number")
        ]

    def __str__(self) -> str:
        return f"roster {self.roster_id} version {self.number}"


class RosterEntry(AppendOnly):
    """One person of a version. Why they are on it tells of their life, and is encrypted."""

    version = models.ForeignKey(RosterVersion, on_delete=models.PROTECT, related_name="+")
    resident = models.ForeignKey("people.Resident", on_delete=models.PROTECT, related_name="+")
    row = models.PositiveIntegerField()
    """Of the file."""
    reason = EncryptedTextField(bound_to=("version_id", "resident_id"))
    valid_from = models.DateField()
    valid_to = models.DateField()
    recorded_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["city", "version", "resident"], name="person_once_a_version")
        ]

    def __str__(self) -> str:
        return f"entry {self.pk}"


class RosterInForce(AppendOnly):
    """From this moment on a version says who is on the roster. The last one counts."""

    version = models.OneToOneField(RosterVersion, on_delete=models.PROTECT, related_name="+")
    roster = models.ForeignKey(Roster, on_delete=models.PROTECT, related_name="+")
    decided_at = models.DateTimeField()
    agreed_by = models.CharField(max_length=80)

    class Meta:
        indexes: ClassVar = [models.Index(fields=["city", "roster", "-id"], name="versions_in_force")]

    def __str__(self) -> str:
        return f"in force {self.version_id}"


class DrawStatus(models.TextChoices):
    RESERVED = "reserved"
    """Set aside for somebody's order that is not paid yet. It serves whichever of their orders is completed first."""
    COMMITTED = "committed"
    """It has paid for a policy."""
    RELEASED = "released"
    """No policy came of it: the money never left the fund."""
    RETURNED = "returned"
    """The policy was cancelled, and the money went back to the fund."""


class Draw(CityRow):
    """What one fund pays for one person. The same person has one open draw on a fund at most."""

    id = ReservedKey()
    sealed: ClassVar = ("fund_id", "resident_id", "entry_id", "amount", "created_at")
    fund = models.ForeignKey(Fund, on_delete=models.PROTECT, related_name="+")
    resident = models.ForeignKey("people.Resident", on_delete=models.PROTECT, related_name="+")
    entry = models.ForeignKey(RosterEntry, on_delete=models.PROTECT, related_name="+")
    """As what the person stands on the roster."""
    amount = FenField()
    created_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    """By the real clock: after this a reservation may be given to others."""
    status = models.CharField(max_length=10, choices=DrawStatus.choices, default=DrawStatus.RESERVED)
    claim = models.CharField(max_length=40, blank=True)
    """By which the order knows it that it paid for; while it is reserved, the order that asked last."""
    committed_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)
    """When it was released or returned."""
    end_reason = models.CharField(max_length=30, blank=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["city", "fund", "resident"],
                name=ONE_OPEN_DRAW,
                condition=models.Q(status__in=("reserved", "committed")),
            ),
            models.CheckConstraint(condition=models.Q(amount__gt=0), name="draw_is_positive"),
        ]
        indexes: ClassVar = [
            models.Index(
                fields=["city", "fund", "expires_at"], name="draws_reserved", condition=models.Q(status="reserved")
            ),
        ]

    def __str__(self) -> str:
        return f"draw {self.pk} {self.status}"
