"""The parts of a plan around its benefits, in words: joining, exclusions, history, other payers and the pool."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from huimin.money import format_percent
from huimin.terms.conditions import When
from huimin.terms.enrolment import PremiumPart, Withdrawal
from huimin.terms.model import Exclusion, Plan
from huimin.terms.phrases import QUANTITY_WORDS, amount_in_words, condition_in_words, day_in_words
from huimin.terms.pool import Fee

__all__ = ["FrameSpeaker", "FrameWords", "frame_in_words"]

_WORDS: Mapping[str, Mapping[str, str]] = {
    "zh": {
        "everybody": "所有人",
        "part": "保费由{payer}承担{amount}",
        "part_when": "{when}，保费由{payer}承担{amount}",
        "part_optional": "可选择由{payer}承担{amount}",
        "of_price": "保费的{rate}",
        "balance": "，账户余额须在{amount}以上",
        "people": "，最多为{count}人",
        "government": "政府",
        "donor": "捐助方",
        "employer": "用人单位",
        "personal_account": "医保个人账户",
        "late": "{who}可补投保至{day}（含），{begins}",
        "first_day": "保障自起始日起算",
        "next_day": "保障自次日起算",
        "next_month": "保障自次月1日起算",
        "before_cover": "保障生效前可全额退保",
        "cooling_off": "签单后{days}日内为犹豫期，未发生理赔的可全额退保",
        "after_not_possible": "保障生效后不能退保",
        "after_days_left": "保障生效后退保，按剩余天数退还保费",
        "after_unknown": "保障生效后能否退保，以保险合同为准",
        "death_nothing": "被保险人身故的，保障终止，不退还保费",
        "death_days_left": "被保险人身故的，保障终止，按剩余天数退还保费",
        "keeps": "，扣除其中的{rate}",
        "exclusion": "{name}：{when}",
        "exclusion_of": "{name}（{benefits}）：{when}",
        "exception": "；但{exceptions}除外",
        "before": "{payers}先行支付，本产品与其合计不超过个人负担",
        "pre_existing": "既往症：{groups}，{time}前确诊",
        "within": "且在此前{months}个月以内",
        "cover": "本年度保障起始日",
        "first_cover": "首次参保保障起始日",
        "no_payment": "未理赔：一年内未获赔付",
        "no_bill": "未理赔：一年内没有属于保障范围的账单",
        "of_benefits": "（{benefits}）",
        "reward": "{when}：{gives}",
        "shares": "自{day}起的共保份额：{shares}",
        "share": "{name}{percent}",
        "lead": "{name}{percent}（主承保）",
        "fee": "{kind}：{amount}",
        "per_policy": "每份保单{amount}",
        "platform": "平台费",
        "operation": "运营费",
        "broker": "经纪费",
        "third_party_administrator": "第三方服务费",
        "promotion": "推广费",
        "comma": "、",
        "or": "或",
    },
    "en": {
        "everybody": "everybody",
        "part": "{payer} pays {amount} of the premium",
        "part_when": "{when}: {payer} pays {amount} of the premium",
        "part_optional": "{payer} can pay {amount} of the premium, if one chooses so",
        "of_price": "{rate}",
        "balance": ", from a balance above {amount}",
        "people": ", for {count} people at most",
        "government": "the government",
        "donor": "a donor",
        "employer": "the employer",
        "personal_account": "the personal account",
        "late": "Until {day} one can still join ({who}); {begins}",
        "first_day": "cover begins on its first day",
        "next_day": "cover begins on the next day",
        "next_month": "cover begins with the next month",
        "before_cover": "Given up before cover begins, the whole premium comes back",
        "cooling_off": "For {days} days after it was issued the whole comes back, if nothing was claimed",
        "after_not_possible": "Once cover has begun it cannot be given up",
        "after_days_left": "Given up later, the premium of the days that are left comes back",
        "after_unknown": "The contract says what comes back once cover has begun",
        "death_nothing": "On the insured's death cover ends and no premium comes back",
        "death_days_left": "On the insured's death cover ends and the premium of the days that are left comes back",
        "keeps": ", less {rate} of it",
        "exclusion": "{name}: {when}",
        "exclusion_of": "{name} ({benefits}): {when}",
        "exception": "; but not {exceptions}",
        "before": "Paid first: {payers}; together with this plan never more than the person's own part",
        "pre_existing": "Pre-existing: {groups}, diagnosed before {time}",
        "within": ", within {months} months before it",
        "cover": "the first day of this cover year",
        "first_cover": "the first day of the first of the years without a break",
        "no_payment": "A year without a claim: nothing was paid",
        "no_bill": "A year without a claim: no bill came that the plan covers",
        "of_benefits": " ({benefits})",
        "reward": "{when}: {gives}",
        "shares": "Shares of the pool from {day}: {shares}",
        "share": "{name} {percent}",
        "lead": "{name} {percent} (lead)",
        "fee": "{kind}: {amount}",
        "per_policy": "{amount} a policy",
        "platform": "Platform fee",
        "operation": "Operation fee",
        "broker": "Broker's fee",
        "third_party_administrator": "Administrator's fee",
        "promotion": "Promotion fee",
        "comma": ", ",
        "or": " or ",
    },
}


@dataclass(frozen=True, slots=True)
class FrameWords:
    """One line for each term."""

    joining: tuple[str, ...]
    exclusions: tuple[str, ...]
    history: tuple[str, ...]
    """Other payers, pre-existing conditions, years without a claim, rewards."""
    pre_existing: tuple[str, ...]
    """Of `history`, what a pre-existing condition is."""
    pool: tuple[str, ...]


def frame_in_words(plan: Plan, language: str) -> FrameWords:
    speaker = FrameSpeaker(plan, language)
    return FrameWords(
        tuple(speaker.joining()),
        tuple(speaker.exclusions()),
        tuple(speaker.history()),
        tuple(speaker.pre_existing()),
        tuple(speaker.pool()),
    )


class FrameSpeaker:
    """Says one plan's frame in one language."""

    def __init__(self, plan: Plan, language: str) -> None:
        self.plan, self.language, self.words = plan, language, _WORDS[language]
        self.names = plan.names(language)

    def joining(self) -> Iterator[str]:
        for part in self.plan.premium.parts:
            yield self.sentence(self.part(part))
        for late in self.plan.enrolment.late:
            who = self.inside(late.when) or self.words["everybody"]
            day, begins = day_in_words(late.last_day, self.language), self.words[late.begins]
            yield self.sentence(self.words["late"].format(who=who, day=day, begins=begins))
        if self.plan.withdrawal is not None:
            yield from self.withdrawal(self.plan.withdrawal)

    def withdrawal(self, rule: Withdrawal) -> Iterator[str]:
        words, kept = self.words, ""
        if rule.keeps_basis_points:
            kept = words["keeps"].format(rate=format_percent(rule.keeps_basis_points))
        yield words["before_cover"]
        if rule.cooling_off_days is not None:
            yield words["cooling_off"].format(days=rule.cooling_off_days)
        yield words[f"after_{rule.after or 'unknown'}"] + (kept if rule.after == "days_left" else "")
        if rule.on_death is not None:
            yield words[f"death_{rule.on_death}"] + (kept if rule.on_death == "days_left" else "")

    def exclusions(self) -> Iterator[str]:
        for exclusion in self.plan.exclusion:
            yield self.exclusion(exclusion)

    def history(self) -> Iterator[str]:
        words, plan = self.words, self.plan
        if plan.order_of_payers is not None:
            payers = [QUANTITY_WORDS[self.language][name] for name in plan.order_of_payers.before]
            yield self.sentence(words["before"].format(payers=words["comma"].join(payers)))
        yield from self.pre_existing()
        if plan.claim_free is not None:
            named = plan.claim_free.benefits
            of_benefits = words["of_benefits"].format(benefits=self.named("benefit", named)) if named else ""
            yield words[plan.claim_free.means] + of_benefits
        for reward in plan.reward:
            yield words["reward"].format(when=self.when(reward.when), gives=reward.gives.in_language(self.language))

    def pre_existing(self) -> Iterator[str]:
        rule, words = self.plan.pre_existing, self.words
        if rule is not None:
            groups = self.named("disease_group", rule.groups)
            text = words["pre_existing"].format(groups=groups, time=words[rule.diagnosed_before])
            yield text + (words["within"].format(months=rule.within_months) if rule.within_months else "")

    def pool(self) -> Iterator[str]:
        if self.plan.pool is None:
            return
        for shares in self.plan.pool.shares:
            told = [
                self.words["lead" if one.lead else "share"].format(
                    name=one.name.in_language(self.language), percent=format_percent(one.basis_points)
                )
                for one in shares.share
            ]
            day = day_in_words(shares.from_day, self.language)
            of_benefits = self.words["of_benefits"].format(benefits=self.named("benefit", shares.benefits))
            text = self.words["shares"].format(day=day, shares=self.words["comma"].join(told))
            yield text + (of_benefits if shares.benefits else "")
        for fee in self.plan.pool.fees:
            yield self.words["fee"].format(kind=self.words[fee.kind], amount=self.fee(fee))

    def part(self, part: PremiumPart) -> str:
        words = self.words
        amount = words["of_price"].format(rate=format_percent(part.basis_points or 0))
        if part.fen is not None:
            amount = self.amount(part.fen)
        when = self.when(part.when)
        key = "part_optional" if part.optional else "part_when" if when else "part"
        text = words[key].format(when=when, payer=words[part.payer], amount=amount)
        if part.balance_above_fen is not None:
            text += words["balance"].format(amount=self.amount(part.balance_above_fen))
        if part.most_people is not None:
            text += words["people"].format(count=part.most_people)
        return text

    def exclusion(self, exclusion: Exclusion) -> str:
        key = "exclusion_of" if exclusion.benefits else "exclusion"
        name, when = exclusion.name.in_language(self.language), self.inside(exclusion.when)
        benefits = self.named("benefit", exclusion.benefits)
        text = self.words[key].format(name=name, when=when, benefits=benefits)
        if exclusion.exceptions:
            exceptions = self.words["or"].join(self.inside(one) for one in exclusion.exceptions)
            text += self.words["exception"].format(exceptions=exceptions)
        return text

    def fee(self, fee: Fee) -> str:
        if fee.basis_points is not None:
            return format_percent(fee.basis_points)
        return self.words["per_policy"].format(amount=self.amount(fee.fen or 0))

    def named(self, kind: str, ids: tuple[str, ...]) -> str:
        return self.words["comma"].join(self.names[kind][one] for one in ids)

    def when(self, when: When) -> str:
        return condition_in_words(when, self.names, self.language)

    def inside(self, when: When) -> str:
        """A condition inside a sentence."""
        text = self.when(when)
        return text[:1].lower() + text[1:]

    def amount(self, fen: int) -> str:
        return amount_in_words(fen, self.language)

    def sentence(self, text: str) -> str:
        return text[:1].upper() + text[1:]
