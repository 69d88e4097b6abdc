"""The payment company: takes payments on its page or by agreement, tells the outcome, well or badly, and gives money
back.
"""

from __future__ import annotations

import hashlib
import json
import secrets
import threading
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any
from urllib.parse import unquote

from huimin.sandbox.agreements import Agreements, company_moment
from huimin.sandbox.daily_file import FILE_KINDS, Booked, daily_file
from huimin.sandbox.misbehaving import Behaviour
from huimin.sandbox.notices import Told, send
from huimin.sandbox.wire import Answer, Request, fen_of, json_answer, problem, yuan_of

__all__ = ["NOTICE_KINDS", "WAYS", "Company", "Order", "Refund", "as_told"]

NOTICE_KINDS = ("lost", "twice", "late", "forged", "contradicting")
"""What a seed may do to the notice of a payment that went well."""
WAYS = ("pay", "fail", *NOTICE_KINDS, "other", "again")
"""What the payer's buttons do. `other`: a yuan more is paid. `again`: the payer is charged by two transactions."""


@dataclass(slots=True)
class Order:
    """A payment that the platform asked for. `notice` is the outcome as the company knows it; amounts are in fen."""

    reference: str
    amount: int
    subject: str
    notify: str
    back: str
    state: str = "waiting"
    notice: dict[str, str] | None = None
    transactions: dict[str, int] = field(default_factory=dict)
    day: date | None = None
    """The platform's day, where it is a demonstration's: this company goes by it then."""

    @property
    def yuan(self) -> str:
        return yuan_of(self.amount)


@dataclass(slots=True)
class Refund:
    key: str
    reference: str
    transaction: str
    amount: int
    content: bytes
    state: str = "accepted"

    @property
    def yuan(self) -> str:
        return yuan_of(self.amount)


