"""Agreements that payers sign with the payment company: it takes premiums when the platform asks (委托代扣).

Signed, declined and ended on pages of the company; the platform is told by a signed notice, and may ask.
"""

from __future__ import annotations

import json
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta, timezone
from urllib.parse import unquote

from huimin.sandbox.notices import Told, send
from huimin.sandbox.wire import Answer, Request, json_answer, problem

__all__ = ["CHOICES", "Agreement", "Agreements", "company_moment"]

CHOICES = ("sign", "decline")
"""What the payer's buttons do."""
_BEIJING = timezone(timedelta(hours=8))


def company_moment(day: date | None) -> datetime:
    """Now in Beijing, on the day that it is for the platform."""
    moment = datetime.now(_BEIJING)
    return moment if day is None else moment.replace(year=day.year, month=day.month, day=day.day)


@dataclass(slots=True)
class Agreement:
    """`key` is the platform's, `number` ours once it is signed. `pays`: whether the account behind it has money."""

    key: str
    subject: str
    notify: str
    back: str
    day: date | None = None
    state: str = "waiting"
    number: str = ""
    at: str = ""
    pays: bool = True

    def told(self) -> dict[str, str]:
        return {"agreement": self.key, "state": self.state, "number": self.number, "at": self.at}


@dataclass(slots=True)
class Agreements:
    notice_key: str
    known: dict[str, Agreement] = field(default_factory=dict)

    def open(self, fields: Mapping[str, str]) -> Agreement:
        """The payer comes with a request that the platform signed. Who comes back finds the same agreement."""
        day = date.fromisoformat(fields["day"]) if "day" in fields else None
        new = Agreement(fields["agreement"], fields["subject"], fields["notify"], fields["back"], day)
        return self.known.setdefault(new.key, new)

    def choose(self, key: str, how: str) -> str | None:
        """The payer signs, or does not. Returns where they go back to; None without an agreement that waits."""
        one = self.known.get(key)
        if one is None or how not in CHOICES:
            return None
        if one.state == "waiting":
            number = f"W{secrets.token_hex(8)}" if how == "sign" else ""
            self._move(one, "in_force" if how == "sign" else "ended", number)
        return one.back

    def end(self, key: str) -> bool:
        """The payer ends it at the company, or the platform asks for that. False where there is none."""
        one = self.known.get(key)
        if one is not None and one.state != "ended":
            self._move(one, "ended", one.number)
        return one is not None

    def turn(self, key: str) -> None:
        """The account behind it runs dry, or is filled again."""
        one = self.known.get(key)
        if one is not None:
            one.pays = not one.pays

    def answer(self, request: Request) -> Answer:
        """`GET agreements/KEY`: how it stands. `POST agreements/KEY/end`: the platform ends it."""
        _, _, name = request.path.partition("/")
        key, _, verb = name.partition("/")
        if request.method == "POST" and verb == "end":
            self.end(unquote(key))
        one = self.known.get(unquote(key))
        if one is None or (verb and verb != "end"):
            return problem(404, "agreement_not_known", "No payer came to sign under this key.")
        return json_answer(one.told())

    def refusal(self, number: str) -> Answer | None:
        """Why nothing is taken under this number; None where the account pays.

        A number from before this server was started is not known, and pays.
        """
        one = next((one for one in self.known.values() if one.number == number), None)
        if not number or (one is not None and one.state != "in_force"):
            return problem(422, "agreement_ended", "The payer has no agreement with this number any more.")
        if one is not None and not one.pays:
            return problem(422, "account_declined", "The account does not pay.")
        return None

    def _move(self, one: Agreement, state: str, number: str) -> None:
        one.state, one.number = state, number
        one.at = company_moment(one.day).isoformat(timespec="milliseconds")
        send(one.notify, self.notice_key, [Told(json.dumps(one.told()).encode())])
