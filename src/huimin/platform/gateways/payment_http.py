"""The payment company over HTTP, as the sandbox speaks it.

What we sign and what the company signs have a key each, so that nothing of ours can be sent back to us as a notice.
"""

from __future__ import annotations

import hmac
import json
from collections.abc import Callable, Mapping
from datetime import MAXYEAR, MINYEAR, date, datetime
from typing import Any, TypeVar
from urllib.parse import quote, urlencode

from huimin.errors import InputError
from huimin.money import format_yuan, parse_yuan
from huimin.platform.foundation.models import City
from huimin.platform.gateways.door import Answer, Call, Door
from huimin.platform.gateways.failures import Refused, Unclear
from huimin.platform.gateways.payment_company import (
    Agreement,
    AgreementRequest,
    AgreementState,
    Deduction,
    Notice,
    NoticeError,
    OrderState,
    PaymentOrder,
    PaymentRequest,
    Refund,
    RefundRequest,
    RefundState,
)
from huimin.platform.gateways.plain_codes import plain_code
from huimin.platform.gateways.signed_files import signed_file
from huimin.platform.gateways.signing import hmac_hex

__all__ = ["NOTICE_HEADER", "HttpPaymentCompany", "notice_of"]

NOTICE_HEADER = "X-Payment-Signature"
_LONGEST = 80
_Told = TypeVar("_Told", Notice, Agreement)


class HttpPaymentCompany:
    """`GET /pay` and `/agree` are the payer's pages; `/orders/…`, `/agreements/…`, `/refunds` and others are for us."""

    def __init__(self, code: str, door: Door, city: City) -> None:
        self.code, self._door, self._city = code, door, city

    def payer_address(self, request: PaymentRequest) -> str:
        fields = {
            "reference": request.reference,
            "amount": format_yuan(request.amount),
            "subject": request.subject,
            "notify": request.notify,
            "back": request.back,
        }
        return self._signed_address("pay", fields, request.day)

    def agreement_address(self, request: AgreementRequest) -> str:
        fields = {
            "agreement": request.key,
            "subject": request.subject,
            "notify": request.notify,
            "back": request.back,
        }
        return self._signed_address("agree", fields, request.day)

    def _signed_address(self, page: str, fields: dict[str, str], day: date | None) -> str:
        query = urlencode(fields if day is None else {**fields, "day": day.isoformat()})
        signature = hmac_hex(self._door.signer.request_key, query.encode())
        return f"{self._door.address}/{page}?{query}&signature={signature}"

    def read_notice(self, headers: Mapping[str, str], body: bytes) -> Notice:
        return self._read(headers, body, notice_of)

    def read_agreement(self, headers: Mapping[str, str], body: bytes) -> Agreement:
        return self._read(headers, body, agreement_of)

    def _read(self, headers: Mapping[str, str], body: bytes, of: Callable[[Any], _Told]) -> _Told:
        given = headers.get(NOTICE_HEADER, "")
        if not hmac.compare_digest(given.encode(), hmac_hex(self._door.signer.answer_key, body).encode()):
            raise NoticeError("the notice's signature is not the payment company's", code="bad_signature")
        try:
            return of(json.loads(body))
        except (ValueError, RecursionError) as error:
            raise NoticeError(f"the notice lacks or garbles a field: {error}") from error

    def query_agreement(self, key: str) -> Agreement:
        return self._agreement(Call("query_agreement", "GET", f"agreements/{quote(key, safe='')}", key), key)

    def end_agreement(self, key: str) -> Agreement:
        return self._agreement(Call("end_agreement", "POST", f"agreements/{quote(key, safe='')}/end", key, {}), key)

    def _agreement(self, call: Call, key: str) -> Agreement:
        try:
            content = self._door.call(self._city, call).content
        except Refused as failure:
            if failure.reason == "agreement_not_known":
                return Agreement(key, AgreementState.NOT_KNOWN)
            raise
        try:
            found = agreement_of(content)
        except (ValueError, RecursionError) as error:
            raise Unclear(self._door.party, call.operation, "contradicts") from error
        if found.key != key:
            raise Unclear(self._door.party, call.operation, "contradicts")
        return found

    def query_order(self, reference: str) -> PaymentOrder:
        call = Call("query_order", "GET", f"orders/{quote(reference, safe='')}", reference)
        try:
            content = self._door.call(self._city, call).content
        except Refused as failure:
            if failure.reason == "order_not_known":
                return PaymentOrder(reference, OrderState.NOT_KNOWN)
            raise
        try:
            return _order(content, reference)
        except (ValueError, RecursionError) as error:
            raise Unclear(self._door.party, call.operation, "contradicts") from error

    def deduct(self, deduction: Deduction) -> PaymentOrder:
        content = {
            "reference": deduction.reference,
            "amount": format_yuan(deduction.amount),
            "subject": deduction.subject,
            "notify": deduction.notify,
            "agreement": deduction.agreement,
        }
        if deduction.day is not None:
            content["day"] = deduction.day.isoformat()
        call = Call("deduct", "POST", "deductions", deduction.reference, content)
        answer = self._door.call(self._city, call).content
        try:
            return _order(answer, deduction.reference)
        except (ValueError, RecursionError) as error:
            raise Unclear(self._door.party, call.operation, "contradicts") from error

    def refund(self, request: RefundRequest) -> Refund:
        content = {
            "refund": request.key,
            "reference": request.reference,
            "transaction": request.transaction,
            "amount": format_yuan(request.amount),
        }
        answer = self._door.call(self._city, Call("refund", "POST", "refunds", request.key, content))
        found = self._refund(answer, "refund", request.key)
        if found.amount != request.amount:
            raise Unclear(self._door.party, "refund", "contradicts")
        return found

    def daily_file(self, day: date) -> str:
        call = Call("daily_file", "GET", f"statements/{day.isoformat()}", f"statement:{day.isoformat()}")
        return signed_file(self._door, self._city, call, day)

    def query_refund(self, key: str) -> Refund | None:
        try:
            answer = self._door.call(self._city, Call("query_refund", "GET", f"refunds/{quote(key, safe='')}", key))
        except Refused as failure:
            if failure.reason == "refund_not_known":
                return None
            raise
        return self._refund(answer, "query_refund", key)

    def _refund(self, answer: Answer, operation: str, key: str) -> Refund:
        content = answer.content
        try:
            if content.get("refund") != key:
                raise InputError("it is of another refund")
            return Refund(key, RefundState(str(content.get("state"))), parse_yuan(str(content.get("amount"))))
        except ValueError as error:
            raise Unclear(self._door.party, operation, "contradicts") from error


