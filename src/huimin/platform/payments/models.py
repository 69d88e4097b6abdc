"""What is to be paid, and what the provider said about it."""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from huimin.platform.foundation.fields import FenField
from huimin.platform.foundation.models import AppendOnly, CityRow

__all__ = ["Payment", "PaymentNotice", "PaymentStatus"]


class PaymentStatus(models.TextChoices):
    WAITING = "waiting"
    PAID = "paid"
    FAILED = "failed"


class Payment(CityRow):
    """Money asked for. `reference` is ours and goes to the provider; it says nothing about the payer."""

    reference = models.CharField(max_length=40)
    provider = models.CharField(max_length=30)
    amount = FenField()
    status = models.CharField(max_length=10, choices=PaymentStatus.choices, default=PaymentStatus.WAITING)
    provider_transaction = models.CharField(max_length=80, blank=True)
    created_at = models.DateTimeField()
    paid_at = models.DateTimeField(null=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["city", "reference"], name="payment_reference_in_city"),
            models.CheckConstraint(condition=models.Q(amount__gt=0), name="payment_is_positive"),
        ]

    def __str__(self) -> str:
        return self.reference


class PaymentNotice(AppendOnly):
    """Every notice with a right signature, repeats too, as it came."""

    payment = models.ForeignKey(Payment, on_delete=models.PROTECT, related_name="+")
    notice_id = models.CharField(max_length=80)
    status = models.CharField(max_length=10)
    amount = FenField()
    received_at = models.DateTimeField()
    verdict = models.CharField(max_length=30)

    class Meta:
        indexes: ClassVar = [models.Index(fields=["city", "payment"], name="notices_of_payment")]

    def __str__(self) -> str:
        return self.notice_id
