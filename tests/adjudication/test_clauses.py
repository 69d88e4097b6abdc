"""Whole clauses, from the words of a plan file to the decision and its explanation, on both sides of each boundary."""

# ruff: noqa: E501 - plan files read best with one term a line
from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from huimin.adjudication import (
    Decision,
    MemberYear,
    adjudicate,
    compile_plan,
    cover_begins,
    explain,
    premium_parts,
    price_for,
    program_from_json,
    program_to_json,
    render,
    renewed,
)
from huimin.adjudication.pre_existing import months_before
from huimin.adjudication.tiers import cumulative_payment
from huimin.errors import InputError
from huimin.settlement import Care, Item, Member, Settlement, bill_of_amounts
from huimin.terms import Plan, load_plan_text
from small_plan import BENEFIT, HEAD, SOURCES

ALL = 'tiers = [{ above_yuan = "0", percent = "100", source = "clauses" }]\n'
HALF = ALL.replace("100", "50")
ON_LIST = BENEFIT.replace('base = "self_paid"', 'base = { items_on = "drugs" }')
SECOND_ON_LIST = ON_LIST.replace('"medical"', '"second"') + HALF
OUTSIDE = BENEFIT.replace('"medical"', '"outside"').replace("self_paid", "self_funded")


def plan_of(*parts: str) -> Plan:
    return load_plan_text(HEAD + "".join(parts), SOURCES).plan


def who(**facts: Any) -> Member:
    return Member("wang", date(2024, 1, 1), date(2024, 12, 31), **facts)


def bill(name: str, yuan: int, day: str = "2024-03-01", outside: int = 0, **more: Any) -> Settlement:
    one = bill_of_amounts("wang", date.fromisoformat(day), yuan * 100, outside * 100, **more)
    return replace(one, setl_id=name)


def year_of(plan: Plan, *bills: Settlement, **facts: Any) -> MemberYear:
    program = compile_plan(plan)
    assert program_from_json(program_to_json(program)) == program
    return adjudicate(program, who(**facts), bills)


def paid(plan: Plan, *bills: Settlement, **facts: Any) -> list[list[int]]:
    """What the benefits pay on each bill, in fen."""
    year = year_of(plan, *bills, **facts)
    assert year.refused == ()
    return [[line.payable for line in decision.benefits] for decision in year.decisions]


def only(plan: Plan, one: Settlement, **facts: Any) -> Decision:
    (decision,) = year_of(plan, one, **facts).decisions
    return decision


def words(plan: Plan, decision: Decision) -> list[str]:
    lines = render(explain(compile_plan(plan), decision), plan.names("en"), "en")
    return [f"{line.text} {line.amount}".strip() for line in lines]


def allowance(terms: str, more: str = "") -> str:
    base = f'base = {{ allowance = {{ {terms}, source = "clauses" }} }}'
    return BENEFIT.replace('base = "self_paid"', base) + more


