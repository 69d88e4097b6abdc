"""What is known of members as levels; and a price that says what each of them does."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest

from batch.test_parts import as_csv
from cast import JIANGSU
from huimin.actuarial.city import build_city
from huimin.actuarial.history import History, read_history
from huimin.actuarial.populations import city_history
from huimin.actuarial.pricing import Assumptions, price_plan
from huimin.actuarial.traits import traits_of
from huimin.adjudication import compile_plan
from huimin.cli import main
from huimin.terms import find_plan

MEMBERS = [
    {"birth_date": "2010-01-01", "sex": "1", "insutype": "390", "pre_existing": "0", "continuous_years": "0"},
    {"birth_date": "1952-01-02", "sex": "2", "insutype": "310", "pre_existing": "1", "continuous_years": "3"},
    {"birth_date": "1952-01-01", "sex": "F", "insutype": "390", "pre_existing": "cancer", "continuous_years": "7"},
    {"birth_date": "", "sex": "", "insutype": "390", "pre_existing": "", "continuous_years": ""},
]


def history(tmp_path: Path, members: list[dict[str, str]]) -> History:
    cover = {"cover_from": "2022-01-01", "cover_to": "2022-12-31"}
    people = as_csv(tmp_path / "m.csv", [{"psn_no": f"P{n}", **cover, **one} for n, one in enumerate(members)])
    return read_history(people, as_csv(tmp_path / "s.csv", [], "setl_id", "psn_no", "setl_time"))


def levels(found: dict[str, Any], name: str) -> list[str]:
    codes, names = found[name]
    return [names[code] for code in codes]


def test_what_files_say_of_members_becomes_levels_and_what_they_do_not_a_question_mark(tmp_path: Path) -> None:
    found = traits_of(history(tmp_path, MEMBERS))
    assert levels(found, "age") == ["0+", "60+", "70+", "?"]
    assert levels(found, "sex") == ["men", "women", "women", "?"]
    assert levels(found, "insutype") == ["390", "310", "390", "390"]
    assert levels(found, "pre_existing") == ["no", "yes", "yes", "no"]
    assert levels(found, "continuous_years") == ["0", "3+", "3+", "?"]
    assert "edition" not in found


def test_a_diagnosis_from_before_is_a_pre_existing_condition(tmp_path: Path) -> None:
    rows = [{"diag_history": "C34.9@2020-05-01"}, {"diag_history": ""}]
    assert levels(traits_of(history(tmp_path, rows)), "pre_existing") == ["yes", "no"]


@pytest.fixture(scope="module")
def city() -> History:
    return city_history(build_city(30_000, 1), compile_plan(find_plan(JIANGSU).plan))


def test_the_models_rates_come_to_the_gross_premium(city: History) -> None:
    found = price_plan(find_plan(JIANGSU), city, Assumptions(expenses=1_000), glm=True)
    assert found.model is not None
    assert sum(cell.total for cell in found.model.cells) == round(found.gross.value * 100 * found.members)
    factor = {f"{one.trait}/{one.name}": one for one in found.model.levels}
    assert factor["age/70+"].low > 1
    assert factor["pre_existing/yes"].low > 1
    assert price_plan(find_plan(JIANGSU), city).model is None


def test_the_model_is_the_same_to_the_last_digit(city: History) -> None:
    first, second = (price_plan(find_plan(JIANGSU), city, glm=True).model for _ in range(2))
    assert first == second


def test_of_few_who_were_paid_a_price_says_why_there_is_no_model(city: History) -> None:
    paid = city.decide(compile_plan(find_plan(JIANGSU).plan))
    members = np.flatnonzero(city.by_member(paid, 3).sum(axis=0))[:60]
    found = price_plan(find_plan(JIANGSU), city.only(members, paid), glm=True)
    assert found.model is None
    assert "else a model shows chance" in found.unmodelled


def test_a_model_stands_at_the_terminal_and_on_the_page_where_it_is_asked_for(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    page = tmp_path / "price.html"
    assert main(["price", JIANGSU, "--city", "30000", "--glm", "--page", str(page), "--language", "en"]) == 0
    printed = capsys.readouterr().out
    assert "trait and level" in printed
    assert "pre_existing yes" in printed
    text = page.read_text("utf-8")
    assert "What each trait does by itself" in text
    assert "pre-existing condition: yes" in text
    assert main(["price", JIANGSU, "--city", "30000", "--page", str(page)]) == 0
    assert "广义线性模型" not in page.read_text("utf-8")


def test_a_reserves_page_shows_its_methods_and_its_file_is_the_same_each_time(tmp_path: Path) -> None:
    path, page, out = (tmp_path / name for name in ("triangle.csv", "reserve.html", "reserve.json"))
    path.write_text("period,0,1,2\n2021,1000,1500,1600\n2022,1100,1700\n2023,1200\n", "utf-8")
    more = ["--expected", "2000", "--page", str(page), "--out", str(out), "--language", "en"]
    assert main(["reserve", str(path), *more]) == 0
    text = page.read_text("utf-8")
    for word in ("1,700", "Bornhuetter–Ferguson", "Expected loss", "Development factors", "1.0667"):
        assert word in text
    before = out.read_bytes()
    assert main(["reserve", str(path), *more]) == 0
    assert out.read_bytes() == before
