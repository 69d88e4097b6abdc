"""Statements of a hospital in each state that pages show."""

from __future__ import annotations

from datetime import date
from typing import Any

from acting import acting
from claims_support import it_is, limit_is
from huimin.platform.clearing.answering import Answers, Disputed, answer_lines
from huimin.platform.clearing.deciding import decide_line
from huimin.platform.clearing.making import make_statement, paid_clients, party_of, unstated
from huimin.platform.clearing.models import DisputeReason, HospitalStatement, StatementLine
from huimin.platform.foundation.actors import queue_actor
from huimin.platform.foundation.models import City
from huimin.platform.payouts.hospital_accounts import agree_to_hospital_account, propose_hospital_account

__all__ = ["disputed_line_of", "statement_made", "statement_of"]

_ACCOUNT = {"holder": "示范市第一人民医院", "number": "3200123456789000", "bank_name": "示范银行", "note": "来函"}


def statement_made(
    city: City, *, answered: bool = False, proposed: bool = False, account: bool = False
) -> HospitalStatement:
    """The hospital's bills of the winter are stated. `answered`: one line is disputed, the
    rest agreed to; `proposed`: a finding on it waits for a second person; `account`: another account does, too.
    """
    client = next(one for one in paid_clients(city) if unstated(city, party_of(one)))
    it_is(city, date(2022, 3, 3))
    client.city = city
    found = HospitalStatement.objects.of(city).get(
        pk=make_statement(actor=queue_actor(city), client=client, month=date(2022, 2, 1))
    )
    first = StatementLine.objects.of(city).filter(statement=found).order_by("number")[0]
    if answered:
        disputed = {1: Disputed(DisputeReason.OTHER, "我院账面金额少 12 元")}
        answer_lines(
            actor=acting(city, "handler"), statement_id=found.pk, answers=Answers(disputed=disputed, rest=True)
        )
    if proposed:
        limit_is(city, 1_00)
        decide_line(actor=acting(city, "handler"), line_id=first.pk, finding="to_correct", note="与医院核对，应更正")
    if account:
        party, handler = party_of(client), acting(city, "handler")
        propose_hospital_account(actor=handler, party=party, **_ACCOUNT)
        agree_to_hospital_account(actor=acting(city, "approver"), party=party, agrees=True, note="已电话核对")
        propose_hospital_account(actor=handler, party=party, **{**_ACCOUNT, "number": "9988776655443322"})
    return found


def statement_of(city: City, **how: bool) -> dict[str, Any]:
    return {"statement_id": statement_made(city, **how).pk}


def disputed_line_of(city: City) -> dict[str, Any]:
    line = StatementLine.objects.of(city).filter(statement=statement_made(city, answered=True), state="disputed").get()
    return {"line_id": line.pk}
