"""Publishing a plan year, and letting people join it for longer."""

from __future__ import annotations

from datetime import date

from django.db import transaction

from huimin.adjudication import compile_plan
from huimin.errors import HuiminError
from huimin.platform.catalogue.models import PlanYear
from huimin.platform.catalogue.selectors import PlanYearFacts, plan_year_facts, terms_of
from huimin.platform.foundation.actors import Actor
from huimin.platform.foundation.authorising import authorise
from huimin.platform.foundation.clock import now
from huimin.platform.foundation.permissions import Action
from huimin.platform.foundation.services import record_audit, refuse_without_note
from huimin.terms import load_plan_text

__all__ = ["extend_window", "publish_plan_year"]


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


@transaction.atomic
def extend_window(*, actor: Actor, plan_id: str, last_day: date, reason: str) -> PlanYearFacts:
    """Everybody may join until this day, by a public notice of the city (`reason`).

    What the terms say of whoever joins on a day is as it was: from when cover begins, and at which price. Raises
    NotAllowed; HuiminError (`note_missing`, `not_found`, or `bad_window` where it is not longer, or outlasts the
    cover).
    """
    authorise(actor, Action.PUBLISH_PLAN)
    refuse_without_note(reason)
    city = actor.city
    row = PlanYear.objects.of(city).select_for_update().filter(plan_id=plan_id).order_by("-pk").first()
    if row is None:
        raise HuiminError(f"found no plan year {plan_id!r}; expected one of this city", code="not_found")
    before, cover = row.window_last_day, terms_of(plan_year_facts(row)).plan.cover
    if not before < last_day <= cover.last_day:
        text = f"found {last_day} as the last day; expected one after {before} and no later than {cover.last_day}"
        raise HuiminError(text, code="bad_window")
    row.window_last_day = last_day
    row.save(update_fields=["window_last_day"])
    detail = {"from": str(before), "to": str(last_day), "reason": reason}
    record_audit(city=city, actor=actor.text, action="window_extended", subject=plan_id, at=now(city), detail=detail)
    return plan_year_facts(row)
