"""Masks ID numbers and telephones in free text, such as notes, reasons and records of what somebody did."""

from __future__ import annotations

import re
from datetime import date
from typing import Any

from django.db import models

from huimin.errors import InputError

__all__ = ["BureauNumberField", "MaskedCharField", "MaskedJSONField", "MaskedTextField", "mask_personal", "masked_json"]

_GAP = r"[ \t\-·.]?"
_NUMBER = re.compile(rf"(?<!\d)(?:\d{_GAP}){{14}}\d(?:(?:{_GAP}\d){{2}}{_GAP}[\dXx])?(?![\dXx])")
"""15 digits, or 17 and a digit or X, with the blanks and hyphens that people put in between."""
_TELEPHONE = re.compile(rf"(?<!\d)(?:\+?86{_GAP})?1[3-9](?:{_GAP}\d){{9}}(?!\d)")
_NARROW = {wide: wide - 0xFEE0 for wide in (*range(0xFF10, 0xFF1A), 0xFF38, 0xFF58, 0xFF0D)}
"""Full-width digits, X and hyphen as ordinary ones."""
_SHOWN, _WITH_CENTURY = 4, 18
_EARLIEST_YEAR = 1880


def mask_personal(text: str) -> str:
    """The text with ID numbers (of 18 or 15 digits) and mobile telephones masked except for their last four digits.

    A number counts as an ID number if it has a day of birth in the right place, even if its check digit is wrong, since
    a mistyped number reveals as much.
    """
    plain = text.translate(_NARROW)
    masked = _NUMBER.sub(lambda found: _masked(found.group()) if _is_identity(found.group()) else found.group(), plain)
    masked = _TELEPHONE.sub(lambda found: _masked(found.group()), masked)
    return text if masked == plain else masked


def masked_json(value: Any) -> Any:
    """A JSON value with every text in it masked."""
    if isinstance(value, str):
        return mask_personal(value)
    if isinstance(value, dict):
        return {mask_personal(str(key)): masked_json(inner) for key, inner in value.items()}
    return [masked_json(inner) for inner in value] if isinstance(value, list | tuple) else value


def _is_identity(written: str) -> bool:
    digits = re.sub(r"[^\dXx]", "", written)
    birth = digits[6:14] if len(digits) == _WITH_CENTURY else f"19{digits[6:12]}"
    try:
        day = date(int(birth[:4]), int(birth[4:6]), int(birth[6:8]))
    except ValueError:
        return False
    return _EARLIEST_YEAR <= day.year <= date.max.year and day.year < 2100  # noqa: PLR2004 - a century is one


def _masked(written: str) -> str:
    plain = re.sub(r"[^\dXx]", "", written)
    return "*" * (len(plain) - _SHOWN) + plain[-_SHOWN:]


class _Masked:
    """Masks whenever a value goes into the database. In migrations it appears as the plain field it extends."""

    def get_prep_value(self, value: Any) -> Any:
        return super().get_prep_value(mask_personal(value) if isinstance(value, str) else value)  # type: ignore[misc]

    def deconstruct(self) -> Any:
        name, _path, args, kwargs = super().deconstruct()  # type: ignore[misc]
        base = next(one for one in type(self).__mro__ if one.__module__.startswith("django."))
        return name, f"django.db.models.{base.__name__}", args, kwargs

    def clone(self) -> Any:
        _name, _path, args, kwargs = self.deconstruct()
        return type(self)(*args, **kwargs)


class BureauNumberField(models.CharField):  # type: ignore[type-arg]
    """The bureau's number of a person, which bills have in clear. ID numbers, which some systems send instead, are
    refused.
    """

    def pre_save(self, model_instance: models.Model, add: bool) -> Any:
        value = getattr(model_instance, self.attname)
        if isinstance(value, str) and mask_personal(value) != value:
            raise InputError(
                f"{self.name} is an ID number or a telephone; expected the number that the bureau gave the person",
                code="not_a_bureau_number",
            )
        return super().pre_save(model_instance, add)

    def deconstruct(self) -> Any:
        name, _path, args, kwargs = super().deconstruct()
        return name, "django.db.models.CharField", args, kwargs

    def clone(self) -> BureauNumberField:
        _name, _path, args, kwargs = self.deconstruct()
        return BureauNumberField(*args, **kwargs)


class MaskedTextField(_Masked, models.TextField):  # type: ignore[type-arg]
    """Free text in which somebody may write a person's number."""


class MaskedCharField(_Masked, models.CharField):  # type: ignore[type-arg]
    """A short text in which somebody may write a person's number."""


class MaskedJSONField(_Masked, models.JSONField):
    """A JSON value in whose texts somebody may write a person's number."""

    def get_prep_value(self, value: Any) -> Any:
        return super().get_prep_value(masked_json(value))

    def get_db_prep_value(self, value: Any, connection: Any, prepared: bool = False) -> Any:
        return super().get_db_prep_value(masked_json(value), connection, prepared)
