"""States of the pages about policies: what is asked, proposed and decided, for the list of every page."""

from __future__ import annotations

from datetime import date
from typing import Any

from acting import acting, themself
from huimin.platform.catalogue.models import PlanYear
from huimin.platform.enrolment.bureau.records import keep_records, records_of
from huimin.platform.enrolment.models import Policy
from huimin.platform.foundation.clock import now
from huimin.platform.foundation.models import City
from huimin.platform.foundation.remembered import forget_all
from huimin.platform.gateways.api import HistoryItem
from huimin.platform.servicing.models import PolicyRequest
from huimin.platform.servicing.requests.deciding import propose_request
from huimin.platform.servicing.requests.requesting import ask_for_endorsement, contest_record, report_death
from huimin.terms import load_plan_text
from platform_support import EDITIONS
from servicing_support import PAPER

__all__ = ["ask_for", "contest", "last_request", "propose_last", "record_of", "records_for", "sell_editions"]


def ask_for(city: City, policy: Policy) -> None:
    """A correction and a death are asked for."""
    actor = themself(policy.holder)
    ask_for_endorsement(
        actor=actor, number=policy.number, facts={"name": "欧阳娜"}, words="登记时写错了一个字", papers=[PAPER]
    )
    report_death(
        actor=actor, number=policy.number, died_on=date(2022, 2, 14), source="death_certificate", papers=[PAPER]
    )


def records_for(city: City, policy: Policy) -> None:
    """The bureau told of two diagnoses of the insured."""
    items = [
        HistoryItem("C34.900", date(2020, 3, 1), "hospital-1", "listed"),
        HistoryItem("J06.900", date(2021, 5, 2), "hospital-2", ""),
    ]
    keep_records(city, policy.insured_id, items, now(city))


def record_of(city: City, policy: Policy) -> int:
    return records_of(city, policy.insured_id)[0].id


def contest(city: City, policy: Policy) -> None:
    """The insured contests the first of two records."""
    records_for(city, policy)
    contest_record(
        actor=themself(policy.insured),
        number=policy.number,
        record_id=record_of(city, policy),
        why="borrowed_card",
        words="当天我在外地，医保卡借给了亲戚",
        papers=[PAPER],
    )


def last_request(city: City) -> dict[str, Any]:
    found = PolicyRequest.objects.of(city).order_by("pk").last()
    assert found is not None
    return {"request_id": found.pk}


def propose_last(city: City, answer: str = "") -> None:
    request = last_request(city)["request_id"]
    propose_request(actor=acting(city, "handler"), request_id=request, note="与证件核对一致", answer=answer)


def sell_editions(city: City) -> None:
    year = PlanYear.objects.of(city).get()
    text = year.plan_text + EDITIONS
    digest = load_plan_text(text, year.sources_text).digest
    PlanYear.objects.of(city).update(plan_text=text, plan_digest=digest)
    Policy.objects.of(city).update(plan_digest=digest)
    forget_all()
