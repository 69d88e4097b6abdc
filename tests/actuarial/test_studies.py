"""The command line and the platform's desk give the same figures: they call the same studies."""

from __future__ import annotations

import csv
import json
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from huimin.actuarial.city import build_city
from huimin.actuarial.city.files import write_city
from huimin.actuarial.studies.asked import AskedStudy, Outcome, perform
from huimin.cli import main
from huimin.errors import InputError
from huimin.terms import plan_texts

JIANGSU = "jiangsu/yihuibao-1/2022"
PEOPLE = 20_000
CITY = ["--city", str(PEOPLE), "--seed", "3"]
TRIANGLE = "period,0,1,2\n2022-03,412000,655000,700000\n2022-04,388000,640000\n2022-05,431000\n"


def at_the_desk(kind: str, numbers: dict[str, float], **more: Any) -> Outcome:
    return perform(AskedStudy(kind, *plan_texts(JIANGSU), PEOPLE, 3, numbers, **more), lambda done, of: None)


def assert_same(outcome: Outcome, document: Path, pages: dict[str, Path]) -> None:
    assert json.loads(document.read_text("utf-8")) == json.loads(json.dumps(outcome.document))
    for language, page in pages.items():
        assert page.read_text("utf-8") == outcome.pages[language]


@pytest.mark.parametrize("language", ["zh", "en"])
def test_a_price_is_the_same_at_the_terminal_and_at_the_desk(language: str, tmp_path: Path) -> None:
    loads = ["--trend", "6", "--expenses", "8", "--margin", "2", "--insured", "100000", "--shock", "5"]
    files = ["--page", str(tmp_path / "a.html"), "--out", str(tmp_path / "a.json"), "--language", language]
    assert main(["price", JIANGSU, *CITY, *loads, "--rates", "--glm", *files]) == 0
    numbers = {"trend": 6, "expenses": 8, "margin": 2, "insured": 100_000, "shock": 5}
    assert_same(at_the_desk("price", numbers), tmp_path / "a.json", {language: tmp_path / "a.html"})


def test_years_of_renewal_are_the_same_at_the_terminal_and_at_the_desk(tmp_path: Path) -> None:
    asked = ["--price", "100", "--take-up", "40", "--years", "4", "--target", "85", "--trend", "6"]
    more = ["--selection", "0.5", "--subsidy", "5", "--account", "--out", str(tmp_path), "--language", "en"]
    assert main(["renew", JIANGSU, *CITY, *asked, *more]) == 0
    numbers = {"price": 100, "take_up": 40, "years": 4, "target": 85, "trend": 6}
    outcome = at_the_desk("renew", {**numbers, "selection": 0.5, "subsidy": 5, "account": 1})
    assert_same(outcome, tmp_path / "renewal.json", {"en": tmp_path / "renewal.html"})


def test_designs_are_the_same_at_the_terminal_and_at_the_desk(tmp_path: Path) -> None:
    asked = ["--designs", "8", "--expenses", "8", "--fixed", "1000", "--out", str(tmp_path), "--language", "zh"]
    assert main(["design", JIANGSU, *CITY, *asked]) == 0
    outcome = at_the_desk("design", {"designs": 8, "expenses": 8, "fixed": 1_000})
    assert_same(outcome, tmp_path / "designs.json", {"zh": tmp_path / "frontier.html"})


@pytest.mark.parametrize("expected", [None, "700000"])
def test_a_reserve_is_the_same_at_the_terminal_and_at_the_desk(expected: str | None, tmp_path: Path) -> None:
    path, page, out = (tmp_path / name for name in ("t.csv", "a.html", "a.json"))
    path.write_text(TRIANGLE, "utf-8")
    more = [] if expected is None else ["--expected", expected]
    command = ["reserve", str(path), *more, "--page", str(page), "--out", str(out), "--language", "en"]
    assert main(command) == 0
    assert_same(at_the_desk("reserve", {"expected": float(expected or 0)}, triangle=TRIANGLE), out, {"en": page})


def test_a_year_looked_back_on_is_the_same_at_the_terminal_and_at_the_desk(tmp_path: Path) -> None:
    write_city(build_city(PEOPLE, 5), tmp_path, date(2022, 1, 1), 1, csv=True)
    members, settlements = tmp_path / "with-premium.csv", tmp_path / "settlements-2022.csv"
    _with_premium(tmp_path / "members-2022.csv", members)
    files = ["--members", str(members), "--settlements", str(settlements), "--out", str(tmp_path / "out")]
    basis = ["--basis-city", str(PEOPLE), "--basis-seed", "3", "--expenses", "8", "--valued-on", "2022-10-31"]
    assert main(["lookback", JIANGSU, *files, *basis, "--language", "en"]) == 0
    outcome = at_the_desk("lookback", {"expenses": 8}, files=(members, settlements), day=date(2022, 10, 31))
    out = tmp_path / "out"
    assert_same(outcome, out / "lookback.json", {"en": out / "lookback.html"})


def _with_premium(source: Path, target: Path) -> None:
    with source.open(encoding="utf-8") as given, target.open("w", encoding="utf-8", newline="") as written:
        rows = csv.DictReader(given)
        writer = csv.DictWriter(written, [*(rows.fieldnames or ()), "premium"])
        writer.writeheader()
        writer.writerows({**row, "premium": "158.00"} for row in rows)


@pytest.mark.parametrize(("people", "designs"), [(1_000_001, 8), (20_000, 2_001)])
def test_a_study_that_is_too_large_for_a_server_is_refused(people: int, designs: int) -> None:
    asked = AskedStudy("design", *plan_texts(JIANGSU), people, 3, {"designs": designs, "expenses": 8, "fixed": 0})
    with pytest.raises(InputError) as refused:
        perform(asked, lambda done, of: None)
    assert refused.value.code == "too_much"
