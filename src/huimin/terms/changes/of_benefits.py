"""What a plan says of each benefit, term by term."""

from __future__ import annotations

from collections.abc import Iterator

from huimin.terms.benefit import AllowanceBase, Benefit, Deductible, ItemBase, Residual, Tier
from huimin.terms.changes.change_words import CHANGE_WORDS
from huimin.terms.changes.leaves import Path, numbered
from huimin.terms.changes.saying import Amounts, Said, Steps
from huimin.terms.conditions import When
from huimin.terms.model import Plan
from huimin.terms.phrases import QUANTITY_WORDS, WORDS
from huimin.terms.plan_in_words import Speaker

__all__ = ["said_of_benefits"]

_KINDS_OF_CARE = 4


def said_of_benefits(plan: Plan, language: str) -> Iterator[Said]:
    for benefit in plan.benefit:
        yield from _Benefit(plan, benefit, language).all()


class _Benefit:
    """Says one benefit of one plan in one language."""

    def __init__(self, plan: Plan, benefit: Benefit, language: str) -> None:
        self.benefit, self.language = benefit, language
        self.speaker, self.words, self.phrases = Speaker(plan, language), CHANGE_WORDS[language], WORDS[language]
        self.path: Path = ("benefit", benefit.id)
        self.heading = benefit.name.in_language(language)

    def said(
        self, place: tuple[str, ...], text: str, measure: Amounts | Steps | None = None, presence: int = 0
    ) -> Said:
        return Said((*self.path, *place), self.heading, text, measure, presence)

    def all(self) -> Iterator[Said]:
        one, words = self.benefit, self.words
        yield self.said((), "", presence=1)
        yield self.said(("pays_for",), words["pays_for"].format(text=one.pays_for.in_language(self.language)))
        yield self.said(("name",), words["benefit_name"].format(text=self.heading))
        if one.unknown is not None:
            yield self.said(("unknown",), words["unknown"], presence=-1)
        if one.claimed_apart is not None:
            yield self.said(("claimed_apart",), words["apart"])
        yield from self._to_whom()
        yield from self._base()
        yield from self._deductible()
        yield from self._rates()
        yield from self._bounds()

    def _to_whom(self) -> Iterator[Said]:
        one, words = self.benefit, self.words
        if one.when.demands():
            yield self.said(("when",), self.phrases["only"].format(when=self.speaker.when(one.when)), presence=-1)
        settings = words["settings_all"]
        if one.settings:
            settings = words["settings"].format(settings=self.speaker.when(When(setting=one.settings)))
        yield self.said(("settings",), settings, Amounts({"": len(one.settings) or _KINDS_OF_CARE}))
        for key, undecided in numbered(one.undecided):
            setting = self.speaker.when(When(setting=undecided.setting))  # type: ignore[attr-defined]
            yield self.said(("undecided", key), words["undecided"].format(setting=setting))
        if one.waiting is not None:
            waived = self.phrases["list_comma"].join(self.speaker.when(when) for when in one.waiting.waived)
            key = "waiting_waived" if waived else "waiting"
            text = self.phrases[key].format(days=one.waiting.days, waived=waived)
            yield self.said(("waiting",), text, Amounts({"": -one.waiting.days}), presence=-1)
        for key, document in numbered(one.documents):
            where = self.speaker.when(When(setting=document.settings)) if document.settings else ""  # type: ignore[attr-defined]
            name = document.name.in_language(self.language)  # type: ignore[attr-defined]
            form = "documents_in" if where else "documents"
            text = self.phrases[form].format(settings=where, names=name)
            yield self.said(("documents", key), text, presence=-1)

    def _base(self) -> Iterator[Said]:
        base, quantities = self.benefit.base, QUANTITY_WORDS[self.language]
        lines = list(self.speaker.base(self.benefit))
        if isinstance(base, ItemBase):
            # The items of the list are said under the list.
            text = f"{self.words['base_items']}{self.words['comma']}{lines[0]}"
        elif isinstance(base, AllowanceBase):
            text = self.words["comma"].join([self.words["base_allowance"], *lines])
            yield self.said(("base",), text, Amounts({base.allowance.per: base.allowance.fen}))
            return
        elif isinstance(base, Residual):
            names = [quantities[base.quantity], *lines, *self._less_benefits(base)]
            text = self.words["base"].format(text=self.words["comma"].join(names))
        elif base is None:
            text = self.words["base_unknown"]
        else:
            text = self.words["base"].format(text=quantities[base])
        yield self.said(("base",), text)

    def _less_benefits(self, base: Residual) -> list[str]:
        named = self.speaker.names["benefit"]
        paid = self.words["list_comma"].join(named.get(name, name) for name in base.less_benefits)
        return [self.phrases["less"].format(names=paid)] if paid else []

    def _deductible(self) -> Iterator[Said]:
        deductible = self.benefit.deductible
        if isinstance(self.benefit.base, AllowanceBase) or self.benefit.unknown is not None:
            return
        lines = list(self.speaker.deductible(self.benefit))
        yield self.said(("deductible",), lines[0], _borne(deductible))
        if deductible is None:
            return
        own = deductible.fen
        for (key, variant), line in zip(numbered(deductible.variants), lines[1:], strict=False):
            fen = variant.fen  # type: ignore[attr-defined]
            presence = 0 if own is None else (own > fen) - (own < fen)
            yield self.said(("deductible", "variants", key), line, Amounts({"": -fen}), presence)
        if deductible.shared is not None:
            yield self.said(("deductible", "shared"), lines[-1])

    def _rates(self) -> Iterator[Said]:
        one, comma = self.benefit, self.phrases["tier_comma"]
        if one.tiers_unknown is not None:
            yield self.said(("tiers_unknown",), self.phrases["tiers_unknown"], presence=-1)
        elif one.tiers:
            text = comma.join(self.speaker.tiers(one, one.tiers))
            for place in ("tiers", "tiers_on"):
                yield self.said((place,), text, _steps(one.tiers) if place == "tiers" else None)
        for key, variant in numbered(one.variants):
            text = self.speaker.variant(one, variant)  # type: ignore[arg-type]
            yield self.said(("variants", key), text, _steps(variant.tiers))  # type: ignore[attr-defined]
        for key, adjustment in numbered(one.adjustments):
            points = adjustment.basis_points  # type: ignore[attr-defined]
            text = self.speaker.adjustment(adjustment)  # type: ignore[arg-type]
            yield self.said(("adjustments", key), text, Amounts({"": points}), (points > 0) - (points < 0))

    def _bounds(self) -> Iterator[Said]:
        one = self.benefit
        for key, limit in numbered(one.limits):
            fen = limit.fen  # type: ignore[attr-defined]
            measure = None if fen is None else Amounts({"": fen})
            yield self.said(("limits", key), self.speaker.limit(one, limit), measure, presence=-1)  # type: ignore[arg-type]
        lines = iter(self.speaker.payment(one))
        for name, presence in (("lowest", 1), ("highest", -1)):
            rate = getattr(one, f"{name}_basis_points")
            if rate is not None:
                yield self.said((f"{name}_basis_points",), next(lines), Amounts({"": rate}), presence)
        if one.rounding is not None:
            yield self.said(("rounding",), next(lines))
        if one.minimum is not None:
            yield self.said(("minimum",), next(lines), Amounts({"": -one.minimum.fen}), presence=-1)


def _borne(deductible: Deductible | None) -> Amounts | None:
    """What is borne first, of which less is better; no deductible is as good as one of nothing, whatever it is per."""
    if deductible is None:
        return Amounts({"year": 0, "settlement": 0})
    return None if deductible.fen is None else Amounts({deductible.per: -deductible.fen})


def _steps(tiers: tuple[Tier, ...]) -> Steps | None:
    starts = [tier.above_fen for tier in tiers]
    if not tiers or None in starts:
        return None
    return Steps(tuple((start or 0, tier.basis_points) for start, tier in zip(starts, tiers, strict=True)))