class TestAllowances:
    def test_a_day_in_hospital_after_the_first_three_and_at_most_ten_a_year(self) -> None:
        plan = plan_of(allowance('per = "day", yuan = "100", free_days = 3, most_a_year = 10'))
        stay = {"admission": date(2024, 2, 20)}
        assert paid(plan, bill("A", 1, "2024-02-23", **stay)) == [[0]]
        assert paid(plan, bill("A", 1, "2024-02-24", **stay)) == [[100_00]]
        long = bill("A", 1, "2024-03-01", **stay)  # ten days, over a leap day: seven count
        later = bill("B", 1, "2024-04-10", admission=date(2024, 4, 1))
        assert paid(plan, long, later) == [[700_00], [300_00]]

    def test_a_stay_of_one_day_is_a_day(self) -> None:
        plan = plan_of(allowance('per = "day", yuan = "100"'))
        assert paid(plan, bill("A", 1)) == [[100_00]]

    def test_days_that_are_not_reported_hold_the_bill(self) -> None:
        plan = plan_of(allowance('per = "day", yuan = "100"'))
        for one in (replace(bill("A", 1), admission=None), replace(bill("A", 1), admission=date(2024, 3, 2))):
            (refusal,) = year_of(plan, one).refused
            assert (refusal.code, "admission" in refusal.reason) == ("missing_date", True)

    def test_a_month_counts_once_and_an_event_each_time(self) -> None:
        month = plan_of(allowance('per = "month", yuan = "500"'))
        bills = (bill("A", 1, "2024-03-01"), bill("B", 1, "2024-03-31"), bill("C", 1, "2024-04-01"))
        assert paid(month, *bills) == [[500_00], [0], [500_00]]
        event = plan_of(allowance('per = "settlement", yuan = "500", most_a_year = 2'))
        assert paid(event, *bills) == [[500_00], [500_00], [0]]

    def test_it_is_owed_beside_the_bill_and_leaves_the_persons_part_alone(self) -> None:
        plan = plan_of(allowance('per = "settlement", yuan = "10000"'), OUTSIDE, ALL)
        decision = only(plan, bill("A", 30, outside=20))
        assert (decision.payable, decision.allowances) == (10_020_00, 10_000_00)
        explanation = explain(compile_plan(plan), decision)
        assert [(part.kind, part.amount) for part in explanation.parts] == [("benefit", 20_00), ("person", 30_00)]
        assert [(part.name, part.amount) for part in explanation.beside] == [("medical", 10_000_00)]
        assert words(plan, decision)[-1] == "Paid to you as well: Medical 10,000.00"

    def test_once_in_life_and_what_renewing_remembers_of_it(self) -> None:
        plan = plan_of(
            allowance(
                'per = "settlement", yuan = "100"',
                'limits = [{ per = "life", yuan = "150", source = "clauses" }]\n',
            )
        )
        year = year_of(plan, bill("A", 1))
        next_year = renewed(plan, who(), year, (date(2025, 1, 1), date(2025, 12, 31)))
        assert (next_year.continuous_years, next_year.claim_free_years) == (1, 0)
        assert (next_year.cover_from, next_year.cover_to) == (date(2025, 1, 1), date(2025, 12, 31))
        assert [amount for _, amount in next_year.paid_before or ()] == [100_00]
        member = replace(next_year, cover_from=date(2024, 1, 1), cover_to=date(2024, 12, 31))
        (decision,) = adjudicate(compile_plan(plan), member, [bill("B", 1)]).decisions
        assert decision.payable == 50_00


class TestLimitsAndRounding:
    def test_a_limit_of_a_day_and_of_a_month_begin_anew(self) -> None:
        plan = plan_of(
            BENEFIT,
            ALL,
            'limits = [{ per = "day", yuan = "60", source = "clauses" }, { per = "month", yuan = "100", source = "clauses" }]\n',
        )
        bills = [
            bill(f"{n}", 50, day) for n, day in enumerate(["2024-03-01", "2024-03-01", "2024-03-31", "2024-04-01"])
        ]
        assert paid(plan, *bills) == [[50_00], [10_00], [40_00], [50_00]]
        decision = year_of(plan, *bills).decisions[1]
        assert decision.benefits[0].cuts[0][:2] == ("day_limit", 40_00)

    @pytest.mark.parametrize(
        ("to", "how", "cents", "expected"),
        [
            ("yuan", "down", 9_999, 9_900),
            ("yuan", "half_up", 9_949, 9_900),
            ("yuan", "half_up", 9_950, 10_000),
            ("jiao", "down", 9_989, 9_980),
            ("jiao", "half_up", 9_984, 9_980),
            ("jiao", "half_up", 9_985, 9_990),
        ],
    )
    def test_a_payment_is_rounded_as_the_clause_says(self, to: str, how: str, cents: int, expected: int) -> None:
        plan = plan_of(BENEFIT, ALL, f'rounding = {{ to = "{to}", how = "{how}", source = "clauses" }}\n')
        one = replace(bill("A", 0), amounts={"psn_part_amt": cents + 10_00, "fulamt_ownpay_amt": 10_00})
        line = only(plan, one).benefits[0]
        assert (line.payable, type(line.payable)) == (expected, int)
        assert {cut.rule for cut in line.cuts} <= {"rounding"}
        assert line.payable + sum(cut.amount for cut in line.cuts) == cents

    def test_less_than_the_minimum_is_not_paid_and_the_minimum_is(self) -> None:
        plan = plan_of(BENEFIT, ALL, 'minimum = { yuan = "20", source = "clauses" }\n')
        assert paid(plan, bill("A", 19), bill("B", 20)) == [[0], [20_00]]
        decision = only(plan, bill("A", 19))
        assert decision.benefits[0].cuts[0][:2] == ("minimum", 19_00)
        assert "Below the least amount that is paid -19.00" in words(plan, decision)

    def test_adjustments_stop_at_the_lowest_and_the_highest_rate(self) -> None:
        adjust = 'adjustments = [{{ when = {{ pre_existing = true }}, percentage_points = "{points}", source = "clauses" }}]\n'
        low = plan_of(BENEFIT, HALF, 'lowest_percent = "30"\n', adjust.format(points="-40"))
        high = plan_of(BENEFIT, HALF, 'highest_percent = "90"\n', adjust.format(points="60"))
        ill = {"pre_existing": frozenset({"any"})}
        assert (paid(low, bill("A", 100)), paid(low, bill("A", 100), **ill)) == ([[50_00]], [[30_00]])
        assert paid(high, bill("A", 100), **ill) == [[90_00]]


