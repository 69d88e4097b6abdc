"""Clients that send slowly, much or wrongly cost the others nothing."""

from __future__ import annotations

import contextlib
import socket
import time
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from huimin.platform.processes.messages import Head
from huimin.platform.processes.refusals import Limits, limits_from, refuse_head
from served import Server, served, wait_until

pytestmark = pytest.mark.slow

PATIENCE = 12.0
"""Seconds, on a machine that does other work too."""
NOTICES = (
    b"POST /api/v1/payments/demo/sandbox/notices HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/json\r\n"
)

LIMITS = {"HUIMIN_BODY_SECONDS": "4", "HUIMIN_BODY_BYTES": "100000", "HUIMIN_FILES_AT_ONCE": "2"}


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    with served(tmp_path_factory.mktemp("home"), **LIMITS) as found:
        # Each worker reads its templates once.
        assert {found.ask("/demo/").status for _ in range(8)} == {200}
        yield found


@contextlib.contextmanager
def connections(port: int, count: int, said: bytes) -> Iterator[list[socket.socket]]:
    held = [socket.create_connection(("127.0.0.1", port), timeout=15) for _ in range(count)]
    try:
        for one in held:
            one.sendall(said)
        yield held
    finally:
        for one in held:
            one.close()


def answer_on(one: socket.socket) -> bytes:
    """All that comes until the server closes."""
    parts = []
    with contextlib.suppress(ConnectionResetError):
        while part := one.recv(65_536):
            parts.append(part)
    return b"".join(parts)


@pytest.mark.parametrize(
    ("count", "said"),
    [
        (50, b""),
        (50, b"P"),
        (50, b"GET /demo/ HTTP/1.1\r\nHost: 127.0.0.1\r\nX-Slow: "),
        (50, NOTICES + b"Content-Length: 1000\r\n\r\n{"),
        (50, NOTICES + b"Transfer-Encoding: chunked\r\n\r\n1\r\n{\r\n"),
        (50, b"POST /demo/identity/ HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: 1000\r\n\r\nx"),
        (300, b""),
    ],
)
def test_others_are_answered_while_many_connections_send_nothing_more(server: Server, count: int, said: bytes) -> None:
    with connections(server.port, count, said):
        time.sleep(0.3)
        for path in ("/demo/", "/static/huimin/huimin.css", "/health/live", "/health/ready"):
            answer = server.ask(path)
            assert (path, answer.status, answer.seconds < PATIENCE) == (path, 200, True)


def test_a_body_that_does_not_come_in_time_is_refused_and_its_connection_closed(server: Server) -> None:
    with connections(server.port, 1, NOTICES + b"Content-Length: 1000\r\n\r\n{") as (one,):
        begun = time.monotonic()
        answer = answer_on(one)
    assert answer.startswith(b"HTTP/1.1 408 ")
    assert b'"code": "request_too_slow"' in answer
    assert 3.5 < time.monotonic() - begun < 8


def test_a_client_that_sends_a_byte_a_second_is_not_waited_for_longer(server: Server) -> None:
    with connections(server.port, 1, NOTICES + b"Transfer-Encoding: chunked\r\n\r\n") as (one,):
        begun = time.monotonic()
        with contextlib.suppress(BrokenPipeError, ConnectionResetError):
            for _ in range(10):
                one.sendall(b"1\r\n \r\n")
                time.sleep(1)
        # Four seconds were given, whether it sends or not; its own end notices a second or two later.
        assert time.monotonic() - begun < 8.5
        assert answer_on(one)[:12] in (b"", b"HTTP/1.1 408")


def test_a_head_that_does_not_come_is_not_waited_for_for_ever(server: Server) -> None:
    with connections(server.port, 1, b"GET / HTTP/1.1\r\n") as (one,):
        begun = time.monotonic()
        answer_on(one)
    assert time.monotonic() - begun < 13


