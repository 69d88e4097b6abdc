"""Field types: money in whole fen, keys that are known before the insert, and text that is encrypted in the
database.
"""

from __future__ import annotations

import logging
from dataclasses import dataclass
from typing import Any

from django.db import DEFAULT_DB_ALIAS, connections, models
from django.db.models.query_utils import DeferredAttribute

from huimin.platform.foundation.encryption import Place, UnreadableCiphertextError, decrypt, encrypt
from huimin.platform.foundation.reserving import reserved_keys

__all__ = ["Ciphertext", "EncryptedTextField", "FenField", "ReservedKey"]

log = logging.getLogger("huimin.encryption")


class FenField(models.BigIntegerField):  # type: ignore[type-arg]
    """Money in fen. Refuses floats and decimals before they reach the database."""

    description = "Whole fen"

    def get_prep_value(self, value: Any) -> Any:
        if value is not None and type(value) is not int and not hasattr(value, "resolve_expression"):
            raise TypeError(f"{self.name} holds whole fen; found {type(value).__name__}")
        return super().get_prep_value(value)


class ReservedKey(models.BigAutoField):  # type: ignore[type-arg]
    """A table's key, drawn before the row is inserted, because the row's ciphertexts are bound to it.

    Keys are not in order of arrival. In migrations it appears as Django's own key field.
    """

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs = {"verbose_name": "ID", "primary_key": True, "auto_created": True, "serialize": False, **kwargs}
        super().__init__(*args, **kwargs)

    def deconstruct(self) -> Any:
        name, _path, args, kwargs = super().deconstruct()
        return name, "django.db.models.BigAutoField", args, kwargs

    def clone(self) -> ReservedKey:
        _name, _path, args, kwargs = self.deconstruct()
        return ReservedKey(*args, **kwargs)

    def get_pk_value_on_save(self, instance: models.Model) -> int:
        connection = connections[DEFAULT_DB_ALIAS]
        (key,) = reserved_keys(connection, type(instance), 1)
        return key


@dataclass(frozen=True, slots=True)
class Ciphertext:
    """Bytes as they came from the database, not decrypted yet."""

    blob: bytes


class _Decrypting(DeferredAttribute):
    """Decrypts a column when it is first read: only then is its row known."""

    def __get__(self, instance: Any, cls: Any = None) -> Any:
        if instance is None:
            return self
        name = self.field.attname
        if name not in instance.__dict__:
            rows = type(instance)._base_manager.using(instance._state.db).filter(pk=instance.pk)
            instance.__dict__[name] = rows.values_list(name, flat=True).get()
        value = instance.__dict__[name]
        if isinstance(value, Ciphertext):
            place = self.field.place(instance)  # type: ignore[attr-defined]
            try:
                value = instance.__dict__[name] = decrypt(value.blob, place)
            except UnreadableCiphertextError as error:
                log.error("%s", error.message)
                raise
        return value

    def __set__(self, instance: Any, value: Any) -> None:
        # Only with a setter does Python call __get__ even if the instance has a value.
        instance.__dict__[self.field.attname] = value


class EncryptedTextField(models.BinaryField):  # type: ignore[type-arg]
    """Text in Python, AES-GCM bytes bound to their place in the database (ADR 22).

    The row is identified by its key, which therefore must be a ReservedKey, or by the fields `bound_to`, which must
    never change. The text cannot be searched: use a blind index beside it. It is written with its row, by `save`,
    `create`, `bulk_create` and foundation.statements, and not by `update`.
    """

    description = "Encrypted text"
    descriptor_class = _Decrypting

    def __init__(self, *args: Any, bound_to: tuple[str, ...] = ("pk",), **kwargs: Any) -> None:
        self.bound_to = bound_to
        super().__init__(*args, **kwargs)

    def clone(self) -> EncryptedTextField:
        _name, _path, args, kwargs = self.deconstruct()
        return EncryptedTextField(*args, bound_to=self.bound_to, **kwargs)

    def place(self, instance: models.Model) -> Place:
        city, names = getattr(instance, "city_id", None), [getattr(instance, name) for name in self.bound_to]
        if city is None or None in names:
            raise TypeError(f"{self.name} is encrypted for its city and row: both must be known first")
        return Place(city, self.model._meta.db_table, str(self.column), " ".join(map(str, names)))

    def pre_save(self, model_instance: models.Model, add: bool) -> bytes | None:
        text = getattr(model_instance, self.attname)
        return None if text is None else encrypt(text, self.place(model_instance))

    def get_prep_value(self, value: Any) -> Any:
        if isinstance(value, str):
            raise TypeError(f"{self.name} is encrypted for its row: save the row instead of updating the column")
        return value

    def from_db_value(self, value: Any, expression: Any, connection: Any) -> Ciphertext | None:
        return None if value is None else Ciphertext(bytes(value))

    def to_python(self, value: Any) -> Any:
        return value

    def value_to_string(self, obj: models.Model) -> str:
        raise TypeError(f"{self.name} is personal data and is not serialised")
