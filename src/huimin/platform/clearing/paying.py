"""Statements are paid: each night one payout for a hospital, of all of its lines that are agreed to or decided."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from huimin.platform.clearing.locking import lock_statements_of
from huimin.platform.clearing.making import paid_clients, party_of
from huimin.platform.clearing.models import HospitalStatement, StatementLine
from huimin.platform.clearing.money import UNDECIDED, by_bill, payable, unpaid_of
from huimin.platform.clearing.subject import statement_subject
from huimin.platform.foundation.actors import queue_actor
from huimin.platform.foundation.clock import now, today
from huimin.platform.foundation.events.recording import history_of
from huimin.platform.foundation.models import City
from huimin.platform.foundation.services import writing_together
from huimin.platform.ledger.api import Party
from huimin.platform.payouts.api import account_to_pay, pay_hospital, payouts_to_hospital
from huimin.platform.tasks.api import Attempt

__all__ = ["due_lines", "pay_hospitals", "pay_party"]


def pay_hospitals(attempt: Attempt) -> None:
    """A worker's, every night. Safe to run twice, and to go on where it stopped: each hospital is a transaction."""
    owed = paid_clients(attempt.task.city)
    for done, client in enumerate(owed):
        attempt.progress(done, len(owed))
        pay_party(attempt.task.city, party_of(client))


def pay_party(city: City, party: Party) -> int | None:
    """Make one payout of what is due to this hospital or pharmacy; give its number.

    None where nothing is due, where it owes as much or more, which is kept of what comes next, or where it has no
    account to which it can be paid.
    """
    with writing_together():
        lines = due_lines(city, party.text, lock_statements_of(city, party.text))
        owed = by_bill(lines)
        if sum(owed.values()) <= 0 or account_to_pay(city, party) is None:
            return None
        payout = pay_hospital(city, party, owed)
        for line in lines:
            line.payout_id = payout
        StatementLine.objects.rewrite_each(lines, "payout")
        _tell(city, lines, payout)
    return payout


def due_lines(city: City, party: str, lines: Sequence[StatementLine]) -> list[StatementLine]:
    """Of all lines of a hospital those that are due: payable, and of a statement on which nothing is open any more, or
    whose last day for answers is over.
    """
    closing = _closing(city, party, lines, today(city))
    unpaid = unpaid_of(lines, payouts_to_hospital(city, party))
    return payable([line for line in unpaid if line.statement_id in closing])


def _closing(city: City, party: str, lines: Sequence[StatementLine], day: date) -> set[int]:
    waiting = {line.statement_id for line in lines if line.state in UNDECIDED}
    until = HospitalStatement.objects.pick(city, ("id", "answer_until"), {"party": party})
    return {key for key, last_day in until if key not in waiting or last_day < day}


def _tell(city: City, lines: Sequence[StatementLine], payout: int) -> None:
    for statement in sorted({line.statement_id for line in lines}):
        own = [line for line in lines if line.statement_id == statement]
        data = {"payout": payout, "lines": len(own), "amount": sum(line.amount for line in own)}
        history = history_of(city, statement_subject(statement))
        history.append("paying", actor=queue_actor(city).text, at=now(city), data=data)
