"""The words in which terms are said, in Chinese and English: amounts, days, and conditions on members and bills."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from huimin.money import format_yuan, format_yuan_grouped
from huimin.settlement.fact_words import FACT_WORDS, KINDS_OF_NAMES
from huimin.terms.conditions import When

__all__ = ["QUANTITY_WORDS", "WORDS", "amount_in_words", "condition_in_words", "day_in_words"]

_ZH = {
    "price": "{yuan}元/人/年",
    "price_unknown": "保费：公开资料未载明",
    "cover": "{first}至{last}",
    "headline": "{name}：超过{deductible}的部分，赔付{rates}，每年最高{limit}",
    "headline_open": "{name}：超过{deductible}的部分，赔付{rates}",
    "headline_from_first": "{name}：赔付{rates}，每年最高{limit}",
    "headline_from_first_open": "{name}：赔付{rates}",
    "deductible_year": "年度免赔额{amount}",
    "deductible_settlement": "每次免赔额{amount}",
    "deductible_variant": "{when}，免赔额{amount}",
    "deductible_shared": "与「{names}」共用免赔额",
    "no_deductible": "无免赔额",
    "deductible_unknown": "免赔额：公开资料未载明，平台不自动理算",
    "tiers_unknown": "赔付比例：公开资料未载明，平台不自动理算",
    "limit_unknown": "限额：公开资料未载明",
    "parameter": "{name}（{values}）",
    "tier": "超出免赔额{above}至{upto}的部分，赔付{rate}",
    "first_tier": "超出免赔额的部分，{upto}以内赔付{rate}",
    "last_tier": "超出免赔额{above}以上的部分，赔付{rate}",
    "one_tier": "超出免赔额的部分，赔付{rate}",
    "gross_tier": "{above}至{upto}的部分，赔付{rate}",
    "gross_last_tier": "{above}以上的部分，赔付{rate}",
    "plain_tier": "赔付{rate}",
    "variant": "{when}：{tiers}",
    "variant_unknown": "{when}：公开资料未载明，平台不自动理算",
    "limit_year": "每年最高赔付{amount}",
    "limit_settlement": "每次最高赔付{amount}",
    "limit_day": "每日最高赔付{amount}",
    "limit_month": "每月最高赔付{amount}",
    "limit_life": "终身最高赔付{amount}",
    "limit_shared": "{limit}，与「{names}」合计",
    "limit_when": "{when}，{limit}",
    "adjustment": "{when}，赔付比例{change} {points}个百分点",
    "waiting": "等待期{days}天",
    "waiting_waived": "等待期{days}天；{waived}除外",
    "only": "适用：{when}",
    "list": "清单：{name}，共{count}种",
    "list_unknown": "清单：{name}（未载明，平台不自动理算）",
    "less": "不含{names}",
    "allowance_settlement": "每次给付{amount}",
    "allowance_day": "住院每天给付{amount}",
    "allowance_month": "每月给付{amount}",
    "free_days": "每次住院最初{days}天不计",
    "most_settlement": "每年最多{count}次",
    "most_day": "每年最多{count}天",
    "most_month": "每年最多{count}个月",
    "item_limit": "{name}：{limits}",
    "unit_limit": "每件计入不超过{amount}",
    "month_limit": "每月计入不超过{amount}",
    "year_limit": "每年计入不超过{amount}",
    "lowest": "赔付比例不低于{rate}",
    "highest": "赔付比例不高于{rate}",
    "rounding_down": "每次赔付舍去{unit}以下",
    "rounding_half_up": "每次赔付四舍五入到{unit}",
    "jiao": "角",
    "yuan": "元",
    "minimum": "不足{amount}不予赔付",
    "documents": "所需材料：{names}",
    "documents_in": "所需材料（{settings}）：{names}",
    "lower": "降低",
    "higher": "提高",
    "and": "且",
    "or": "或",
    "list_comma": "、",
    "tier_comma": "；",
    "to": "至",
    "unknown": "具体条款以保险合同为准；公开资料未载明，平台不自动理算。",
}
_EN = {
    "price": "{yuan} yuan a person and year",
    "price_unknown": "Premium: not published",
    "cover": "{first} to {last}",
    "headline": "{name}: {rates} of what exceeds {deductible}, up to {limit} a year",
    "headline_open": "{name}: {rates} of what exceeds {deductible}",
    "headline_from_first": "{name}: {rates}, up to {limit} a year",
    "headline_from_first_open": "{name}: {rates}",
    "deductible_year": "Deductible of the year: {amount}",
    "deductible_settlement": "Deductible of each bill: {amount}",
    "deductible_variant": "{when}: deductible {amount}",
    "deductible_shared": "One deductible together with “{names}”",
    "no_deductible": "No deductible",
    "deductible_unknown": "Deductible: not published, so the platform does not decide it by itself",
    "tiers_unknown": "Rates: not published, so the platform does not decide it by itself",
    "limit_unknown": "Limit: not published",
    "parameter": "{name} ({values})",
    "tier": "Pays {rate} of the excess from {above} to {upto}",
    "first_tier": "Pays {rate} of what exceeds the deductible by up to {upto}",
    "last_tier": "Pays {rate} of what exceeds the deductible by more than {above}",
    "one_tier": "Pays {rate} of what exceeds the deductible",
    "gross_tier": "Pays {rate} of what lies between {above} and {upto}",
    "gross_last_tier": "Pays {rate} of what exceeds {above}",
    "plain_tier": "Pays {rate}",
    "variant": "{when}: {tiers}",
    "variant_unknown": "{when}: not published, so the platform does not decide it by itself",
    "limit_year": "Pays at most {amount} a year",
    "limit_settlement": "Pays at most {amount} a bill",
    "limit_day": "Pays at most {amount} a day",
    "limit_month": "Pays at most {amount} a month",
    "limit_life": "Pays at most {amount} in a life",
    "limit_shared": "{limit}, together with “{names}”",
    "limit_when": "{when}: {limit}",
    "adjustment": "{when}: the rates are {points} percentage points {change}",
    "waiting": "Waiting period of {days} days",
    "waiting_waived": "Waiting period of {days} days, not {waived}",
    "only": "For: {when}",
    "list": "List: {name}, {count} items",
    "list_unknown": "List: {name} (not published, so the platform does not decide it by itself)",
    "less": "Without {names}",
    "allowance_settlement": "Pays {amount} for each event",
    "allowance_day": "Pays {amount} for each day in hospital",
    "allowance_month": "Pays {amount} a month",
    "free_days": "Nothing for the first {days} days of a stay",
    "most_settlement": "At most {count} events a year",
    "most_day": "At most {count} days a year",
    "most_month": "At most {count} months a year",
    "item_limit": "{name}: {limits}",
    "unit_limit": "at most {amount} of each counts",
    "month_limit": "at most {amount} a month counts",
    "year_limit": "at most {amount} a year counts",
    "lowest": "No rate falls below {rate}",
    "highest": "No rate rises above {rate}",
    "rounding_down": "Each payment is rounded down to the {unit}",
    "rounding_half_up": "Each payment is rounded to the {unit}",
    "jiao": "jiao",
    "yuan": "yuan",
    "minimum": "Less than {amount} is not paid",
    "documents": "To be shown: {names}",
    "documents_in": "To be shown ({settings}): {names}",
    "lower": "lower",
    "higher": "higher",
    "and": ", ",
    "or": " or ",
    "list_comma": ", ",
    "tier_comma": "; ",
    "to": "–",
    "unknown": "As the insurance contract says; not published, so the platform does not decide it by itself.",
}
WORDS: Mapping[str, Mapping[str, str]] = {"zh": _ZH, "en": _EN}

QUANTITY_WORDS = {
    "zh": {
        "total": "医疗费总额",
        "out_of_list": "全自费",
        "over_limit": "超限价",
        "first_self_pay": "先行自付",
        "in_policy": "符合政策范围费用",
        "funds": "基金支付",
        "personal": "个人负担",
        "self_funded": "个人自费",
        "self_paid": "个人自付",
        "mutual_aid": "工会互助金",
        "charity": "慈善援助",
        "other_insurance": "其他商业保险",
    },
    "en": {
        "total": "the total",
        "out_of_list": "what lies outside the lists",
        "over_limit": "what is above the price limit",
        "first_self_pay": "what is paid first by the person",
        "in_policy": "what is inside the policy scope",
        "funds": "what the funds pay",
        "personal": "the person's own part",
        "self_funded": "self-funded cost",
        "self_paid": "self-paid cost",
        "mutual_aid": "mutual aid of the union",
        "charity": "charity",
        "other_insurance": "other commercial insurance",
    },
}
_WAN = 10_000


def amount_in_words(fen: int, language: str) -> str:
    """Amounts of terms are mostly round: 15,000 yuan reads as 1.5万元 in Chinese."""
    if language == "en":
        return "¥" + format_yuan_grouped(fen).removesuffix(".00")
    thousands, rest = divmod(fen, 100_000)
    if thousands >= _WAN // 1_000 and rest == 0:
        wan, tenths = divmod(thousands, 10)
        return f"{wan}.{tenths}万元" if tenths else f"{wan}万元"
    return format_yuan(fen).removesuffix(".00") + "元"


def day_in_words(day: date, language: str) -> str:
    return str(day) if language == "en" else f"{day.year}年{day.month}月{day.day}日"


def condition_in_words(when: When, names: Mapping[str, Mapping[str, str]], language: str) -> str:
    """A condition in words; `names` are those of the plan's parts, by kind and id."""
    words, join = FACT_WORDS[language], WORDS[language]
    parts = []
    for fact, value in when.model_dump(exclude_none=True).items():
        if isinstance(value, bool):
            parts.append(words[fact].split("|")[0 if value else 1])
        elif isinstance(value, int):
            parts.append(words[fact].format(n=value))
        elif isinstance(value, str):
            parts.append(words[value])
        elif fact in words:
            named = names[KINDS_OF_NAMES[fact]]
            parts.append(words[fact].format(names=join["or"].join(named.get(name, name) for name in value)))
        else:
            parts.append(join["or"].join(words[name] for name in value))
    text = join["and"].join(parts)
    return text[:1].upper() + text[1:]
