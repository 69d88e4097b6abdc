"""What an agency decides on a list that it was sent: it approves lines, or strikes them out with a reason."""

from __future__ import annotations

import enum
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from huimin.errors import HuiminError
from huimin.platform.foundation.actors import Actor
from huimin.platform.foundation.authorising import NotAllowed, authorise, refuse_other_roles
from huimin.platform.foundation.clock import now
from huimin.platform.foundation.models import City
from huimin.platform.foundation.permissions import Action
from huimin.platform.foundation.services import record_audit, writing_together
from huimin.platform.ledger.api import post
from huimin.platform.payments.cases import open_case
from huimin.platform.payments.models import CaseKind
from huimin.platform.payments.personal_account.entries import entries_of_event
from huimin.platform.payments.personal_account.life import lock_lines, move
from huimin.platform.payments.personal_account.models import AccountLine, AccountList, AccountListRow, LineState
from huimin.platform.payments.personal_account.opening import CHARGE
from huimin.platform.payments.personal_account.rules import Mode
from huimin.platform.payments.personal_account.striking_out import struck_out
from huimin.platform.tasks.api import enqueue

__all__ = ["StrikeReason", "Struck", "decide_lines"]


class StrikeReason(enum.StrEnum):
    """Why an agency strikes a line out."""

    BALANCE_TOO_LOW = "balance_too_low"
    ACCOUNT_FROZEN = "account_frozen"
    NOT_A_RELATIVE = "not_a_relative"
    NOT_FILED = "not_filed"
    INSURED_ELSEWHERE = "insured_elsewhere"
    PAID_TWICE = "paid_twice"
    PAYER_WITHDREW = "payer_withdrew"
    OTHER = "other"
    """The note says which."""


@dataclass(frozen=True, slots=True)
class Struck:
    """Why a line is struck out; `note` in the agency's words, needed with the reason `other`."""

    reason: StrikeReason
    note: str = ""


def decide_lines(
    *, actor: Actor, list_id: int, approved: Sequence[str] | None, struck: Mapping[str, Struck] | None = None
) -> int:
    """Approve these lines of a list (None: all that are neither decided nor struck out here), and strike these out.

    All of it is done or nothing. Returns how many lines were decided. Raises NotAllowed; HuiminError
    (`account_line_unknown`, `line_twice`, `note_missing`, `account_line_state`).
    """
    city, out = actor.city, dict(struck or {})
    with writing_together():
        found = _list(actor, list_id)
        _refuse_bad_words(out, approved)
        lines = {line.key: line for line in lock_lines(city, _keys_of(city, found))}
        open_ones = [key for key, line in lines.items() if line.state == LineState.LISTED and key not in out]
        chosen = open_ones if approved is None else list(approved)
        unknown = [key for key in (*chosen, *out) if key not in lines]
        if unknown:
            raise HuiminError(
                f"list {found} has no line {unknown[0]}", code="account_line_unknown", values={"key": unknown[0]}
            )
        at = now(city)
        _approve(city, found, [lines[key] for key in chosen], actor.text, at)
        _strike(city, {lines[key]: why for key, why in out.items()}, actor.text, at)
        record_audit(
            city=city,
            actor=actor.text,
            action="account_lines_decided",
            subject=f"account_list:{found.pk}",
            at=at,
            detail={"approved": len(chosen), "struck_out": len(out)},
        )
    return len(chosen) + len(out)


def _list(actor: Actor, list_id: int) -> AccountList:
    """The list. What is not there is nobody's, and refused as such."""
    refuse_other_roles(actor, Action.DECIDE_ACCOUNT_LINES)
    rows: list[AccountList] = AccountList.objects.fetch(actor.city, {"id": int(list_id)})
    if not rows:
        raise NotAllowed.of(actor, Action.DECIDE_ACCOUNT_LINES)
    (found,) = rows
    authorise(actor, Action.DECIDE_ACCOUNT_LINES, owner=f"area:{found.area}")
    return found


def _keys_of(city: City, found: AccountList) -> list[str]:
    rows = AccountListRow.objects.of(city).filter(account_list=found).order_by("number")
    return list(rows.values_list("line__key", flat=True))


def _refuse_bad_words(struck: Mapping[str, Struck], approved: Sequence[str] | None) -> None:
    twice = set(struck) & set(approved or ())
    if twice or len(set(approved or ())) < len(approved or ()):
        raise HuiminError("a line is decided twice; decide each once", code="line_twice")
    if any(why.reason == StrikeReason.OTHER and not why.note.strip() for why in struck.values()):
        raise HuiminError("say why: a line is struck out for another reason", code="note_missing")


def _approve(city: City, found: AccountList, lines: Sequence[AccountLine], by: str, at: datetime) -> None:
    data = {"month": f"{found.month:%Y-%m}"}
    move(city, lines, "approved", by=by, at=at, data=data, approved_in=found.month)
    post(city=city, entries=[entry for line in lines for entry in entries_of_event(line, "approved", data)], at=at)
    for line in lines:
        enqueue(city=city, kind=CHARGE, key=line.key)
        if line.mode == Mode.PAY_THEN_OFFSET:
            open_case(
                city=city,
                kind=CaseKind.ACCOUNT_OFFSET,
                key=line.source,
                payment_id=None,
                reference=line.order_reference,
                amount=line.amount,
                detail={"line": line.key},
                at=at,
            )


def _strike(city: City, struck: Mapping[AccountLine, Struck], by: str, at: datetime) -> None:
    together: dict[Struck, list[AccountLine]] = defaultdict(list)
    for line, why in struck.items():
        together[why].append(line)
    for why, lines in together.items():
        struck_out(city, lines, by=by, reason=why.reason, note=why.note, at=at)
