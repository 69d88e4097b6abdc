"""The machinery behind every door: limits, tries, the breaker, signatures, and the record of what was said."""

from __future__ import annotations

import re
import socket
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from unittest.mock import patch

import pytest

from door_support import SHORT, Played, played
from huimin.errors import HuiminError
from huimin.platform.foundation.exchanges import exchanges, exchanges_about
from huimin.platform.foundation.models import AppendOnlyError, City, Exchange
from huimin.platform.gateways.breaker import Breaker
from huimin.platform.gateways.door import Call, Door, Limits
from huimin.platform.gateways.failures import DoorError, Refused, Unclear, Unreachable
from huimin.platform.gateways.message_gateway import TextMessage, message_gateway
from huimin.platform.gateways.once import ask_once
from huimin.platform.gateways.payment_company import RefundRequest
from huimin.platform.gateways.signing import Signer
from huimin.platform.payments.providers import payment_company
from huimin.sandbox.party import Party
from huimin.sandbox.wire import Answer, Signing, json_answer
from served import free_port

pytestmark = pytest.mark.django_db
SIGNER = Signer("our key", "their key")
QUERY = Call("query", "GET", "things/1", "1")
CHANGE = Call("change", "POST", "things", "1", {"key": "1"})


@pytest.fixture
def sandbox(settings: Any) -> Iterator[Played]:
    with played(settings) as found:
        yield found


class Clock:
    def __init__(self) -> None:
        self.now = 100.0

    def __call__(self) -> float:
        return self.now


def test_a_breaker_opens_at_the_fifth_failure_in_a_row_and_not_before() -> None:
    breaker = Breaker(most=5, clock=Clock())
    for _ in range(4):
        breaker.failed()
    breaker.succeeded()
    for _ in range(4):
        assert breaker.wait() == 0
        breaker.failed()
    assert breaker.wait() == 0
    breaker.failed()
    assert breaker.wait() == 1


def test_an_open_breaker_lets_one_call_try_after_each_pause_and_pauses_grow_to_a_minute() -> None:
    clock = Clock()
    breaker = Breaker(most=1, clock=clock)
    pauses = []
    for _ in range(8):
        breaker.failed()
        pauses.append(round(breaker.wait(), 6))
        clock.now += pauses[-1] - 0.01
        assert breaker.wait() > 0
        clock.now += 0.02
        assert breaker.wait() == 0
        assert breaker.wait() > 0, "while one tries, others wait"
    assert pauses == [1, 2, 4, 8, 16, 32, 60, 60]
    breaker.succeeded()
    assert breaker.wait() == 0


def test_a_party_that_is_away_is_tried_as_often_as_the_limits_say_and_then_left_alone(city: City) -> None:
    pauses: list[float] = []
    door = Door(
        "bank", f"http://127.0.0.1:{free_port()}", SIGNER, Limits(tries=3, pause=1.0), Breaker(5), pauses.append
    )
    for _ in range(2):
        with pytest.raises(Unreachable) as raised:
            door.call(city, CHANGE)
    assert raised.value.reason == "left_alone"
    assert raised.value.retry_after > 0
    assert Exchange.objects.of(city).filter(party="bank", reason="no_connection").count() == 5
    # A second before the second try, two before the third, each a half more or less.
    assert [0.5 <= pause / base <= 1.5 for pause, base in zip(pauses[:2], (1, 2), strict=True)] == [True, True]


class Dribbling:
    """A party that sends the head of an answer a byte at a time, and never ends it."""

    def __init__(self, said: bytes = b"HTTP/1.1 200 OK\r\nX: " + b"x" * 1000) -> None:
        self.socket = socket.create_server(("127.0.0.1", 0))
        self.said = said
        self.address = f"http://127.0.0.1:{self.socket.getsockname()[1]}"
        threading.Thread(target=self._serve, daemon=True).start()

    def _serve(self) -> None:
        with self.socket, self.socket.accept()[0] as connection:
            connection.recv(10_000)
            try:
                for byte in self.said:
                    connection.sendall(bytes([byte]))
                    time.sleep(0.05)
            except OSError:
                return


