"""What tests of claims have in common: the city's books, a second plan year, the bureau's channel, and who finds."""

from __future__ import annotations

from datetime import date
from typing import Any

from acting import acting
from cast import FATHER
from huimin.platform.catalogue.models import PlanYear
from huimin.platform.catalogue.services import publish_plan_year
from huimin.platform.claims.cases.case import subject_of
from huimin.platform.claims.models import Finding, ReviewItem
from huimin.platform.claims.reviews import QUESTION, Found, agree, find
from huimin.platform.enrolment.models import Order, OrderLine, Policy
from huimin.platform.foundation.actors import Actor, command_actor
from huimin.platform.foundation.approvals.services import answer_proposal
from huimin.platform.foundation.events.recording import history_of
from huimin.platform.foundation.findings.recording import findings_about
from huimin.platform.foundation.limits import set_second_person_above
from huimin.platform.foundation.models import ApiClient, City
from huimin.platform.foundation.remembered import forget_all
from huimin.platform.ledger.selectors import balances
from huimin.platform.payments.models import Payment
from huimin.platform.pool.models import Share
from huimin.platform.pool.services import set_shares


def reversal(setl_id: str, day: str, reverses: str, **fields: str) -> dict[str, str]:
    return {"setl_id": setl_id, "psn_no": FATHER, "setl_time": day, "reverses": reverses, **fields}


def owed(city: City) -> dict[tuple[str, str], int]:
    """What is owed of claims by account and party, in fen; accounts at zero left out."""
    accounts = ("claim_payable", "overpayment_receivable")
    return {
        (account, party): -fen if account == "claim_payable" else fen
        for (account, party), fen in balances(city).items()
        if account in accounts and fen
    }


def change(before: dict[Any, int], after: dict[Any, int]) -> dict[Any, int]:
    """What differs between two sets of balances."""
    keys = before.keys() | after.keys()
    return {key: fen for key in keys if (fen := after.get(key, 0) - before.get(key, 0))}


def next_year(city: City, *, by: str = "settlement", first: date = date(2023, 1, 1)) -> PlanYear:
    """The plan of 2022 for 2023, with shares; `by`: which date of a bill places it there."""
    old = PlanYear.objects.of(city).order_by("pk")[0]
    text = old.plan_text.replace("yihuibao-1/2022", "yihuibao-1/2023").replace('by = "settlement"', f'by = "{by}"')
    text = text.replace("first_day = 2022-01-01", f"first_day = {first}")
    text = text.replace("last_day = 2022-12-31", "last_day = 2023-12-31")
    year = publish_plan_year(
        plan_text=text,
        sources_text=old.sources_text,
        window_first_day=date(2021, 11, 1),
        window_last_day=date(2021, 11, 30),
        actor=command_actor(city),
    )
    shares = {s.insurer.code: s.basis_points for s in Share.objects.of(city).select_related("insurer")}
    set_shares(plan_year=year, basis_points=shares, lead="lead", from_day=first, actor=command_actor(city))
    return PlanYear.objects.of(city).get(pk=year.id)


def policy_in(city: City, year: PlanYear, first: date = date(2023, 1, 1)) -> Policy:
    """The father's policy of another plan year, as of his first."""
    policy = Policy.objects.of(city).get(psn_no=FATHER, plan_year__plan_id="jiangsu/yihuibao-1/2022")
    line = policy.order_line
    order = line.order
    paid = order.payment
    payment = Payment.objects.create(
        city=city, reference="r23", provider="sandbox", amount=15800, status="paid", created_at=paid.created_at
    )
    order = Order.objects.create(
        city=city,
        reference="r23",
        applicant=order.applicant,
        plan_year=year,
        plan_digest=year.plan_digest,
        payment=payment,
        channel=order.channel,
        created_at=order.created_at,
    )
    line = OrderLine.objects.create(city=city, order=order, insured=line.insured, relation="self", price=15800)
    policy.pk, policy.number, policy.order_line, policy.plan_year = None, "HM2023-1", line, year
    policy.plan_digest, policy.cover_from, policy.cover_to = year.plan_digest, first, date(2023, 12, 31)
    policy._state.adding = True
    policy.save()
    return policy


def it_is(city: City, day: date) -> None:
    City.objects.filter(pk=city.pk).update(demonstration_day=day)
    city.refresh_from_db()
    forget_all()


def bureau(city: City) -> ApiClient:
    """The bureau's own system as a client of the API."""
    return ApiClient.objects.create(
        city=city, key_id="demo.bureau", kind="bureau", code="bureau", name_zh="医保局", name_en="Bureau", secret="s"
    )


def staff(city: City, name: str) -> Actor:
    """The person of this user name, as the pages let them act in the city."""
    return acting(city, name)


def found(city: City, review: ReviewItem, finding: Finding, note: str = "seen") -> Found:
    """A handler's finding, and the second person's agreement where it is needed."""
    first = find(actor=staff(city, "handler"), review_id=review.pk, finding=finding, note=note)
    if not first.needs_second:
        return first
    return agree(actor=staff(city, "approver"), review_id=review.pk, agrees=True, note="agreed")


def findings_of(city: City, review: ReviewItem) -> list[tuple[str, str]]:
    """What was found of a held bill, the first first: the answer, and what the second person said of it."""
    chain = findings_about(city, subject_of(review.pk), QUESTION)
    return [(finding.answer, finding.agreement.value) for finding in chain]


def story_of(city: City, review: ReviewItem) -> list[str]:
    """What happened to a held bill, kind by kind."""
    return [event.kind for event in history_of(city, subject_of(review.pk)).events]


def limit_is(city: City, fen: int) -> None:
    """The amount above which a second person is needed, raised with an administrator's agreement where it rises."""
    proposal = set_second_person_above(actor=command_actor(city), fen=fen, reason="test")
    if proposal is not None:
        answer_proposal(actor=staff(city, "admin"), approval_id=proposal.id, agrees=True, reason="test")
    city.refresh_from_db()
