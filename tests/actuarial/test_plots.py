"""The plots of the desk's pages: what stands at their axes, in which letters, and on which screen."""

from __future__ import annotations

import re
from itertools import pairwise
from xml.etree import ElementTree

import pytest

from huimin.actuarial.pages.drawing import COLOURS, broken, ems, grouped
from huimin.actuarial.pages.plots import Plot, bars, forest, lines, waterfall
from plot_support import TEXT, letters, svg

LONG = ["医保目录内医疗费用", "医保目录外药品和高值耗材费用", "个人剩余费用再保障"]


def numbers(address: str) -> list[float]:
    told = (text.replace(",", "").replace("\N{MINUS SIGN}", "-") for text in letters(address))
    return [float(text) for text in told if re.fullmatch(r"-?[\d.]+", text)]


def both(plot: Plot) -> list[str]:
    return [plot.desk, plot.telephone]


class TestAxes:
    @pytest.mark.parametrize("top", [0.07, 0.93, 7.3, 48.2, 640, 1_999, 123_456, 98_765_432])
    def test_ticks_stand_at_round_values_at_equal_distances(self, top: float) -> None:
        plot = bars([("a", (top,)), ("b", (top / 3,))], ("x",), across="group", unit="yuan")
        for address in both(plot):
            found = numbers(address)
            assert 3 <= len(found) <= 7
            assert found[0] == 0
            steps = {round((high - low) / found[1], 9) for low, high in pairwise(found)}
            assert steps == {1.0}
            digits = f"{found[1]:.10g}".replace(".", "").strip("0")
            assert digits in {"1", "2", "25", "5"}

    def test_both_axes_say_what_they_are_and_in_what(self) -> None:
        plots = [
            bars([("2022-01", (1.0,))], ("已付",), across="月份", unit="万元"),
            waterfall([("期初", 3.0), ("新发生", 1.0), ("期末", 4.0)], across="月份", unit="万元"),
            lines([("保费", [(1.0, 2.0), (2.0, 3.0)])], across="月份", unit="万元"),
        ]
        for plot in plots:
            for address in both(plot):
                assert {"月份", "万元"} <= set(letters(address))
        assert "多少倍" in letters(forest([("女", 1.2, 0.9, 1.5)], across="多少倍").telephone)

    def test_large_numbers_are_grouped_and_those_below_zero_have_a_minus_sign(self) -> None:
        assert [grouped(value) for value in (0, 0.25, 1_000, -2_500, 12_500_000)] == [
            "0",
            "0.25",
            "1,000",
            "\N{MINUS SIGN}2,500",
            "12,500,000",
        ]

    def test_years_are_all_written_and_other_whole_numbers_are_not(self) -> None:
        years = lines([("a", [(year, 1.0) for year in range(1, 9)])], across="year", unit="%")
        assert letters(years.telephone)[:8] == [str(year) for year in range(1, 9)]
        prices = lines([("a", [(price, 1.0) for price in (13, 24, 29, 51, 56, 135)])], across="price", unit="%")
        assert not {"24", "29", "51", "56"} & set(letters(prices.telephone))

    def test_a_plot_of_zeros_still_has_an_axis_upwards_from_zero(self) -> None:
        plot = bars([("a", (0.0,)), ("b", (0.0,))], ("x",), across="group", unit="yuan")
        assert numbers(plot.desk) == [0.0, 0.2, 0.4, 0.6, 0.8, 1.0]

    def test_a_plot_of_nothing_is_a_plot(self) -> None:
        for plot in (
            bars([], ("x",), across="group", unit="yuan"),
            lines([], across="x", unit="y"),
            forest([], across="×"),
        ):
            assert all(letters(address) for address in both(plot))

    def test_twice_and_half_lie_as_far_from_one(self) -> None:
        plot = forest([("a", 1.0, 0.5, 2.0)], across="times")
        found = ElementTree.fromstring(svg(plot.desk))  # noqa: S314 - our own
        at = {element.text: float(element.get("x", "nan")) for element in found.iter(TEXT)}
        assert at["×1"] - at["×0.5"] == pytest.approx(at["×2"] - at["×1"])


class TestLetters:
    def test_letters_are_letters_in_fonts_that_have_chinese(self) -> None:
        """None is drawn as an outline of a font that lacks it."""
        written = svg(bars([("一月", (1.0,)), ("二月", (2.0,))], ("已付",), across="月份", unit="万元").desk)
        assert "一月" in written
        families = re.findall(r"font-family: ([^;]+);", written)
        assert families
        assert all("'Noto Sans CJK SC'" in found and "'PingFang SC'" in found for found in families)
        assert "DejaVu" not in written

    def test_a_name_with_signs_of_markup_or_formulas_stands_as_it_is(self) -> None:
        name = "<b>$x_1$ & “y”"
        assert name in letters(bars([(name, (1.0,))], ("x",), across="group", unit="yuan").desk)

    def test_labels_too_wide_for_a_telephone_stand_at_the_left_of_their_bars(self) -> None:
        rows = [(name, (10.0 * n,)) for n, name in enumerate(LONG, 1)]
        plot = bars(rows, ("已付",), across="责任", unit="万元")
        assert set(LONG) <= set(letters(plot.desk))
        told = letters(plot.telephone)
        assert "".join(told).count("医保目录外药品和高值耗材费用") == 1
        assert "医保目录外药品和高值耗材费用" not in told
        ends = re.findall(r"text-anchor: end[^>]*>([^<]*)", svg(plot.telephone))
        assert "医保目录外药品和" in "".join(ends)

    @pytest.mark.parametrize("text", [*LONG, "every deductible lower by the step", "x" * 40, "", "a b"])
    def test_a_broken_label_keeps_every_letter_and_latin_words_whole(self, text: str) -> None:
        found = broken(text, 9)
        assert "".join(found).replace(" ", "") == text.replace(" ", "")
        words = text.split()
        assert all(word in words for line in found for word in line.split() if line.isascii())
        assert all(ems(line) <= 9 or " " not in line for line in found)


def test_the_same_plot_is_the_same_to_the_byte() -> None:
    made = [bars([("a", (1.0, 2.0))], ("x", "y"), across="group", unit="yuan") for _ in range(2)]
    assert made[0] == made[1]


def test_a_legend_stands_where_there_are_several_series() -> None:
    one = bars([("a", (1.0,))], ("x",), across="group", unit="yuan")
    two = bars([("a", (1.0, 2.0))], ("x", "y"), across="group", unit="yuan")
    assert one.legend == ()
    assert two.legend == ((COLOURS[0], "x"), (COLOURS[1], "y"))
    for colour, _ in two.legend:
        assert f"fill: {colour}" in svg(two.desk)


def test_the_last_step_of_a_waterfall_is_the_sum_of_all_before_it() -> None:
    """Its bar is as high as that of one amount that is the sum."""
    steps = [("opening", 40.0), ("paid", -15.0), ("new", 30.0), ("closing", 55.0)]
    found = svg(waterfall(steps, across="step", unit="yuan").desk)
    heights = [bar_height(path) for path in re.findall(r'<path d="([^"]*)"[^>]*fill: #(?:00695c|c77700|3f5fa8)', found)]
    assert heights == pytest.approx([heights[0], heights[0] * 15 / 40, heights[0] * 30 / 40, heights[0] * 55 / 40])


def bar_height(path: str) -> float:
    ys = [float(y) for y in re.findall(r"[ML] \S+ (\S+)", path)]
    return max(ys) - min(ys)