def test_an_answer_whose_head_comes_byte_by_byte_ends_at_the_time_limit(city: City) -> None:
    door = Door("bank", Dribbling().address, SIGNER, SHORT)
    begun = time.monotonic()
    with pytest.raises(Unclear) as raised:
        door.call(city, CHANGE)
    assert raised.value.reason == "too_slow"
    assert time.monotonic() - begun < 2 * SHORT.seconds


def test_an_answer_above_the_size_limit_is_not_read_to_its_end(city: City, sandbox: Played) -> None:
    door = Door("message_gateway", f"{sandbox.address}/message-gateway", SIGNER, Limits(most_bytes=10_000))
    for size, reason in ((10_001, "too_long"), (10_000, "unsigned")):
        with patch.object(Party, "called", return_value=Answer(200, b"x" * size)), pytest.raises(Unclear) as raised:
            door.call(city, CHANGE)
        assert raised.value.reason == reason


def test_an_answer_to_another_call_is_not_taken(city: City, sandbox: Played) -> None:
    gateway = message_gateway(city)
    gateway.send(TextMessage("t:1", "139", "claim_decided", {}))
    signed, kept = Signing.signed, []  # type: ignore[var-annotated]

    def played_back(signing: Signing, request: Any, answer: Answer) -> Answer:
        kept.append(signed(signing, request, answer))
        return kept[0]

    with patch.object(Signing, "signed", played_back):
        assert gateway.query_receipt("t:1") is not None
        with pytest.raises(Unclear) as raised:
            gateway.query_receipt("t:1")
    assert raised.value.reason == "unsigned"


def test_a_request_that_is_played_back_is_refused_by_the_party(city: City, sandbox: Played) -> None:
    gateway = message_gateway(city)
    with patch("huimin.platform.gateways.signing.secrets.token_hex", return_value="the same"):
        gateway.query_receipt("t:1")
        with pytest.raises(Refused) as raised:
            gateway.query_receipt("t:1")
    assert raised.value.reason == "played_back"


def test_a_party_that_does_nothing_yet_refuses_politely(city: City, sandbox: Played) -> None:
    for code in ("pharmacy", "bill-verification", "hospital"):
        party = sandbox.sandbox.parties[code]
        party.signing.request_key, party.signing.answer_key = SIGNER.request_key, SIGNER.answer_key
        with pytest.raises(Refused) as raised:
            Door(code, f"{sandbox.address}/{code}", SIGNER, SHORT).call(city, CHANGE)
        assert raised.value.reason == "not_here_yet"
        (record,) = exchanges_about(city, "1")[-1:]
        assert "It will: " in record.answered


def test_each_try_is_recorded_with_what_was_asked_and_answered_and_without_codes(city: City, sandbox: Played) -> None:
    gateway = message_gateway(city)
    sandbox.behaviour("message-gateway").press("fault")
    text = TextMessage("t:1", "13900000000", "identity_code", {"code": "424242"})
    with pytest.raises(Unclear):
        gateway.send(text)
    gateway.send(text)
    failed, answered = exchanges_about(city, "t:1")
    assert (failed.outcome, failed.reason, failed.status) == ("unclear", "fault", 500)
    assert (answered.outcome, answered.reason, answered.status) == ("answered", "", 200)
    assert '"telephone": "13900000000"' in answered.asked
    assert '"code": "******"' in answered.asked
    assert "424242" not in answered.asked
    assert answered.answered == '{"key": "t:1", "state": "accepted"}'
    with pytest.raises(AppendOnlyError):
        answered.save()


def test_the_record_belongs_to_a_city_and_hides_what_was_said_in_the_database(city: City, sandbox: Played) -> None:
    message_gateway(city).send(TextMessage("t:1", "13900000000", "claim_decided", {}))
    other = City.objects.create(code="other", name_zh="他市", name_en="Other")
    assert exchanges_about(other, "t:1") == []
    assert (exchanges(other, 1).total, exchanges(city, 1).total) == (0, 1)
    (stored,) = Exchange.objects.of(city).filter(key="t:1").values("asked")
    assert b"139" not in bytes(getattr(stored["asked"], "blob", stored["asked"]))


def test_logs_tell_the_party_and_the_reason_and_no_value(
    city: City, sandbox: Played, caplog: pytest.LogCaptureFixture
) -> None:
    sandbox.behaviour("message-gateway").press("lose_answer")
    with pytest.raises(Unclear):
        message_gateway(city).send(TextMessage("t:1", "13900000000", "identity_code", {"code": "424242"}))
    assert [record.getMessage() for record in caplog.records] == ["message_gateway, send: broken_off"]


