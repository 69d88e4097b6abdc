"""An explanation in words, in Chinese and English."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from huimin.adjudication.explanation import Explanation, Step
from huimin.adjudication.reason_words import Names, reason_in_words
from huimin.money import format_percent, format_yuan_grouped
from huimin.settlement.vocabulary import MED_TYPE_NAMES

__all__ = ["RenderedLine", "render"]

_WORDS: Mapping[str, Mapping[str, str]] = {
    "zh": {
        "total": "医疗费总额",
        "out_of_list": "全自费",
        "over_limit": "超限价",
        "first_self_pay": "先行自付",
        "in_policy": "符合政策范围",
        "funds": "基本医保等基金支付",
        "hospital": "医院承担",
        "personal": "个人负担",
        "self_funded": "个人自费",
        "self_paid": "个人自付",
        "residual": "剩余个人负担",
        "listed_items": "清单内药品和耗材费用",
        "mutual_aid": "工会互助金",
        "charity": "慈善援助",
        "other_insurance": "其他商业保险",
        "allowance_day": "按住院天数计",
        "allowance_month": "按月计",
        "allowance_settlement": "按次计",
        "less_quantity": "减去{name}",
        "person": "您个人承担",
        "person_undecided": "您个人承担（未理算的责任如有赔付，则相应减少）",
        "year": "本年度免赔额",
        "settlement": "本次免赔额",
        "settlement_limit": "超过单次限额",
        "year_limit": "超过年度限额",
        "day_limit": "超过单日限额",
        "month_limit": "超过月度限额",
        "life_limit": "超过终身限额",
        "rounding": "取整",
        "minimum": "低于起付金额，不予赔付",
        "cut_personal": "超过个人负担",
        "less": "减去「{name}」已赔付",
        "tier": "超出部分 {amount} × {rate}",
        "tier_above": "超出部分在 {above} 以上的 {amount} × {rate}",
        "payable": "赔付",
        "bill": "本次账单",
        "not_covered": "此类就医不在本产品保障范围内：{kind}。",
        "no_condition_met": "本次账单不符合任何一项责任的赔付条件，不予赔付。",
        "excluded": "「{name}」不在保障范围内。",
        "undecided": "「{name}」未理算：{why}",
        "undecided_bill": "本次账单尚未全部理算，以上仅为目前可以计算的部分。",
        "undecided_bill_nothing": "本次账单尚未理算，目前无法得出赔付金额。",
        "unknown_terms": "公开资料未载明其条款。",
        "unknown_deductible": "公开资料未载明其免赔额。",
        "unknown_tiers": "公开资料未载明其赔付比例。",
        "unknown_item_list": "公开资料未载明其清单，而账单可能有清单内的项目。",
        "unknown_earlier_benefit": "该责任以「{earlier}」赔付后的余额计算，而「{earlier}」尚未理算。",
        "left_out": "「{name}」不随账单理算，且公开资料未载明其条款：未计入。",
        "beside": "另付给您：{name}",
    },
    "en": {
        "total": "Total of the bill",
        "out_of_list": "Outside the lists",
        "over_limit": "Above the price limit",
        "first_self_pay": "Paid first by yourself",
        "in_policy": "Inside the policy scope",
        "funds": "Paid by basic insurance and other funds",
        "hospital": "Borne by the hospital",
        "personal": "Your own part",
        "self_funded": "Self-funded (outside the lists)",
        "self_paid": "Self-paid (inside the lists)",
        "residual": "Still left to you",
        "listed_items": "Drugs and items on the list",
        "mutual_aid": "Mutual aid of the union",
        "charity": "Charity",
        "other_insurance": "Other commercial insurance",
        "allowance_day": "For the days of the stay",
        "allowance_month": "For the month",
        "allowance_settlement": "For the event",
        "less_quantity": "Less: {name}",
        "person": "You pay",
        "person_undecided": "You pay, less what undecided benefits may pay",
        "year": "Deductible of the year",
        "settlement": "Deductible of this bill",
        "settlement_limit": "Above the limit for one bill",
        "year_limit": "Above the limit of the year",
        "day_limit": "Above the limit of the day",
        "month_limit": "Above the limit of the month",
        "life_limit": "Above the limit for life",
        "rounding": "Rounding",
        "minimum": "Below the least amount that is paid",
        "cut_personal": "Above your own part",
        "less": "Less what “{name}” paid",
        "tier": "Excess {amount} × {rate}",
        "tier_above": "Excess above {above}: {amount} × {rate}",
        "payable": "The plan pays",
        "bill": "This bill",
        "not_covered": "The plan does not cover this kind of care: {kind}.",
        "no_condition_met": "The bill does not meet the conditions of any benefit, so the plan pays nothing.",
        "excluded": "Not covered: “{name}”.",
        "undecided": "“{name}” is undecided: {why}",
        "undecided_bill": "This bill is only partly decided: the amounts above are what can be computed so far.",
        "undecided_bill_nothing": "This bill is undecided: what the plan pays is not known yet.",
        "unknown_terms": "its terms are not known. {reason}",
        "unknown_deductible": "its deductible is not known. {reason}",
        "unknown_tiers": "its rates are not known. {reason}",
        "unknown_item_list": "its list is not known, and the bill may have items on it. {reason}",
        "unknown_earlier_benefit": "it pays a part of what “{earlier}” leaves over, and “{earlier}” is undecided.",
        "left_out": "“{name}” is not claimed by a bill, and its terms are not known: it is not counted here.",
        "beside": "Paid to you as well: {name}",
    },
}


@dataclass(frozen=True, slots=True)
class RenderedLine:
    """A line to show: `amount` is formatted yuan, empty for headings and notes.

    kind: bill | heading (a benefit's name) | a step's kind | reason (of the step above) | nothing | undecided | note |
    part_… (a payer of the bill) | beside (paid to the person on top of the bill).
    """

    kind: str
    text: str
    amount: str


def render(explanation: Explanation, names: Names, language: str) -> list[RenderedLine]:
    """The explanation in words. `names` are those of the plan's parts in `language` (zh or en)."""
    words = _WORDS[language]
    lines = [RenderedLine("bill", words["bill"], format_yuan_grouped(explanation.bill))]
    current = ""
    for step in explanation.steps:
        if step.benefit != current:
            current = step.benefit
            lines.append(RenderedLine("heading", names["benefit"][current], ""))
        lines.append(_render_step(step, names, words))
        for reason in step.reasons:
            lines.append(RenderedLine("reason", reason_in_words(step, reason, names, language), ""))
    lines += _notes(explanation, names, language)
    person = "person_undecided" if explanation.undecided else "person"
    for part in explanation.parts:
        # Payers have names of ours and benefits names from the plan. A benefit's id may be the same word as a payer.
        word = person if part.kind == "person" else part.name or part.kind
        text = names["benefit"][part.name] if part.kind == "benefit" else words[word]
        lines.append(RenderedLine(f"part_{part.kind}", text, format_yuan_grouped(part.amount)))
    for part in explanation.beside:
        text = words["beside"].format(name=names["benefit"][part.name])
        lines.append(RenderedLine("beside", text, format_yuan_grouped(part.amount)))
    return lines


def _kind_of_care(med_type: str, language: str) -> str:
    """What a national code of a kind of care means, with the code."""
    zh, en = MED_TYPE_NAMES.get(med_type, ("", ""))
    return f"{zh}（医疗类别 {med_type}）" if language == "zh" else f"{en} (med_type {med_type})"


def _notes(explanation: Explanation, names: Names, language: str) -> list[RenderedLine]:
    """Why no benefit applies, what is excluded, and what is not decided."""
    words, lines, benefits = _WORDS[language], [], names["benefit"]
    if explanation.not_covered:
        kind = _kind_of_care(explanation.not_covered, language)
        lines.append(RenderedLine("nothing", words["not_covered"].format(kind=kind), ""))
    if explanation.no_condition_met:
        lines.append(RenderedLine("nothing", words["no_condition_met"], ""))
    notes = [words["excluded"].format(name=names["exclusion"][name]) for name in explanation.excluded]
    if explanation.undecided:
        key = "undecided_bill" if explanation.steps else "undecided_bill_nothing"
        lines.append(RenderedLine("undecided", words[key], ""))
    for one in explanation.undecided:
        why = words[f"unknown_{one.term}"].format(reason=one.reason, earlier=benefits.get(one.reason, ""))
        notes.append(words["undecided"].format(name=benefits[one.benefit], why=why))
    notes += [words["left_out"].format(name=benefits[name]) for name, _ in explanation.left_out]
    return [*lines, *(RenderedLine("note", text, "") for text in notes)]


def _render_step(step: Step, names: Names, words: Mapping[str, str]) -> RenderedLine:
    text = {
        "less_quantity": lambda: words["less_quantity"].format(name=words[step.detail]),
        "earlier_benefit": lambda: words["less"].format(name=names["benefit"][step.detail]),
        "tier": lambda: _tier_text(step, words),
        "cut": lambda: words["cut_personal" if step.detail == "personal" else step.detail],
        "payable": lambda: words["payable"],
    }.get(step.kind, lambda: words[step.detail])()
    amount = step.payment if step.kind in ("tier", "cut", "payable") else step.amount
    return RenderedLine(step.kind, text, format_yuan_grouped(-amount if step.kind == "deductible" else amount))


def _tier_text(step: Step, words: Mapping[str, str]) -> str:
    above = int(step.detail)
    return words["tier_above" if above else "tier"].format(
        above=format_yuan_grouped(above), amount=format_yuan_grouped(step.amount), rate=format_percent(step.rate or 0)
    )
