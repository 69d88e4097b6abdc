"""Announcing renewals: whoever agreed, may join and had cover until now is told by text and in the message centre.

Who agreed and did not sign with the payment company is told that this is missing, and announced once they have.
"""

from __future__ import annotations

from datetime import date, timedelta

from django.db import transaction

from huimin.errors import HuiminError
from huimin.money import format_yuan
from huimin.platform.catalogue.api import PlanYearFacts, plan_on_sale, terms_of
from huimin.platform.enrolment.api import PolicyFacts, check_eligibility, money_of_policies, policies_of_people
from huimin.platform.foundation.actors import queue_actor
from huimin.platform.foundation.clock import now, today
from huimin.platform.foundation.events import Subject
from huimin.platform.foundation.events.recording import history_of
from huimin.platform.foundation.models import City
from huimin.platform.payments.api import agreement_of
from huimin.platform.people.api import masked_name, named_persons, persons_by_id
from huimin.platform.renewal.automatic.changes import sheet_for, sheet_in_words
from huimin.platform.renewal.automatic.models import Renewal, RenewalStatus
from huimin.platform.renewal.consents.agreeing import Consent, consents_in_force
from huimin.platform.renewal.consents.consent_words import keep_words
from huimin.platform.tasks.api import Attempt, enqueue

__all__ = [
    "NO_AGREEMENT",
    "SUBJECT",
    "RenewalError",
    "announce_in",
    "announce_renewals",
    "key_of",
    "subject_of",
    "told_residents",
]

NO_AGREEMENT = "no_agreement"
"""Why a renewal waits: the payer has not signed with the payment company."""
SUBJECT = "renewal"
"""Of the history; and how the keys of messages about a renewal begin."""


def announce_renewals(attempt: Attempt) -> None:
    """A worker's, every night: announce what is not announced yet. Safe to run twice.

    Nothing happens outside the window, or where too few days are left in it to announce in time.
    """
    announce_in(attempt.task.city)


def announce_in(city: City) -> int:
    """The same, for whoever has no task. Returns how many were announced or refused."""
    plan_year, day = plan_on_sale(city), today(city)
    if plan_year is None or not plan_year.window[0] <= day <= _last_day_to_tell(city, plan_year):
        return 0
    done = 0
    for consent in consents_in_force(city):
        with transaction.atomic():
            done += _announce(city, plan_year, consent)
    return done


def _last_day_to_tell(city: City, plan_year: PlanYearFacts) -> date:
    return plan_year.window[1] - timedelta(days=city.renewal_notice_days)


def _announce(city: City, plan_year: PlanYearFacts, consent: Consent) -> int:
    known = Renewal.objects.of(city).filter(plan_year=plan_year.id, insured=consent.insured_id).first()
    signed = _signed(city, consent.payer_id)
    if known is not None:
        return _announce_signed(city, plan_year, known) if signed and known.reason == NO_AGREEMENT else 0
    last = _cover_until_now(city, plan_year, consent)
    if last is None:
        return 0
    person = persons_by_id(city, [consent.insured_id])[consent.insured_id]
    edition = last.member.edition or ""
    found = check_eligibility(city=city, plan_year=plan_year, residents=[person], editions={person.id: edition})
    offer, reasons = found[person.id].offer, found[person.id].reasons
    money = money_of_policies(city, [last.id])[last.id]
    price = offer.to_pay if offer is not None else 0
    last_price = money.company + money.by_account
    refused = reasons[0] if reasons else ("nothing_to_pay" if not price else "" if signed else NO_AGREEMENT)
    to = (plan_year.id, plan_year.plan_digest)
    sheet = sheet_for(last, to, last_price, price, consent.language)
    renewal = Renewal(
        city=city,
        policy_number=last.number,
        insured_id=consent.insured_id,
        payer_id=consent.payer_id,
        consent_id=consent.id,
        plan_year_id=plan_year.id,
        plan_digest=plan_year.plan_digest,
        edition=edition,
        price=price if refused in ("", NO_AGREEMENT) else 0,
        last_price=last_price,
        worse=sheet.worse,
        sheet_id=keep_words(city, sheet_in_words(sheet, consent.language)),
        created_at=now(city),
        charge_on=today(city) + timedelta(days=city.renewal_notice_days),
        status=RenewalStatus.REFUSED if refused else RenewalStatus.ANNOUNCED,
        reason=refused,
    )
    Renewal.objects.insert([renewal])
    _recorded(city, renewal)
    _tell(city, renewal)
    return 1


