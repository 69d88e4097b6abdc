"""Faults that no single field shows, each in a plan that has only that one; and the plan without it has none."""

from __future__ import annotations

import pytest

# ruff: noqa: E501 - plan files read best with one term a line
from huimin.errors import PlanFaults
from huimin.terms import load_plan_text
from small_plan import BENEFIT, CANCER, DEDUCTIBLE, HEAD, SECOND, SOURCES, TIERS, WHOLE


def faults(*parts: str) -> list[str]:
    try:
        load_plan_text(HEAD + "".join(parts), SOURCES)
    except PlanFaults as found:
        return [str(fault) for fault in found.faults]
    return []


def variant(condition: str, percent: str = "40") -> str:
    tiers = f'[{{ above_yuan = "0", percent = "{percent}", source = "clauses" }}]'
    return f"[[benefit.variants]]\nwhen = {{ {condition} }}\ntiers = {tiers}\n"


def test_the_plan_that_the_others_are_made_from_has_no_fault() -> None:
    assert faults(BENEFIT, DEDUCTIBLE, TIERS) == []


def test_two_variants_that_fit_one_member_are_refused_unless_one_is_narrower() -> None:
    overlapping = variant("pre_existing = true") + variant("first_enrolment = true", "30")
    (fault,) = faults(BENEFIT, TIERS, overlapping)
    assert "benefit[0].variants" in fault
    assert "pre_existing = true" in fault
    assert faults(BENEFIT, TIERS, variant("pre_existing = true"), variant("pre_existing = false", "30")) == []
    narrower = variant("pre_existing = true, first_enrolment = true", "30")
    assert faults(BENEFIT, TIERS, variant("pre_existing = true"), narrower) == []
    assert faults(BENEFIT, TIERS, variant("pre_existing = true"), variant("pre_existing = true", "30"))


@pytest.mark.parametrize(
    ("terms", "words"),
    [
        (TIERS + variant("age_from = 60, age_to = 50"), "a condition that somebody can meet"),
        (TIERS + variant('edition = "gold"'), "the id of an edition"),
        (TIERS + variant('disease = "cancer"'), "the id of a disease_group"),
        (TIERS + variant("pre_existing = true", "101"), "expected a rate from 0 % to 100 %"),
        (TIERS + variant("pre_existing = true").replace("tiers", "unknown = 'x'\ntiers"), "exactly one of them"),
        ('tiers_on = "gross"\n' + DEDUCTIBLE + TIERS.replace('"0"', '"200.00"'), "what lies between"),
        (TIERS.replace('above_yuan = "0"', 'above_parameter = "threshold"'), "the id of a parameter"),
        ('deductible = { per = "year", parameter = "threshold", source = "clauses" }\n' + TIERS, "the id of a parameter"),
        ('deductible = { per = "year", source = "clauses" }\n' + TIERS, "exactly one of them"),
        (DEDUCTIBLE.replace(" }", ', shared = "pool" }') + TIERS, "shared with nobody"),
        (TIERS + 'limits = [{ per = "year", source = "clauses" }]\n', "exactly one of them"),
        (
            TIERS + 'limits = [{ per = "year", yuan = "1", source = "clauses" }, '
            '{ per = "year", yuan = "2", when = { pre_existing = true }, source = "clauses" }]\n',
            "two limits per year",
        ),
        (TIERS + 'tiers_unknown = "x"\n', "either of them"),
        (TIERS.replace('percent = "50"', 'percent = "100"') + "adjustments = "
         '[{ when = { pre_existing = true }, percentage_points = "1", source = "clauses" }]\n', "a rate from 0% to 100%"),
        (TIERS.replace("tiers", "when = { pre_existing = 'yes' }\ntiers"), "pre_existing"),
    ],
)  # fmt: skip
def test_a_fault_is_found_and_said_once(terms: str, words: str) -> None:
    found = faults(BENEFIT, terms)
    assert len(found) == 1, found
    assert words in found[0]


def test_a_shared_deductible_is_shared_on_the_same_terms() -> None:
    shared = DEDUCTIBLE.replace(" }", ', shared = "pool" }')
    second = SECOND.replace("tiers =", shared + "tiers =")
    assert faults(BENEFIT, shared, TIERS, second) == []
    per_bill = second.replace('"year"', '"settlement"')
    (fault,) = faults(BENEFIT, shared, TIERS, per_bill)
    assert "the same terms" in fault


