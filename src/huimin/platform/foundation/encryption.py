"""Encrypts personal data at rest with AES-256-GCM, and makes keyed blind indexes for looking it up.

A ciphertext has its city, table, column and row as associated data, and cannot be decrypted anywhere else. So not even
somebody who can write to the database can make one person's telephone another's name (ADR 22). Encryption and indexes
have different keys (foundation/keys.py), so that an index never helps to decrypt.
"""

from __future__ import annotations

import hashlib
import hmac
import os
from dataclasses import dataclass

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from huimin.errors import HuiminError
from huimin.platform.foundation.keys import purpose_key

__all__ = ["Place", "UnreadableCiphertextError", "blind_index", "decrypt", "encrypt"]

_BOUND_FORM = b"\x02"
"""The first byte of every ciphertext. Form 1 named no place; nothing reads it any more."""
_NONCE_LENGTH = 12


class UnreadableCiphertextError(HuiminError):
    """A stored ciphertext does not belong to its row and column, or was changed."""

    code = "ciphertext_out_of_place"


@dataclass(frozen=True, slots=True)
class Place:
    """Where a ciphertext is stored: the city's key, the table, the column, and what identifies the row."""

    city: int
    table: str
    column: str
    row: str

    def __str__(self) -> str:
        return f"{self.table} {self.row}, {self.column} (city {self.city})"

    def associated_data(self) -> bytes:
        return _BOUND_FORM + f"{self.city}\x1f{self.table}\x1f{self.column}\x1f{self.row}".encode()


def encrypt(text: str, place: Place) -> bytes:
    """Encrypt for a place. Returns the form's number, a random nonce, and the ciphertext with its tag."""
    nonce = os.urandom(_NONCE_LENGTH)
    cipher = AESGCM(purpose_key("personal data 2"))
    return _BOUND_FORM + nonce + cipher.encrypt(nonce, text.encode(), place.associated_data())


def decrypt(blob: bytes, place: Place) -> str:
    """The text that was encrypted for this place.

    Raises UnreadableCiphertextError: `ciphertext_out_of_place` if it was changed, or encrypted for another place or
    with another key.
    """
    start = 1 + _NONCE_LENGTH
    try:
        if blob[:1] != _BOUND_FORM:
            raise InvalidTag
        cipher = AESGCM(purpose_key("personal data 2"))
        return cipher.decrypt(blob[1:start], blob[start:], place.associated_data()).decode()
    except (InvalidTag, ValueError) as error:
        raise UnreadableCiphertextError(
            f"{place}: what is stored was encrypted for another place or by another key, or was changed"
        ) from error


def blind_index(city_code: str, value: str) -> str:
    """A keyed fingerprint, 64 hexadecimal digits: equal values of one city match, and nothing can be read from it."""
    key = purpose_key("blind index 1")
    return hmac.new(key, f"{city_code}\x1f{value}".encode(), hashlib.sha256).hexdigest()
