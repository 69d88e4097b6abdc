"""Publishing a plan year."""

from __future__ import annotations

from datetime import date

from django.db import transaction

from huimin.adjudication import compile_plan
from huimin.errors import HuiminError
from huimin.platform.catalogue.models import PlanYear
from huimin.platform.catalogue.selectors import PlanYearFacts, plan_year_facts
from huimin.platform.foundation.actors import Actor
from huimin.platform.foundation.authorising import authorise
from huimin.platform.foundation.clock import now
from huimin.platform.foundation.permissions import Action
from huimin.platform.foundation.services import record_audit
from huimin.terms import load_plan_text

__all__ = ["publish_plan_year"]


@transaction.atomic
def publish_plan_year(
    *,
    actor: Actor,
    plan_text: str,
    sources_text: str,
    window_first_day: date,
    window_last_day: date,
) -> PlanYearFacts:
    """Freeze these terms for sale in the city.

    Raises NotAllowed; PlanFaults; HuiminError (`bad_window`, or `not_for_sale` if a limit or the price is not known).
    """
    authorise(actor, Action.PUBLISH_PLAN)
    city = actor.city
    loaded = load_plan_text(plan_text, sources_text)
    if any(limit.unknown for benefit in loaded.plan.benefit for limit in benefit.limits):
        raise HuiminError(f"{loaded.plan.id} has a limit that is not known", code="not_for_sale")
    if loaded.plan.premium.fen is None:
        raise HuiminError(f"the price of {loaded.plan.id} is not known", code="not_for_sale")
    if window_last_day < window_first_day:
        raise HuiminError(
            f"the window ends on {window_last_day}, before it begins on {window_first_day}", code="bad_window"
        )
    moment = now(city)
    plan_year: PlanYear = PlanYear.objects.create(
        city=city,
        plan_id=loaded.plan.id,
        plan_digest=loaded.digest,
        program_digest=compile_plan(loaded.plan).digest,
        plan_text=plan_text,
        sources_text=sources_text,
        window_first_day=window_first_day,
        window_last_day=window_last_day,
        published_at=moment,
    )
    record_audit(city=city, actor=actor.text, action="plan_year_published", subject=loaded.plan.id, at=moment)
    return plan_year_facts(plan_year)
