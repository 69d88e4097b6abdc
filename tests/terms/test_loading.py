"""A plan file with faults gets all of them at once, each with its place and what was expected."""

from __future__ import annotations

from importlib.resources import files
from pathlib import Path
from typing import get_args

import pytest
from pydantic import BaseModel

# ruff: noqa: E501 - the table below reads best with one case a line
from huimin.errors import InputError, PlanFaults
from huimin.terms import Plan, find_plan, load_plan, load_plan_text, plan_names

HOME = Path(str(files("huimin") / "plans" / "jiangsu" / "yihuibao-1" / "2022"))
PLAN, SOURCES = (HOME / "plan.toml").read_text("utf-8"), (HOME / "sources.toml").read_text("utf-8")


def faults_of(text: str, sources: str = SOURCES) -> dict[str, str]:
    with pytest.raises(PlanFaults) as caught:
        load_plan_text(text, sources)
    return {fault.place: str(fault) for fault in caught.value.faults}


def changed(*pairs: tuple[str, str]) -> str:
    text = PLAN
    for old, new in pairs:
        assert old in text, f"the plan file no longer contains {old!r}"
        text = text.replace(old, new, 1)
    return text


def test_the_catalogue_loads_without_a_fault() -> None:
    assert "jiangsu/yihuibao-1/2022" in plan_names()
    for name in plan_names():
        assert find_plan(name).plan.id == name


def test_all_faults_of_a_file_are_listed_at_once() -> None:
    faults = faults_of(
        changed(
            ('yuan = "158.00"', "yuan = 158.5"),
            ('percent = "65"', 'percent = "165"'),
            ('base = "self_paid"', 'base = "self_payed"'),
            ("first_day = 2022-01-01", 'first_day = "tomorrow"'),
            ('settings = ["inpatient", "special_outpatient"]', 'setting = ["inpatient"]'),
        )
    )
    assert {"premium.yuan", "benefit[0].tiers[0].percent", "cover.first_day", "benefit[0].setting"} <= set(faults)
    assert any(place.startswith("benefit[0].base") for place in faults)
    assert "158.5" in faults["premium.yuan"]
    assert "expected a rate from 0 % to 100 %" in faults["benefit[0].tiers[0].percent"]


@pytest.mark.parametrize(
    ("old", "new", "place"),
    [
        ('above_yuan = "100000.00", percent = "77"', 'above_yuan = "0", percent = "77"', "benefit[0].tiers[1].above_yuan"),
        ('{ above_yuan = "0", percent = "65"', '{ above_yuan = "5", percent = "65"', "benefit[0].tiers[0].above_yuan"),
        ('less_benefits = ["in_catalogue"', 'less_benefits = ["residual"', "benefit[2].base.less_benefits"),
        ('less_benefits = ["in_catalogue"', 'less_benefits = ["special_diseases"', "benefit[2].base.less_benefits"),
        ('source = "study:premium"', 'source = "study:price"', "premium.source"),
        ('id = "out_of_catalogue"', 'id = "in_catalogue"', "benefit[0].id"),
        ("last_day = 2022-12-31", "last_day = 2021-12-31", "cover.last_day"),
        ('percentage_points = "-10"', 'percentage_points = "-66"', "benefit[0].tiers[0].percent"),
        ("when = { pre_existing = true, first_enrolment = true }", "when = {}", "benefit[0].adjustments[0].when"),
        ('by = "settlement", assumed', 'by = "settlement", source = "study:period", assumed', "cover.bill_date"),
        ('unknown = "The study gives the launch', '# "', "enrolment"),
        ('base = "self_paid"\n', "", "benefit[0].base"),
        ('unknown = "Published only', 'base = "self_paid"\nunknown = "Published only', "benefit[3].base"),
        ('setting = "pharmacy"', 'setting = "inpatient"', "benefit[0].undecided"),
        ('limits = [{ per = "year", yuan = "1000000.00", source = "study:L1" }]',
         'limits = [{ per = "year", yuan = "1", source = "study:L1" }, { per = "year", yuan = "2", source = "study:L1" }]',
         "benefit[0].limits"),
    ],
)  # fmt: skip
def test_what_the_parts_of_a_plan_say_to_each_other_is_checked(old: str, new: str, place: str) -> None:
    assert place in faults_of(changed((old, new)))