def _signed(city: City, payer_id: int) -> bool:
    agreement = agreement_of(city, payer_id)
    return agreement is not None and agreement.in_force


def _announce_signed(city: City, plan_year: PlanYearFacts, known: Renewal) -> int:
    """The payer has signed meanwhile: the same sheet is announced now. Other terms than it tells of are not."""
    if known.plan_digest != plan_year.plan_digest:
        return 0
    rows = Renewal.objects.fetch(city, {"id": known.pk, "reason": NO_AGREEMENT}, lock=True)
    if not rows:  # another has announced it meanwhile
        return 0
    (known,) = rows
    known.city, known.status, known.reason = city, RenewalStatus.ANNOUNCED, ""
    known.charge_on = today(city) + timedelta(days=city.renewal_notice_days)
    Renewal.objects.rewrite(known, "status", "reason", "charge_on")
    _recorded(city, known)
    _tell(city, known)
    return 1


def _recorded(city: City, renewal: Renewal) -> None:
    data = {"price": renewal.price, **({"code": renewal.reason} if renewal.reason else {})}
    history = history_of(city, subject_of(renewal))
    history.append(renewal.status, actor=queue_actor(city).text, at=now(city), data=data)


def _cover_until_now(city: City, plan_year: PlanYearFacts, consent: Consent) -> PolicyFacts | None:
    """The policy by which this payer covered this person until the year that is on sale begins."""
    first = terms_of(plan_year).plan.cover.first_day
    policies = [
        policy
        for policy in policies_of_people(city, [consent.insured_id])
        if policy.holder_id == consent.payer_id
        and policy.plan_year_id != plan_year.id
        and policy.ended_on is None
        and policy.member.cover_to == first - timedelta(days=1)
    ]
    return policies[-1] if policies else None


def told_residents(renewal: Renewal) -> list[int]:
    """Payer and insured, who may be one."""
    return sorted({renewal.payer_id, renewal.insured_id})


def key_of(renewal: Renewal, resident_id: int) -> str:
    """Of the message: it goes once, and a reply to it names it."""
    return f"{SUBJECT}-{renewal.pk}-{resident_id}"


def _tell(city: City, renewal: Renewal) -> None:
    plan_year = plan_on_sale(city)
    assert plan_year is not None  # noqa: S101 - it was there a moment ago
    plan = terms_of(plan_year).plan
    names = named_persons(city, [renewal.insured_id])
    template = "renewal_not_possible" if renewal.reason else "renewal_announced"
    template = "renewal_unsigned" if renewal.reason == NO_AGREEMENT else template
    for resident_id in told_residents(renewal):
        payload = {
            "template": template,
            "resident": resident_id,
            "renewal": renewal.pk,
            "plan": plan.name.zh,
            "insured": masked_name(names[renewal.insured_id].name),
            "yuan": format_yuan(renewal.price),
            "last": format_yuan(renewal.last_price),
            "day": f"{renewal.charge_on.year}年{renewal.charge_on.month}月{renewal.charge_on.day}日",
            "worse": "与上年相比，有对您不利的变化。" if renewal.worse else "",
            "hotline": city.hotline,
        }
        key = key_of(renewal, resident_id)
        if renewal.reason == NO_AGREEMENT:
            key = f"unsigned-{key}"  # what is announced once it was signed is another message
        enqueue(city=city, kind="notice", key=key, payload=payload)


def subject_of(renewal: Renewal) -> Subject:
    return Subject(SUBJECT, str(renewal.pk))


class RenewalError(HuiminError):
    """A renewal cannot go this way."""

    code = "renewal_not_open"
