"""Sends the payment company's notices to the platform, each until it is answered with `success`, as companies do."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterable
from dataclasses import dataclass

import httpx

from huimin.sandbox.wire import sign

__all__ = ["Told", "send"]

_PAUSES = (0, 1, 3, 10, 30)
# Made once: a client reads the machine's certificates. It keeps no connection, since the platform closes idle ones.
_CLIENT = httpx.Client(timeout=10, trust_env=False, limits=httpx.Limits(max_keepalive_connections=0))


@dataclass(frozen=True, slots=True)
class Told:
    """A notice's body, after how many seconds it leaves, and whether its signature is wrong."""

    body: bytes
    delay: float = 0.0
    forged: bool = False


def send(address: str, key: str, notices: Iterable[Told], header: str = "X-Payment-Signature") -> None:
    """Send them, signed in this header, beside what else goes on, each in a thread of its own."""
    for told in notices:
        threading.Thread(target=_deliver, args=(address, key, told, header), daemon=True).start()


def _deliver(address: str, key: str, told: Told, header: str) -> None:
    time.sleep(told.delay)
    signature = "0" * 64 if told.forged else sign(key, told.body)
    headers = {"Content-Type": "application/json", header: signature}
    for pause in _PAUSES:
        time.sleep(pause)
        try:
            answer = _CLIENT.post(address, content=told.body, headers=headers)
        except httpx.HTTPError:
            continue
        if answer.content == b"success" or told.forged:
            return
