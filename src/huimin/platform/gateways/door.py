"""The one machinery behind every door: it signs, sends, limits the time, tries again, checks and records."""

from __future__ import annotations

import json
import logging
import random
import re
import time
from collections.abc import Callable, Mapping
from contextlib import closing
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import quote

import httpx

from huimin.platform.foundation.exchanges import Attempt, record_exchange
from huimin.platform.foundation.models import City
from huimin.platform.gateways.breaker import Breaker
from huimin.platform.gateways.connections import client_for, time_limit
from huimin.platform.gateways.failures import DoorError, Duplicate, Refused, Unclear, Unreachable
from huimin.platform.gateways.signing import SIGNATURE_HEADER, Signer

__all__ = ["Answer", "Call", "Door", "Limits"]

log = logging.getLogger("huimin.doors")
_HIDDEN = "******"
_CODE = re.compile(r"[a-z][a-z0-9_]{0,39}")
_AWAY = (429, 502, 503, 504)
_SUCCESS, _REFUSALS, _CONFLICT, _NOT_IMPLEMENTED = range(200, 300), range(400, 500), 409, 501


@dataclass(frozen=True, slots=True)
class Limits:
    """`seconds` for one try, `tries` in one call, `pause` before the second try (then twice as long), `most_bytes`."""

    seconds: float = 5.0
    tries: int = 3
    pause: float = 0.2
    most_bytes: int = 1_000_000


@dataclass(frozen=True, slots=True)
class Call:
    """What is asked. `key` is ours and names what it is about: a repeat has the same, and the party knows it by that.

    `secret` names fields of the content that are not kept in the record, such as a one-time code.
    """

    operation: str
    method: str
    path: str
    key: str
    content: Mapping[str, Any] | None = None
    secret: frozenset[str] = frozenset()
    only_reads: bool = False
    """Of a POST that changes nothing: what it asks tells of a person, and so has no place in an address."""

    @property
    def is_query(self) -> bool:
        """A query changes nothing: without an answer, nothing was done."""
        return self.method == "GET" or self.only_reads

    def body(self) -> bytes:
        return b"" if self.content is None else json.dumps(self.content, ensure_ascii=False).encode()

    def kept(self) -> str:
        """What the record keeps of it."""
        return json.dumps(_without(self.content, self.secret), ensure_ascii=False) if self.content else ""


@dataclass(frozen=True, slots=True)
class Answer:
    """A party's answer, signed by it. `content` is its JSON object, empty where it has none."""

    status: int
    content: Mapping[str, Any]


@dataclass(slots=True)
class _Try:
    """What is known of one try while it is under way."""

    began: float
    status: int | None = None
    answered: bytes = b""