def notice_of(content: Any) -> Notice:
    """A notice from its JSON. Raises ValueError that says which field is absent or garbled."""
    try:
        said = content.get("paid_at")
        notice = Notice(
            notice_id=plain_code(content["notice_id"], _LONGEST),
            reference=plain_code(content["reference"], _LONGEST),
            status={"paid": "paid", "failed": "failed"}[content["status"]],
            amount=parse_yuan(content["amount"]),
            transaction=plain_code(content["transaction"], _LONGEST),
            paid_at=None if said is None else _moment(said),
        )
    except (KeyError, TypeError, AttributeError) as error:
        raise InputError(str(error)) from error
    if notice.status == "paid" and notice.amount <= 0:
        raise InputError(f"found that {format_yuan(notice.amount)} yuan were paid; expected more than 0")
    return notice


def agreement_of(content: Any) -> Agreement:
    """An agreement from its JSON. Raises ValueError that says which field is absent or garbled."""
    try:
        state, number, at = AgreementState(content["state"]), content.get("number", ""), content.get("at", "")
        found = Agreement(
            key=plain_code(content["agreement"], _LONGEST),
            state=state,
            number=plain_code(number, _LONGEST) if number else "",
            at=_moment(at) if at else None,
        )
    except (KeyError, TypeError, AttributeError) as error:
        raise InputError(str(error)) from error
    if state is AgreementState.IN_FORCE and not (found.number and found.at):
        raise InputError("found an agreement in force without number or moment; expected both")
    return found


def _order(content: Mapping[str, Any], reference: str) -> PaymentOrder:
    """Raises ValueError where the answer is of another payment, or says something that cannot be."""
    state = OrderState(str(content.get("state")))
    if content.get("reference") != reference:
        raise InputError("it is of another payment")
    if state in (OrderState.NOT_KNOWN, OrderState.WAITING):
        return PaymentOrder(reference, state)
    notice = notice_of(content.get("notice"))
    if (notice.reference, notice.status) != (reference, state):
        raise InputError("its notice is of another payment, or of another outcome")
    return PaymentOrder(reference, state, notice)


def _moment(value: object) -> datetime:
    """A moment with its time zone, `2022-02-10T09:30:00+08:00`."""
    moment = datetime.fromisoformat(value) if isinstance(value, str) else None
    if moment is None or moment.tzinfo is None:
        raise InputError(f"found the moment {str(value)[:_LONGEST]!r}; expected one like 2022-02-10T09:30:00+08:00")
    if not MINYEAR < moment.year < MAXYEAR:
        # Its local time in another zone may lie outside the calendar, and then nobody could show it.
        raise InputError(f"found paid_at in the year {moment.year}; expected the time of a payment")
    return moment
