"""The recipe for nginx does what it says, with a real nginx, where there is one."""

from __future__ import annotations

import contextlib
import http.client
import json
import re
import shutil
import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from served import Server, free_port, served, wait_until

ROOT = Path(__file__).resolve().parents[2]
UNPACKED = Path(sys.prefix) / "opt" / "nginx" / "usr" / "sbin"
"""Where `make programs` puts one, if the machine has none."""
NGINX = shutil.which("nginx") or shutil.which("nginx", path=f"/usr/sbin:/usr/local/sbin:/opt/homebrew/bin:{UNPACKED}")
pytestmark = pytest.mark.skipif(NGINX is None, reason="nginx is not there, and `make programs` could not get it")


def recipe(port: int, behind: int) -> str:
    """The recipe as it stands, on free ports and without TLS."""
    text = (ROOT / "docs" / "nginx.conf").read_text("utf-8")
    text = re.sub(r"listen 443 ssl;", f"listen 127.0.0.1:{port};", text)
    text = re.sub(r"\n\s*ssl_\w+[^;]*;", "", text)
    text = text.replace("server 127.0.0.1:8000;", f"server 127.0.0.1:{behind};")
    text = text.replace("server_name huimin.example;", "server_name localhost;")
    return text.replace("client_header_timeout 10s", "client_header_timeout 3s").replace(
        "client_body_timeout   10s", "client_body_timeout 3s"
    )


@contextlib.contextmanager
def nginx(directory: Path, behind: int) -> Iterator[int]:
    port = free_port()
    inner = recipe(port, behind)
    paths = "".join(
        f"{kind}_temp_path {directory}/{kind};" for kind in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
    )
    head = f"daemon off; worker_processes 1; pid {directory}/nginx.pid; error_log {directory}/error.log;"
    configuration = directory / "nginx.conf"
    configuration.write_text(f"{head} events {{}} http {{ access_log off; {paths}\n{inner}\n}}")
    assert NGINX is not None
    # Its workers need not be another user's.
    process = subprocess.Popen([NGINX, "-p", str(directory), "-c", str(configuration), "-g", "user root;"])
    try:
        wait_until(lambda: process.poll() is not None or _open(port), 10, "nginx starts")
        assert process.poll() is None, (directory / "error.log").read_text()
        yield port
    finally:
        process.terminate()
        process.wait(timeout=10)


def _open(port: int) -> bool:
    with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), timeout=1):
        return True
    return False


@pytest.fixture(scope="module")
def proxied(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[int, Server]]:
    with (
        served(
            tmp_path_factory.mktemp("home"), HUIMIN_PROXIES="127.0.0.1", HUIMIN_HOSTS="localhost,127.0.0.1"
        ) as found,
        nginx(tmp_path_factory.mktemp("nginx"), found.port) as port,
    ):
        yield port, found


def ask(port: int, path: str, body: bytes | None = None, kind: str = "") -> tuple[int, str, bytes]:
    connection = http.client.HTTPConnection("localhost", port, timeout=30)
    connection.request("GET" if body is None else "POST", path, body, {"Content-Type": kind} if kind else {})
    answer = connection.getresponse()
    content = answer.read()
    connection.close()
    return answer.status, answer.headers.get("Content-Type", ""), content


def test_pages_files_and_the_api_come_through(proxied: tuple[int, Server]) -> None:
    port, _ = proxied
    assert ask(port, "/demo/")[0] == 200
    assert ask(port, "/static/huimin/huimin.css")[0] == 200
    assert ask(port, "/health/ready")[0] == 200
    status, kind, _ = ask(port, "/api/v1/settlements", b"{}")
    assert (status, kind) == (401, "application/problem+json")


def test_slow_bodies_do_not_reach_the_server(proxied: tuple[int, Server]) -> None:
    port, server = proxied
    said = b"POST /api/v1/payments/demo/sandbox/notices HTTP/1.1\r\nHost: localhost\r\nContent-Length: 100\r\n\r\n{"
    held = [socket.create_connection(("127.0.0.1", port)) for _ in range(30)]
    for one in held:
        one.sendall(said)
    assert ask(port, "/demo/")[0] == 200
    assert server.ask("/demo/").status == 200
    held[0].settimeout(10)
    with contextlib.suppress(ConnectionResetError):
        assert held[0].recv(100)[:12] in (b"", b"HTTP/1.1 408")
    for one in held:
        one.close()


def test_one_address_has_forty_connections_and_the_api_says_so_in_a_problem(proxied: tuple[int, Server]) -> None:
    port, _ = proxied
    said = b"POST /api/v1/payments/demo/sandbox/notices HTTP/1.1\r\nHost: localhost\r\nContent-Length: 100\r\n\r\n{"
    held = [socket.create_connection(("127.0.0.1", port)) for _ in range(40)]
    for one in held:
        one.sendall(said)
    status, kind, content = ask(port, "/api/v1/plan")
    for one in held:
        one.close()
    assert (status, kind, json.loads(content)["code"]) == (429, "application/problem+json", "too_many_requests")


def test_a_body_above_a_megabyte_is_a_problem_from_the_proxy_too(proxied: tuple[int, Server]) -> None:
    port, _ = proxied
    status, kind, content = ask(port, "/api/v1/settlements", b" " * 1_000_001)
    assert (status, kind, json.loads(content)["code"]) == (413, "application/problem+json", "request_too_large")


def test_a_form_with_a_file_comes_through(proxied: tuple[int, Server]) -> None:
    """The page refuses the form, which comes from another site."""
    port, _ = proxied
    head = b'--b\r\nContent-Disposition: form-data; name="file"; filename="f"\r\n\r\n'
    form = head + b"x" * 3_000_000 + b"\r\n--b--\r\n"
    assert ask(port, "/staff/accounts/login/", form, "multipart/form-data; boundary=b")[0] == 403


def test_a_server_that_is_away_is_a_problem_from_the_proxy(tmp_path: Path) -> None:
    with nginx(tmp_path, free_port()) as port:
        status, kind, content = ask(port, "/api/v1/plan")
    assert (status, kind, json.loads(content)["code"]) == (503, "application/problem+json", "unavailable")
