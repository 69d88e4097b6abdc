"""The payment company: remembers what it was asked for, and tells the platform the outcome, well or badly."""

from __future__ import annotations

import json
import secrets
import threading
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from urllib.error import URLError
from urllib.request import Request, urlopen

from huimin.sandbox.signing import sign

__all__ = ["WAYS", "Cashier"]

WAYS = ("pay", "twice", "late", "lost", "fail", "other")
"""Pay; pay and notify twice; pay and notify after five seconds; pay and never notify; fail; pay a yuan more."""

_LATE_SECONDS = 5
_RETRIES = (0, 1, 3, 10, 30)


@dataclass(slots=True)
class Cashier:
    key: str
    asked: dict[str, Mapping[str, str]] = field(default_factory=dict)
    outcomes: dict[str, bytes] = field(default_factory=dict)

    def open(self, fields: Mapping[str, str]) -> None:
        self.asked[fields["reference"]] = fields

    def pay(self, reference: str, how: str) -> str | None:
        """Settle a request in one of the WAYS. Returns where the payer goes back to; None when there is no request."""
        fields = self.asked.get(reference)
        if fields is None or how not in WAYS:
            return None
        body = json.dumps(
            {
                "notice_id": secrets.token_hex(8),
                "reference": reference,
                "status": "failed" if how == "fail" else "paid",
                "amount": _a_yuan_more(fields["amount"]) if how == "other" else fields["amount"],
                "transaction": secrets.token_hex(8),
                "paid_at": datetime.now(UTC).isoformat(timespec="seconds"),
            }
        ).encode()
        # A payment that was made cannot fail later; the company tells the first outcome again.
        if how != "other" and b'"paid"' not in self.outcomes.get(reference, b""):
            self.outcomes[reference] = body
        for _ in range({"lost": 0, "twice": 2}.get(how, 1)):
            delay = _LATE_SECONDS if how == "late" else 0
            threading.Thread(target=self._notify, args=(fields["notify"], body, delay), daemon=True).start()
        return fields["back"]

    def outcome(self, reference: str) -> tuple[bytes, str]:
        """What is known of a request, signed; `null` while nothing is."""
        body = self.outcomes.get(reference, b"null")
        return body, sign(self.key, body)

    def _notify(self, address: str, body: bytes, delay: int) -> None:
        """Send until the platform answers `success`, as payment companies do."""
        time.sleep(delay)
        headers = {"Content-Type": "application/json", "X-Payment-Signature": sign(self.key, body)}
        for pause in _RETRIES:
            time.sleep(pause)
            try:
                request = Request(address, data=body, headers=headers)  # noqa: S310 - signed by the platform
                with urlopen(request, timeout=10) as answer:  # noqa: S310
                    if answer.read() == b"success":
                        return
            except (URLError, TimeoutError, ConnectionError):
                continue


def _a_yuan_more(amount: str) -> str:
    yuan, fen = amount.split(".")
    return f"{int(yuan) + 1}.{fen}"