class TestOtherPayers:
    BEFORE = 'order_of_payers = { before = ["charity", "other_insurance"], source = "clauses" }\n'

    def test_together_with_them_never_more_than_the_persons_part(self) -> None:
        plan = plan_of(self.BEFORE, BENEFIT, ALL)
        others = {"charity_pay": 30_00, "other_insu_pay": 20_00, "mutual_aid_pay": 5_00}
        decision = only(plan, bill("A", 100, paid_by_others=others))
        assert decision.benefits[0].cuts[0][:2] == ("personal", 50_00)
        explanation = explain(compile_plan(plan), decision)
        assert [(part.kind, part.name, part.amount) for part in explanation.parts] == [
            ("payer_before", "charity", 30_00),
            ("payer_before", "other_insurance", 20_00),
            ("benefit", "medical", 50_00),
            ("person", "", 0),
        ]
        assert sum(part.amount for part in explanation.parts) == explanation.bill

    def test_what_they_paid_can_be_taken_from_the_base(self) -> None:
        base = 'base = { quantity = "self_paid", less = ["charity"] }'
        plan = plan_of(BENEFIT.replace('base = "self_paid"', base), HALF)
        assert paid(plan, bill("A", 100, paid_by_others={"charity_pay": 30_00}), bill("B", 100)) == [[35_00], [50_00]]

    def test_they_cannot_have_paid_more_than_there_was(self) -> None:
        plan = plan_of(BENEFIT, ALL)
        for fen, refused in ((100_00, []), (100_01, ["other_payers_above_personal"])):
            year = year_of(plan, bill("A", 100, paid_by_others={"charity_pay": fen}))
            assert [refusal.code for refusal in year.refused] == refused


class TestExclusions:
    EXCLUDED = """
[[exclusion]]
id = "special_ward"
name = { zh = "特需", en = "Special wards" }
when = { ward = "special" }
exceptions = [{ accident = true }]
benefits = ["medical"]
source = "clauses"
"""

    def care(self, ward: str | None, accident: bool | None = False) -> dict[str, Care]:
        return {"care": Care(ward=ward, accident=accident)}

    def test_what_is_excluded_is_not_paid_and_says_so_and_other_benefits_are(self) -> None:
        plan = plan_of(BENEFIT, ALL, OUTSIDE, ALL, self.EXCLUDED)
        ordinary = only(plan, bill("A", 100, outside=10, **self.care("ordinary")))
        special = only(plan, bill("A", 100, outside=10, **self.care("special")))
        assert [line.payable for line in ordinary.benefits] == [100_00, 10_00]
        assert ([line.benefit for line in special.benefits], special.excluded) == (["outside"], ("special_ward",))
        assert "Not covered: “Special wards”." in words(plan, special)

    def test_an_exception_lets_it_be_paid_all_the_same(self) -> None:
        plan = plan_of(BENEFIT, ALL, self.EXCLUDED)
        decision = only(plan, bill("A", 100, **self.care("special", accident=True)))
        assert (decision.payable, decision.excluded) == (100_00, ())

    def test_what_it_asks_for_and_is_not_known_holds_the_bill(self) -> None:
        plan = plan_of(BENEFIT, ALL, self.EXCLUDED)
        for care in (self.care(None), self.care("special", accident=None)):
            (refusal,) = year_of(plan, bill("A", 100, **care)).refused
            assert refusal.code == "missing_fact"


