"""Personal data at rest: AES-256-GCM, and keyed blind indexes for looking it up.

Each has a key of its own (foundation/keys.py), so that an index never helps to decrypt.
"""

from __future__ import annotations

import hashlib
import hmac
import os

from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from huimin.platform.foundation.keys import purpose_key

__all__ = ["blind_index", "decrypt", "encrypt"]

_VERSION = b"\x01"
_NONCE_LENGTH = 12


def encrypt(text: str) -> bytes:
    """Version, random nonce and ciphertext with its tag."""
    nonce = os.urandom(_NONCE_LENGTH)
    key = purpose_key("personal data 1")
    return _VERSION + nonce + AESGCM(key).encrypt(nonce, text.encode(), _VERSION)


def decrypt(blob: bytes) -> str:
    """The text. Raises cryptography's InvalidTag when the bytes were changed or the key is another."""
    start = len(_VERSION) + _NONCE_LENGTH
    key = purpose_key("personal data 1")
    return AESGCM(key).decrypt(blob[len(_VERSION) : start], blob[start:], blob[: len(_VERSION)]).decode()


def blind_index(city_code: str, value: str) -> str:
    """A keyed fingerprint, 64 hexadecimal digits: equal values of one city match, and nothing can be read from it."""
    key = purpose_key("blind index 1")
    return hmac.new(key, f"{city_code}\x1f{value}".encode(), hashlib.sha256).hexdigest()
