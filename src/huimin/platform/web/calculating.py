"""What the calculator asks for a plan, and the decision on the answers. Nothing is kept."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from django.utils.translation import gettext as _

from huimin.adjudication import Decision, adjudicate
from huimin.errors import InputError, Refusal
from huimin.money import format_yuan_grouped, parse_yuan
from huimin.platform.catalogue.api import Terms
from huimin.settlement import INSUTYPES, MED_TYPES, Care, Item, Member, Settlement, bill_of_amounts
from huimin.settlement.member import ANY_GROUP

__all__ = ["Question", "decide", "faults_of", "needs_an_amount", "questions_for"]

_MOST = 100_000_000_00
_OLDEST, _LONGEST_STAY = 120, 365


@dataclass(frozen=True)
class Question:
    """One question about the member or the bill. `choices`: the possible answers; where empty, a number is typed in."""

    name: str
    label: str
    choices: list[tuple[str, str]]


def questions_for(terms: Terms, language: str) -> list[Question]:
    """Only what the plan's own terms ask for; the first answer is the most common one."""
    return [Question(name, label, choices) for name, label, choices in _possible(terms, language)]


def _possible(terms: Terms, language: str) -> Iterator[tuple[str, str, list[tuple[str, str]]]]:
    asked = terms.program.facts_asked_for
    for name, label, choices in (*_of_member(terms, language), *_of_bill(terms, language)):
        if name in asked:
            yield name, label, choices
    settings = _settings(terms)
    if len(settings) > 1:
        words = {
            "inpatient": _("住院"),
            "special_outpatient": _("门诊特定病种"),
            "outpatient": _("普通门诊"),
            "pharmacy": _("定点药店"),
        }
        yield "care_setting", _("就医方式"), [(setting, words[setting]) for setting in settings]
    if any(benefit.allowance and benefit.allowance.per == "day" for benefit in terms.program.benefits):
        yield "days", _("住院天数"), []
    items = _items(terms)
    if items:
        yield "item", _("清单内的药品或耗材"), [("", _("没有")), *items.items()]
        yield "item_amount", _("该项费用（元）"), []
    if terms.program.asks_whether_items:
        yield "unlisted", _("用到特药清单内的药品或耗材"), [("", _("不清楚")), ("no", _("没有"))]


def _of_member(terms: Terms, language: str) -> list[tuple[str, str, list[tuple[str, str]]]]:
    years = [("0", _("首次参保")), ("1", _("1年")), ("2", _("2年")), ("3", _("3年或更久"))]
    editions = [(edition.id, edition.name.in_language(language)) for edition in terms.plan.edition]
    groups = [(group.id, group.name.in_language(language)) for group in terms.plan.disease_group]
    return [
        ("edition", _("投保版本"), editions),
        ("basic_insurance", _("基本医保"), [("employee", _("职工医保")), ("resident", _("居民医保"))]),
        ("age", _("保障开始时的周岁年龄"), []),
        ("pre_existing", _("参保前是否已有条款列明的既往症"), [("no", _("没有")), ("yes", _("有"))]),
        ("pre_existing_group", _("参保前已有的疾病"), [("", _("没有")), *groups]),
        ("continuous_years", _("此前已连续参保"), years),
        ("claim_free_years", _("此前连续未理赔"), [("0", _("没有")), *years[1:]]),
    ]


def _of_bill(terms: Terms, language: str) -> list[tuple[str, str, list[tuple[str, str]]]]:
    groups = [(group.id, group.name.in_language(language)) for group in terms.plan.disease_group if group.codes]
    hospitals = [(one.id, one.name.in_language(language)) for one in terms.plan.hospital_list if one.codes]
    places = [("local", _("本地")), ("referred", _("转诊备案后异地")), ("elsewhere", _("其他异地"))]
    return [
        ("disease", _("本次就诊的疾病"), [("", _("其他疾病")), *groups]),
        ("hospital_list", _("就诊的医院"), [("", _("其他医院")), *hospitals]),
        ("hospital_level", _("医院等级"), [("3", _("三级")), ("2", _("二级")), ("1", _("一级"))]),
        ("place", _("就医地"), places),
        ("ward", _("病房"), [("ordinary", _("普通病房")), ("special", _("特需病房"))]),
        ("settled_by_basic_insurance", _("经基本医保结算"), [("yes", _("是")), ("no", _("否"))]),
        ("accident", _("意外伤害"), [("no", _("否")), ("yes", _("是"))]),
    ]


def _settings(terms: Terms) -> list[str]:
    """Care settings that the plan covers, in the usual order."""
    benefits = terms.program.benefits
    return [setting for setting, code in MED_TYPES.items() if any(benefit.concerns(code) for benefit in benefits)]


def _items(terms: Terms) -> dict[str, str]:
    """Names of the items on known lists, by code. A code that stands for many (C09*) is used without its star."""
    lists = {benefit.items_on for benefit in terms.program.benefits}
    return {
        item.code.rstrip("*"): item.name
        for listing in terms.plan.item_list
        if listing.id in lists
        for item in listing.item
    }


_AMOUNTS = ("self_paid", "self_funded", "item_amount")
_COUNTS = {"age": _OLDEST, "days": _LONGEST_STAY}


