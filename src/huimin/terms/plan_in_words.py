"""A plan in plain words, computed from its terms, in Chinese and English."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from huimin.money import format_percent, format_yuan
from huimin.terms.benefit import (
    Adjustment,
    Allowance,
    AllowanceBase,
    Benefit,
    Deductible,
    ItemBase,
    Limit,
    ListedItem,
    Residual,
    Tier,
    Variant,
)
from huimin.terms.conditions import When
from huimin.terms.frame_in_words import FrameWords, frame_in_words
from huimin.terms.model import Plan
from huimin.terms.phrases import QUANTITY_WORDS, WORDS, amount_in_words, condition_in_words, day_in_words

__all__ = ["BenefitWords", "PlanWords", "Speaker", "summarise"]


@dataclass(frozen=True, slots=True)
class BenefitWords:
    """One benefit: a headline, what it pays for, and its terms line by line."""

    id: str
    name: str
    pays_for: str
    terms: tuple[str, ...]
    deductible: tuple[str, ...]
    """Of `terms`, what one bears oneself first."""
    history: tuple[str, ...]
    """Of `terms`, what depends on diseases that one had before."""
    known: bool


@dataclass(frozen=True, slots=True)
class PlanWords:
    name: str
    price: str
    price_fen: int
    """In fen; 0 where the price is not known."""
    other_prices: tuple[str, ...]
    """For each group that pays another price: who they are, and the price in fen."""
    eligibility: str
    cover: str
    headlines: tuple[str, ...]
    """One short line for each benefit with known terms: what a home page shows."""
    benefits: tuple[BenefitWords, ...]
    frame: FrameWords
    good_to_know: tuple[str, ...]


def summarise(plan: Plan, language: str) -> PlanWords:
    """The plan in words; `language` is zh or en."""
    return Speaker(plan, language).plan_words()


class Speaker:
    """Says one plan's terms in one language."""

    def __init__(self, plan: Plan, language: str) -> None:
        self.plan, self.language, self.words = plan, language, WORDS[language]
        self.names = plan.names(language)

    def plan_words(self) -> PlanWords:
        plan, words = self.plan, self.words
        known = [benefit for benefit in plan.benefit if benefit.tiers]
        return PlanWords(
            name=plan.name.in_language(self.language),
            price=words["price_unknown"] if plan.premium.fen is None else self.price(plan.premium.fen),
            price_fen=plan.premium.fen or 0,
            other_prices=tuple(
                words["variant"].format(when=self.when(v.when), tiers=self.price(v.fen)) for v in plan.premium.variants
            ),
            eligibility=plan.eligibility.note.in_language(self.language),
            cover=words["cover"].format(
                first=day_in_words(plan.cover.first_day, self.language),
                last=day_in_words(plan.cover.last_day, self.language),
            ),
            headlines=tuple(self._headline(benefit) for benefit in known),
            benefits=tuple(self._benefit(benefit) for benefit in plan.benefit),
            frame=frame_in_words(plan, self.language),
            good_to_know=tuple(note.in_language(self.language) for note in plan.good_to_know),
        )

    def price(self, fen: int) -> str:
        return self.words["price"].format(yuan=format_yuan(fen).removesuffix(".00"))

    def when(self, when: When) -> str:
        return condition_in_words(when, self.names, self.language)

    def amount(self, fen: int) -> str:
        return amount_in_words(fen, self.language)

    def _headline(self, benefit: Benefit) -> str:
        rates = [tier.basis_points for tier in benefit.tiers if tier.basis_points]
        text = format_percent(min(rates, default=0))
        if len(set(rates)) > 1:
            text = f"{text}{self.words['to']}{format_percent(max(rates))}"
        limit = next((limit.fen for limit in benefit.limits if limit.per == "year"), None)
        with_deductible = benefit.deductible is not None and benefit.deductible.unknown is None
        key = "headline" if with_deductible else "headline_from_first"
        return self.words[key if limit is not None else f"{key}_open"].format(
            name=benefit.name.in_language(self.language),
            deductible=self._deductible_amount(benefit.deductible) if benefit.deductible and with_deductible else "",
            rates=text,
            limit=self.amount(limit or 0),
        )

    def _benefit(self, benefit: Benefit) -> BenefitWords:
        terms = [self.words["unknown"]] if benefit.unknown is not None else list(self._terms(benefit))
        return BenefitWords(
            benefit.id,
            benefit.name.in_language(self.language),
            benefit.pays_for.in_language(self.language),
            tuple(terms),
            tuple(self.deductible(benefit)) if benefit.unknown is None and self._has_deductible(benefit) else (),
            tuple(self._history(benefit)),
            benefit.unknown is None,
        )

    def _terms(self, benefit: Benefit) -> Iterator[str]:
        words = self.words
        if benefit.when.demands():
            yield words["only"].format(when=self.when(benefit.when))
        yield from self.base(benefit)
        if benefit.waiting is not None:
            waived = words["list_comma"].join(self.when(when).lower() for when in benefit.waiting.waived)
            yield words["waiting_waived" if waived else "waiting"].format(days=benefit.waiting.days, waived=waived)
        if self._has_deductible(benefit):
            yield from self.deductible(benefit)
        yield from [words["tiers_unknown"]] if benefit.tiers_unknown else self.tiers(benefit, benefit.tiers)
        for variant in benefit.variants:
            yield self.variant(benefit, variant)
        for limit in benefit.limits:
            yield self.limit(benefit, limit)
        for adjustment in benefit.adjustments:
            yield self.adjustment(adjustment)
        yield from self.payment(benefit)
        yield from self.documents(benefit)

    @staticmethod
    def _has_deductible(benefit: Benefit) -> bool:
        return not isinstance(benefit.base, AllowanceBase)

    def variant(self, benefit: Benefit, variant: Variant) -> str:
        tiers = self.words["tier_comma"].join(self.tiers(benefit, variant.tiers))
        key = "variant" if variant.tiers else "variant_unknown"
        return self.words[key].format(when=self.when(variant.when), tiers=tiers)

    def adjustment(self, adjustment: Adjustment) -> str:
        points = adjustment.basis_points
        return self.words["adjustment"].format(
            when=self.when(adjustment.when),
            change=self.words["lower" if points < 0 else "higher"],
            points=format_percent(abs(points)).removesuffix("%"),
        )

    def _history(self, benefit: Benefit) -> Iterator[str]:
        """What of the benefit depends on diseases that one had before."""
        if benefit.when.asks_about_history:
            yield self.words["only"].format(when=self.when(benefit.when))
        for variant in benefit.variants:
            if variant.when.asks_about_history:
                yield self.variant(benefit, variant)
        for limit in benefit.limits:
            if limit.when.asks_about_history:
                yield self.limit(benefit, limit)
        for adjustment in benefit.adjustments:
            if adjustment.when.asks_about_history:
                yield self.adjustment(adjustment)

    def payment(self, benefit: Benefit) -> Iterator[str]:
        """What bounds the rates, how a payment is rounded, and when it is too small."""
        for key in ("lowest", "highest"):
            rate = getattr(benefit, f"{key}_basis_points")
            if rate is not None:
                yield self.words[key].format(rate=format_percent(rate))
        if benefit.rounding is not None:
            unit = self.words[benefit.rounding.to]
            yield self.words[f"rounding_{benefit.rounding.how}"].format(unit=unit)
        if benefit.minimum is not None:
            yield self.words["minimum"].format(amount=self.amount(benefit.minimum.fen))

    def documents(self, benefit: Benefit) -> Iterator[str]:
        comma = self.words["list_comma"]
        for settings in dict.fromkeys(document.settings for document in benefit.documents):
            names = [one.name.in_language(self.language) for one in benefit.documents if one.settings == settings]
            where = self.when(When(setting=settings)) if settings else ""
            key = "documents_in" if settings else "documents"
            yield self.words[key].format(settings=where, names=comma.join(names))

    def base(self, benefit: Benefit) -> Iterator[str]:
        base = benefit.base
        if isinstance(base, ItemBase):
            listing = next(listing for listing in self.plan.item_list if listing.id == base.items_on)
            key = "list_unknown" if listing.unknown else "list"
            yield self.words[key].format(name=listing.name.in_language(self.language), count=len(listing.item))
            yield from filter(None, map(self.item_limits, listing.item))
        elif isinstance(base, AllowanceBase):
            yield from self._allowance(base.allowance)
        elif isinstance(base, Residual) and base.less:
            names = [QUANTITY_WORDS[self.language][name] for name in base.less]
            yield self.words["less"].format(names=self.words["list_comma"].join(names))

    def item_limits(self, item: ListedItem) -> str:
        limits = [
            self.words[key].format(amount=self.amount(fen))
            for key in ("unit_limit", "month_limit", "year_limit")
            if (fen := getattr(item, f"{key}_fen")) is not None
        ]
        joined = self.words["list_comma"].join(limits)
        return self.words["item_limit"].format(name=item.name, limits=joined) if limits else ""

    def _allowance(self, allowance: Allowance) -> Iterator[str]:
        yield self.words[f"allowance_{allowance.per}"].format(amount=self.amount(allowance.fen))
        if allowance.free_days:
            yield self.words["free_days"].format(days=allowance.free_days)
        if allowance.most_a_year is not None:
            yield self.words[f"most_{allowance.per}"].format(count=allowance.most_a_year)

    def deductible(self, benefit: Benefit) -> Iterator[str]:
        words, deductible = self.words, benefit.deductible
        if deductible is None:
            yield words["no_deductible"]
            return
        if deductible.unknown is not None:
            yield words["deductible_unknown"]
        else:
            yield words[f"deductible_{deductible.per}"].format(amount=self._deductible_amount(deductible))
        for variant in deductible.variants:
            yield words["deductible_variant"].format(when=self.when(variant.when), amount=self.amount(variant.fen))
        if deductible.shared is not None:
            others = [
                b.name.in_language(self.language)
                for b in self.plan.benefit
                if b is not benefit and b.deductible and b.deductible.shared == deductible.shared
            ]
            yield words["deductible_shared"].format(names=words["list_comma"].join(others))

    def _deductible_amount(self, deductible: Deductible) -> str:
        return self.parameter(deductible.parameter) if deductible.parameter else self.amount(deductible.fen or 0)

    def parameter(self, name: str) -> str:
        parameter = next(parameter for parameter in self.plan.parameter if parameter.id == name)
        amounts = self.plan.parameter_amounts(name)
        values = [f"{self.when(when)} {self.amount(fen)}".strip() for when, fen in amounts.items()]
        return self.words["parameter"].format(
            name=parameter.name.in_language(self.language), values=self.words["list_comma"].join(values)
        )

    def _start(self, tier: Tier) -> str:
        return self.parameter(tier.above_parameter) if tier.above_parameter else self.amount(tier.above_fen or 0)

    def tiers(self, benefit: Benefit, tiers: Sequence[Tier]) -> Iterator[str]:
        gross = benefit.tiers_on == "gross"
        # A band that pays nothing is left out.
        tiers = tiers[1:] if gross and len(tiers) > 1 and tiers[0].basis_points == 0 else tiers
        if len(tiers) == 1 and not (gross and tiers[0].above_fen != 0):
            key = "one_tier" if benefit.deductible is not None else "plain_tier"
            yield self.words[key].format(rate=format_percent(tiers[0].basis_points))
            return
        for tier, following in pairwise(tiers):
            key = "gross_tier" if gross else "tier" if tier.above_fen else "first_tier"
            yield self.words[key].format(
                above=self._start(tier), upto=self._start(following), rate=format_percent(tier.basis_points)
            )
        if tiers:
            key = "gross_last_tier" if gross else "last_tier"
            yield self.words[key].format(above=self._start(tiers[-1]), rate=format_percent(tiers[-1].basis_points))

    def limit(self, benefit: Benefit, limit: Limit) -> str:
        if limit.fen is None:
            return self.words["limit_unknown"]
        text = self.words[f"limit_{limit.per}"].format(amount=self.amount(limit.fen))
        if limit.shared is not None:
            others = [
                b.name.in_language(self.language)
                for b in self.plan.benefit
                if b is not benefit and any(other.shared == limit.shared for other in b.limits)
            ]
            text = self.words["limit_shared"].format(limit=text, names=self.words["list_comma"].join(others))
        if limit.when.demands():
            text = self.words["limit_when"].format(when=self.when(limit.when), limit=text)
        return text
