"""What a benefit pays on a year's cost, for each kind of member that its terms distinguish."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from huimin.adjudication.compiling import compile_plan
from huimin.adjudication.evaluate import adjudicate
from huimin.adjudication.program import Program
from huimin.settlement import INSUTYPES, Care, Member, Settlement, bill_of_amounts
from huimin.settlement.member import ANY_GROUP

if TYPE_CHECKING:
    from huimin.terms.benefit import Benefit
    from huimin.terms.conditions import When
    from huimin.terms.model import Plan

__all__ = ["Curve", "payment_curves"]

_MEMBER_FACTS = frozenset({"pre_existing", "edition", "basic_insurance", "age", "continuous_years", "claim_free_years"})
_USUAL_CARE = Care(
    hospital="",
    hospital_level=3,
    place="local",
    ward="ordinary",
    settled_by_basic_insurance=True,
    accident=False,
    diagnoses=(),
    items=(),
)


@dataclass(frozen=True, slots=True)
class Curve:
    """`payments` in fen, one for each cost that was given. `when` says for which members; None is the usual member."""

    benefit: str
    when: When | None
    payments: tuple[int, ...]


def payment_curves(plan: Plan, costs: Sequence[int]) -> list[Curve]:
    """For each benefit with known terms, what it pays if the year has one bill with a given cost (fen) of the kind it
    counts.

    The usual member is healthy, an employee, joins for the first time and takes the plan's first edition. Each
    condition on members in the benefit's terms has a curve of its own. Benefits on listed items, allowances and
    benefits whose terms are not known have no curve.
    """
    program = compile_plan(plan)
    curves = []
    for benefit in plan.benefit:
        if not benefit.tiers or hasattr(benefit.base, "items_on") or hasattr(benefit.base, "allowance"):
            continue
        for when in (None, *_conditions(benefit)):
            member = _member(plan, benefit.when, when)
            payments = [_payment(program, member, _bill(plan, benefit, cost), benefit.id) for cost in costs]
            if None not in payments:
                curves.append(Curve(benefit.id, when, tuple(payment or 0 for payment in payments)))
    return curves


def _payment(program: Program, member: Member, bill: Settlement, benefit: str) -> int | None:
    """What the benefit pays on the year's one bill; None where it is not decided."""
    for decision in adjudicate(program, member, [bill]).decisions:
        if benefit not in {one.benefit for one in decision.undecided}:
            return sum(line.payable for line in decision.benefits if line.benefit == benefit)
    return None


def _conditions(benefit: Benefit) -> list[When]:
    """The conditions on members alone, each once."""
    given: Iterable[When] = (
        *(variant.when for variant in benefit.variants),
        *(variant.when for variant in (benefit.deductible.variants if benefit.deductible else ())),
        *(adjustment.when for adjustment in benefit.adjustments),
    )
    return [when for when in dict.fromkeys(given) if when.demands().keys() <= _MEMBER_FACTS]


def _member(plan: Plan, of_benefit: When, when: When | None) -> Member:
    """The usual member, changed as little as the benefit and the condition ask for."""
    demands = of_benefit.demands() | (when.demands() if when is not None else {})

    def word(fact: str, usual: str | None) -> str | None:
        allowed = demands.get(fact)
        return usual if not isinstance(allowed, frozenset) or usual in allowed else str(min(allowed, key=str))

    def number(fact: str, usual: int) -> int:
        allowed = demands.get(fact)
        return max(allowed[0], min(usual, allowed[1])) if isinstance(allowed, tuple) else usual

    years = number("claim_free_years", 0)
    age = number("age", 40)
    first_day = plan.cover.first_day
    return Member(
        psn_no="member",
        cover_from=first_day,
        cover_to=plan.cover.last_day,
        birth_date=first_day.replace(year=first_day.year - age, day=1),
        insutype=INSUTYPES[word("basic_insurance", "employee") or "employee"],
        edition=word("edition", plan.edition[0].id if plan.edition else None),
        continuous_years=max(number("continuous_years", 0), years),
        claim_free_years=years,
        pre_existing=frozenset({ANY_GROUP}) if demands.get("pre_existing") == frozenset({True}) else frozenset(),
    )


def _bill(plan: Plan, benefit: Benefit, cost: int) -> Settlement:
    base = benefit.base
    outside = getattr(base, "quantity", base) in ("self_funded", "out_of_list")
    amounts = (0, cost) if outside else (cost, 0)
    return bill_of_amounts("member", plan.cover.last_day, *amounts, setting=benefit.settings[0], care=_USUAL_CARE)
