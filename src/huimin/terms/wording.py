"""A plan in plain words, computed from its terms, in Chinese and English."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise

from huimin.money import format_percent, format_yuan, format_yuan_grouped
from huimin.terms.model import Benefit, Plan, Tier

__all__ = ["BenefitWords", "PlanWords", "summarise"]


@dataclass(frozen=True, slots=True)
class BenefitWords:
    """One benefit: a headline, what it pays for, and its terms line by line."""

    id: str
    name: str
    pays_for: str
    terms: tuple[str, ...]
    known: bool


@dataclass(frozen=True, slots=True)
class PlanWords:
    name: str
    price: str
    price_fen: int
    eligibility: str
    cover: str
    headlines: tuple[str, ...]
    """One short line for each benefit with known terms: what a home page shows."""
    benefits: tuple[BenefitWords, ...]
    good_to_know: tuple[str, ...]


_ZH = {
    "price": "{yuan}元/人/年",
    "cover": "{first}至{last}",
    "headline": "{name}：超过{deductible}的部分，赔付{rates}，每年最高{limit}",
    "headline_open": "{name}：超过{deductible}的部分，赔付{rates}",
    "deductible_year": "年度免赔额{amount}",
    "deductible_settlement": "每次免赔额{amount}",
    "no_deductible": "无免赔额",
    "tier": "超出免赔额{above}至{upto}的部分，赔付{rate}",
    "first_tier": "超出免赔额的部分，{upto}以内赔付{rate}",
    "last_tier": "超出免赔额{above}以上的部分，赔付{rate}",
    "one_tier": "超出免赔额的部分，赔付{rate}",
    "limit_year": "每年最高赔付{amount}",
    "limit_settlement": "每次最高赔付{amount}",
    "adjustment": "{when}，赔付比例{change} {points}个百分点",
    "pre_existing": "有既往症",
    "not_pre_existing": "无既往症",
    "first_enrolment": "首次参保",
    "not_first_enrolment": "续保",
    "lower": "降低",
    "higher": "提高",
    "and": "且",
    "to": "至",
    "unknown": "具体条款以保险合同为准；公开资料未载明，平台不自动理算。",
}
_EN = {
    "price": "{yuan} yuan a person and year",
    "cover": "{first} to {last}",
    "headline": "{name}: {rates} of what exceeds {deductible}, up to {limit} a year",
    "headline_open": "{name}: {rates} of what exceeds {deductible}",
    "deductible_year": "Deductible of the year: {amount}",
    "deductible_settlement": "Deductible of each bill: {amount}",
    "no_deductible": "No deductible",
    "tier": "Pays {rate} of the excess from {above} to {upto}",
    "first_tier": "Pays {rate} of the first {upto} above the deductible",
    "last_tier": "Pays {rate} of what exceeds the deductible by more than {above}",
    "one_tier": "Pays {rate} of what exceeds the deductible",
    "limit_year": "Pays at most {amount} a year",
    "limit_settlement": "Pays at most {amount} a bill",
    "adjustment": "{when}: the rates are {points} percentage points {change}",
    "pre_existing": "with a pre-existing condition",
    "not_pre_existing": "without a pre-existing condition",
    "first_enrolment": "at first enrolment",
    "not_first_enrolment": "after the first enrolment",
    "lower": "lower",
    "higher": "higher",
    "and": " ",
    "to": "–",
    "unknown": "As the insurance contract says; not published, so the platform does not decide it by itself.",
}


def summarise(plan: Plan, language: str) -> PlanWords:
    """The plan in words; `language` is zh or en."""
    words = _EN if language == "en" else _ZH
    yuan = format_yuan(plan.premium.yuan).removesuffix(".00")
    known = [benefit for benefit in plan.benefit if benefit.unknown is None]
    return PlanWords(
        name=plan.name.in_language(language),
        price=words["price"].format(yuan=yuan),
        price_fen=plan.premium.yuan,
        eligibility=plan.eligibility.note.in_language(language),
        cover=words["cover"].format(
            first=_day(plan.cover.first_day, language), last=_day(plan.cover.last_day, language)
        ),
        headlines=tuple(_headline(benefit, language, words) for benefit in known),
        benefits=tuple(_benefit(benefit, language, words) for benefit in plan.benefit),
        good_to_know=tuple(note.in_language(language) for note in plan.good_to_know),
    )


def _day(day: object, language: str) -> str:
    year, month, number = str(day).split("-")
    return str(day) if language == "en" else f"{year}年{int(month)}月{int(number)}日"


def _short(fen: int, language: str) -> str:
    """Amounts of terms are round; 1,000,000 reads better as 100万元 in Chinese."""
    if language == "en":
        return "¥" + format_yuan_grouped(fen).removesuffix(".00")
    if fen and fen % 1_000_000 == 0:
        return f"{fen // 1_000_000}万元"
    return format_yuan(fen).removesuffix(".00") + "元"


def _headline(benefit: Benefit, language: str, words: dict[str, str]) -> str:
    lowest, highest = min(t.percent for t in benefit.tiers), max(t.percent for t in benefit.tiers)
    rates = format_percent(lowest)
    if highest != lowest:
        rates = f"{rates}{words['to']}{format_percent(highest)}"
    year_limit = next((limit.yuan for limit in benefit.limits if limit.per == "year"), None)
    deductible = benefit.deductible.yuan if benefit.deductible else 0
    return words["headline" if year_limit is not None else "headline_open"].format(
        name=benefit.name.in_language(language),
        deductible=_short(deductible, language),
        rates=rates,
        limit=_short(year_limit or 0, language),
    )


def _benefit(benefit: Benefit, language: str, words: dict[str, str]) -> BenefitWords:
    terms = [words["unknown"]] if benefit.unknown is not None else list(_terms(benefit, language, words))
    return BenefitWords(
        benefit.id,
        benefit.name.in_language(language),
        benefit.pays_for.in_language(language),
        tuple(terms),
        benefit.unknown is None,
    )


def _terms(benefit: Benefit, language: str, words: dict[str, str]) -> list[str]:
    lines = []
    deductible = benefit.deductible
    if deductible is None:
        lines.append(words["no_deductible"])
    else:
        lines.append(words[f"deductible_{deductible.per}"].format(amount=_short(deductible.yuan, language)))
    lines += _tiers(benefit.tiers, language, words)
    for limit in benefit.limits:
        lines.append(words[f"limit_{limit.per}"].format(amount=_short(limit.yuan, language)))
    for adjustment in benefit.adjustments:
        facts = adjustment.when.model_dump(exclude_none=True)
        when = words["and"].join(words[fact if value else f"not_{fact}"] for fact, value in facts.items())
        points = adjustment.percentage_points
        lines.append(
            words["adjustment"].format(
                when=when[0].upper() + when[1:],
                change=words["lower" if points < 0 else "higher"],
                points=format_percent(abs(points)).removesuffix("%"),
            )
        )
    return lines


def _tiers(tiers: tuple[Tier, ...], language: str, words: dict[str, str]) -> list[str]:
    if len(tiers) == 1:
        return [words["one_tier"].format(rate=format_percent(tiers[0].percent))]
    lines = []
    for tier, following in pairwise(tiers):
        lines.append(
            words["tier" if tier.above_yuan else "first_tier"].format(
                above=_short(tier.above_yuan, language),
                upto=_short(following.above_yuan, language),
                rate=format_percent(tier.percent),
            )
        )
    last = tiers[-1]
    lines.append(words["last_tier"].format(above=_short(last.above_yuan, language), rate=format_percent(last.percent)))
    return lines
