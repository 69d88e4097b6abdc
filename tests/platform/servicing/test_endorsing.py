"""Endorsements: what was always so or is so from a day on, and what follows for price, claims and register."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Any

import pytest

from acting import acting, themself
from door_support import Played, played
from huimin.errors import HuiminError
from huimin.platform.claims.models import BenefitDecisionVersion
from huimin.platform.enrolment.differences import differences_open
from huimin.platform.enrolment.models import Order, Policy
from huimin.platform.foundation.approvals.models import Answer
from huimin.platform.foundation.approvals.services import ApprovalError
from huimin.platform.foundation.authorising import NotAllowed
from huimin.platform.foundation.models import City
from huimin.platform.ledger.verification import verify_city
from huimin.platform.people.models import Resident
from huimin.platform.people.selectors import find_person
from huimin.platform.servicing.models import PolicyRequest
from huimin.platform.servicing.requests.deciding import (
    agree_to_request,
    close_look,
    propose_request,
    refuse_request,
)
from huimin.platform.servicing.requests.failures import RequestError
from huimin.platform.servicing.requests.reading import open_requests, request_story
from huimin.platform.servicing.requests.requesting import ask_for_endorsement
from huimin.platform.servicing.withdrawal import withdraw
from huimin.platform.tasks.models import Task
from platform_support import Caller, a_bill
from refunds_support import an_order, paid_at_the_company, retry_now
from served import free_port
from servicing_support import (
    PAPER,
    asked_and_agreed,
    corrected,
    day_is,
    granted,
    insurers,
    policy_of,
    statuses,
    sums,
    with_terms,
)
from work_support import work_off

pytestmark = pytest.mark.django_db

CHEAPER_FOR_RESIDENTS = """
[[premium.variants]]
when = { basic_insurance = "resident" }
yuan = "128.00"
source = "study:premium"
"""
CHEAPER_FOR_EMPLOYEES = CHEAPER_FOR_RESIDENTS.replace("resident", "employee")


@pytest.fixture
def sandbox(settings: Any, city: City) -> Iterator[Played]:
    with played(settings) as found:
        settings.PUBLIC_ADDRESS = f"http://127.0.0.1:{free_port()}"
        yield found


def looks(city: City) -> list[tuple[str, ...]]:
    found = [request_story(city, one.id) for one in open_requests(city, 1)]
    return [(one.content["why"], *one.content["named"]) for one in found if one is not None and "why" in one.content]


def test_a_name_and_a_number_that_were_written_wrongly_are_put_right_and_the_policy_says_so(covered: City) -> None:
    policy = policy_of(covered, 1)
    before = policy.insured.name
    asked_and_agreed(covered, policy.number, {"name": "王建國"})
    assert Resident.objects.of(covered).get(pk=policy.insured_id).name == "王建國"
    assert before != "王建國"
    assert statuses(covered, policy.number) == ["in_force", "corrected"]
    assert find_person(city=covered, id_number=policy.insured.id_number, name="王建國") is not None
    told = Task.objects.of(covered).filter(key__startswith=f"endorsed-{policy.number}").count()
    assert told == 2
    assert verify_city(covered).faults == []


def test_a_number_of_somebody_else_is_refused_and_a_mistyped_one_too(covered: City) -> None:
    policy = policy_of(covered, 1)
    other = policy_of(covered, 0).insured.id_number
    for number, code in ((other, "id_number_taken"), ("110101199003071", "bad_identity_number")):
        with pytest.raises(HuiminError) as refused:
            corrected(covered, policy.number, {"id_number": number})
        assert refused.value.code == code
    assert PolicyRequest.objects.of(covered).count() == 0


def test_nothing_is_so_before_a_second_person_has_agreed_and_nobody_agrees_with_themself(covered: City) -> None:
    policy, approver = policy_of(covered, 1), acting(covered, "approver")
    request = corrected(covered, policy.number, {"name": "王建國"})
    with pytest.raises(NotAllowed):
        propose_request(actor=approver, request_id=request, note="x")
    propose_request(actor=acting(covered, "handler"), request_id=request, note="与身份证核对一致")
    assert Resident.objects.of(covered).get(pk=policy.insured_id).name != "王建國"
    with pytest.raises(NotAllowed):
        agree_to_request(actor=acting(covered, "handler"), request_id=request, agrees=True, note="x")
    sent_back = agree_to_request(actor=approver, request_id=request, agrees=False, note="看不清照片")
    assert sent_back.answer == Answer.SENT_BACK
    story = request_story(covered, request)
    assert story is not None
    assert story.facts.turn == "handler"
    granted(covered, request)
    assert Resident.objects.of(covered).get(pk=policy.insured_id).name == "王建國"


def test_a_request_that_is_refused_tells_why_and_is_closed(covered: City) -> None:
    policy = policy_of(covered, 1)
    request = corrected(covered, policy.number, {"name": "王建國"})
    refuse_request(actor=acting(covered, "handler"), request_id=request, note="证件与姓名不一致")
    story = request_story(covered, request)
    assert story is not None
    assert (story.facts.outcome, story.facts.reason) == ("refused", "证件与姓名不一致")
    with pytest.raises(HuiminError) as refused:
        granted(covered, request)
    assert refused.value.code == "request_closed"


def test_a_correction_that_costs_less_pays_back_by_the_road_by_which_it_came(
    api: Caller, city: City, sandbox: Played
) -> None:
    with_terms(city, CHEAPER_FOR_RESIDENTS)
    paid_at_the_company(sandbox, api, an_order(api, 0))
    policy = policy_of(city, 0)
    assert (policy.insutype, policy.price) == ("310", 158_00)
    asked_and_agreed(city, policy.number, {"insutype": "390"})
    work_off()
    retry_now(city)
    policy.refresh_from_db()
    assert (policy.given_back, policy.added, policy.ended_on) == (30_00, 0, None)
    assert [refund.amount for refund in sandbox.sandbox.company.refunds.values()] == [30_00]
    assert statuses(city, policy.number) == ["not_yet", "corrected", "refunded"]
    assert verify_city(city).faults == []


def test_what_is_left_goes_back_when_the_policy_is_given_up_afterwards(
    api: Caller, city: City, sandbox: Played
) -> None:
    before = insurers(city)
    with_terms(city, CHEAPER_FOR_RESIDENTS)
    paid_at_the_company(sandbox, api, an_order(api, 0))
    policy = policy_of(city, 0)
    asked_and_agreed(city, policy.number, {"insutype": "390"})
    back = withdraw(actor=themself(policy.holder), number=policy.number)
    assert back.fen == 128_00
    work_off()
    retry_now(city)
    assert sorted(one.amount for one in sandbox.sandbox.company.refunds.values()) == [30_00, 128_00]
    assert insurers(city) == before
    assert sums(city, "refund_payable").get("refund_payable", 0) == 0
    assert verify_city(city).faults == []


def test_a_correction_that_costs_more_asks_for_the_difference_and_counts_at_once(
    api: Caller, city: City, sandbox: Played
) -> None:
    before = insurers(city)
    with_terms(city, CHEAPER_FOR_EMPLOYEES)
    paid_at_the_company(sandbox, api, an_order(api, 0))
    policy = policy_of(city, 0)
    asked_and_agreed(city, policy.number, {"insutype": "390"})
    (difference,) = differences_open(city, [policy.pk])
    assert difference.amount == 30_00
    assert api.pay(difference.order, "30.00").content == b"success"
    policy.refresh_from_db()
    assert (policy.added, differences_open(city, [policy.pk])) == (30_00, [])
    assert verify_city(city).faults == []
    back = withdraw(actor=themself(policy.holder), number=policy.number)
    assert back.fen == 158_00
    assert insurers(city) == before
    assert verify_city(city).faults == []


def test_a_difference_that_is_paid_after_the_policy_was_given_up_goes_back(
    api: Caller, city: City, sandbox: Played
) -> None:
    with_terms(city, CHEAPER_FOR_EMPLOYEES)
    paid_at_the_company(sandbox, api, an_order(api, 0))
    policy = policy_of(city, 0)
    asked_and_agreed(city, policy.number, {"insutype": "390"})
    (difference,) = differences_open(city, [policy.pk])
    withdraw(actor=themself(policy.holder), number=policy.number)
    assert api.pay(difference.order, "30.00").content == b"success"
    assert Order.objects.of(city).get(reference=difference.order).status == "refund_due"
    policy.refresh_from_db()
    assert policy.added == 0
    assert verify_city(city).faults == []


def decisions(city: City, policy: Policy) -> list[tuple[int, int, bool]]:
    """(version, fen, whether no bill caused it) in the order in which they were decided."""
    rows = BenefitDecisionVersion.objects.of(city).filter(policy=policy).order_by("pk")
    return [(row.version, row.payable, row.cause_id is None) for row in rows if row.payable or row.version > 1]


def test_bills_that_were_decided_with_a_wrong_fact_are_decided_again_and_the_hospital_keeps_what_it_was_told(
    api: Caller, covered: City
) -> None:
    policy = policy_of(covered, 1)
    Policy.objects.of(covered).filter(pk=policy.pk).update(pre_existing=["listed"])
    api.settle(a_bill("S1", "2022-04-10", 115_227_53, 3_617_58))
    first = decisions(covered, policy)
    request = ask_for_endorsement(
        actor=acting(covered, "handler"), number=policy.number, facts={"insutype": _other(policy)}, words="x"
    )
    granted(covered, request)
    assert verify_city(covered).faults == []
    assert decisions(covered, policy)[: len(first)] == first


def _other(policy: Policy) -> str:
    return "390" if policy.insutype == "310" else "310"


def test_a_person_who_could_not_have_joined_by_the_corrected_facts_is_a_case_for_a_person(
    api: Caller, covered: City
) -> None:
    policy = policy_of(covered, 1)
    with_terms_of_policy_for_employees_only(covered, policy)
    asked_and_agreed(covered, policy.number, {"insutype": _other(policy)})
    assert looks(covered) == [("not_eligible", "other_basic_insurance")]
    (look,) = open_requests(covered, 1)
    close_look(actor=acting(covered, "handler"), request_id=look.id, note="按条款保障至期满")
    assert len(open_requests(covered, 1)) == 0


def with_terms_of_policy_for_employees_only(city: City, policy: Policy) -> None:
    from huimin.platform.catalogue.models import PlanYear
    from huimin.platform.foundation.remembered import forget_all
    from huimin.terms import load_plan_text

    year = PlanYear.objects.of(city).get()
    kept = "employee" if policy.insutype == "310" else "resident"
    lines = [
        f'basic_insurance = ["{kept}"]' if line.startswith("basic_insurance") else line
        for line in year.plan_text.splitlines()
    ]
    text = "\n".join(lines)
    digest = load_plan_text(text, year.sources_text).digest
    PlanYear.objects.of(city).update(plan_text=text, plan_digest=digest)
    Policy.objects.of(city).update(plan_digest=digest)
    forget_all()


def test_a_resident_sends_a_paper_and_names_something_that_is_not_so_already(covered: City) -> None:
    policy = policy_of(covered, 1)
    holder = themself(policy.holder)
    cases: list[tuple[dict[str, Any], dict[str, Any], str]] = [
        ({"name": "王建國"}, {"papers": []}, "paper_missing"),
        ({"name": "王建國"}, {"papers": [b"MZ"]}, "paper_unreadable"),
        ({"name": "王建國"}, {"papers": [PAPER] * 6}, "too_many_papers"),
        ({"name": "王建國"}, {"papers": [PAPER + b"0" * 5_000_000]}, "paper_too_large"),
        ({"name": policy.insured.name}, {}, "nothing_to_correct"),
        ({"name": "13800000000"}, {}, "bad_name"),
        ({"price": 1}, {}, "fact_not_changeable"),
        ({"name": "王建國"}, {"from_day": date(2022, 6, 1)}, "fact_not_changeable"),
        ({"area": "000000"}, {}, "fact_unreadable"),
        ({"insutype": _other(policy)}, {"from_day": date(2023, 1, 1)}, "day_outside_cover"),
    ]
    for facts, named, code in cases:
        with pytest.raises(HuiminError) as refused:
            ask_for_endorsement(
                actor=holder, number=policy.number, facts=facts, words="x", **{"papers": [PAPER], **named}
            )
        assert refused.value.code == code, facts
    with pytest.raises(HuiminError) as refused:
        ask_for_endorsement(actor=holder, number=policy.number, facts={"name": "王建國"}, words=" ", papers=[PAPER])
    assert refused.value.code == "note_missing"
    stranger = Resident.objects.of(covered).exclude(pk__in=[policy.holder_id, policy.insured_id]).first()
    assert stranger is not None
    with pytest.raises(NotAllowed):
        ask_for_endorsement(
            actor=themself(stranger), number=policy.number, facts={"name": "王"}, words="x", papers=[PAPER]
        )


def test_the_second_person_agrees_to_what_was_seen_or_it_is_outdated(api: Caller, city: City, sandbox: Played) -> None:
    with_terms(city, CHEAPER_FOR_RESIDENTS)
    paid_at_the_company(sandbox, api, an_order(api, 0))
    policy = policy_of(city, 0)
    one = corrected(city, policy.number, {"insutype": "390"})
    two = corrected(city, policy.number, {"insutype": "390"})
    handler, approver = acting(city, "handler"), acting(city, "approver")
    for request in (one, two):
        propose_request(actor=handler, request_id=request, note="社保记录")
    assert agree_to_request(actor=approver, request_id=one, agrees=True, note="同意").answer == Answer.APPROVED
    answered = agree_to_request(actor=approver, request_id=two, agrees=True, note="同意")
    assert answered.answer == Answer.OUTDATED
    policy.refresh_from_db()
    assert policy.given_back == 30_00


def test_a_proposal_cannot_be_answered_by_whoever_made_it_even_in_two_roles(covered: City) -> None:
    from acting import staff_with
    from huimin.platform.foundation.models import Role
    from huimin.platform.web.actors import acting_staff

    both = acting_staff(staff_with(covered, "both", Role.HANDLER, Role.APPROVER))
    assert both is not None
    request = corrected(covered, policy_of(covered, 1).number, {"name": "王建國"})
    propose_request(actor=both, request_id=request, note="x")
    with pytest.raises(ApprovalError) as refused:
        agree_to_request(actor=both, request_id=request, agrees=True, note="x")
    assert refused.value.code == "same_person"


def test_a_change_within_the_year_is_so_from_its_day_and_moves_no_money(covered: City) -> None:
    policy = policy_of(covered, 1)
    asked_and_agreed(covered, policy.number, {"insutype": _other(policy)}, from_day=date(2022, 6, 1))
    assert statuses(covered, policy.number) == ["in_force"]
    day_is(covered, date(2022, 6, 1))
    assert statuses(covered, policy.number) == ["in_force", "changed"]
    policy.refresh_from_db()
    assert (policy.endorsed, policy.given_back) == (None, 0)
    assert verify_city(covered).faults == []


def test_five_requests_of_one_person_may_be_open_and_a_sixth_may_not(covered: City) -> None:
    policy = policy_of(covered, 1)
    for name in ("王一", "王二", "王三", "王四", "王五"):
        corrected(covered, policy.number, {"name": name})
    with pytest.raises(RequestError) as refused:
        corrected(covered, policy.number, {"name": "王六"})
    assert refused.value.code == "too_many_policy_requests"
