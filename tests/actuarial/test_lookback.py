"""The look-back: every sum agrees with every other, ratios are what they are called, thin data give a reason."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date
from fractions import Fraction
from io import BytesIO
from pathlib import Path

import numpy as np
import openpyxl
import pytest
from openpyxl.formula import Tokenizer
from openpyxl.formula.tokenizer import Token

from cast import JIANGSU, jiangsu
from huimin.actuarial.city import build_city
from huimin.actuarial.city.files import bills_table, members_table, write_city
from huimin.actuarial.history import History, history_of_tables
from huimin.actuarial.lookback import Claims, Lookback, Valuation, claims_of, look_back
from huimin.actuarial.lookback.payments import NOT_YET, read_payments
from huimin.actuarial.lookback.workbook import write_workbook
from huimin.actuarial.pages.lookback_page import lookback_page
from huimin.actuarial.ratios import decided_ratio, earned_premium, in_basis_points, paid_ratio, payout_ratio
from huimin.actuarial.triangles import Triangle
from huimin.batch.table.rows import days_since_epoch
from huimin.cli import main
from huimin.errors import InputError
from huimin.money import divide_half_up

FIRST, LAST = date(2022, 1, 1), date(2022, 12, 31)
MILLION = 1_000_000_00


@pytest.fixture(scope="module")
def year() -> Claims:
    return claims(40_000, 5)


@pytest.fixture(scope="module")
def basis() -> Claims:
    return claims(60_000, 6)


def claims(people: int, seed: int) -> Claims:
    city = build_city(people, seed)
    drawn = city.year(0)
    bills = bills_table(drawn, FIRST)
    history = history_of_tables(members_table(city, drawn, (FIRST, LAST), history=False), bills, "")
    paid = days_since_epoch(FIRST) + drawn.care.day + drawn.delays
    return claims_of(jiangsu(), history, paid)


def seen(
    year: Claims, basis: Claims, day: date = date(2022, 9, 30), premium: int = 60_00, expenses: float = 0
) -> Lookback:
    return look_back(jiangsu(), year, basis, Valuation(day, premium, expenses))


def sums(found: Lookback, what: str) -> dict[str, float]:
    return {
        by: sum(getattr(one, what) for one in found.comparisons if one.by == by)
        for by in ("benefit", "age", "area", "month")
    }


class TestRatios:
    def test_shanghais_first_year_is_a_paid_ratio_at_both_days(self) -> None:
        premium, by_new_year, by_july = 850 * MILLION, 378 * MILLION, 750 * MILLION
        assert in_basis_points(paid_ratio(by_new_year, premium)) == 44_47
        assert in_basis_points(paid_ratio(by_july, premium)) == 88_24

    def test_the_official_ratio_counts_what_is_still_to_be_paid(self) -> None:
        assert payout_ratio(60, 20, 100) == Fraction(4, 5)
        assert paid_ratio(60, 200) == Fraction(3, 10)

    def test_a_premium_is_earned_over_the_days_of_its_own_cover(self) -> None:
        first, middle, last = date(2022, 1, 1), date(2022, 7, 1), date(2022, 12, 31)
        assert earned_premium([(first, last, 365_00)], date(2022, 1, 1)) == 1_00
        assert earned_premium([(first, last, 365_00)], date(2021, 12, 31)) == 0
        assert earned_premium([(middle, last, 184_00)], date(2022, 7, 2)) == 2_00
        assert earned_premium([(first, last, 365_00), (middle, last, 184_00)], date(2023, 6, 1)) == 549_00

    def test_earned_premium_does_not_depend_on_how_policies_are_put_together(self) -> None:
        """Three policies of one fen, half over: one and a half fen, rounded once."""
        cover = date(2022, 1, 1), date(2022, 1, 2)
        assert (
            earned_premium([(*cover, 1)] * 3, date(2022, 1, 1)) == earned_premium([(*cover, 3)], date(2022, 1, 1)) == 2
        )

    @pytest.mark.parametrize(
        "ratio", [lambda: paid_ratio(1, 0), lambda: payout_ratio(1, 1, -1), lambda: decided_ratio(1, 0)]
    )
    def test_without_premium_there_is_none(self, ratio: object) -> None:
        with pytest.raises(InputError) as refused:
            ratio()  # type: ignore[operator]
        assert refused.value.code == "no_premium"


class TestActualAgainstExpected:
    def test_every_way_of_grouping_has_one_sum(self, year: Claims, basis: Claims) -> None:
        found = seen(year, basis)
        incurred = year.incurred_by(days_since_epoch(date(2022, 9, 30))).payable.sum() / 100
        assert list(sums(found, "actual").values()) == pytest.approx([incurred] * 4)
        (first, *rest) = sums(found, "expected").values()
        assert rest == pytest.approx([first] * 3)

    def test_a_year_looked_back_on_by_itself_is_as_expected(self, year: Claims) -> None:
        found = seen(year, year, LAST)
        for one in found.comparisons:
            if one.by in ("benefit", "age", "month"):
                assert one.actual == pytest.approx(one.expected), one

    def test_another_year_of_such_a_city_is_within_chance(self, year: Claims, basis: Claims) -> None:
        total = next(one for one in seen(year, basis, LAST).comparisons if one.by == "benefit")
        assert abs(total.actual - total.expected) < 4 * total.error

    def test_half_a_month_expects_half_of_it(self, year: Claims, basis: Claims) -> None:
        whole, half = (seen(year, basis, date(2022, 6, day)).comparisons for day in (30, 15))
        last = [next(one for one in groups if (one.by, one.value) == ("month", "6")) for groups in (whole, half)]
        assert last[1].expected == pytest.approx(last[0].expected / 2)


class TestReserve:
    def test_what_is_outstanding_is_most_of_what_was_paid_later(self, year: Claims, basis: Claims) -> None:
        day = days_since_epoch(date(2022, 9, 30))
        found = seen(year, basis)
        later = int(year.incurred_by(day).payable.sum()) - int(year.incurred_by(day).paid_by(day).payable.sum())
        assert found.outstanding == pytest.approx(later, rel=0.35)
        assert found.paid + found.outstanding == pytest.approx(year.incurred_by(day).payable.sum(), rel=0.15)

    def test_the_bridge_from_last_month_adds_up_to_the_fen(self, year: Claims, basis: Claims) -> None:
        found = seen(year, basis)
        assert found.bridge is not None
        assert found.bridge.opening == seen(year, basis, date(2022, 8, 31)).outstanding
        assert found.bridge.opening + sum(step.change for step in found.bridge.steps) == found.outstanding

    def test_after_two_months_there_is_no_reserve_and_no_official_ratio(self, year: Claims, basis: Claims) -> None:
        found = seen(year, basis, date(2022, 2, 28))
        assert found.payout_ratio is None
        assert found.too_thin.startswith("found 2 periods; expected 3 or more")
        assert found.paid_ratio is not None
        assert found.paid_ratio > 0
        assert seen(year, basis, date(2022, 4, 30)).payout_ratio is not None

    def test_a_triangle_of_decisions_has_each_payment_where_it_belongs(self) -> None:
        occurred, paid = np.array([0, 0, 1, 2, 2, 5]), np.array([0, 2, 2, 2, 3, 5])
        found = Triangle.monthly(date(2022, 11, 1), 3, occurred, paid, np.array([100, 200, 300, 400, 500, 600]))
        assert found.periods == ("2022-11", "2022-12", "2023-01")
        assert found.paid[0].tolist() == [1, 1, 3]
        assert found.paid[1, :2].tolist() == [0, 3]
        assert found.paid[2, 0] == 4


class TestPremium:
    def test_it_is_earned_by_the_day(self, year: Claims, basis: Claims) -> None:
        found = [seen(year, basis, day) for day in (date(2022, 4, 30), LAST, date(2023, 3, 31))]
        assert found[0].written == 60_00 * year.members
        assert found[0].earned == divide_half_up(found[0].written * 120, 365)
        assert [one.earned - one.written for one in found[1:]] == [0, 0]
        assert found[2].future_claims == 0

    @pytest.mark.parametrize(
        ("premium", "expenses", "short"), [(20_00, 0.0, True), (400_00, 0.0, False), (400_00, 0.95, True)]
    )
    def test_it_is_deficient_where_what_is_left_does_not_carry_what_is_to_come(
        self, year: Claims, basis: Claims, premium: int, expenses: float, short: bool
    ) -> None:
        found = seen(year, basis, premium=premium, expenses=expenses)
        assert (found.deficiency > 0) is short
        if short:
            assert found.deficiency == found.future_claims + round(found.unearned * expenses) - found.unearned

    def test_a_day_before_the_cover_is_refused(self, year: Claims, basis: Claims) -> None:
        with pytest.raises(InputError) as refused:
            seen(year, basis, date(2021, 12, 31))
        assert refused.value.code == "bad_valuation"

    def test_cover_of_nobody_is_refused(self, year: Claims, basis: Claims) -> None:
        with pytest.raises(InputError) as refused:
            seen(replace(year, exposure=year.exposure * 0), basis)
        assert refused.value.code == "empty_history"


@pytest.fixture(scope="module")
def files(tmp_path_factory: pytest.TempPathFactory) -> Path:
    home = tmp_path_factory.mktemp("city")
    write_city(build_city(8_000, 9), home, FIRST, 1, csv=True)
    return home


class TestPayments:
    def history(self, files: Path) -> History:
        from huimin.actuarial.history import read_history

        return read_history(files / "members-2022.csv", files / "settlements-2022.csv")

    def test_who_is_not_named_is_not_paid_yet(self, files: Path, tmp_path: Path) -> None:
        history = self.history(files)
        path = tmp_path / "paid.csv"
        path.write_text("setl_id,paid_on\n3,2022-05-01\n0,\n", "utf-8")
        found = read_payments(path, history)
        ids = history.bills.ids.as_text().to_pylist()
        assert found[ids.index("3")] == days_since_epoch(date(2022, 5, 1))
        assert set(np.delete(found, ids.index("3")).tolist()) == {NOT_YET}

    @pytest.mark.parametrize(("rows", "code"), [("3,soon", "bad_day"), ("3,2022-05-01\n3,2022-05-02", "paid_twice")])
    def test_what_cannot_be_is_refused_with_its_line(self, files: Path, tmp_path: Path, rows: str, code: str) -> None:
        path = tmp_path / "paid.csv"
        path.write_text(f"setl_id,paid_on\n{rows}\n", "utf-8")
        with pytest.raises(InputError, match="line ") as refused:
            read_payments(path, self.history(files))
        assert refused.value.code == code

    def test_a_payment_before_the_care_is_refused(self, files: Path) -> None:
        history = self.history(files)
        with pytest.raises(InputError) as refused:
            claims_of(jiangsu(), history, np.zeros(len(history.bills), np.int64))
        assert refused.value.code == "paid_before_care"


@pytest.fixture(scope="module", params=["zh", "en"])
def pack(request: pytest.FixtureRequest, files: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("pack")
    command = ["lookback", JIANGSU, "--members", f"{files}/members-2022.csv", "--premium", "70", "--expenses", "10"]
    command += ["--settlements", f"{files}/settlements-2022.csv", "--paid", f"{files}/payments-2022.csv"]
    command += [
        "--basis-city",
        "20000",
        "--valued-on",
        "2022-10-31",
        "--language",
        request.param,
        "--out",
        str(out),
    ]
    assert main(command) == 0
    return out


@pytest.mark.parametrize("word", ["total", "paid", "benefit"])
def test_a_benefit_is_named_by_the_plan_even_where_its_id_is_a_word_of_the_pages(
    year: Claims, basis: Claims, word: str
) -> None:
    found = seen(year, basis)
    renamed = [replace(one, value=word) if one.value == "in_catalogue" else one for one in found.comparisons]
    names, book = {word: "Called so by the plan"}, BytesIO()
    found = replace(found, comparisons=renamed)
    assert "Called so by the plan" in lookback_page(found, "en", names)
    write_workbook(found, book, "en", names)
    cells = [cell.value for row in openpyxl.load_workbook(book)["Actual against expected"].rows for cell in row]
    assert cells.count("Called so by the plan") == 1


class TestPack:
    def test_the_workbooks_formulas_come_to_what_the_json_says(self, pack: Path) -> None:
        said = json.loads((pack / "lookback.json").read_text("utf-8"))
        book = openpyxl.load_workbook(pack / "lookback.xlsx")
        cells = Formulas(book)
        summary = book.worksheets[0]
        assert isinstance(summary["B11"].value, str) and summary["B11"].value.startswith("=")
        assert cells.value(summary.title, "B6") * 100 == pytest.approx(said["written_fen"])
        assert cells.value(summary.title, "B9") * 100 == pytest.approx(said["paid_fen"])
        assert cells.value(summary.title, "B10") * 100 == pytest.approx(said["outstanding_fen"])
        assert cells.value(summary.title, "B15") * 100 == pytest.approx(said["deficiency_fen"])
        bridge = book.worksheets[-1]
        assert cells.value(bridge.title, f"B{bridge.max_row}") * 100 == pytest.approx(said["outstanding_fen"])
        assert cells.value(summary.title, "B12") == pytest.approx(said["paid_ratio"])
        assert cells.value(summary.title, "B17") == pytest.approx(said["decided_ratio"])
        assert cells.value(summary.title, "B11") == pytest.approx(said["payout_ratio"])

    def test_the_page_keeps_the_two_ratios_apart(self, pack: Path) -> None:
        text = (pack / "lookback.html").read_text("utf-8")
        assert ("赔付率 =" in text and "不是赔付率" in text) or (
            "Payout ratio =" in text and "not the payout ratio" in text
        )
        assert text.count("<picture>") == 5
        assert "<script" not in text


def test_a_plan_with_no_known_price_asks_for_the_mean_one(
    files: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    command = [
        "lookback",
        "liaocheng/zhaohuibao/2022",
        "--city",
        "3000",
        "--basis-city",
        "3000",
        "--out",
        str(tmp_path),
    ]
    assert main(command) == 2
    assert "expected --premium" in capsys.readouterr().err


class Formulas:
    """The few functions that the workbook uses, worked out from its cells."""

    def __init__(self, book: openpyxl.Workbook) -> None:
        self.book = book

    def value(self, sheet: str, cell: str) -> float:
        found = self.book[sheet][cell].value
        if not (isinstance(found, str) and found.startswith("=")):
            return 0 if found is None else found
        tokens = [token for token in Tokenizer(found).items if token.type != Token.WSPACE]
        return self._sum(sheet, tokens[::-1])

    def _sum(self, sheet: str, tokens: list[Token]) -> float:
        """The next sum or difference. `tokens`: what is left of the formula, the next one last."""
        total = self._product(sheet, tokens)
        while tokens and tokens[-1].value in ("+", "-"):
            sign = 1 if tokens.pop().value == "+" else -1
            total += sign * self._product(sheet, tokens)
        return total

    def _product(self, sheet: str, tokens: list[Token]) -> float:
        total = self._part(sheet, tokens)
        while tokens and tokens[-1].value in ("*", "/"):
            times = tokens.pop().value == "*"
            other = self._part(sheet, tokens)
            total = total * other if times else total / other
        return total

    def _part(self, sheet: str, tokens: list[Token]) -> float:
        token = tokens.pop()
        if token.type == Token.OP_PRE:
            return -self._part(sheet, tokens)
        if token.subtype == Token.OPEN:
            given = [self._sum(sheet, tokens)]
            while tokens.pop().type == Token.SEP:
                given.append(self._sum(sheet, tokens))
            return {"(": sum, "SUM(": sum, "MAX(": max, "ROUND(": lambda both: round(both[0], int(both[1]))}[
                token.value
            ](given)
        return float(token.value) if token.subtype == Token.NUMBER else self._cells(sheet, token.value)

    def _cells(self, sheet: str, place: str) -> float:
        """The sum of a cell or a column's stretch of cells, of this sheet or the one that is named."""
        named, _, cells = place.rpartition("!")
        first, _, last = cells.partition(":")
        rows = range(int(first[1:]), int((last or first)[1:]) + 1)
        return sum(self.value(named.strip("'") or sheet, f"{first[0]}{row}") for row in rows)