def test_a_residual_stands_after_what_it_subtracts() -> None:
    base = 'base = { quantity = "personal", less_benefits = ["second"] }'
    residual = BENEFIT.replace('base = "self_paid"', base) + TIERS
    assert faults(SECOND, residual) == []
    (fault,) = faults(residual, SECOND)
    assert "stands before" in fault
    (itself,) = faults(residual.replace('["second"]', '["medical"]'))
    assert "stands before" in itself


def test_a_parameter_covers_everybody_on_the_first_day() -> None:
    def parameter(*values: str) -> str:
        rows = ", ".join(f'{{ {value}, yuan = "300.00", source = "clauses" }}' for value in values)
        return f'[[parameter]]\nid = "threshold"\nname = {{ zh = "线", en = "threshold" }}\nvalues = [{rows}]\n'

    use = BENEFIT + 'deductible = { per = "year", parameter = "threshold", source = "clauses" }\n' + TIERS
    assert faults(use, parameter("from_day = 2024-01-01")) == []
    both = [f'from_day = 2023-01-01, when = {{ basic_insurance = "{kind}" }}' for kind in ("employee", "resident")]
    assert faults(use, parameter(*both)) == []
    assert any("leave some members out" in fault for fault in faults(use, parameter(both[0])))
    assert any("no value that holds" in fault for fault in faults(use, parameter("from_day = 2024-01-02")))


def test_a_list_says_each_thing_once_a_day() -> None:
    def listing(*items: str) -> str:
        rows = ", ".join(f'{{ code = "A", name = "A"{item} }}' for item in items)
        return (
            f'[[item_list]]\nid = "drugs"\nname = {{ zh = "药", en = "drugs" }}\nsource = "clauses"\nitem = [{rows}]\n'
        )

    use = BENEFIT.replace('base = "self_paid"', 'base = { items_on = "drugs" }') + TIERS
    assert faults(use, listing(", to_day = 2024-06-30", ", from_day = 2024-07-01")) == []
    assert any("twice" in fault for fault in faults(use, listing(", to_day = 2024-07-01", ", from_day = 2024-07-01")))
    assert faults(use, listing(', indications = ["x"]', ', indications = ["y"]')) == []
    assert any("not before" in f for f in faults(use, listing(", from_day = 2024-02-02, to_day = 2024-02-01")))
    assert any("item_list" in fault for fault in faults(use))


@pytest.mark.parametrize("key", ["payout_ratio", "fund_pool", "amendments"])
def test_what_the_notice_forbids_is_refused_with_the_reason(key: str) -> None:
    (fault,) = faults(BENEFIT, TIERS, f'{key} = "85"\n')
    assert "the notice of 2025-07-31 forbids it" in fault


def test_hostile_files_get_a_list_of_faults_and_never_a_traceback() -> None:
    deep = "x = " + "[" * 5_000 + "]" * 5_000
    nested = "[" + ".".join("a" * 3 for _ in range(400)) + "]\nb = 1\n"
    for text in (
        deep,
        nested,
        "\x00",
        "format = 1e999",
        f"format = {'9' * 5_000}",
        HEAD.replace('"100.00"', f'"{"9" * 5_000}"') + BENEFIT + TIERS,
        HEAD + BENEFIT + TIERS * 2,
        HEAD.replace("2024-01-01", "0001-01-01") + BENEFIT + TIERS.replace('"50"', '"1e3"'),
        HEAD + (BENEFIT + TIERS) * 300,
    ):
        with pytest.raises(PlanFaults) as found:
            load_plan_text(text, SOURCES)
        assert found.value.faults


def test_an_empty_list_is_a_fault_of_its_own_beside_others() -> None:
    text = HEAD.replace('yuan = "100.00"', "yuan = 1.5") + "benefit = []\n"
    with pytest.raises(PlanFaults) as found:
        load_plan_text(text, SOURCES)
    assert sorted(fault.place for fault in found.value.faults) == ["benefit", "premium.yuan"]


def faults_of(text: str) -> list[str]:
    try:
        load_plan_text(text, SOURCES)
    except PlanFaults as found:
        return [str(fault) for fault in found.faults]
    return []


