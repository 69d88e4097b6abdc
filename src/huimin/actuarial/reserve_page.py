"""The reserve of a triangle as a page: what is still to be paid, by three methods, and how sure that is."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from html import escape

import numpy as np

from huimin.actuarial.pages import html_page, html_table
from huimin.actuarial.plots import bars, waterfall
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
    "steps": ("从已付到最终：各发生期还要付多少", "From what was paid to the end: what each period adds"),
    "triangle": ("已付赔款三角形（累计）", "Paid, cumulative, by period and age"),
    "factors": ("进展因子", "Development factors"),
    "age": ("经过期数", "Age"),
    "factor": ("到下一期的因子", "Factor to the next"),
    "to_end": ("到最终的因子", "Factor to the end"),
    "total": ("合计", "Total"),
    "yuan": ("元", "yuan"),
    "thousand": ("千元", "thousand yuan"),
    "assumed": (
        "链梯法假定：过去的进展还会重复，最后一期之后不再赔付。已付很少的发生期，以 B-F 法为准。",
        "The chain ladder takes what developed before to develop again, and nothing to be paid after the last age. "
        "Where little is paid yet, Bornhuetter–Ferguson is the one to go by.",
    ),
}
_THOUSAND = 1_000
_Say = Callable[[str], str]


def reserve_page(
    triangle: Triangle, ladder: ChainLadder, others: Sequence[Reserve], said: Sequence[str], language: str
) -> str:
    """HTML. `others`: by further methods; `said`: where the triangle comes from."""
    place = 1 if language == "en" else 0

    def say(key: str) -> str:
        return _WORDS[key][place] if key in _WORDS else key

    head = f"<h1>{escape(say('title'))}</h1><p class=said>{'<br>'.join(map(escape, said))}</p>"
    body = _cards(triangle, ladder, others, say) + f"<p>{escape(say('assumed'))}</p>"
    body += _periods(triangle, ladder, others, say) + _steps(triangle, ladder, say)
    return html_page(say("title"), head + body + _triangle(triangle, say) + _factors(ladder, say), language)


def _cards(triangle: Triangle, ladder: ChainLadder, others: Sequence[Reserve], say: _Say) -> str:
    cells = [(say("paid"), f"¥{triangle.latest.sum():,.0f}", "")]
    share = f"{ladder.total_error / ladder.total:.0%}" if ladder.total else "–"
    error = say("error_said").format(error=f"{ladder.total_error:,.0f}", share=share)
    cells.append((f"{say('outstanding')}, {say(ladder.method)}", f"¥{ladder.total:,.0f}", error))
    cells += [(f"{say('outstanding')}, {say(one.method)}", f"¥{one.total:,.0f}", "") for one in others]
    cards = (f"<div class=card>{escape(name)}<b>{value}</b>{escape(more)}</div>" for name, value, more in cells)
    return f"<div class=cards>{''.join(cards)}</div>"


def _periods(triangle: Triangle, ladder: ChainLadder, others: Sequence[Reserve], say: _Say) -> str:
    methods = [ladder, *others]
    columns = [
        triangle.latest,
        ladder.ultimate,
        ladder.outstanding,
        ladder.errors,
        *(one.outstanding for one in others),
    ]
    rows = [(name, *(f"{column[at]:,.0f}" for column in columns)) for at, name in enumerate(triangle.periods)]
    sums = [float(np.sum(column)) for column in columns]
    sums[3] = ladder.total_error
    rows.append((say("total"), *(f"{value:,.0f}" for value in sums)))
    heads = [
        say(key) for key in ("period", "paid", "ultimate", ladder.method, "error", *(one.method for one in others))
    ]
    by_period = [
        (name, [max(0.0, float(one.outstanding[at])) / _THOUSAND for one in methods])
        for at, name in enumerate(triangle.periods)
    ]
    plot = bars(by_period, [say(one.method) for one in methods], say("thousand"))
    table = html_table(heads, rows, total=True)
    return f"<h2>{escape(say('outstanding_by'))}</h2><figure>{plot}</figure>{table}"


def _steps(triangle: Triangle, ladder: ChainLadder, say: _Say) -> str:
    steps = [(say("paid"), float(triangle.latest.sum()))]
    steps += [
        (name, float(ladder.outstanding[at])) for at, name in enumerate(triangle.periods) if ladder.outstanding[at]
    ]
    steps.append((say("end"), float(ladder.ultimate.sum())))
    plot = waterfall([(name, value / _THOUSAND) for name, value in steps], say("thousand"))
    return f"<h2>{escape(say('steps'))}</h2><figure>{plot}</figure>"


def _triangle(triangle: Triangle, say: _Say) -> str:
    rows = [
        (name, *("" if np.isnan(value) else f"{value:,.0f}" for value in triangle.paid[at]))
        for at, name in enumerate(triangle.periods)
    ]
    heads = [f"{say('period')}, {say('yuan')}", *(str(age) for age in range(triangle.size))]
    return f"<h2>{escape(say('triangle'))}</h2>{html_table(heads, rows)}"


def _factors(ladder: ChainLadder, say: _Say) -> str:
    to_end = np.cumprod(ladder.factors[::-1])[::-1]
    rows = [
        (f"{age} → {age + 1}", f"{factor:.4f}", f"{end:.4f}")
        for age, (factor, end) in enumerate(zip(ladder.factors, to_end, strict=True))
    ]
    return f"<h2>{escape(say('factors'))}</h2>{html_table([say(key) for key in ('age', 'factor', 'to_end')], rows)}"
