"""Confirms trials and withdraws them. A confirmed bill is settled by the steps of the one-message road."""

from __future__ import annotations

import json
from functools import partial

from django.db import IntegrityError

from huimin.platform.claims.answers import SettlementAnswer
from huimin.platform.claims.holding import Held
from huimin.platform.claims.messages import Message, message_of
from huimin.platform.claims.models import SettlementFact
from huimin.platform.claims.outcome import Outcome
from huimin.platform.claims.receiving import Seen, again, decide, in_one_transaction, look, store
from huimin.platform.claims.services import authorise_sending, receive_message
from huimin.platform.claims.trials.failures import TrialError
from huimin.platform.claims.trials.figures import changed_lines_of, figures_of
from huimin.platform.claims.trials.meanwhile import came_meanwhile
from huimin.platform.claims.trials.models import ONE_END_A_TRIAL, End, SettlementTrial, TrialEnd
from huimin.platform.claims.trials.stories import (
    Outdated,
    State,
    TrialStory,
    end_of,
    own_trial,
    story_of,
    told_of_replacement,
)
from huimin.platform.claims.trials.told import NamedChange, Told
from huimin.platform.claims.trials.trying import Say, keep_trial
from huimin.platform.enrolment.api import lock_policies_of_members
from huimin.platform.foundation.actors import client_actor
from huimin.platform.foundation.authorising import authorise, refuse_other_roles
from huimin.platform.foundation.clock import now
from huimin.platform.foundation.constraints import violates
from huimin.platform.foundation.models import ApiClient
from huimin.platform.foundation.permissions import Action
from huimin.platform.foundation.services import writing_together

__all__ = ["cancel_trial", "confirm_trial"]


def confirm_trial(*, client: ApiClient, reference: str, say: Say) -> SettlementAnswer | Held | Outdated | None:
    """Settle the bill of a trial if it is paid now what the trial said. None if this client made no such trial.

    The year is decided anew under the lock. With the same figures the bill is settled, and the answer is that of the
    one-message road; a confirmation that is sent again gets it again. With others nothing is settled: Outdated says
    what differs and names a new trial. A bill that cannot be decided any more is held as on the one-message road.
    Raises TrialError (`trial_cancelled`); NotAllowed.
    """
    actor = client_actor(client)
    refuse_other_roles(actor, Action.SETTLE)
    trial = own_trial(client, reference)
    if trial is None:
        return None
    trial.client = client
    message = message_of(client, json.loads(trial.body))
    authorise_sending(actor, reverses=message.settlement.reverses is not None)
    while True:
        end = end_of(trial)
        if end is not None:
            return _ended(trial, end, message)
        try:
            return in_one_transaction(message, partial(_confirm, trial=trial, say=say))
        except IntegrityError as error:
            if not violates(error, TrialEnd, ONE_END_A_TRIAL):
                raise
            # It was confirmed or cancelled at the same moment, and what was done here is undone: see how it ended.


def cancel_trial(*, client: ApiClient, reference: str) -> TrialStory | Outdated | None:
    """Withdraw a trial that nobody has confirmed. None if this client made no such trial; Outdated if another took its
    place. Withdrawing it again changes nothing. Raises TrialError (`bill_settled`); NotAllowed.
    """
    authorise(client_actor(client), Action.TRY_SETTLEMENT)
    trial = own_trial(client, reference)
    if trial is None:
        return None
    with writing_together():
        # Whoever settles the bill holds this lock as well: what is read here stands until the trial has ended.
        lock_policies_of_members(client.city, message_of(client, json.loads(trial.body)).settlement.psn_no)
        end = end_of(trial)
        if end is None and story_of(trial, end).state is not State.SETTLED_APART:
            _end(trial, End.CANCELLED)
    end = end or end_of(trial)
    if end is None or end.how == End.CONFIRMED:
        text = f"settlement {trial.setl_id} is settled; a reversal takes it back (POST /settlements, `reverses`)"
        raise TrialError(text, code="bill_settled", values={"setl_id": trial.setl_id})
    return told_of_replacement(trial, end) if end.how == End.REPLACED else story_of(trial, end)


def _ended(trial: SettlementTrial, end: TrialEnd, message: Message) -> SettlementAnswer | Held | Outdated:
    if end.how == End.CANCELLED:
        text = f"this trial of settlement {trial.setl_id} was cancelled; make a new one, or send the bill itself"
        raise TrialError(text, code="trial_cancelled", values={"setl_id": trial.setl_id})
    return told_of_replacement(trial, end) if end.how == End.REPLACED else receive_message(message)


def _confirm(message: Message, *, trial: SettlementTrial, say: Say) -> SettlementAnswer | Held | Outdated:
    """As `services._receive`, and what the trial said must be found again before anything is stored."""
    moment, city = now(message.client.city), message.client.city
    seen = look(message, lock_policies_of_members(city, message.settlement.psn_no), moment)
    if seen.earlier:
        answer = again(seen)
        if not isinstance(answer, Held):
            _end(trial, End.CONFIRMED, next(fact for fact in seen.earlier if message.says_again(fact)))
        return answer
    outcome = decide(seen)
    if isinstance(outcome, Held):
        return outcome
    if figures_of(outcome.answer()) != json.loads(trial.figures):
        return _replace(trial, seen, outcome, say)
    answer = store(seen, outcome)
    _end(trial, End.CONFIRMED, outcome.fact)
    return answer


def _replace(trial: SettlementTrial, seen: Seen, outcome: Outcome, say: Say) -> Outdated:
    """Keep a new trial in place of this one, and what differs between the two."""
    new, answer = keep_trial(seen, outcome, say), outcome.answer()
    names = [answer.terms.plan.benefit_names(language) if answer.terms else {} for language in ("zh", "en")]
    lines = changed_lines_of(json.loads(trial.figures), figures_of(answer))
    changes = [NamedChange(line, *(of_plan.get(line.benefit, "") for of_plan in names)) for line in lines]
    told = Told(changes, came_meanwhile(trial, seen))
    _end(trial, End.REPLACED, new=new, changes=told.to_json())
    return Outdated(trial.reference, new.reference, new.valid_until, told)


def _end(
    trial: SettlementTrial,
    how: End,
    settlement: SettlementFact | None = None,
    new: SettlementTrial | None = None,
    changes: str | None = None,
) -> None:
    """Raises IntegrityError, where the transaction ends, if the trial has ended already."""
    values = {"how": how.value, "settlement": settlement, "replaced_by": new, "changes": changes}
    TrialEnd.objects.queue([TrialEnd(city=trial.city, trial=trial, at=now(trial.city), **values)])
