"""Agreeing to automatic renewal, and taking that back."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from huimin.errors import HuiminError
from huimin.platform.enrolment.api import PolicyFacts, policy_by_number, relation_on_policy
from huimin.platform.foundation.actors import Actor
from huimin.platform.foundation.authorising import authorise
from huimin.platform.foundation.clock import now
from huimin.platform.foundation.models import City
from huimin.platform.foundation.permissions import Action
from huimin.platform.foundation.relations import Relation
from huimin.platform.foundation.services import record_audit
from huimin.platform.payments.api import end_agreements
from huimin.platform.renewal.consents.consent_words import digest_of, keep_words
from huimin.platform.renewal.consents.models import RenewalConsent, Road

__all__ = [
    "Consent",
    "agree_to_renewal",
    "consent_by_id",
    "consents_in_force",
    "standing_consent",
    "stood_at",
    "take_consent_back",
]


@dataclass(frozen=True, slots=True)
class Consent:
    """A consent that stands, or stood: `words` are the very words."""

    id: int
    payer_id: int
    insured_id: int
    relation: Relation
    policy_number: str
    words: str
    words_digest: str
    language: str
    session: str
    road: Road
    by: str
    at: datetime
    given: bool


@transaction.atomic
def agree_to_renewal(
    *, actor: Actor, number: str, words: str, shown_digest: str, language: str, session: str = ""
) -> None:
    """The holder of this policy agrees, by their own tap, that it is renewed by itself, in these words.

    Nothing is taken before they have signed with the payment company too (`sign_agreement`). `shown_digest`: of the
    words on the page that was tapped. Raises NotAllowed; HuiminError: `policy_not_found`, `shown_words_differ`,
    `consent_given_already`.
    """
    city = actor.city
    policy = policy_by_number(city, number)
    authorise(actor, Action.AGREE_TO_RENEWAL, owner=f"resident:{policy.holder_id}" if policy is not None else "")
    if policy is None:
        raise HuiminError(f"found no policy {number!r}; expected one of this city", code="policy_not_found")
    if digest_of(words) != shown_digest:
        raise HuiminError("the words on the page differ from those of today", code="shown_words_differ")
    if standing_consent(city, policy.holder_id, policy.insured_id) is not None:
        raise HuiminError("this was agreed to before, and still stands", code="consent_given_already")
    _append(actor, policy, given=True, words_id=keep_words(city, words), language=language, session=session)


@transaction.atomic
def take_consent_back(*, actor: Actor, number: str, road: Road, note: str = "") -> bool:
    """The payer or the insured does not want automatic renewal any more; at the counter a handler writes it down.

    With the payer's last consent their agreement with the payment company ends. False where none stood. Raises
    NotAllowed; HuiminError `policy_not_found`.
    """
    city = actor.city
    policy = policy_by_number(city, number)
    owner = f"resident:{policy.holder_id}" if policy is not None else ""
    if policy is not None and actor.owns(f"resident:{policy.insured_id}"):
        owner = f"resident:{policy.insured_id}"
    authorise(actor, Action.STOP_RENEWAL, owner=owner)
    if policy is None:
        raise HuiminError(f"found no policy {number!r}; expected one of this city", code="policy_not_found")
    if standing_consent(city, policy.holder_id, policy.insured_id) is None:
        return False
    _append(actor, policy, given=False, road=road)
    if not consents_in_force(city, payer_id=policy.holder_id):
        end_agreements(city=city, resident_id=policy.holder_id, by=actor.text)
    return True


def _append(
    actor: Actor,
    policy: PolicyFacts,
    *,
    given: bool,
    words_id: int | None = None,
    language: str = "",
    session: str = "",
    road: Road = Road.PAGE,
) -> None:
    city, moment = actor.city, now(actor.city)
    row = RenewalConsent(
        city=city,
        payer_id=policy.holder_id,
        insured_id=policy.insured_id,
        relation=relation_on_policy(city, policy.id),
        given=given,
        policy_number=policy.number,
        words_id=words_id,
        language=language,
        session=session,
        road=road,
        by=actor.text,
        at=moment,
    )
    RenewalConsent.objects.insert([row])
    record_audit(
        city=city,
        actor=actor.text,
        action="renewal_consent_given" if given else "renewal_consent_taken_back",
        subject=f"policy:{policy.number}",
        at=moment,
        detail={"road": str(road)},
    )


def standing_consent(city: City, payer_id: int, insured_id: int) -> Consent | None:
    """What the payer agreed to for this person, if it still stands."""
    rows = RenewalConsent.objects.of(city).filter(payer=payer_id, insured=insured_id).select_related("words")
    last = rows.order_by("-pk").first()
    return _consent(last) if last is not None and last.given else None


def consents_in_force(city: City, payer_id: int | None = None) -> list[Consent]:
    """Every consent that stands, of one payer or of all."""
    rows = RenewalConsent.objects.of(city).select_related("words").order_by("pk")
    if payer_id is not None:
        rows = rows.filter(payer=payer_id)
    last = {(row.payer_id, row.insured_id): row for row in rows}
    return [_consent(row) for row in last.values() if row.given]


def consent_by_id(city: City, consent_id: int) -> Consent | None:
    row = RenewalConsent.objects.of(city).filter(pk=consent_id).select_related("words").first()
    return _consent(row) if row is not None else None


def stood_at(city: City, consents: Iterable[Consent], moment: datetime) -> set[int]:
    """Those of the consents, by id, that were given before this moment and not taken back by then."""
    found = set()
    for one in consents:
        later = RenewalConsent.objects.of(city).filter(
            payer=one.payer_id, insured=one.insured_id, pk__gt=one.id, at__lte=moment, given=False
        )
        if one.given and one.at <= moment and not later.exists():
            found.add(one.id)
    return found


def _consent(row: RenewalConsent) -> Consent:
    text = row.words.text if row.words is not None else ""
    return Consent(
        id=row.pk,
        payer_id=row.payer_id,
        insured_id=row.insured_id,
        relation=Relation(row.relation),
        policy_number=row.policy_number,
        words=text,
        words_digest=row.words.digest if row.words is not None else "",
        language=row.language,
        session=row.session,
        road=Road(row.road),
        by=row.by,
        at=row.at,
        given=row.given,
    )
