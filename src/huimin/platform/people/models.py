"""The register: who is in the city's basic insurance. Names, numbers and telephones are encrypted."""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from huimin.platform.foundation.fields import EncryptedTextField, ReservedKey
from huimin.platform.foundation.masking import BureauNumberField
from huimin.platform.foundation.models import AppendOnly, CityRow

__all__ = ["Area", "Consent", "Household", "IdentityCheck", "Resident"]


class Area(CityRow):
    """A pooling area of the city's basic insurance."""

    code = models.CharField(max_length=6)
    name_zh = models.CharField(max_length=40)
    name_en = models.CharField(max_length=40)

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["city", "code"], name="area_code_in_city")]

    def __str__(self) -> str:
        return self.code

    def name(self, language: str) -> str:
        return self.name_en if language == "en" else self.name_zh


class Household(CityRow):
    number = models.CharField(max_length=20)

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["city", "number"], name="household_in_city")]

    def __str__(self) -> str:
        return self.number


class Resident(CityRow):
    """A person in the register. `psn_no` is the bureau's number for them: it stands on bills and tells nothing."""

    id = ReservedKey()
    psn_no = BureauNumberField(max_length=30)
    name = EncryptedTextField()
    id_number = EncryptedTextField()
    id_index = models.CharField(max_length=64)
    telephone = EncryptedTextField()
    birth_date = models.DateField()
    sex = models.CharField(max_length=6)
    area = models.ForeignKey(Area, on_delete=models.PROTECT, related_name="+")
    insutype = models.CharField(max_length=3)
    """310 employee, 390 resident."""
    insured = models.BooleanField(default=True)
    """Whether basic insurance is in force today, as last told by the bureau."""
    household = models.ForeignKey(Household, on_delete=models.PROTECT, related_name="+")
    pre_existing = models.JSONField(default=list)
    """Groups of pre-existing conditions that the bureau's history shows."""
    continuous_years = models.PositiveSmallIntegerField(default=0)
    claim_free_years = models.PositiveSmallIntegerField(default=0)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["city", "psn_no"], name="psn_no_in_city"),
            models.UniqueConstraint(fields=["city", "id_index"], name="id_number_in_city"),
        ]

    def __str__(self) -> str:
        return str(self.psn_no)


class IdentityCheck(CityRow):
    """A one-time code that was sent to the telephone in the register."""

    resident = models.ForeignKey(Resident, on_delete=models.PROTECT, related_name="+")
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

    class Meta:
        indexes: ClassVar = [models.Index(fields=["city", "resident", "kind"], name="consents_of_resident")]

    def __str__(self) -> str:
        return f"{self.kind} {self.pk}"