class TestHospitalLists:
    LISTS = """
[[hospital_list]]
id = "proton"
name = { zh = "质子中心", en = "the proton centre" }
codes = ["H310001", "H310002"]
source = "clauses"
"""

    def test_a_benefit_of_listed_hospitals(self) -> None:
        plan = plan_of(BENEFIT, ALL, 'when = { hospital_list = "proton" }\n', self.LISTS)
        listed, other = (bill("A", 10, care=Care(hospital=code)) for code in ("H310002", "H310003"))
        assert (paid(plan, listed), paid(plan, other)) == ([[10_00]], [[]])
        (refusal,) = year_of(plan, bill("A", 10)).refused
        assert (refusal.code, "hospital_list" in refusal.reason) == ("missing_fact", True)

    def test_a_list_that_is_not_known_holds_the_bill(self) -> None:
        unknown = self.LISTS.replace('codes = ["H310001", "H310002"]', 'unknown = "not published"')
        plan = plan_of(BENEFIT, ALL, 'when = { hospital_list = "proton" }\n', unknown)
        (refusal,) = year_of(plan, bill("A", 10, care=Care(hospital="H310002"))).refused
        assert refusal.code == "missing_fact"


class TestListedItems:
    def plan(self, item: str, second: str = "") -> Plan:
        listing = f"""
[[item_list]]
id = "drugs"
name = {{ zh = "特药", en = "Special drugs" }}
source = "clauses"
item = [{item}]
"""
        return plan_of(ON_LIST, ALL, second, listing)

    def bought(self, name: str, *items: Item, day: str = "2024-03-01") -> Settlement:
        return bill(name, 10_000, day, care=Care(items=items))

    def test_limits_of_one_item_a_month_and_a_year(self) -> None:
        plan = self.plan(
            '{ code = "S*", name = "支架", unit_limit_yuan = "50", month_limit_yuan = "120", year_limit_yuan = "150" }'
        )
        stent = Item("S01", 80_00)
        march = self.bought("A", stent, Item("S02", 40_00), Item("S01", 45_00), Item("T01", 5_00))
        assert paid(plan, march, self.bought("B", stent, day="2024-04-01")) == [[120_00], [30_00]]

    def test_two_benefits_on_one_list_use_its_limits_once_for_one_purchase(self) -> None:
        plan = self.plan(
            '{ code = "D", name = "药", month_limit_yuan = "100", year_limit_yuan = "130" }', SECOND_ON_LIST
        )
        march = [self.bought(name, Item("D", 60_00)) for name in ("A", "B")]
        april = self.bought("C", Item("D", 60_00), day="2024-04-01")
        assert paid(plan, *march, april) == [[60_00, 30_00], [40_00, 20_00], [30_00, 15_00]]

    def test_a_purchase_that_only_one_benefit_of_the_list_pays_for_uses_the_limit_once_too(self) -> None:
        local = SECOND_ON_LIST + 'when = { place = "local" }\n'
        plan = self.plan('{ code = "D", name = "药", month_limit_yuan = "100" }', local)
        first = bill("A", 10_000, care=Care(items=(Item("D", 60_00),), place="elsewhere"))
        second = bill("B", 10_000, care=Care(items=(Item("D", 60_00),), place="local"))
        assert paid(plan, first, second) == [[60_00], [40_00, 20_00]]

    def test_a_line_of_therapy_a_gene_test_and_a_channel(self) -> None:
        plan = self.plan(
            '{ code = "D", name = "药", indications = ["lung"], lines = [2, 3], gene_tests = ["EGFR"], channels = ["dual_channel"] }'
        )
        fits = Item("D", 10_00, None, "lung", 2, "EGFR", "dual_channel")
        assert paid(plan, self.bought("A", fits)) == [[10_00]]
        for other in (
            replace(fits, indication="breast"),
            replace(fits, line=1),
            replace(fits, gene_test="none"),
            replace(fits, channel="hospital"),
        ):
            assert paid(plan, self.bought("A", other)) == [[0]]
        for asked, unknown in (("indication", "indication"), ("line", "line of therapy"), ("gene_test", "gene test")):
            (refusal,) = year_of(plan, self.bought("A", replace(fits, **{asked: None}))).refused
            assert (refusal.code, f"the {unknown} of item D" in refusal.reason) == ("missing_fact", True)
        # What is known already speaks against it: nothing needs to be asked.
        assert paid(plan, self.bought("A", replace(fits, line=None, channel="hospital"))) == [[0]]

    def test_a_bill_that_is_held_for_an_item_has_used_nothing_up(self) -> None:
        plan = self.plan(
            '{ code = "D", name = "药", lines = [1], year_limit_yuan = "15" }, { code = "E", name = "药二", year_limit_yuan = "15" }'
        )
        held = self.bought("A", Item("E", 10_00), Item("D", 10_00))
        whole = self.bought("B", Item("E", 10_00), day="2024-03-02")
        year = year_of(plan, held, whole)
        assert [refusal.setl_id for refusal in year.refused] == ["A"]
        assert year.decisions[0].payable == 10_00