@pytest.mark.parametrize("length", [100_001, 10**12])
def test_a_body_that_is_announced_too_long_is_refused_at_once(server: Server, length: int) -> None:
    with connections(server.port, 1, NOTICES + b"Content-Length: %d\r\n\r\n" % length) as (one,):
        one.settimeout(3)
        assert one.recv(20).startswith(b"HTTP/1.1 413 ")


def test_a_body_in_pieces_is_refused_where_it_passes_the_limit(server: Server) -> None:
    piece = b"2710\r\n" + b" " * 10_000 + b"\r\n"
    with connections(server.port, 1, NOTICES + b"Transfer-Encoding: chunked\r\n\r\n") as (one,):
        with contextlib.suppress(BrokenPipeError, ConnectionResetError):
            for _ in range(11):
                one.sendall(piece)
        one.settimeout(3)
        assert one.recv(20).startswith(b"HTTP/1.1 413 ")


def test_an_unsigned_request_is_refused_before_its_body_is_read(server: Server) -> None:
    said = b"POST /api/v1/settlements HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: 1000\r\n\r\n"
    with connections(server.port, 1, said) as (one,):
        one.settimeout(2)
        assert one.recv(20).startswith(b"HTTP/1.1 401 ")


def test_one_address_has_so_many_requests_under_way_and_no_more(server: Server) -> None:
    """64 in each of two workers; more than both together must be refused in one of them."""
    with connections(server.port, 140, NOTICES + b"Content-Length: 1000\r\n\r\n{") as held:
        held[0].settimeout(15)
        answers = [answer_on(one)[:12] for one in held]
    assert answers.count(b"HTTP/1.1 429") >= 140 - 128
    assert answers.count(b"HTTP/1.1 408") >= 64


def head(*headers: tuple[str, str], path: str = "/demo/", client: str = "10.0.0.1:5000", **limits: Any) -> Head:
    scope = SimpleNamespace(
        method="POST",
        path=path,
        query_string="",
        http_version="1.1",
        scheme="http",
        server="127.0.0.1:80",
        client=client,
        headers=SimpleNamespace(items=lambda: list(headers)),
    )
    return Head.of(scope, **limits)


def refused(*headers: tuple[str, str], path: str = "/api/v1/payments/x") -> int | None:
    answer = refuse_head(head(*headers, path=path, proxies=frozenset()), Limits(), 1_000_000.0)
    return None if answer is None else answer.status


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ([("host", "a")], None),
        ([("host", "a"), ("host", "b")], 400),
        ([("idempotency-key", "a"), ("idempotency-key", "a")], 400),
        ([("x-payment-signature", "a"), ("x-payment-signature", "b")], 400),
        ([("accept", "a"), ("accept", "b")], None),
        ([("x-any", "v" * 8_187)], None),
        ([("x-any", "v" * 8_188)], 431),
        ([("content-length", "1000000")], None),
        ([("content-length", "1000001")], 413),
    ],
)
def test_heads_are_refused_by_what_they_say(headers: list[tuple[str, str]], status: int | None) -> None:
    assert refused(*headers) == status


SIGNED = [("x-huimin-client", "demo.h"), ("x-huimin-timestamp", "1000000"), ("x-huimin-signature", "a" * 64)]


@pytest.mark.parametrize(
    ("changed", "status"),
    [
        ({}, None),
        ({"x-huimin-timestamp": "999700"}, None),
        ({"x-huimin-timestamp": "999699"}, 401),
        ({"x-huimin-timestamp": "1000301"}, 401),
        ({"x-huimin-timestamp": "1" * 5000}, 401),
        ({"x-huimin-client": ""}, 401),
        ({"x-huimin-client": "k" * 81}, 401),
        ({"x-huimin-signature": "A" * 64}, 401),
        ({"x-huimin-signature": "a" * 63}, 401),
    ],
)
def test_a_signature_is_looked_at_before_the_body(changed: dict[str, str], status: int | None) -> None:
    headers = [(name, changed.get(name, value)) for name, value in SIGNED]
    assert refused(*headers, path="/api/v1/settlements") == status


