"""A plan file with other deductibles, rates and limits: a file that loads, shows and adjudicates like any other."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import tomlkit

from huimin.errors import InputError
from huimin.money import BASIS, format_percent, format_yuan, parse_percent, parse_yuan

__all__ = ["Change", "variant"]

_SOURCE = "design"
_STEP = 100_000
"""Deductibles and limits are whole thousands of yuan (in fen), as clauses write them."""
_TENTHS = 10


@dataclass(frozen=True, slots=True)
class Change:
    """`deductible` and `limit` in tenths of the plan's own amounts; `points` (basis points) added to every rate."""

    deductible: int = 10
    points: int = 0
    limit: int = 10

    @property
    def name(self) -> str:
        sign = "m" if self.points < 0 else "p"
        return f"d{self.deductible:02d}-r{sign}{abs(self.points) // 100:02d}-l{self.limit:02d}"


def variant(text: str, sources_text: str, change: Change) -> tuple[str, str]:
    """(plan file, sources file) of a plan under a change; every changed amount names the design as its source.

    Rates stay between 0 and 100 %. Raises InputError (`bad_change`).
    """
    if change.deductible < 0 or change.limit < 1:
        message = f"found a deductible of {change.deductible} and a limit of {change.limit} tenths"
        raise InputError(f"{message}; expected 0 or more, and 1 or more", code="bad_change")
    plan, sources = tomlkit.parse(text), tomlkit.parse(sources_text)
    for benefit in plan.get("benefit", ()):
        if "unknown" not in benefit:
            _change_benefit(benefit, change)
    plan["id"] = f"{plan['id']}-{change.name}"
    sources[_SOURCE] = {
        "title": f"A design of the actuary's desk, {change.name}, drawn from {plan['id']}: nobody sells it"
    }
    return tomlkit.dumps(plan), tomlkit.dumps(sources)


def _change_benefit(benefit: Any, change: Change) -> None:
    deductible = benefit.get("deductible")
    if deductible is not None:
        for row in (deductible, *deductible.get("variants", ())):
            _scale(row, change.deductible)
    for limit in benefit.get("limits", ()):
        _scale(limit, change.limit)
    for schedule in (benefit, *benefit.get("variants", ())):
        tiers = schedule.get("tiers", ())
        if benefit.get("tiers_on") == "gross" and tiers and deductible is not None:
            _begin_at_most(tiers[0], deductible)
        for tier in tiers:
            rate = parse_percent(tier["percent"])
            _set(tier, "percent", format_percent(min(BASIS, max(0, rate + change.points))).rstrip("%"), tier["percent"])


def _begin_at_most(tier: Any, deductible: Any) -> None:
    """Let tiers on the gross amount begin no later than the deductible ends, because the terms would not cover the
    gap.
    """
    amounts = [parse_yuan(row["yuan"]) for row in (deductible, *deductible.get("variants", ())) if "yuan" in row]
    if amounts and "above_yuan" in tier and parse_yuan(tier["above_yuan"]) > min(amounts):
        _set(tier, "above_yuan", format_yuan(min(amounts)), tier["above_yuan"])


def _scale(row: Any, tenths: int) -> None:
    if "yuan" not in row or tenths == _TENTHS:
        return
    fen = parse_yuan(row["yuan"]) * tenths // _TENTHS
    _set(row, "yuan", format_yuan(max(fen // _STEP * _STEP, 0) if fen >= _STEP else fen), row["yuan"])


def _set(row: Any, key: str, value: str, was: str) -> None:
    if value == was:
        return
    row[key] = value
    row["source"] = _SOURCE
