"""The terms that an applicant has to see on a page of their own before paying, computed from the plan.

Courts asked again and again for these five: what is not covered, what one bears oneself first, that the cover ends with
its year, that it never pays more than was spent, and what earlier diseases change.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass

from huimin.terms.model import Plan
from huimin.terms.phrases import day_in_words
from huimin.terms.plan_in_words import PlanWords, summarise

__all__ = ["KeyTerm", "key_terms", "words_digest"]

_WORDS: Mapping[str, Mapping[str, str]] = {
    "zh": {
        "not_covered": "哪些不赔",
        "deductible": "免赔额：这部分由您自己承担",
        "one_year": "只保一年，不保证续保",
        "indemnity": "按实际花费赔，不会多赔",
        "history": "已有疾病怎么办",
        "not_named": "条款没有列明的费用不赔；各项免赔额以内的部分不赔。",
        "outside_cover": "不在保障期间内的账单不赔。",
        "benefit": "{name}：{line}",
        "cover": "保障期间为{first}至{last}，到期即止。",
        "not_renewable": "本产品不保证续保：明年是否开办、保什么、多少钱，以明年的公告为准。",
        "together": "基本医保、医疗救助、本产品和其他各方合计赔付，不超过您实际花的钱。",
        "others_first": "他人（例如肇事方）或其他保险已经赔付的部分，本产品不再赔。",
        "same_for_all": "已公布的条款没有按健康状况作出区分；以保险合同为准。",
        "no_deductible": "已公布的条款没有列出免赔额；以保险合同为准。",
        "evidence": "既往症依据医保就诊记录认定；记录有误的，您可以提出异议，由人工核实。",
    },
    "en": {
        "not_covered": "What is not paid for",
        "deductible": "Deductibles: this part you bear yourself",
        "one_year": "Cover for one year only; renewal is not guaranteed",
        "indemnity": "It pays what was really spent, and never more",
        "history": "Diseases that you had before",
        "not_named": "Costs that the terms do not name are not paid, nor is what lies within a deductible.",
        "outside_cover": "Bills of days outside the cover are not paid.",
        "benefit": "{name}: {line}",
        "cover": "Cover runs from {first} to {last}, and ends there.",
        "not_renewable": "Renewal is not guaranteed: whether there is a plan next year, what it covers and what it "
        "costs will be announced then.",
        "together": "Basic insurance, assistance, this plan and all others together never pay more than you spent.",
        "others_first": "What somebody else (such as who caused an accident) or another insurance has paid, this plan "
        "does not pay again.",
        "same_for_all": "The published terms make no difference by health; the contract decides.",
        "no_deductible": "The published terms name no deductible; the contract decides.",
        "evidence": "Earlier diseases are taken from the records of basic insurance. Where a record is wrong you can "
        "say so, and a person looks at it.",
    },
}


@dataclass(frozen=True, slots=True)
class KeyTerm:
    """One of the five, with a title and its sentences."""

    id: str
    title: str
    lines: tuple[str, ...]


def key_terms(plan: Plan, language: str) -> tuple[KeyTerm, ...]:
    """The five key terms of a plan in words; `language` is zh or en."""
    said, words = summarise(plan, language), _WORDS[language]
    lines = {
        "not_covered": _not_covered(said, words),
        "deductible": _deductibles(said, words),
        "one_year": _one_year(plan, words, language),
        "indemnity": iter((words["together"], words["others_first"])),
        "history": _history(plan, said, words),
    }
    return tuple(KeyTerm(name, words[name], tuple(found)) for name, found in lines.items())


def words_digest(terms: tuple[KeyTerm, ...]) -> str:
    """SHA-256 of the exact words: who confirmed key terms confirmed these."""
    text = json.dumps([asdict(term) for term in terms], ensure_ascii=False, sort_keys=True)
    return hashlib.sha256(text.encode()).hexdigest()


def _not_covered(said: PlanWords, words: Mapping[str, str]) -> Iterator[str]:
    yield from said.frame.exclusions
    yield words["not_named"]
    yield words["outside_cover"]


def _deductibles(said: PlanWords, words: Mapping[str, str]) -> Iterator[str]:
    found = [words["benefit"].format(name=one.name, line=line) for one in said.benefits for line in one.deductible]
    yield from found or [words["no_deductible"]]


def _one_year(plan: Plan, words: Mapping[str, str], language: str) -> Iterator[str]:
    first, last = (day_in_words(day, language) for day in (plan.cover.first_day, plan.cover.last_day))
    yield words["cover"].format(first=first, last=last)
    yield words["not_renewable"]


def _history(plan: Plan, said: PlanWords, words: Mapping[str, str]) -> Iterator[str]:
    """What the rule is, and each line of a benefit that asks about earlier diseases."""
    found = [*said.frame.pre_existing]
    for benefit in said.benefits:
        found += [words["benefit"].format(name=benefit.name, line=line) for line in benefit.history]
    yield from found or [words["same_for_all"]]
    if found:
        yield words["evidence"]
