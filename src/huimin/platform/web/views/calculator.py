"""What would I get? One bill by its amounts, decided by the plan's own program; nothing is kept."""

from __future__ import annotations

from dataclasses import dataclass

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from huimin.adjudication import Decision, adjudicate, explain
from huimin.errors import InputError, Refusal
from huimin.money import parse_yuan
from huimin.platform.catalogue.selectors import Terms, terms_of
from huimin.platform.web.explaining import explanation_context
from huimin.platform.web.session import CityRequest, city_page
from huimin.platform.web.templatetags.huimin import page_language
from huimin.platform.web.views.resident import plan_year_or_404
from huimin.platform.web.words import REASON_WORDS
from huimin.settlement import INSUTYPES, Care, Member, bill_of_amounts
from huimin.settlement.member import ANY_GROUP

__all__ = ["calculator"]

_MOST = 100_000_000_00
"""A hundred million yuan: no bill is larger, and a mistyped one would be."""


@dataclass(frozen=True, slots=True)
class Question:
    """What the terms ask of a member or bill, with the answers to choose from."""

    name: str
    label: str
    choices: list[tuple[str, str]]
    given: str


@city_page
def calculator(request: CityRequest) -> HttpResponse:
    """The form, and below it the answer with its steps."""
    terms, language = terms_of(plan_year_or_404(request.city)), page_language()
    given = {name: str(value).strip() for name, value in request.POST.items()}
    context: dict[str, object] = {"given": given, "questions": _questions(terms, given, language)}
    if request.method == "POST":
        try:
            decision = _decide(terms, given)
        except InputError:
            context["fault"] = _("金额无法读出；请填写数字，例如 50000 或 50000.00。")
        else:
            if isinstance(decision, Refusal):
                context["fault"] = REASON_WORDS.get(decision.code, decision.reason)
            else:
                names = terms.names(language)
                explanation = explain(terms.program, decision)
                context |= explanation_context(explanation, names, language)
                context["explanation"] = explanation
    return render(request, "resident/calculator.html", context)


def _questions(terms: Terms, given: dict[str, str], language: str) -> list[Question]:
    """Only what the plan's own conditions ask for; the first answer is the most common one."""
    no_yes = [("no", _("没有")), ("yes", _("有"))]
    years = [("0", _("首次参保")), ("1", _("1年")), ("2", _("2年")), ("3", _("3年或更久"))]
    editions = [(edition.id, edition.name.in_language(language)) for edition in terms.plan.edition]
    possible = {
        "edition": (_("投保版本"), editions),
        "basic_insurance": (_("基本医保"), [("employee", _("职工医保")), ("resident", _("居民医保"))]),
        "pre_existing": (_("参保前已有约定的既往症"), no_yes),
        "continuous_years": (_("此前已连续参保"), years),
        "claim_free_years": (_("此前连续未理赔"), [("0", _("没有")), *years[1:]]),
        "hospital_level": (_("医院等级"), [("3", _("三级")), ("2", _("二级")), ("1", _("一级"))]),
        "place": (
            _("就医地"),
            [("local", _("本地")), ("referred", _("转诊备案后异地")), ("elsewhere", _("其他异地"))],
        ),
        "ward": (_("病房"), [("ordinary", _("普通病房")), ("special", _("特需病房"))]),
        "settled_by_basic_insurance": (_("经基本医保结算"), [("yes", _("是")), ("no", _("否"))]),
        "accident": (_("意外伤害"), [("no", _("否")), ("yes", _("是"))]),
    }
    asked = terms.program.facts_asked_for()
    return [
        Question(name, label, choices, given.get(name, ""))
        for name, (label, choices) in possible.items()
        if name in asked
    ]


def _decide(terms: Terms, given: dict[str, str]) -> Decision | Refusal:
    """Raises InputError when an amount cannot be read."""
    plan = terms.plan
    self_paid, self_funded = (_amount(given.get(name, "")) for name in ("self_paid", "self_funded"))
    editions = [edition.id for edition in plan.edition]
    member = Member(
        psn_no="you",
        cover_from=plan.cover.first_day,
        cover_to=plan.cover.last_day,
        insutype=INSUTYPES.get(given.get("basic_insurance", "")),
        edition=given["edition"] if given.get("edition") in editions else None,
        continuous_years=_years(given.get("continuous_years")),
        claim_free_years=_years(given.get("claim_free_years")),
        pre_existing=frozenset({ANY_GROUP}) if given.get("pre_existing") == "yes" else frozenset(),
    )
    bill = bill_of_amounts(member.psn_no, plan.cover.last_day, self_paid, self_funded, care=_care(given))
    year = adjudicate(terms.program, member, [bill])
    return year.decisions[0] if year.decisions else year.refused[0]


def _care(given: dict[str, str]) -> Care:
    level = given.get("hospital_level", "")
    return Care(
        hospital_level=int(level) if level in ("1", "2", "3") else None,
        place=given.get("place"),
        ward=given.get("ward"),
        settled_by_basic_insurance=_yes_or_no(given.get("settled_by_basic_insurance")),
        accident=_yes_or_no(given.get("accident")),
    )


def _amount(text: str) -> int:
    amount = parse_yuan(text.replace(",", "").replace("，", "") or "0")
    if not 0 <= amount <= _MOST:
        raise InputError(f"found {text!r}; expected an amount from 0 to a hundred million yuan")
    return amount


def _years(text: str | None) -> int:
    return int(text) if text in ("1", "2", "3") else 0


def _yes_or_no(text: str | None) -> bool | None:
    return {"yes": True, "no": False}.get(text or "")
