"""An order of which a personal account pays a part or everything, and the payment company or other means the rest."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from django.db import transaction

from huimin.platform.catalogue.api import PlanYearFacts
from huimin.platform.enrolment.completing import complete_order
from huimin.platform.enrolment.means import OtherMeans
from huimin.platform.enrolment.services import PlacedOrder, place_order
from huimin.platform.foundation.actors import Actor
from huimin.platform.foundation.clock import now
from huimin.platform.foundation.relations import Relation
from huimin.platform.payments.api import AccountPart, AccountRule, MeansKind, held_already, new_key, open_lines
from huimin.platform.people.api import PersonFacts, areas

__all__ = ["place_order_from_account"]


@transaction.atomic
def place_order_from_account(
    *,
    actor: Actor,
    plan_year: PlanYearFacts,
    applicant: PersonFacts,
    insured: Sequence[tuple[PersonFacts, Relation]],
    account_area: str,
    rule: AccountRule,
    pays: Mapping[int, int],
    terms_opened_now: bool = False,
    editions: Mapping[int, str] | None = None,
    held: bool = False,
    others: Sequence[OtherMeans] = (),
) -> PlacedOrder:
    """Order cover of which the applicant's account pays `pays` fen, by insured person.

    A worker has the bureau hold the money; the order is issued when it does, and when the rest has come: by `others`,
    or through the company. `held`: it is held already. Raises what `place_order` raises.
    """
    city, codes = actor.city, {area.id: area.code for area in areas(actor.city)}
    parts = [
        AccountPart(new_key(), person.id, codes[person.area_id], relation, pays[person.id])
        for person, relation in insured
        if pays.get(person.id)
    ]
    kind = MeansKind.PERSONAL_ACCOUNT
    from_account = [OtherMeans(part.insured_id, kind, account_area, part.amount, part.key, sure=held) for part in parts]
    placed = place_order(
        actor=actor,
        plan_year=plan_year,
        applicant=applicant,
        insured=insured,
        terms_opened_now=terms_opened_now,
        editions=editions,
        means=[*from_account, *others],
    )
    moment = now(city)
    open_lines(
        city=city,
        order_reference=placed.order.reference,
        plan_year_id=plan_year.id,
        payer_id=applicant.id,
        payer_area=account_area,
        rule=rule,
        parts=parts,
        by=actor.text,
        at=moment,
    )
    if held:
        held_already(city, [part.key for part in parts], moment)
        complete_order(city=city, order_id=placed.order.id, moment=moment)
    return placed
