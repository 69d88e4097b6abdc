"""A price as a page: what each clause costs, who pays for whom by age and sex, what a whole year may cost."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from huimin.actuarial.pages.plots import bars, forest, lines
from huimin.actuarial.pages.rendering import Table, Words, rendered, words_of
from huimin.actuarial.pricing import Estimate, Price
from huimin.actuarial.relativities import JOINED
from huimin.actuarial.unpriced import left_out, reason_in_words

__all__ = ["pricing_page"]

_WORDS: dict[str, tuple[str, str]] = {
    "title": ("定价", "Price"),
    "pure": ("纯保费", "Pure premium"),
    "gross": ("毛保费", "Gross premium"),
    "interval": ("95% 区间", "95 % interval"),
    "yuan": ("元/人/年", "yuan a member and year"),
    "benefit": ("责任", "Benefit"),
    "and": ("、", ", "),
    "colon": ("：", ": "),
    "benefits": ("各项责任", "By benefit"),
    "age_group": ("年龄（岁）", "age"),
    "price_axis": ("分组费率（元/人/年）", "rate, yuan a member and year"),
    "clause_axis": ("元/人/年", "yuan a member and year"),
    "factor_axis": ("费用是基准的多少倍", "times the cost of the base level"),
    "chance_axis": ("超过的概率（%）", "chance of more (%)"),
    "amount_axis": ("全年赔付（百万元）", "a whole year's payments (million yuan)"),
    "not_priced": ("未定价", "not priced"),
    "partly": ("部分未定价", "priced in part"),
    "clauses": (
        "各项条款节省的成本：取消该条款要多付多少",
        "What each clause saves: how much more would be paid without it",
    ),
    "clause": ("条款", "Clause"),
    "rates": ("按年龄性别的费率与交叉补贴", "Rates by age and sex, and who pays for whom"),
    "men": ("男", "men"),
    "women": ("女", "women"),
    "group": ("人群", "Group"),
    "members": ("人数", "Members"),
    "rate": ("分组费率", "Rate"),
    "flat": ("统一费率", "One price"),
    "subsidy": ("为他人多付（合计，元）", "Pays for others, yuan in all"),
    "model": ("每个特征单独的影响（广义线性模型）", "What each trait does by itself (generalised linear model)"),
    "model_said": (
        "其他特征相同时，该水平的费用是基准水平的多少倍；Tweedie 分布，方差幂 {power}，稳健标准误；"
        "偏差解释度 {explained:.1%}。",
        "How many times the base level's cost, the other traits being equal; Tweedie, variance power {power}, robust "
        "errors. Of the deviance {explained:.1%} is explained.",
    ),
    "left_out": ("数据太少，未入模型：", "Left out, with too few to tell: "),
    "trait": ("特征", "Trait"),
    "level": ("水平", "Level"),
    "paid_members": ("获赔人数", "Paid"),
    "factor": ("倍数", "Factor"),
    "base": ("基准", "base"),
    "unmodelled": ("未建模型：", "No model: "),
    "age": ("年龄", "age"),
    "sex": ("性别", "sex"),
    "insutype": ("医保类型", "basic insurance"),
    "310": ("职工", "employees (310)"),
    "390": ("居民", "residents (390)"),
    "continuous_years": ("已连续参保年数", "years insured before"),
    "edition": ("版本", "edition"),
    "yes": ("有", "yes"),
    "no": ("无", "no"),
    "known_before": ("既往症", "pre-existing condition"),
    "outlook": ("全年赔付的可能性", "What a whole year may cost"),
    "exceeded": ("超过该金额的概率（%）", "Probability of more, %"),
    "million": ("百万元", "Million yuan"),
    "worse": ("多少年一遇", "One year in"),
    "pre_existing": ("既往症规则", "the pre-existing rule"),
    "deductible": ("免赔额降低一档", "every deductible lower by the step"),
    "limits": ("限额", "limits"),
    "exclusions": ("责任免除", "exclusions"),
    "waiting": ("等待期", "waiting periods"),
    "points": ("比例加减", "points added or taken"),
    "minimum": ("最低给付额", "the minimum payment"),
    "payers_before": ("其他支付方先付", "other payers first"),
}
_MILLION = 1_000_000
_TRAIT_WORDS = {"pre_existing": "known_before"}
"""The word `pre_existing` is taken by the clause; here the trait has another."""


def pricing_page(
    found: Price, said: Sequence[str], language: str, names: Mapping[str, str], notice: Sequence[str] = ()
) -> str:
    """HTML. `said`: population, seed and digests; `names` of benefits in that language; `notice` stands above all."""
    words = words_of(_WORDS, language)
    shown: dict[str, Any] = {
        "without": left_out(found.not_priced, names, language),
        "premiums": [
            (words[key], one.value, _interval(one)) for key, one in (("pure", found.pure), ("gross", found.gross))
        ],
        "benefits": _benefits(found, words, names, language),
        "clauses": _clauses(found, words),
        "rates": _rates(found, words),
        "model": _model(found, words),
        "unmodelled": found.unmodelled,
        "outlook": _outlook(found, words),
    }
    return rendered("price.html", language, words, said=said, notice=notice, **shown)


def _benefits(found: Price, w: Words, names: Mapping[str, str], language: str) -> Table:
    rows = [(names.get(name, name), f"{one.value:.2f}", _interval(one)) for name, one in found.benefits]
    for unpriced in found.not_priced:
        key = "partly" if unpriced.partly else "not_priced"
        rows.append((names.get(unpriced.benefit, unpriced.benefit), w[key], reason_in_words(unpriced, language)))
    return Table((w["benefit"], w["yuan"], w["interval"]), rows)


def _clauses(found: Price, w: Words) -> dict[str, Any]:
    clauses = [(w[one.clause], one.difference) for one in found.clauses]
    heights = [(name, (max(0.0, one.value),)) for name, one in clauses]
    rows = [(name, f"{one.value:.2f}", _interval(one)) for name, one in clauses]
    return {
        "plot": bars(heights, (w["yuan"],), across=w["clause"], unit=w["clause_axis"]),
        "table": Table((w["clause"], w["yuan"], w["interval"]), rows),
    }


def _rates(found: Price, w: Words) -> dict[str, Any] | None:
    if not found.rates:
        return None
    by_group = {(one.age, one.sex): one.rate / 100 for one in found.rates}
    pyramid = [
        (f"{age}+", [by_group.get((age, sex), 0.0) for sex in ("1", "2")])
        for age in sorted({one.age for one in found.rates})
    ]
    rows = [
        (
            f"{one.age}+ {w['women' if one.sex == '2' else 'men']}",
            f"{one.members:,}",
            f"{one.rate / 100:.2f}",
            f"{one.flat / 100:.2f}",
            f"{one.subsidy / 100:,.0f}",
        )
        for one in found.rates
    ]
    return {
        "plot": bars(pyramid, (w["men"], w["women"]), across=w["age_group"], unit=w["price_axis"]),
        "table": Table([w[key] for key in ("group", "members", "rate", "flat", "subsidy")], rows),
    }


def _model(found: Price, w: Words) -> dict[str, Any] | None:
    model = found.model
    if model is None:
        return None
    rows, told = [], []
    for one in model.levels:
        level = JOINED.join(w[part] for part in one.name.split(JOINED))
        name = f"{w[_TRAIT_WORDS.get(one.trait, one.trait)]}{w['colon']}{level}"
        spread = w["base"] if one.base else f"{one.low:.2f} – {one.high:.2f}"
        rows.append((name, f"{one.members:,}", f"{one.paid:,}", f"{one.factor:.2f}", spread))
        told.append((name, one.factor, one.low, one.high))
    heads = [
        f"{w['trait']}{w['colon']}{w['level']}",
        *(w[key] for key in ("members", "paid_members", "factor", "interval")),
    ]
    left_out = w["and"].join(w[_TRAIT_WORDS.get(name, name)] for name in model.left_out)
    return {
        "said": w["model_said"].format(power=model.power, explained=model.explained),
        "plot": forest(told, across=w["factor_axis"]),
        "table": Table(heads, rows),
        "left_out": w["left_out"] + left_out if left_out else "",
    }


def _outlook(found: Price, w: Words) -> dict[str, Any] | None:
    if found.outlook is None:
        return None
    curve = [(amount / _MILLION, 100 * chance) for amount, chance in found.outlook.exceedance]
    rows = [
        (f"{1 / (1 - level):.0f}", f"{value / _MILLION:,.1f}", f"{tail / _MILLION:,.1f}")
        for level, value, tail in found.outlook.at_risk
    ]
    return {
        "plot": lines([(w["exceeded"], curve)], across=w["amount_axis"], unit=w["chance_axis"]),
        "table": Table((w["worse"], f"VaR, {w['million']}", f"TVaR, {w['million']}"), rows),
    }


def _interval(one: Estimate) -> str:
    low, high = one.interval
    return f"{low:.2f} – {high:.2f}"
