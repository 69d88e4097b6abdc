"""The years of a plan as a page: price, take-up, cost and ratio, and what would stop a spiral."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape

from huimin.actuarial.market.renewing import MarketYear, Remedy, spirals
from huimin.actuarial.pages import html_page, html_table
from huimin.actuarial.plots import lines

__all__ = ["REMEDIES", "renewal_page"]

_WORDS: dict[str, tuple[str, str]] = {
    "title": ("续保推演", "Renewal, year after year"),
    "spirals": ("这个方案会进入死亡螺旋。", "This design spirals."),
    "holds": ("在所设期间内未出现死亡螺旋。", "It does not spiral in these years."),
    "year": ("年度", "Year"),
    "price": ("保费（元）", "Price, yuan"),
    "joined": ("参保率", "Take-up"),
    "stayed": ("续保率", "Stayed"),
    "cost": ("人均赔付（元）", "Cost of a member, yuan"),
    "ratio": ("赔付÷保费", "Cost ÷ price"),
    "relative_risk": ("相对风险", "Relative risk"),
    "remedies": ("哪些措施有用", "What helps"),
    "at_the_end": ("最后一年参保率", "Take-up in the last year"),
    "percent": ("%", "%"),
    "by_price": ("首年：价格、参保率与赔付÷保费", "The first year: cost ÷ price against take-up"),
    "across": ("参保率（%）", "Take-up, %"),
    "verdict": ("结论", "Verdict"),
}
REMEDIES: dict[str, tuple[str, str]] = {
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
    place = 1 if language == "en" else 0

    def say(key: str) -> str:
        return _WORDS[key][place]

    verdict = say("spirals" if spirals(years) else "holds")
    whole = f"<h1>{escape(say('title'))}</h1><p class=said>{'<br>'.join(map(escape, said))}</p><p><b>{verdict}</b></p>"
    rows = [
        (
            str(number),
            f"{one.price:.0f}",
            f"{one.joined:.1%}",
            f"{one.stayed:.0%}",
            f"{one.cost:.1f}",
            f"{one.ratio:.0%}",
            f"{one.relative_risk:.2f}",
        )
        for number, one in enumerate(years, 1)
    ]
    heads = [say(key) for key in ("year", "price", "joined", "stayed", "cost", "ratio", "relative_risk")]
    takes = [(REMEDIES["none"][place], _curve(years))]
    takes += [(REMEDIES[one.name][place], _curve(one.years)) for one in tried]
    prices = [(say(key), [(n, getattr(one, key)) for n, one in enumerate(years, 1)]) for key in ("price", "cost")]
    whole += f"<figure>{lines(prices, say('year'), '')}</figure>{html_table(heads, rows)}"
    curve = sorted((100 * share, 100 * ratio) for _, share, ratio in prices_tried)
    whole += f"<h2>{escape(say('by_price'))}</h2><figure>{lines([(say('ratio'), curve)], say('across'), '%')}</figure>"
    first_year = [(f"{price:.0f}", f"{share:.1%}", f"{ratio:.0%}") for price, share, ratio in prices_tried]
    whole += html_table([say(key) for key in ("price", "joined", "ratio")], first_year)
    whole += f"<h2>{escape(say('remedies'))}</h2><figure>{lines(takes, say('year'), say('percent'))}</figure>"
    helped = []
    for one in tried:
        last, mark = one.years[-1], _mark(one.years, place)
        name = REMEDIES[one.name][place]
        helped.append((name, f"{last.price:.0f}", f"{last.joined:.1%}", f"{last.ratio:.0%}", mark))
    whole += html_table([say(key) for key in ("remedies", "price", "at_the_end", "ratio", "verdict")], helped)
    return html_page(say("title"), whole, language, notice)


def _curve(years: Sequence[MarketYear]) -> list[tuple[float, float]]:
    return [(float(number), 100 * one.joined) for number, one in enumerate(years, 1)]


def _mark(years: Sequence[MarketYear], place: int) -> str:
    return _WORDS["spirals" if spirals(years) else "holds"][place]
