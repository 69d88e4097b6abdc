"""What every party of the sandbox is made of, and how a call of the platform passes it."""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from huimin.sandbox.misbehaving import CALL_KINDS, Behaviour, after, before
from huimin.sandbox.wire import Answer, Request, Signing

__all__ = ["Party", "Seen"]

_MOST_SEEN = 30
Page = Callable[[Request, str], Answer]
"""A page, or a form's button: the request and the reader's language in, HTML or a way back out."""


@dataclass(frozen=True, slots=True)
class Seen:
    """A call of the platform. `kind`: how it went wrong on purpose; empty where it went well. `status` 0: no answer."""

    at: str
    method: str
    path: str
    kind: str
    status: int


@dataclass(slots=True)
class Party:
    """One party. `answer` does what the platform asks (a signed call and how it is to go wrong in, an answer out);
    `pages` are for people, by method and path; `shown` is what its page tells beside its calls and its behaviour."""

    code: str
    signing: Signing
    answer: Callable[[Request, str], Answer]
    shown: Callable[[], Mapping[str, Any]] = dict
    pages: Mapping[tuple[str, str], Page] = field(default_factory=dict)
    behaviour: Behaviour = field(default_factory=lambda: Behaviour(CALL_KINDS))
    call_kinds: Sequence[str] | None = None
    """The kinds that concern calls, where the behaviour has others too."""
    seen: deque[Seen] = field(default_factory=lambda: deque(maxlen=_MOST_SEEN))
    whole: bool = True
    """False of one that refuses everything politely, and says what it will do later."""

    def called(self, request: Request) -> Answer:
        """A call of the platform's, well or badly answered."""
        kind = self.behaviour.next(self.call_kinds) if self.behaviour.kinds else ""
        answer = before(kind, self.signing, request)
        if answer is None:
            refusal = self.signing.refusal(request) if self.whole else None
            done = refusal or self.answer(request, kind)
            answer = after(kind, self.behaviour, self.signing, request, done)
        status = 0 if answer.silent else answer.status
        self.seen.appendleft(Seen(time.strftime("%H:%M:%S"), request.method, f"/{request.path}", kind, status))
        return answer
