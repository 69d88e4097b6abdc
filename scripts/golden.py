"""Writes what people read and editors use: plans and explanations in words, every fault's sentence, the schema.

A test holds the texts against the code; a difference is to be read before it is committed.
"""

from __future__ import annotations

import json
import sys
import tempfile
import tomllib
from collections.abc import Callable, Iterator
from functools import partial
from itertools import pairwise
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT / "tests"))

from cases.worked_years import LANGUAGE, WorkedYear, worked_years  # noqa: E402
from huimin.adjudication import adjudicate, explain, payment_curves, render  # noqa: E402
from huimin.batch import adjudicate_files  # noqa: E402
from huimin.errors import PlanFaults  # noqa: E402
from huimin.terms import Plan, compare, find_plan, load_plan, load_plan_text, plan_names, plan_schema, summarise  # noqa: E402

OUT = ROOT / "tests" / "golden"


def plans() -> list[Plan]:
    return [*(find_plan(name).plan for name in plan_names()), load_plan(LANGUAGE / "plan.toml").plan]


def plan_words(language: str) -> Iterator[str]:
    for plan in plans():
        words = summarise(plan, language)
        frame = words.frame
        yield f"== {plan.id}"
        yield from (words.name, words.price, *words.other_prices, words.cover, words.eligibility, *words.headlines)
        for benefit in words.benefits:
            yield f"-- {benefit.id} | {benefit.name} | {benefit.pays_for} | {'known' if benefit.known else 'unknown'}"
            yield from benefit.terms
        yield from (*frame.joining, *frame.exclusions, *frame.history, *frame.pool, *words.good_to_know)


def comparisons(language: str) -> Iterator[str]:
    """Each plan against the next of the catalogue: some are of one city, the others differ in everything."""
    for before, after in pairwise(plans()):
        yield f"== {before.id} > {after.id}"
        yield from (f"{line.heading} {line.mark} {line.text}" for line in compare(before, after, language))


def explanations(language: str) -> Iterator[str]:
    for worked in worked_years():
        yield f"== {worked.name}"
        yield from _explained(worked, language)


def _explained(worked: WorkedYear, language: str) -> Iterator[str]:
    names = worked.plan.names(language)
    year = adjudicate(worked.program, worked.member, worked.bills)
    for decision in year.decisions:
        for line in render(explain(worked.program, decision), names, language):
            yield f"{decision.settlement.setl_id} {line.kind} | {line.text} | {line.amount}"
    if language == "en":
        yield from (f"{refusal.setl_id} {refusal.code} | {refusal.reason}" for refusal in year.refused)


def edits() -> Iterator[tuple[str, str]]:
    """(name, the invented plan's text with some of it replaced)"""
    text = (LANGUAGE / "plan.toml").read_text("utf-8")
    for room, found in tomllib.loads((OUT / "edits.toml").read_text("utf-8")).items():
        for name, pairs in found.items():
            edited = text
            for old, new in zip(pairs[::2], pairs[1::2], strict=True):
                if old not in edited:
                    raise SystemExit(f"{room}.{name}: the plan file no longer contains {old!r}")
                edited = edited.replace(old, new, 1)
            yield f"{room}.{name}", edited


def faults() -> Iterator[str]:
    """What the loader says of each edited plan and, where it finds no fault, what differs in words."""
    sources = (LANGUAGE / "sources.toml").read_text("utf-8")
    plan = load_plan(LANGUAGE / "plan.toml").plan
    for name, edited in edits():
        yield f"== {name}"
        try:
            other = load_plan_text(edited, sources).plan
        except PlanFaults as found:
            yield from map(str, found.faults)
        else:
            yield f"no fault; price {summarise(other, 'en').price_fen}"
            for language in ("en", "zh"):
                yield from (f"{line.heading} {line.mark} {line.text}" for line in compare(plan, other, language))


def curves() -> Iterator[str]:
    """In fen, at costs of 0, 1, 5, 10, 20, 50, 100 and 300 thousand yuan."""
    costs = [fen * 100_000 for fen in (0, 1, 5, 10, 20, 50, 100, 300)]
    for plan in plans():
        for curve in payment_curves(plan, costs):
            when = "" if curve.when is None else json.dumps(curve.when.model_dump(exclude_none=True))
            yield f"{plan.id} {curve.benefit} {when} {curve.payments}"


def refusals() -> Iterator[str]:
    """What the job says of members.csv and bills.csv, in which most bills have something wrong with them."""
    with tempfile.TemporaryDirectory() as home:
        adjudicate_files(load_plan(LANGUAGE / "plan.toml"), OUT / "members.csv", OUT / "bills.csv", Path(home))
        for name in ("decisions.csv", "refused.csv", "summary.json"):
            yield from (Path(home) / name).read_text("utf-8").splitlines()


def schema() -> Iterator[str]:
    yield json.dumps(plan_schema(), ensure_ascii=False, indent=1)


def _texts() -> Iterator[tuple[str, Callable[[], Iterator[str]]]]:
    for room in (plan_words, comparisons, explanations):
        for language in ("zh", "en"):
            yield f"{room.__name__}.{language}.txt", partial(room, language)
    yield from (("faults.txt", faults), ("refusals.txt", refusals), ("curves.txt", curves), ("schema.json", schema))


TEXTS = dict(_texts())
"""What writes each file, line by line."""


if __name__ == "__main__":
    for name, lines in TEXTS.items():
        (OUT / name).write_text("\n".join(lines()) + "\n", "utf-8")
