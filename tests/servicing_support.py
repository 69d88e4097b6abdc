"""Policies of the demonstration city and what is asked about them, for tests of servicing."""

from __future__ import annotations

from datetime import date
from typing import Any

from acting import acting, themself
from door_support import Played
from huimin.platform.catalogue.models import PlanYear
from huimin.platform.enrolment.models import Policy
from huimin.platform.enrolment.selectors import order_by_reference, payer_address
from huimin.platform.foundation.models import City
from huimin.platform.foundation.remembered import forget_all
from huimin.platform.ledger.models import Posting
from huimin.platform.people.models import Resident
from huimin.platform.servicing.requests.deciding import agree_to_request, propose_request
from huimin.platform.servicing.requests.requesting import ask_for_endorsement
from huimin.platform.servicing.stories import story_by_number
from huimin.terms import load_plan_text
from platform_support import Caller
from refunds_support import paid_at_the_company

__all__ = [
    "PAPER",
    "asked_and_agreed",
    "corrected",
    "day_is",
    "granted",
    "insurers",
    "pay_difference",
    "policy_of",
    "statuses",
    "sums",
    "with_terms",
]

PAPER = b"%PDF-1.4 a paper"


def policy_of(city: City, index: int) -> Policy:
    """The last policy of the index-th invented resident."""
    insured = Resident.objects.of(city).get(psn_no=f"P{index + 1:08d}")
    found: Policy = Policy.objects.of(city).filter(insured=insured).latest("pk")
    return found


def granted(city: City, request: int, answer: str = "") -> Any:
    """A handler proposes it and an approver agrees."""
    propose_request(actor=acting(city, "handler"), request_id=request, note="与证件核对一致", answer=answer)
    return agree_to_request(actor=acting(city, "approver"), request_id=request, agrees=True, note="同意")


def corrected(city: City, number: str, facts: dict[str, Any], **named: Any) -> int:
    """The insured asks that facts are corrected, with a paper. Returns the number of the request."""
    policy = Policy.objects.of(city).select_related("insured").get(number=number)
    actor = themself(policy.insured)
    return ask_for_endorsement(actor=actor, number=number, facts=facts, words="写错了", papers=[PAPER], **named)


def asked_and_agreed(city: City, number: str, facts: dict[str, Any], **named: Any) -> int:
    request = corrected(city, number, facts, **named)
    granted(city, request)
    return request


def pay_difference(sandbox: Played, api: Caller, city: City, reference: str) -> None:
    """The payer pays the order for a difference at the company."""
    order = order_by_reference(city, reference)
    assert order is not None
    paid_at_the_company(sandbox, api, {"pay_at": payer_address(order), "reference": reference})


def day_is(city: City, day: date) -> None:
    City.objects.filter(pk=city.pk).update(demonstration_day=day)
    city.refresh_from_db()
    forget_all()


def with_terms(city: City, more: str, before: str = "") -> None:
    """As if the plan had been published with these terms more, before anybody of the test ordered."""
    year = PlanYear.objects.of(city).get()
    text = year.plan_text.replace(before, f"{more}\n{before}", 1) if before else year.plan_text + more
    PlanYear.objects.of(city).update(plan_text=text, plan_digest=load_plan_text(text, year.sources_text).digest)
    forget_all()


def statuses(city: City, number: str) -> list[str]:
    story = story_by_number(city, number)
    assert story is not None
    return [one.status.value for one in story.stands]


def sums(city: City, *accounts: str) -> dict[str, int]:
    """Fen by account, summed over its parties."""
    found: dict[str, int] = {}
    for account, fen in Posting.objects.of(city).values_list("account", "amount"):
        if account in accounts:
            found[account] = found.get(account, 0) + fen
    return found


def insurers(city: City) -> dict[str, int]:
    found: dict[str, int] = {}
    for party, fen in Posting.objects.of(city).filter(account="insurer_premium").values_list("party", "amount"):
        found[party] = found.get(party, 0) + fen
    return found
