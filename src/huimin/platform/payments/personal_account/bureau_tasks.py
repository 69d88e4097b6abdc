"""What workers have the bureau do for a line: hold the money, charge it, let it go. Each is safe to run twice."""

from __future__ import annotations

from collections.abc import Callable

from django.db import transaction

from huimin.platform.foundation.actors import queue_actor
from huimin.platform.foundation.clock import now, today
from huimin.platform.gateways.api import (
    Bureau,
    DoorError,
    Hold,
    HoldRequest,
    HoldState,
    Refused,
    Unreachable,
    ask_once,
    bureau_of,
)
from huimin.platform.ledger.api import post
from huimin.platform.payments.means import MeansKind, means_failed, means_in
from huimin.platform.payments.personal_account.entries import entries_of_event
from huimin.platform.payments.personal_account.life import lock_lines, move
from huimin.platform.payments.personal_account.models import AccountLine, LineState
from huimin.platform.payments.personal_account.opening import RELEASE
from huimin.platform.payments.personal_account.rules import Mode
from huimin.platform.payments.personal_account.striking_out import struck_out
from huimin.platform.people.api import persons_by_id
from huimin.platform.tasks.api import Attempt, NotNowError, TryAgainError, Write, enqueue

__all__ = ["charge", "hold", "release"]

_WAITING = (LineState.REQUESTED, LineState.UNCLEAR)


def hold(attempt: Attempt) -> Write | None:
    """Have the bureau set the money aside. What nobody knows the end of is asked about before it is asked for again."""
    line = _line(attempt)
    if line.state not in _WAITING:
        return None
    request, bureau = _request(line), bureau_of(line.city)
    before = line.state == LineState.UNCLEAR or attempt.task.attempts > 1
    try:
        found = _answered(
            lambda: ask_once(lambda: bureau.hold(request), lambda: bureau.query_hold(line.key), asked_before=before)
        )
    except Refused as failure:
        refusal = failure.reason
        return lambda: _refused(line, refusal)
    except TryAgainError:
        _unclear(line)
        raise
    if found.state is HoldState.RELEASED:
        return lambda: _refused(line, "released")
    return lambda: _held(line)


def charge(attempt: Attempt) -> Write | None:
    """Have the bureau take the money out of the account for good."""
    line, bureau = _line(attempt), bureau_of(attempt.task.city)
    request = _request(line)
    try:
        _answered(
            lambda: ask_once(
                lambda: bureau.charge(request), lambda: _charged_hold(bureau, line.key), asked_before=False
            )
        )
    except Refused as failure:
        if line.mode != Mode.REAL_TIME:
            # Its agency approved it, and its bureau does not charge it: a person has to ask them.
            raise
        refusal = failure.reason
        return lambda: _not_charged(line, refusal)
    return lambda: _charged(line)


def release(attempt: Attempt) -> Write | None:
    """Have the bureau let the money go. What it never held is let go too."""
    line, bureau = _line(attempt), bureau_of(attempt.task.city)
    try:
        _answered(lambda: bureau.release(line.key))
    except Refused as failure:
        if failure.reason != "hold_not_known":
            raise
    return lambda: _let_go(line)


def _line(attempt: Attempt) -> AccountLine:
    city = attempt.task.city
    key, _, _ = attempt.task.key.partition(":")
    line: AccountLine
    (line,) = AccountLine.objects.fetch(city, {"key": key})
    return line


def _request(line: AccountLine) -> HoldRequest:
    people = persons_by_id(line.city, [line.payer_id, line.insured_id])
    return HoldRequest(line.key, people[line.payer_id].psn_no, people[line.insured_id].psn_no, line.amount)


def _answered(ask: Callable[[], Hold]) -> Hold:
    """The bureau's answer. Raises Refused; NotNowError where it is away; TryAgainError where what it did is open."""
    try:
        return ask()
    except Refused:
        raise
    except Unreachable as failure:
        raise NotNowError(failure.code, failure.retry_after) from failure
    except DoorError as failure:
        raise TryAgainError(failure.code) from failure


def _charged_hold(bureau: Bureau, key: str) -> Hold | None:
    """The hold, where it is charged: of one that is not, nothing is known of the charge."""
    found = bureau.query_hold(key)
    return found if found is not None and found.state is HoldState.CHARGED else None


@transaction.atomic
def _unclear(line: AccountLine) -> None:
    for one in lock_lines(line.city, [line.key]):
        if one.state == LineState.REQUESTED:
            move(line.city, [one], "hold_unclear", by=queue_actor(line.city).text, at=now(line.city))


def _held(line: AccountLine) -> None:
    """It is held. Where the order gave it up meanwhile, it is let go again."""
    city, by = line.city, queue_actor(line.city).text
    for one in lock_lines(city, [line.key]):
        if one.state in _WAITING:
            move(city, [one], "held", by=by, at=now(city))
            means_in(city=city, kind=MeansKind.PERSONAL_ACCOUNT, reference=line.key)
        elif one.state == LineState.RELEASED:
            enqueue(city=city, kind=RELEASE, key=f"{line.key}:again")


def _refused(line: AccountLine, reason: str) -> None:
    city, by = line.city, queue_actor(line.city).text
    for one in lock_lines(city, [line.key]):
        if one.state in _WAITING:
            move(city, [one], "refused", by=by, at=now(city), reason=reason)
            means_failed(city=city, kind=MeansKind.PERSONAL_ACCOUNT, reference=line.key, reason=reason)


def _charged(line: AccountLine) -> None:
    """In real time, being charged is being approved: no agency looks at a list first."""
    city, by, at = line.city, queue_actor(line.city).text, now(line.city)
    for one in lock_lines(city, [line.key]):
        if one.mode == Mode.REAL_TIME and one.state == LineState.HELD:
            month = today(city).replace(day=1)
            data = {"month": f"{month:%Y-%m}"}
            move(city, [one], "approved", by=by, at=at, data=data, approved_in=month)
            post(city=city, entries=entries_of_event(one, "approved", data), at=at)
        move(city, [one], "charged", by=by, at=at)


def _not_charged(line: AccountLine, reason: str) -> None:
    for one in lock_lines(line.city, [line.key]):
        if one.state == LineState.HELD:
            struck_out(line.city, [one], by=queue_actor(line.city).text, reason=reason, note="", at=now(line.city))


def _let_go(line: AccountLine) -> None:
    for one in lock_lines(line.city, [line.key]):
        if one.state == LineState.RELEASING:
            move(line.city, [one], "released", by=queue_actor(line.city).text, at=now(line.city))
