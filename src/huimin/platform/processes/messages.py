"""Requests and answers between granian's form (RSGI) and Django's (WSGI)."""

from __future__ import annotations

import io
import logging
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import IO, Any, Self

__all__ = ["Answer", "Head", "answer_of", "environ_of", "plain_answer"]

log = logging.getLogger("huimin.front")
_NO_PREFIX = ("content-type", "content-length")


@dataclass(frozen=True, slots=True)
class Answer:
    status: int
    headers: list[tuple[str, str]]
    body: bytes


@dataclass(frozen=True, slots=True)
class Head:
    """A request without its body. `path` is decoded; names of headers are in lower case."""

    method: str
    path: str
    query: str
    protocol: str
    scheme: str
    server: str
    client: str
    """The client's address without its port. Behind a trusted proxy it is the one that the proxy gives."""
    headers: Sequence[tuple[str, str]]

    @classmethod
    def of(cls, scope: Any, proxies: frozenset[str]) -> Self:
        # In WSGI a name with an underscore looks like one with a hyphen, so it could pass for a header that a proxy
        # sets.
        headers = [(name, value) for name, value in scope.headers.items() if "_" not in name]
        client, scheme = scope.client.rpartition(":")[0].strip("[]"), scope.scheme
        if client in proxies:
            given = dict(headers)
            client = given.get("x-forwarded-for", client).rpartition(",")[2].strip() or client
            scheme = "https" if given.get("x-forwarded-proto", scheme) == "https" else "http"
        http_version = scope.http_version
        protocol = f"HTTP/{http_version}"
        return cls(scope.method, scope.path, scope.query_string, protocol, scheme, scope.server, client, headers)

    def all(self, name: str) -> list[str]:
        return [value for found, value in self.headers if found == name]

    def get(self, name: str) -> str:
        return next(iter(self.all(name)), "")

    @property
    def length(self) -> int:
        """The announced length of the body; -1 if none was announced."""
        text = self.get("content-length")
        return int(text) if text.isascii() and text.isdigit() else -1

    @property
    def has_files(self) -> bool:
        """Whether the body is a form with files, as a browser sends one: its length is announced."""
        whole = self.length >= 0 and self.get("content-type").lower().startswith("multipart/form-data")
        return whole and not self.path.startswith("/api/")

    @property
    def has_body(self) -> bool:
        return self.length > 0 or bool(self.get("transfer-encoding"))


def environ_of(head: Head, body: IO[bytes]) -> dict[str, Any]:
    """The request in WSGI's form. Headers that came more than once are joined, cookies by a semicolon.

    `body`: whole, at its beginning.
    """
    host, _, port = head.server.rpartition(":")
    environ: dict[str, Any] = {
        "REQUEST_METHOD": head.method,
        "SCRIPT_NAME": "",
        # WSGI's texts are bytes decoded as Latin-1.
        "PATH_INFO": head.path.encode().decode("latin-1"),
        "QUERY_STRING": head.query,
        "SERVER_NAME": host,
        "SERVER_PORT": port,
        "SERVER_PROTOCOL": head.protocol,
        "REMOTE_ADDR": head.client,
        "wsgi.version": (1, 0),
        "wsgi.url_scheme": head.scheme,
        "wsgi.input": body,
        "wsgi.errors": sys.stderr,
        "wsgi.multithread": True,
        "wsgi.multiprocess": True,
        "wsgi.run_once": False,
    }
    for name, value in head.headers:
        key = name.upper().replace("-", "_")
        key = key if name in _NO_PREFIX else f"HTTP_{key}"
        joint = "; " if name == "cookie" else ","
        environ[key] = f"{environ[key]}{joint}{value}" if key in environ else value
    # A body that came in pieces has been put together, so its length is known now.
    environ["CONTENT_LENGTH"] = str(body.seek(0, io.SEEK_END))
    body.seek(0)
    return environ


def answer_of(handler: Callable[..., Any], environ: dict[str, Any]) -> Answer:
    """Django's complete answer. If even its error handlers fail, it is a bare 500."""
    begun: list[Any] = []

    def start(status: str, headers: list[tuple[str, str]], exc_info: Any = None) -> None:
        begun[:] = [int(status.split(" ", 1)[0]), headers]

    try:
        response = handler(environ, start)
        try:
            body = b"".join(response)
        finally:
            if hasattr(response, "close"):
                response.close()
    except Exception:  # the thread must go on, and the client must get an answer
        log.exception("a request could not be answered")
        return plain_answer(500, "internal error\n")
    status, headers = begun
    return Answer(status, [(name.lower(), value.strip()) for name, value in headers], body)


def plain_answer(status: int, text: str) -> Answer:
    body = text.encode()
    headers = [("content-type", "text/plain; charset=utf-8"), ("cache-control", "no-store")]
    return Answer(status, [*headers, ("x-content-type-options", "nosniff"), ("content-length", str(len(body)))], body)
