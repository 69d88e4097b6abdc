"""The frontier of designs as a page, each point with its plan file; and whom the plan's own terms protect."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from huimin.actuarial.design.searching import Point
from huimin.actuarial.design.welfare import Relief
from huimin.actuarial.pages.plots import Plot, bars, lines
from huimin.actuarial.pages.rendering import Table, Words, rendered, words_of

__all__ = ["design_page"]

_WORDS: dict[str, tuple[str, str]] = {
    "title": ("方案前沿", "Frontier of designs"),
    "frontier": ("前沿上的方案", "Designs on the frontier"),
    "price": ("保费（元）", "Price, yuan"),
    "price_axis": ("保费（元/人/年）", "price (yuan a member and year)"),
    "households_axis": ("每万户避免的户数", "households of 10,000"),
    "tenth": ("收入十分位（由低到高）", "tenth of income, the poorest first"),
    "share_axis": ("发生灾难性支出的家庭（%）", "% of households with catastrophic expenditure"),
    "averted": (
        "各方案使每万户中多少户避免灾难性支出",
        "How many households of 10,000 each design spares catastrophic expenditure",
    ),
    "averted_column": ("每万户避免的户数", "Households of 10,000 spared"),
    "design": ("方案", "Design"),
    "deductible": ("免赔额", "Deductible"),
    "points": ("比例", "Rates"),
    "limit": ("限额", "Limits"),
    "pure": ("纯保费", "Pure premium"),
    "error": ("标准误", "Standard error"),
    "break_even": ("盈亏平衡参保率", "Break-even take-up"),
    "relief": (
        "原方案的保障效果：灾难性支出（按收入十等分）",
        "Whom the plan's own terms protect: catastrophic expenditure by tenths of income",
    ),
    "before": ("参保前", "Before"),
    "after": ("参保后", "After"),
    "relieved": ("个人负担减轻", "Part of their own expenditure that the plan pays"),
    "income": ("收入", "Income"),
    "illness": ("病情", "Illness"),
    "all": ("全体", "All"),
    "lasting": ("长期重病", "lasting"),
    "passing": ("一时重病", "passing"),
    "other": ("其他", "none serious"),
    "group": ("人群", "Group"),
}


def design_page(
    points: Sequence[Point],
    spared: Sequence[Relief],
    said: Sequence[str],
    language: str,
    notice: Sequence[str] = (),
) -> str:
    """HTML. `said`: plan, population, seed and digests; `notice` stands above everything else."""
    words = words_of(_WORDS, language)
    best = sorted((point for point in points if point.best), key=lambda point: (point.price, -point.averted))
    shown: dict[str, Any] = {
        "frontier": _frontier(best, words),
        "designs": _designs(best, words),
        "relief": _relief(spared, words),
        "groups": _groups(spared, words),
    }
    return rendered("design.html", language, words, said=said, notice=notice, **shown)


def _frontier(best: Sequence[Point], w: Words) -> Plot:
    """What a price buys at best: of two designs at one price the better counts."""
    curve: list[tuple[float, float]] = []
    for point in best:
        curve.append((float(point.price), max(point.averted, curve[-1][1] if curve else 0.0)))
    return lines([(w["frontier"], curve)], across=w["price_axis"], unit=w["households_axis"])


def _designs(best: Sequence[Point], w: Words) -> Table:
    rows = [
        (
            point.change.name,
            f"×{point.change.deductible / 10:.1f}",
            f"{point.change.points / 100:+.0f}",
            f"×{point.change.limit / 10:.1f}",
            f"{point.price}",
            f"{point.pure:.1f}",
            f"{point.error:.1f}",
            "–" if point.break_even is None else f"{point.break_even:.0%}",
            f"{point.averted:.1f}",
        )
        for point in best
    ]
    keys = ("design", "deductible", "points", "limit", "price", "pure", "error", "break_even", "averted_column")
    return Table([w[key] for key in keys], rows)


def _relief(spared: Sequence[Relief], w: Words) -> Plot:
    tenths = [(one.value, (100 * one.before, 100 * one.after)) for one in spared if one.by == "income"]
    return bars(tenths, (w["before"], w["after"]), across=w["tenth"], unit=w["share_axis"])


def _groups(spared: Sequence[Relief], w: Words) -> Table:
    rows = [
        (
            " ".join(filter(None, (w[one.by], w[one.value]))),
            "–" if one.by == "illness" else f"{one.before:.2%}",
            "–" if one.by == "illness" else f"{one.after:.2%}",
            f"{one.relieved:.1%}",
        )
        for one in spared
    ]
    return Table([w[key] for key in ("group", "before", "after", "relieved")], rows)
