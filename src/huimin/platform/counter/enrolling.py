"""Somebody stands at a counter: found by their card, told the key terms, asked for consent, and enrolled."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db import transaction

from huimin.platform.catalogue.api import PlanYearFacts
from huimin.platform.counter.cash import expect_cash, new_cash_key
from huimin.platform.counter.failures import CounterError
from huimin.platform.counter.models import CounterConsent, How
from huimin.platform.disclosure.api import confirm_key_terms
from huimin.platform.enrolment.api import (
    OtherMeans,
    PlacedOrder,
    check_eligibility,
    place_order,
    place_order_from_account,
)
from huimin.platform.foundation.actors import Actor
from huimin.platform.foundation.authorising import authorise
from huimin.platform.foundation.clock import now
from huimin.platform.foundation.permissions import Action
from huimin.platform.foundation.relations import Relation
from huimin.platform.foundation.services import record_audit, record_look
from huimin.platform.payments.api import AccountRule, MeansKind, ask_balance
from huimin.platform.people.api import (
    MISSED_AT_COUNTER,
    NamedPerson,
    check_code,
    look_up,
    record_consent,
    send_counter_code,
)

__all__ = [
    "Agreed",
    "FromAccount",
    "ask_balance_at_counter",
    "enrol_at_counter",
    "find_at_counter",
    "send_code_from_counter",
]


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


@dataclass(frozen=True, slots=True)
class FromAccount:
    """What the applicant's account pays: fen by insured person, by the rule of the area where the account is."""

    area: str
    rule: AccountRule
    pays: Mapping[int, int]


def find_at_counter(*, actor: Actor, id_number: str, name: str) -> NamedPerson:
    """The person whose card lies on the counter. Each find is in the audit with its purpose; misses are counted.

    Raises NotAllowed; InputError for a mistyped number; IdentityError `too_many_lookups`; CounterError
    `not_in_register`.
    """
    authorise(actor, Action.SERVE_AT_COUNTER)
    found = look_up(city=actor.city, id_number=id_number, name=name, limit=MISSED_AT_COUNTER, asking=actor.text)
    if found is None:
        raise CounterError("nobody in the register has this number and name", code="not_in_register")
    record_look(actor=actor, action="counter_person_found", subject=f"resident:{found.id}")
    return found


def send_code_from_counter(*, actor: Actor, resident: NamedPerson) -> int:
    """Send a code to the person's own telephone, which they read to the staff if they agree. Returns its check.

    Raises NotAllowed; IdentityError `asked_too_often`.
    """
    authorise(actor, Action.SERVE_AT_COUNTER)
    return send_counter_code(city=actor.city, resident_id=resident.id, staff=actor.key)


@transaction.atomic
def ask_balance_at_counter(*, actor: Actor, resident: NamedPerson, how: How, paper: str, words: str) -> None:
    """Have the bureau asked for the person's account: they agreed to `words` on a paper with this number.

    Raises NotAllowed; CounterError `paper_number_missing`, also where `how` is no paper.
    """
    authorise(actor, Action.SERVE_AT_COUNTER)
    if how == How.CODE or not paper.strip():
        raise CounterError("the number of the signed paper is missing", code="paper_number_missing")
    record_consent(actor=actor, resident=resident, kind="account_balance", text=words)
    ask_balance(actor=actor, resident=resident)
    record_audit(
        city=actor.city,
        actor=actor.text,
        action="counter_balance_asked",
        subject=f"resident:{resident.id}",
        at=now(actor.city),
        detail={"how": str(how), "paper": paper.strip()},
    )


def enrol_at_counter(
    *,
    actor: Actor,
    plan_year: PlanYearFacts,
    applicant: NamedPerson,
    insured: Sequence[tuple[NamedPerson, Relation]],
    agreed: Agreed,
    cash: bool,
    editions: Mapping[int, str] | None = None,
    account: FromAccount | None = None,
) -> PlacedOrder:
    """Order for the person at the counter and their family. `cash`: they pay it here; else by a code or telephone.
    `account`: pays its part first.

    What they confirmed and how they agreed is kept with who wrote it down. Raises NotAllowed; CounterError
    `paper_missing`; IdentityError as `check_code`; EnrolmentError as `place_order`.
    """
    authorise(actor, Action.SERVE_AT_COUNTER)
    # Not in one transaction with what follows, so that a wrong code counts as an attempt even though it fails.
    _prove(actor, applicant, agreed)
    with transaction.atomic():
        return _enrol(actor, plan_year, applicant, insured, agreed, editions, account, cash=cash)


def _enrol(
    actor: Actor,
    plan_year: PlanYearFacts,
    applicant: NamedPerson,
    insured: Sequence[tuple[NamedPerson, Relation]],
    agreed: Agreed,
    editions: Mapping[int, str] | None,
    account: FromAccount | None,
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
        people, paid = [person for person, _relation in insured], account.pays if account is not None else {}
        found = check_eligibility(city=city, plan_year=plan_year, residents=people, editions=editions)
        rest = {key: one.offer.to_pay - paid.get(key, 0) for key, one in found.items() if one.offer is not None}
        parts = {key: (new_cash_key(), fen) for key, fen in rest.items() if fen > 0}
    in_cash = [OtherMeans(person, MeansKind.CASH, till, fen, key) for person, (key, fen) in parts.items()]
    named: dict[str, Any] = {
        "actor": actor,
        "plan_year": plan_year,
        "applicant": applicant,
        "insured": insured,
        "terms_opened_now": True,
        "editions": editions,
    }
    if account is None:
        placed = place_order(**named, means=in_cash)
    else:
        placed = place_order_from_account(
            **named, account_area=account.area, rule=account.rule, pays=account.pays, others=in_cash
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
