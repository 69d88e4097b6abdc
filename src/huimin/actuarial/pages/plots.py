"""Plots of the desk's pages, drawn by Matplotlib: bars, steps from a first amount to a last, curves, and intervals.

Each plot is drawn twice, for a desk and for a telephone, and the page shows the one that fits. Both are SVG with text
as text: the reader's machine shows it in its own Chinese font, so that the machine that draws needs none.
"""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import accumulate
from math import ceil, floor, log2

from matplotlib.axes import Axes
from matplotlib.axis import Axis
from matplotlib.ticker import FuncFormatter, MaxNLocator

from huimin.actuarial.pages.drawing import (
    COLOURS,
    DESK,
    INK,
    TELEPHONE,
    Screen,
    broken,
    drawn,
    ems,
    grouped,
    label_rows,
    name_axes,
    rows_high,
)

__all__ = ["Bar", "Curve", "Plot", "Spread", "bars", "forest", "lines", "waterfall"]

Bar = tuple[str, Sequence[float]]
"""A label and one value for each series."""
Curve = tuple[str, Sequence[tuple[float, float]]]
"""A name and points (x, y)."""
Spread = tuple[str, float, float, float]
"""A label, a factor, and the ends of its interval; all above 0."""

_FEW = 13
"""Up to this many consecutive whole numbers, such as years, are all written along an axis; of more only some."""


@dataclass(frozen=True, slots=True)
class Plot:
    """The pictures as `data:` addresses, and what each colour stands for."""

    desk: str
    telephone: str
    legend: tuple[tuple[str, str], ...] = ()
    """(colour, name); empty where there is one series only."""


def bars(rows: Sequence[Bar], series: Sequence[str], *, across: str, unit: str) -> Plot:
    """Groups of bars, one bar a series. `across` says what the groups are, `unit` what the values are in."""
    return _plot(lambda screen: _bars(rows, series, across, unit, screen), series)


def waterfall(steps: Sequence[tuple[str, float]], *, across: str, unit: str) -> Plot:
    """From the first amount over changes to the last, which is the sum of all before it."""
    levels = [0.0, *accumulate(value for _, value in steps[:-1])]
    last = len(steps) - 1
    starts = [0.0 if place in (0, last) else levels[place] for place in range(len(steps))]
    heights = [levels[-1] if place == last else value for place, (_, value) in enumerate(steps)]
    colours = [
        COLOURS[0] if place in (0, last) else COLOURS[1] if height >= 0 else COLOURS[2]
        for place, height in enumerate(heights)
    ]
    labels = [label for label, _ in steps]
    return _plot(lambda screen: _waterfall(labels, starts, heights, colours, across, unit, screen))


def lines(curves: Sequence[Curve], *, across: str, unit: str) -> Plot:
    """Curves by name. `across` names what lies along the horizontal axis, with its unit."""
    return _plot(lambda screen: _lines(curves, across, unit, screen), [name for name, _ in curves])


def forest(rows: Sequence[Spread], *, across: str) -> Plot:
    """Factors with their intervals, a row each, on an axis on which twice and half lie as far from 1."""
    return _plot(lambda screen: _forest(rows, across, screen))


def _plot(draw: Callable[[Screen], str], series: Sequence[str] = ()) -> Plot:
    legend = tuple((COLOURS[n % len(COLOURS)], name) for n, name in enumerate(series)) if len(series) > 1 else ()
    return Plot(_address(draw(DESK)), _address(draw(TELEPHONE)), legend)


def _address(svg: str) -> str:
    return f"data:image/svg+xml;base64,{b64encode(svg.encode()).decode()}"


def _bars(rows: Sequence[Bar], series: Sequence[str], across: str, unit: str, screen: Screen) -> str:
    labels = [label for label, _ in rows]
    share = 0.8 / max(1, len(series))

    def draw(axes: Axes, lying: bool) -> None:
        for n in range(len(series)):
            places = [place + (n - (len(series) - 1) / 2) * share for place in range(len(rows))]
            values, colour = [found[n] for _, found in rows], COLOURS[n % len(COLOURS)]
            if lying:
                axes.barh(places, values, share * 0.95, color=colour)
            else:
                axes.bar(places, values, share * 0.95, color=colour)

    return _by_group(labels, across, unit, screen, draw, rows_each=len(series))


