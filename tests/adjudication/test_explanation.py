"""The explanation adds up, says who pays what, and reads in both languages."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import huimin
from cast import bill, jiangsu, member
from huimin.adjudication import Explanation, adjudicate, explain, render
from huimin.settlement import Settlement
from huimin.settlement.member import ANY_GROUP
from huimin.terms import find_plan

EXAMPLE = {
    "medfee_sumamt": "172172.38",
    "hifp_pay": "48915.28",
    "oth_pay": "4411.99",
    "fund_pay_sumamt": "53327.27",
}
NAMES = {language: find_plan("jiangsu/yihuibao-1/2022").plan.names(language) for language in ("zh", "en")}


def explained(*bills: Settlement, which: int = 0, **facts: object) -> Explanation:
    program, wang = jiangsu(), member(**facts)
    return explain(program, adjudicate(program, wang, bills).decisions[which])


def test_the_published_example_is_divided_among_those_who_pay_it() -> None:
    explanation = explained(bill("115227.53", "3617.58", **EXAMPLE))
    assert explanation.bill == 172_172_38
    assert [(p.kind, p.amount) for p in explanation.parts] == [
        ("funds", 53_327_27),
        ("benefit", 69_025_20),
        ("benefit", 0),
        ("benefit", 0),
        ("person", 49_819_91),
    ]


def test_the_published_example_without_the_other_fund_names_the_difference() -> None:
    unexplained = {**EXAMPLE, "fund_pay_sumamt": "48915.28"}
    del unexplained["oth_pay"]
    year = adjudicate(jiangsu(), member(), [bill("115227.53", "3617.58", **unexplained)])
    assert [refusal.code for refusal in year.refused] == ["unbalanced_total"]
    assert "4411.99" in year.refused[0].reason


def test_the_tiers_of_a_second_bill_start_where_the_first_ended() -> None:
    explanation = explained(bill("100000", setl_id="A", day="2022-02-01"), bill("20000", setl_id="B"), which=1)
    tiers = [
        (s.amount, s.rate, s.payment) for s in explanation.steps if s.kind == "tier" and s.benefit == "in_catalogue"
    ]
    assert tiers == [(10_000_00, 6_500, 6_500_00), (10_000_00, 7_700, 7_700_00)]


def test_what_a_limit_takes_away_is_a_step() -> None:
    explanation = explained(bill("1500000"))
    assert [(s.detail, s.payment) for s in explanation.steps if s.kind == "cut"] == [("year_limit", -135_300_00)]


def test_the_words_name_the_rate_that_was_used() -> None:
    lines = render(explained(bill("20000"), pre_existing=frozenset({ANY_GROUP})), NAMES["en"], "en")
    assert "Excess 10,000.00 × 55%" in [line.text for line in lines]
    lines = render(explained(bill("20000")), NAMES["zh"], "zh")
    assert ("超出部分 10,000.00 × 65%", "6,500.00") in [(line.text, line.amount) for line in lines]


def test_a_bill_outside_the_plan_says_so() -> None:
    lines = render(explained(bill("20000", med_type="11")), NAMES["en"], "en")
    assert [line.kind for line in lines] == ["bill", "nothing", "part_person"]


def test_the_hospitals_own_part_of_a_bill_is_told() -> None:
    one = bill("20000.00", medfee_sumamt="30000.00", fund_pay_sumamt="9500.00", hosp_part_amt="500.00")
    (decision,) = adjudicate(jiangsu(), member(), [one]).decisions
    explanation = explain(jiangsu(), decision)
    assert explanation.setl_id == "S1"
    assert [(part.kind, part.amount) for part in explanation.parts if part.kind in ("funds", "hospital", "person")] == [
        ("funds", 9_500_00),
        ("hospital", 500_00),
        ("person", 13_500_00),
    ]
    lines = render(explanation, NAMES["en"], "en")
    told = [(line.text, line.amount) for line in lines if line.kind in ("part_hospital", "part_person")]
    assert told == [("Borne by the hospital", "500.00"), ("You pay", "13,500.00")]


def test_you_do_not_pay_what_a_charity_paid_although_the_terms_name_no_order_of_payers() -> None:
    paid = {"charity_pay": "500.00", "other_insu_pay": "300.00"}
    explanation = explained(bill("20000.00", **paid))
    lines = [(line.text, line.amount) for line in render(explanation, NAMES["en"], "en")][-3:]
    assert lines == [
        ("Charity", "500.00"),
        ("Other commercial insurance", "300.00"),
        ("You pay", "12,700.00"),  # 20,000 − 6,500 − 800
    ]
    assert sum(part.amount for part in explanation.parts) == explanation.bill


def test_what_others_paid_is_told_no_further_than_the_plan_leaves_something() -> None:
    explanation = explained(bill("20000.00", charity_pay="13500.01"))
    assert [(part.kind, part.amount) for part in explanation.parts][-2:] == [("payer_beside", 13_500_00), ("person", 0)]
    assert sum(part.amount for part in explanation.parts) == explanation.bill


def test_each_who_pays_of_a_bill_has_a_colour_of_their_own_on_the_pages() -> None:
    paid = {
        "charity_pay": "500.00",
        "medfee_sumamt": "30000.00",
        "fund_pay_sumamt": "9500.00",
        "hosp_part_amt": "500.00",
    }
    beside = explained(bill("20000.00", **paid))
    ordered = replace(jiangsu(), payers_before=("charity",))
    before = explain(ordered, adjudicate(ordered, member(), [bill("20000.00", **paid)]).decisions[0])
    kinds = {part.kind for part in (*beside.parts, *before.parts)}
    assert kinds == {"funds", "hospital", "payer_before", "benefit", "payer_beside", "person"}
    style = Path(huimin.__file__).parent / "platform" / "web" / "static" / "huimin" / "huimin.css"
    assert [kind for kind in sorted(kinds) if f".fill-{kind}" not in style.read_text("utf-8")] == []
