"""How much may be asked by trials: what a deductible leaves tells when, and how much, other institutions billed."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from math import ceil

from django.conf import settings

from huimin.platform.claims.messages import Message
from huimin.platform.claims.trials.failures import TrialError
from huimin.platform.claims.trials.models import SettlementTrial
from huimin.platform.foundation.clock import begin_of
from huimin.platform.foundation.encryption import blind_index
from huimin.platform.foundation.models import City

__all__ = ["free_place", "member_index", "refuse_old_care"]


def refuse_old_care(message: Message, moment: datetime) -> None:
    """A bill can be tried for some days only: under many days it would tell what lies between them.

    Settled it may be as ever. What is still to come is held, as where it is settled. Raises TrialError
    (`trial_too_old`).
    """
    settlement = message.settlement
    if settlement.fault is not None and settlement.fault.code == "bad_date":
        return
    first = moment.date() - timedelta(days=settings.TRIAL_DAYS)
    day = min(settlement.setl_time.date(), settlement.discharge or date.max)
    if day < first:
        text = f"the care is of {day}; a trial is made of care from {first} on. The bill itself may be sent as ever"
        raise TrialError(text, code="trial_too_old", values={"found": str(day), "first": str(first)})


def free_place(message: Message, moment: datetime) -> int:
    """The number that the next trial of this member by this client has on this day, from 1. Another one that is made at
    the same moment may take it: a unique constraint has one of them look again. Raises TrialError (`too_many_trials`,
    until the day is over).
    """
    city, day = message.client.city, moment.date()
    where = {"client": message.client, "member": member_index(city, message.settlement.psn_no), "tried_on": day}
    taken = [place for (place,) in SettlementTrial.objects.pick(city, ("place",), where) if place is not None]
    if len(taken) >= settings.TRIALS_A_DAY:
        text = f"{len(taken)} trials for this person on {day}; expected {settings.TRIALS_A_DAY} at most"
        error = TrialError(text, code="too_many_trials", values={"count": str(settings.TRIALS_A_DAY)})
        error.retry_after = ceil((begin_of(day + timedelta(days=1)) - moment).total_seconds())
        raise error
    return max(taken, default=0) + 1


def member_index(city: City, psn_no: str) -> str:
    """Whom a trial is about, as its row has it: who reads the table learns nobody's number."""
    return blind_index(city.code, psn_no)
