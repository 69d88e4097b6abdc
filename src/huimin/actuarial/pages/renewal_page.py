"""The years of a plan as a page: price, take-up, cost and ratio, and what would stop a spiral."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from huimin.actuarial.market.renewing import MarketYear, Remedy, spirals
from huimin.actuarial.pages.plots import Curve, Plot, lines
from huimin.actuarial.pages.rendering import Table, Words, rendered, words_of

__all__ = ["renewal_page"]

_WORDS: dict[str, tuple[str, str]] = {
    "title": ("续保推演", "Renewal, year after year"),
    "spirals": (
        "这个方案会进入死亡螺旋。",
        "This design ends in a death spiral: each year fewer and sicker people stay.",
    ),
    "holds": ("在所设期间内未出现死亡螺旋。", "No death spiral in these years."),
    "year": ("年度", "Year"),
    "price": ("保费（元）", "Price, yuan"),
    "joined": ("参保率", "Take-up"),
    "stayed": ("续保率", "Renewed"),
    "cost": ("人均赔付（元）", "Cost of a member, yuan"),
    "ratio": ("赔付÷保费", "Cost ÷ price"),
    "relative_risk": ("相对风险", "Relative risk"),
    "remedies": ("哪些措施有用", "What would help"),
    "at_the_end": ("最后一年参保率", "Take-up in the last year"),
    "percent": ("参保率（%）", "take-up (%)"),
    "yuan": ("元/人", "yuan a member"),
    "ratio_axis": ("赔付÷保费（%）", "cost ÷ price (%)"),
    "year_axis": ("第几年", "year"),
    "measure": ("措施", "Measure"),
    "take_ups": ("各措施下的参保率", "Take-up under each"),
    "by_price": ("首年：价格、参保率与赔付÷保费", "The first year at other prices: who joins, and cost ÷ price"),
    "across": ("首年参保率（%）", "take-up in the first year (%)"),
    "verdict": ("结论", "Verdict"),
}
_REMEDIES: dict[str, tuple[str, str]] = {
    "none": ("不变", "as it is"),
    "account": ("允许个人账户支付", "personal accounts may pay"),
    "slower": ("价格每年最多变动 5%", "prices move by 5 % a year at most"),
    "target": ("目标赔付率提高 10 点", "ten points more of the premium for claims"),
    "subsidy": ("每人补贴一成保费", "a tenth of the first price as subsidy"),
    "more_subsidy": ("每人补贴三成保费", "three tenths of the first price as subsidy"),
}


def renewal_page(
    years: Sequence[MarketYear],
    tried: Sequence[Remedy],
    prices_tried: Sequence[tuple[float, float, float]],
    said: Sequence[str],
    language: str,
    notice: Sequence[str] = (),
) -> str:
    """HTML. `prices_tried` by `by_price`; `said`: plan, population, seed and digests."""
    words, remedies = words_of(_WORDS, language), words_of(_REMEDIES, language)
    shown: dict[str, Any] = {
        "verdict": _verdict(years, words),
        "prices": _prices(years, words),
        "years": _years(years, words),
        "curve": _curve(prices_tried, words),
        "first_year": _first_year(prices_tried, words),
        "take_ups": _take_ups(years, tried, words, remedies),
        "remedies": _remedies(tried, words, remedies),
    }
    return rendered("renewal.html", language, words, said=said, notice=notice, **shown)


def _verdict(years: Sequence[MarketYear], w: Words) -> str:
    return w["spirals" if spirals(years) else "holds"]


def _prices(years: Sequence[MarketYear], w: Words) -> Plot:
    prices = [(float(number), one.price) for number, one in enumerate(years, 1)]
    costs = [(float(number), one.cost) for number, one in enumerate(years, 1)]
    return lines([(w["price"], prices), (w["cost"], costs)], across=w["year_axis"], unit=w["yuan"])


def _years(years: Sequence[MarketYear], w: Words) -> Table:
    rows = [
        (
            str(number),
            f"{one.price:.0f}",
            f"{one.joined:.1%}",
            "–" if number == 1 else f"{one.stayed:.0%}",
            f"{one.cost:.1f}",
            f"{one.ratio:.0%}",
            f"{one.relative_risk:.2f}",
        )
        for number, one in enumerate(years, 1)
    ]
    return Table([w[key] for key in ("year", "price", "joined", "stayed", "cost", "ratio", "relative_risk")], rows)


def _curve(prices_tried: Sequence[tuple[float, float, float]], w: Words) -> Plot:
    curve = sorted((100 * share, 100 * ratio) for _, share, ratio in prices_tried)
    return lines([(w["ratio"], curve)], across=w["across"], unit=w["ratio_axis"])


def _first_year(prices_tried: Sequence[tuple[float, float, float]], w: Words) -> Table:
    rows = [(f"{price:.0f}", f"{share:.1%}", f"{ratio:.0%}") for price, share, ratio in prices_tried]
    return Table([w[key] for key in ("price", "joined", "ratio")], rows)


def _take_ups(years: Sequence[MarketYear], tried: Sequence[Remedy], w: Words, remedies: Words) -> Plot:
    curves: list[Curve] = [(remedies["none"], _joined(years))]
    curves += [(remedies[one.name], _joined(one.years)) for one in tried]
    return lines(curves, across=w["year_axis"], unit=w["percent"])


def _joined(years: Sequence[MarketYear]) -> list[tuple[float, float]]:
    return [(float(number), 100 * one.joined) for number, one in enumerate(years, 1)]


def _remedies(tried: Sequence[Remedy], w: Words, remedies: Words) -> Table:
    rows = []
    for one in tried:
        last = one.years[-1]
        figures = (f"{last.price:.0f}", f"{last.joined:.1%}", f"{last.ratio:.0%}")
        rows.append((remedies[one.name], *figures, _verdict(one.years, w)))
    return Table([w[key] for key in ("measure", "price", "at_the_end", "ratio", "verdict")], rows)