def test_a_key_may_hold_any_characters(city: City, sandbox: Played) -> None:
    gateway = message_gateway(city)
    for key in ("demo:notice:领取/1?x=%2F#", "a b\n"):
        gateway.send(TextMessage(key, "139", "claim_decided", {}))
        assert gateway.query_receipt(key) is not None
    assert list(sandbox.sandbox.gateway.texts) == ["demo:notice:领取/1?x=%2F#", "a b\n"]


def test_another_content_under_a_used_key_is_a_duplicate_and_the_first_stands(city: City, sandbox: Played) -> None:
    gateway = message_gateway(city)
    gateway.send(TextMessage("t:1", "139", "claim_decided", {}))
    with pytest.raises(DoorError) as raised:
        gateway.send(TextMessage("t:1", "138", "claim_decided", {}))
    assert (raised.value.code, raised.value.reason) == ("door_duplicate", "key_reused")
    assert [text.telephone for text in sandbox.sandbox.gateway.texts.values()] == ["139"]


@pytest.mark.parametrize(("seconds", "known"), [(-300, True), (300, True), (-301, False), (301, False)])
def test_a_clock_that_differs_by_less_than_five_minutes_is_no_hindrance(
    city: City, sandbox: Played, seconds: int, known: bool
) -> None:
    now = int(time.time())
    with patch("huimin.platform.gateways.signing.time") as ours, patch("huimin.sandbox.wire.time") as theirs:
        ours.time.return_value, theirs.time.return_value = now + seconds, now
        try:
            assert message_gateway(city).query_receipt("t:1") is None
            assert known
        except Refused as refused:
            assert (refused.reason, known) == ("played_back", False)


class Known:
    """What a party knows, and how often it was asked to do and to tell."""

    def __init__(self, known: str | None = None, fails: type[DoorError] | None = None, does: bool = True) -> None:
        self.known, self.fails, self.does, self.said = known, fails, does, []  # type: ignore[var-annotated]

    def ask(self) -> str:
        self.said.append("ask")
        if self.does:
            self.known = "done"
        if self.fails:
            raise self.fails("bank", "pay", "reason")
        return "done"

    def query(self) -> str | None:
        self.said.append("query")
        return self.known


def test_what_was_never_asked_is_asked_and_not_queried() -> None:
    party = Known()
    assert (ask_once(party.ask, party.query, asked_before=False), party.said) == ("done", ["ask"])


def test_what_may_have_been_asked_before_is_queried_and_asked_only_where_it_is_not_known() -> None:
    party = Known(known="done")
    assert (ask_once(party.ask, party.query, asked_before=True), party.said) == ("done", ["query"])
    party = Known()
    assert (ask_once(party.ask, party.query, asked_before=True), party.said) == ("done", ["query", "ask"])


def test_after_an_unclear_answer_the_query_decides_and_it_is_not_asked_again_at_once() -> None:
    party = Known(fails=Unclear)
    assert (ask_once(party.ask, party.query, asked_before=False), party.said) == ("done", ["ask", "query"])
    party = Known(fails=Unclear, does=False)
    with pytest.raises(Unclear):
        ask_once(party.ask, party.query, asked_before=False)
    assert party.said == ["ask", "query"]


def test_what_was_refused_is_not_queried() -> None:
    party = Known(fails=Refused, does=False)
    with pytest.raises(Refused):
        ask_once(party.ask, party.query, asked_before=False)
    assert party.said == ["ask"]


def test_where_the_query_fails_too_it_stays_unclear(city: City) -> None:
    party = Known(fails=Unclear)

    def away() -> str | None:
        raise Unreachable("bank", "query", "no_connection")

    with pytest.raises(Unclear):
        ask_once(party.ask, away, asked_before=False)
    with pytest.raises(Unreachable):
        ask_once(party.ask, away, asked_before=True)