class TestHistory:
    CANCER = '[[disease_group]]\nid = "cancer"\nname = { zh = "癌", en = "cancer" }\ncodes = [{ first = "C00", last = "C97" }]\nsource = "clauses"\n'
    ILL = (
        BENEFIT
        + ALL
        + '[[benefit.variants]]\nwhen = { pre_existing = true }\ntiers = [{ above_yuan = "0", percent = "30", source = "clauses" }]\n'
    )

    def rule(self, more: str) -> Plan:
        return plan_of(f'pre_existing = {{ groups = ["cancer"], {more}, source = "clauses" }}\n', self.ILL, self.CANCER)

    @pytest.mark.parametrize(
        ("code", "day", "expected"),
        [("C34.900", "2023-12-31", 30_00), ("C34.900", "2024-01-01", 100_00), ("I10", "2023-12-31", 100_00)],
    )
    def test_a_diagnosis_before_cover_is_pre_existing(self, code: str, day: str, expected: int) -> None:
        plan = self.rule('diagnosed_before = "cover"')
        assert paid(plan, bill("A", 100), diagnosed=((code, date.fromisoformat(day)),)) == [[expected]]

    def test_what_one_falls_ill_with_while_insured_never_becomes_pre_existing(self) -> None:
        by_first, by_this = self.rule('diagnosed_before = "first_cover"'), self.rule('diagnosed_before = "cover"')
        history = {"diagnosed": (("C50", date(2022, 6, 1)),), "paid_before": ()}
        assert paid(by_this, bill("A", 100), continuous_years=2, **history) == [[30_00]]
        assert paid(by_first, bill("A", 100), continuous_years=2, **history) == [[100_00]]
        assert paid(by_first, bill("A", 100), continuous_years=1, **history) == [[30_00]]

    @pytest.mark.parametrize(("day", "expected"), [("2022-01-01", 30_00), ("2021-12-31", 100_00)])
    def test_a_diagnosis_of_long_ago_does_not_count(self, day: str, expected: int) -> None:
        plan = self.rule('diagnosed_before = "cover", within_months = 24')
        assert paid(plan, bill("A", 100), diagnosed=(("C50", date.fromisoformat(day)),)) == [[expected]]

    @pytest.mark.parametrize(
        ("rule", "bills", "years"),
        [
            ("", [], 3),
            ("", [bill("A", 0)], 3),
            ("", [bill("A", 1)], 0),
            ('claim_free = { means = "no_bill", source = "clauses" }\n', [bill("A", 0)], 0),
            ('claim_free = { means = "no_payment", benefits = ["outside"], source = "clauses" }\n', [bill("A", 1)], 3),
            (
                'claim_free = { means = "no_payment", benefits = ["outside"], source = "clauses" }\n',
                [bill("A", 1, outside=1)],
                0,
            ),
        ],
    )
    def test_what_a_year_without_a_claim_is(self, rule: str, bills: list[Settlement], years: int) -> None:
        plan = plan_of(rule, BENEFIT, ALL, OUTSIDE, ALL)
        member = who(claim_free_years=2, continuous_years=2, paid_before=())
        year = adjudicate(compile_plan(plan), member, bills)
        assert renewed(plan, member, year, (date(2025, 1, 1), date(2025, 12, 31))).claim_free_years == years


