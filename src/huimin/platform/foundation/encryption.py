"""Personal data at rest: AES-256-GCM, and keyed blind indexes for looking it up.

Both keys are derived from settings.DATA_KEY, so that an index never helps to decrypt.
"""

from __future__ import annotations

import hashlib
import hmac
import os
from functools import lru_cache

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured

__all__ = ["blind_index", "decrypt", "encrypt"]

_VERSION = b"\x01"
_NONCE_LENGTH = 12
_KEY_BYTES = 32


@lru_cache(maxsize=8)
def _derived(master: str, purpose: bytes) -> bytes:
    try:
        material = bytes.fromhex(master)
    except ValueError:
        material = b""
    if len(material) != _KEY_BYTES:
        raise ImproperlyConfigured("HUIMIN_DATA_KEY must be 64 hexadecimal digits")
    return HKDF(algorithm=hashes.SHA256(), length=_KEY_BYTES, salt=None, info=purpose).derive(material)


def encrypt(text: str) -> bytes:
    """Version, random nonce and ciphertext with its tag."""
    nonce = os.urandom(_NONCE_LENGTH)
    key = _derived(settings.DATA_KEY, b"huimin personal data 1")
    return _VERSION + nonce + AESGCM(key).encrypt(nonce, text.encode(), _VERSION)


def decrypt(blob: bytes) -> str:
    """The text. Raises cryptography's InvalidTag when the bytes were changed or the key is another."""
    start = len(_VERSION) + _NONCE_LENGTH
    key = _derived(settings.DATA_KEY, b"huimin personal data 1")
    return AESGCM(key).decrypt(blob[len(_VERSION) : start], blob[start:], blob[: len(_VERSION)]).decode()


def blind_index(city_code: str, value: str) -> str:
    """A keyed fingerprint, 64 hexadecimal digits: equal values of one city match, and nothing can be read from it."""
    key = _derived(settings.DATA_KEY, b"huimin blind index 1")
    return hmac.new(key, f"{city_code}\x1f{value}".encode(), hashlib.sha256).hexdigest()