@pytest.mark.parametrize("text", ["", "not toml at all", "a = [" * 5_000, "format = 3"])
def test_a_file_that_is_no_plan_gives_faults_and_no_traceback(text: str) -> None:
    assert faults_of(text)


@pytest.mark.parametrize("text", ["{} = 1", "[{}]", "name = {{ {} = 1 }}"])
@pytest.mark.parametrize("sources", [False, True])
def test_a_key_of_thousands_of_dots_is_a_fault_and_no_traceback(text: str, sources: bool) -> None:
    deep = text.format(".".join(["a"] * 3000))
    with pytest.raises(PlanFaults) as caught:
        load_plan_text("" if sources else deep, deep if sources else "")
    assert [(fault.place, fault.found) for fault in caught.value.faults] == [("file", "tables nested too deeply")]


def test_a_file_that_is_absurdly_large_is_not_read(tmp_path: Path) -> None:
    path = tmp_path / "plan.toml"
    path.write_text("#" * 1_000_001, "utf-8")
    with pytest.raises(PlanFaults) as found:
        load_plan(path)
    assert found.value.message == f"{path} has 1 fault:\n  file: found 1000001 bytes; expected at most 1000000"


def test_a_file_that_is_just_small_enough_is_read(tmp_path: Path) -> None:
    path = tmp_path / "plan.toml"
    path.write_text(PLAN + "#" * (1_000_000 - len(PLAN.encode())), "utf-8")
    (tmp_path / "sources.toml").write_text(SOURCES + "\n[remark]\n", "utf-8")
    assert load_plan(path).plan.name.zh == "江苏医惠保1号"


def test_the_faults_of_a_file_name_the_file(tmp_path: Path) -> None:
    path = tmp_path / "plan.toml"
    path.write_text("\ufeff" + PLAN.replace("2022-01-01", "2023-01-01", 1), "utf-8")
    (tmp_path / "sources.toml").write_text('loose = "a document without a table"\n' + SOURCES, "utf-8")
    with pytest.raises(PlanFaults, match=f"^{path} has 1 fault"):
        load_plan(path)


def test_a_name_that_no_plan_has_lists_those_there_are() -> None:
    with pytest.raises(InputError, match="jiangsu/yihuibao-1/2022") as caught:
        find_plan("jiangsu/nothing")
    assert caught.value.code == "no_such_plan"


def test_a_field_is_named_by_what_it_holds_and_the_file_by_what_it_writes() -> None:
    """Yuan in the file are fen in the plan, percent are basis points: no name says one unit and holds the other."""
    plan = find_plan("jiangsu/yihuibao-1/2022").plan
    assert plan.premium.fen == 158_00
    assert plan.benefit[0].tiers[0].basis_points == 65_00
    seen = 0
    for model in _models(Plan, set()):
        for name, field in model.model_fields.items():
            if name.endswith(("fen", "basis_points")):
                assert field.alias and field.alias.rpartition("_")[2] in {"yuan", "percent", "points"}, (model, name)
                seen += 1
            assert not name.endswith(("yuan", "percent", "percentage_points")), (model, name)
    assert seen > 15


def _models(model: type[BaseModel], known: set[type[BaseModel]]) -> set[type[BaseModel]]:
    """The model and every model that its fields may hold."""
    known.add(model)
    for field in model.model_fields.values():
        for part in _parts(field.annotation):
            if isinstance(part, type) and issubclass(part, BaseModel) and part not in known:
                _models(part, known)
    return known


def _parts(annotation: object) -> list[object]:
    inside = [part for one in get_args(annotation) for part in _parts(one)]
    return [annotation, *inside]
