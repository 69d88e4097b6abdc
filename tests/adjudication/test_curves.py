"""Payment curves: the program's own answers, for the members that the terms tell apart."""

from __future__ import annotations

import pytest

from huimin.adjudication import payment_curves
from huimin.terms import find_plan, load_plan_text, plan_names
from small_plan import BENEFIT, HEAD, SOURCES


def test_the_curves_of_the_published_plan_go_through_the_published_amounts() -> None:
    curves = payment_curves(find_plan("jiangsu/yihuibao-1/2022").plan, (10_000_00, 11_522_753, 110_001_00))
    inside, reduced = (curve for curve in curves if curve.benefit == "in_catalogue")
    assert (inside.when, inside.payments) == (None, (0, 69_025_20, 65_000_77))
    assert reduced.when is not None
    assert reduced.payments == (0, 58_502_45, 55_000_67)
    outside = next(curve for curve in curves if curve.benefit == "out_of_catalogue")
    assert outside.payments == (0, 52_375_14, 49_500_55)


def test_each_condition_on_members_has_a_curve_and_bills_keep_the_usual_care() -> None:
    curves = payment_curves(find_plan("shanghai/huhuibao/2025").plan, (62_000_00,))
    assert [(curve.when.model_dump(exclude_none=True) if curve.when else {}, curve.payments) for curve in curves] == [
        ({}, (35_000_00,)),
        ({"pre_existing": True}, (25_000_00,)),
        ({"claim_free_years_from": 2}, (35_700_00,)),
        ({"claim_free_years_from": 3}, (36_400_00,)),
    ]


UNDRAWN = {
    *("chongqing/yukuaibao/2022", "dazhou/dahuibao/2022", "liaocheng/zhaohuibao/2022", "ningbo/yongningbao/2025"),
    *("qingdao/qindaoebao/2022", "tianjin/huiminbao/2022", "zhuhai/daaiwujiang/2025"),
}
"""Plans of which nobody knows what a benefit pays on a bill: they have no curve."""


@pytest.mark.parametrize("name", plan_names())
def test_no_curve_falls_nor_rises_above_the_cost(name: str) -> None:
    costs = [step * 5_000_00 for step in range(40)]
    curves = payment_curves(find_plan(name).plan, costs)
    assert bool(curves) == (name not in UNDRAWN)
    for curve in curves:
        assert list(curve.payments) == sorted(curve.payments)
        assert all(payment <= cost for payment, cost in zip(curve.payments, costs, strict=True))


def test_the_usual_member_is_forty_an_employee_and_changed_as_little_as_a_condition_asks() -> None:
    tiers = '[{ above_yuan = "0", percent = "%d", source = "clauses" }]'
    variants = [("age_to = 39", 10), ("age_from = 41, age_to = 60", 20), ('basic_insurance = "resident"', 30)]
    variants += [("continuous_years_from = 2", 40), ("claim_free_years_from = 3", 45)]
    text = HEAD + BENEFIT + f"tiers = {tiers % 50}\n"
    for when, percent in variants[:2]:
        text += f"[[benefit.variants]]\nwhen = {{ {when} }}\ntiers = {tiers % percent}\n"
    found = payment_curves(load_plan_text(text, SOURCES).plan, [100_00])
    assert [curve.payments for curve in found] == [(50_00,), (10_00,), (20_00,)]
    for when, percent in variants[2:]:
        one = (
            HEAD
            + BENEFIT
            + f"tiers = {tiers % 50}\n[[benefit.variants]]\nwhen = {{ {when} }}\ntiers = {tiers % percent}\n"
        )
        found = payment_curves(load_plan_text(one, SOURCES).plan, [100_00])
        assert [curve.payments for curve in found] == [(50_00,), (percent * 100,)]
