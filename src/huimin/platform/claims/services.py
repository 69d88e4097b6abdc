"""Receives settlements: they are decided within the request, or kept for a person to look at."""

from __future__ import annotations

from collections.abc import Mapping

from huimin.errors import InputError
from huimin.platform.claims.answers import SettlementAnswer
from huimin.platform.claims.holding import Held
from huimin.platform.claims.messages import Message, message_of
from huimin.platform.claims.receiving import again, decide, in_one_transaction, look, store
from huimin.platform.enrolment.api import lock_policies_of_members
from huimin.platform.foundation.actors import Actor, client_actor
from huimin.platform.foundation.authorising import NotAllowed, admits, authorise, may
from huimin.platform.foundation.clock import now
from huimin.platform.foundation.models import ApiClient
from huimin.platform.foundation.permissions import Action

__all__ = ["Held", "authorise_sending", "receive_message", "receive_settlement"]


def receive_settlement(*, client: ApiClient, body: Mapping[str, str]) -> SettlementAnswer | Held:
    """Receive one bill or reversal, given as texts by national field names. Returns the answer, or Held with the
    reason.

    If the sender repeats the same content under the same id, it gets the first answer again. Other content is held as
    `conflicting_duplicate`: the first answer counts until a person has found out which of the two is genuine. Locks the
    member's policies, recomputes the year, appends new versions of what changed and posts the differences. The client
    is the actor. Raises NotAllowed; InputError: `missing_id` and `bad_text` for a message that cannot even be kept,
    `not_a_reversal` for a bill from the bureau's system, to which no payment can be owed.
    """
    message = message_of(client, body)
    authorise_sending(client_actor(client), reverses=message.settlement.reverses is not None)
    return receive_message(message)


def receive_message(message: Message) -> SettlementAnswer | Held:
    """The one way by which bills come into a year. Whether this client may send it has been asked."""
    return in_one_transaction(message, _receive)


def authorise_sending(actor: Actor, *, reverses: bool) -> None:
    """Refuse a client that may not send this. Whose bill a reversal may name is checked when it is placed (placing.py),
    since that bill may not have come yet.
    """
    if reverses:
        if not admits(actor, Action.REVERSE):
            raise NotAllowed.of(actor, Action.REVERSE)
        return
    if admits(actor, Action.REVERSE) and not may(actor, Action.SETTLE):
        text = "the bureau's channel reverses bills; a bill itself comes from the hospital or pharmacy that treated"
        raise InputError(text, code="not_a_reversal")
    authorise(actor, Action.SETTLE)


def _receive(message: Message) -> SettlementAnswer | Held:
    """Lock, read, work out, and store or hold, in this order, so that nobody can change the year in between."""
    moment, city = now(message.client.city), message.client.city
    seen = look(message, lock_policies_of_members(city, message.settlement.psn_no), moment)
    if seen.earlier:
        return again(seen)
    outcome = decide(seen)
    return outcome if isinstance(outcome, Held) else store(seen, outcome)
