"""Orders that are paid at the sandbox's payment company, and refunds that a worker takes there."""

from __future__ import annotations

from typing import Any

import httpx

from door_support import Played
from huimin.platform.foundation.models import City
from huimin.platform.tasks.models import Task
from platform_support import Caller, person
from work_support import due_now, work_off

__all__ = ["an_order", "paid_at_the_company", "retry_now"]


def an_order(api: Caller, *people: int) -> dict[str, Any]:
    insured = [{**person(index), "relation": "self" if index == people[0] else "parent"} for index in people]
    body = {"applicant": person(people[0]), "insured": insured, "terms_opened": True}
    found: dict[str, Any] = api.post("channel-1", "/api/v1/orders", body).json()
    return found


def paid_at_the_company(sandbox: Played, api: Caller, order: dict[str, Any], how: str = "pay") -> None:
    """As the payer's browser does; then the company's notices, which the test carries over."""
    with httpx.Client(trust_env=False) as browser:
        assert browser.get(order["pay_at"]).status_code == 200
        at = order["pay_at"].partition("?")[0]
        browser.post(at, data={"reference": order["reference"], "how": how})
    held = sandbox.sandbox.company.orders[order["reference"]]
    for number, (transaction, fen) in enumerate(held.transactions.items()):
        amount = f"{fen // 100}.{fen % 100:02d}"
        assert api.pay(order["reference"], amount, notice=f"N{number}", transaction=transaction).content == b"success"


def retry_now(city: City) -> int:
    for task in Task.objects.of(city).filter(kind="pay_back", finished_at=None):
        due_now(task)
    return work_off()
