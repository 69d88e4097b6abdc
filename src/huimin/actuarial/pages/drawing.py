"""What all plots share: the sizes of their screens, colours, letters, and how Matplotlib is asked for SVG.

Nothing here depends on the fonts of the machine that draws: the same plot is the same text everywhere.
"""

from __future__ import annotations

import warnings
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from io import StringIO
from math import ceil
from typing import Any

import matplotlib as mpl
from matplotlib.axes import Axes
from matplotlib.backends.backend_svg import FigureCanvasSVG
from matplotlib.figure import Figure

__all__ = [
    "COLOURS",
    "DESK",
    "INK",
    "TELEPHONE",
    "Screen",
    "broken",
    "drawn",
    "ems",
    "grouped",
    "label_rows",
    "name_axes",
    "rows_high",
]

INK, LINE = "#22302b", "#d8ddd9"
COLOURS = ("#00695c", "#c77700", "#3f5fa8", "#8a3b6f", "#5c6b66", "#8fb339")
"""Apart for the colour-blind, too."""
_MEASURED = "DejaVu Sans"
"""Matplotlib brings this font, and measures with it. It has no Chinese, so widths are estimated here (`ems`)."""
_FONTS = ("PingFang SC", "Noto Sans CJK SC", "Microsoft YaHei", "system-ui", "sans-serif")
_PIXELS_AN_INCH = 72
"""Matplotlib writes SVG in points, 72 an inch: so a point is a pixel of ours."""
_FIRST_WIDE_CHARACTER = 0x1100
_NARROW_EM = 0.58
"""The mean width of a Latin letter or digit."""
_LINE = 1.25
"""From one line of a label to the next, in heights of a letter."""


@dataclass(frozen=True, slots=True)
class Screen:
    """Pixels. Above the axes stands the unit of what is upright, below them the ticks and what lies along them."""

    width: int
    height: int
    letters: float
    left: int = 64
    right: int = 20
    label_ems: float = 14
    """Labels at the left are broken into lines of about so many Chinese characters."""

    @property
    def ems_across(self) -> float:
        """How many Chinese characters fit between the edges."""
        return (self.width - self.left - self.right) / self.letters

    @property
    def most_ticks(self) -> int:
        return int(self.ems_across // 4)


DESK = Screen(width=860, height=320, letters=13)
TELEPHONE = Screen(width=340, height=260, letters=12.5, left=52, right=14, label_ems=9)

_STYLE: Any = {
    "axes.edgecolor": INK,
    "axes.grid.axis": "y",
    "axes.axisbelow": True,
    "axes.spines.right": False,
    "axes.spines.top": False,
    "font.family": ["sans-serif"],
    "font.sans-serif": [_MEASURED],
    "grid.color": LINE,
    "lines.linewidth": 2.5,
    "svg.fonttype": "none",  # letters, and no outlines of them
    "svg.hashsalt": "huimin",  # the same ids each time
    "text.color": INK,
    "text.parse_math": False,  # a $ in a name is a $
    "xtick.color": INK,
    "ytick.color": INK,
}


def drawn(draw: Callable[[Axes], None], screen: Screen, *, left_ems: float = 0, ems_high: float = 0) -> str:
    """SVG of what `draw` puts on a pair of axes.

    `left_ems`: the widest label at the left, where it is wider than a number. `ems_high`: how high the axes have to be
    for their rows, where they have any.
    """
    letters = screen.letters
    left = max(screen.left, (left_ems + 1) * letters)
    above, below = 2.4 * letters, 3.8 * letters
    height = max(ems_high * letters + above + below, 0 if ems_high else screen.height)
    with mpl.rc_context({**_STYLE, "font.size": letters}), warnings.catch_warnings():
        warnings.filterwarnings("ignore", message="Glyph .* missing from font")  # see _MEASURED
        figure = Figure(figsize=(screen.width / _PIXELS_AN_INCH, height / _PIXELS_AN_INCH))
        FigureCanvasSVG(figure)
        box = (
            left / screen.width,
            below / height,
            1 - (left + screen.right) / screen.width,
            1 - (above + below) / height,
        )
        draw(figure.add_axes(box))
        written = StringIO()
        figure.savefig(written, format="svg", metadata={"Date": None, "Creator": None}, transparent=True)
    families = ", ".join(f"'{name}'" if " " in name else name for name in _FONTS)
    return written.getvalue().replace(f"'{_MEASURED}'", families)


def name_axes(axes: Axes, along: str, upright: str, screen: Screen) -> None:
    """`along` below the axes at the right, `upright` above them at the left: nothing is written sideways."""
    gap = screen.letters
    axes.annotate(along, (1, 0), (0, -2.1 * gap), "axes fraction", "offset points", ha="right", va="top")
    axes.annotate(upright, (0, 1), (-gap * 0.5, gap * 0.7), "axes fraction", "offset points", ha="left", va="bottom")


def label_rows(axes: Axes, labels: Sequence[Sequence[str]], screen: Screen) -> None:
    """A label at the left of each row. Each of its lines is a text by itself, which ends at the axis in any font."""
    axes.set_yticks(range(len(labels)), [""] * len(labels))
    axes.invert_yaxis()
    for row, lines in enumerate(labels):
        for place, line in enumerate(lines):
            lift = ((len(lines) - 1) / 2 - place) * _LINE * screen.letters
            coordinates = ("axes fraction", "data")
            axes.annotate(line, (0, row), (-7, lift), coordinates, "offset points", ha="right", va="center_baseline")


def rows_high(labels: Sequence[Sequence[str]], least: float) -> float:
    """How high axes with such labels have to be, in widths of a Chinese character. `least`: what a row needs."""
    return len(labels) * max(_LINE * max(map(len, labels), default=1) + 0.5, least)


def grouped(value: float, _: object = None) -> str:
    """A number at a tick: thousands by commas, digits only as far as they say something."""
    return f"{value:,.10g}".replace("-", "\N{MINUS SIGN}")


def ems(text: str) -> float:
    """How wide a text is, in widths of a Chinese character."""
    return sum(1.0 if ord(character) >= _FIRST_WIDE_CHARACTER else _NARROW_EM for character in text)


def broken(text: str, most: float) -> list[str]:
    """The text in lines of about the same width, at most `most` by `ems`. Latin words stay whole, Chinese may break."""
    if ems(text) <= most:
        return [text]
    even = ems(text) / ceil(ems(text) / most) + 1
    lines, line = [], ""
    for part in _parts(text):
        if line and ems(line + part.rstrip()) > even:
            lines.append(line.rstrip())
            line = part.lstrip()
        else:
            line += part
    return [*lines, line.rstrip()]


def _parts(text: str) -> list[str]:
    """The pieces between which a line may end: each wide character, each word with the space after it."""
    parts = [""]
    for character in text:
        wide = ord(character) >= _FIRST_WIDE_CHARACTER
        if wide or parts[-1].endswith((" ", "-")) or (parts[-1] and ord(parts[-1][-1]) >= _FIRST_WIDE_CHARACTER):
            parts.append(character)
        else:
            parts[-1] += character
    return [part for part in parts if part]
