"""Undoing an enrolment that was not meant: its policies are given up as their holder or insured could do themself."""

from __future__ import annotations

import json

from huimin.errors import HuiminError
from huimin.platform.enrolment.api import PolicyFacts, policies_of_order
from huimin.platform.enrolment.api import order_by_reference as order_named
from huimin.platform.foundation.actors import Actor, resident_actor
from huimin.platform.foundation.clock import now
from huimin.platform.safeguards.models import Asked, Undone
from huimin.platform.servicing.api import withdraw
from huimin.platform.tasks.api import Attempt, Write, enqueue

__all__ = ["UNDO", "undo_enrolment"]

UNDO = "undo_enrolment"
"""The kind of the task."""
_NOTE = "was it you: no"


def undo_enrolment(attempt: Attempt) -> Write | None:
    """Give up every policy of the order that is theirs: all of them where they paid, their own where they did not.

    Safe to run twice: what was tried stands. What cannot be given up by itself is told to the person, and staff see
    it with the reason.
    """
    city = attempt.task.city
    asked = Asked.objects.of(city).select_related("order").get(pk=json.loads(attempt.task.payload)["asked"])
    order = order_named(city, asked.order.reference)
    if order is None:
        return None
    tried = set(Undone.objects.of(city).filter(asked=asked).values_list("policy_number", flat=True))
    actor = resident_actor(city, asked.resident_id)
    for policy in policies_of_order(order):
        own = asked.resident_id in (policy.insured_id, order.applicant_id)
        if own and policy.number not in tried:
            _undo(actor, asked, policy)
    refused = Undone.objects.of(city).filter(asked=asked).exclude(reason="").exists()
    return (lambda: _tell(asked)) if refused else None


def _undo(actor: Actor, asked: Asked, policy: PolicyFacts) -> None:
    reason, fen = "", 0
    try:
        fen = withdraw(actor=actor, number=policy.number, note=_NOTE).fen
    except HuiminError as error:
        reason = error.code
    Undone.objects.create(
        city=actor.city, asked=asked, policy_number=policy.number, reason=reason, returned=fen, at=now(actor.city)
    )


def _tell(asked: Asked) -> None:
    told = {"template": "undo_by_staff", "order": asked.order.reference, "resident": asked.resident_id}
    enqueue(city=asked.city, kind="notice", key=f"undo-by-staff-{asked.pk}", payload=told)