@dataclass(slots=True)
class Company:
    notice_key: str
    behaviour: Behaviour
    orders: dict[str, Order] = field(default_factory=dict)
    refunds: dict[str, Refund] = field(default_factory=dict)
    booked: list[Booked] = field(default_factory=list)
    """Every transaction and refund, in order: the daily files are made of it."""
    late_seconds: float = 5.0
    agreements: Agreements = field(init=False)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def __post_init__(self) -> None:
        self.agreements = Agreements(self.notice_key)

    def open(self, fields: Mapping[str, str]) -> Order:
        """The payer comes with a request that the platform signed. Who comes back finds the same order."""
        new = Order(fields["reference"], fen_of(fields["amount"]), fields["subject"], fields["notify"], fields["back"])
        if "day" in fields:
            new.day = date.fromisoformat(fields["day"])
        with self._lock:
            return self.orders.setdefault(new.reference, new)

    def pay(self, reference: str, how: str) -> str | None:
        """Settle an order in one of the WAYS. Returns where the payer goes back to; None without an order."""
        order = self.orders.get(reference)
        if order is None or how not in WAYS:
            return None
        if how == "pay":
            how = self.behaviour.next(NOTICE_KINDS) or how
        with self._lock:
            notices = [self._attempt(order, how) for _ in range(2 if how == "again" else 1)]
        for notice in notices:
            send(order.notify, self.notice_key, as_told(notice, how, self.late_seconds))
        return order.back

    def answer(self, request: Request, kind: str) -> Answer:
        """What the platform asks: what became of an order, a refund or an agreement, to take money or give it back."""
        what, _, name = request.path.partition("/")
        if what == "agreements" and name:
            return self.agreements.answer(request)
        asked = {"orders": self._order, "refunds": self._refund, "statements": self._statement}
        if request.method == "GET" and name and what in asked:
            return asked[what](unquote(name))
        done = {"refunds": self._give_back, "deductions": self._deduct}
        if request.method == "POST" and request.path in done:
            return done[request.path](request)
        return problem(
            404,
            "no_such_address",
            "Expected GET /orders/…, /statements/…, /refunds/… or /agreements/…, or POST /refunds, /deductions or "
            "/agreements/…/end.",
        )

    def _attempt(self, order: Order, how: str) -> dict[str, str]:
        """One transaction. What was paid stays paid: a later attempt does not change what a query is answered."""
        amount = order.amount + 100 if how == "other" else order.amount
        status = "failed" if how == "fail" else "paid"
        paid_at = company_moment(order.day)
        notice = {
            "notice_id": secrets.token_hex(8),
            "reference": order.reference,
            "status": status,
            "amount": yuan_of(amount),
            "transaction": secrets.token_hex(8),
            "paid_at": paid_at.isoformat(timespec="seconds"),
        }
        if status == "paid":
            order.transactions[notice["transaction"]] = amount
            self.booked.append(Booked(paid_at, order.reference, notice["transaction"], amount))
        if how != "other" and order.state != "paid":
            order.state, order.notice = status, notice
        return notice

    def _order(self, reference: str) -> Answer:
        order = self.orders.get(reference)
        if order is None:
            return problem(404, "order_not_known", "Nobody came to pay under this reference.")
        return json_answer({"reference": reference, "state": order.state, "notice": order.notice})

    def _statement(self, day: str) -> Answer:
        """The day's file, well or badly written."""
        with self._lock:
            booked = [one for one in self.booked if one.at.date().isoformat() == day]
        content = daily_file(booked, self.behaviour.next(FILE_KINDS))
        digest = hashlib.sha256(content.encode()).hexdigest()
        return json_answer({"day": day, "content": content, "sha256": digest})

    def _deduct(self, request: Request) -> Answer:
        """Take money as a payer agreed."""
        try:
            content = json.loads(request.body)
            new = Order(content["reference"], fen_of(content["amount"]), content["subject"], content["notify"], "")
            number = str(content["agreement"])
            new.day = date.fromisoformat(content["day"]) if "day" in content else None
        except (ValueError, KeyError, TypeError, AttributeError):
            return problem(422, "bad_deduction", "Expected reference, amount, subject, notify, agreement.")
        if new.reference != request.key:
            return problem(422, "bad_deduction", "Expected the reference as Idempotency-Key.")
        refused = None if new.reference in self.orders else self.agreements.refusal(number)
        if refused is not None:
            return refused
        with self._lock:
            order = self.orders.setdefault(new.reference, new)
            if order.state == "waiting":
                self._attempt(order, "pay")
        return self._order(new.reference)

    def _refund(self, key: str) -> Answer:
        """A refund that was accepted is done by the time that somebody asks."""
        refund = self.refunds.get(key)
        if refund is None:
            return problem(404, "refund_not_known", "No refund has this key.")
        refund.state = "done"
        return _told(refund)

    def _give_back(self, request: Request) -> Answer:
        content = _content(request.body)
        if content is None or content["refund"] != request.key:
            return problem(422, "bad_refund", "Expected refund (the Idempotency-Key), reference, transaction, amount.")
        with self._lock:
            known = self.refunds.get(request.key)
            if known is not None:
                same = known.content == request.body
                return _told(known) if same else problem(409, "key_reused", "This key was used for another refund.")
            order, transaction, amount = (
                self.orders.get(content["reference"]),
                content["transaction"],
                content["amount"],
            )
            if order is None or transaction not in order.transactions:
                return problem(422, "transaction_not_known", "No such transaction paid this order.")
            gone = sum(refund.amount for refund in self.refunds.values() if refund.transaction == transaction)
            if not 0 < fen_of(amount) <= order.transactions[transaction] - gone:
                return problem(422, "refund_too_high", "More would go back than was paid.")
            refund = Refund(request.key, order.reference, transaction, fen_of(amount), request.body)
            self.refunds[request.key] = refund
            moment = company_moment(order.day)
            self.booked.append(Booked(moment, order.reference, transaction, refund.amount, refund=refund.key))
        return _told(refund)


def as_told(notice: Mapping[str, str], how: str, late: float) -> list[Told]:
    """The notices of one attempt, as the platform gets them."""
    body = json.dumps(notice).encode()
    failed = json.dumps({**notice, "status": "failed", "notice_id": secrets.token_hex(8)}).encode()
    told = {
        "lost": [],
        "twice": [Told(body), Told(body)],
        "late": [Told(body, delay=late)],
        "forged": [Told(body, forged=True)],
        "contradicting": [Told(body), Told(failed, delay=1.0)],
    }
    return told.get(how, [Told(body)])


def _told(refund: Refund) -> Answer:
    return json_answer({"refund": refund.key, "state": refund.state, "amount": refund.yuan})


def _content(body: bytes) -> dict[str, Any] | None:
    """The refund that is asked for, if it has the form of one."""
    try:
        content = json.loads(body)
        texts = all(isinstance(content[name], str) for name in ("refund", "reference", "transaction"))
        fen_of(content["amount"])
        return content if texts else None
    except (ValueError, KeyError, TypeError, AttributeError):
        return None
