"""Every cover year that is known of people: where it comes from, and whether it passed without a claim."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from huimin.adjudication import InsuredYear
from huimin.platform.catalogue.api import terms_by_digest, window_of
from huimin.platform.claims.api import policies_without_claim
from huimin.platform.enrolment.api import PolicyFacts, policies_of_people
from huimin.platform.foundation.models import City
from huimin.platform.renewal.years.models import EarlierYear

__all__ = ["KnownYear", "known_years", "own_year"]


@dataclass(frozen=True, slots=True)
class KnownYear:
    """One cover year of a person, with its source.

    `policy`: the number of our own policy; empty for a year from a list. `plan`: the plan's name in Chinese and
    English. `source` and `source_day`: of a list, who says so, by a paper of which day.
    """

    resident_id: int
    year: InsuredYear
    plan: tuple[str, str]
    policy: str = ""
    source: str = ""
    source_day: date | None = None

    def name(self, language: str) -> str:
        return self.plan[language == "en"]


def known_years(city: City, resident_ids: Collection[int]) -> dict[int, list[KnownYear]]:
    """By resident, the earliest first; residents without a year are there too."""
    found: dict[int, list[KnownYear]] = {resident: [] for resident in resident_ids}
    for one in [*_by_policies(city, resident_ids), *_by_lists(city, resident_ids)]:
        found[one.resident_id].append(one)
    for years in found.values():
        years.sort(key=lambda one: (one.year.first_day, one.year.last_day))
    return found


def own_year(policy: PolicyFacts, plan_first_day: date, window_last_day: date, *, without_claim: bool) -> InsuredYear:
    """A policy as a year. Whoever joined inside the window, or without a break, had it from the plan's first day."""
    member = policy.member
    in_window = member.cover_from <= window_last_day + timedelta(days=1)
    whole = in_window or member.continuous_years > 0
    return InsuredYear(plan_first_day if whole else member.cover_from, member.cover_to, without_claim)


def _by_policies(city: City, resident_ids: Collection[int]) -> Iterator[KnownYear]:
    policies = [one for one in policies_of_people(city, resident_ids) if one.member.cover_to >= one.member.cover_from]
    free = policies_without_claim(city, policies)
    windows = {key: window_of(city, key) for key in {policy.plan_year_id for policy in policies}}
    for policy in policies:
        plan = terms_by_digest(city, policy.plan_year_id, policy.plan_digest).plan
        last = windows[policy.plan_year_id][1]
        year = own_year(policy, plan.cover.first_day, last, without_claim=policy.id in free)
        yield KnownYear(policy.insured_id, year, (plan.name.zh, plan.name.en), policy.number)


def _by_lists(city: City, resident_ids: Collection[int]) -> Iterator[KnownYear]:
    """Of two rows for the same days the later one counts: it corrects the other."""
    rows = EarlierYear.objects.of(city).filter(resident__in=resident_ids).select_related("file").order_by("pk")
    latest: dict[tuple[int, date, date], EarlierYear] = {
        (row.resident_id, row.first_day, row.last_day): row for row in rows.defer("file__content", "file__faults")
    }
    by_person: dict[int, list[EarlierYear]] = defaultdict(list)
    for row in latest.values():
        by_person[row.resident_id].append(row)
    for resident, found in by_person.items():
        for row in found:
            year = InsuredYear(row.first_day, row.last_day, row.without_claim)
            yield KnownYear(resident, year, (row.plan, row.plan), "", row.file.source, row.file.source_day)
