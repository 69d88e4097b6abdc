"""The city's plan of the year before, and people who had it: what renewing needs."""

from __future__ import annotations

from datetime import date, datetime

from django.utils import timezone

from acting import themself
from cast import WANG_FANG
from huimin.platform.catalogue.selectors import PlanYearFacts, plan_on_sale, plan_year_named
from huimin.platform.catalogue.services import publish_plan_year
from huimin.platform.disclosure.confirming import confirm_key_terms
from huimin.platform.enrolment.models import Policy
from huimin.platform.enrolment.services import confirm_payment, open_terms, place_order
from huimin.platform.foundation.actors import demonstration_actor, provider_actor
from huimin.platform.foundation.models import City
from huimin.platform.foundation.relations import Relation
from huimin.platform.foundation.remembered import forget_all
from huimin.platform.gateways.payment_company import Agreement, AgreementState, Notice
from huimin.platform.messages.models import SentMessage
from huimin.platform.payments.agreements.signing import hear_agreement, sign_agreement
from huimin.platform.payments.models import DeductionAgreement
from huimin.platform.people.models import Resident
from huimin.platform.people.selectors import persons_by_id
from huimin.platform.pool.services import set_shares
from huimin.platform.renewal.automatic.announcing import announce_in, key_of
from huimin.platform.renewal.automatic.models import Renewal
from huimin.platform.renewal.consents.agreeing import agree_to_renewal
from huimin.platform.renewal.consents.consent_words import consent_words, digest_of
from platform_support import resident

__all__ = [
    "ANNOUNCED_ON",
    "LAST_YEAR",
    "WORDS",
    "agreed",
    "announced",
    "covered_last_year",
    "day_is",
    "last_year",
    "signed",
    "told",
]

ANNOUNCED_ON = date(2022, 2, 1)
WORDS = consent_words(plan_name="江苏医惠保1号", insured="王*", days=15, language="zh")
LAST_YEAR = "jiangsu/yihuibao-1/2021"
_WINDOW = (date(2020, 12, 1), date(2021, 2, 28))
_EDITS = (
    ("jiangsu/yihuibao-1/2022", LAST_YEAR),
    ("first_day = 2022-01-01", "first_day = 2021-01-01"),
    ("last_day = 2022-12-31", "last_day = 2021-12-31"),
    ("first_day = 2021-12-01", "first_day = 2020-12-01"),
    ('yuan = "158.00"', 'yuan = "128.00"'),
    ('deductible = { per = "year", yuan = "10000.00"', 'deductible = { per = "year", yuan = "12000.00"'),
)


def day_is(city: City, day: date) -> None:
    City.objects.filter(pk=city.pk).update(demonstration_day=day)
    city.refresh_from_db()
    forget_all()


def last_year(city: City) -> PlanYearFacts:
    """The plan of 2021: cheaper, with a higher deductible. Published once."""
    found = plan_year_named(city, LAST_YEAR)
    if found is not None:
        return found
    on_sale = plan_on_sale(city)
    assert on_sale is not None
    text = on_sale.plan_text
    for old, new in _EDITS:
        assert old in text
        text = text.replace(old, new, 1)
    actor = demonstration_actor(city)
    year = publish_plan_year(
        actor=actor,
        plan_text=text,
        sources_text=on_sale.sources_text,
        window_first_day=_WINDOW[0],
        window_last_day=_WINDOW[1],
    )
    set_shares(actor=actor, plan_year=year, basis_points={"lead": 10_000}, lead="lead", from_day=_WINDOW[0])
    forget_all()
    return year


def covered_last_year(city: City, psn_no: str = WANG_FANG, *, paid_on: date = date(2020, 12, 15)) -> Policy:
    """This person bought last year's cover for themself, on this day."""
    year, person, day = last_year(city), resident(city, psn_no), city.demonstration_day
    assert day is not None
    day_is(city, paid_on)
    _had(city, year, person)
    day_is(city, day)
    found: Policy = Policy.objects.of(city).get(insured=person, plan_year=year.id)
    return found


def _had(city: City, year: PlanYearFacts, person: Resident) -> None:
    (facts,) = persons_by_id(city, [person.pk]).values()
    actor = themself(person)
    open_terms(actor=actor, resident=facts, plan_year=year)
    confirm_key_terms(actor=actor, resident=facts, plan_year=year, language="zh", words_digest="0" * 64)
    placed = place_order(actor=actor, plan_year=year, applicant=facts, insured=[(facts, Relation.SELF)])
    reference = placed.order.reference
    notice = Notice(f"N-{reference}", reference, "paid", placed.total, f"T-{reference}")
    confirm_payment(actor=provider_actor(city, "sandbox"), notice=notice)


def agreed(city: City, psn_no: str = WANG_FANG, *, sign: bool = True) -> Policy:
    """Somebody with last year's cover has agreed, and signed with the payment company."""
    policy = covered_last_year(city, psn_no)
    agree_to_renewal(
        actor=themself(policy.holder), number=policy.number, words=WORDS, shown_digest=digest_of(WORDS), language="zh"
    )
    if sign:
        signed(city, policy.holder)
    return policy


def signed(city: City, payer: Resident) -> DeductionAgreement:
    """The payer was sent to the company, and the company's notice says that they signed."""
    sign_agreement(actor=themself(payer), resident_id=payer.pk, back="")
    row: DeductionAgreement = DeductionAgreement.objects.of(city).filter(resident=payer).latest("pk")
    said = Agreement(row.key, AgreementState.IN_FORCE, f"W-{row.key}", timezone.now())
    hear_agreement(actor=provider_actor(city, "sandbox"), said=said)
    row.refresh_from_db()
    return row


def told(city: City, renewal: Renewal, *, received: bool = True, on: date = ANNOUNCED_ON) -> None:
    """The announcement went to the payer, as the outbox keeps it."""
    for resident_id in {renewal.payer_id, renewal.insured_id}:
        SentMessage.objects.create(
            city=city,
            key=f"{city.pk}:notice:{key_of(renewal, resident_id)}",
            resident_id=resident_id,
            template="renewal_announced",
            text="…",
            received=received,
            at=timezone.make_aware(datetime(on.year, on.month, on.day, 9)),
        )


def announced(city: City, psn_no: str = WANG_FANG, *, received: bool = True) -> Renewal:
    agreed(city, psn_no)
    day_is(city, ANNOUNCED_ON)
    assert announce_in(city) == 1
    renewal = Renewal.objects.of(city).get(insured=resident(city, psn_no))
    renewal.city = city
    told(city, renewal, received=received)
    return renewal
