"""Messages that went to residents, and when they were opened in the message centre."""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from huimin.platform.foundation.fields import EncryptedTextField
from huimin.platform.foundation.models import AppendOnly

__all__ = ["MessageRead", "SentMessage"]


class SentMessage(AppendOnly):
    """A message in the words that the gateway was given: proof of what a resident was told, and when."""

    key = models.CharField(max_length=200)
    """The gateway's key: a message that is tried again is one message."""
    resident = models.ForeignKey("people.Resident", on_delete=models.PROTECT, related_name="+", db_index=False)
    template = models.CharField(max_length=40)
    text = EncryptedTextField(bound_to=("key",))
    received = models.BooleanField()
    """False where the gateway said that it does not get to the telephone: then this is the only place to read it."""
    at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["city", "key"], name="sent_once_for_a_key")]
        indexes: ClassVar = [models.Index(fields=["city", "resident", "-at"], name="messages_of_resident")]

    def __str__(self) -> str:
        return self.key


class MessageRead(AppendOnly):
    """The resident opened the message centre with this message in it."""

    message = models.OneToOneField(SentMessage, on_delete=models.PROTECT, related_name="read")
    at = models.DateTimeField()

    def __str__(self) -> str:
        return f"message {self.message_id} read"
