"""Confirming key terms, and deciding after advice."""

from __future__ import annotations

from collections.abc import Iterable

from huimin.platform.catalogue.api import PlanYearFacts
from huimin.platform.disclosure.models import Decision, KeyTermsConfirmed, SuitabilityAdvice
from huimin.platform.foundation.actors import Actor
from huimin.platform.foundation.authorising import authorise, authorise_enrolling
from huimin.platform.foundation.clock import now
from huimin.platform.foundation.models import City
from huimin.platform.foundation.permissions import Action
from huimin.platform.people.api import PersonFacts

__all__ = ["Decision", "confirm_key_terms", "decide_on_advice", "key_terms_confirmed"]


def confirm_key_terms(
    *, actor: Actor, resident: PersonFacts, plan_year: PlanYearFacts, language: str, words_digest: str
) -> None:
    """The resident confirms the key terms that were shown, in these words. Raises NotAllowed."""
    authorise_enrolling(actor, resident.id)
    city = actor.city
    row = KeyTermsConfirmed(
        city=city,
        resident_id=resident.id,
        plan_year_id=plan_year.id,
        plan_digest=plan_year.plan_digest,
        language=language,
        words_digest=words_digest,
        given_at=now(city),
    )
    KeyTermsConfirmed.objects.queue([row])


def key_terms_confirmed(*, city: City, resident: PersonFacts, plan_year: PlanYearFacts) -> bool:
    """Whether the resident has confirmed the key terms of just these terms."""
    where = {"resident": resident.id, "plan_digest": plan_year.plan_digest}
    return bool(KeyTermsConfirmed.objects.pick(city, ("id",), where))


def decide_on_advice(
    *,
    actor: Actor,
    resident: PersonFacts,
    about: PersonFacts,
    plan_year: PlanYearFacts,
    reasons: Iterable[str],
    words: str,
    decision: Decision,
) -> None:
    """The payer was advised, in these words, not to join `about`, and decided this. Raises NotAllowed."""
    authorise(actor, Action.ENROL, owner=f"resident:{resident.id}")
    city = actor.city
    moment = now(city)
    rows = [
        SuitabilityAdvice(
            city=city,
            resident_id=resident.id,
            about_id=about.id,
            plan_year_id=plan_year.id,
            reason=reason,
            words=words,
            decision=decision,
            given_at=moment,
        )
        for reason in reasons
    ]
    SuitabilityAdvice.objects.queue(rows)
