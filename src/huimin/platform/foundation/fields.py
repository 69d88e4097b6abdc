"""Field types: money in whole fen, and text that is encrypted in the database."""

from __future__ import annotations

from typing import Any

from django.db import models

from huimin.platform.foundation.encryption import decrypt, encrypt

__all__ = ["EncryptedTextField", "FenField"]


class FenField(models.BigIntegerField):  # type: ignore[type-arg]
    """Money in fen. Refuses floats and decimals before they reach the database."""

    description = "Whole fen"

    def get_prep_value(self, value: Any) -> Any:
        if value is not None and type(value) is not int and not hasattr(value, "resolve_expression"):
            raise TypeError(f"{self.name} holds whole fen; found {type(value).__name__}")
        return super().get_prep_value(value)


class EncryptedTextField(models.BinaryField):  # type: ignore[type-arg]
    """Text in Python, AES-GCM bytes in the database. Cannot be searched: use a blind index beside it."""

    description = "Encrypted text"

    def get_prep_value(self, value: Any) -> Any:
        return None if value is None else encrypt(value)

    def get_db_prep_value(self, value: Any, connection: Any, prepared: bool = False) -> Any:
        # BinaryField does not call get_prep_value from here when `prepared` is left at False by bulk inserts.
        raw = value if prepared else self.get_prep_value(value)
        return super().get_db_prep_value(raw, connection, True)

    def from_db_value(self, value: Any, expression: Any, connection: Any) -> str | None:
        return None if value is None else decrypt(bytes(value))

    def to_python(self, value: Any) -> Any:
        return value

    def value_to_string(self, obj: models.Model) -> str:
        raise TypeError(f"{self.name} is personal data and is not serialised")
