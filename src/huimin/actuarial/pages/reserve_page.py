"""The reserve of a triangle as a page: what is still to be paid, by three methods, and how sure that is."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from huimin.actuarial.pages.plots import Plot, bars, waterfall
from huimin.actuarial.pages.rendering import Table, Words, rendered, words_of
from huimin.actuarial.reserving import ChainLadder, Reserve
from huimin.actuarial.triangles import Triangle

__all__ = ["reserve_page"]

_WORDS: dict[str, tuple[str, str]] = {
    "title": ("准备金", "Reserve"),
    "paid": ("累计已付", "Paid so far"),
    "chain ladder": ("链梯法", "Chain ladder"),
    "Bornhuetter–Ferguson": ("B-F 法", "Bornhuetter–Ferguson"),
    "expected loss": ("预期损失法", "Expected loss"),
    "error": ("Mack 标准误", "Mack's standard error"),
    "error_said": ("Mack 标准误 ¥{error}，占准备金 {share}", "Mack's standard error ¥{error}, {share} of the reserve"),
    "end": ("最终", "Ultimate"),
    "period": ("发生期", "Period"),
    "ultimate": ("最终赔付（链梯法）", "Ultimate (chain ladder)"),
    "outstanding": ("未决", "Outstanding"),
    "outstanding_by": ("各发生期未决赔款", "Outstanding by period"),
    "steps": ("从已付到最终：各发生期还要付多少", "From what was paid to the ultimate: what each period adds"),
    "triangle": ("已付赔款三角形（累计）", "Paid, cumulative, by period and age"),
    "factors": ("进展因子", "Development factors"),
    "age": ("经过期数", "Age"),
    "factor": ("到下一期的因子", "Factor to the next"),
    "to_end": ("到最终的因子", "Factor to the ultimate"),
    "total": ("合计", "Total"),
    "yuan": ("元", "yuan"),
    "scaled": ("万元", "thousand yuan"),
    "step": ("从已付到最终", "From paid to ultimate"),
    "assumed": (
        "链梯法假定赔付按以往的进展规律发展，且最后一期之后不再有赔付。已付金额很少的发生期，请以 B-F 法为准。",
        "The chain ladder assumes that payments develop as before, and that nothing is paid after the last age. "
        "For periods of which little is paid yet, use Bornhuetter–Ferguson.",
    ),
}
_SCALE = {"zh": 10_000, "en": 1_000}
"""How many yuan `scaled` is: large amounts are shown in 万元 in Chinese and in thousands in English."""


def reserve_page(
    triangle: Triangle, ladder: ChainLadder, others: Sequence[Reserve], said: Sequence[str], language: str
) -> str:
    """HTML. `others`: by further methods; `said`: where the triangle comes from."""
    words = words_of(_WORDS, language)
    shown: dict[str, Any] = {
        "cards": _cards(triangle, ladder, others, words),
        "by_period": _by_period(triangle, [ladder, *others], words, _SCALE[language]),
        "periods": _periods(triangle, ladder, others, words),
        "steps": _steps(triangle, ladder, words, _SCALE[language]),
        "triangle": _triangle(triangle, words),
        "factors": _factors(ladder, words),
    }
    return rendered("reserve.html", language, words, said=said, **shown)


def _cards(triangle: Triangle, ladder: ChainLadder, others: Sequence[Reserve], w: Words) -> list[tuple[str, str, str]]:
    share = f"{ladder.total_error / ladder.total:.0%}" if ladder.total else "–"
    error = w["error_said"].format(error=f"{ladder.total_error:,.0f}", share=share)
    return [
        (w["paid"], f"¥{triangle.latest.sum():,.0f}", ""),
        (f"{w['outstanding']}, {w[ladder.method]}", f"¥{ladder.total:,.0f}", error),
        *((f"{w['outstanding']}, {w[one.method]}", f"¥{one.total:,.0f}", "") for one in others),
    ]


def _by_period(triangle: Triangle, methods: Sequence[Reserve], w: Words, scale: int) -> Plot:
    by_period = [
        (name, [max(0.0, float(one.outstanding[at])) / scale for one in methods])
        for at, name in enumerate(triangle.periods)
    ]
    return bars(by_period, [w[one.method] for one in methods], across=w["period"], unit=w["scaled"])


def _periods(triangle: Triangle, ladder: ChainLadder, others: Sequence[Reserve], w: Words) -> Table:
    columns = [
        triangle.latest,
        ladder.ultimate,
        ladder.outstanding,
        ladder.errors,
        *(one.outstanding for one in others),
    ]
    rows = [(name, *(f"{column[at]:,.0f}" for column in columns)) for at, name in enumerate(triangle.periods)]
    sums = [float(np.sum(column)) for column in columns]
    sums[3] = ladder.total_error  # the errors of the periods do not add up to that of the whole
    rows.append((w["total"], *(f"{value:,.0f}" for value in sums)))
    keys = ("period", "paid", "ultimate", ladder.method, "error", *(one.method for one in others))
    return Table([w[key] for key in keys], rows)


def _steps(triangle: Triangle, ladder: ChainLadder, w: Words, scale: int) -> dict[str, Any]:
    changes = [
        (name, float(ladder.outstanding[at])) for at, name in enumerate(triangle.periods) if ladder.outstanding[at]
    ]
    steps = [(w["paid"], float(triangle.latest.sum())), *changes, (w["end"], float(ladder.ultimate.sum()))]
    scaled = [(name, value / scale) for name, value in steps]
    rows = [(name, f"{value:,.0f}") for name, value in steps]
    return {
        "plot": waterfall(scaled, across=w["period"], unit=w["scaled"]),
        "table": Table((w["step"], w["yuan"]), rows),
    }


def _triangle(triangle: Triangle, w: Words) -> Table:
    rows = [
        (name, *("" if np.isnan(value) else f"{value:,.0f}" for value in triangle.paid[at]))
        for at, name in enumerate(triangle.periods)
    ]
    return Table([f"{w['period']}, {w['yuan']}", *(str(age) for age in range(triangle.size))], rows)


def _factors(ladder: ChainLadder, w: Words) -> Table:
    to_end = np.cumprod(ladder.factors[::-1])[::-1]
    rows = [
        (f"{age} → {age + 1}", f"{factor:.4f}", f"{end:.4f}")
        for age, (factor, end) in enumerate(zip(ladder.factors, to_end, strict=True))
    ]
    return Table([w[key] for key in ("age", "factor", "to_end")], rows)