def faults_of(given: Mapping[str, str]) -> Iterator[InputError]:
    """The errors in the typed figures, each with its `field` among its `values`.

    `amount_unreadable`, `amount_out_of_range`, `number_out_of_range`.
    """
    for name, text in given.items():
        try:
            if name in _AMOUNTS:
                _amount(name, text)
            elif name in _COUNTS and text:
                _number(name, text, _COUNTS[name])
        except InputError as error:
            yield error


def needs_an_amount(terms: Terms, given: Mapping[str, str]) -> bool:
    """Whether no amount was given. The form then asks for one, instead of answering with zeros.

    A plan that pays by the day or stay needs no amount.
    """
    pays_by_the_stay = any(benefit.allowance for benefit in terms.program.benefits)
    return not pays_by_the_stay and not any(given.get(name) for name in _AMOUNTS)


def decide(terms: Terms, given: dict[str, str]) -> Decision | Refusal:
    """The decision on a year's one bill, on the last day of cover. Raises InputError as `faults_of` finds them."""
    member = _member(terms, given)
    year = adjudicate(terms.program, member, [_bill(terms, member, given)])
    return year.decisions[0] if year.decisions else year.refused[0]


def _member(terms: Terms, given: dict[str, str]) -> Member:
    plan = terms.plan
    groups = {group.id for group in plan.disease_group}
    group = given.get("pre_existing_group", "")
    pre_existing = frozenset({ANY_GROUP}) if given.get("pre_existing") == "yes" else frozenset[str]()
    if group in groups:
        pre_existing = frozenset({group})
    first_day, age = plan.cover.first_day, given.get("age", "")
    return Member(
        psn_no="you",
        cover_from=first_day,
        cover_to=plan.cover.last_day,
        birth_date=date(first_day.year - _number("age", age, _COUNTS["age"]), 1, 1) if age else None,
        insutype=INSUTYPES.get(given.get("basic_insurance", "")),
        edition=given["edition"] if given.get("edition") in {edition.id for edition in plan.edition} else None,
        continuous_years=_years(given.get("continuous_years")),
        claim_free_years=_years(given.get("claim_free_years")),
        pre_existing=pre_existing,
        paid_before=(),
    )


def _bill(terms: Terms, member: Member, given: dict[str, str]) -> Settlement:
    self_paid, self_funded = (_amount(name, given.get(name, "")) for name in ("self_paid", "self_funded"))
    days = given.get("days", "")
    last_day = terms.plan.cover.last_day
    return bill_of_amounts(
        member.psn_no,
        last_day,
        self_paid,
        self_funded,
        setting=given["care_setting"] if given.get("care_setting") in _settings(terms) else _settings(terms)[0],
        care=_care(terms, given),
        admission=last_day - timedelta(days=_number("days", days, _COUNTS["days"])) if days else None,
    )


def _care(terms: Terms, given: dict[str, str]) -> Care:
    level = given.get("hospital_level", "")
    codes = {group.id: group.codes[0].first for group in terms.plan.disease_group if group.codes}
    hospitals = {one.id: one.codes[0] for one in terms.plan.hospital_list if one.codes}
    disease = codes.get(given.get("disease", ""))
    return Care(
        hospital=hospitals.get(given.get("hospital_list", ""), ""),
        hospital_level=int(level) if level in ("1", "2", "3") else None,
        place=given.get("place"),
        ward=given.get("ward"),
        settled_by_basic_insurance=_yes_or_no(given.get("settled_by_basic_insurance")),
        accident=_yes_or_no(given.get("accident")),
        diagnoses=(disease,) if disease else (),
        items=_bought(terms, given),
    )


def _bought(terms: Terms, given: dict[str, str]) -> tuple[Item, ...] | None:
    """The chosen item, as if it met every condition of its list; empty if none was chosen.

    None (not known) if a list of the plan is not known and the visitor does not say that they used nothing on it.
    """
    code = given.get("item", "")
    entry = next((i for one in terms.plan.item_list for i in one.item if i.code.rstrip("*") == code), None)
    if entry is None:
        return None if terms.program.asks_whether_items and given.get("unlisted") != "no" else ()
    return (
        Item(
            code,
            _amount("item_amount", given.get("item_amount", "")),
            entry.to_day or entry.from_day,
            next(iter(entry.indications), None),
            next(iter(entry.lines), None),
            next(iter(entry.gene_tests), None),
            next(iter(entry.channels), None),
        ),
    )


def _amount(field: str, text: str) -> int:
    """Fen of the amount that was typed into a field; an empty field is nothing."""
    values = {"field": field, "found": text, "most": format_yuan_grouped(_MOST)}
    try:
        amount = parse_yuan(text.replace(",", "").replace("，", "") or "0")
    except InputError as error:
        raise InputError(error.message, code="amount_unreadable", values=values) from error
    if not 0 <= amount <= _MOST:
        expected = "expected an amount from 0 to a hundred million yuan"
        raise InputError(f"found {text!r}; {expected}", code="amount_out_of_range", values=values)
    return amount


def _number(field: str, text: str, most: int) -> int:
    if not (text.isascii() and text.isdigit() and int(text) <= most):
        values = {"field": field, "found": text, "most": str(most)}
        raise InputError(
            f"found {text!r}; expected a whole number from 0 to {most}", code="number_out_of_range", values=values
        )
    return int(text)


def _years(text: str | None) -> int:
    return int(text) if text in ("1", "2", "3") else 0


def _yes_or_no(text: str | None) -> bool | None:
    return {"yes": True, "no": False}.get(text or "")