class TestJoining:
    LATE = HEAD.replace(
        'last_day = 2023-12-31, source = "clauses" }',
        'last_day = 2023-12-31, source = "clauses", late = ['
        '{ when = { first_enrolment = false }, last_day = 2024-01-15, begins = "first_day", source = "clauses" }, '
        '{ when = { age_to = 0 }, last_day = 2024-06-30, begins = "next_day", source = "clauses" }, '
        '{ last_day = 2024-03-31, begins = "next_month", source = "clauses" }] }',
    )

    @pytest.mark.parametrize(
        ("day", "facts", "begins"),
        [
            ("2023-11-01", {}, "2024-01-01"),
            ("2023-12-31", {}, "2024-01-01"),
            ("2024-01-15", {"continuous_years": 1}, "2024-01-01"),
            ("2024-01-16", {"continuous_years": 1, "birth_date": date(1980, 1, 1)}, "2024-02-01"),
            ("2024-06-10", {"birth_date": date(2023, 5, 1)}, "2024-06-11"),
            ("2024-06-30", {"birth_date": date(2023, 5, 1)}, "2024-07-01"),
            ("2024-01-01", {"birth_date": date(1980, 1, 1)}, "2024-02-01"),
        ],
    )
    def test_when_cover_begins(self, day: str, facts: dict[str, Any], begins: str) -> None:
        plan = load_plan_text(self.LATE + BENEFIT + ALL, SOURCES).plan
        assert cover_begins(plan, who(**facts), date.fromisoformat(day)) == date.fromisoformat(begins)

    @pytest.mark.parametrize(
        ("day", "facts", "code"),
        [
            ("2023-10-31", {}, "window_closed"),
            ("2024-04-01", {"birth_date": date(1980, 1, 1)}, "window_closed"),
            ("2024-04-01", {}, "missing_fact"),
        ],
    )
    def test_when_it_is_closed(self, day: str, facts: dict[str, Any], code: str) -> None:
        plan = load_plan_text(self.LATE + BENEFIT + ALL, SOURCES).plan
        with pytest.raises(InputError) as refused:
            cover_begins(plan, who(**facts), date.fromisoformat(day))
        assert refused.value.code == code
        assert refused.value.message in (
            f"found the day {day}; expected one from 2023-11-01 to 2023-12-31",
            "joining after the window depends on age, which is not known of this member",
        )

    def test_a_window_that_reaches_into_the_year_covers_from_the_next_day(self) -> None:
        text = HEAD.replace("last_day = 2023-12-31", "last_day = 2024-02-29")
        plan = load_plan_text(text + BENEFIT + ALL, SOURCES).plan
        assert cover_begins(plan, who(), date(2024, 2, 10)) == date(2024, 2, 11)
        assert cover_begins(plan, who(), date(2023, 12, 31)) == date(2024, 1, 1)

    @pytest.mark.parametrize("gone", ["first_day = 2023-11-01, ", "last_day = 2023-12-31, "])
    def test_a_window_that_is_not_known_says_so(self, gone: str) -> None:
        text = HEAD.replace(gone, "").replace("enrolment = {", 'enrolment = { unknown = "x",')
        plan = load_plan_text(text + BENEFIT + ALL, SOURCES).plan
        with pytest.raises(InputError, match="the enrolment window of test/plan/2024 is not known") as refused:
            cover_begins(plan, who(), date(2023, 12, 1))
        assert refused.value.code == "unknown_terms"

    def test_next_month_of_december_is_january(self) -> None:
        text = self.LATE.replace("2024-03-31", "2024-12-31").replace("2024-12-31, source", "2025-12-31, source", 1)
        plan = load_plan_text(text + BENEFIT + ALL, SOURCES).plan
        old = who(birth_date=date(1980, 1, 1))
        assert cover_begins(plan, old, date(2024, 12, 5)) == date(2025, 1, 1)

    PARTS = HEAD.replace(
        'premium = { yuan = "100.00", source = "clauses" }',
        'premium = { yuan = "100.00", source = "clauses", parts = ['
        '{ payer = "donor", percent = "33.33", when = { age_from = 60 }, source = "clauses" }, '
        '{ payer = "government", yuan = "80.00", when = { basic_insurance = "resident" }, source = "clauses" }, '
        '{ payer = "personal_account", percent = "100", optional = true, balance_above_yuan = "4000.00", source = "clauses" }] }',
    )

    @pytest.mark.parametrize(
        ("facts", "account", "parts"),
        [
            ({"insutype": "310"}, None, [("insured", 100_00)]),
            ({"insutype": "310"}, 4_000_00, [("personal_account", 0), ("insured", 100_00)]),
            ({"insutype": "310"}, 4_050_00, [("personal_account", 50_00), ("insured", 50_00)]),
            ({"insutype": "390"}, 9_000_00, [("government", 80_00), ("personal_account", 20_00), ("insured", 0)]),
        ],
    )
    def test_who_pays_the_premium(
        self, facts: dict[str, Any], account: int | None, parts: list[tuple[str, int]]
    ) -> None:
        plan = load_plan_text(self.PARTS + BENEFIT + ALL, SOURCES).plan
        member = who(birth_date=date(1980, 1, 1), **facts)
        asked = frozenset({"personal_account"}) if account is not None else frozenset[str]()
        assert premium_parts(plan, member, 100_00, asked, account) == parts

    def test_nobody_pays_more_than_is_left_and_a_percentage_is_of_the_whole(self) -> None:
        plan = load_plan_text(self.PARTS + BENEFIT + ALL, SOURCES).plan
        old = who(birth_date=date(1950, 1, 1), insutype="390")
        assert premium_parts(plan, old, 100_00) == [("donor", 33_33), ("government", 66_67), ("insured", 0)]
        young = who(birth_date=date(1980, 1, 1), insutype="310")
        with pytest.raises(InputError, match=r"^the account's balance is not known$") as no_balance:
            premium_parts(plan, young, 100_00, frozenset({"personal_account"}))
        with pytest.raises(InputError, match="what the donor pays depends on age") as no_age:
            premium_parts(plan, who(insutype="310"), 100_00)
        assert (no_balance.value.code, no_age.value.code) == ("missing_balance", "missing_fact")

    def test_a_part_that_one_does_not_get_hides_no_later_one(self) -> None:
        text = self.PARTS.replace('payer = "donor", percent = "33.33"', 'payer = "donor", yuan = "0", optional = true')
        plan = load_plan_text(text + BENEFIT + ALL, SOURCES).plan
        member = who(birth_date=date(1980, 1, 1), insutype="390")
        assert premium_parts(plan, member, 100_00) == [("government", 80_00), ("insured", 20_00)]

    def test_the_price_of_somebody_of_whom_too_little_is_known(self) -> None:
        price = 'yuan = "100.00", source = "clauses"'
        variant = f'{price}, variants = [{{ when = {{ age_from = 60 }}, yuan = "1", source = "clauses" }}]'
        plan = load_plan_text(HEAD.replace(price, variant) + BENEFIT + ALL, SOURCES).plan
        assert price_for(plan, who(birth_date=date(1950, 1, 1))) == 1_00
        with pytest.raises(InputError, match="the price depends on age") as refused:
            price_for(plan, who())
        assert refused.value.code == "missing_fact"


