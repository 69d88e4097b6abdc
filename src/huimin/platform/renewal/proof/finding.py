"""The proof that a renewal was agreed to and announced: the consent, its words and moment, the roads, the session."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from huimin.platform.enrolment.api import RENEWAL, order_by_reference, order_of_policy
from huimin.platform.foundation.events import Event
from huimin.platform.foundation.events.recording import history_of
from huimin.platform.foundation.models import City
from huimin.platform.renewal.automatic.announcing import subject_of
from huimin.platform.renewal.automatic.models import Renewal
from huimin.platform.renewal.automatic.roads import Told, roads_of
from huimin.platform.renewal.consents.agreeing import Consent, consent_by_id, stood_at
from huimin.platform.renewal.consents.consent_words import digest_of

__all__ = ["Lack", "Proof", "proof_of"]


class Lack(StrEnum):
    """What is missing of a proof."""

    NO_RENEWAL = "no_renewal"
    """Nothing says that the order was a renewal that somebody agreed to."""
    NO_CONSENT = "no_consent"
    NOT_IN_FORCE = "not_in_force"
    """The consent was given later than the money was taken, or taken back before."""
    OTHER_PEOPLE = "other_people"
    WORDS_DIFFER = "words_differ"
    NOT_ANNOUNCED = "not_announced"
    """Not by two roads before the money was taken."""


@dataclass(frozen=True, slots=True)
class Proof:
    """Of one order that came by renewal. It is whole where nothing lacks."""

    order_reference: str
    consent: Consent | None
    sheet: str
    roads: Sequence[Told]
    events: Sequence[Event]
    lacks: tuple[Lack, ...]
    price: int = 0
    renewal_id: int = 0


def proof_of(city: City, named: str) -> Proof | None:
    """By the number of the policy, or the reference of its order; None where it did not come by renewal."""
    reference = order_of_policy(city, named) or named
    order = order_by_reference(city, reference)
    if order is None or order.channel != RENEWAL:
        return None
    renewal = Renewal.objects.of(city).filter(order_reference=reference).select_related("sheet").first()
    if renewal is None:
        return Proof(reference, None, "", (), (), (Lack.NO_RENEWAL,))
    renewal.city = city
    consent = consent_by_id(city, renewal.consent_id)
    roads = roads_of(city, renewal)
    return Proof(
        order_reference=reference,
        consent=consent,
        sheet=renewal.sheet.text if renewal.sheet is not None else "",
        roads=roads,
        events=history_of(city, subject_of(renewal)).events,
        lacks=tuple(_lacks(city, renewal, consent, roads, order.created_at)),
        price=renewal.price,
        renewal_id=renewal.pk,
    )


def _lacks(
    city: City, renewal: Renewal, consent: Consent | None, roads: Sequence[Told], moment: datetime
) -> list[Lack]:
    """`moment`: when the order was placed."""
    if consent is None or not consent.given:
        return [Lack.NO_CONSENT]
    found = []
    if (consent.payer_id, consent.insured_id) != (renewal.payer_id, renewal.insured_id):
        found.append(Lack.OTHER_PEOPLE)
    if consent.id not in stood_at(city, [consent], moment):
        found.append(Lack.NOT_IN_FORCE)
    if not consent.words or digest_of(consent.words) != consent.words_digest:
        found.append(Lack.WORDS_DIFFER)
    before = {told.road for told in roads if told.at <= moment}
    if len(before) < 2:  # noqa: PLR2004 - by two roads
        found.append(Lack.NOT_ANNOUNCED)
    return found
