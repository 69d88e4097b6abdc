"""Each number of an explanation that is not the usual one says which fact or clause made it so, as data and in words."""

# ruff: noqa: E501 - plan files read best with one term a line
from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from huimin.adjudication import Explanation, adjudicate, compile_plan, explain, render
from huimin.adjudication.reasons import Reason
from huimin.settlement import Care, Member, Settlement, bill_of_amounts
from huimin.terms import Plan, load_plan_text
from small_plan import BENEFIT, CANCER, HEAD, SECOND, SOURCES, TIERS

CLAUSES = SOURCES + "".join(
    f"[clauses.clauses]\n{text}\n" for text in ['usual = "1"\nill = "2"\nmost = "3"\nborne = "4"']
)
USUAL = TIERS.replace('"clauses"', '"clauses:usual"')
ILL = 'adjustments = [{ when = { pre_existing = true, first_enrolment = true }, percentage_points = "-10", source = "clauses:ill" }]\n'
PLUS = '[[edition]]\nid = "plus"\nname = { zh = "升级版", en = "upgraded edition" }\nsource = "clauses"\n'
CENTRES = '[[hospital_list]]\nid = "centres"\nname = { zh = "质子中心", en = "a proton centre" }\ncodes = ["H1"]\nsource = "clauses"\n'
CARE = Care(
    hospital="H1",
    hospital_level=2,
    place="elsewhere",
    ward="ordinary",
    accident=False,
    diagnoses=("C34",),
    settled_by_basic_insurance=True,
)


def plan_of(*parts: str) -> Plan:
    return load_plan_text(HEAD + "".join(parts), CLAUSES).plan


def bill(name: str, yuan: int, day: str = "2024-03-01") -> Settlement:
    return replace(bill_of_amounts("wang", date.fromisoformat(day), yuan * 100, 0, care=CARE), setl_id=name)


def explained(plan: Plan, *bills: Settlement, **facts: object) -> Explanation:
    """Of the last bill."""
    wang = Member("wang", date(2024, 1, 1), date(2024, 12, 31), **facts)  # type: ignore[arg-type]
    program = compile_plan(plan)
    return explain(program, adjudicate(program, wang, bills or [bill("A", 100)]).decisions[-1])


def reasons(plan: Plan, *bills: Settlement, language: str = "en", **facts: object) -> list[str]:
    lines = render(explained(plan, *bills, **facts), plan.names(language), language)
    return [line.text for line in lines if line.kind == "reason"]


ILL_AND_NEW = {"pre_existing": frozenset({"any"}), "continuous_years": 0}


def test_where_nothing_but_the_usual_terms_fit_no_reason_is_given() -> None:
    plan = plan_of(BENEFIT, USUAL, ILL, 'deductible = { per = "year", yuan = "10", source = "clauses" }\n')
    assert reasons(plan) == []
    assert reasons(plan, pre_existing=frozenset({"any"}), continuous_years=1) == []


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("zh", "首次参保且有既往症：−10 个百分点"),
        ("en", "At first enrolment, with a pre-existing condition: −10 points"),
    ],
)
def test_points_that_are_taken_off_name_the_fact(language: str, text: str) -> None:
    plan = plan_of(BENEFIT, USUAL, ILL)
    assert reasons(plan, language=language, **ILL_AND_NEW) == [text]
    (tier,) = [step for step in explained(plan, **ILL_AND_NEW).steps if step.kind == "tier"]
    when = (("continuous_years", "between", (0, 0)), ("pre_existing", "in", (True,)))
    assert (tier.rate, tier.source) == (4_000, "clauses:usual")
    assert tier.reasons == (Reason("adjustment", when, points=-1_000, source="clauses:ill"),)


@pytest.mark.parametrize(
    ("when", "zh", "en"),
    [
        ('place = "elsewhere"', "未转诊备案的异地就医", "Elsewhere without a referral"),
        ("hospital_level_to = 2", "2级及以下医院", "In a hospital of level 2 or lower"),
        ('edition = "plus"', "升级版", "Upgraded edition"),
        ('hospital_list = "centres"', "质子中心", "In a proton centre"),
        ('disease = "cancer"', "恶性肿瘤", "For cancer"),
        ("continuous_years_from = 2", "已连续参保2年及以上", "After 2 or more years insured without a break"),
        ("first_enrolment = false", "续保", "After the first enrolment"),
        ("age_from = 60, age_to = 80", "满60周岁且不超过80周岁", "Aged 60 or more, aged 80 at most"),
        ('setting = ["inpatient", "outpatient"]', "住院或普通门诊", "In hospital or as an outpatient"),
        ("accident = false", "非意外伤害", "Without an accident"),
    ],
)
def test_a_rate_of_a_variant_names_its_condition(when: str, zh: str, en: str) -> None:
    variant = f'[[benefit.variants]]\nwhen = {{ {when} }}\ntiers = [{{ above_yuan = "0", percent = "30", source = "clauses:ill" }}]\n'
    cancer = CANCER.replace('zh = "癌"', 'zh = "恶性肿瘤"')
    plan = plan_of(BENEFIT, USUAL, variant, PLUS, CENTRES, cancer)
    facts = {"edition": "plus", "continuous_years": 2, "birth_date": date(1960, 1, 1)}
    assert reasons(plan, language="en", **facts) == [f"{en}: this rate applies"]
    assert reasons(plan, language="zh", **facts) == [f"{zh}：适用此比例"]
    (tier,) = [step for step in explained(plan, **facts).steps if step.kind == "tier"]
    assert (tier.rate, tier.source, tier.reasons[0].source) == (3_000, "clauses:ill", "clauses:ill")


