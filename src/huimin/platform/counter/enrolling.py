"""Somebody stands at a counter: found by their card, told the key terms, asked for consent, and enrolled."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.db import transaction

from huimin.platform.catalogue.api import PlanYearFacts
from huimin.platform.counter.cash import expect_cash, new_cash_key
from huimin.platform.counter.failures import CounterError
from huimin.platform.counter.models import CounterConsent, How
from huimin.platform.disclosure.api import confirm_key_terms
from huimin.platform.enrolment.api import OtherMeans, PlacedOrder, check_eligibility, place_order
from huimin.platform.foundation.actors import Actor
from huimin.platform.foundation.authorising import authorise
from huimin.platform.foundation.clock import now
from huimin.platform.foundation.permissions import Action
from huimin.platform.foundation.relations import Relation
from huimin.platform.foundation.services import record_audit, record_look
from huimin.platform.payments.api import MeansKind
from huimin.platform.people.api import (
    MISSED_AT_COUNTER,
    NamedPerson,
    check_code,
    look_up,
    record_consent,
    send_counter_code,
)

__all__ = ["Agreed", "enrol_at_counter", "find_at_counter", "send_code_from_counter"]


@dataclass(frozen=True, slots=True)
class Agreed:
    """How the person agreed, and to which words. `paper`: the number of what was signed; `check_id` and `code`: of the
    message to their own telephone."""

    how: How
    words: str
    terms_digest: str
    language: str
    paper: str = ""
    check_id: int = 0
    code: str = ""


def find_at_counter(*, actor: Actor, id_number: str, name: str) -> NamedPerson:
    """The person whose card lies on the counter. Each find is in the audit with its purpose; misses are counted.

    Raises NotAllowed; InputError for a mistyped number; IdentityError `too_many_lookups`; CounterError
    `not_in_register`.
    """
    authorise(actor, Action.SERVE_AT_COUNTER)
    found = look_up(city=actor.city, id_number=id_number, name=name, limit=MISSED_AT_COUNTER, asking=actor.text)
    if found is None:
        raise CounterError("nobody of this number and name is in the register", code="not_in_register")
    record_look(actor=actor, action="counter_person_found", subject=f"resident:{found.id}")
    return found


def send_code_from_counter(*, actor: Actor, resident: NamedPerson) -> int:
    """Send a code to the person's own telephone, which they read to the staff if they agree. Returns its check.

    Raises NotAllowed; IdentityError `asked_too_often`.
    """
    authorise(actor, Action.SERVE_AT_COUNTER)
    return send_counter_code(city=actor.city, resident_id=resident.id, staff=actor.key)


def enrol_at_counter(
    *,
    actor: Actor,
    plan_year: PlanYearFacts,
    applicant: NamedPerson,
    insured: Sequence[tuple[NamedPerson, Relation]],
    agreed: Agreed,
    cash: bool,
    editions: Mapping[int, str] | None = None,
) -> PlacedOrder:
    """Order for the person at the counter and their family. `cash`: they pay it here; else by a code or telephone.

    What they confirmed and how they agreed is kept with who wrote it down. Raises NotAllowed; CounterError
    `paper_missing`; IdentityError as `check_code`; EnrolmentError as `place_order`.
    """
    authorise(actor, Action.SERVE_AT_COUNTER)
    # Not in one transaction with what follows, so that a wrong code counts as an attempt even though it fails.
    _prove(actor, applicant, agreed)
    with transaction.atomic():
        return _enrol(actor, plan_year, applicant, insured, agreed, editions, cash=cash)


def _enrol(
    actor: Actor,
    plan_year: PlanYearFacts,
    applicant: NamedPerson,
    insured: Sequence[tuple[NamedPerson, Relation]],
    agreed: Agreed,
    editions: Mapping[int, str] | None,
    *,
    cash: bool,
) -> PlacedOrder:
    city, moment, till = actor.city, now(actor.city), actor.key
    confirm_key_terms(
        actor=actor,
        resident=applicant,
        plan_year=plan_year,
        language=agreed.language,
        words_digest=agreed.terms_digest,
    )
    consent = record_consent(actor=actor, resident=applicant, kind="enrolment", text=agreed.words)
    parts: dict[int, tuple[str, int]] = {}
    if cash:
        people = [person for person, _relation in insured]
        found = check_eligibility(city=city, plan_year=plan_year, residents=people, editions=editions)
        parts = {
            key: (new_cash_key(), one.offer.to_pay)
            for key, one in found.items()
            if one.offer is not None and one.offer.to_pay
        }
    placed = place_order(
        actor=actor,
        plan_year=plan_year,
        applicant=applicant,
        insured=insured,
        terms_opened_now=True,
        editions=editions,
        means=[OtherMeans(person, MeansKind.CASH, till, fen, key) for person, (key, fen) in parts.items()],
    )
    reference = placed.order.reference
    expect_cash(city, reference, till, parts, moment)
    CounterConsent.objects.create(
        city=city,
        order=reference,
        resident_id=applicant.id,
        how=agreed.how,
        paper=agreed.paper.strip(),
        words_digest=consent,
        recorded_by=actor.text,
        recorded_at=moment,
    )
    record_audit(city=city, actor=actor.text, action="counter_enrolled", subject=f"order:{reference}", at=moment)
    return placed


def _prove(actor: Actor, applicant: NamedPerson, agreed: Agreed) -> None:
    if agreed.how != How.CODE:
        if not agreed.paper.strip():
            raise CounterError("the number of the signed paper is missing", code="paper_number_missing")
        return
    found = check_code(city=actor.city, check_id=agreed.check_id, code=agreed.code, purpose=f"counter:{actor.key}")
    if found.id != applicant.id:
        raise CounterError("the code was sent to another person", code="wrong_code")
