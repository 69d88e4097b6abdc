"""What a plan says around its benefits: price, days, who may join, what is not paid for, earlier diseases, the pool."""

from __future__ import annotations

from collections.abc import Iterator

from huimin.money import format_percent
from huimin.terms.changes.change_words import CHANGE_WORDS
from huimin.terms.changes.leaves import Path, numbered
from huimin.terms.changes.saying import Amounts, Said
from huimin.terms.enrolment import LateJoining, PremiumPart, PremiumVariant, Withdrawal
from huimin.terms.frame_in_words import FrameSpeaker
from huimin.terms.history import PreExisting
from huimin.terms.model import Plan
from huimin.terms.phrases import QUANTITY_WORDS, day_in_words
from huimin.terms.plan_in_words import Speaker

__all__ = ["said_of_frame"]

_ANY_MONTHS = 1_200


def said_of_frame(plan: Plan, language: str) -> Iterator[Said]:
    yield from _Frame(plan, language).all()


class _Frame:
    """Says the frame of one plan in one language."""

    def __init__(self, plan: Plan, language: str) -> None:
        self.plan, self.language = plan, language
        self.speaker, self.frame = Speaker(plan, language), FrameSpeaker(plan, language)
        self.words = CHANGE_WORDS[language]

    def said(self, heading: str, path: Path, text: str, measure: Amounts | None = None, presence: int = 0) -> Said:
        return Said(path, self.words[heading], text, measure, presence)

    def all(self) -> Iterator[Said]:
        name = self.words["name"].format(name=self.plan.name.in_language(self.language))
        yield self.said("plan", ("name",), name)
        yield from self._price()
        yield from self._days()
        yield from self._who()
        if self.plan.withdrawal is not None:
            yield from self._withdrawal(self.plan.withdrawal)
        yield from self._not_paid()
        yield from self._history()
        yield from self._pool()
        for note in self.plan.good_to_know:
            yield self.said("notes", ("good_to_know", note.zh), note.in_language(self.language))

    def _price(self) -> Iterator[Said]:
        premium = self.plan.premium
        text = self.words["price_unknown"] if premium.fen is None else self.speaker.price(premium.fen)
        measure = None if premium.fen is None else Amounts({"": -premium.fen})
        yield self.said("price", ("premium",), text, measure)
        for key, one in numbered(premium.variants):
            assert isinstance(one, PremiumVariant)  # noqa: S101 - of the model
            when, price = self.speaker.when(one.when), self.speaker.price(one.fen)
            text = self.speaker.words["variant"].format(when=when, tiers=price)
            yield self.said("price", ("premium", "variants", key), text, Amounts({"": -one.fen}))
        for key, part in numbered(premium.parts):
            assert isinstance(part, PremiumPart)  # noqa: S101 - of the model
            paid = {"fen": part.fen} if part.fen is not None else {"rate": part.basis_points or 0}
            text = self.frame.sentence(self.frame.part(part))
            yield self.said("price", ("premium", "parts", key), text, Amounts(paid), presence=1)

    def _days(self) -> Iterator[Said]:
        cover, window = self.plan.cover, self.plan.enrolment
        first, last = (day_in_words(day, self.language) for day in (cover.first_day, cover.last_day))
        yield self.said("cover", ("cover",), self.speaker.words["cover"].format(first=first, last=last))
        yield self.said("cover", ("cover", "bill_date"), self.words[f"bill_date_{cover.bill_date.by}"])
        for name, key in (("first_day", "window_first"), ("last_day", "window_last")):
            day = getattr(window, name)
            if day is not None:
                text = self.words[key].format(day=day_in_words(day, self.language))
                yield self.said("joining", ("enrolment", name), text)
        if window.unknown is not None:
            yield self.said("joining", ("enrolment", "unknown"), self.words["window_unknown"])
        for key, late in numbered(window.late):
            assert isinstance(late, LateJoining)  # noqa: S101 - of the model
            yield self.said("joining", ("enrolment", "late", key), self._late(late), presence=1)

    def _late(self, late: LateJoining) -> str:
        who = self.frame.inside(late.when) or self.frame.words["everybody"]
        day, begins = day_in_words(late.last_day, self.language), self.frame.words[late.begins]
        return self.frame.sentence(self.frame.words["late"].format(who=who, day=day, begins=begins))

    def _who(self) -> Iterator[Said]:
        rule = self.plan.eligibility
        text = self.words["list_comma"].join(self.words[name] for name in rule.basic_insurance)
        yield self.said(
            "eligibility", ("eligibility", "basic_insurance"), text, Amounts({"": len(rule.basic_insurance)})
        )
        yield self.said("eligibility", ("eligibility", "region"), self.words["region"].format(code=rule.region))
        if rule.other_cover is not None:
            text = self.words[f"other_cover_{rule.other_cover}"]
            yield self.said("eligibility", ("eligibility", "other_cover"), text)
        yield self.said("eligibility", ("eligibility", "note"), rule.note.in_language(self.language))
        for key, edition in numbered(self.plan.edition):
            name = edition.name.in_language(self.language)  # type: ignore[attr-defined]
            who = edition.who.in_language(self.language) if edition.who else ""  # type: ignore[attr-defined]
            text = self.words["edition_who" if who else "edition"].format(name=name, who=who)
            yield self.said("editions", ("edition", key), text)

    def _withdrawal(self, rule: Withdrawal) -> Iterator[Said]:
        words, kept = self.frame.words, ""
        if rule.keeps_basis_points:
            kept = words["keeps"].format(rate=format_percent(rule.keeps_basis_points))
        if rule.cooling_off_days is not None:
            text = words["cooling_off"].format(days=rule.cooling_off_days)
            measure = Amounts({"": rule.cooling_off_days})
            yield self.said("giving_up", ("withdrawal", "cooling_off_days"), text, measure, presence=1)
        after = words[f"after_{rule.after or 'unknown'}"] + (kept if rule.after == "days_left" else "")
        back = {"not_possible": 0, "days_left": 2 - bool(kept)}.get(rule.after or "")
        yield self.said("giving_up", ("withdrawal",), after, None if back is None else Amounts({"": back}))
        if rule.on_death is not None:
            text = words[f"death_{rule.on_death}"] + (kept if rule.on_death == "days_left" else "")
            measure = Amounts({"": int(rule.on_death == "days_left")})
            yield self.said("giving_up", ("withdrawal", "on_death"), text, measure)

    def _not_paid(self) -> Iterator[Said]:
        for key, exclusion in numbered(self.plan.exclusion):
            text = self.frame.exclusion(exclusion)  # type: ignore[arg-type]
            yield self.said("exclusions", ("exclusion", key), text, presence=-1)
        if self.plan.order_of_payers is not None:
            names = [QUANTITY_WORDS[self.language][name] for name in self.plan.order_of_payers.before]
            text = self.frame.words["before"].format(payers=self.frame.words["comma"].join(names))
            yield self.said("payers", ("order_of_payers",), self.frame.sentence(text))

    def _history(self) -> Iterator[Said]:
        plan = self.plan
        if plan.pre_existing is not None:
            (text,) = self.frame.pre_existing()
            yield self.said("history", ("pre_existing",), text, _narrow(plan.pre_existing), presence=-1)
        if plan.claim_free is not None:
            named = plan.claim_free.benefits
            benefits = self.frame.words["of_benefits"].format(benefits=self.frame.named("benefit", named))
            text = self.frame.words[plan.claim_free.means] + (benefits if named else "")
            yield self.said("history", ("claim_free",), text)
        for key, reward in numbered(plan.reward):
            when, gives = self.frame.when(reward.when), reward.gives.in_language(self.language)  # type: ignore[attr-defined]
            text = self.frame.words["reward"].format(when=when, gives=gives)
            yield self.said("history", ("reward", key), text, presence=1)

    def _pool(self) -> Iterator[Said]:
        if self.plan.pool is None:
            return
        lines = list(self.frame.pool())
        shares, fees = lines[: len(self.plan.pool.shares)], lines[len(self.plan.pool.shares) :]
        for (key, _), line in zip(numbered(self.plan.pool.shares), shares, strict=True):
            yield self.said("pool", ("pool", "shares", key), line)
        for (key, _), line in zip(numbered(self.plan.pool.fees), fees, strict=True):
            yield self.said("pool", ("pool", "fees", key), line)


def _narrow(rule: PreExisting) -> Amounts:
    """The narrower what counts as pre-existing, the better."""
    return Amounts(
        {
            "groups": -len(rule.groups),
            "months": -(rule.within_months or _ANY_MONTHS),
            "before": int(rule.diagnosed_before == "first_cover"),
        }
    )
