"""/api/v1/settlements/trials: a hospital asks what a bill would be paid, and settles it by a second message."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from ninja import Header, Router

from huimin.platform.api.enrolment_schemas import IdempotencyKey
from huimin.platform.api.problems import problem
from huimin.platform.api.settlement_json import settlement_json
from huimin.platform.api.settlement_schemas import SettlementIn, SettlementOut
from huimin.platform.api.signatures import SignedClient, client_of
from huimin.platform.api.trial_json import outdated_json, statement, trial_json
from huimin.platform.api.trial_schemas import TrialOut
from huimin.platform.claims.api import Held, Outdated, cancel_trial, confirm_trial, trial_story, try_settlement
from huimin.platform.foundation.permissions import Action

__all__ = ["held_problem", "trials"]

trials = Router()
_TRIER = SignedClient(Action.TRY_SETTLEMENT)
_PLACE = "/settlements/trials/{trial}"


@trials.post("/settlements/trials", auth=_TRIER, response=TrialOut, tags=["settlements"])
def post_trial(request: HttpRequest, body: SettlementIn, idempotency_key: Header[IdempotencyKey]) -> Any:
    """What the bill would be paid now. Nothing is settled, and a bill that cannot be decided opens no case."""
    found = try_settlement(client=client_of(request), body=body.sent(), key=idempotency_key, say=statement)
    return held_problem(found) if isinstance(found, Held) else trial_json(found)


@trials.post(f"{_PLACE}/confirm", auth=SignedClient(Action.SETTLE), response=SettlementOut, tags=["settlements"])
def post_trial_confirm(request: HttpRequest, trial: str, idempotency_key: Header[IdempotencyKey]) -> Any:
    """Settle the bill of a trial, if it is paid now what the trial said. The answer is that of POST /settlements."""
    found = confirm_trial(client=client_of(request), reference=trial, say=statement)
    if found is None:
        return _not_found()
    if isinstance(found, Held):
        return held_problem(found)
    return _outdated(found) if isinstance(found, Outdated) else settlement_json(found)


@trials.post(f"{_PLACE}/cancel", auth=_TRIER, response=TrialOut, tags=["settlements"])
def post_trial_cancel(request: HttpRequest, trial: str, idempotency_key: Header[IdempotencyKey]) -> Any:
    """Withdraw a trial that was not confirmed. A bill that is settled is taken back by a reversal instead."""
    found = cancel_trial(client=client_of(request), reference=trial)
    if found is None:
        return _not_found()
    return _outdated(found) if isinstance(found, Outdated) else trial_json(found)


# A bill's id may hold slashes: an address that ends in anything else than a trial's id is that of a settlement.
@trials.get(
    "/settlements/trials/{uuid:trial}",
    auth=SignedClient(Action.READ_SETTLEMENT),
    response=TrialOut,
    tags=["settlements"],
)
def get_trial(request: HttpRequest, trial: UUID) -> Any:
    """A trial of this client as it was answered, and how it stands."""
    found = trial_story(client_of(request), str(trial))
    return _not_found() if found is None else trial_json(found)


def held_problem(found: Held) -> HttpResponse:
    refusal = found.refusal
    return problem(refusal.code, refusal.reason, setl_id=refusal.setl_id, review=found.review_id)


def _outdated(found: Outdated) -> HttpResponse:
    detail, fields = outdated_json(found)
    return problem("trial_outdated", detail, **fields)


def _not_found() -> HttpResponse:
    return problem("not_found", "this client made no such trial")
