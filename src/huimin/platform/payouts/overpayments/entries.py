"""The journal entries of an overpayment's steps, from their rows: for posting, and for verifying what was posted."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence

from django.conf import settings

from huimin.platform.enrolment.api import PolicyFacts
from huimin.platform.ledger.api import (
    Entry,
    Party,
    bank_party,
    kept_of_claim,
    overpayment_found,
    overpayment_not_owed,
    overpayment_repaid,
    overpayment_set_off,
    policy_party,
)
from huimin.platform.payouts.models import OverpaymentKind, OverpaymentMove
from huimin.platform.pool.api import share_table, waiver_entries

__all__ = ["entries_of_moves", "waived_by_rule", "waived_in"]

_ONE = {OverpaymentKind.FOUND: overpayment_found, OverpaymentKind.NOT_OWED: overpayment_not_owed}


def waived_in(moves: Iterable[OverpaymentMove]) -> Counter[str]:
    """What is waived by now, in fen by bill."""
    found: Counter[str] = Counter()
    for move in moves:
        found[move.source] += _waived_by(move)
    return found


def waived_by_rule(moves: Sequence[OverpaymentMove]) -> int:
    """What of a policy stands waived because it was small, in fen. What was due after all, and is waived no more, does
    not count.
    """
    small: Counter[str] = Counter()
    for move in moves:
        small[move.source] += move.amount if move.by_rule else 0
    waived = waived_in(moves)
    return sum(min(fen, waived[source]) for source, fen in small.items())


def _waived_by(move: OverpaymentMove) -> int:
    signs = {OverpaymentKind.WAIVED: 1, OverpaymentKind.WAIVER_BACK: -1}
    amount: int = move.amount
    return signs.get(OverpaymentKind(move.kind), 0) * amount


def entries_of_moves(
    policy: PolicyFacts, moves: Iterable[OverpaymentMove], waived: Counter[str] | None = None
) -> Iterator[Entry]:
    """Those of a policy's steps, in their order. `waived`: what was waived of each bill before them, in fen."""
    insured, before = policy_party(policy.number), Counter(waived or {})
    for move in moves:
        if _waived_by(move):
            after = before[move.source] + _waived_by(move)
            yield from _waiver(policy, move, insured, before[move.source], after)
            before[move.source] = after
        else:
            yield from _entries(move, insured)


def _waiver(policy: PolicyFacts, move: OverpaymentMove, insured: Party, before: int, after: int) -> list[Entry]:
    assert move.shares_day is not None, "a waiver without its day"  # noqa: S101
    return waiver_entries(
        city=policy.city,
        table=share_table(policy.city, policy.plan_year_id),
        cause=_cause(move),
        source=move.source,
        insured=insured,
        day=move.shares_day,
        before=before,
        after=after,
    )


def _entries(move: OverpaymentMove, insured: Party) -> Iterator[Entry]:
    kind, cause = OverpaymentKind(move.kind), _cause(move)
    if kind is OverpaymentKind.SET_OFF:
        yield kept_of_claim(source=move.kept_of, cause=cause, insured=insured, amount=move.amount)
        yield overpayment_set_off(source=move.source, cause=cause, insured=insured, amount=move.amount)
    elif kind is OverpaymentKind.REPAID:
        bank = bank_party(settings.BANK_CODE)
        yield overpayment_repaid(source=move.source, cause=cause, insured=insured, bank=bank, amount=move.amount)
    else:
        yield _ONE[kind](source=move.source, cause=cause, insured=insured, amount=move.amount)


def _cause(move: OverpaymentMove) -> str:
    return f"overpayment:{move.key}"
