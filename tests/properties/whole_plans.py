"""Random programs that use every feature of the language at once, and members and bills whose care is told or not."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

from hypothesis import strategies as st

from huimin.adjudication import BenefitProgram, LimitProgram, Program, Schedule
from huimin.adjudication.program import (
    AdjustmentProgram,
    AllowanceProgram,
    Condition,
    DeductibleProgram,
    DiseaseGroupProgram,
    ExclusionProgram,
    ItemProgram,
    PreExistingProgram,
)
from huimin.settlement import Care, Item, Member, Settlement
from properties.plans import YEAR, amounts, bills, tiers

GROUPS = (DiseaseGroupProgram("cancer", (("C00", "C97"),)), DiseaseGroupProgram("stroke", (("I60", "I64"),)))
HOSPITALS = (("proton", ("H1", "H2")),)
_DEMANDS = (
    ("pre_existing", "in", (True,)),
    ("pre_existing_group", "any_of", ("cancer",)),
    ("edition", "in", ("plus",)),
    ("basic_insurance", "in", ("resident",)),
    ("age", "between", (60, 150)),
    ("continuous_years", "between", (1, 100)),
    ("claim_free_years", "between", (2, 100)),
    ("setting", "in", ("inpatient",)),
    ("hospital_level", "between", (2, 3)),
    ("hospital_list", "any_of", ("proton",)),
    ("place", "in", ("elsewhere", "referred")),
    ("ward", "in", ("special",)),
    ("settled_by_basic_insurance", "in", (False,)),
    ("accident", "in", (True,)),
    ("disease", "any_of", ("cancer", "stroke")),
    ("related_pre_existing", "in", (True,)),
)
conditions: st.SearchStrategy[Condition] = st.lists(
    st.sampled_from(_DEMANDS), unique_by=lambda demand: demand[0], max_size=2
).map(lambda demands: tuple(sorted(demands)))
maybe_limit = st.none() | amounts


@st.composite
def items(draw: st.DrawFn, code: str) -> ItemProgram:
    first = draw(st.none() | st.dates(*YEAR))
    return ItemProgram(
        code=code,
        from_day=first,
        to_day=None if first is None else first + timedelta(days=draw(st.integers(0, 200))),
        indications=draw(st.sampled_from([(), ("lung",)])),
        year_limit=draw(maybe_limit),
        lines=draw(st.sampled_from([(), (1, 2)])),
        month_limit=draw(maybe_limit),
        unit_limit=draw(maybe_limit),
    )


@st.composite
def limits(draw: st.DrawFn, name: str) -> tuple[LimitProgram, ...]:
    found = []
    for per in ("settlement", "day", "month", "year", "life"):
        if draw(st.integers(0, 3)) == 0:
            pool = "together" if per == "year" and draw(st.booleans()) else f"{name}/{per}"
            found.append(LimitProgram(per, 500_00 if pool == "together" else draw(amounts), draw(conditions), pool))
    return tuple(found)


@st.composite
def bases(draw: st.DrawFn, earlier: tuple[str, ...]) -> dict[str, object]:
    kind = draw(st.sampled_from(["plain", "plain", "residual", "items", "allowance"]))
    if kind == "items":
        return {"quantity": "", "items_on": "drugs"}
    if kind == "allowance":
        per = draw(st.sampled_from(["settlement", "day", "month"]))
        most = draw(st.none() | st.integers(1, 40))
        free = draw(st.integers(0, 4)) if per == "day" else 0
        return {"quantity": "", "allowance": AllowanceProgram(per, draw(amounts), free, most)}
    if kind == "residual":
        less = draw(st.sampled_from([(), ("charity",), ("self_funded", "mutual_aid")]))
        return {"quantity": "personal", "less_quantities": less, "less_benefits": earlier}
    return {"quantity": draw(st.sampled_from(["self_paid", "self_funded", "total"]))}


@st.composite
def benefits(draw: st.DrawFn, name: str, earlier: tuple[str, ...]) -> BenefitProgram:
    base = draw(bases(earlier))
    if draw(st.integers(0, 9)) == 0:
        of_care = draw(st.sampled_from([(), ("14",), ("11", "21")]))
        return BenefitProgram(name, "", med_types=of_care, when=draw(st.just(()) | conditions), unknown="not published")
    schedules = [
        Schedule(draw(conditions), found, unknown=None if found else ("tiers", "not published"))
        for found in draw(st.lists(st.none() | tiers(rising=False), max_size=2))
    ]
    per = None if "allowance" in base else draw(st.sampled_from([None, "year", "settlement"]))
    deductibles = [DeductibleProgram(draw(conditions), draw(amounts)) for _ in range(draw(st.integers(0, 1)))]
    pool = draw(st.sampled_from([name, "together"]))
    return BenefitProgram(
        id=name,
        **base,  # type: ignore[arg-type]
        med_types=draw(st.sampled_from([("21",), ("14", "21")])),
        when=draw(st.just(()) | conditions),
        waiting_days=draw(st.sampled_from([0, 0, 60])),
        waiting_waived=tuple(draw(st.lists(conditions, max_size=1))),
        deductible_per=per,
        deductibles=(*deductibles, DeductibleProgram((), draw(amounts))) if per else (),
        deductible_pool=(pool if per == "year" else name) if per else "",
        on_gross=draw(st.booleans()) if per == "year" and pool == name else False,
        schedules=(*schedules, Schedule((), draw(tiers(rising=False)))),
        adjustments=tuple(
            draw(st.lists(st.builds(AdjustmentProgram, conditions, st.integers(-3_000, 3_000)), max_size=2))
        ),
        rates_between=draw(st.sampled_from([(0, 10_000), (2_000, 8_000)])),
        rounding=draw(st.none() | st.tuples(st.sampled_from([10, 100]), st.sampled_from(["down", "half_up"]))),
        limits=draw(limits(name)),
        minimum=draw(st.sampled_from([0, 0, 20_00])),
    )


@st.composite
def whole_programs(draw: st.DrawFn) -> Program:
    """One to four benefits, and everything that can stand around them."""
    found: list[BenefitProgram] = []
    for number in range(draw(st.integers(1, 4))):
        found.append(draw(benefits(f"b{number}", tuple(benefit.id for benefit in found))))
    exclusion = ExclusionProgram("out", draw(conditions), tuple(draw(st.lists(conditions, max_size=1))), ("b0",))
    rule = PreExistingProgram(
        ("cancer",), draw(st.sampled_from(["cover", "first_cover"])), draw(st.none() | st.just(24))
    )
    listed = draw(st.none() | st.tuples(items("A"), items("B*")))
    return Program(
        plan="random",
        cover_from=YEAR[0],
        cover_to=YEAR[1],
        bill_date=draw(st.sampled_from(["settlement", "admission", "discharge"])),
        benefits=tuple(found),
        disease_groups=GROUPS,
        item_lists=(("drugs", listed),),
        lists_unknown=() if listed else (("drugs", "not published"),),
        hospital_lists=HOSPITALS,
        editions=("basic", "plus"),
        exclusions=(exclusion,) if exclusion.when and draw(st.booleans()) else (),
        payers_before=draw(st.sampled_from([(), ("charity",), ("mutual_aid", "charity")])),
        pre_existing=draw(st.none() | st.just(rule)),
    )


@st.composite
def whole_members(draw: st.DrawFn) -> Member:
    """A member whose cover may begin and end inside the year."""
    first = YEAR[0] + timedelta(days=draw(st.sampled_from([0, 0, 0, 45])))
    return Member(
        psn_no="wang",
        cover_from=first,
        cover_to=draw(st.sampled_from([YEAR[1], YEAR[1], date(2024, 11, 30)])),
        birth_date=draw(st.sampled_from([None, date(1950, 3, 1), date(1990, 3, 1)])),
        insutype=draw(st.sampled_from(["310", "390", None])),
        edition=draw(st.sampled_from([None, "basic", "plus"])),
        continuous_years=draw(st.integers(0, 3)),
        claim_free_years=draw(st.integers(0, 3)),
        pre_existing=draw(st.sampled_from([frozenset[str](), frozenset({"any"}), frozenset({"cancer"})])),
        diagnosed=draw(st.sampled_from([None, (), (("C34.9", date(2022, 5, 1)),), (("I63", date(2023, 5, 1)),)])),
        paid_before=draw(st.sampled_from([(), (), (), None])),
    )


told = st.one_of(st.none(), st.booleans())
cares = st.builds(
    Care,
    hospital=st.sampled_from([None, "H1", "H9"]),
    hospital_level=st.sampled_from([None, 1, 2, 3]),
    place=st.sampled_from([None, "local", "referred", "elsewhere"]),
    ward=st.sampled_from([None, "ordinary", "special"]),
    settled_by_basic_insurance=told,
    accident=told,
    diagnoses=st.sampled_from([None, (), ("C34.9",), ("I63", "J18"), ("J18",)]),
    items=st.none()
    | st.lists(
        st.builds(
            Item,
            code=st.sampled_from(["A", "B1", "B2", "X"]),
            amount=amounts,
            day=st.none() | st.dates(*YEAR),
            indication=st.sampled_from([None, "lung", "other"]),
            line=st.sampled_from([None, 1, 3]),
        ),
        max_size=3,
    ).map(tuple),
)
FULL_CARE = Care("H1", 3, "local", "ordinary", True, False, ("J18",), (Item("A", 100_00, None, "lung", 1),))


@st.composite
def whole_bills(draw: st.DrawFn, setl_id: str) -> Settlement:
    """A bill with what others paid of it; its care is mostly told, so that most bills are decided."""
    bill = draw(bills(setl_id))
    personal = bill.amounts["psn_part_amt"]
    others = {
        name: draw(st.integers(0, personal // 3))
        for name in draw(st.sets(st.sampled_from(["charity_pay", "mutual_aid_pay"])))
    }
    last = bill.setl_time.date()
    first = last - timedelta(days=draw(st.integers(0, 20)))
    days = draw(st.sampled_from([(first, last), (first, last), (last, last), (None, last)]))
    care = draw(st.one_of(st.just(FULL_CARE), st.just(FULL_CARE), st.just(FULL_CARE), cares))
    return replace(bill, amounts={**bill.amounts, **others}, admission=days[0], discharge=days[1], care=care)


@st.composite
def whole_years(draw: st.DrawFn, most: int = 8) -> list[Settlement]:
    """Facts as they come: bills, some reversed, some rows sent twice."""
    facts = [draw(whole_bills(f"S{n}")) for n in range(draw(st.integers(1, most)))]
    for bill in draw(st.lists(st.sampled_from(facts), unique_by=lambda b: b.setl_id, max_size=3)):
        facts.append(replace(bill, setl_id=f"R-{bill.setl_id}", reverses=bill.setl_id, amounts={}))
    return facts + draw(st.lists(st.sampled_from(facts), max_size=3))