def test_a_proxy_is_believed_about_its_client_only_where_it_is_trusted() -> None:
    given = ("x-forwarded-for", "1.2.3.4, 203.0.113.9"), ("x-forwarded-proto", "https")
    trusted = head(*given, client="10.0.0.1:5000", proxies=frozenset({"10.0.0.1"}))
    other = head(*given, client="10.0.0.2:5000", proxies=frozenset({"10.0.0.1"}))
    assert (trusted.client, trusted.scheme) == ("203.0.113.9", "https")
    assert (other.client, other.scheme) == ("10.0.0.2", "http")


def test_a_header_with_an_underscore_passes_for_no_other() -> None:
    assert head(("x_huimin_client", "a"), ("x-huimin-client", "b"), proxies=frozenset()).headers == [
        ("x-huimin-client", "b")
    ]


FORM = ("content-type", 'Multipart/Form-Data; boundary="b"')


@pytest.mark.parametrize(
    ("headers", "path", "status"),
    [
        ([FORM, ("content-length", "1000001")], "/staff/bulk/", None),
        ([FORM, ("content-length", "201000000")], "/staff/bulk/", None),
        ([FORM, ("content-length", "201000001")], "/staff/bulk/", 413),
        ([FORM, ("content-length", "1000001")], "/api/v1/payments/x", 413),
        ([("content-type", "application/json"), ("content-length", "1000001")], "/staff/bulk/", 413),
        ([FORM, ("transfer-encoding", "chunked")], "/staff/bulk/", None),
    ],
)
def test_only_a_form_with_files_may_be_long(headers: list[tuple[str, str]], path: str, status: int | None) -> None:
    assert refused(*headers, path=path) == status


def form_of(size: int) -> bytes:
    return b'--b\r\nContent-Disposition: form-data; name="file"; filename="f"\r\n\r\n' + b"x" * size + b"\r\n--b--\r\n"


def posting(size: int) -> bytes:
    said = (
        b"POST /staff/accounts/login/ HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: multipart/form-data; boundary=b\r\n"
    )
    return said + b"Content-Length: %d\r\n\r\n" % len(form_of(size))


def test_a_form_with_a_file_reaches_the_page_however_slowly_it_comes(server: Server) -> None:
    """A body of this length and this slow would be refused. The page refuses it as one from another site."""
    content = form_of(3_000_000)
    with connections(server.port, 1, posting(3_000_000)) as (one,):
        one.sendall(content[:1_000_000])
        time.sleep(5)
        one.sendall(content[1_000_000:])
        assert answer_on(one).startswith(b"HTTP/1.1 403 ")


def test_so_many_long_forms_are_taken_at_once_and_no_more(server: Server) -> None:
    """Two in each of two workers: the fifth is asked to come again, and short requests are answered meanwhile."""
    with connections(server.port, 9, posting(3_000_000)) as held:
        assert server.ask("/demo/").status == 200
        refusals = 0
        for one in held:
            one.settimeout(1)
            with contextlib.suppress(TimeoutError):
                refusals += one.recv(20).startswith(b"HTTP/1.1 503 ")
        assert refusals >= 5
    wait_until(lambda: answered_form(server).startswith(b"HTTP/1.1 403 "), PATIENCE, "those that went away are let go")


def answered_form(server: Server) -> bytes:
    with connections(server.port, 1, posting(3_000_000) + form_of(3_000_000)) as (one,):
        return answer_on(one)


def test_limits_come_from_the_environment() -> None:
    assert limits_from({}) == Limits()
    changed = limits_from({"HUIMIN_PROXIES": "10.0.0.1, 10.0.0.2", "HUIMIN_BODY_SECONDS": "5"})
    assert (changed.proxies, changed.body_seconds) == (frozenset({"10.0.0.1", "10.0.0.2"}), 5.0)


def test_one_request_after_another_on_one_connection_is_answered(server: Server, tmp_path: Path) -> None:
    said = b"GET /health/live HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n"
    with connections(server.port, 1, said) as (one,):
        assert one.recv(1000).startswith(b"HTTP/1.1 200")
        one.sendall(said)
        assert one.recv(1000).startswith(b"HTTP/1.1 200")
