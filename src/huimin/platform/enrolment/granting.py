"""Orders for people to whom cover is granted without application: made by a worker in groups, declined or completed.

An order of this kind waits until the days for declining are over. Its money is set aside with it, and goes back when
somebody declines.
"""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from datetime import datetime, time, timedelta

from django.db import transaction
from django.utils import timezone

from huimin.errors import HuiminError
from huimin.platform.catalogue.api import PlanYearFacts, plan_year_by_id
from huimin.platform.enrolment.completing import complete_order
from huimin.platform.enrolment.eligibility import check_eligibility
from huimin.platform.enrolment.funding import set_aside
from huimin.platform.enrolment.issuing import tell
from huimin.platform.enrolment.means import means_of, means_rows, tell_collectors
from huimin.platform.enrolment.models import LineMeans, Order, OrderLine, OrderStatus
from huimin.platform.enrolment.offers import Offer
from huimin.platform.foundation.actors import Actor
from huimin.platform.foundation.authorising import authorise
from huimin.platform.foundation.clock import now
from huimin.platform.foundation.models import City
from huimin.platform.foundation.permissions import Action
from huimin.platform.foundation.relations import Relation
from huimin.platform.foundation.services import record_audit, writing_together
from huimin.platform.people.api import PersonFacts, persons_by_id
from huimin.platform.subsidies.api import (
    GrantFacts,
    grant_by_task,
    keep_declined,
    keep_granted,
    still_to_grant,
    to_finish,
)
from huimin.platform.tasks.api import Attempt

__all__ = ["GRANTED", "decline_cover", "finish_grants", "make_granted_orders"]

GRANTED = "grant"
"""The channel of such an order."""
_GROUP = 50


def make_granted_orders(attempt: Attempt) -> None:
    """A worker's: an order for each person who may join and for whom funds pay everything; of the others, why not.

    Fifty people share a transaction. Safe to run twice: it goes on with those of whom nothing is recorded.
    """
    city = attempt.task.city
    grant = grant_by_task(city, attempt.task.key)
    plan_year, left = plan_year_by_id(city, grant.plan_year_id), still_to_grant(city, grant)
    for start in range(0, len(left), _GROUP):
        attempt.progress(start, len(left), "granting")
        with transaction.atomic():
            people = list(persons_by_id(city, left[start : start + _GROUP]).values())
            keep_granted(city, grant, [_granted(city, grant, plan_year, one) for one in people])


def _granted(city: City, grant: GrantFacts, plan_year: PlanYearFacts, person: PersonFacts) -> tuple[int, str, str]:
    """The person, and the reference of their order, or the code of why there is none."""
    found = check_eligibility(city=city, plan_year=plan_year, residents=[person])[person.id]
    if found.reasons or found.offer is None:
        return person.id, "", found.reasons[0] if found.reasons else "unknown_terms"
    if found.offer.to_pay:
        return person.id, "", "own_part_left"
    try:
        return person.id, _order(city, grant, plan_year, person, found.offer), ""
    except HuiminError as error:
        return person.id, "", error.code


@writing_together()
def _order(city: City, grant: GrantFacts, plan_year: PlanYearFacts, person: PersonFacts, offer: Offer) -> str:
    moment = now(city)
    means = set_aside(city, {person.id: offer}, keep_until=_end_of(grant))
    order = Order(
        city=city,
        reference=secrets.token_hex(12),
        applicant_id=person.id,
        plan_year_id=plan_year.id,
        plan_digest=plan_year.plan_digest,
        payment_id=None,
        channel=GRANTED,
        created_at=moment,
    )
    Order.objects.queue([order], keyed=True)
    line = OrderLine(
        city=city,
        order=order,
        insured_id=person.id,
        relation=Relation.SELF,
        edition=offer.edition,
        price=offer.price,
        paid_by=offer.paid_by,
        other_means=sum(one.amount for one in means),
    )
    OrderLine.objects.queue([line], keyed=True)
    LineMeans.objects.queue(means_rows(city, [line], means, moment))
    tell(city, order, "cover_granted", f"granted-{order.pk}", moment)
    return order.reference


def _end_of(grant: GrantFacts) -> datetime:
    """Money of a granted order is kept some days longer than people may decline."""
    return timezone.make_aware(datetime.combine(grant.decline_until, time())) + timedelta(days=7)


@writing_together()
def decline_cover(*, actor: Actor, reference: str) -> None:
    """A resident does not want what was granted to them: the order ends, and the money goes back to the funds.

    Raises NotAllowed; SubsidyError (`not_granted`) where it was declined, or issued since.
    """
    city = actor.city
    order: Order | None = Order.objects.fetch_one(city, {"reference": reference}, lock=True)
    owner = f"resident:{order.applicant_id}" if order is not None else ""
    authorise(actor, Action.DECLINE_COVER, owner=owner)
    waits = order is not None and order.status == OrderStatus.WAITING
    keep_declined(city=city, order=reference if waits else "", by=actor.text)
    if order is None or not waits:
        return
    lines = OrderLine.objects.fetch(city, {"order": order})
    tell_collectors(city, means_of(city, lines), (), now(city))
    order.status = OrderStatus.FAILED
    Order.objects.rewrite(order, "status")
    subject = f"order:{reference}"
    record_audit(city=city, actor=actor.text, action="cover_declined", subject=subject, at=now(city))


def finish_grants(attempt: Attempt) -> None:
    """A worker's, every night: issue what nobody declined in time. Safe to run twice."""
    city = attempt.task.city
    references = to_finish(city)
    waiting = Order.objects.of(city).filter(reference__in=references, status=OrderStatus.WAITING)
    keys: Sequence[int] = list(waiting.order_by("pk").values_list("pk", flat=True))
    for place, key in enumerate(keys):
        attempt.progress(place, len(keys), "issuing")
        with writing_together():
            complete_order(city=city, order_id=key, moment=now(city))
