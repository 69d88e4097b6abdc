"""Who issues invoices for a plan year, and the invoices: blue ones for what was paid, red ones for what goes back."""

from __future__ import annotations

import json
from typing import ClassVar

from django.db import models

from huimin.platform.foundation.fields import EncryptedTextField, FenField, ReservedKey
from huimin.platform.foundation.models import AppendOnly, CityRow
from huimin.platform.invoicing.titles import Title

__all__ = ["Colour", "Invoice", "InvoiceFile", "InvoiceIssuer", "InvoiceStatus"]


class InvoiceIssuer(AppendOnly):
    """From now on this insurer issues the invoices of a plan year. The last row counts."""

    plan_year = models.ForeignKey("catalogue.PlanYear", on_delete=models.PROTECT, related_name="+")
    name = models.CharField(max_length=120)
    """As registered with the tax administration."""
    credit_code = models.CharField(max_length=18)
    """统一社会信用代码: its taxpayer number."""
    tax_rate = models.PositiveIntegerField(null=True)
    """Basis points of value-added tax; null where the product is exempt."""
    item = models.CharField(max_length=60)
    """What stands as the item, such as *保险服务*惠民保."""
    set_by = models.CharField(max_length=80)
    set_at = models.DateTimeField()

    class Meta:
        indexes: ClassVar = [models.Index(fields=["city", "plan_year", "-id"], name="issuers_of_plan_year")]

    def __str__(self) -> str:
        return f"{self.credit_code} {self.plan_year_id}"


class Colour(models.TextChoices):
    BLUE = "blue"
    RED = "red"


class InvoiceStatus(models.TextChoices):
    BEHIND = "behind"
    """It replaces another, and is sent once that is taken back."""
    WAITING = "waiting"
    ASKED = "asked"
    """The invoice platform was asked, and has not issued it yet."""
    ISSUED = "issued"
    REFUSED = "refused"
    """The platform said no: a person looks."""
    GIVEN_UP = "given_up"
    """A person looked, and it will not be issued: the reason was told to whoever asked."""


class Invoice(CityRow):
    """An invoice of one paid amount. What happened to it stands in the history of the subject `invoice`."""

    sealed: ClassVar = (
        *("key", "source", "turn", "colour", "of_id", "amount", "tax", "tax_rate", "title", "seller_id"),
        *("remark", "payer_id", "reason", "asked_by", "asked_at"),
    )

    id = ReservedKey()
    key = models.CharField(max_length=40)
    """Ours, under which the platform knows it; it says nothing about the payer."""
    source = models.CharField(max_length=60)
    """What was paid: an order, or a payment from a personal account."""
    turn = models.PositiveSmallIntegerField()
    """1, 2 … of this source and colour: another title is another turn."""
    colour = models.CharField(max_length=4, choices=Colour.choices)
    of = models.ForeignKey("self", on_delete=models.PROTECT, related_name="+", null=True)
    """The invoice that a red one takes back, or a part of it."""
    amount = FenField()
    """Fen, with the tax in it; of a red one what it takes back."""
    tax = FenField()
    tax_rate = models.PositiveIntegerField(null=True)
    seller = models.ForeignKey(InvoiceIssuer, on_delete=models.PROTECT, related_name="+")
    title = EncryptedTextField()
    """JSON of a `Title`, as it stands on the invoice: what becomes of the person's name later does not change it."""
    remark = models.CharField(max_length=200)
    """The numbers of the policies. It names nobody."""
    payer = models.ForeignKey("people.Resident", on_delete=models.PROTECT, related_name="+", null=True)
    """Who paid, and is told; null where an organisation did."""
    reason = models.CharField(max_length=20, blank=True, default="")
    """Of a red one: `refund`, or `title` where another title was asked for."""
    asked_by = models.CharField(max_length=80)
    asked_at = models.DateTimeField()
    status = models.CharField(max_length=10, choices=InvoiceStatus.choices, default=InvoiceStatus.WAITING)
    tries = models.PositiveSmallIntegerField(default=0)
    """How often the platform refused it, and a person had it tried again: each has a key of its own there."""
    sent = models.PositiveSmallIntegerField(default=0)
    """How often it was put into the queue."""
    fault = models.CharField(max_length=40, blank=True, default="")
    number = models.CharField(max_length=20, blank=True, default="")
    issued_on = models.DateField(null=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["city", "key"], name="invoice_key_in_city"),
            models.UniqueConstraint(fields=["city", "source", "colour", "turn"], name="one_invoice_a_turn"),
            models.UniqueConstraint(
                fields=["city", "number"], condition=~models.Q(number=""), name="invoice_number_in_city"
            ),
            models.CheckConstraint(condition=models.Q(amount__gt=0), name="invoice_is_positive"),
            models.CheckConstraint(
                condition=models.Q(tax__gte=0) & models.Q(tax__lt=models.F("amount")), name="tax_is_within_the_amount"
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["city", "payer"], name="invoices_of_payer"),
            models.Index(
                fields=["city", "asked_at"],
                name="invoices_open",
                condition=~models.Q(status__in=("issued", "given_up")),
            ),
        ]

    def __str__(self) -> str:
        return self.key

    @property
    def platform_key(self) -> str:
        """Under which the platform is asked: after a refusal it is another, since one key is one invoice there."""
        return f"{self.key}-{self.tries}" if self.tries else self.key

    @property
    def titled(self) -> Title:
        return Title(**json.loads(self.title))


class InvoiceFile(AppendOnly):
    """The PDF of an issued invoice, as the platform gave it."""

    invoice = models.OneToOneField(Invoice, on_delete=models.PROTECT, related_name="file")
    digest = models.CharField(max_length=64)
    """SHA-256 of the file."""
    size = models.PositiveIntegerField()
    """Bytes."""
    content = EncryptedTextField(bound_to=("invoice_id", "digest"))
    """The file as base64."""
    at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["city", "invoice"], name="one_file_an_invoice")]

    def __str__(self) -> str:
        return f"file of {self.invoice_id}"
