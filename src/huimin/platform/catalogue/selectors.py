"""Terms and programs of plan years. Rows never change, so that a compiled program is kept."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date

from huimin.adjudication import Program, compile_plan
from huimin.errors import HuiminError
from huimin.platform.catalogue.models import PlanYear
from huimin.platform.foundation.models import City
from huimin.terms import Plan, load_plan_text

__all__ = [
    "PlanYearFacts",
    "Terms",
    "plan_ids",
    "plan_on_sale",
    "plan_year_by_id",
    "plan_year_facts",
    "plan_year_named",
    "terms_by_digest",
    "terms_of",
    "window_of",
]


@dataclass(frozen=True)
class Terms:
    plan: Plan
    program: Program

    def names(self, language: str) -> dict[str, dict[str, str]]:
        """The names of the plan's parts, by kind and id."""
        return self.plan.names(language)


@dataclass(frozen=True, slots=True)
class PlanYearFacts:
    """A plan year on sale, as it was frozen: the whole text of its terms, and the city's own dates."""

    id: int
    plan_id: str
    plan_digest: str
    program_digest: str
    plan_text: str = field(repr=False)
    sources_text: str = field(repr=False)
    window_first_day: date
    window_last_day: date

    @property
    def window(self) -> tuple[date, date]:
        """The first and last day on which everybody may join. The terms may let some people join later."""
        return self.window_first_day, self.window_last_day


def plan_year_facts(row: PlanYear) -> PlanYearFacts:
    return PlanYearFacts(
        id=row.pk,
        plan_id=row.plan_id,
        plan_digest=row.plan_digest,
        program_digest=row.program_digest,
        plan_text=row.plan_text,
        sources_text=row.sources_text,
        window_first_day=row.window_first_day,
        window_last_day=row.window_last_day,
    )


def terms_of(plan_year: PlanYearFacts) -> Terms:
    """The plan and its program. Raises HuiminError (`terms_changed`) where the text is not what its digest says."""
    found = _terms_of_digest.get(plan_year.plan_digest)
    if found is None:
        loaded = load_plan_text(plan_year.plan_text, plan_year.sources_text)
        _refuse_other(plan_year, loaded.digest, plan_year.plan_digest)
        found = _terms_of_digest.setdefault(loaded.digest, Terms(loaded.plan, compile_plan(loaded.plan)))
    return found


def terms_by_digest(city: City, plan_year_id: int, plan_digest: str) -> Terms:
    """The terms of a plan year whose digest is known: read from the database once in a process.

    Raises HuiminError (`terms_changed`) where the plan year has other terms than those that were sold.
    """
    found = _terms_of_digest.get(plan_digest)
    if found is None:
        plan_year = plan_year_by_id(city, plan_year_id)
        _refuse_other(plan_year, plan_year.plan_digest, plan_digest)
        found = terms_of(plan_year)
    return found


def _refuse_other(plan_year: PlanYearFacts, found: str, expected: str) -> None:
    if found != expected:
        text = (
            f"the terms of {plan_year.plan_id} (plan year {plan_year.id}) have the digest {found}; "
            f"expected {expected}. Somebody changed the row: `huimin seals verify` says which rows differ"
        )
        raise HuiminError(text, code="terms_changed")


_terms_of_digest: dict[str, Terms] = {}
"""Terms are few and never change, and the digest identifies them, so that this never has to be emptied."""


def plan_on_sale(city: City) -> PlanYearFacts | None:
    """The plan year that the city's pages show: the one published last."""
    found = PlanYear.objects.of(city).order_by("-window_first_day", "-pk").first()
    return plan_year_facts(found) if found is not None else None


def window_of(city: City, plan_year_id: int) -> tuple[date, date]:
    """The first and last day of the plan year's enrolment window. One statement."""
    names = ("window_first_day", "window_last_day")
    ((first_day, last_day),) = PlanYear.objects.pick(city, names, {"id": plan_year_id})
    return first_day, last_day


def plan_year_named(city: City, plan_id: str) -> PlanYearFacts | None:
    """The plan year with this id, such as jiangsu/yihuibao-1/2022; of several versions of it, the last published."""
    found = PlanYear.objects.of(city).filter(plan_id=plan_id).order_by("-pk").first()
    return plan_year_facts(found) if found is not None else None


def plan_ids(city: City) -> list[str]:
    """The ids of all plan years that the city has published."""
    return sorted(set(PlanYear.objects.of(city).values_list("plan_id", flat=True)))


def plan_year_by_id(city: City, plan_year_id: int) -> PlanYearFacts:
    found: PlanYear = PlanYear.objects.of(city).get(pk=plan_year_id)
    return plan_year_facts(found)
