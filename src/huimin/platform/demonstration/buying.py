"""People of the demonstration order by a channel, and the payment company says that they have paid."""

from __future__ import annotations

from collections.abc import Sequence

from huimin.platform.catalogue.api import PlanYearFacts
from huimin.platform.enrolment.api import confirm_payment, place_order
from huimin.platform.foundation.actors import Actor, provider_actor
from huimin.platform.foundation.relations import Relation
from huimin.platform.gateways.api import Notice
from huimin.platform.people.api import PersonFacts

__all__ = ["buy"]


def buy(
    channel: Actor, plan_year: PlanYearFacts, applicant: PersonFacts, insured: Sequence[tuple[PersonFacts, Relation]]
) -> None:
    """One order, paid at once."""
    placed = place_order(
        actor=channel, plan_year=plan_year, applicant=applicant, insured=insured, terms_opened_now=True
    )
    reference = placed.order.reference
    notice = Notice(f"N-{reference}", reference, "paid", placed.total, f"T-{reference}")
    confirm_payment(actor=provider_actor(channel.city, "sandbox"), notice=notice)
