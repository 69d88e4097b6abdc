"""The frontier of designs as a page, each point with the plan file that it is; and whom the plan's own terms spare."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape

from huimin.actuarial.design.searching import Point
from huimin.actuarial.design.welfare import Relief
from huimin.actuarial.pages import html_page, html_table
from huimin.actuarial.plots import bars, lines

__all__ = ["design_page"]

_WORDS: dict[str, tuple[str, str]] = {
    "title": ("方案前沿", "Frontier of designs"),
    "frontier": ("前沿上的方案", "Designs on the frontier"),
    "across": ("保费（元）", "Price, yuan"),
    "averted": ("每万户避免灾难性支出的户数", "Households of 10,000 spared catastrophic expenditure"),
    "design": ("方案", "Design"),
    "deductible": ("免赔额", "Deductible"),
    "points": ("比例", "Rates"),
    "limit": ("限额", "Limits"),
    "pure": ("纯保费", "Pure premium"),
    "error": ("标准误", "Standard error"),
    "break_even": ("盈亏平衡参保率", "Break-even take-up"),
    "relief": ("原方案的保障效果：灾难性支出（按收入十等分）", "Whom the plan's own terms spare, by tenths of income"),
    "before": ("参保前", "Before"),
    "after": ("参保后", "After"),
    "relieved": ("个人负担减轻", "Own expenditure taken over"),
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
    place = 1 if language == "en" else 0

    def say(key: str) -> str:
        return _WORDS[key][place] if key in _WORDS else key

    best = sorted((point for point in points if point.best), key=lambda point: (point.price, -point.averted))
    curve: list[tuple[float, float]] = []
    for point in best:
        curve.append((float(point.price), max(point.averted, curve[-1][1] if curve else 0.0)))
    body = f"<h1>{escape(say('title'))}</h1><p class=said>{'<br>'.join(map(escape, said))}</p>"
    body += f"<h2>{escape(say('averted'))}</h2><figure>{lines([(say('frontier'), curve)], say('across'), '')}</figure>"
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
    keys = ("design", "deductible", "points", "limit", "across", "pure", "error", "break_even", "averted")
    body += f"<h2>{escape(say('frontier'))}</h2>{html_table([say(key) for key in keys], rows)}"
    tenths = [(one.value, (100 * one.before, 100 * one.after)) for one in spared if one.by == "income"]
    body += f"<h2>{escape(say('relief'))}</h2><figure>{bars(tenths, (say('before'), say('after')), '%')}</figure>"
    groups = [
        (
            " ".join(filter(None, (say(one.by), say(one.value)))),
            "–" if one.by == "illness" else f"{one.before:.2%}",
            "–" if one.by == "illness" else f"{one.after:.2%}",
            f"{one.relieved:.1%}",
        )
        for one in spared
    ]
    body += html_table([say(key) for key in ("group", "before", "after", "relieved")], groups)
    return html_page(say("title"), body, language, notice)
