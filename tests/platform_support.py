"""Calling the API as a client of the demonstration city, and what is said there."""

from __future__ import annotations

import itertools
import json
import time
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from django.db import connection
from django.test import Client

from api_contract import hold_to_document
from cast import FATHER, WANG_FANG
from huimin.platform.api.signatures import signature
from huimin.platform.demonstration.population import people
from huimin.platform.foundation.keys import shared_key
from huimin.platform.foundation.models import ApiClient, City, User
from huimin.platform.gateways.signing import hmac_hex
from huimin.platform.people.models import Resident
from huimin.platform.tasks.kinds import Lane
from work_support import work_off

EDITIONS = """
[[edition]]
id = "ordinary"
name = { zh = "普通版", en = "Ordinary" }
source = "study:premium"

[[edition]]
id = "plus"
name = { zh = "升级版", en = "Plus" }
source = "study:premium"

[[premium.variants]]
when = { edition = "plus" }
yuan = "258.00"
source = "study:premium"
"""
"""Two editions and their prices, to be added to a plan of one."""
_keys = itertools.count()


CHINESE = "zh-hans"


def logged_in(who: User | str, language: str = CHINESE) -> Client:
    """A browser in which this user, or the user of this name, has logged in as staff."""
    user = User.objects.get(username=who) if isinstance(who, str) else who
    client = Client(HTTP_ACCEPT_LANGUAGE=language)
    client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
    return client


def resident(city: City, psn_no: str = WANG_FANG) -> Resident:
    return Resident.objects.of(city).get(psn_no=psn_no)


def signed_in(who: Resident, language: str = CHINESE) -> Client:
    """A browser in which this resident has shown who they are."""
    client = Client(HTTP_ACCEPT_LANGUAGE=language)
    session = client.session
    session["resident_id"] = [who.city.code, who.pk]
    session.save()
    return client


@dataclass
class Caller:
    """Calls the API as one of the city's clients, signed."""

    city: City

    def post(self, client: str, path: str, body: Any, *, key: str | None = None, **headers: str) -> Any:
        return self._call(client, "POST", path, json.dumps(body).encode(), key or f"key-{next(_keys)}", headers)

    def get(self, client: str, path: str) -> Any:
        return self._call(client, "GET", path, b"", "", {})

    def _call(self, code: str, method: str, path: str, body: bytes, key: str, headers: dict[str, str]) -> Any:
        client = ApiClient.objects.get(city=self.city, code=code)
        timestamp = str(int(time.time()))
        given = {
            "X-Huimin-Client": client.key_id,
            "X-Huimin-Timestamp": timestamp,
            "X-Huimin-Signature": signature(client.secret, method, path, timestamp, key, body),
            **({"Idempotency-Key": key} if key else {}),
            **headers,
        }
        answer = Client().generic(method, path, body, content_type="application/json", headers=given)
        hold_to_document(method, path, answer)
        return answer

    def settle(self, body: dict[str, str], client: str = "hospital-1") -> Any:
        return self.post(client, "/api/v1/settlements", body)

    def pay(self, reference: str, amount: str, **said: str) -> Any:
        """A notice as of `tell`, and what a worker does for it in the moment after."""
        answer = self.tell(reference, amount, **said)
        work_off(Lane.ISSUING)
        return answer

    def tell(
        self,
        reference: str,
        amount: str,
        *,
        status: str = "paid",
        notice: str = "N1",
        key: str = "",
        transaction: str = "",
        **more: str,
    ) -> Any:
        """The sandbox provider's notice for a payment. `transaction`: by default one of this reference's own."""
        content = {"notice_id": notice, "reference": reference, "status": status, "amount": amount}
        body = json.dumps({**content, "transaction": transaction or f"T-{reference}", **more}).encode()
        headers = {"X-Payment-Signature": hmac_hex(key or shared_key("payment notice"), body)}
        path = f"/api/v1/payments/{self.city.code}/sandbox/notices"
        return Client().generic("POST", path, body, content_type="application/json", headers=headers)


def person(index: int) -> dict[str, str]:
    """The index-th invented resident, as a channel names them. 0 is Wang Fang, 1 her father."""
    found = list(people(index + 1))[index]
    return {"id_number": found.id_number, "name": found.name}


def order_for(index: int = 0) -> dict[str, Any]:
    """What a channel sends when the index-th resident orders for themself."""
    return {"applicant": person(index), "insured": [{**person(index), "relation": "self"}], "terms_opened": True}


def amounts(self_paid: int, self_funded: int = 0, funds: int = 1_000_000) -> dict[str, str]:
    """A balanced bill in fen."""
    personal = self_paid + self_funded
    parts = {
        "medfee_sumamt": personal + funds,
        "fulamt_ownpay_amt": self_funded,
        "fund_pay_sumamt": funds,
        "psn_part_amt": personal,
    }
    return {name: f"{fen // 100}.{fen % 100:02d}" for name, fen in parts.items()}


def a_bill(setl_id: str, day: str, self_paid: int, self_funded: int = 0, **fields: str) -> dict[str, str]:
    """An inpatient bill of Wang Fang's father."""
    body = {"setl_id": setl_id, "psn_no": FATHER, "setl_time": day, "med_type": "21"}
    return {**body, **amounts(self_paid, self_funded), **fields}


@contextmanager
def without_triggers(table: str):  # type: ignore[no-untyped-def]
    """Somebody with the database's own powers, and no scruples."""
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute(f"DROP TRIGGER {table}_no_update")
        else:
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
            cursor.execute(f"ALTER TABLE {table} DISABLE TRIGGER {table}_append_only")
        yield cursor
