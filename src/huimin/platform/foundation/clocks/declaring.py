"""Declaring a city's own days: days off, worked days, and moratoria, in which no clock runs."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

from django.db import transaction

from huimin.errors import HuiminError, InputError
from huimin.platform.foundation.actors import Actor
from huimin.platform.foundation.authorising import authorise
from huimin.platform.foundation.clock import now
from huimin.platform.foundation.clocks.declared import DAY_OFF, MORATORIUM, WORKED_DAY, subject_of_city
from huimin.platform.foundation.events import that_stand
from huimin.platform.foundation.events.recording import History, history_of
from huimin.platform.foundation.models import City
from huimin.platform.foundation.permissions import Action
from huimin.platform.foundation.services import record_audit, refuse_without_note

__all__ = ["declare_day", "declare_moratorium", "take_back_moratorium", "when_days_change"]

_LONGEST_DAYS = 366
_TAKEN_BACK = "moratorium_taken_back"

Recount = Callable[[City], object]
_recounts: dict[str, Recount] = {}


def when_days_change(name: str, recount: Recount) -> None:
    """Have something done, in the same transaction, whenever a city declares days: a context's deadlines move.

    Called at start-up by the contexts that keep deadlines; each has one, by name.
    """
    _recounts[name] = recount


@transaction.atomic
def declare_day(*, actor: Actor, day: date, worked: bool, reason: str) -> None:
    """A day on which the city's offices work, or do not, whatever the national calendar says. The last word counts.

    Raises NotAllowed; HuiminError (`note_missing`) without a reason.
    """
    authorise(actor, Action.SET_UP)
    refuse_without_note(reason)
    history = _locked(actor.city)
    data = {"day": day.isoformat()}
    _append(actor, history, WORKED_DAY if worked else DAY_OFF, reason, data)
    _record(actor, data, action="worked_day_declared" if worked else "day_off_declared")


@transaction.atomic
def declare_moratorium(*, actor: Actor, first_day: date, last_day: date, reason: str) -> None:
    """Days, both included, that count for nobody's clock, as after a flood.

    Raises NotAllowed; HuiminError (`note_missing`); InputError (`bad_moratorium`) where it ends before it begins or is
    longer than a year.
    """
    authorise(actor, Action.SET_UP)
    refuse_without_note(reason)
    if not 0 <= (last_day - first_day).days < _LONGEST_DAYS:
        text = f"found {first_day} to {last_day}; expected a last day not before the first, and within a year of it"
        raise InputError(text, code="bad_moratorium")
    history, data = _locked(actor.city), _days(first_day, last_day)
    _append(actor, history, MORATORIUM, reason, data)
    _record(actor, data, action="moratorium_declared")


@transaction.atomic
def take_back_moratorium(*, actor: Actor, first_day: date, last_day: date, reason: str) -> None:
    """What was declared with these very days counts no longer, as if it had not been declared.

    Raises NotAllowed; HuiminError (`note_missing`; `no_moratorium` where none with these days stands).
    """
    authorise(actor, Action.SET_UP)
    refuse_without_note(reason)
    history = _locked(actor.city)
    days = _days(first_day, last_day)
    for event in reversed(that_stand(history.events)):
        if event.kind == MORATORIUM and event.data == days:
            _append(actor, history, _TAKEN_BACK, reason, days, undoes=event.number)
            _record(actor, days, action="moratorium_taken_back")
            return
    text = f"found no moratorium from {first_day} to {last_day}; name both days as they were declared"
    raise HuiminError(text, code="no_moratorium")


def _days(first_day: date, last_day: date) -> dict[str, str]:
    return {"first_day": first_day.isoformat(), "last_day": last_day.isoformat()}


def _locked(city: City) -> History:
    """The city's history. Its row is the lock: two declarations at once come one after the other."""
    City.objects.select_for_update().get(pk=city.pk)
    return history_of(city, subject_of_city(city))


def _append(
    actor: Actor, history: History, kind: str, reason: str, data: dict[str, str], undoes: int | None = None
) -> None:
    moment = now(actor.city)
    history.append(kind, actor=actor.text, at=moment, reason=reason, data=data, undoes=undoes)


def _record(actor: Actor, data: dict[str, str], *, action: str) -> None:
    """Write the declaration into the audit, and have every context count its deadlines again."""
    city, subject = actor.city, f"city:{actor.city.code}"
    record_audit(city=city, actor=actor.text, action=action, subject=subject, at=now(city), detail=data)
    for recount in _recounts.values():
        recount(city)