def test_a_rate_that_stops_at_the_lowest_or_the_highest_says_so() -> None:
    plan = plan_of(BENEFIT, USUAL, ILL, 'lowest_percent = "45"\n')
    assert reasons(plan, **ILL_AND_NEW)[1:] == ["No rate falls below 45%"]
    plan = plan_of(BENEFIT, USUAL, ILL.replace('"-10"', '"10"'), 'highest_percent = "55"\n')
    assert reasons(plan, **ILL_AND_NEW) == [
        "At first enrolment, with a pre-existing condition: +10 points",
        "No rate rises above 55%",
    ]
    plan = plan_of(BENEFIT, USUAL, ILL, 'lowest_percent = "40"\n')
    assert len(reasons(plan, **ILL_AND_NEW)) == 1


LOWER = 'deductible = { per = "year", yuan = "80", source = "clauses", variants = [{ when = { continuous_years_from = 2 }, yuan = "60", source = "clauses:borne" }] }\n'


def test_a_lower_deductible_names_the_years_that_lowered_it() -> None:
    plan = plan_of(BENEFIT, USUAL, LOWER)
    assert reasons(plan, continuous_years=1) == []
    assert reasons(plan, continuous_years=2) == ["After 2 or more years insured without a break: deductible 60.00"]
    assert reasons(plan, continuous_years=2, language="zh") == ["已连续参保2年及以上：免赔额 60.00"]
    (step,) = [step for step in explained(plan, continuous_years=2).steps if step.kind == "deductible"]
    assert (step.amount, step.source) == (60_00, "clauses:borne")


def test_a_deductible_that_earlier_bills_used_up_says_how_much() -> None:
    plan = plan_of(BENEFIT, USUAL, LOWER)
    first, second = bill("A", 50), bill("B", 50, "2024-03-02")
    assert reasons(plan, first) == []
    assert reasons(plan, first, second) == ["Of the deductible of 80.00, 50.00 were used before"]
    assert reasons(plan, first, second, language="zh") == ["免赔额 80.00，此前已抵扣 50.00"]
    # A bill that the rest of the deductible takes whole shows its own amount: there is nothing to say.
    assert reasons(plan, first, bill("B", 30, "2024-03-02")) == []


def test_a_limit_names_its_amount_what_it_paid_before_and_for_whom_it_holds() -> None:
    limits = 'limits = [{ per = "year", yuan = "40", source = "clauses:most" }, { per = "year", yuan = "30", when = { pre_existing = true }, shared = "both", source = "clauses:ill" }]\n'
    plan = plan_of(
        BENEFIT,
        USUAL,
        limits,
        SECOND,
        'limits = [{ per = "year", yuan = "30", shared = "both", source = "clauses" }]\n',
    )
    once, again = bill("A", 60), bill("B", 60, "2024-03-02")
    assert reasons(plan, bill("A", 100))[0] == "Limit 40.00"
    assert reasons(plan, once, again)[0] == "Limit 40.00, of which 30.00 were paid before"
    assert reasons(plan, once, again, language="zh")[0] == "限额 40.00，此前已赔 30.00"
    ill = reasons(plan, bill("A", 100), pre_existing=frozenset({"any"}))
    assert ill[:2] == ["Limit 40.00", "With a pre-existing condition: Limit 30.00"]
    cuts = [
        step for step in explained(plan, bill("A", 100), pre_existing=frozenset({"any"})).steps if step.kind == "cut"
    ]
    assert [(step.payment, step.source) for step in cuts[:2]] == [(-10_00, "clauses:most"), (-10_00, "clauses:ill")]


def test_a_payment_that_is_too_small_names_the_least_one_and_rounding_its_clause() -> None:
    terms = 'minimum = { yuan = "60", source = "clauses:most" }\nrounding = { to = "yuan", how = "down", source = "clauses:borne" }\n'
    odd = replace(bill_of_amounts("wang", date(2024, 3, 1), 101_50, 0, care=CARE), setl_id="A")
    plan = plan_of(BENEFIT, USUAL, terms)
    assert reasons(plan, odd) == ["Least payment 60.00"]
    cuts = [step for step in explained(plan, odd).steps if step.kind == "cut"]
    assert [(step.detail, step.source) for step in cuts] == [("rounding", "clauses:borne"), ("minimum", "clauses:most")]


def test_a_bill_with_nothing_of_a_benefits_kind_gives_no_reason_for_its_deductible() -> None:
    plan = plan_of(BENEFIT.replace("self_paid", "self_funded"), USUAL, LOWER)
    assert reasons(plan, continuous_years=2) == []
