"""A synthetic city as a page: its values beside published ones, and the sources of its parameters."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from huimin.actuarial.city.drawing import City
from huimin.actuarial.city.targets import Target
from huimin.actuarial.pages.plots import bars
from huimin.actuarial.pages.rendering import Table, Words, rendered, words_of

__all__ = ["city_page"]

_WORDS: dict[str, tuple[str, str]] = {
    "title": ("合成城市", "Synthetic city"),
    "invented": (
        "没有真实的人：人口和账单都是随机生成的。",
        "No real people: everybody in it and every bill is drawn at random.",
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
    "recalled": ("凭记忆，未复核", "from memory, not checked"),
    "assumed": ("假设", "assumed"),
    "calibrated": ("校准", "calibrated"),
    "met": ("达到", "met"),
    "missed": ("未达到", "missed"),
    "ages": ("年龄结构", "Ages"),
    "age_group": ("年龄（岁）", "age"),
    "share_of_people": ("占人口（%）", "% of people"),
    "cost": (
        "住院费用集中度：按费用由低到高把住院者分为十组",
        "How the cost of inpatients is spread: tenths of inpatients, the cheapest first",
    ),
    "tenth": ("住院者（十分位）", "tenth of inpatients"),
    "share_of_cost": ("占住院费用（%）", "% of the cost of inpatients"),
    "parameters": ("全部参数", "All parameters"),
    "value": ("取值", "Value"),
    "unit": ("含义", "What it is"),
    "confidence": ("把握", "Confidence"),
    "top_tenth": ("费用最高的十分之一住院者占住院费用", "Share of cost of the most expensive tenth of inpatients"),
    "stay_one_year": ("其中一年后仍在最高十分之一", "Of them, again in that tenth a year later"),
    "stay_four_years": ("其中四年后仍在最高十分之一", "Of them, again in that tenth four years later"),
    "stay_cost": ("次均住院费用", "Cost of a stay"),
    "personal_share": ("个人负担比例", "Part of it that the person pays"),
    "stays": ("住院率", "Stays"),
    "catastrophic": ("发生灾难性支出的家庭", "Households with catastrophic expenditure"),
}


def city_page(
    city: City, targets: Sequence[Target], said: Sequence[str], language: str, notice: Sequence[str] = ()
) -> str:
    """HTML. `said`: size, seed and digests; `notice` stands above everything else."""
    words = words_of(_WORDS, language)
    shown: dict[str, Any] = {
        "targets": _targets(targets, words, language),
        "ages": _ages(city, words),
        "cost": _cost(city, words),
        "parameters": _parameters(city, words, language),
    }
    return rendered("city.html", language, words, said=[*said, words["invented"]], notice=notice, **shown)


def _targets(targets: Sequence[Target], w: Words, language: str) -> Table:
    rows = [
        (
            w[one.name],
            f"{one.found:,.1f} {w[one.unit]}",
            f"{one.low:,.5g} – {one.high:,.5g}",
            w["met" if one.met else "missed"],
            one.source if language == "en" else _in_chinese(one.source),
        )
        for one in targets
    ]
    return Table([w[key] for key in ("what", "found", "published", "reached", "source")], rows)


def _ages(city: City, w: Words) -> dict[str, Any]:
    counted = np.bincount(np.minimum(city.people.age // 10, 9), minlength=10) / len(city.people)
    percent = [100 * float(share) for share in counted]
    return _shares([f"{10 * n}+" for n in range(10)], percent, w["age_group"], w["share_of_people"])


def _cost(city: City, w: Words) -> dict[str, Any]:
    return _shares([str(n + 1) for n in range(10)], _tenths(city), w["tenth"], w["share_of_cost"])


def _shares(names: Sequence[str], percent: Sequence[float], across: str, unit: str) -> dict[str, Any]:
    """Percentages by group, as a plot and as a table."""
    plot = bars(
        [(name, (share,)) for name, share in zip(names, percent, strict=True)], (unit,), across=across, unit=unit
    )
    rows = [(name, f"{share:.1f}") for name, share in zip(names, percent, strict=True)]
    return {"plot": plot, "table": Table((across, unit), rows)}


def _parameters(city: City, w: Words, language: str) -> Table:
    rows = [
        (
            one.name,
            ", ".join(f"{value:,.10g}" for value in one.values),
            one.unit_in(language),
            w[one.confidence],
            one.because_in(language),
        )
        for one in city.parameters
    ]
    return Table([w[key] for key in ("what", "value", "unit", "confidence", "source")], rows)


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
