"""An order by which a policy is renewed: nobody sat at a page, so a consent and an announcement stand for it."""

from __future__ import annotations

from huimin.platform.catalogue.api import PlanYearFacts
from huimin.platform.enrolment.models import Policy
from huimin.platform.enrolment.policy_facts import POLICY_COLUMNS, PolicyFacts, policy_facts
from huimin.platform.enrolment.services import PlacedOrder, order_cover
from huimin.platform.foundation.actors import Actor
from huimin.platform.foundation.authorising import authorise
from huimin.platform.foundation.models import City
from huimin.platform.foundation.permissions import Action
from huimin.platform.foundation.relations import Relation
from huimin.platform.foundation.services import writing_together
from huimin.platform.people.api import PersonFacts

__all__ = ["RENEWAL", "place_renewal_order", "policies_by_renewal", "relation_on_policy"]

RENEWAL = "renewal"
"""The channel of such an order."""


@writing_together()
def place_renewal_order(
    *,
    actor: Actor,
    plan_year: PlanYearFacts,
    applicant: PersonFacts,
    insured: PersonFacts,
    relation: Relation,
    edition: str,
) -> PlacedOrder:
    """Order one person's cover for the next year, for whoever agreed to it. Who calls it has the consent.

    Raises NotAllowed; EnrolmentError `not_eligible`, `nothing_to_pay`, `relation_impossible`.
    """
    authorise(actor, Action.RENEW)
    people, editions = [(insured, relation)], {insured.id: edition}
    return order_cover(actor.city, plan_year, applicant, people, editions, (), RENEWAL)


def policies_by_renewal(city: City) -> list[tuple[str, PolicyFacts]]:
    """Every policy that came by such an order and was not given up, with the order's reference."""
    rows = Policy.objects.of(city).filter(order_line__order__channel=RENEWAL, ended_on=None).order_by("pk")
    found = rows.values_list("order_line__order__reference", *POLICY_COLUMNS)
    return [(reference, policy_facts(city, values)) for reference, *values in found]


def relation_on_policy(city: City, policy_id: int) -> Relation:
    """How the insured is related to the holder, as it was ordered."""
    return Relation(Policy.objects.of(city).values_list("order_line__relation", flat=True).get(pk=policy_id))
