"""Organisations and their money, the files they send, and each row of a file."""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from huimin.platform.foundation.fields import EncryptedTextField, FenField, ReservedKey
from huimin.platform.foundation.masking import MaskedCharField
from huimin.platform.foundation.models import AppendOnly, CityRow
from huimin.platform.foundation.relations import Relation

__all__ = [
    "ENROLLED",
    "OPEN",
    "BulkFile",
    "BulkRow",
    "Deposit",
    "FileKind",
    "FilePart",
    "FileState",
    "GivenBack",
    "Organisation",
    "OrganisationMoney",
    "Payout",
    "RowState",
]


class Organisation(AppendOnly):
    """An employer or another body that pays for many people."""

    code = models.CharField(max_length=40)
    name = models.CharField(max_length=120)
    """As on its licence and its invoices."""
    credit_code = models.CharField(max_length=18)
    """统一社会信用代码: its tax number too."""
    opened_by = models.CharField(max_length=80)
    opened_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["city", "code"], name="organisation_code_in_city"),
            models.UniqueConstraint(fields=["city", "credit_code"], name="credit_code_in_city"),
        ]

    def __str__(self) -> str:
        return self.code


class OrganisationMoney(CityRow):
    """What an organisation paid in and nobody has been enrolled for: the lock of that money and nothing else.

    `huimin ledger verify` computes it again from what came in, what was used and what went back.
    """

    organisation = models.OneToOneField(Organisation, on_delete=models.PROTECT, related_name="money")
    left_fen = FenField(default=0)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(condition=models.Q(left_fen__gte=0), name="organisation_is_never_overdrawn")
        ]

    def __str__(self) -> str:
        return f"{self.organisation_id} {self.left_fen}"


class Deposit(AppendOnly):
    """A transfer of an organisation that came to a bank account of the pool. Two people have seen it."""

    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    amount = FenField()
    bank = models.CharField(max_length=40)
    transfer = MaskedCharField(max_length=80)
    received_on = models.DateField()
    proposed_by = models.CharField(max_length=80)
    agreed_by = models.CharField(max_length=80)
    recorded_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["city", "bank", "transfer"], name="one_deposit_a_transfer"),
            models.CheckConstraint(condition=models.Q(amount__gt=0), name="deposit_is_positive"),
        ]

    def __str__(self) -> str:
        return f"deposit {self.pk}"


class Payout(AppendOnly):
    """Money that went back to an organisation's account. Two people have seen it."""

    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    amount = FenField()
    bank = models.CharField(max_length=40)
    transfer = MaskedCharField(max_length=80)
    proposed_by = models.CharField(max_length=80)
    agreed_by = models.CharField(max_length=80)
    recorded_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["city", "bank", "transfer"], name="one_payout_a_transfer"),
            models.CheckConstraint(condition=models.Q(amount__gt=0), name="payout_is_positive"),
        ]

    def __str__(self) -> str:
        return f"payout {self.pk}"


class FileKind(models.TextChoices):
    CONSENTED = "consented", "已逐人取得同意"
    """A channel sends it, and has each person's consent: it says so, and keeps the proof."""
    ASKING = "asking", "由平台逐人征求同意"
    """An employer sends it. Each adult is asked here, and a guardian for each minor."""


class FileState(models.TextChoices):
    COMING = "coming", "接收中"
    """A channel sends it in parts, and some have not come yet."""
    CHECKING = "checking", "核对中"
    REFUSED = "refused", "整份退回"
    """Of the file as a whole something is wrong, so that no row was taken."""
    CHECKED = "checked", "待确认"
    ACCEPTED = "accepted", "已确认"
    CANCELLED = "cancelled", "已取消"


class BulkFile(CityRow):
    """A list of people that somebody sent, and what a worker found in it."""

    id = ReservedKey()
    sealed: ClassVar = ("organisation_id", "plan_year_id", "kind", "name", "digest", "size", "channel", "sent_by")
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    plan_year = models.ForeignKey("catalogue.PlanYear", on_delete=models.PROTECT, related_name="+")
    kind = models.CharField(max_length=10, choices=FileKind.choices)
    name = MaskedCharField(max_length=120)
    digest = models.CharField(max_length=64)
    size = models.PositiveIntegerField()
    channel = models.CharField(max_length=40)
    sent_by = models.CharField(max_length=80)
    received_at = models.DateTimeField()
    state = models.CharField(max_length=10, choices=FileState.choices, default=FileState.CHECKING)
    faults = models.JSONField(default=list)
    """Of the file as a whole: [column, code, what was found]."""
    task = models.ForeignKey("tasks.Task", on_delete=models.PROTECT, related_name="+", null=True)
    """What is being done with it now, or was done last."""
    accepted_by = models.CharField(max_length=80, blank=True)
    accepted_at = models.DateTimeField(null=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["city", "organisation", "plan_year", "digest"],
                condition=~models.Q(state__in=("refused", "cancelled")),
                name="one_file_for_its_bytes",
            )
        ]
        indexes: ClassVar = [models.Index(fields=["city", "-id"], name="bulk_files_by_time")]

    def __str__(self) -> str:
        return f"bulk file {self.pk}"


