"""A hospital's counter: sends settlements to the platform as a hospital's system would, signed with its key."""

from __future__ import annotations

import hashlib
import json
import time
from collections.abc import Mapping
from dataclasses import dataclass

import httpx

from huimin.sandbox.wire import sign

__all__ = ["FIELDS", "Hospital"]

FIELDS = (
    "setl_id",
    "psn_no",
    "setl_time",
    "med_type",
    "medfee_sumamt",
    "fulamt_ownpay_amt",
    "fund_pay_sumamt",
    "psn_part_amt",
    "reverses",
)
_PATH = "/api/v1/settlements"


@dataclass(slots=True)
class Hospital:
    platform: str
    clients: Mapping[str, Mapping[str, str]]
    """By key id: name and secret."""
    sent: int = 0

    def example(self) -> dict[str, str]:
        """Wang Fang's father in hospital: the published example, with the 4,411.99 given as a fund's."""
        return {
            "client": next(iter(self.clients), ""),
            "setl_id": f"H{int(time.time())}",
            "psn_no": "P00000002",
            "setl_time": "2022-03-01 10:30:00",
            "med_type": "21",
            "medfee_sumamt": "172172.38",
            "fulamt_ownpay_amt": "3617.58",
            "fund_pay_sumamt": "53327.27",
            "psn_part_amt": "118845.11",
            "reverses": "",
        }

    def send(self, fields: Mapping[str, str]) -> tuple[int, str]:
        """Settle a bill at once. Status and body of the platform's answer; 0 when it does not answer."""
        return self._post(fields, _PATH, _bill(fields))

    def try_bill(self, fields: Mapping[str, str]) -> tuple[int, str]:
        """Ask what a bill would be paid."""
        return self._post(fields, f"{_PATH}/trials", _bill(fields))

    def confirm(self, fields: Mapping[str, str]) -> tuple[int, str]:
        """Settle the bill of a trial."""
        return self._post(fields, f"{_PATH}/trials/{fields.get('trial', '')}/confirm", b"{}")

    def _post(self, fields: Mapping[str, str], path: str, body: bytes) -> tuple[int, str]:
        client = self.clients.get(fields.get("client", ""))
        if client is None:
            return 0, "no such hospital"
        self.sent += 1
        key, timestamp = f"{fields.get('setl_id') or fields.get('trial')}-{self.sent}", str(int(time.time()))
        content = "\n".join(["POST", path, timestamp, key, hashlib.sha256(body).hexdigest()])
        headers = {
            "Content-Type": "application/json",
            "Idempotency-Key": key,
            "X-Huimin-Client": fields["client"],
            "X-Huimin-Timestamp": timestamp,
            "X-Huimin-Signature": sign(client["secret"], content.encode()),
        }
        try:
            answer = httpx.post(self.platform + path, content=body, headers=headers, timeout=10, trust_env=False)
        except httpx.HTTPError as error:
            return 0, type(error).__name__
        return answer.status_code, answer.text


def _bill(fields: Mapping[str, str]) -> bytes:
    return json.dumps({name: fields[name] for name in FIELDS if fields.get(name)}, ensure_ascii=False).encode()
