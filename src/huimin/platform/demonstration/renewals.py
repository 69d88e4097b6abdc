"""The demonstration's year before: some families had it, agreed to automatic renewal, and were told of it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, timedelta

from huimin.money import format_yuan
from huimin.platform.catalogue.api import PlanYearFacts, publish_plan_year
from huimin.platform.demonstration.buying import buy
from huimin.platform.enrolment.api import policies_of_people
from huimin.platform.foundation.actors import Actor, demonstration_actor, provider_actor, resident_actor
from huimin.platform.foundation.clock import now
from huimin.platform.foundation.models import City
from huimin.platform.foundation.relations import Relation
from huimin.platform.foundation.remembered import forget_all
from huimin.platform.gateways.api import Agreement, AgreementState
from huimin.platform.messages.api import keep_sent, key_at_gateway, text_of
from huimin.platform.payments.api import agreement_of, hear_agreement, sign_agreement
from huimin.platform.people.api import PersonFacts, masked_name, named_persons
from huimin.platform.pool.api import set_shares
from huimin.platform.renewal.api import (
    RenewalSeen,
    Road,
    agree_to_renewal,
    announce_in,
    consent_words,
    count_again,
    digest_of,
    renewals_of_policies,
    undo_renewal,
)

__all__ = ["load_renewals"]

_EDITS = (
    ("yihuibao-1/2022", "yihuibao-1/2021"),
    ("first_day = 2022-01-01", "first_day = 2021-01-01"),
    ("last_day = 2022-12-31", "last_day = 2021-12-31"),
    ("first_day = 2021-12-01", "first_day = 2020-12-01"),
    ('yuan = "158.00"', 'yuan = "128.00"'),
    ('deductible = { per = "year", yuan = "10000.00"', 'deductible = { per = "year", yuan = "12000.00"'),
)
"""An invented year: the real plan began in 2022."""
_WINDOW = (date(2020, 12, 1), date(2021, 2, 28))
_ANNOUNCED_ON = date(2022, 2, 1)
_HAD, _AGREED, _UNDONE, _NOT_RECEIVED = 24, 12, 2, 3


def _publish_year_before(city: City, on_sale: PlanYearFacts, shares: Mapping[str, int]) -> PlanYearFacts:
    """The plan of 2021, cheaper and with a higher deductible."""
    plan_text = on_sale.plan_text
    for old, new in _EDITS:
        plan_text = plan_text.replace(old, new, 1)
    actor = demonstration_actor(city)
    year = publish_plan_year(
        actor=actor,
        plan_text=plan_text,
        sources_text=on_sale.sources_text,
        window_first_day=_WINDOW[0],
        window_last_day=_WINDOW[1],
    )
    set_shares(actor=actor, plan_year=year, basis_points=shares, lead="lead", from_day=_WINDOW[0])
    return year


def load_renewals(
    city: City,
    channel: Actor,
    on_sale: PlanYearFacts,
    families: Sequence[list[PersonFacts]],
    shares: Mapping[str, int],
) -> None:
    """Adults of every seventh family had last year's cover; half of them agreed to automatic renewal, and were told."""
    year = _publish_year_before(city, on_sale, shares)
    people = [one for family in families[3::7] if (one := _adult(family)) is not None][:_HAD]
    channel.city.demonstration_day = _WINDOW[0] + timedelta(days=10)
    for person in people:
        buy(channel, year, person, [(person, Relation.SELF)])
    city.demonstration_day = _ANNOUNCED_ON
    forget_all()
    policies = {one.insured_id: one for one in policies_of_people(city, [person.id for person in people])}
    names = named_persons(city, policies)
    for person in people[:_AGREED]:
        words = consent_words(
            plan_name="江苏医惠保1号",
            insured=masked_name(names[person.id].name),
            days=city.renewal_notice_days,
            language="zh",
        )
        number = policies[person.id].number
        actor = resident_actor(city, person.id)
        agree_to_renewal(actor=actor, number=number, words=words, shown_digest=digest_of(words), language="zh")
        if person is not people[:_AGREED][-1]:
            _sign(actor, person.id)
    count_again(city, list(policies))
    announce_in(city)
    seen = renewals_of_policies(city, [policies[person.id].number for person in people[:_AGREED]])
    for place, renewal in enumerate(seen.values()):
        # The last few did not get the text: a handler has to telephone.
        received = place < len(seen) - _NOT_RECEIVED
        keep_sent(
            city=city,
            key=key_at_gateway(city, f"renewal-{renewal.id}-{renewal.payer_id}"),
            resident_id=renewal.payer_id,
            template="renewal_announced",
            text=text_of("renewal_announced", _told(city, renewal)),
            received=received,
        )
        if renewal.open and place < _UNDONE:
            undo_renewal(actor=resident_actor(city, renewal.payer_id), renewal_id=renewal.id, road=Road.PAGE)


def _sign(actor: Actor, resident_id: int) -> None:
    """As the company says it. The last of those who agreed did not sign."""
    sign_agreement(actor=actor, resident_id=resident_id, back="")
    agreement = agreement_of(actor.city, resident_id)
    assert agreement is not None  # noqa: S101 - made a line above
    said = Agreement(agreement.key, AgreementState.IN_FORCE, f"W-{agreement.key}", now(actor.city))
    hear_agreement(actor=provider_actor(actor.city, agreement.provider), said=said)


def _told(city: City, renewal: RenewalSeen) -> dict[str, str]:
    return {
        "plan": "江苏医惠保1号",
        "insured": "本人",
        "yuan": format_yuan(renewal.price),
        "last": format_yuan(renewal.last_price),
        "day": "2022年2月16日",
        "worse": "与上年相比，有对您不利的变化。" if renewal.worse else "",
        "hotline": city.hotline,
    }


def _adult(family: Sequence[PersonFacts]) -> PersonFacts | None:
    grown = [one for one in family if one.insured and one.birth_date.year <= 1990]
    return grown[0] if grown else None
