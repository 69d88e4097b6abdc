"""Undecided is an outcome of its own: which benefit, which term, and why; and what a plan does not cover says so."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from cast import YEAR_END, YEAR_START, bill, jiangsu, member
from huimin.adjudication import (
    NOT_COVERED,
    BenefitProgram,
    Decision,
    Program,
    Schedule,
    adjudicate,
    compile_plan,
    explain,
    program_from_json,
    program_to_json,
    render,
)
from huimin.adjudication.portable import year_to_json
from huimin.errors import PlanFaults
from huimin.settlement import Care, Item, Settlement
from huimin.terms import Plan, find_plan, load_plan_text
from small_plan import BENEFIT, HEAD, SOURCES, TIERS

ALL = Schedule((), ((0, 10_000),))


def plan(name: str) -> Plan:
    return find_plan(name).plan


def decided(name: str, one: Settlement, **facts: object) -> Decision:
    """What the catalogue's plan, as a portable program, says of a year's one bill."""
    loaded = plan(name)
    program = program_from_json(program_to_json(compile_plan(loaded)))
    insured = member(cover_from=loaded.cover.first_day, cover_to=loaded.cover.last_day, **facts)
    year = adjudicate(program, insured, [one])
    assert year.refused == ()
    return year.decisions[0]


def said(name: str, decision: Decision, language: str) -> str:
    loaded = plan(name)
    lines = render(explain(compile_plan(loaded), decision), loaded.names(language), language)
    return "\n".join(line.text for line in lines)


def with_items(one: Settlement, *items: Item) -> Settlement:
    return replace(one, care=Care(items=items))


def test_a_bill_whose_rates_nobody_knows_is_undecided_and_names_every_benefit_with_its_reason() -> None:
    decision = decided("dazhou/dahuibao/2022", bill("100000.00"))
    assert decision.benefits == ()
    assert [tuple(one) for one in decision.undecided] == [
        ("in_catalogue", "tiers", "The rates are not in the source."),
        ("out_of_catalogue", "tiers", "The rates are not in the source."),
        ("special_drugs", "terms", "The list and the rates are not in the source."),
    ]


def test_a_bill_under_a_plan_of_which_nothing_is_known_is_undecided() -> None:
    decision = decided("qingdao/qindaoebao/2022", bill("100000.00"))
    assert [(one.benefit, one.term) for one in decision.undecided] == [("medical", "terms")]


def test_a_benefit_that_is_decided_keeps_its_line_beside_one_that_is_not() -> None:
    decision = decided("nanjing/ninghuibao/2022", bill("100000.00", "5000.00"))
    assert [line.benefit for line in decision.benefits] == ["in_catalogue"]
    assert decision.payable > 0
    assert [(one.benefit, one.term) for one in decision.undecided] == [("out_of_catalogue", "deductible")]


def test_a_benefit_of_unknown_terms_concerns_the_care_that_its_file_names_and_no_other() -> None:
    inpatient = decided("beijing/puhui/2026", with_items(bill("100.00", day="2026-03-01")))
    outpatient = decided("beijing/puhui/2026", with_items(bill("100.00", day="2026-03-01", med_type="11")))
    assert [one.benefit for one in inpatient.undecided] == ["out_of_catalogue"]
    assert outpatient.undecided == ()


def test_a_member_year_counts_bills_that_are_decided_in_all_their_benefits_apart() -> None:
    plan = compile_plan(find_plan("dazhou/dahuibao/2022").plan)
    year = adjudicate(plan, member(), [bill("100000.00", setl_id="A"), bill("1.00", setl_id="B")])
    assert (year.adjudicated, len(year.undecided), len(year.decisions)) == (0, 2, 2)


def test_what_is_left_of_an_undecided_benefit_is_undecided_because_of_it() -> None:
    first = benefit("medical", schedules=(Schedule((), None, unknown=("tiers", "not published")),))
    rest = benefit("rest", quantity="personal", less_benefits=("medical",))
    (decision,) = adjudicate(program(first, rest), member(), [bill("10.00")]).decisions
    assert [tuple(one) for one in decision.undecided] == [
        ("medical", "tiers", "not published"),
        ("rest", "earlier_benefit", "medical"),
    ]
    assert decision.undecided[1].why == "what medical pays is undecided"


def test_a_bill_that_says_that_it_has_no_listed_items_has_none_on_an_unknown_list() -> None:
    name = "shenzhen/critical/2015"
    one = bill("50000.00", day="2015-11-01")
    assert decided(name, with_items(one)).undecided == ()
    assert [line.benefit for line in decided(name, with_items(one)).benefits] == ["in_catalogue", "listed_drugs"]
    for other in (one, with_items(one, Item("A01", 1_00))):
        assert [(one.benefit, one.term) for one in decided(name, other).undecided] == [("listed_drugs", "item_list")]


def test_a_variant_that_is_not_known_leaves_only_its_own_people_undecided() -> None:
    unknown = Schedule((("pre_existing", "in", (True,)),), None, unknown=("tiers", "not published"))
    plan = program(benefit(schedules=(unknown, ALL)))
    healthy = adjudicate(plan, member(), [bill("10.00")])
    ill = adjudicate(plan, member(pre_existing=frozenset({"any"})), [bill("10.00")])
    assert [line.payable for line in healthy.decisions[0].benefits] == [10_00]
    assert (healthy.adjudicated, ill.adjudicated, len(ill.undecided)) == (1, 0, 1)


def test_a_benefit_that_no_bill_brings_leaves_bills_decided_and_is_named_beside_them() -> None:
    name = "jiangsu/yihuibao-1/2022"
    decision = decided(name, bill("115227.53", "3617.58"))
    assert decision.undecided == ()
    assert [line.payable for line in decision.benefits] == [69025_20, 0, 0]
    assert "“Listed special major diseases” is not claimed by a bill, and its terms are not known" in said(
        name, decision, "en"
    )
    assert "「特定重大疾病」不随账单理算" in said(name, decision, "zh")


@pytest.mark.parametrize(
    ("language", "words"),
    [
        (
            "en",
            [
                "This bill is undecided: what the plan pays is not known yet.",
                "its rates are not known. The rates are not in the source.",
                "“Special drugs and CAR-T” is undecided: its terms are not known. The list and the rates are not in",
            ],
        ),
        ("zh", ["本次账单尚未理算，目前无法得出赔付金额。", "「特药和CAR-T费用」未理算：公开资料未载明其条款。"]),
    ],
)
def test_the_explanation_of_an_undecided_bill_says_what_nobody_knows(language: str, words: list[str]) -> None:
    name = "dazhou/dahuibao/2022"
    text = said(name, decided(name, bill("100000.00")), language)
    assert all(one in text for one in words)
    assert "does not cover" not in text
    assert "不保障" not in text


def test_a_bill_that_is_decided_in_part_says_that_more_is_to_come() -> None:
    name = "nanjing/ninghuibao/2022"
    decision = decided(name, bill("100000.00", "5000.00"))
    assert "This bill is only partly decided" in said(name, decision, "en")
    assert "本次账单尚未全部理算" in said(name, decision, "zh")


def benefit(name: str = "medical", **terms: object) -> BenefitProgram:
    given = {"quantity": "self_paid", "med_types": ("21",), "schedules": (ALL,), **terms}
    return BenefitProgram(id=name, **given)  # type: ignore[arg-type]


def program(*benefits: BenefitProgram) -> Program:
    return Program("test", YEAR_START, YEAR_END, "settlement", benefits)


def test_a_bill_of_a_kind_that_the_plan_does_not_cover_has_one_row_that_says_so() -> None:
    year = adjudicate(jiangsu(), member(), [bill("20000.00", med_type="11")])
    (decision,) = year.decisions
    assert (year.adjudicated, year.undecided) == (1, ())
    assert [(line.benefit, line.base, line.payable) for line in decision.lines] == [(NOT_COVERED, 0, 0)]
    assert decision.benefits == ()
    (row,) = year_to_json(year)["decisions"][0]["benefits"]
    assert row["benefit"] == "not_covered"


def test_a_bill_that_meets_no_benefits_conditions_has_the_row_too_and_says_why() -> None:
    plan = program(benefit(waiting_days=90))
    (waits,) = adjudicate(plan, member(), [bill("10.00")]).decisions
    (over,) = adjudicate(plan, member(), [bill("10.00", day="2022-04-01")]).decisions
    assert [line.benefit for line in waits.lines] == [NOT_COVERED]
    assert [line.benefit for line in over.lines] == ["medical"]
    explanation = explain(plan, waits)
    assert explanation.no_condition_met
    assert not explanation.not_covered
    assert not explain(plan, over).no_condition_met


def test_no_benefit_may_have_the_word_that_says_that_none_applies() -> None:
    text = HEAD + BENEFIT.replace('id = "medical"', 'id = "not_covered"') + TIERS
    with pytest.raises(PlanFaults, match="not_covered"):
        load_plan_text(text, SOURCES)


def test_what_no_bill_brings_must_be_unknown_and_of_no_setting() -> None:
    apart = 'claimed_apart = "a sum on a diagnosis"\n'
    nothing = BENEFIT.replace('base = "self_paid"\n', 'unknown = "not published"\n')
    with pytest.raises(PlanFaults, match="terms that are known"):
        load_plan_text(HEAD + BENEFIT + TIERS + apart, SOURCES)
    with pytest.raises(PlanFaults, match="settings beside claimed_apart"):
        load_plan_text(HEAD + nothing + apart, SOURCES)
    found = load_plan_text(HEAD + nothing, SOURCES)
    year = adjudicate(
        compile_plan(found.plan),
        member(cover_from=date(2024, 1, 1), cover_to=date(2024, 12, 31)),
        [bill("1.00", day="2024-05-01"), bill("1.00", setl_id="S2", day="2024-05-01", med_type="11")],
    )
    assert [len(one.undecided) for one in year.decisions] == [1, 0]
    assert [one.covered for one in year.decisions] == [True, False]


@pytest.mark.parametrize(
    ("med_type", "zh", "en"),
    [("24", "急诊转住院", "inpatient from emergency"), ("52", "生育住院", "maternity inpatient")],
)
def test_the_explanation_names_the_kind_of_care_that_the_plan_does_not_cover(med_type: str, zh: str, en: str) -> None:
    name = "jiangsu/yihuibao-1/2022"
    decision = decided(name, bill("20000.00", med_type=med_type))
    assert f"The plan does not cover this kind of care: {en} (med_type {med_type})." in said(name, decision, "en")
    assert f"此类就医不在本产品保障范围内：{zh}（医疗类别 {med_type}）。" in said(name, decision, "zh")
