"""The bank: carries out payouts, or returns them, at once, later or after they were paid; takes what others pay in; and
gives statements.
"""

from __future__ import annotations

import hashlib
import json
import secrets
import threading
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from typing import Any
from urllib.parse import unquote

from huimin.sandbox.agreements import company_moment
from huimin.sandbox.misbehaving import Behaviour
from huimin.sandbox.wire import Answer, Request, fen_of, json_answer, problem, yuan_of

__all__ = ["RETURN_KINDS", "STATEMENT_KINDS", "Bank", "Payout", "bank_statement"]

RETURN_KINDS = ("account_not_known", "account_closed", "name_differs")
"""Why a button or a seed has a payout returned."""
STATEMENT_KINDS = (
    "statement_lacks",
    "statement_other_amount",
    "statement_twice",
    "statement_torn",
    "statement_other_day",
    "statement_late",
)
"""What they may do to the next statement. The last three make it one that nobody can use, or none."""
_COLUMNS = "记账时间,流水号,付款编号,摘要,借方金额,贷方金额"


@dataclass(slots=True)
class Payout:
    """An order of the platform's. `fate`: why it will be returned; empty where it will be paid."""

    key: str
    amount: int
    account: str
    content: bytes
    fate: str
    day: date | None = None
    state: str = "accepted"
    reason: str = ""

    @property
    def yuan(self) -> str:
        return yuan_of(self.amount)

    @property
    def last_four(self) -> str:
        return self.account[-4:]


@dataclass(frozen=True, slots=True)
class Line:
    """A line of the statement: money out (`amount` above zero), or returned or paid in (below). `key`: the platform's,
    or for what was paid in what the payer wrote.
    """

    at: datetime
    number: str
    key: str
    amount: int
    paid_in: bool = False

    @property
    def yuan(self) -> str:
        return yuan_of(abs(self.amount))


@dataclass(slots=True)
class Bank:
    behaviour: Behaviour
    payouts: dict[str, Payout] = field(default_factory=dict)
    lines: list[Line] = field(default_factory=list)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def answer(self, request: Request, kind: str) -> Answer:
        """What the platform asks: to pay out, what became of a payout, and a day's statement."""
        what, _, name = request.path.partition("/")
        if request.method == "POST" and request.path == "payouts":
            return self._take(request)
        if request.method == "GET" and what == "payouts" and name:
            return self._state(unquote(name))
        if request.method == "GET" and what == "statements" and name:
            return self._statement(unquote(name))
        return problem(404, "no_such_address", "Expected POST /payouts, or GET /payouts/… or /statements/….")

    def send_back(self, key: str) -> bool:
        """A payout that was paid comes back, as when the payee's own bank closes the account meanwhile."""
        with self._lock:
            payout = self.payouts.get(key)
            if payout is None or payout.state != "paid":
                return False
            payout.state, payout.reason = "returned", "account_closed"
            self._book(payout, -payout.amount)
        return True

    def pay_in(self, remark: str, amount: int) -> None:
        """Somebody pays money into the platform's account, `amount` in fen, and writes a remark."""
        with self._lock:
            day = next((one.day for one in reversed(self.payouts.values()) if one.day), None)
            line = Line(company_moment(day), f"B{secrets.token_hex(6)}", remark, -amount, paid_in=True)
            self.lines.append(line)

    def _take(self, request: Request) -> Answer:
        content = _content(request.body)
        if content is None or content["key"] != request.key:
            return problem(422, "bad_payout", "Expected key (the Idempotency-Key), amount, name, account, purpose.")
        with self._lock:
            known = self.payouts.get(request.key)
            if known is None:
                day = date.fromisoformat(content["day"]) if "day" in content else None
                amount, fate = fen_of(content["amount"]), self.behaviour.next(RETURN_KINDS)
                known = Payout(request.key, amount, content["account"], request.body, fate, day)
                self.payouts[request.key] = known
            elif known.content != request.body:
                return problem(409, "key_reused", "This key was used for another payout.")
        return _told(known)

    def _state(self, key: str) -> Answer:
        """A payout that was accepted is carried out, or returned, by the time that somebody asks."""
        with self._lock:
            payout = self.payouts.get(key)
            if payout is None:
                return problem(404, "payout_not_known", "No payout has this key.")
            if payout.state == "accepted":
                payout.state, payout.reason = ("returned", payout.fate) if payout.fate else ("paid", "")
                if payout.state == "paid":
                    self._book(payout, payout.amount)
        return _told(payout)

    def _statement(self, day: str) -> Answer:
        with self._lock:
            lines = [one for one in self.lines if one.at.date().isoformat() == day]
        kind = self.behaviour.next(STATEMENT_KINDS)
        if kind == "statement_late":
            return problem(404, "file_not_ready", "The statement of this day is not written yet.")
        content = bank_statement(lines, kind)
        digest = hashlib.sha256(content.encode()).hexdigest()
        return json_answer({"day": day, "content": content, "sha256": digest})

    def _book(self, payout: Payout, amount: int) -> None:
        self.lines.append(Line(company_moment(payout.day), f"B{secrets.token_hex(6)}", payout.key, amount))


def bank_statement(lines: Sequence[Line], kind: str = "") -> str:
    """A day's lines as CSV with their totals, well or badly written."""
    told = [*lines]
    if told and kind == "statement_lacks":
        told.pop(0)
    if told and kind == "statement_other_amount":
        told[0] = replace(told[0], amount=told[0].amount + 1)
    if told and kind == "statement_twice":
        told.insert(0, told[0])
    if told and kind == "statement_other_day":
        told[0] = replace(told[0], at=told[0].at - timedelta(days=1))
    rows = [_COLUMNS, *map(_row, told)]
    out, back = sum(max(one.amount, 0) for one in told), sum(max(-one.amount, 0) for one in told)
    if kind != "statement_torn":
        rows.append(f"合计,{len(told)},,,{yuan_of(out)},{yuan_of(back)}")
    return "\r\n".join(rows) + "\r\n"


def _row(one: Line) -> str:
    out, back = yuan_of(max(one.amount, 0)), yuan_of(max(-one.amount, 0))
    about = "来款" if one.paid_in else "代付" if one.amount > 0 else "退汇"
    remark = '"' + one.key.replace('"', '""') + '"' if one.paid_in else one.key
    return f"{one.at:%Y-%m-%d %H:%M:%S},{one.number},{remark},{about},{out},{back}"


def _told(payout: Payout) -> Answer:
    content = {"key": payout.key, "state": payout.state, "amount": payout.yuan}
    return json_answer({**content, "reason": payout.reason} if payout.reason else content)


def _content(body: bytes) -> dict[str, Any] | None:
    """The payout that is asked for, if it has the form of one."""
    try:
        content = json.loads(body)
        texts = all(isinstance(content[name], str) and content[name] for name in ("key", "name", "account", "purpose"))
        return content if texts and fen_of(content["amount"]) > 0 else None
    except (ValueError, KeyError, TypeError, AttributeError):
        return None
