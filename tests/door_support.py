"""The real sandbox on a free port, with the keys of the tests' platform, and the platform's settings pointed at it."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from huimin.platform.foundation.keys import OUTSIDE_PURPOSES, shared_key
from huimin.platform.gateways import doors
from huimin.platform.gateways.breaker import Breaker
from huimin.platform.gateways.door import Door, Limits
from huimin.platform.gateways.signing import Signer
from huimin.sandbox.misbehaving import Behaviour
from huimin.sandbox.server import Sandbox, make_server

__all__ = ["ACCOUNT_HOLDER", "SHORT", "Played", "played"]

ACCOUNT_HOLDER: dict[str, Any] = {
    "id_number": "32990119780520002X",
    "name": "王芳",
    "psn_no": "P1",
    "birth_date": "1978-05-20",
    "sex": "female",
    "spells": [
        {"insutype": "390", "area": "329902", "first": "2016-01-01", "last": "2019-12-31"},
        {"insutype": "310", "area": "329901", "first": "2020-01-01", "last": None},
    ],
    "history": [
        {"diagnosis": "J06.900", "day": "2018-03-01", "institution": "hospital-2"},
        {"diagnosis": "I10.x00", "day": "2020-06-01", "institution": "hospital-1"},
    ],
    "account": {"area": "329901", "historic": "4100.00", "current": "900.00", "relatives": ["P2"]},
}
"""An invented employee, as the sandbox's bureau has her; P2 is a relative who may share her account."""
SHORT = Limits(seconds=0.4, tries=2, pause=0.01)
"""Limits of a test's doors: what is slow shows soon."""


@dataclass(frozen=True)
class Played:
    """A running sandbox."""

    sandbox: Sandbox
    address: str

    def behaviour(self, party: str) -> Behaviour:
        return self.sandbox.parties[party].behaviour


@contextmanager
def played(settings: Any) -> Iterator[Played]:
    """Serve the sandbox, and let the platform's doors lead to it, with SHORT limits."""
    keys = {purpose: shared_key(purpose) for purpose in OUTSIDE_PURPOSES}
    sandbox = Sandbox.from_environment({"HUIMIN_SANDBOX_KEYS": json.dumps(keys)})
    for party in sandbox.parties.values():
        party.behaviour.slow_seconds, party.behaviour.dribble_seconds = 0.8, 0.1
    server = make_server(0, sandbox)
    threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True).start()
    address = f"http://127.0.0.1:{server.server_port}"
    settings.PAYMENT_GATEWAY, settings.MESSAGE_GATEWAY = f"{address}/payment-company", f"{address}/message-gateway"
    settings.BUREAU, settings.BANK = f"{address}/bureau", f"{address}/bank"
    settings.INVOICE_PLATFORM = f"{address}/invoice-platform"
    before, made = doors._door, {}

    def door(party: str, at: str, signer: Signer) -> Door:
        return made.setdefault((party, at), Door(party, at, signer, SHORT, Breaker(1000)))

    doors._door = door  # type: ignore[assignment]
    try:
        yield Played(sandbox, address)
    finally:
        doors._door = before
        server.shutdown()
        server.server_close()
