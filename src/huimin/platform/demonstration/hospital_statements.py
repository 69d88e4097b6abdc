"""January's statements of the demonstration's hospitals: one agreed to and paid, one partly disputed, one that waits,
and one that nobody answered in time.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime

from huimin.money import format_yuan
from huimin.platform.claims.api import receive_settlement
from huimin.platform.clearing.api import (
    Answers,
    Disputed,
    DisputeReason,
    answer_lines,
    make_statement,
    paid_clients,
    party_of,
    pay_party,
)
from huimin.platform.demonstration.bills import bill_of
from huimin.platform.demonstration.staff import staff_named
from huimin.platform.enrolment.api import PolicyFacts
from huimin.platform.foundation.actors import client_actor, demonstration_actor
from huimin.platform.foundation.models import ApiClient, City, Role
from huimin.platform.gateways.api import PayoutOrder
from huimin.platform.payments.api import reconcile
from huimin.platform.payouts.api import (
    PayoutStatus,
    agree_to_hospital_account,
    agree_to_payout,
    asked_at_bank,
    bank_code,
    payouts_numbered,
    propose_hospital_account,
    propose_payout,
)

__all__ = ["load_hospital_statements"]

_MONTH = date(2022, 1, 1)
_MADE, _ANSWERED, _PAID, _MADE_LATE = (date(2022, 2, day) for day in (3, 7, 8, 9))
_AMOUNTS = (60_000_00, 3_000_00, 0, 6_000_00, 30_000_00)
"""In fen, as `bill_of` takes them: far above the year's deductible."""
_ACCOUNTS = {"hospital-1": "3200100010001000100", "hospital-2": "3200200020002000200"}
_BANK, _LETTER, _CALLED = "示范银行云溪支行", "医院财务处来函（演示）", "已按公开电话向医院财务处核对（演示）"


def load_hospital_statements(city: City, today: date, policies: Sequence[PolicyFacts]) -> None:
    """Each of four hospitals had one of these policies' insured in January."""
    paid, disputed, waiting, overdue = clients = paid_clients(city)[:4]
    for number, (client, policy) in enumerate(zip(clients, policies, strict=True)):
        moment = datetime(2022, 1, 18 + number, 10, 20)
        client.city = city
        receive_settlement(client=client, body=bill_of(f"J{number:06d}", policy.psn_no, moment, "21", *_AMOUNTS))
    for client in (paid, disputed):
        _account(city, client)
    made = {client.code: _made(city, client, _MADE) for client in (paid, disputed, overdue)}
    _made(city, waiting, _MADE_LATE)
    city.demonstration_day = _ANSWERED
    _answer(paid, made[paid.code], Answers(rest=True))
    one = Disputed(DisputeReason.OTHER_AMOUNT, "我院账面为少 12.00 元，请核对（演示）")
    _answer(disputed, made[disputed.code], Answers(disputed={1: one}, rest=True))
    city.demonstration_day = _PAID
    order = _pay(city, paid)
    city.demonstration_day = today
    _booked(city, order)


def _made(city: City, client: ApiClient, day: date) -> int:
    city.demonstration_day = day
    client.city = city
    return make_statement(actor=demonstration_actor(city), client=client, month=_MONTH)


def _answer(client: ApiClient, statement_id: int, answers: Answers) -> None:
    answer_lines(actor=client_actor(client), statement_id=statement_id, answers=answers)


def _account(city: City, client: ApiClient) -> None:
    party = party_of(client)
    propose_hospital_account(
        actor=staff_named(city, "handler", Role.HANDLER),
        party=party,
        holder=client.name_zh,
        number=_ACCOUNTS[client.code],
        bank_name=_BANK,
        note=_LETTER,
    )
    approver = staff_named(city, "approver", Role.APPROVER)
    agree_to_hospital_account(actor=approver, party=party, agrees=True, note=_CALLED)


def _pay(city: City, client: ApiClient) -> PayoutOrder:
    """The night's payout, as the bank is asked for it; two people let it go where it is large."""
    payout = pay_party(city, party_of(client))
    assert payout is not None  # noqa: S101 - its account is confirmed, and it has bills of January
    if payouts_numbered(city, [payout])[payout].status is PayoutStatus.FOR_SECOND_PERSON:
        propose_payout(actor=staff_named(city, "handler", Role.HANDLER), payout_id=payout, note=_LETTER)
        approver = staff_named(city, "approver", Role.APPROVER)
        agree_to_payout(actor=approver, payout_id=payout, agrees=True, note=_CALLED)
    order, _ = asked_at_bank(city, payout)
    assert order is not None  # noqa: S101 - made for an account that may be used
    return order


def _booked(city: City, order: PayoutOrder) -> None:
    """The bank's statement of the day has it: so it is paid."""
    rows = (
        "记账时间,流水号,付款编号,摘要,借方金额,贷方金额",
        f"{_PAID} 10:30:00,B-{order.key[:8]},{order.key},代付,{format_yuan(order.amount)},0.00",
        f"合计,1,,,{format_yuan(order.amount)},0.00",
    )
    content = "".join(f"{row}\r\n" for row in rows)
    reconcile(actor=demonstration_actor(city), provider=bank_code(), day=_PAID, content=content)
