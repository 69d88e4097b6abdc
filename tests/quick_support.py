"""What the bureau tells of Wang Fang's father, and his claims by one tap."""

from __future__ import annotations

import itertools
from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from django.db import transaction

from acting import themself
from cast import FATHER
from door_support import ACCOUNT_HOLDER, Played
from huimin.platform.enrolment.models import Policy
from huimin.platform.foundation.models import City
from huimin.platform.gateways.bureau import BureauSettlement
from huimin.platform.quick_claims.claiming import claim_quickly, withdraw_quick_claim
from huimin.platform.quick_claims.consents import ConsentText
from huimin.platform.quick_claims.fetching import answered
from huimin.platform.quick_claims.fetching import waits as left_waiting
from huimin.platform.quick_claims.models import QuickClaim
from huimin.platform.quick_claims.reading import QuickClaimStory, quick_claim_story
from huimin.platform.tasks.kinds import Lane
from huimin.platform.tasks.models import Task
from platform_support import a_bill, resident
from work_support import due_now, work_off

__all__ = [
    "FETCHED",
    "WORDS",
    "at_bureau",
    "claimed_by_page",
    "fetched",
    "policy_number",
    "settled",
    "story",
    "tap",
]

WORDS = ConsentText("test", "我同意查询王建国的医保结算数据。")
_keys = itertools.count(1)


def settled(setl_id: str, day: str, self_paid: int, institution: str = "H32990100099", **fields: str) -> dict[str, str]:
    """A bill as the bureau has it. By default it is of a hospital that sends the platform nothing."""
    bill = a_bill(setl_id, day, self_paid, **{"setl_time": f"{day} 10:30:00", **fields})
    return {"fixmedins_code": institution, "fixmedins_name": "邻市第一医院", **bill}


def at_bureau(sandbox: Played, *settlements: Mapping[str, str], psn_no: str = FATHER) -> None:
    """The sandbox's bureau knows the person with these settlements."""
    person: dict[str, Any] = {**ACCOUNT_HOLDER, "psn_no": psn_no, "id_number": f"ID-{psn_no}", "account": None}
    sandbox.sandbox.bureau.register({**person, "settlements": list(settlements)})


def tap(city: City, number: str = "", key: str = "", psn_no: str = FATHER) -> str:
    """The person claims for their policy."""
    person = resident(city, psn_no)
    return claim_quickly(
        actor=themself(person),
        resident_id=person.pk,
        policy_number=number or policy_number(city, psn_no),
        key=key or f"{next(_keys):024x}",
        text=WORDS,
    )


def policy_number(city: City, psn_no: str = FATHER) -> str:
    return str(Policy.objects.of(city).get(psn_no=psn_no).number)


def fetched(city: City, rounds: int = 1) -> list[QuickClaim]:
    """Workers ask the bureau; as often as is said, as if the time between had passed."""
    for _ in range(rounds):
        for task in Task.objects.of(city).filter(kind="fetch_settlements", finished_at=None):
            due_now(task)
        work_off(Lane.ORDERS)
    return list(QuickClaim.objects.of(city).order_by("pk"))


def story(city: City, key: str, psn_no: str = FATHER) -> QuickClaimStory:
    found = quick_claim_story(city, resident(city, psn_no).pk, key)
    assert found is not None
    return found


FETCHED = (("F1", "2022-01-20", 30_000_00), ("F2", "2022-02-01", 2_000_00), ("F3", "2021-12-30", 900_00))
"""Bills: the first is above the deductible, the second came after it, and the third before the cover."""


def claimed_by_page(
    city: City,
    policy: Policy,
    *,
    waits: bool = False,
    withdrawn: bool = False,
    bills: Sequence[tuple[str, str, int]] | None = None,
) -> None:
    """The insured claims for themself, and the bureau is away, or tells of these bills."""
    person = policy.insured
    person.city = city
    actor = themself(person)
    key = claim_quickly(
        actor=actor, resident_id=person.pk, policy_number=policy.number, key=f"{next(_keys):024x}", text=WORDS
    )
    claim = QuickClaim.objects.of(city).get(key=key)
    if waits:
        left_waiting(city, claim.pk, "busy")
    if withdrawn:
        withdraw_quick_claim(actor=actor, resident_id=person.pk, key=key)
    if bills is not None:
        told = [_told(policy.psn_no, *bill) for bill in bills]
        with transaction.atomic():
            answered(city, claim.pk, told)


def _told(psn_no: str, setl_id: str, day: str, self_paid: int) -> BureauSettlement:
    bill = settled(setl_id, day, self_paid, psn_no=psn_no)
    content = {name: text for name, text in bill.items() if not name.startswith("fixmedins")}
    return BureauSettlement("h32990100099", bill["fixmedins_name"], setl_id, date.fromisoformat(day), content)
