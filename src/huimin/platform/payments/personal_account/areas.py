"""Which areas' accounts may pay, and by which place's rules: set by the city, by date."""

from __future__ import annotations

from datetime import date

from django.db import transaction

from huimin.errors import InputError, did_you_mean
from huimin.platform.foundation.actors import Actor
from huimin.platform.foundation.authorising import authorise
from huimin.platform.foundation.clock import now
from huimin.platform.foundation.models import City
from huimin.platform.foundation.permissions import Action
from huimin.platform.foundation.services import record_audit
from huimin.platform.payments.personal_account.models import AccountArea
from huimin.platform.payments.personal_account.rules import AccountRule, rule_on, rules
from huimin.platform.people.api import areas

__all__ = ["open_areas", "rule_of_area", "set_account_area"]


@transaction.atomic
def set_account_area(*, actor: Actor, area: str, place: str, since: date) -> None:
    """Let accounts of an area pay from this day on, by the rules of this place.

    Raises NotAllowed; InputError (`bad_account_area`) for an area that the city has not, or a place without rules.
    """
    authorise(actor, Action.SET_ACCOUNT_AREA)
    city = actor.city
    known, places = [one.code for one in areas(city)], sorted({rule.place for rule in rules()})
    for word, expected in ((area, known), (place, places)):
        if word not in expected:
            meant = did_you_mean(word, expected)
            text = f"found {word!r}; expected one of {', '.join(expected)}. {meant}".rstrip()
            raise InputError(text, code="bad_account_area", values={"found": word, "expected": ", ".join(expected)})
    moment = now(city)
    AccountArea.objects.create(city=city, area=area, place=place, since=since, set_by=actor.text, set_at=moment)
    record_audit(
        city=city,
        actor=actor.text,
        action="account_area_set",
        subject=f"area:{area}",
        at=moment,
        detail={"place": place, "since": str(since)},
    )


def rule_of_area(city: City, area: str, day: date) -> AccountRule | None:
    """The rule for accounts of this area on that day; None where they may not pay."""
    rows = AccountArea.objects.of(city).filter(area=area, since__lte=day).order_by("-since", "-pk")
    place = rows.values_list("place", flat=True).first()
    return rule_on(place, day) if place is not None else None


def open_areas(city: City) -> list[str]:
    """The codes of areas whose accounts may pay, or could."""
    return sorted(set(AccountArea.objects.of(city).values_list("area", flat=True)))
