"""`huimin price`: what a plan costs, at a terminal."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from huimin.cli.arguments import OK, Commands, add_language
from huimin.cli.desk_files import write_json, write_text
from huimin.cli.numbers import percent, whole, yuan
from huimin.cli.population import add_population, population_of
from huimin.extras import require
from huimin.money import BASIS
from huimin.terms import find_plan

if TYPE_CHECKING:
    from huimin.actuarial.portfolio import Outlook
    from huimin.actuarial.pricing import Estimate, Price

__all__ = ["add_commands"]

_CLAUSES = {
    "pre_existing": "without the pre-existing rule",
    "deductible": "every deductible lower by the step",
    "limits": "without limits",
    "exclusions": "without exclusions",
    "waiting": "without waiting periods",
    "points": "without points added or taken",
    "minimum": "without the minimum payment",
    "payers_before": "paying before other payers",
}


def add_commands(commands: Commands) -> None:
    price = commands.add_parser("price", help="what a plan's terms would have cost on a year's bills")
    price.add_argument("plan")
    add_population(price)
    price.add_argument("--trend", type=percent, default=0, metavar="PERCENT", help="growth of all amounts")
    price.add_argument("--expenses", type=percent, default=0, metavar="PERCENT", help="expenses, of the gross premium")
    price.add_argument("--margin", type=percent, default=0, metavar="PERCENT", help="margin, of the gross premium")
    price.add_argument("--deductible-step", type=yuan, default=2_000_00, metavar="YUAN")
    price.add_argument("--fit", action="store_true", help="also price each benefit on a fitted frequency and severity")
    price.add_argument("--rates", action="store_true", help="the premium by age and sex, and who pays for whom")
    price.add_argument(
        "--glm", action="store_true", help="what each trait of a member multiplies the cost by (extra glm)"
    )
    price.add_argument(
        "--insured",
        type=whole(1, 2_000_000_000),
        metavar="N",
        help="what a whole year may cost this many members, with VaR and TVaR",
    )
    price.add_argument(
        "--shock",
        type=percent,
        default=500,
        metavar="PERCENT",
        help="standard deviation of a shock common to all",
    )
    price.add_argument("--out", type=Path, help="a JSON file of everything, with the digests of what went in")
    price.add_argument("--page", type=Path, help="an HTML file with plots")
    add_language(price)
    price.set_defaults(command=_price)


def _price(options: argparse.Namespace) -> int:
    if options.glm:
        require("glm", "--glm")
    from huimin.actuarial.pricing import Assumptions  # noqa: PLC0415 - loads a compiler
    from huimin.actuarial.studies.pricing_study import study_price  # noqa: PLC0415

    assumptions = Assumptions(options.trend, options.expenses, options.margin, options.deductible_step)
    loaded = find_plan(options.plan)
    people = population_of(options, loaded)
    study = study_price(
        loaded,
        people.history,
        people.grounds,
        assumptions,
        fit=options.fit,
        rates=options.rates,
        glm=options.glm,
        insured=options.insured,
        shock=options.shock / BASIS,
        seed=options.seed,
        parameters=people.parameters,
    )
    _show_price(study.price, study.grounds.notice("en"))
    if options.out is not None:
        write_json(options.out, study.document())
    if options.page is not None:
        write_text(options.page, study.page(options.language))
    return OK


def _show_price(found: Price, notice: list[str]) -> None:
    from huimin.actuarial.outcomes import paid_a_head  # noqa: PLC0415 - reads a file
    from huimin.actuarial.unpriced import left_out, reason_in_words  # noqa: PLC0415

    without = left_out(found.not_priced, {}, "en")
    without = f"   {without}" if without else ""
    published = paid_a_head(found.plan)
    lines = [
        *notice,
        f"{found.plan}: {found.members:,} members, {found.members_paid:,} paid; {found.bills_decided:,} bills decided, "
        f"{found.bills_undecided:,} undecided, {found.bills_refused:,} refused",
        f"{'yuan a member and year':<44}{'':>10}{'95 % interval':>24}",
    ]
    for name, one in found.benefits:
        lines.append(_estimate_line(f"  {name}", one))
    for unpriced in found.not_priced:
        told = "also not priced in part" if unpriced.partly else "not priced"
        lines.append(f"{f'  {unpriced.benefit}':<44}{told}: {reason_in_words(unpriced, 'en')}")
    rows = [("pure premium", found.pure), ("gross premium", found.gross)]
    rows += [(f"  {_CLAUSES[one.clause]}", one.difference) for one in found.clauses]
    for name, one in rows:
        if name == "gross premium" and not (found.assumptions.expenses or found.assumptions.margin):
            continue
        lines.append(_estimate_line(name, one) + (without if name in ("pure premium", "gross premium") else ""))
        if name == "pure premium" and published is not None:
            lines.append(f"{f'  published: paid a head by {published.as_of}':<44}{published.value:>10.2f}")
    for fit in found.fitted:
        said = fit.unfit or f"of {fit.frequency:.2%} of members, distance {fit.distance:.3f}"
        lines.append(f"{f'fitted: {fit.benefit}':<44}{'–' if fit.unfit else f'{fit.pure:.2f}':>10}  {said}")
    lines += _rate_lines(found) + _model_lines(found)
    if found.outlook is not None:
        lines += _outlook_lines(found.outlook, without)
    sys.stdout.write("\n".join(lines) + "\n")


def _estimate_line(name: str, one: Estimate) -> str:
    low, high = one.interval
    return f"{name:<44}{one.value:>10.2f}{f'{low:.2f} to {high:.2f}':>24}"


def _rate_lines(found: Price) -> list[str]:
    if not found.rates:
        return []
    lines = [
        "",
        f"{'age and sex':<16}{'members':>12}{'cost':>12}{'±':>8}{'rate':>10}{'one price':>11}{'pays for others':>20}",
    ]
    for one in found.rates:
        name = f"{one.age}+ {'women' if one.sex == '2' else 'men'}"
        row = f"{name:<16}{one.members:>12,}{one.cost:>12.2f}{one.error:>8.2f}{one.rate / 100:>10.2f}"
        lines.append(f"{row}{one.flat / 100:>11.2f}{one.subsidy / 100:>20,.2f}")
    return lines


def _model_lines(found: Price) -> list[str]:
    if found.unmodelled:
        return ["", f"no model of several traits: {found.unmodelled}"]
    if found.model is None:
        return []
    head = f"{'trait and level':<32}{'members':>12}{'paid':>10}{'factor':>10}{'95 % interval':>18}"
    lines = ["", head]
    for one in found.model.levels:
        interval = "base" if one.base else f"{one.low:.2f} to {one.high:.2f}"
        row = f"{f'{one.trait} {one.name}':<32}{one.members:>12,}{one.paid:>10,}"
        lines.append(f"{row}{one.factor:>10.2f}{interval:>18}")
    lines += [f"left out, with too few to tell: {', '.join(found.model.left_out)}"] if found.model.left_out else []
    return lines


def _outlook_lines(found: Outlook, without: str) -> list[str]:
    million = 1_000_000
    reasons = (("chance", found.by_chance), ("the estimate", found.by_estimate), ("common shock", found.by_shock))
    by_reason = ", ".join(f"{name} {value / million:.2f}" for name, value in reasons)
    lines = [
        "",
        f"a year of {found.insured:,} insured: {found.mean / million:.1f} million yuan expected, "
        f"± {found.spread / million:.1f} ({by_reason}){without}",
        f"{'worse in one year of':<44}{'VaR':>10}{'TVaR':>12}   million yuan",
    ]
    for level, value, tail in found.at_risk:
        lines.append(f"{1 / (1 - level):<44.0f}{value / million:>10.1f}{tail / million:>12.1f}")
    return lines
