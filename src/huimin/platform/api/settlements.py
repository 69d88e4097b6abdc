"""/api/v1/settlements: hospitals send settled bills one at a time, and read what was answered."""

from __future__ import annotations

import json
from typing import Any

from django.http import HttpRequest, HttpResponse
from ninja import Header, Router

from huimin.platform.api.enrolment_schemas import IdempotencyKey
from huimin.platform.api.problems import problem
from huimin.platform.api.settlement_json import settlement_json
from huimin.platform.api.settlement_schemas import SettlementIn, SettlementOut
from huimin.platform.api.signatures import SignedClient, client_of
from huimin.platform.api.trials import held_problem
from huimin.platform.claims.api import Held, receive_settlement, settlement_answer
from huimin.platform.foundation.permissions import Action

__all__ = ["post_settlement", "settlements"]

settlements = Router()
"""Added behind `trials`: an id may hold slashes, so that this address would take theirs."""
_SENDER, _READER = SignedClient(Action.SETTLE, Action.REVERSE), SignedClient(Action.READ_SETTLEMENT)


@settlements.post("/settlements", auth=_SENDER, response=SettlementOut, tags=["settlements"])
def post_settlement(
    request: HttpRequest,
    body: SettlementIn,
    idempotency_key: Header[IdempotencyKey],
) -> Any:
    """Settle one bill, or reverse one. The settlement's own id makes a repeat harmless, whatever the key."""
    result = receive_settlement(client=client_of(request), body=body.sent())
    if isinstance(result, Held):
        return held_problem(result)
    # Ninja would take the answer apart and put it together again, field by field; that it is one is tested.
    return HttpResponse(json.dumps(settlement_json(result)), content_type="application/json; charset=utf-8")


@settlements.get("/settlements/{path:setl_id}", auth=_READER, response=SettlementOut, tags=["settlements"])
def get_settlement(request: HttpRequest, setl_id: str) -> Any:
    """The answer that was given to a settlement which this hospital sent."""
    found = settlement_answer(client_of(request), setl_id)
    if found is None:
        return problem("not_found", "this hospital sent no such settlement")
    return settlement_json(found)