def _waterfall(
    labels: Sequence[str],
    starts: Sequence[float],
    heights: Sequence[float],
    colours: Sequence[str],
    across: str,
    unit: str,
    screen: Screen,
) -> str:
    def draw(axes: Axes, lying: bool) -> None:
        places = range(len(labels))
        if lying:
            axes.barh(places, heights, 0.7, left=starts, color=colours)
        else:
            axes.bar(places, heights, 0.7, bottom=starts, color=colours)

    return _by_group(labels, across, unit, screen, draw)


def _by_group(
    labels: Sequence[str],
    across: str,
    unit: str,
    screen: Screen,
    draw: Callable[[Axes, bool], None],
    rows_each: int = 1,
) -> str:
    """Bars that stand, with their labels below; or that lie, with labels at the left, where those are too wide."""
    if max(map(ems, labels), default=0) + 0.6 <= screen.ems_across / max(1, len(labels)):

        def standing(axes: Axes) -> None:
            draw(axes, False)
            axes.set_xticks(range(len(labels)), labels)
            _value_axis(axes.yaxis, axes)
            name_axes(axes, across, unit, screen)

        return drawn(standing, screen)
    told = [broken(label, screen.label_ems) for label in labels]

    def lying(axes: Axes) -> None:
        draw(axes, True)
        label_rows(axes, told, screen)
        _value_axis(axes.xaxis, axes)
        name_axes(axes, unit, across, screen)

    return drawn(lying, screen, left_ems=_widest(told), ems_high=rows_high(told, rows_each * 0.95 + 0.5))


def _lines(curves: Sequence[Curve], across: str, unit: str, screen: Screen) -> str:
    xs = sorted({x for _, curve in curves for x, _ in curve})

    def draw(axes: Axes) -> None:
        for n, (_, curve) in enumerate(curves):
            few = len(curve) <= _FEW
            axes.plot(
                *zip(*curve, strict=True), color=COLOURS[n % len(COLOURS)], marker="o" if few else "", markersize=4
            )
        axes.set_ylim(bottom=min(0.0, axes.get_ylim()[0]))
        if len(xs) <= _FEW and xs == [xs[0] + n for n in range(len(xs))]:
            axes.set_xticks(xs)
        axes.xaxis.set_major_formatter(FuncFormatter(grouped))
        _value_axis(axes.yaxis, axes)
        name_axes(axes, across, unit, screen)

    return drawn(draw, screen)


def _forest(rows: Sequence[Spread], across: str, screen: Screen) -> str:
    ends = [value for _, *values in rows for value in values if value > 0]
    low, high = floor(log2(min(ends, default=0.5))), ceil(log2(max(ends, default=2)))
    low, high = min(-1, low), max(1, high)
    told = [broken(label, screen.label_ems) for label, *_ in rows]

    def draw(axes: Axes) -> None:
        for place, (_, value, least, most) in enumerate(rows):
            axes.plot([least, most], [place, place], color=COLOURS[0], linewidth=2)
            axes.plot([value], [place], "o", color=COLOURS[0], markersize=7)
        axes.axvline(1, color=INK, linewidth=1)
        axes.set_xscale("log", base=2)
        step = max(1, ceil((high - low) / screen.most_ticks))
        powers = [2.0**power for power in range(low, high + 1) if power % step == 0]
        axes.set_xticks(powers, [f"×{power:g}" for power in powers])
        axes.minorticks_off()
        axes.set_xlim(2.0**low, 2.0**high)
        label_rows(axes, told, screen)
        axes.grid(axis="x")
        name_axes(axes, across, "", screen)

    return drawn(draw, screen, left_ems=_widest(told), ems_high=rows_high(told, 1.75))


def _widest(labels: Sequence[Sequence[str]]) -> float:
    return max((ems(line) for lines in labels for line in lines), default=0)


def _value_axis(axis: Axis, axes: Axes) -> None:
    """Ticks at 1, 2, 2.5 or 5 times a power of ten, with a line across the plot at each."""
    of_y = axis is axes.yaxis
    found = axes.yaxis if of_y else axes.xaxis
    found.set_major_locator(MaxNLocator(nbins=5, steps=[1, 2, 2.5, 5, 10]))
    found.set_major_formatter(FuncFormatter(grouped))
    axes.grid(axis="y" if of_y else "x")
    # Without a value, or with none but 0, the axis would go from -0.05 to 0.05 and say nothing.
    ends = axes.dataLim.intervaly if of_y else axes.dataLim.intervalx
    if not max(abs(end) for end in ends) > 0:
        (axes.set_ylim if of_y else axes.set_xlim)(0, 1)
