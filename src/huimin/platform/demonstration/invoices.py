"""Invoices in the demonstration: asked for by people and organisations, one of them by a wrong number, one taken back.

The invoice platform is played by the sandbox: workers have them issued within the demonstration's first minute.
"""

from __future__ import annotations

from collections.abc import Sequence

from huimin.platform.bulk.api import all_organisations
from huimin.platform.catalogue.api import PlanYearFacts
from huimin.platform.demonstration.buying import buy
from huimin.platform.demonstration.staff import staff_named
from huimin.platform.enrolment.api import check_eligibility, policies_of_city
from huimin.platform.foundation.actors import Actor, demonstration_actor, resident_actor
from huimin.platform.foundation.models import City, Role
from huimin.platform.foundation.relations import Relation
from huimin.platform.invoicing.api import (
    Title,
    ask_for_invoice,
    invoices_of_organisation,
    invoices_with_payer,
    of_organisation,
    set_issuer,
)
from huimin.platform.people.api import PersonFacts
from huimin.platform.servicing.api import withdraw

__all__ = ["load_invoices"]

_SELLER, _SELLER_NUMBER = "示范惠民财产保险股份有限公司", "913200001347590017"
_BUYER = of_organisation("示范市云溪精密机械有限公司", "91320000MA1000007Y")
_NOT_REGISTERED = of_organisation("示范市查无此司有限公司", "91999999MA1000007F")
"""The division 999999 does not exist: the sandbox's platform refuses this number."""
_TITLES: tuple[Title | None, ...] = (None, _BUYER, _NOT_REGISTERED)


def load_invoices(city: City, channel: Actor, plan_year: PlanYearFacts, families: Sequence[list[PersonFacts]]) -> None:
    """Call it last: workers take what it puts into the queue."""
    _issuer(city, plan_year)
    payers = dict.fromkeys(policy.holder_id for policy in policies_of_city(city) if policy.plan_year_id == plan_year.id)
    titles = list(_TITLES)
    for payer in payers:
        amounts = [one for one in invoices_with_payer(city, payer) if one.may_ask] if titles else []
        if amounts:
            ask_for_invoice(actor=resident_actor(city, payer), source=amounts[0].paid.source, title=titles.pop(0))
        elif not titles:
            break
    handler = staff_named(city, "handler", Role.HANDLER)
    for organisation in all_organisations(city):
        for one in invoices_of_organisation(city, organisation.code):
            ask_for_invoice(actor=handler, source=one.paid.source)
    _taken_back(city, channel, plan_year, families)


def _issuer(city: City, plan_year: PlanYearFacts) -> None:
    set_issuer(
        actor=demonstration_actor(city),
        plan_year=plan_year,
        name=_SELLER,
        credit_code=_SELLER_NUMBER,
        tax_rate=None,
        item="*保险服务*健康保险",
    )


def _taken_back(city: City, channel: Actor, plan_year: PlanYearFacts, families: Sequence[list[PersonFacts]]) -> None:
    """A couple joins today, the payer asks for the invoice, and one of the two gives up before cover begins."""
    people = [one for family in families[1:] for one in family[:2] if len(family) > 1]
    eligible = check_eligibility(city=city, plan_year=plan_year, residents=people)
    pairs = (family[:2] for family in reversed(families[1:]) if len(family) > 1)
    payer, other = next(pair for pair in pairs if all(eligible[one.id].eligible for one in pair))
    buy(channel, plan_year, payer, [(payer, Relation.SELF), (other, Relation.SPOUSE)])
    actor = resident_actor(city, payer.id)
    (amount,) = [one for one in invoices_with_payer(city, payer.id) if one.may_ask]
    ask_for_invoice(actor=actor, source=amount.paid.source)
    withdraw(actor=actor, number=amount.paid.policies[-1])