@dataclass(slots=True)
class Door:
    """The way to one party. One for each process: connections and the breaker are shared by all who call it."""

    party: str
    address: str
    signer: Signer
    limits: Limits = field(default_factory=Limits)
    breaker: Breaker = field(default_factory=Breaker)
    sleep: Callable[[float], None] = time.sleep
    client: httpx.Client = field(init=False)

    def __post_init__(self) -> None:
        self.client = client_for(self.address)

    def call(self, city: City, call: Call) -> Answer:
        """Ask, and give back a signed answer of success. Call it outside a transaction. Raises a DoorError.

        Only what certainly was not done is tried again here, and not where the party itself said that it is busy.
        """
        for number in range(1, self.limits.tries + 1):
            self._refuse_while_open(call)
            try:
                return self._try(city, call)
            except Unreachable as failure:
                if number == self.limits.tries or failure.reason == "busy":
                    raise
            self.sleep(self.limits.pause * 2 ** (number - 1) * random.uniform(0.5, 1.5))  # noqa: S311 - no secret
        raise AssertionError("the loop ends with an answer or a failure")

    def _refuse_while_open(self, call: Call) -> None:
        if wait := self.breaker.wait():
            raise Unreachable(self.party, call.operation, "left_alone", retry_after=wait)

    def _try(self, city: City, call: Call) -> Answer:
        """One try, recorded whatever comes of it."""
        doing = _Try(time.monotonic())
        try:
            answer = self._asked(call, doing)
        except DoorError as failure:
            if isinstance(failure, Unreachable | Unclear):
                self.breaker.failed()
                log.warning("%s", failure.message)
            else:
                self.breaker.succeeded()
            self._record(city, call, doing, failure.code.removeprefix("door_"), failure.reason)
            raise
        self.breaker.succeeded()
        self._record(city, call, doing, "answered", "")
        return answer

    def _record(self, city: City, call: Call, doing: _Try, outcome: str, reason: str) -> None:
        record_exchange(
            city=city,
            attempt=Attempt(
                party=self.party,
                operation=call.operation,
                key=call.key,
                outcome=outcome,
                reason=reason,
                status=doing.status,
                milliseconds=int(1000 * (time.monotonic() - doing.began)),
                asked=call.kept(),
                answered=doing.answered.decode("utf-8", "backslashreplace"),
            ),
        )

    def _asked(self, call: Call, doing: _Try) -> Answer:
        body = call.body()
        request = self.client.build_request(call.method, call.path, content=body or None)
        target = request.url.raw_path.decode("ascii")
        # A header holds ASCII only.
        key = quote(call.key, safe=":")
        signed = self.signer.headers(call.method, target, key, body)
        request.headers.update({**signed, "Idempotency-Key": key, "Accept": "application/json"})
        # Not compressed: what is small on the wire cannot be large here.
        request.headers["Accept-Encoding"] = "identity"
        if body:
            request.headers["Content-Type"] = "application/json"
        signature = self._exchange(call, request, doing)
        is_theirs = self.signer.is_answer(signed, doing.status or 0, signature, doing.answered)
        return self._understood(call, doing, is_theirs)

    def _exchange(self, call: Call, request: httpx.Request, doing: _Try) -> str:
        """Send and receive within the limits, into `doing`. Gives the answer's signature, empty where it has none."""
        try:
            with time_limit(self.limits.seconds):
                response = self.client.send(request, stream=True)
                doing.status = response.status_code
                with closing(response):
                    for part in response.iter_raw():
                        doing.answered += part
                        if len(doing.answered) > self.limits.most_bytes:
                            raise Unclear(self.party, call.operation, "too_long")
                return str(response.headers.get(SIGNATURE_HEADER, ""))
        except (httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout) as error:
            raise Unreachable(self.party, call.operation, "no_connection") from error
        except httpx.TimeoutException as error:
            raise self._without_answer(call, "too_slow") from error
        except httpx.HTTPError as error:
            raise self._without_answer(call, "broken_off") from error

    def _understood(self, call: Call, doing: _Try, is_theirs: bool) -> Answer:
        """The answer, if it is one of success and the party's own."""
        status = doing.status or 0
        if not is_theirs:
            # Something on the way may have answered: nothing follows from what it says.
            if status in _AWAY:
                raise self._without_answer(call, f"status_{status}")
            raise Unclear(self.party, call.operation, "unsigned")
        if status in _AWAY:
            raise Unreachable(self.party, call.operation, "busy")
        content = self._content(call, doing)
        if status in _SUCCESS:
            return Answer(status, content)
        reason = _reason(content, status)
        if status == _CONFLICT:
            raise Duplicate(self.party, call.operation, reason)
        if status in _REFUSALS or status == _NOT_IMPLEMENTED:
            raise Refused(self.party, call.operation, reason)
        raise self._without_answer(call, reason)

    def _content(self, call: Call, doing: _Try) -> Mapping[str, Any]:
        try:
            content = json.loads(doing.answered or b"{}")
        except (ValueError, RecursionError) as error:
            raise Unclear(self.party, call.operation, "unreadable") from error
        if not isinstance(content, dict):
            raise Unclear(self.party, call.operation, "unreadable")
        return content

    def _without_answer(self, call: Call, reason: str) -> DoorError:
        """The failure where no answer came: a query did nothing, and any other call may or may not have been done."""
        return (Unreachable if call.is_query else Unclear)(self.party, call.operation, reason)


def _reason(content: Mapping[str, Any], status: int) -> str:
    """The code of a problem document, where it has the form of one."""
    code = content.get("code")
    return code if isinstance(code, str) and _CODE.fullmatch(code) else f"status_{status}"


def _without(content: Any, secret: frozenset[str]) -> Any:
    if isinstance(content, Mapping):
        return {name: _HIDDEN if name in secret else _without(value, secret) for name, value in content.items()}
    return content