def test_what_the_party_says_of_an_order_that_cannot_be_is_unclear(city: City, sandbox: Played) -> None:
    company = payment_company("sandbox", city)
    notice = {"notice_id": "N", "reference": "R1", "status": "paid", "amount": "1.00", "transaction": "T"}
    for content in (
        {"reference": "R2", "state": "paid", "notice": notice},
        {"reference": "R1", "state": "refunded", "notice": None},
        {"reference": "R1", "state": "paid", "notice": None},
        {"reference": "R1", "state": "failed", "notice": notice},
        {"reference": "R1", "state": "paid", "notice": {**notice, "reference": "R2"}},
        {"reference": "R1", "state": "paid", "notice": {**notice, "amount": "0.00"}},
        {"reference": "R1", "state": ["paid"], "notice": notice},
    ):
        sandbox.sandbox.parties["payment-company"].answer = lambda request, kind, told=content: json_answer(told)
        with pytest.raises(Unclear) as raised:
            company.query_order("R1")
        assert raised.value.reason == "contradicts"


def test_the_documents_worked_example_is_signed_as_they_say() -> None:
    page = (Path(__file__).resolve().parents[3] / "docs" / "how-to" / "party-outside.md").read_text("utf-8")
    body = b'{"key": "1:notice:claim-7", "telephone": "13900000000", "template": "claim_decided", "parameters": {}}'
    signer = Signer("0f" * 32, "0f" * 32)
    with (
        patch("huimin.platform.gateways.signing.time") as clock,
        patch("huimin.platform.gateways.signing.secrets.token_hex", return_value="a1b2c3d4e5f6a1b2c3d4e5f6"),
    ):
        clock.time.return_value = 1645000000.9
        signed = signer.headers("POST", "/message-gateway/texts", "1:notice:claim-7", body)
    assert signed["X-Door-Timestamp"] == "1645000000"
    assert f"| signature | `{signed['X-Door-Signature']}` |" in page
    answer = b'{"key": "1:notice:claim-7", "state": "accepted"}'
    (given,) = re.findall(r"\| its signature \| `(\w+)` \|", page)
    assert signer.is_answer(signed, 200, given, answer)
    assert not signer.is_answer(signed, 201, given, answer)


@pytest.mark.parametrize(
    "content",
    [
        {"refund": "refund:2", "state": "done", "amount": "1.00"},
        {"refund": "refund:1", "state": "done", "amount": "1.01"},
        {"refund": "refund:1", "state": "done", "amount": "much"},
        {"refund": "refund:1", "state": "gone", "amount": "1.00"},
        {"refund": "refund:1", "state": "done"},
    ],
)
def test_a_refund_that_is_answered_as_another_is_unclear(city: City, sandbox: Played, content: dict[str, Any]) -> None:
    sandbox.sandbox.parties["payment-company"].answer = lambda request, kind: json_answer(content)
    with pytest.raises(Unclear) as raised:
        payment_company("sandbox", city).refund(RefundRequest("refund:1", "R1", "T", 1_00))
    assert raised.value.reason == "contradicts"


@pytest.mark.parametrize(
    ("transaction", "fen", "reason"),
    [("paid", 158_01, "refund_too_high"), ("paid", 0, "refund_too_high"), ("other", 1, "transaction_not_known")],
)
def test_the_company_gives_back_what_was_paid_and_no_more(
    city: City, sandbox: Played, transaction: str, fen: int, reason: str
) -> None:
    company, fields = sandbox.sandbox.company, {"subject": "x", "notify": f"{sandbox.address}/nowhere", "back": "/"}
    order = company.open({"reference": "R1", "amount": "158.00", **fields})
    company.pay("R1", "lost")
    name = next(iter(order.transactions)) if transaction == "paid" else "other"
    door = payment_company("sandbox", city)
    with pytest.raises(Refused) as raised:
        door.refund(RefundRequest("refund:1", "R1", name, fen))
    assert raised.value.reason == reason
    if transaction == "paid":
        assert door.refund(RefundRequest("refund:2", "R1", name, 100_00)).amount == 100_00
        assert door.refund(RefundRequest("refund:3", "R1", name, 58_00)).state == "accepted"
        with pytest.raises(Refused):
            door.refund(RefundRequest("refund:4", "R1", name, 1))
        assert door.query_refund("refund:3").state == "done"  # type: ignore[union-attr]


def test_a_payment_company_that_we_do_not_work_with_is_refused(city: City) -> None:
    with pytest.raises(HuiminError) as raised:
        payment_company("another", city)
    assert raised.value.code == "unknown_provider"
