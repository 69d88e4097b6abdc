"""Examples of the addresses of hospitals' statements, made as those of `api_examples`."""

from __future__ import annotations

import base64
from collections.abc import Callable
from datetime import date
from typing import Any

from claims_support import it_is, reversal
from huimin.platform.clearing.making import make_statement, paid_clients
from huimin.platform.clearing.models import HospitalStatement
from huimin.platform.foundation.actors import queue_actor
from huimin.platform.foundation.models import City
from platform_support import Caller, a_bill

__all__ = ["STATEMENTS", "STATEMENT_ANSWER", "STATEMENT_ANSWERS", "STATEMENT_PROBLEMS", "STATEMENT_SHEET"]

Ask = Callable[[Caller, City], Any]
STATEMENTS, OWN = "/api/v1/hospital-statements", "hospital-2"
_FEBRUARY = f"{STATEMENTS}/2022-02"
STATEMENT_ANSWER = {
    "answers": [{"line": 1, "answer": "disputed", "reason": "other", "note": "出院日期为 4 月 18 日"}],
    "rest": True,
}
STATEMENT_SHEET = {"content": base64.b64encode(b"PK").decode()}
"""Of the file's first bytes alone, which an answer cannot be read from: examples would be pages long."""


def _stated(ask: Ask) -> Ask:
    """A hospital that sent nothing before has bills of April, and of May a reversal."""

    def asked(api: Caller, city: City) -> Any:
        api.settle(a_bill("S20220419-0002", "2022-04-18", 30_000_00, enddate="2022-04-18"), client=OWN)
        _make(city, date(2022, 4, 1), date(2022, 5, 3))
        api.settle(reversal("R20220502-0001", "2022-05-02", "S20220419-0002"), client=OWN)
        _make(city, date(2022, 5, 1), date(2022, 6, 3))
        return ask(api, city)

    return asked


def _make(city: City, month: date, day: date) -> None:
    it_is(city, day)
    (client,) = [one for one in paid_clients(city) if one.code == OWN]
    client.city = city
    if not HospitalStatement.objects.of(city).filter(client=client, month=month).exists():
        make_statement(actor=queue_actor(city), client=client, month=month)


def _answered(api: Caller, city: City) -> Any:
    return api.post(OWN, f"{STATEMENTS}/2022-04/answers", STATEMENT_ANSWER)


def _sheet_answered(api: Caller, city: City) -> Any:
    sheet = api.get(OWN, f"{STATEMENTS}/2022-04/sheet").content
    return api.post(OWN, f"{STATEMENTS}/2022-04/sheet", {"content": base64.b64encode(sheet).decode()})


def _without(ask: Callable[[Caller], Any]) -> Ask:
    return lambda api, city: ask(api)


_ONE = "/hospital-statements/{month}"
STATEMENT_ANSWERS: dict[str, dict[str, Ask]] = {
    "get /hospital-statements": {"two months": _stated(lambda api, city: api.get(OWN, STATEMENTS))},
    f"get {_ONE}/sheet": {"as made": _stated(lambda api, city: api.get(OWN, f"{STATEMENTS}/2022-04/sheet"))},
    f"get {_ONE}": {
        "a reversal": _stated(lambda api, city: api.get(OWN, f"{STATEMENTS}/2022-05")),
    },
    f"post {_ONE}/answers": {"answered": _stated(_answered)},
    f"post {_ONE}/sheet": {"nothing answered yet": _stated(_sheet_answered)},
}
STATEMENT_PROBLEMS: dict[str, dict[str, Ask]] = {
    "get /hospital-statements": {
        "not_allowed": _without(lambda api: api.get("channel-1", STATEMENTS)),
        "bad_request": _without(lambda api: api.get(OWN, f"{STATEMENTS}?page=first")),
    },
    f"get {_ONE}/sheet": {
        "not_found": _without(lambda api: api.get(OWN, f"{_FEBRUARY}/sheet")),
        "not_allowed": _without(lambda api: api.get("channel-1", f"{_FEBRUARY}/sheet")),
    },
    f"get {_ONE}": {
        "not_found": _without(lambda api: api.get(OWN, _FEBRUARY)),
        "not_allowed": _without(lambda api: api.get("channel-1", _FEBRUARY)),
        "bad_request": _without(lambda api: api.get(OWN, f"{_FEBRUARY}?page=first")),
    },
    f"post {_ONE}/answers": {
        "not_found": _without(lambda api: api.post(OWN, f"{_FEBRUARY}/answers", {})),
        "not_allowed": _without(lambda api: api.post("channel-1", f"{_FEBRUARY}/answers", {})),
        "bad_request": _without(lambda api: api.post(OWN, f"{_FEBRUARY}/answers", {"answers": [{"line": 0}]})),
        "answers_refused": _stated(
            lambda api, city: api.post(
                OWN,
                f"{STATEMENTS}/2022-04/answers",
                {"answers": [{"line": 9, "answer": "agreed"}, {"line": 1, "answer": "disputed", "reason": "other"}]},
            )
        ),
    },
    f"post {_ONE}/sheet": {
        "not_found": _without(lambda api: api.post(OWN, f"{_FEBRUARY}/sheet", STATEMENT_SHEET)),
        "not_allowed": _without(lambda api: api.post("channel-1", f"{_FEBRUARY}/sheet", STATEMENT_SHEET)),
        "bad_request": _without(lambda api: api.post(OWN, f"{_FEBRUARY}/sheet", {"content": 1})),
        "answers_refused": _stated(
            lambda api, city: api.post(OWN, f"{STATEMENTS}/2022-04/sheet", {"content": "not base 64"})
        ),
    },
}
