"""HMAC-SHA256, hexadecimal: what the payment company and the message gateway agreed on with the platform."""

from __future__ import annotations

import hashlib
import hmac

__all__ = ["sign", "signed_by"]


def sign(key: str, content: bytes) -> str:
    return hmac.new(key.encode(), content, hashlib.sha256).hexdigest()


def signed_by(key: str, content: bytes, signature: str) -> bool:
    return bool(key) and hmac.compare_digest(sign(key, content), signature)
