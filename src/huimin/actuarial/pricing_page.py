"""A price as a page: what each clause costs, who pays for whom by age and sex, what a whole year may cost."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from html import escape

from huimin.actuarial.pages import html_page, html_table
from huimin.actuarial.plots import bars, forest, lines
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
    "benefits": ("各项责任", "By benefit"),
    "not_priced": ("未定价", "not priced"),
    "partly": ("部分未定价", "priced in part"),
    "clauses": ("各项条款的成本：没有它要多付多少", "What each clause saves: the cost without it"),
    "rates": ("按年龄性别的费率与交叉补贴", "Rates by age and sex, and who pays for whom"),
    "men": ("男", "men"),
    "women": ("女", "women"),
    "group": ("人群", "Group"),
    "members": ("人数", "Members"),
    "rate": ("分组费率", "Rate"),
    "flat": ("统一费率", "One price"),
    "subsidy": ("为他人多付（元）", "Pays for others, yuan"),
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
_Say = Callable[[str], str]


def pricing_page(
    found: Price, said: Sequence[str], language: str, names: Mapping[str, str], notice: Sequence[str] = ()
) -> str:
    """HTML. `said`: population, seed and digests; `names` of benefits in that language; `notice` stands above all."""
    place = 1 if language == "en" else 0

    def say(key: str) -> str:
        return _WORDS[key][place] if key in _WORDS else key

    body = f"<h1>{escape(say('title'))}</h1><p class=said>{'<br>'.join(map(escape, said))}</p><div class=cards>"
    for key, one in (("pure", found.pure), ("gross", found.gross)):
        without = left_out(found.not_priced, names, language)
        below = [f"{say('interval')} {_interval(one)}", *([escape(without)] if without else [])]
        body += f"<div class=card>{say(key)}<b>¥{one.value:.2f}</b>{'<br>'.join(below)}</div>"
    rows = [(names.get(name, name), f"{one.value:.2f}", _interval(one)) for name, one in found.benefits]
    for unpriced in found.not_priced:
        key = "partly" if unpriced.partly else "not_priced"
        rows.append((names.get(unpriced.benefit, unpriced.benefit), say(key), reason_in_words(unpriced, language)))
    heads = [say("benefits"), say("yuan"), say("interval")]
    body += f"</div><h2>{escape(say('benefits'))}</h2>{html_table(heads, rows)}"
    clauses = [(say(one.clause), one.difference) for one in found.clauses]
    body += f"<h2>{escape(say('clauses'))}</h2><figure>"
    body += bars([(name, (max(0.0, one.value),)) for name, one in clauses], (say("yuan"),), "")
    rows = [(name, f"{one.value:.2f}", _interval(one)) for name, one in clauses]
    body += f"</figure>{html_table([say('clauses'), say('yuan'), say('interval')], rows)}"
    body += _rates(found, say) + _model(found, say) + _outlook(found, say)
    return html_page(say("title"), body, language, notice)


def _rates(found: Price, say: _Say) -> str:
    if not found.rates:
        return ""
    ages = sorted({one.age for one in found.rates})
    by_group = {(one.age, one.sex): one for one in found.rates}
    pyramid = [
        (f"{age}+", [by_group[age, sex].rate / 100 if (age, sex) in by_group else 0.0 for sex in ("1", "2")])
        for age in ages
    ]
    rows = [
        (
            f"{one.age}+ {say('women' if one.sex == '2' else 'men')}",
            f"{one.members:,}",
            f"{one.rate / 100:.2f}",
            f"{one.flat / 100:.2f}",
            f"{one.subsidy / 100:,.0f}",
        )
        for one in found.rates
    ]
    heads = [say(key) for key in ("group", "members", "rate", "flat", "subsidy")]
    plot = bars(pyramid, (say("men"), say("women")), "")
    return f"<h2>{escape(say('rates'))}</h2><figure>{plot}</figure>{html_table(heads, rows)}"


def _model(found: Price, say: _Say) -> str:
    if found.unmodelled:
        return f"<h2>{escape(say('model'))}</h2><p>{escape(say('unmodelled') + found.unmodelled)}</p>"
    model = found.model
    if model is None:
        return ""
    names = {"pre_existing": "known_before"}
    rows, told = [], []
    for one in model.levels:
        trait, level = say(names.get(one.trait, one.trait)), JOINED.join(map(say, one.name.split(JOINED)))
        spread = say("base") if one.base else f"{one.low:.2f} – {one.high:.2f}"
        rows.append((f"{trait}: {level}", f"{one.members:,}", f"{one.paid:,}", f"{one.factor:.2f}", spread))
        told.append((f"{trait}: {level}", one.factor, one.low, one.high))
    said = say("model_said").format(power=model.power, explained=model.explained)
    heads = [f"{say('trait')}: {say('level')}", *map(say, ("members", "paid_members", "factor", "interval"))]
    left_out = "、".join(say(names.get(name, name)) for name in model.left_out)
    more = f"<p class=said>{escape(say('left_out') + left_out)}</p>" if left_out else ""
    head = f"<h2>{escape(say('model'))}</h2><p>{escape(said)}</p>"
    return f"{head}<figure>{forest(told)}</figure>{html_table(heads, rows)}{more}"


def _outlook(found: Price, say: _Say) -> str:
    if found.outlook is None:
        return ""
    curve = [(amount / _MILLION, 100 * chance) for amount, chance in found.outlook.exceedance]
    rows = [
        (f"{1 / (1 - level):.0f}", f"{value / _MILLION:,.1f}", f"{tail / _MILLION:,.1f}")
        for level, value, tail in found.outlook.at_risk
    ]
    plot = lines([(say("exceeded"), curve)], say("million"), "%")
    table = html_table([say("worse"), f"VaR, {say('million')}", f"TVaR, {say('million')}"], rows)
    return f"<h2>{escape(say('outlook'))}</h2><figure>{plot}</figure>{table}"


def _interval(one: Estimate) -> str:
    low, high = one.interval
    return f"{low:.2f} – {high:.2f}"
