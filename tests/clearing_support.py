"""A hospital that nobody else uses, its bills, and the statements that are made of them."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta

from acting import acting
from huimin.platform.clearing.answering import Answers, answer_lines
from huimin.platform.clearing.making import make_statement
from huimin.platform.clearing.models import HospitalStatement, StatementLine
from huimin.platform.clearing.paying import pay_hospitals
from huimin.platform.foundation.actors import client_actor, queue_actor
from huimin.platform.foundation.models import ApiClient, City
from huimin.platform.ledger.api import Party, PartyKind
from huimin.platform.payouts.hospital_accounts import agree_to_hospital_account, propose_hospital_account
from huimin.platform.tasks.attempts import Attempt
from huimin.platform.tasks.kinds import kind_named
from huimin.platform.tasks.models import Task
from payouts_support import paid_out
from platform_support import Caller, a_bill
from servicing_support import day_is

__all__ = [
    "HOSPITAL",
    "PARTY",
    "a_hospital",
    "account_confirmed",
    "answered",
    "billed",
    "lines_of",
    "month_over",
    "pay_night",
    "stated_month",
    "states",
    "told",
]

HOSPITAL = "hospital-9"
PARTY = Party(PartyKind.HOSPITAL, HOSPITAL)
Told = tuple[str, str, int]


def a_hospital(city: City, kind: str = "hospital", code: str = HOSPITAL) -> ApiClient:
    return ApiClient.objects.create(
        city=city, key_id=f"demo.{code}", kind=kind, code=code, name_zh="第九医院", name_en="Ninth", secret="s" * 64
    )


def billed(api: Caller, setl_id: str, day: str, self_paid: int = 30_000_00, **fields: str) -> int:
    """A bill of the father at the hospital; what it was answered, in fen."""
    answer = api.settle(a_bill(setl_id, day, self_paid, **fields), client=HOSPITAL)
    assert answer.status_code == 200, answer.content
    return round(float(answer.json()["owed"]["sender"]) * 100)


def month_over(city: City, month: date) -> None:
    """It is the third of the month after."""
    day_is(city, (month.replace(day=28) + timedelta(days=4)).replace(day=3))


def stated_month(city: City, client: ApiClient, month: date = date(2022, 4, 1)) -> HospitalStatement:
    """The month is over, and its statement is made."""
    month_over(city, month)
    client.city = city
    number = make_statement(actor=queue_actor(city), client=client, month=month)
    found: HospitalStatement = HospitalStatement.objects.of(city).get(pk=number)
    return found


def lines_of(statement: HospitalStatement) -> list[StatementLine]:
    return list(StatementLine.objects.of(statement.city).filter(statement=statement).order_by("number"))


def told(statement: HospitalStatement) -> list[Told]:
    """Each line's bill, kind and fen."""
    return list(_told(statement))


def _told(statement: HospitalStatement) -> Iterator[Told]:
    for line in lines_of(statement):
        yield line.setl_id, line.kind, line.amount


def answered(statement: HospitalStatement, client: ApiClient, answers: Answers) -> int:
    """The hospital answers by its own system."""
    client.city = statement.city
    return answer_lines(actor=client_actor(client), statement_id=statement.pk, answers=answers)


def account_confirmed(city: City, number: str = "3200 1234 5678 9000", party: Party = PARTY) -> None:
    """One person gives an account, another confirms it."""
    handler, approver = acting(city, "handler"), acting(city, "approver")
    propose_hospital_account(
        actor=handler, party=party, holder="第九医院", number=number, bank_name="示范银行", note="来函为证"
    )
    agree_to_hospital_account(actor=approver, party=party, agrees=True, note="已电话核对")


def pay_night(city: City) -> None:
    """The night's task pays, and workers ask the bank until it has said how it ended."""
    task = Task(city=city, kind="pay_hospitals", lane="jobs", key=str(city.demonstration_day))
    pay_hospitals(Attempt(task, kind_named("pay_hospitals"), _said=float("inf")))
    paid_out(city)


def states(statement: HospitalStatement) -> list[str]:
    return [line.state for line in lines_of(statement)]
