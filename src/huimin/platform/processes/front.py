"""How a web worker takes requests: granian hands them over when they begin, and threads answer complete ones.

A body is read here, in the event loop, within limits of time and size, so that a slow client costs a few bytes of
memory and no thread. A form with files may be longer: it is kept in a file, and few are taken at once. Only a complete
request goes to one of the threads in which Django runs. Static files have a thread of their own and `/health/live`
needs none, so that neither waits for a database (ADR 21).
"""

from __future__ import annotations

import asyncio
import queue
import threading
import time
from collections import Counter
from dataclasses import dataclass, field
from tempfile import SpooledTemporaryFile
from typing import IO, Any

from huimin.platform.processes.messages import Answer, Head, answer_of, environ_of, plain_answer
from huimin.platform.processes.refusals import Limits, refusal, refuse_head

__all__ = ["Front"]

_LONG_BODY = 65_536


@dataclass(slots=True)
class _Job:
    head: Head
    body: IO[bytes]
    came: float
    answered: asyncio.Future[Answer]
    loop: asyncio.AbstractEventLoop


@dataclass(slots=True)
class Front:
    """One worker's front. `handler`: the WSGI application that answers whole requests."""

    handler: Any
    limits: Limits
    _threads: int = 0
    _jobs: queue.SimpleQueue[_Job] = field(default_factory=queue.SimpleQueue)
    _files: queue.SimpleQueue[_Job] = field(default_factory=queue.SimpleQueue)
    _of_client: Counter[str] = field(default_factory=Counter)
    _forms: int = 0
    """Long forms with files that are under way."""

    def start(self) -> None:
        """Start the threads. They are daemons: what they are doing when the process ends is rolled back."""
        for jobs, count in ((self._jobs, self.limits.threads), (self._files, 1)):
            for _ in range(count):
                threading.Thread(target=self._work, args=(jobs,), daemon=True).start()

    async def __call__(self, scope: Any, proto: Any) -> None:
        head = Head.of(scope, self.limits.proxies)
        if head.path == "/health/live":
            self._send(proto, plain_answer(200, "live\n"))
            return
        if self._of_client[head.client] >= self.limits.requests_of_client:
            self._send(proto, refusal(head, "too_many_requests"))
            return
        self._of_client[head.client] += 1
        try:
            self._send(proto, await self._answer(head, proto))
        finally:
            self._of_client[head.client] -= 1
            if not self._of_client[head.client]:
                del self._of_client[head.client]

    async def _answer(self, head: Head, proto: Any) -> Answer:
        refused = refuse_head(head, self.limits, time.time())
        if refused is not None:
            return refused
        if head.length <= self.limits.body_bytes:
            return await self._read_and_answer(head, proto, self.limits.body_bytes, self.limits.body_seconds)
        if self._forms >= self.limits.files_at_once:
            return refusal(head, "overloaded")
        self._forms += 1
        try:
            return await self._read_and_answer(head, proto, self.limits.file_bytes, self.limits.file_seconds)
        finally:
            self._forms -= 1

    async def _read_and_answer(self, head: Head, proto: Any, most: int, seconds: float) -> Answer:
        body: IO[bytes] = SpooledTemporaryFile(max_size=self.limits.body_bytes)  # noqa: SIM115 - the thread closes it
        refused = await self._read_in_time(proto, head, body, most, seconds) if head.has_body else ""
        jobs = self._files if head.path.startswith("/static/") else self._jobs
        if not refused and jobs.qsize() >= self.limits.waiting:
            refused = "overloaded"
        if refused:
            body.close()
            return refusal(head, refused)
        loop = asyncio.get_running_loop()
        job = _Job(head, body, time.monotonic(), loop.create_future(), loop)
        jobs.put(job)
        return await job.answered

    async def _read_in_time(self, proto: Any, head: Head, body: IO[bytes], most: int, seconds: float) -> str:
        """Write the body. Returns the code of the refusal, if any."""
        try:
            async with asyncio.timeout(seconds):
                whole = await self._read(proto, head, body, most)
        except TimeoutError:
            return "request_too_slow"
        return "" if whole else "request_too_large"

    async def _read(self, proto: Any, head: Head, body: IO[bytes], most: int) -> bool:
        """Write the body. False if it is longer than allowed. A short one of known length comes in one piece."""
        if 0 <= head.length <= _LONG_BODY:
            body.write(await proto())
            return True
        size = 0
        async for part in proto:
            size += len(part)
            if size > most:
                return False
            body.write(bytes(part))
        return True

    def _work(self, jobs: queue.SimpleQueue[_Job]) -> None:
        while True:
            job = jobs.get()
            if time.monotonic() - job.came > self.limits.waiting_seconds:
                answer = refusal(job.head, "overloaded")
            else:
                answer = answer_of(self.handler, environ_of(job.head, job.body))
            job.body.close()
            try:
                job.loop.call_soon_threadsafe(_settle, job.answered, answer)
            except RuntimeError:
                return  # the loop is closed because the worker is ending

    @staticmethod
    def _send(proto: Any, answer: Answer) -> None:
        proto.response_bytes(answer.status, answer.headers, answer.body)


def _settle(answered: asyncio.Future[Answer], answer: Answer) -> None:
    if not answered.done():
        answered.set_result(answer)
