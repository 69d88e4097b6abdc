"""A member's year as a pure function: program, member and settlements in, decisions out.

The set of settlements decides, never the order in which they arrive. Amounts are whole fen.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from huimin.adjudication.program import BenefitProgram, Program, Schedule
from huimin.errors import Refusal
from huimin.money import BASIS, divide_half_up
from huimin.settlement import Member, Settlement, check_amounts, quantity, resolve

__all__ = ["BenefitDecision", "Decision", "MemberYear", "adjudicate", "cumulative_payment", "schedule_for"]


@dataclass(frozen=True, slots=True)
class BenefitDecision:
    """What one benefit pays on one settlement.

    base = deductible_applied + excess. `excess_before` is the benefit's excess of the year before this bill. `cuts`
    name what limited the payment, in order: (limit, fen taken away).
    """

    benefit: str
    base: int
    deductible_applied: int
    excess: int
    excess_before: int
    cuts: tuple[tuple[str, int], ...]
    payable: int


@dataclass(frozen=True, slots=True)
class Decision:
    """What the plan pays on one settlement: one entry for each benefit that applies, in the plan's order."""

    settlement: Settlement
    benefits: tuple[BenefitDecision, ...]

    @property
    def payable(self) -> int:
        return sum(benefit.payable for benefit in self.benefits)


@dataclass(frozen=True, slots=True)
class MemberYear:
    """Every settlement given is in exactly one of the three, repeats counted."""

    decisions: tuple[Decision, ...]
    cancelled: tuple[Settlement, ...]
    refused: tuple[Refusal, ...]


@dataclass(slots=True)
class _Account:
    """What a benefit has used so far in the year."""

    deductible: int = 0
    excess: int = 0
    paid: int = 0


def adjudicate(program: Program, member: Member, settlements: Iterable[Settlement]) -> MemberYear:
    """Decide one member's year. All `settlements` must be this member's; repeats and reversals may be among them."""
    resolution = resolve(settlements)
    accounts = {benefit.id: _Account() for benefit in program.benefits}
    decisions: list[Decision] = []
    refused = list(resolution.refused)
    for settlement in resolution.active:
        if settlement.psn_no != member.psn_no:
            raise ValueError("a settlement of another member was given")
        refusal = check_amounts(settlement) or _refuse(program, member, settlement)
        if refusal is None:
            decisions.append(_decide(program, member, settlement, accounts))
        else:
            refused.append(refusal)
    return MemberYear(tuple(decisions), resolution.cancelled, tuple(refused))


def _refuse(program: Program, member: Member, settlement: Settlement) -> Refusal | None:
    """Why the plan cannot decide this bill, or None."""
    setl_id = settlement.setl_id
    day = _bill_date(program, settlement)
    if day is None:
        reason = f"the plan places a bill by its {program.bill_date} date, which was not reported"
        return Refusal(setl_id, "missing_date", reason)
    if not (member.covers(day) and program.cover_from <= day <= program.cover_to):
        first, last = max(member.cover_from, program.cover_from), min(member.cover_to, program.cover_to)
        return Refusal(setl_id, "uncovered_date", f"the bill is of {day}; the member is covered from {first} to {last}")
    if not settlement.med_type:
        return Refusal(setl_id, "missing_med_type", "med_type was not reported; expected a code such as 21 (inpatient)")
    if any(settlement.med_type in benefit.undecided_med_types for benefit in program.benefits):
        reason = f"the plan covers bills of med_type {settlement.med_type} by a list that is not known to it"
        return Refusal(setl_id, "unknown_terms", reason)
    for benefit in _applicable(program, settlement):
        for name in (benefit.quantity, "personal"):
            if quantity(settlement, name) is None:
                reason = f"the benefit {benefit.id} needs the quantity {name}, a part of which was not reported"
                return Refusal(setl_id, "missing_amount", reason)
    return None


def _bill_date(program: Program, settlement: Settlement) -> date | None:
    if program.bill_date == "settlement":
        return settlement.setl_time.date()
    return settlement.admission if program.bill_date == "admission" else settlement.discharge


def _applicable(program: Program, settlement: Settlement) -> list[BenefitProgram]:
    return [benefit for benefit in program.benefits if settlement.med_type in benefit.med_types]


def _decide(program: Program, member: Member, settlement: Settlement, accounts: dict[str, _Account]) -> Decision:
    """Run the benefits in the plan's order; all together never pay more than the person's own part."""
    applicable = _applicable(program, settlement)
    left_to_person = (quantity(settlement, "personal") or 0) if applicable else 0
    decided: dict[str, BenefitDecision] = {}
    for benefit in applicable:
        earlier = sum(decided[name].payable for name in benefit.less_benefits if name in decided)
        base = max(0, (quantity(settlement, benefit.quantity) or 0) - earlier)
        schedule = schedule_for(benefit, member)
        decision = _benefit_decision(benefit, schedule, base, accounts[benefit.id], left_to_person)
        decided[benefit.id] = decision
        left_to_person -= decision.payable
    return Decision(settlement, tuple(decided.values()))


def _benefit_decision(
    benefit: BenefitProgram, schedule: Schedule, base: int, account: _Account, left_to_person: int
) -> BenefitDecision:
    """One benefit on one bill. Moves the account on."""
    deductible_left = benefit.deductible - (account.deductible if benefit.deductible_per == "year" else 0)
    deductible_applied = min(base, deductible_left)
    excess = base - deductible_applied
    before = account.excess
    scheduled = cumulative_payment(schedule, before + excess) - cumulative_payment(schedule, before)
    payable, cuts = _limited(
        scheduled,
        (
            ("settlement_limit", benefit.settlement_limit),
            ("year_limit", None if benefit.year_limit is None else benefit.year_limit - account.paid),
            ("personal", left_to_person),
        ),
    )
    account.deductible += deductible_applied
    account.excess += excess
    account.paid += payable
    return BenefitDecision(benefit.id, base, deductible_applied, excess, before, cuts, payable)


def _limited(amount: int, limits: tuple[tuple[str, int | None], ...]) -> tuple[int, tuple[tuple[str, int], ...]]:
    """The amount under all limits, and what each took away."""
    cuts: list[tuple[str, int]] = []
    for name, limit in limits:
        if limit is not None and amount > limit:
            cuts.append((name, amount - limit))
            amount = limit
    return amount, tuple(cuts)


def schedule_for(benefit: BenefitProgram, member: Member) -> Schedule:
    """The first schedule whose facts the member has. The last one asks for none, so one always fits."""
    facts = {"pre_existing": bool(member.pre_existing), "first_enrolment": member.first_enrolment}
    return next(s for s in benefit.schedules if all(facts[fact] == value for fact, value in s.when))


def cumulative_payment(schedule: Schedule, excess: int) -> int:
    """T(E): what the tiers pay on a year's excess of `excess` fen, rounded half-up once, on the sum."""
    return divide_half_up(sum(portion * rate for _, rate, portion in tier_portions(schedule, 0, excess)), BASIS)


def tier_portions(schedule: Schedule, start: int, end: int) -> list[tuple[int, int, int]]:
    """(start of the tier, rate, fen of the excess between `start` and `end` that lie in it), empty ones left out."""
    tiers = schedule.tiers
    portions = []
    for index, (above, rate) in enumerate(tiers):
        upper = tiers[index + 1][0] if index + 1 < len(tiers) else end
        portion = min(end, upper) - max(start, above)
        if portion > 0:
            portions.append((above, rate, portion))
    return portions
