"""HTTP connections whose waits, all added up, end when the call's time is over.

httpx limits each wait for bytes, not their sum: a party that sends a byte now and then could hold a call for ever.
"""

from __future__ import annotations

import ssl
import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any

import httpcore
import httpx

__all__ = ["client_for", "time_limit"]

_end: ContextVar[float] = ContextVar("end")
_CONNECT_SECONDS = 2.0
_KEPT_SECONDS = 5.0
"""How long a connection is kept for the next call. Parties close idle ones, and a call into a closed one is unclear."""
_LEAST = 0.001


@contextmanager
def time_limit(seconds: float) -> Iterator[None]:
    """Calls made inside end after so many seconds in all, by httpx's own timeouts."""
    token = _end.set(time.monotonic() + seconds)
    try:
        yield
    finally:
        _end.reset(token)


def _left(most: float | None = None) -> float:
    left = max(_LEAST, _end.get() - time.monotonic())
    return left if most is None else min(left, most)


class _Stream(httpcore.NetworkStream):
    """A connection whose waits are those of httpcore's own, cut at the call's end."""

    def __init__(self, inner: httpcore.NetworkStream) -> None:
        self._inner = inner

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        return self._inner.read(max_bytes, _left())

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        self._inner.write(buffer, _left())

    def close(self) -> None:
        self._inner.close()

    def start_tls(
        self, ssl_context: ssl.SSLContext, server_hostname: str | None = None, timeout: float | None = None
    ) -> httpcore.NetworkStream:
        return _Stream(self._inner.start_tls(ssl_context, server_hostname, _left(timeout)))

    def get_extra_info(self, info: str) -> Any:
        return self._inner.get_extra_info(info)


class _Backend(httpcore.NetworkBackend):
    def __init__(self) -> None:
        self._inner = httpcore.SyncBackend()

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[Any] | None = None,
    ) -> httpcore.NetworkStream:
        return _Stream(self._inner.connect_tcp(host, port, _left(timeout), local_address, socket_options))


class _Transport(httpx.HTTPTransport):
    """httpx takes no network backend of the caller's, httpcore does: the pool is made here."""

    def __init__(self) -> None:
        super().__init__()
        self._pool = httpcore.ConnectionPool(
            ssl_context=ssl.create_default_context(),
            max_connections=20,
            keepalive_expiry=_KEPT_SECONDS,
            network_backend=_Backend(),
        )


def client_for(address: str) -> httpx.Client:
    """A client for one party. It trusts the machine's certificates, and uses no proxy that the environment names."""
    return httpx.Client(
        base_url=address,
        transport=_Transport(),
        timeout=httpx.Timeout(None, connect=_CONNECT_SECONDS, pool=_CONNECT_SECONDS),
        follow_redirects=False,
        trust_env=False,
    )
