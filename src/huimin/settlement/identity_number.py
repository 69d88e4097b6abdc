"""Resident identity numbers (GB 11643): 18 characters with a birth date, a sex and a check character."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from stdnum.cn import ric
from stdnum.exceptions import ValidationError

from huimin.errors import InputError

__all__ = ["IdentityNumber", "check_character", "parse_identity_number"]

_LENGTH = 18


@dataclass(frozen=True, slots=True)
class IdentityNumber:
    """A number whose form, date and check character are right. Whether the person exists only the bureau knows."""

    number: str
    birth_date: date
    sex: str
    """`male` or `female`, from the 17th digit."""


def check_character(first_17: str) -> str:
    """The 18th character for the first 17 digits."""
    return str(ric.calc_check_digit(first_17 + "0"))


def parse_identity_number(text: str) -> IdentityNumber:
    """Check an ID number as typed: spaces are dropped, a small x is accepted.

    Raises InputError (`bad_identity_number`) with a sentence that does not repeat the number, so that it can be
    logged.
    """
    number = "".join(text.split()).upper()
    if len(number) != _LENGTH:
        raise InputError(f"an ID number has {_LENGTH} characters; found {len(number)}", code="bad_identity_number")
    # Not ric.validate: it refuses an area code that did not exist in the year of birth. But numbers were first given
    # out in 1984, with the area code of that time, so that it refuses people born in 1952 in Nanjing's Gulou district.
    if not (number[:17].isascii() and number[:17].isdigit()) or number[17] != check_character(number[:17]):
        raise InputError("the ID number is not valid: one of its characters is mistyped", code="bad_identity_number")
    try:
        birth_date = ric.get_birth_date(number)
    except ValidationError as error:
        raise InputError("the ID number has a date of birth that does not exist", code="bad_identity_number") from error
    return IdentityNumber(number, birth_date, "male" if int(number[16]) % 2 else "female")
