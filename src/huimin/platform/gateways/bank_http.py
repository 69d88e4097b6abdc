"""The bank over HTTP, as the sandbox speaks it: `POST /payouts`, `GET /payouts/KEY`, `GET /statements/DAY`."""

from __future__ import annotations

import re
from datetime import date
from urllib.parse import quote

from django.conf import settings

from huimin.errors import InputError
from huimin.money import format_yuan, parse_yuan
from huimin.platform.foundation.models import City
from huimin.platform.gateways.bank import Bank, PaidOut, PayoutOrder, PayoutState
from huimin.platform.gateways.door import Call, Door
from huimin.platform.gateways.doors import door_to
from huimin.platform.gateways.failures import Refused, Unclear
from huimin.platform.gateways.signed_files import signed_file

__all__ = ["HttpBank", "bank_of"]

_PARTY = "bank"
_SECRET = frozenset({"name", "account"})
"""Of a payout order, what the record of exchanges does not keep."""
_REASON = re.compile(r"[a-z][a-z0-9_]{0,39}")


class HttpBank:
    """One of a city's bank accounts."""

    def __init__(self, code: str, door: Door, city: City) -> None:
        self.code, self._door, self._city = code, door, city

    def pay(self, order: PayoutOrder) -> PaidOut:
        content = {
            "key": order.key,
            "amount": format_yuan(order.amount),
            "name": order.name,
            "account": order.account,
            "purpose": order.purpose,
        }
        if order.day is not None:
            content["day"] = order.day.isoformat()
        found = self._asked(Call("pay", "POST", "payouts", order.key, content, _SECRET))
        if found.amount != order.amount:
            raise Unclear(_PARTY, "pay", "contradicts")
        return found

    def query(self, key: str) -> PaidOut | None:
        try:
            return self._asked(Call("query_payout", "GET", f"payouts/{quote(key, safe='')}", key))
        except Refused as failure:
            if failure.reason == "payout_not_known":
                return None
            raise

    def statement(self, day: date) -> str:
        call = Call("statement", "GET", f"statements/{day.isoformat()}", f"statement:{day.isoformat()}")
        return signed_file(self._door, self._city, call, day)

    def _asked(self, call: Call) -> PaidOut:
        content = self._door.call(self._city, call).content
        try:
            if content.get("key") != call.key:
                raise InputError("it is of another payout")
            state, reason = PayoutState(str(content.get("state"))), content.get("reason")
            said = reason if isinstance(reason, str) and _REASON.fullmatch(reason) else ""
            return PaidOut(call.key, state, parse_yuan(str(content.get("amount"))), said)
        except ValueError as error:
            raise Unclear(_PARTY, call.operation, "contradicts") from error


def bank_of(city: City) -> Bank:
    """The bank from which this city's claims are paid."""
    door = door_to(_PARTY, settings.BANK, request_key=_PARTY, answer_key=_PARTY)
    return HttpBank(settings.BANK_CODE, door, city)
