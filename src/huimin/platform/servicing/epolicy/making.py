"""The e-policy: one page of PDF, the same bytes for the same policy.

Nothing in it depends on when it is made: how the policy stands today is told by the page behind its QR code.
"""

from __future__ import annotations

import json
from datetime import date
from importlib.resources import as_file, files
from typing import Any

import segno
import typst

from huimin.money import format_yuan_grouped
from huimin.platform.catalogue.api import terms_by_digest
from huimin.platform.enrolment.api import PolicyFacts, PolicyMoney, policy_money
from huimin.platform.foundation.models import City
from huimin.platform.payments.api import MeansKind
from huimin.platform.people.api import identity_ending, named_persons
from huimin.platform.pool.api import shares_of_plan_year
from huimin.platform.servicing.checking import verification_address
from huimin.platform.servicing.epolicy.fonts import font_folder, lacking, writable
from huimin.terms import summarise

__all__ = ["epolicy"]

_PAYERS = {
    "government": ("政府资助", "government"),
    "donor": ("捐助方资助", "donor"),
    "employer": ("用人单位", "employer"),
    "personal_account": ("个人账户", "personal account"),
}
_MEANS = {
    MeansKind.PERSONAL_ACCOUNT: ("个人账户", "personal account"),
    MeansKind.SUBSIDY: ("资助资金", "subsidy fund"),
}
_LINES = 3


def epolicy(policy: PolicyFacts) -> bytes:
    """The PDF of a policy. It is made in a few hundredths of a second, and kept nowhere."""
    city = policy.city
    people = named_persons(city, {policy.holder_id, policy.insured_id})
    holder, insured = people[policy.holder_id], people[policy.insured_id]
    ending = identity_ending(city, insured.id)
    data = _data(policy, policy_money(city, policy.id), holder.name, insured.name, ending)
    text = json.dumps(data, ensure_ascii=False)
    with as_file(files("huimin.platform.servicing") / "templates" / "epolicy.typ") as template:
        return typst.compile(
            template, font_paths=[font_folder()], ignore_system_fonts=True, sys_inputs={"data": text}, format="pdf"
        )


def _data(policy: PolicyFacts, money: PolicyMoney, holder: str, insured: str, ending: str) -> dict[str, Any]:
    """`ending`: the last four characters of the insured's identity number; the number itself stands on nothing that is
    handed about."""
    city = policy.city
    plan = terms_by_digest(city, policy.plan_year_id, policy.plan_digest).plan
    chinese, english = summarise(plan, "zh"), summarise(plan, "en")
    first, last = policy.cover_sold
    address = verification_address(city, policy.number)
    return {
        "title": f"{chinese.name} {policy.number}",
        "city": city.name_zh,
        "plan": writable(chinese.name),
        "plan_en": writable(english.name),
        "heading": "电子保单",
        "heading_en": "Electronic policy",
        "number": policy.number,
        "number_label": "保单号 Policy number",
        "qr": segno.make(address, error="m", micro=False).svg_inline(scale=4, border=0),
        "scan": "扫码验证",
        "scan_en": "Scan to verify",
        "rows": [
            ["投保人", "Holder", writable(holder)],
            ["被保险人", "Insured", f"{writable(insured)}　证件尾号 ID ending {ending}"],
            ["保障期间", "Cover", f"{_day(first)} 至 {_day(last)}（{(last - first).days + 1} 天）"],
            ["保费", "Premium", f"¥{format_yuan_grouped(policy.price)}　{_who_paid(money)}"],
            ["承保公司", "Insurers", writable(_insurers(policy))],
            ["签单日期", "Issued on", _day(policy.issued_on)],
        ],
        "covers_label": "保障内容",
        "covers_label_en": "What is covered",
        "covers": [
            [writable(zh), writable(en)]
            for zh, en in list(zip(chinese.headlines, english.headlines, strict=True))[:_LINES]
        ],
        "notes": _notes(city, policy, holder + insured, address),
        "footer": f"条款摘要 Terms {policy.plan_digest[:16]}…{policy.plan_digest[-8:]}",
    }


def _notes(city: City, policy: PolicyFacts, names: str, address: str) -> list[list[str]]:
    notes = [
        [
            "本保单是否有效，以扫码页面所示为准。",
            f"The page behind the code says whether this policy is valid:\n{address}",
        ],
        [
            "本保单按条款全文承保，一年期，不保证续保。",
            "It was sold under the full terms, for one cover year; renewal is not guaranteed.\n"
            f"条款全文 SHA-256 of the terms: {policy.plan_digest}",
        ],
    ]
    if city.hotline:
        notes.append([f"服务电话 {city.hotline}", "Telephone"])
    if lacking(names):
        notes.append(
            [
                "姓名中以〔U+…〕表示的字，字库没有收录，以身份证件为准。",
                "A character of a name that is written as 〔U+…〕 is not in the font; the identity document shows it.",
            ]
        )
    return notes


def _day(day: date) -> str:
    return f"{day.year}年{day.month}月{day.day}日"


def _who_paid(money: PolicyMoney) -> str:
    """Each payer with its part, in Chinese and English."""
    parts = [("投保人", "holder", money.company)] if money.company else []
    parts += [(*_PAYERS[payer], fen) for payer, fen in money.paid_by.items()]
    parts += [(*_MEANS[one.kind], one.amount) for one in money.means]
    return "、".join(f"{zh} {en} ¥{format_yuan_grouped(fen)}" for zh, en, fen in parts)


def _insurers(policy: PolicyFacts) -> str:
    """The lead and how many stand beside it, by the shares of the first day of cover."""
    first = policy.cover_sold[0]
    shares = [one for one in shares_of_plan_year(policy.city, policy.plan_year_id) if one.from_day <= first]
    if not shares:
        return "—"
    day = max(one.from_day for one in shares)
    period = [one for one in shares if one.from_day == day]
    lead = next(one for one in period if one.is_lead)
    return f"{lead.name_zh}（主承保）等 {len(period)} 家\n{lead.name_en} (lead) and {len(period) - 1} more"