def test_the_frame_that_the_others_are_made_from_has_no_fault() -> None:
    assert faults_of(WHOLE) == []


@pytest.mark.parametrize(
    ("old", "new", "place", "words"),
    [
        ('percent = "40"', 'percent = "41"', "pool.shares[0].share", "101% in all"),
        (", lead = true", "", "pool.shares[0].share", "0 insurers that lead"),
        ('percent = "40"', 'percent = "40", lead = true', "pool.shares[0].share", "2 insurers that lead"),
        ('insurer = "second"', 'insurer = "first"', "pool.shares[0].share", "each insurer once"),
        ("from_day = 2024-01-01", "from_day = 2024-01-02", "pool.shares", "first day of cover"),
        ("from_day = 2024-01-01", 'from_day = 2024-01-01, benefits = ["none"]', "pool.shares[0].benefits", "a benefit"),
        ('percent = "3"', 'percent = "3", yuan = "1"', "pool.fees[0]", "exactly one of them"),
        ('percent = "50"', 'percent = "50", yuan = "1"', "premium.parts[0]", "exactly one of them"),
        ("personal_account", "donor", "premium.parts[0].balance_above_yuan", "personal_account"),
        ("2024-02-01, begins", "2023-12-31, begins", "enrolment.late[0].last_day", "after the window's last"),
        ("2024-02-01, begins", "2025-01-01, begins", "enrolment.late[0].last_day", "after the window's last"),
        ('benefits = ["medical"]', 'benefits = ["none"]', "claim_free.benefits", "the id of a benefit"),
        ('groups = ["cancer"]', 'groups = ["stroke"]', "pre_existing.groups", "whose codes are known"),
        ('codes = [{ first = "C00", last = "C97" }]', 'unknown = "x"', "pre_existing.groups", "whose codes are known"),
        ("claim_free_years_from = 2", "", "reward[0].when", "at least one fact"),
        ('id = "wards"', 'id = "medical"', "exclusion[0].id", "an id that no benefit has"),
        ('when = { ward = "special" }', "when = {}", "exclusion[0].when", "at least one fact"),
        ("{ accident = true }", '{ ward = "ordinary" }', "exclusion[0].exceptions[0]", "never holds"),
        ("{ accident = true }", '{ ward = "special" }', "exclusion[0].exceptions[0]", "always holds"),
        ("exceptions = [", 'benefits = ["none"]\nexceptions = [', "exclusion[0].benefits", "the id of a benefit"),
        (
            'ward = "special"',
            'hospital_list = "proton"',
            "exclusion[0].when.hospital_list",
            "the id of a hospital_list",
        ),
        (CANCER, CANCER + CANCER, "disease_group[0].id", "no other disease_group"),
    ],
)
def test_each_fault_of_the_frame_is_named_at_its_place(old: str, new: str, place: str, words: str) -> None:
    assert WHOLE.count(old) >= 1
    found = faults_of(WHOLE.replace(old, new, 1))
    assert any(fault.startswith(place) and words in fault for fault in found), found


DAY = 'base = { allowance = { per = "day", yuan = "100", source = "clauses" } }'


@pytest.mark.parametrize(
    ("terms", "words"),
    [
        (DAY.replace('"day"', '"month"').replace('"100"', '"100", free_days = 3'), "an allowance per day"),
        (DAY + "\n" + DEDUCTIBLE, "free_days"),
        ('base = "self_paid"\nlowest_percent = "60"\nhighest_percent = "50"\n' + TIERS, "at most highest_percent, 50%"),
    ],
)
def test_faults_of_what_is_paid(terms: str, words: str) -> None:
    (fault,) = faults(BENEFIT.replace('base = "self_paid"\n', ""), terms)
    assert words in fault


def test_an_allowance_needs_no_tiers_and_two_items_may_differ_in_what_they_ask_for() -> None:
    assert faults(BENEFIT.replace('base = "self_paid"', DAY)) == []
    listing = '[[item_list]]\nid = "drugs"\nname = { zh = "药", en = "drugs" }\nsource = "clauses"\nitem = [{ code = "A", name = "药", lines = [1] }, { code = "A", name = "药", lines = [%s] }]\n'
    assert faults(BENEFIT, TIERS, listing % "2") == []
    assert any("twice" in fault for fault in faults(BENEFIT, TIERS, listing % "1, 2"))
