"""From terms to a program: what is shared, what a parameter is on its day, which alternative is tried first."""

from __future__ import annotations

# ruff: noqa: E501 - plan files read best with one term a line
from cast import bill, member
from huimin.adjudication import Program, adjudicate, compile_plan
from huimin.adjudication.program import DeductibleProgram
from huimin.settlement import Member
from huimin.terms import load_plan_text, summarise
from small_plan import BENEFIT, HEAD, SECOND, SOURCES, TIERS

DEDUCTIBLE = 'deductible = { per = "year", yuan = "100.00", shared = "pool", source = "clauses" }\n'
LIMIT = 'limits = [{ per = "year", yuan = "30.00", shared = "both", source = "clauses" }]\n'


def compiled(*parts: str) -> Program:
    return compile_plan(
        load_plan_text(HEAD.replace("2024", "2022").replace("2023", "2021") + "".join(parts), SOURCES).plan
    )


def paid(program: Program, self_paid: str, of: Member | None = None) -> list[int]:
    (decision,) = adjudicate(program, of or member(), [bill(self_paid)]).decisions
    return [line.payable for line in decision.benefits]


def second(*terms: str) -> str:
    return SECOND.replace("tiers =", "".join(terms) + "tiers =")


def test_a_deductible_that_is_shared_in_the_file_is_taken_once() -> None:
    program = compiled(BENEFIT, DEDUCTIBLE, TIERS, second(DEDUCTIBLE))
    # 50 % of 20.00 above the deductible; the second benefit finds it used up: 50 % of all 120.00.
    assert paid(program, "120.00") == [10_00, 60_00]
    alone = DEDUCTIBLE.replace('shared = "pool", ', "")
    assert paid(compiled(BENEFIT, alone, TIERS, second(alone)), "120.00") == [10_00, 10_00]


def test_a_limit_that_is_shared_in_the_file_is_used_up_together() -> None:
    program = compiled(BENEFIT, TIERS, LIMIT, second(LIMIT))
    assert paid(program, "40.00") == [20_00, 10_00]


def test_a_parameter_is_its_latest_value_on_the_first_day_of_cover() -> None:
    values = ", ".join(
        f'{{ from_day = {day}, yuan = "{yuan}", source = "clauses" }}'
        for day, yuan in (("2022-01-02", "30.00"), ("2021-06-01", "20.00"), ("2022-01-01", "10.00"))
    )
    parameter = f'[[parameter]]\nid = "line"\nname = {{ zh = "线", en = "the line" }}\nvalues = [{values}]\n'
    use = 'deductible = { per = "year", parameter = "line", source = "clauses" }\n'
    assert paid(compiled(BENEFIT, use, TIERS, parameter), "30.00") == [10_00]
    tiers = 'tiers = [{ above_yuan = "0", percent = "0", source = "clauses" }, { above_parameter = "line", percent = "100", source = "clauses" }]\n'
    assert paid(compiled(BENEFIT, tiers, parameter), "30.00") == [20_00]


def test_the_narrowest_variant_counts_in_whatever_order_they_stand() -> None:
    def variant(condition: str, percent: str) -> str:
        tiers = f'[{{ above_yuan = "0", percent = "{percent}", source = "clauses" }}]'
        return f"[[benefit.variants]]\nwhen = {{ {condition} }}\ntiers = {tiers}\n"

    wide, narrow = variant("pre_existing = true", "30"), variant("pre_existing = true, first_enrolment = true", "20")
    ill = frozenset({"any"})
    for order in (wide + narrow, narrow + wide):
        program = compiled(BENEFIT, TIERS, order)
        assert paid(program, "100.00") == [50_00]
        assert paid(program, "100.00", member(pre_existing=ill, continuous_years=1)) == [30_00]
        assert paid(program, "100.00", member(pre_existing=ill)) == [20_00]


def test_a_band_that_pays_nothing_is_left_out_of_the_words() -> None:
    tiers = 'tiers_on = "gross"\ntiers = [{ above_yuan = "0", percent = "0", source = "clauses" }, { above_yuan = "50.00", percent = "40", source = "clauses" }]\n'
    words = summarise(load_plan_text(HEAD + BENEFIT + tiers, SOURCES).plan, "en")
    assert words.benefits[0].terms == ("No deductible", "Pays 40% of what exceeds ¥50")


def test_a_deductible_that_is_a_parameter_has_variants_before_it_and_own_limits_before_shared_ones() -> None:
    parameter = (
        '[[parameter]]\nid = "line"\nname = { zh = "线", en = "line" }\n'
        'values = [{ from_day = 2023-01-01, yuan = "300.00", source = "clauses" }]\n'
    )
    deductible = (
        'deductible = { per = "year", parameter = "line", source = "clauses", '
        'variants = [{ when = { pre_existing = true }, yuan = "500.00", source = "clauses" }] }\n'
    )
    limits = (
        'limits = [{ per = "year", yuan = "9.00", shared = "all", source = "clauses" }, '
        '{ per = "year", yuan = "5.00", source = "clauses" }]\n'
    )
    shared = 'limits = [{ per = "year", yuan = "9.00", shared = "all", source = "clauses" }]\n'
    text = HEAD + BENEFIT + deductible + TIERS + limits + SECOND + shared + parameter
    first = compile_plan(load_plan_text(text, SOURCES).plan).benefits[0]
    assert first.deductibles == (
        DeductibleProgram((("pre_existing", "in", (True,)),), 500_00, "clauses"),
        DeductibleProgram((), 300_00, "clauses"),
    )
    assert [(limit.amount, limit.pool) for limit in first.limits] == [(5_00, "medical/year/0"), (9_00, "all")]


def test_a_limit_of_nothing_pays_nothing() -> None:
    limits = 'limits = [{ per = "year", yuan = "0", source = "clauses" }]\n'
    assert paid(compiled(BENEFIT, TIERS, limits), "40.00") == [0]
    assert paid(compiled(BENEFIT, TIERS), "40.00") == [20_00]