class TestDates:
    @pytest.mark.parametrize(
        ("by", "covered"), [("admission", [False, True]), ("discharge", [True, False]), ("settlement", [True, True])]
    )
    def test_a_stay_over_two_years_belongs_to_the_year_that_the_plan_says(self, by: str, covered: list[bool]) -> None:
        plan = load_plan_text(HEAD.replace('by = "settlement"', f'by = "{by}"') + BENEFIT + ALL, SOURCES).plan
        into = replace(bill("A", 1, "2024-01-03"), admission=date(2023, 12, 28))
        out_of = replace(bill("B", 1, "2024-12-31"), admission=date(2024, 12, 28), discharge=date(2025, 1, 2))
        decided = {decision.settlement.setl_id for decision in year_of(plan, into, out_of).decisions}
        assert [name in decided for name in ("A", "B")] == covered

    @pytest.mark.parametrize(
        ("day", "months", "before"),
        [
            ("2024-03-31", 1, "2024-03-01"),
            ("2024-03-31", 2, "2024-01-31"),
            ("2024-02-29", 12, "2023-03-01"),
            ("2024-01-15", 1, "2023-12-15"),
            ("2024-12-31", 13, "2023-12-01"),
            ("2024-05-31", 6, "2023-12-01"),
        ],
    )
    def test_a_day_that_a_month_does_not_have_is_the_first_of_the_next(
        self, day: str, months: int, before: str
    ) -> None:
        assert str(months_before(date.fromisoformat(day), months)) == before


