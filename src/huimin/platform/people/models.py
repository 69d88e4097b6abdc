"""The register: who is in the city's basic insurance. Names, numbers and telephones are encrypted."""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from huimin.platform.foundation.fields import EncryptedTextField, ReservedKey
from huimin.platform.foundation.masking import BureauNumberField
from huimin.platform.foundation.models import AppendOnly, CityRow

__all__ = [
    "SIGN_IN",
    "Area",
    "Consent",
    "Household",
    "IdentityCheck",
    "KnownDevice",
    "MedicalConsent",
    "Resident",
    "Tally",
]


class Area(CityRow):
    """A pooling area of the city's basic insurance."""

    code = models.CharField(max_length=6)
    name_zh = models.CharField(max_length=40)
    name_en = models.CharField(max_length=40)

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["city", "code"], name="area_code_in_city")]

    def __str__(self) -> str:
        return self.code


class Household(CityRow):
    number = models.CharField(max_length=20)

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["city", "number"], name="household_in_city")]

    def __str__(self) -> str:
        return self.number


class Resident(CityRow):
    """A person in the register. `psn_no` is the bureau's number for them; bills have it, and it reveals nothing."""

    id = ReservedKey()
    psn_no = BureauNumberField(max_length=30)
    name = EncryptedTextField()
    id_number = EncryptedTextField()
    id_index = models.CharField(max_length=64)
    former_index = models.CharField(max_length=64, blank=True, default="")
    """Of the birth certificate by which a child was known before it had an ID number: who types that one finds the same
    child. Empty for nearly all."""
    telephone = EncryptedTextField()
    birth_date = models.DateField()
    sex = models.CharField(max_length=6)
    area = models.ForeignKey(Area, on_delete=models.PROTECT, related_name="+")
    insutype = models.CharField(max_length=3)
    """310 employee, 390 resident."""
    insured = models.BooleanField(default=True)
    """Whether basic insurance is in force today, as last told by the bureau."""
    confirmed_at = models.DateTimeField(null=True)
    """When the bureau last said so, by the real clock; null where it was never asked about this person."""
    household = models.ForeignKey(Household, on_delete=models.PROTECT, related_name="+")
    pre_existing = models.JSONField(default=list)
    """Groups of pre-existing conditions that the bureau's history shows."""
    continuous_years = models.PositiveSmallIntegerField(default=0)
    """Years of which only the number is known, directly before the earliest of `insured_years`."""
    claim_free_years = models.PositiveSmallIntegerField(default=0)
    """Likewise."""
    insured_years = models.JSONField(default=list)
    """Each cover year that is known: first day, last day, 1 or 0 for without a claim. The renewal's nightly count
    writes it, from policies, bills and imported years."""
    died_on = models.DateField(null=True)
    other_cover = models.JSONField(null=True)
    """Cover in plans elsewhere, as last told by the bureau: name of the plan, first and last day of each."""

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["city", "psn_no"], name="psn_no_in_city"),
            models.UniqueConstraint(fields=["city", "id_index"], name="id_number_in_city"),
            models.UniqueConstraint(
                fields=["city", "former_index"],
                condition=~models.Q(former_index=""),
                name="former_number_in_city",
            ),
        ]

    def __str__(self) -> str:
        return str(self.psn_no)


SIGN_IN = "sign_in"


class IdentityCheck(CityRow):
    """A one-time code that was sent to the telephone in the register, for one purpose.

    Everybody who asks for a code gets one of these rows. `resident` is null if the register does not have the person:
    then no code was sent, and none is right.
    """

    resident = models.ForeignKey(Resident, on_delete=models.PROTECT, related_name="+", null=True)
    purpose = models.CharField(max_length=40, default=SIGN_IN)
    """What the code is for: verifying an identity, or consenting to let another person see one's medical facts."""
    code_digest = models.CharField(max_length=64)
    created_at = models.DateTimeField()
    attempts = models.PositiveSmallIntegerField(default=0)
    used_at = models.DateTimeField(null=True)

    class Meta:
        indexes: ClassVar = [models.Index(fields=["city", "resident", "created_at"], name="checks_of_resident")]

    def __str__(self) -> str:
        return f"check {self.pk}"


class Consent(AppendOnly):
    """What a resident agreed to, in which words (by digest), when."""

    resident = models.ForeignKey(Resident, on_delete=models.PROTECT, related_name="+")
    kind = models.CharField(max_length=40)
    text_digest = models.CharField(max_length=64)
    given_at = models.DateTimeField()
    given_by = models.ForeignKey(Resident, on_delete=models.PROTECT, related_name="+", null=True, db_index=False)
    """The guardian who agreed for a minor; null where the resident agreed for themself."""

    class Meta:
        indexes: ClassVar = [models.Index(fields=["city", "resident", "kind"], name="consents_of_resident")]

    def __str__(self) -> str:
        return f"{self.kind} {self.pk}"


class KnownDevice(CityRow):
    """A browser on which a resident's identity was verified. Strangers' requests never count against it."""

    resident = models.ForeignKey(Resident, on_delete=models.PROTECT, related_name="+")
    device = models.CharField(max_length=64)
    """A keyed digest of the browser's own number."""
    last_used_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["city", "resident", "device"], name="device_once_a_resident"),
        ]

    def __str__(self) -> str:
        return f"device {self.pk}"


class Tally(CityRow):
    """How often something was asked for in one stretch of time, by a keyed digest of who asked or for whom."""

    kind = models.CharField(max_length=20)
    key = models.CharField(max_length=64)
    slot = models.BigIntegerField()
    """Which stretch of time: seconds since 1970 divided by its length."""
    count = models.PositiveIntegerField()
    expires_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["city", "kind", "key", "slot"], name="one_tally_a_stretch"),
        ]
        indexes: ClassVar = [models.Index(fields=["expires_at"], name="tallies_by_end")]

    def __str__(self) -> str:
        return f"{self.kind} {self.count}"


class MedicalConsent(AppendOnly):
    """A person lets another see their medical facts, or no longer does. The last row for the two counts."""

    resident = models.ForeignKey(Resident, on_delete=models.PROTECT, related_name="+")
    """Whose facts they are."""
    grantee = models.ForeignKey(Resident, on_delete=models.PROTECT, related_name="+")
    given = models.BooleanField()
    """False if it was withdrawn."""
    purpose = models.CharField(max_length=40)
    text_digest = models.CharField(max_length=64)
    """The digest of the words that were agreed to; empty if it was withdrawn."""
    check_row = models.ForeignKey(IdentityCheck, on_delete=models.PROTECT, related_name="+", null=True)
    """The check whose code the person entered."""
    at = models.DateTimeField()

    class Meta:
        indexes: ClassVar = [models.Index(fields=["city", "resident", "grantee"], name="medical_consents_of_two")]

    def __str__(self) -> str:
        return f"consent {self.pk}"
