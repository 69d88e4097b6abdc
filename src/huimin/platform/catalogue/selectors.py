"""Terms and programs of plan years. Rows are frozen, so what was compiled once is kept."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from huimin.adjudication import Program, compile_plan
from huimin.platform.catalogue.models import PlanYear
from huimin.platform.foundation.models import City
from huimin.terms import Plan, load_plan_text

__all__ = ["Terms", "is_first_plan_year", "plan_on_sale", "plan_year", "terms_by_digest", "terms_of", "window_of"]


@dataclass(frozen=True)
class Terms:
    plan: Plan
    program: Program

    def names(self, language: str) -> dict[str, dict[str, str]]:
        """What the plan's parts are called, by kind and id."""
        return self.plan.names(language)


def terms_of(plan_year: PlanYear) -> Terms:
    """The plan and its program."""
    found = _terms_of_digest.get(plan_year.plan_digest)
    if found is None:
        plan = load_plan_text(plan_year.plan_text, plan_year.sources_text).plan
        found = _terms_of_digest.setdefault(plan_year.plan_digest, Terms(plan, compile_plan(plan)))
    return found


def terms_by_digest(city: City, plan_year_id: int, plan_digest: str) -> Terms:
    """The terms of a plan year whose digest is known: read from the database once in a process."""
    return _terms_of_digest.get(plan_digest) or terms_of(plan_year(city, plan_year_id))


_terms_of_digest: dict[str, Terms] = {}
"""Terms are few and frozen, and their digest says which they are: this never has to be emptied."""


def plan_on_sale(city: City) -> PlanYear | None:
    """The plan year that the city's pages speak of: the one published last."""
    found: PlanYear | None = PlanYear.objects.of(city).order_by("-window_first_day", "-pk").first()
    return found


def is_first_plan_year(city: City, plan_year: PlanYear) -> bool:
    """Whether the city published none before it."""
    return not PlanYear.objects.of(city).filter(pk__lt=plan_year.pk).exists()


def window_of(city: City, plan_year_id: int) -> tuple[date, date]:
    """The first and last day of the plan year's enrolment window. One statement."""
    names = ("window_first_day", "window_last_day")
    ((first_day, last_day),) = PlanYear.objects.pick(city, names, {"id": plan_year_id})
    return first_day, last_day


def plan_year(city: City, plan_year_id: int) -> PlanYear:
    found: PlanYear = PlanYear.objects.of(city).get(pk=plan_year_id)
    return found
