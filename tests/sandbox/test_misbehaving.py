"""The sandbox goes wrong as it is told to: by a button once, by a seed again and again in the same way."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from typing import Any

import pytest

from huimin.sandbox.misbehaving import CALL_KINDS, Behaviour
from huimin.sandbox.payment_company import NOTICE_KINDS, WAYS, Company, as_told
from huimin.sandbox.server import Sandbox
from huimin.sandbox.wire import Request, sign
from served import wait_until

KEY = "the company's key"


def drawn(seed: int, percent: int, count: int = 200) -> list[str]:
    behaviour = Behaviour()
    behaviour.sow(seed, percent)
    return [behaviour.next() for _ in range(count)]


def test_the_same_seed_goes_wrong_in_the_same_way_and_another_in_another() -> None:
    assert drawn(7, 30) == drawn(7, 30)
    assert drawn(7, 30) != drawn(8, 30)


def test_a_seed_goes_wrong_as_often_as_it_was_told_and_in_every_way() -> None:
    assert set(drawn(1, 0)) == {""}
    assert "" not in drawn(1, 100)
    assert set(drawn(1, 100)) == set(CALL_KINDS)
    assert 40 <= sum(1 for kind in drawn(1, 30) if kind) <= 80


def test_a_button_goes_first_and_once_and_sowing_forgets_it() -> None:
    behaviour = Behaviour()
    behaviour.press("slow")
    behaviour.press("nothing that this party does")
    behaviour.press("busy")
    assert [behaviour.next(), behaviour.next(), behaviour.next()] == ["slow", "busy", ""]
    behaviour.press("slow")
    behaviour.sow(0, 0)
    assert behaviour.next() == ""


def test_a_button_for_notices_waits_for_a_notice() -> None:
    behaviour = Behaviour((*CALL_KINDS, *NOTICE_KINDS))
    behaviour.press("lost")
    assert behaviour.next(CALL_KINDS) == ""
    assert behaviour.next(NOTICE_KINDS) == "lost"


@pytest.mark.parametrize(("percent", "kept"), [(-1, 0), (0, 0), (100, 100), (101, 100)])
def test_a_share_outside_0_and_100_percent_is_cut(percent: int, kept: int) -> None:
    behaviour = Behaviour()
    behaviour.sow(1, percent)
    assert behaviour.percent == kept


class Platform(HTTPServer):
    """Whom the notices are for. Answers `success`, and keeps what came with whether its signature was right."""

    def __init__(self) -> None:
        self.came: list[tuple[dict[str, Any], bool]] = []
        super().__init__(("127.0.0.1", 0), _Taking)


class _Taking(BaseHTTPRequestHandler):
    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        server: Any = self.server
        server.came.append((json.loads(body), self.headers["X-Payment-Signature"] == sign(KEY, body)))
        self.send_response(200)
        self.end_headers()
        self.wfile.write(b"success")

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002
        pass


@pytest.fixture
def platform() -> Iterator[Platform]:
    server = Platform()
    threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True).start()
    yield server
    server.shutdown()
    server.server_close()


def told(platform: Platform, how: str, count: int) -> list[tuple[str, str, bool]]:
    """Status, amount and whether rightly signed, of the notices of a payment that was settled so: `count` of them."""
    company = Company(KEY, Behaviour(), late_seconds=0.1)
    notify = f"http://127.0.0.1:{platform.server_port}/notices"
    company.open({"reference": "R", "amount": "158.00", "subject": "x", "notify": notify, "back": "/back"})
    assert company.pay("R", how) == "/back"
    wait_until(lambda: len(platform.came) >= count, 60, "the notices come")
    return [(notice["status"], notice["amount"], right) for notice, right in platform.came]


@pytest.mark.parametrize(
    ("how", "expected"),
    [
        ("pay", [("paid", "158.00", True)]),
        ("fail", [("failed", "158.00", True)]),
        ("twice", [("paid", "158.00", True)] * 2),
        ("late", [("paid", "158.00", True)]),
        ("forged", [("paid", "158.00", False)]),
        ("contradicting", [("paid", "158.00", True), ("failed", "158.00", True)]),
        ("other", [("paid", "159.00", True)]),
        ("again", [("paid", "158.00", True)] * 2),
    ],
)
def test_each_way_to_pay_is_told_as_its_button_says(
    platform: Platform, how: str, expected: list[tuple[str, str, bool]]
) -> None:
    assert how in WAYS
    assert sorted(told(platform, how, len(expected))) == sorted(expected)
    transactions = {notice["transaction"] for notice, _ in platform.came}
    assert len(transactions) == (2 if how == "again" else 1)


def test_a_notice_is_late_by_what_was_said_and_a_lost_one_never_leaves() -> None:
    notice = {"status": "paid", "reference": "R"}
    assert [told.delay for told in as_told(notice, "late", 5.0)] == [5.0]
    assert [told.delay for told in as_told(notice, "pay", 5.0)] == [0.0]
    assert as_told(notice, "lost", 5.0) == []


def test_what_a_seed_does_to_notices_leaves_the_payment_paid() -> None:
    behaviour = Behaviour((*CALL_KINDS, *NOTICE_KINDS))
    behaviour.press("lost")
    company = Company(KEY, behaviour)
    company.open({"reference": "R", "amount": "1.00", "subject": "x", "notify": "x", "back": "/"})
    assert company.pay("R", "pay") == "/"
    assert (company.orders["R"].state, behaviour.next_ones) == ("paid", [])


def test_an_order_that_is_not_there_or_a_way_that_is_none_pays_nothing() -> None:
    company = Company(KEY, Behaviour())
    assert company.pay("R", "pay") is None
    company.open({"reference": "R", "amount": "1.00", "subject": "x", "notify": "x", "back": "/"})
    assert company.pay("R", "for free") is None
    assert company.orders["R"].state == "waiting"


def asked(sandbox: Sandbox, method: str, path: str, body: bytes = b"", **headers: str) -> Any:
    return sandbox.serve(Request(method, path, path.partition("?")[0], path.partition("?")[2], headers, body))


@pytest.mark.parametrize("back", ["//elsewhere.example/", "https://elsewhere.example/", "elsewhere"])
def test_the_language_button_leads_back_to_a_page_of_the_sandbox_only(back: str) -> None:
    answer = asked(Sandbox.from_environment({}), "POST", "/language", f"language=en&next={back}".encode())
    assert (answer.status, answer.headers["Location"]) == (303, "/")
    assert "language=en" in answer.headers["Set-Cookie"]


def test_a_seed_that_is_no_number_behaves_well() -> None:
    sandbox = Sandbox.from_environment({"HUIMIN_SANDBOX_SEED": "5", "HUIMIN_SANDBOX_PERCENT": "40"})
    behaviour = sandbox.parties["payment-company"].behaviour
    assert (behaviour.seed, behaviour.percent) == (5, 40)
    for text in ("x", "-1", "１", "9" * 40):
        assert asked(sandbox, "POST", "/payment-company/behaviour", f"seed={text}&percent={text}".encode()).body == b""
        assert (behaviour.seed, behaviour.percent) == (0, 0)


def test_what_comes_in_a_name_is_text_on_a_page() -> None:
    sandbox = Sandbox.from_environment({})
    sandbox.company.open({"reference": "<script>", "amount": "1.00", "subject": "<b>x</b>", "notify": "x", "back": "/"})
    html = asked(sandbox, "GET", "/payment-company/").body.decode()
    assert "&lt;script&gt;" in html
    assert "<script>" not in html
    assert "<b>x</b>" not in html


def test_a_party_that_nobody_plays_is_no_page() -> None:
    sandbox = Sandbox.from_environment({})
    for path in ("/nobody/", "/nobody/texts", "/favicon.ico"):
        assert asked(sandbox, "GET", path).status == 404
