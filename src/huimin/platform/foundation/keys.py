"""One key, one purpose: every key that the platform uses is derived from a secret of the settings by HKDF.

A derived key reveals nothing about the others or about the secret. The payment company gets the keys with which it
signs and checks, the message gateway gets its own, and neither can act as the other or read personal data.
"""

from __future__ import annotations

from functools import lru_cache

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured

from huimin.errors import HuiminError

__all__ = ["OUTSIDE_PURPOSES", "UnusableKeysError", "key_faults", "purpose_key", "refuse_unusable_keys", "shared_key"]

_KEY_BYTES = 32
_HEX_DIGITS = 64
_SHORTEST = 32

_SECRET_OF_PURPOSE = {
    "personal data 2": "DATA_KEY",
    "blind index 1": "DATA_KEY",
    "identity code": "DATA_KEY",
    "limits": "DATA_KEY",
    "pool-tie-break": "DATA_KEY",
    "policy check": "DATA_KEY",
    "claims sample": "DATA_KEY",
    "seals": "DATA_KEY",
    "payment request": "PAYMENT_KEY",
    "payment notice": "PAYMENT_KEY",
    "message gateway": "PAYMENT_KEY",
    "bureau": "PAYMENT_KEY",
    "bank": "PAYMENT_KEY",
    "invoices": "PAYMENT_KEY",
}
"""Which secret a purpose's key is derived from. A purpose that is not here has no key."""

OUTSIDE_PURPOSES = ("payment request", "payment notice", "message gateway", "bureau", "bank", "invoices")
"""Keys that a party outside holds too. `huimin keys show` prints them, and no others."""


class UnusableKeysError(HuiminError):
    """The platform's secrets are absent, too short or the same: it does not start."""

    code = "unusable_keys"


def purpose_key(purpose: str) -> bytes:
    """The key for this purpose, 32 bytes. Raises UnusableKeysError if its secret cannot be used."""
    name = _SECRET_OF_PURPOSE.get(purpose)
    if name is None:
        raise UnusableKeysError(f"no key is for {purpose!r}; expected one of {', '.join(_SECRET_OF_PURPOSE)}")
    return _derived(name, _secret(name), purpose)


def shared_key(purpose: str) -> str:
    """The key of a purpose that a party outside holds too, as 64 hexadecimal digits."""
    if purpose not in OUTSIDE_PURPOSES:
        raise UnusableKeysError(f"the key for {purpose!r} stays inside; shown are {', '.join(OUTSIDE_PURPOSES)}")
    return purpose_key(purpose).hex()


def key_faults() -> list[str]:
    """A sentence for each secret that cannot be used. Empty if the platform may start."""
    faults = [fault for name in ("SECRET_KEY", "DATA_KEY", "PAYMENT_KEY") if (fault := _fault(name))]
    secrets = [_secret(name) for name in ("SECRET_KEY", "DATA_KEY", "PAYMENT_KEY")]
    if not faults and len({*secrets}) < len(secrets):
        faults.append("two of HUIMIN_SECRET_KEY, HUIMIN_DATA_KEY and HUIMIN_PAYMENT_KEY are the same; expected three")
    return faults


def refuse_unusable_keys() -> None:
    """Raise UnusableKeysError with every fault, before anything is served."""
    faults = key_faults()
    if faults:
        raise UnusableKeysError("; ".join(faults))


@lru_cache(maxsize=32)
def _derived(name: str, secret: str, purpose: str) -> bytes:
    fault = _fault_of(name, secret)
    if fault:
        raise UnusableKeysError(fault)
    material = bytes.fromhex(secret) if name == "DATA_KEY" else secret.encode()
    label = f"huimin {purpose}".encode()
    return HKDF(algorithm=hashes.SHA256(), length=_KEY_BYTES, salt=None, info=label).derive(material)


def _secret(name: str) -> str:
    try:
        return str(getattr(settings, name))
    except ImproperlyConfigured:  # Django's own answer to an empty SECRET_KEY
        return ""


def _fault(name: str) -> str:
    return _fault_of(name, _secret(name))


def _fault_of(name: str, secret: str) -> str:
    """What is wrong with a secret, in a sentence that does not repeat any of it."""
    if name == "DATA_KEY":
        digits = all(character in "0123456789abcdefABCDEF" for character in secret)
        if len(secret) == _HEX_DIGITS and digits:
            return ""
        return f"HUIMIN_DATA_KEY has {len(secret)} characters; expected {_HEX_DIGITS} hexadecimal digits"
    if len(secret) >= _SHORTEST:
        return ""
    return (
        f"HUIMIN_{name} has {len(secret)} characters; expected at least {_SHORTEST}, drawn at random "
        "(docs/keys.md says how to change it)"
    )
