"""Claims that are owed to the insured, accounts to which they are paid, and workers who pay them."""

from __future__ import annotations

import json

from acting import themself
from cast import FATHER
from huimin.platform.foundation.models import City
from huimin.platform.payouts.accounts import AccountFacts, ask_for_account_code, give_account
from huimin.platform.payouts.models import ClaimPayout
from huimin.platform.people.models import Resident
from huimin.platform.tasks.models import Task
from platform_support import Caller, a_bill, resident
from work_support import due_now, work_off

__all__ = ["CARD", "OTHER_CARD", "account_code", "account_given", "owed_to_insured", "paid_out"]

CARD, OTHER_CARD = "6222020000000000018", "6217000000000000004"


def owed_to_insured(api: Caller, city: City, late: str = "2022-03-01") -> Resident:
    """A late bill leaves the earlier hospital its amount, and 5,500 yuan are owed to the father."""
    assert api.settle(a_bill("LATER", "2022-04-18", 30_000_00)).json()["payable"] == "11000.00"
    assert api.settle(a_bill("LATE", late, 10_000_00), client="hospital-2").status_code == 200
    return resident(city, FATHER)


def account_code(person: Resident) -> tuple[int, str]:
    """The number of a check, and the code that came to the person's own telephone."""
    check = ask_for_account_code(actor=themself(person), resident_id=person.pk)
    (message,) = Task.objects.of(person.city).filter(kind="message", key=f"identity-{check}")
    return check, str(json.loads(message.payload)["code"])


def account_given(person: Resident, number: str = CARD, bank_name: str = "中国工商银行") -> AccountFacts:
    check, code = account_code(person)
    return give_account(
        actor=themself(person), resident_id=person.pk, number=number, bank_name=bank_name, check_id=check, code=code
    )


def paid_out(city: City, rounds: int = 3) -> list[ClaimPayout]:
    """Workers make payouts and ask the bank until it has said how they ended."""
    for _ in range(rounds):
        for task in Task.objects.of(city).filter(kind__in=("pay_claims", "send_payout"), finished_at=None):
            due_now(task)
        work_off()
    return list(ClaimPayout.objects.of(city).order_by("pk"))