class FilePart(AppendOnly):
    """A piece of a file's bytes, so that none is ever in memory as a whole."""

    id = ReservedKey()
    file = models.ForeignKey(BulkFile, on_delete=models.PROTECT, related_name="+")
    place = models.PositiveIntegerField()
    content = EncryptedTextField()
    """In base 64."""
    recorded_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["city", "file", "place"], name="one_part_for_a_place")]

    def __str__(self) -> str:
        return f"part {self.place} of {self.file_id}"


class RowState(models.TextChoices):
    FAULTY = "faulty", "有错误"
    READY = "ready", "可以办理"
    ASKED = "asked", "待本人同意"
    AGREED = "agreed", "待办理"
    """Nothing is missing any more but the organisation's money."""
    DECLINED = "declined", "本人不同意"
    LAPSED = "lapsed", "逾期未答复"
    """Nobody had answered by the last day on which people may join."""
    ENROLLED = "enrolled", "已参保"
    ORDERED = "ordered", "核对中"
    """An order was made, and waits for the bureau or a fund."""
    REFUSED = "refused", "未能办理"
    CANCELLED = "cancelled", "已取消"


OPEN = (RowState.READY, RowState.ASKED, RowState.AGREED)
"""Nothing has been decided for these."""
ENROLLED = (RowState.ORDERED, RowState.ENROLLED)
"""For these an order was made, and the organisation's money taken."""


class BulkRow(CityRow):
    """One row of a file: one person, and what came of it. It has nobody's name and number."""

    file = models.ForeignKey(BulkFile, on_delete=models.PROTECT, related_name="+", db_index=False)
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+", db_index=False)
    plan_year = models.ForeignKey("catalogue.PlanYear", on_delete=models.PROTECT, related_name="+", db_index=False)
    number = models.PositiveIntegerField()
    """Of the row in the file."""
    reference = models.CharField(max_length=60, blank=True)
    """The sender's own number of it, where the file has one."""
    resident = models.ForeignKey(
        "people.Resident", on_delete=models.PROTECT, related_name="+", null=True, db_index=False
    )
    holder = models.ForeignKey("people.Resident", on_delete=models.PROTECT, related_name="+", null=True, db_index=False)
    """Who buys: agrees for a minor, and gets the messages."""
    relation = models.CharField(max_length=10, choices=Relation.choices, blank=True)
    """What the person is to the holder."""
    edition = models.CharField(max_length=40, blank=True)
    fen = FenField(default=0)
    """What the organisation pays for this person."""
    state = models.CharField(max_length=10, choices=RowState.choices)
    faults = models.JSONField(default=list)
    """[column, code, what was found where it tells nothing of a person]."""
    order = models.CharField(max_length=40, blank=True)
    policy = models.CharField(max_length=24, blank=True)
    changed_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["city", "file", "number"], name="one_row_for_its_number"),
            models.UniqueConstraint(
                fields=["city", "organisation", "plan_year", "reference"],
                condition=models.Q(state__in=("ordered", "enrolled")) & ~models.Q(reference=""),
                name="a_reference_enrols_once",
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["city", "file", "state", "number"], name="bulk_rows_by_state"),
            models.Index(fields=["city", "file", "reference"], name="bulk_rows_by_reference"),
            models.Index(
                fields=["city", "organisation", "file", "number"],
                name="bulk_rows_agreed",
                condition=models.Q(state="agreed"),
            ),
            models.Index(fields=["city", "resident"], name="bulk_rows_of_person"),
            models.Index(fields=["city", "holder"], name="bulk_rows_of_holder", condition=models.Q(state="asked")),
        ]

    def __str__(self) -> str:
        return f"row {self.number} of {self.file_id}"

    @property
    def means(self) -> str:
        """By which an order's means of payment names it."""
        return f"row:{self.pk}"


class GivenBack(AppendOnly):
    """Money that an organisation paid for one person, and that is its own again: the policy ended, or never began."""

    row = models.ForeignKey(BulkRow, on_delete=models.PROTECT, related_name="+")
    amount = FenField()
    cause = models.CharField(max_length=80)
    recorded_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["city", "row", "cause"], name="given_back_once_for_a_cause"),
            models.CheckConstraint(condition=models.Q(amount__gt=0), name="given_back_is_positive"),
        ]

    def __str__(self) -> str:
        return f"{self.amount} of row {self.row_id}"
