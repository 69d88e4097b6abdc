"""Asking for a study, and cancelling it."""

from __future__ import annotations

from collections.abc import Mapping

from django.db import transaction

from huimin.actuarial.triangle_files import triangle_of_text
from huimin.errors import HuiminError
from huimin.platform.desk.models import Kind, Study
from huimin.platform.foundation.actors import Actor
from huimin.platform.foundation.authorising import authorise
from huimin.platform.foundation.clock import now
from huimin.platform.foundation.permissions import Action
from huimin.platform.foundation.services import record_audit
from huimin.platform.tasks.api import enqueue, stop
from huimin.terms import load_plan_text

__all__ = ["BOUNDS", "NUMBERS", "cancel_study", "numbers_of", "request_study"]

BOUNDS: Mapping[str, tuple[float, float]] = {
    "people": (20_000, 1_000_000),
    "seed": (0, 2**31 - 1),
    "trend": (-50, 100),
    "expenses": (0, 60),
    "margin": (0, 30),
    "insured": (1, 50_000_000),
    "shock": (0, 50),
    "price": (1, 5_000),
    "take_up": (1, 95),
    "years": (1, 20),
    "target": (10, 100),
    "selection": (-1, 1.5),
    "subsidy": (0, 5_000),
    "account": (0, 1),
    "designs": (1, 2_000),
    "fixed": (0, 10**10),
    "expected": (0, 10**12),
}
"""The least and the greatest value of each number of a study."""
NUMBERS: Mapping[str, tuple[str, ...]] = {
    Kind.PRICE: ("trend", "expenses", "margin", "insured", "shock"),
    Kind.RENEW: ("price", "take_up", "years", "target", "trend", "selection", "subsidy", "account"),
    Kind.DESIGN: ("designs", "expenses", "fixed"),
    Kind.CITY: (),
    Kind.LOOKBACK: ("expenses",),
    Kind.RESERVE: ("expected",),
}


def numbers_of(kind: str) -> tuple[str, ...]:
    """The names of all numbers that a kind of study needs."""
    return NUMBERS[kind] if kind == Kind.RESERVE else ("people", "seed", *NUMBERS[kind])


@transaction.atomic
def request_study(
    *,
    actor: Actor,
    kind: str,
    plan_text: str,
    sources_text: str,
    numbers: Mapping[str, float],
    triangle_text: str = "",
) -> int:
    """Ask for a study, which a worker does. `numbers` has those of `numbers_of`; only a reserve has a `triangle_text`.

    Returns the study's id.
    Raises NotAllowed; PlanFaults; HuiminError (`bad_number`, or the fault of a triangle).
    """
    authorise(actor, Action.STUDY)
    city = actor.city
    given = {name: numbers[name] for name in numbers_of(kind)}
    _check(given)
    if kind == Kind.RESERVE:
        triangle_of_text(triangle_text)
    loaded = load_plan_text(plan_text, sources_text)
    moment = now(city)
    found: Study = Study.objects.create(
        city=city,
        task=enqueue(city=city, kind="study"),
        kind=kind,
        plan_digest=loaded.digest,
        plan_text=plan_text,
        sources_text=sources_text,
        people=int(given.get("people", 0)),
        seed=int(given.get("seed", 0)),
        triangle_text=triangle_text if kind == Kind.RESERVE else "",
        numbers={name: numbers[name] for name in NUMBERS[kind]},
        requested_by=actor.text,
        requested_at=moment,
    )
    record_audit(city=city, actor=actor.text, action="study_requested", subject=f"{kind} {loaded.digest}", at=moment)
    return int(found.pk)


def _check(given: Mapping[str, float]) -> None:
    for name, value in given.items():
        least, most = BOUNDS[name]
        if not least <= value <= most:
            message = f"{name}: found {value:g}; expected {least:,} to {most:,}"
            values = {"field": name, "found": f"{value:g}", "least": f"{least:,}", "most": f"{most:,}"}
            raise HuiminError(message, code="bad_number", values=values)


@transaction.atomic
def cancel_study(*, actor: Actor, study_id: int) -> None:
    """Cancel a study. If it is running it stops at its next step; if it has ended nothing changes. Raises
    NotAllowed.
    """
    authorise(actor, Action.STUDY)
    city = actor.city
    task_id = Study.objects.of(city).values_list("task_id", flat=True).get(pk=study_id)
    if stop(city=city, task_id=task_id):
        record_audit(city=city, actor=actor.text, action="study_cancelled", subject=str(study_id), at=now(city))
