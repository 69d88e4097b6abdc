"""Random programs, members and years whose bills are consistent."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, timedelta

from hypothesis import strategies as st

from huimin.adjudication import BenefitProgram, LimitProgram, Program, Schedule
from huimin.adjudication.program import AdjustmentProgram, DeductibleProgram
from huimin.settlement import Member, Settlement

FIRST_WITH_PRE_EXISTING = (("continuous_years", "between", (0, 0)), ("pre_existing", "in", (True,)))
RESIDENTS = (("basic_insurance", "in", ("resident",)),)
CONDITIONS = ((("pre_existing", "in", (False,)),), RESIDENTS, (("continuous_years", "between", (1, 100)),))
YEAR = (date(2024, 1, 1), date(2024, 12, 31))  # a leap year
amounts = st.one_of(st.integers(0, 50), st.integers(0, 30_000_00), st.integers(0, 2_000_000_00))


@st.composite
def tiers(draw: st.DrawFn, rising: bool) -> tuple[tuple[int, int], ...]:
    starts = [0, *sorted(draw(st.sets(st.integers(1, 200_000_00), max_size=3)))]
    # Two adjustments of five points at most keep every rate between 0 % and 100 %.
    rates = draw(st.lists(st.integers(1_000, 9_000), min_size=len(starts), max_size=len(starts)))
    return tuple(zip(starts, sorted(rates) if rising else rates, strict=True))


@st.composite
def benefits(
    draw: st.DrawFn, name: str, quantity: str, less: tuple[str, ...], rising: bool, shared: bool
) -> BenefitProgram:
    schedules = [Schedule((), draw(tiers(rising)))]
    if draw(st.booleans()):
        schedules.insert(0, Schedule(FIRST_WITH_PRE_EXISTING, draw(tiers(rising))))
    per = draw(st.sampled_from([None, "year"]))
    limit = draw(st.none() | amounts)
    deductibles = [DeductibleProgram((), draw(amounts))]
    if draw(st.booleans()):
        after_two_years = (("continuous_years", "between", (2, 100)),)
        deductibles.insert(0, DeductibleProgram(after_two_years, draw(amounts)))
    return BenefitProgram(
        id=name,
        quantity=quantity,
        less_benefits=less,
        med_types=("21",) if draw(st.booleans()) else ("14", "21"),
        deductible_per=per,
        deductibles=tuple(deductibles) if per else (),
        deductible_pool=(draw(st.sampled_from([name, "together"])) if shared else name) if per else "",
        on_gross=draw(st.booleans()),
        schedules=tuple(schedules),
        when=draw(st.sampled_from([(), (), RESIDENTS])),
        adjustments=tuple(
            draw(
                st.lists(st.builds(AdjustmentProgram, st.sampled_from(CONDITIONS), st.integers(-500, 500)), max_size=2)
            )
        ),
        limits=(LimitProgram("year", limit, (), name),) if limit is not None else (),
    )


@st.composite
def programs(draw: st.DrawFn, rising: bool = False, shared: bool = False) -> Program:
    """Three benefits on expenses that do not overlap: inside the lists, outside them, and what is left.

    With `shared`, some share a deductible: from which it is taken then depends on how the year is cut into bills.
    """
    return Program(
        plan="random",
        cover_from=YEAR[0],
        cover_to=YEAR[1],
        bill_date="settlement",
        benefits=(
            draw(benefits("inside", "self_paid", (), rising, shared)),
            draw(benefits("outside", "self_funded", (), rising, shared)),
            draw(benefits("residual", "personal", ("inside", "outside"), rising, shared)),
        ),
    )


members = st.builds(
    Member,
    psn_no=st.just("wang"),
    cover_from=st.just(YEAR[0]),
    cover_to=st.just(YEAR[1]),
    insutype=st.sampled_from(["310", "390"]),
    continuous_years=st.integers(0, 3),
    pre_existing=st.sampled_from([frozenset[str](), frozenset({"any"})]),
)


@st.composite
def bills(draw: st.DrawFn, setl_id: str) -> Settlement:
    self_paid, self_funded, funds = draw(amounts), draw(amounts), draw(amounts)
    moment = datetime(2024, 1, 1) + timedelta(days=draw(st.integers(0, 365)))
    known = {
        "medfee_sumamt": self_paid + self_funded + funds,
        "fund_pay_sumamt": funds,
        "psn_part_amt": self_paid + self_funded,
        "fulamt_ownpay_amt": self_funded,
    }
    return Settlement(setl_id, "wang", moment, draw(st.sampled_from(["21", "14"])), known)


@st.composite
def years(draw: st.DrawFn, most: int = 8) -> list[Settlement]:
    return [draw(bills(f"S{n}")) for n in range(draw(st.integers(1, most)))]


@st.composite
def years_with_reversals(draw: st.DrawFn) -> list[Settlement]:
    """Facts as they come: bills, some reversed, some rows sent twice."""
    facts = draw(years())
    for bill in draw(st.lists(st.sampled_from(facts), unique_by=lambda b: b.setl_id, max_size=3)):
        facts.append(replace(bill, setl_id=f"R-{bill.setl_id}", reverses=bill.setl_id, amounts={}))
    return facts + draw(st.lists(st.sampled_from(facts), max_size=3))
