"""Asking for a recalculation."""

from __future__ import annotations

from django.db import transaction

from huimin.errors import HuiminError
from huimin.platform.catalogue.api import PlanYearFacts, terms_of
from huimin.platform.foundation.actors import Actor
from huimin.platform.foundation.authorising import authorise
from huimin.platform.foundation.clock import now
from huimin.platform.foundation.permissions import Action
from huimin.platform.foundation.services import record_audit
from huimin.platform.recalculation.models import Recalculation
from huimin.platform.tasks.api import enqueue
from huimin.terms import load_plan_text

__all__ = ["request_recalculation"]


@transaction.atomic
def request_recalculation(*, actor: Actor, plan_year: PlanYearFacts, plan_text: str, sources_text: str) -> int:
    """Ask for the year's bills to be decided under these terms. A worker does it. Returns the recalculation's id.

    Raises NotAllowed; PlanFaults; HuiminError (`other_plan`) if the terms are those of another plan or cover year.
    """
    authorise(actor, Action.RECALCULATE)
    city = actor.city
    sold, loaded = terms_of(plan_year).plan, load_plan_text(plan_text, sources_text)
    if (loaded.plan.id, loaded.plan.cover) != (sold.id, sold.cover):
        raise HuiminError(
            f"found the terms of {loaded.plan.id} from {loaded.plan.cover.first_day}; expected corrected terms of "
            f"{sold.id} from {sold.cover.first_day} to {sold.cover.last_day}",
            code="other_plan",
        )
    moment = now(city)
    found: Recalculation = Recalculation.objects.create(
        city=city,
        task=enqueue(city=city, kind="recalculation"),
        plan_year_id=plan_year.id,
        plan_digest=loaded.digest,
        plan_text=plan_text,
        sources_text=sources_text,
        requested_by=actor.text,
        requested_at=moment,
    )
    record_audit(city=city, actor=actor.text, action="recalculation_requested", subject=loaded.digest, at=moment)
    return int(found.pk)
