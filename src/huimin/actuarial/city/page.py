"""A synthetic city as a page: what was published of cities beside what it does, and where values come from."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape

import numpy as np

from huimin.actuarial.city.drawing import City
from huimin.actuarial.city.targets import Target
from huimin.actuarial.pages import html_page, html_table
from huimin.actuarial.plots import bars

__all__ = ["city_page"]

_WORDS: dict[str, tuple[str, str]] = {
    "title": ("合成城市", "Synthetic city"),
    "invented": (
        "没有真实的人：人口和账单都是随机生成的。",
        "Nobody lives here: people and bills are drawn at random.",
    ),
    "targets": ("与公开数据对照", "Beside what was published"),
    "what": ("指标", "What"),
    "found": ("本城市", "Here"),
    "published": ("公开数据及允许范围", "Published, and its tolerance"),
    "source": ("来源", "Source"),
    "reached": ("是否达到", "Reached"),
    "yuan": ("元", "yuan"),
    "of 100 people": ("次/百人", "of 100 people"),
    "% of households": ("% 的家庭", "% of households"),
    "high": ("高", "high"),
    "medium": ("中", "medium"),
    "recalled": ("凭记忆，未复核", "recalled"),
    "assumed": ("假设", "assumed"),
    "calibrated": ("校准", "calibrated"),
    "met": ("达到", "met"),
    "missed": ("未达到", "missed"),
    "ages": ("年龄（占人口 %）", "Ages, % of people"),
    "cost": ("住院费用集中度：各十分位占全部费用的 %", "Cost of inpatients: % of all by tenth"),
    "parameters": ("全部参数", "All parameters"),
    "value": ("取值", "Value"),
    "unit": ("含义", "What it is"),
    "confidence": ("把握", "Confidence"),
    "top_tenth": ("费用最高的十分之一住院者占住院费用", "Cost of the dearest tenth of inpatients"),
    "stay_one_year": ("其中一年后仍在最高十分之一", "Of them again in that tenth after a year"),
    "stay_four_years": ("其中四年后仍在最高十分之一", "Of them again in that tenth after four"),
    "stay_cost": ("次均住院费用", "Cost of a stay"),
    "personal_share": ("个人负担比例", "Part of it that the person pays"),
    "stays": ("住院率", "Stays"),
    "catastrophic": ("发生灾难性支出的家庭", "Households with catastrophic expenditure"),
}


def city_page(
    city: City, targets: Sequence[Target], said: Sequence[str], language: str, notice: Sequence[str] = ()
) -> str:
    """HTML. `said`: size, seed and digests; `notice` stands above everything else."""
    place = 1 if language == "en" else 0

    def say(key: str) -> str:
        return _WORDS[key][place] if key in _WORDS else key

    body = f"<h1>{say('title')}</h1><p class=said>{'<br>'.join(map(escape, said))}<br>{say('invented')}</p>"
    rows = [
        (
            say(one.name),
            f"{one.found:,.1f} {say(one.unit)}",
            f"{one.low:,.5g} – {one.high:,.5g}",
            say("met" if one.met else "missed"),
            one.source if language == "en" else _in_chinese(one.source),
        )
        for one in targets
    ]
    heads = [say("what"), say("found"), say("published"), say("reached"), say("source")]
    body += f"<h2>{escape(say('targets'))}</h2>{html_table(heads, rows)}"
    ages = np.bincount(np.minimum(city.people.age // 10, 9), minlength=10) / len(city.people)
    plot = bars([(f"{10 * n}+", (100 * float(share),)) for n, share in enumerate(ages)], ("%",), "")
    body += f"<h2>{escape(say('ages'))}</h2><figure>{plot}</figure>"
    tenths = [(str(n + 1), (share,)) for n, share in enumerate(_tenths(city))]
    body += f"<h2>{escape(say('cost'))}</h2><figure>{bars(tenths, ('%',), '')}</figure>"
    rows = [
        (
            one.name,
            ", ".join(f"{value:,.10g}" for value in one.values),
            one.unit_in(language),
            say(one.confidence),
            one.because_in(language),
        )
        for one in city.parameters
    ]
    heads = [say("what"), say("value"), say("unit"), say("confidence"), say("source")]
    table = html_table(heads, rows)
    body += f"<h2>{escape(say('parameters'))}</h2><div class=words>{table}</div>"
    return html_page(say("title"), body, language, notice)


def _in_chinese(source: str) -> str:
    """A target's source: the words in it that are English."""
    for english, chinese in (
        ("national bulletin for 2023", "2023 年全国公报"),
        ("an older city has more", "老龄城市更多"),
        ("; ", "；"),
        (": ", "："),
    ):
        source = source.replace(english, chinese)
    return source


def _tenths(city: City) -> list[float]:
    """Percent of a year's inpatient cost by tenth of its inpatients, the cheapest first."""
    year = city.year(0)
    cost = np.bincount(year.care.person, year.care.cost * year.care.inpatient, len(city.people))
    ordered = np.sort(cost[cost > 0])
    return [100 * float(part.sum()) / float(ordered.sum()) for part in np.array_split(ordered, 10)]
