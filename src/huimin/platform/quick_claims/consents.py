"""Consents to fetch settlements: given with a claim, seen with their words, and taken back."""

from __future__ import annotations

import secrets
from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import date, datetime

from django.db import transaction
from django.utils import timezone

from huimin.platform.foundation.actors import Actor
from huimin.platform.foundation.authorising import authorise
from huimin.platform.foundation.clock import now
from huimin.platform.foundation.events import Subject
from huimin.platform.foundation.events.recording import history_of
from huimin.platform.foundation.models import City
from huimin.platform.foundation.permissions import Action
from huimin.platform.people.api import lock_persons
from huimin.platform.quick_claims.failures import QuickClaimError
from huimin.platform.quick_claims.models import FetchConsent, FetchConsentEnd, QuickClaim, QuickClaimState
from huimin.platform.quick_claims.moving import move

__all__ = [
    "ConsentFacts",
    "ConsentText",
    "consents_of",
    "is_in_force",
    "record_fetch_consent",
    "take_fetch_consent_back",
]

PURPOSE, DATA_CLASS = "quick_claim", "settlements"
_SUBJECT = "fetch_consent"


@dataclass(frozen=True, slots=True)
class ConsentText:
    """The words that were shown, and the version of their wording."""

    version: str
    words: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class ConsentFacts:
    """A consent as its page shows it."""

    id: int
    resident_id: int
    given_by_id: int
    first_day: date
    last_day: date
    text: ConsentText
    given_at: datetime
    ended_at: datetime | None
    used_at: datetime | None
    """When the bureau last answered a claim that rests on it."""


def record_fetch_consent(
    *, actor: Actor, resident_id: int, given_by: int, days: tuple[date, date], text: ConsentText
) -> int:
    """Append a consent of this moment and return its number. Call it in the transaction of its claim."""
    city, moment = actor.city, now(actor.city)
    row = FetchConsent(
        city=city,
        resident_id=resident_id,
        given_by_id=given_by,
        purpose=PURPOSE,
        data_class=DATA_CLASS,
        first_day=days[0],
        last_day=days[1],
        text_version=text.version,
        key=secrets.token_hex(12),
        text=text.words,
        given_at=moment,
    )
    FetchConsent.objects.insert([row])
    data = {"purpose": PURPOSE, "data_class": DATA_CLASS, "version": text.version}
    history_of(city, _subject_of(row.pk)).append("given", actor=actor.text, at=moment, data=data)
    return row.pk


@transaction.atomic
def take_fetch_consent_back(*, actor: Actor, resident_id: int, consent_id: int) -> None:
    """From now on the bureau is not asked by this consent. A claim that waits for the bureau ends with it.

    What the bureau has told already stays: it was fetched with a consent, and money may rest on it. Taking it back
    twice is taking it back once. Raises NotAllowed; QuickClaimError `consent_not_known` for one of others.
    """
    authorise(actor, Action.CLAIM_QUICKLY, owner=f"resident:{resident_id}")
    city = actor.city
    row = FetchConsent.objects.of(city).filter(pk=consent_id).first()
    if row is None or resident_id not in (row.resident_id, row.given_by_id):
        raise QuickClaimError(f"no consent {consent_id} is this resident's", code="consent_not_known")
    lock_persons(city, [row.resident_id])
    if not is_in_force(city, consent_id):
        return
    moment = now(city)
    FetchConsentEnd.objects.insert([FetchConsentEnd(city=city, consent_id=consent_id, at=moment, ended_by=actor.text)])
    history_of(city, _subject_of(consent_id)).append("taken_back", actor=actor.text, at=moment)
    for claim in QuickClaim.objects.fetch(city, {"consent": consent_id}, order_by=("id",), lock=True):
        if claim.is_open:
            move(claim, QuickClaimState.WITHDRAWN, by=actor.text, reason="consent_taken_back")


def is_in_force(city: City, consent_id: int) -> bool:
    return not FetchConsentEnd.objects.of(city).filter(consent=consent_id).exists()


def consents_of(city: City, resident_id: int) -> list[ConsentFacts]:
    """The consents to fetch this resident's data, and those that they gave for others; the newest first."""
    rows = FetchConsent.objects.of(city)
    found = list((rows.filter(resident=resident_id) | rows.filter(given_by=resident_id)).order_by("-pk"))
    keys = [row.pk for row in found]
    ends = dict(FetchConsentEnd.objects.of(city).filter(consent__in=keys).values_list("consent_id", "at"))
    used = _last_used(city, keys)
    return [_facts(row, ends.get(row.pk), used.get(row.pk)) for row in found]


def _last_used(city: City, consent_ids: Collection[int]) -> dict[int, datetime]:
    answered = QuickClaim.objects.of(city).filter(consent__in=list(consent_ids), state=QuickClaimState.ANSWERED)
    return {row.consent_id: row.ended_at for row in answered.order_by("pk") if row.ended_at is not None}


def _facts(row: FetchConsent, ended_at: datetime | None, used_at: datetime | None) -> ConsentFacts:
    return ConsentFacts(
        id=row.pk,
        resident_id=row.resident_id,
        given_by_id=row.given_by_id,
        first_day=row.first_day,
        last_day=row.last_day,
        text=ConsentText(row.text_version, row.text),
        given_at=timezone.localtime(row.given_at),
        ended_at=None if ended_at is None else timezone.localtime(ended_at),
        used_at=None if used_at is None else timezone.localtime(used_at),
    )


def _subject_of(consent_id: int) -> Subject:
    return Subject(_SUBJECT, str(consent_id))
