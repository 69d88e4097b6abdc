"""An explanation in words, in Chinese and English."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from huimin.adjudication.explanation import Explanation, Step
from huimin.adjudication.reason_words import Names, reason_in_words
from huimin.money import format_percent, format_yuan_grouped

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
        "nothing": "本次账单不属于本产品的赔付范围。",
        "excluded": "「{name}」属于不保障的内容。",
        "undecided": "「{name}」的条款公开资料未载明，没有计算。",
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
        "nothing": "This bill is not of a kind that the plan pays for.",
        "excluded": "Not covered: “{name}”.",
        "undecided": "“{name}” was not computed: its terms are not published.",
        "beside": "Paid to you as well: {name}",
    },
}


@dataclass(frozen=True, slots=True)
class RenderedLine:
    """A line to show: `amount` is formatted yuan, empty for headings and notes.

    kind: bill | heading (a benefit's name) | a step's kind | reason (of the step above) | nothing | note | part_… (who
    bears the bill) | beside.
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
    if not explanation.steps:
        lines.append(RenderedLine("nothing", words["nothing"], ""))
    for key, kind, ids in (
        ("excluded", "exclusion", explanation.excluded),
        ("undecided", "benefit", explanation.undecided),
    ):
        lines += [RenderedLine("note", words[key].format(name=names[kind][name]), "") for name in ids]
    for part in explanation.parts:
        # Who pays is named by a word of ours; a benefit by the plan, which may use the same word as its id.
        text = names["benefit"][part.name] if part.kind == "benefit" else words[part.name or part.kind]
        lines.append(RenderedLine(f"part_{part.kind}", text, format_yuan_grouped(part.amount)))
    for part in explanation.beside:
        text = words["beside"].format(name=names["benefit"][part.name])
        lines.append(RenderedLine("beside", text, format_yuan_grouped(part.amount)))
    return lines


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
