"""Plots as SVG text that stands in a page by itself: no script, no other file. In colours that all can tell apart."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape
from math import ceil, floor, log2

__all__ = ["Bar", "Spread", "bars", "forest", "lines", "waterfall"]

INK, PAPER_LINE = "#22302b", "#d8ddd9"
COLOURS = ("#00695c", "#c77700", "#3f5fa8", "#8a3b6f", "#5c6b66", "#8fb339")
WIDTH, HEIGHT = 720, 300
_LEFT, _RIGHT, _TOP, _BOTTOM = 72, 16, 16, 44
_TICKS = 5
_FEW = 13

_LABELS, _ROW = 200, 26

Bar = tuple[str, Sequence[float]]
"""A label and one value for each series."""
Spread = tuple[str, float, float, float]
"""A label, a factor, and the ends of its interval; all above 0."""


def bars(rows: Sequence[Bar], series: Sequence[str], unit: str) -> str:
    """Groups of bars, one a series, side by side."""
    top = _nice(max((max(values, default=0) for _, values in rows), default=0))
    parts = [_axis(0, top, unit)]
    step = (WIDTH - _LEFT - _RIGHT) / max(1, len(rows))
    width = step * 0.8 / max(1, len(series))
    for place, (label, values) in enumerate(rows):
        for n, value in enumerate(values):
            x, y = _LEFT + place * step + step * 0.1 + n * width, _y(value, 0, top)
            parts.append(
                _box(
                    x, y, width - 1, _y(0, 0, top) - y, COLOURS[n % len(COLOURS)], f"{label}, {series[n]}: {value:,.4g}"
                )
            )
        parts.append(_label(_LEFT + (place + 0.5) * step, HEIGHT - _BOTTOM + 16, label))
    return _svg(parts, series)


def waterfall(steps: Sequence[tuple[str, float]], unit: str) -> str:
    """From the first amount over changes to the last, which is the sum of all before it."""
    level, spans = 0.0, []
    for place, (label, value) in enumerate(steps):
        last = place == len(steps) - 1
        start = 0.0 if place == 0 or last else level
        end = value if place == 0 or last else level + value
        spans.append((label, start, end, place == 0 or last))
        level = end
    low, top = min(0.0, *(min(a, b) for _, a, b, _ in spans)), _nice(max(max(a, b) for _, a, b, _ in spans))
    parts = [_axis(low, top, unit)]
    step = (WIDTH - _LEFT - _RIGHT) / len(spans)
    for place, (label, start, end, whole) in enumerate(spans):
        colour = COLOURS[0] if whole else (COLOURS[1] if end >= start else COLOURS[2])
        y = _y(max(start, end), low, top)
        height = max(1.0, _y(min(start, end), low, top) - y)
        parts.append(
            _box(_LEFT + place * step + step * 0.15, y, step * 0.7, height, colour, f"{label}: {end - start:,.0f}")
        )
        parts.append(_label(_LEFT + (place + 0.5) * step, HEIGHT - _BOTTOM + 16, label))
    return _svg(parts, ())


def lines(points: Sequence[tuple[str, Sequence[tuple[float, float]]]], across: str, unit: str) -> str:
    """Curves by name, each of (x, y). `across` names the x axis."""
    xs = [x for _, curve in points for x, _ in curve]
    ys = [y for _, curve in points for _, y in curve]
    left, right, top = min(xs, default=0), max(xs, default=1), _nice(max(ys, default=0))
    span = (right - left) or 1
    parts = [_axis(0, top, unit)]
    for value in _ticks(xs, left, span):
        parts.append(_label(_x(value, left, span), HEIGHT - _BOTTOM + 16, f"{value:,.4g}"))
    for n, (name, curve) in enumerate(points):
        path = " ".join(f"{_x(x, left, span):.1f},{_y(y, 0, top):.1f}" for x, y in curve)
        colour = COLOURS[n % len(COLOURS)]
        line = f'<polyline points="{path}" fill="none" stroke="{colour}" stroke-width="2.5">'
        parts.append(f"{line}<title>{escape(name)}</title></polyline>")
    parts.append(_label((WIDTH + _LEFT) / 2, HEIGHT - 6, across))
    return _svg(parts, [name for name, _ in points] if len(points) > 1 else ())


def forest(rows: Sequence[Spread]) -> str:
    """Factors with their intervals, a row each, on an axis on which twice and half lie as far from 1."""
    ends = [value for _, *values in rows for value in values if value > 0]
    low, high = log2(min(ends, default=0.5)), log2(max(ends, default=2))
    low, high = min(-1, floor(low)), max(1, ceil(high))
    bottom = _TOP + _ROW * len(rows)
    parts = []
    for power in range(low, high + 1, max(1, (high - low) // 8)):
        x = _across(power, low, high)
        colour = INK if power == 0 else PAPER_LINE
        parts.append(f'<line x1="{x:.1f}" x2="{x:.1f}" y1="{_TOP}" y2="{bottom}" stroke="{colour}"/>')
        parts.append(_label(x, bottom + 18, f"×{2.0**power:g}"))
    for place, (label, value, least, most) in enumerate(rows):
        y, x = _TOP + (place + 0.5) * _ROW, _across(log2(value), low, high)
        left, right = (_across(log2(end), low, high) for end in (least, most))
        title = f"<title>{escape(label)}: {value:.2f} ({least:.2f} – {most:.2f})</title>"
        parts.append(
            f'<text x="{_LABELS - 10}" y="{y + 4:.1f}" font-size="12" text-anchor="end">{escape(label)}</text>'
        )
        parts.append(
            f'<line x1="{left:.1f}" x2="{right:.1f}" y1="{y}" y2="{y}" stroke="{COLOURS[0]}" stroke-width="2"/>'
        )
        parts.append(f'<circle cx="{x:.1f}" cy="{y}" r="5" fill="{COLOURS[0]}">{title}</circle>')
    return _svg(parts, (), bottom + _BOTTOM)


def _across(power: float, low: float, high: float) -> float:
    return _LABELS + (WIDTH - _LABELS - _RIGHT - 12) * (power - low) / (high - low)


def _ticks(xs: Sequence[float], left: float, span: float) -> list[float]:
    """Every value where there are few whole ones, such as years; else five at equal distances."""
    values = sorted(set(xs))
    whole = len(values) <= _FEW and all(value == round(value) for value in values)
    return values if whole else [left + span * n / (_TICKS - 1) for n in range(_TICKS)]


def _svg(parts: Sequence[str], series: Sequence[str], height: float = HEIGHT) -> str:
    """With a legend above it, which wraps where the page is narrow."""
    names = " ".join(
        f'<span style="margin-right:18px;white-space:nowrap"><span style="display:inline-block;width:.75em;'
        f'height:.75em;background:{COLOURS[n % len(COLOURS)]}"></span> '
        f"{escape(name)}</span>"
        for n, name in enumerate(series)
    )
    legend = f'<div style="font-size:14px">{names}</div>' if series else ""
    return f'{legend}<svg viewBox="0 0 {WIDTH} {height:.0f}" role="img" width="100%">{"".join(parts)}</svg>'


def _axis(low: float, top: float, unit: str) -> str:
    parts = []
    for n in range(_TICKS):
        value = low + (top - low) * n / (_TICKS - 1)
        y = _y(value, low, top)
        parts.append(f'<line x1="{_LEFT}" x2="{WIDTH - _RIGHT}" y1="{y:.1f}" y2="{y:.1f}" stroke="{PAPER_LINE}"/>')
        parts.append(
            f'<text x="{_LEFT - 8}" y="{y + 4:.1f}" font-size="12" text-anchor="end" fill="{INK}">{value:,.4g}</text>'
        )
    parts.append(f'<text x="8" y="{HEIGHT - 6}" font-size="12" fill="{INK}">{escape(unit)}</text>')
    return "".join(parts)


def _box(x: float, y: float, width: float, height: float, colour: str, title: str) -> str:
    return (
        f'<rect x="{x:.1f}" y="{y:.1f}" width="{width:.1f}" height="{max(0.0, height):.1f}" fill="{colour}">'
        f"<title>{escape(title)}</title></rect>"
    )


def _label(x: float, y: float, text: str) -> str:
    return f'<text x="{x:.1f}" y="{y:.1f}" font-size="12" text-anchor="middle" fill="{INK}">{escape(text)}</text>'


def _x(value: float, left: float, span: float) -> float:
    return _LEFT + (WIDTH - _LEFT - _RIGHT) * (value - left) / span


def _y(value: float, low: float, top: float) -> float:
    return _TOP + (HEIGHT - _TOP - _BOTTOM) * (1 - (value - low) / ((top - low) or 1))


def _nice(value: float) -> float:
    """The next 1, 2, 2.5, 4 or 5 times a power of ten that is not below the value."""
    if value <= 0:
        return 1.0
    power = 10.0 ** len(str(int(value))[1:]) if value >= 1 else 10.0 ** -len(f"{1 / value:.0f}")
    return next(step * power for step in (1, 1.5, 2, 2.5, 3, 4, 5, 6, 8, 10) if step * power >= value)