class TestKeptApart:
    def test_two_lists_have_limits_of_their_own_for_one_code(self) -> None:
        def listing(name: str) -> str:
            return f"""
[[item_list]]
id = "{name}"
name = {{ zh = "药", en = "{name}" }}
source = "clauses"
item = [{{ code = "D", name = "药", year_limit_yuan = "10" }}]
"""

        first = BENEFIT.replace('base = "self_paid"', 'base = { items_on = "one" }') + ALL
        second = OUTSIDE.replace('base = "self_funded"', 'base = { items_on = "two" }') + ALL
        plan = plan_of(first, second, listing("one"), listing("two"))
        assert paid(plan, bill("A", 100, care=Care(items=(Item("D", 20_00),)))) == [[10_00, 10_00]]

    def test_two_allowances_count_their_own_months_and_events(self) -> None:
        month = allowance('per = "month", yuan = "5", most_a_year = 1')
        other = month.replace('"medical"', '"other"').replace('yuan = "5"', 'yuan = "7"')
        plan = plan_of(month, other)
        assert paid(plan, bill("A", 1), bill("B", 1, "2024-04-01")) == [[5_00, 7_00], [0, 0]]

    def test_what_limits_for_life_have_paid_is_nothing_where_nothing_was_paid(self) -> None:
        plan = plan_of(BENEFIT, ALL, 'limits = [{ per = "life", yuan = "150", source = "clauses" }]\n')
        assert [fen for _, fen in year_of(plan).paid_for_life] == [0]

    def test_a_group_that_is_only_known_to_be_some_group_holds_the_bill(self) -> None:
        variant = '[[benefit.variants]]\nwhen = { pre_existing_group = "cancer" }\n' + HALF
        plan = plan_of(BENEFIT, ALL, variant, TestHistory.CANCER)
        (refusal,) = year_of(plan, bill("A", 1), pre_existing=frozenset({"any"})).refused
        assert (refusal.code, "pre_existing_group" in refusal.reason) == ("missing_fact", True)
        assert paid(plan, bill("A", 1), pre_existing=frozenset({"cancer"})) == [[50]]

    def test_a_condition_on_the_setting(self) -> None:
        terms = BENEFIT.replace('["inpatient"]', '["inpatient", "pharmacy"]')
        variant = '[[benefit.variants]]\nwhen = { setting = "pharmacy" }\n' + HALF
        plan = plan_of(terms, ALL, variant)
        assert paid(plan, bill("A", 1), bill("B", 1, setting="pharmacy")) == [[1_00], [50]]


class TestConditionsOnAmounts:
    LIMIT = 'limits = [{ per = "year", yuan = "60", source = "clauses", when = { pre_existing = true } }]\n'

    def test_a_limit_for_some_members_is_no_limit_for_others(self) -> None:
        plan = plan_of(BENEFIT, ALL, self.LIMIT)
        assert paid(plan, bill("A", 100), pre_existing=frozenset({"any"})) == [[60_00]]
        assert paid(plan, bill("A", 100)) == [[100_00]]

    def test_the_last_fen_of_a_deductible_is_taken(self) -> None:
        plan = plan_of(BENEFIT, 'deductible = { per = "year", yuan = "100.01", source = "clauses" }\n', ALL)
        assert paid(plan, bill("A", 100), bill("B", 1, "2024-04-01")) == [[0], [99]]

    def test_the_highest_rate_holds_where_no_points_are_added(self) -> None:
        adjust = 'adjustments = [{ when = { pre_existing = true }, percentage_points = "-20", source = "clauses" }]\n'
        plan = plan_of(BENEFIT, ALL.replace("100", "80"), 'highest_percent = "70"\n', adjust)
        assert paid(plan, bill("A", 100)) == [[70_00]]
        assert paid(plan, bill("A", 100), pre_existing=frozenset({"any"})) == [[60_00]]

    def test_a_bill_within_the_deductible_is_decided_with_nothing_to_pay(self) -> None:
        plan = plan_of(BENEFIT, 'deductible = { per = "year", yuan = "100", source = "clauses" }\n', ALL)
        (line,) = only(plan, bill("A", 100)).benefits
        assert (line.benefit, line.base, line.deductible_applied, line.excess) == ("medical", 100_00, 100_00, 0)
        assert (line.excess_before, line.entitlement_before, line.cuts, line.payable) == (0, 0, (), 0)
        assert (line.tiers, line.allowance) == (((0, 10_000),), False)


@pytest.mark.parametrize(("rate", "expected"), [(4_999, 0), (5_000, 1)])
def test_half_a_fen_is_a_fen_and_less_is_nothing(rate: int, expected: int) -> None:
    assert cumulative_payment(((0, rate),), 1) == expected


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ('{"format": "huimin-program/1"}', "expected a program of format huimin-program/4"),
        ("[]", "the text is not a program: "),
        ("{", "the text is not a program: "),
    ],
)
def test_what_is_no_program_says_so(text: str, words: str) -> None:
    with pytest.raises(InputError) as refused:
        program_from_json(text)
    assert refused.value.message.startswith(words)
    assert refused.value.code == "bad_program"
