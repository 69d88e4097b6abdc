"""How a party misbehaves: the next time by a button, or now and then by a seed. The same seed does the same again."""

from __future__ import annotations

import json
import random
import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace

from huimin.sandbox.wire import Answer, Request, Signing, problem

__all__ = ["CALL_KINDS", "UNDONE", "Behaviour", "after", "before"]

UNDONE = ("lose_request", "busy", "on_the_way", "refuse")
"""Kinds after which nothing was done of what was asked."""
CALL_KINDS = (*UNDONE, "lose_answer", "slow", "dribble", "fault", "garble", "forge", "contradict", "repeat")
"""Every way in which a call of the platform may go wrong, at any party."""
_NAMES = ("key", "reference", "refund")


@dataclass(slots=True)
class Behaviour:
    """`percent` of all calls go wrong, which and how decided by `seed`; `next_ones` go wrong first, in their order."""

    kinds: Sequence[str] = CALL_KINDS
    seed: int = 0
    percent: int = 0
    next_ones: list[str] = field(default_factory=list)
    slow_seconds: float = 6.0
    dribble_seconds: float = 0.5
    _asked: int = 0
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def press(self, kind: str) -> None:
        """The next call is to go wrong in this way. A kind that this party does not have is ignored."""
        with self._lock:
            if kind in self.kinds:
                self.next_ones.append(kind)

    def sow(self, seed: int, percent: int) -> None:
        """Begin anew with this seed; 0 percent behaves well."""
        with self._lock:
            self.seed, self.percent, self._asked = seed, min(max(percent, 0), 100), 0
            self.next_ones.clear()

    def next(self, kinds: Sequence[str] | None = None) -> str:
        """How the next call goes wrong: one of `kinds`; empty where it goes well."""
        kinds = self.kinds if kinds is None else kinds
        with self._lock:
            for place, kind in enumerate(self.next_ones):
                if kind in kinds:
                    return self.next_ones.pop(place)
            self._asked += 1
            draw = random.Random(f"{self.seed}:{self._asked}:{kinds[0]}")  # noqa: S311 - no secret
            return draw.choice(list(kinds)) if draw.randrange(100) < self.percent else ""


def before(kind: str, signing: Signing, request: Request) -> Answer | None:
    """What is answered instead of doing anything; None where the party first does what it was asked."""
    if kind == "lose_request":
        return Answer(0, silent=True)
    if kind == "busy":
        return signing.signed(request, problem(503, "busy", "Too much to do. Come back later.").having(Retry_After="2"))
    if kind == "on_the_way":
        return Answer(502, b"<html><h1>502 Bad Gateway</h1></html>", {"Content-Type": "text/html"})
    if kind == "refuse":
        return signing.signed(request, problem(422, "refused_on_purpose", "Refused, because the sandbox was told to."))
    return None


def after(kind: str, behaviour: Behaviour, signing: Signing, request: Request, answer: Answer) -> Answer:
    """What is answered after the party did what it was asked."""
    changed: dict[str, Callable[[], Answer]] = {
        "fault": lambda: problem(500, "fault", "Something went wrong here."),
        "garble": lambda: replace(answer, body=answer.body[: len(answer.body) // 2] + b'"'),
        "contradict": lambda: replace(answer, body=_of_another(answer.body)),
        "repeat": lambda: problem(409, "had_before", "This key was used before."),
    }
    if kind == "lose_answer":
        return Answer(0, silent=True)
    if kind == "forge":
        return answer.having(X_Door_Signature="0" * 64)
    told = signing.signed(request, changed[kind]() if kind in changed else answer)
    if kind == "slow":
        return replace(told, delay=behaviour.slow_seconds)
    return replace(told, dribble=behaviour.dribble_seconds) if kind == "dribble" else told


def _of_another(body: bytes) -> bytes:
    """The same answer, about something else."""
    content = json.loads(body or b"{}")
    changed = {name: f"{value}-other" if name in _NAMES else value for name, value in content.items()}
    return json.dumps(changed, ensure_ascii=False).encode()
