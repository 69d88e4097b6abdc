"""How pages write money, days and names."""

from __future__ import annotations

import re
from datetime import date, datetime
from typing import Any

from django import template
from django.forms import BaseForm
from django.template import Context
from django.template.base import Parser, Token
from django.utils import timezone
from django.utils.html import format_html, json_script
from django.utils.safestring import SafeString

from huimin.money import format_percent, format_yuan_grouped
from huimin.platform.disclosure.api import close_mark, open_mark
from huimin.platform.ledger.api import ACCOUNTS
from huimin.platform.people.api import masked_name
from huimin.platform.web.audit_words import action_in_words, actor_in_words, subject_in_words
from huimin.platform.web.code_words import CLIENT_KIND_WORDS, OUTCOME_WORDS, REASON_WORDS
from huimin.platform.web.days import day_in_words, page_language
from huimin.platform.web.doors import enrolment_door as door_of
from huimin.platform.web.faults import FieldFault, faults_of_form
from huimin.platform.web.sentences import sentence as sentence_of

register = template.Library()
_ACCOUNT_CODE = re.compile(rf"\b({'|'.join(ACCOUNTS)})\b")


@register.filter
def money(fen: int) -> SafeString:
    """¥69,025.20, with the fen always shown."""
    sign = "\N{MINUS SIGN}" if fen < 0 else ""
    return format_html('<span class="money">{}¥{}</span>', sign, format_yuan_grouped(abs(fen)))


@register.filter
def typed(sentence: str) -> SafeString:
    """A sentence in which text between backticks is shown as code: something to type, or a name in a program."""
    marks = ("{}", "<code>{}</code>")
    return SafeString("".join(format_html(marks[place % 2], part) for place, part in enumerate(sentence.split("`"))))


@register.filter
def grouped(number: int) -> str:
    """1,024,311."""
    return f"{number:,}"


@register.filter
def of_hundred(part: int, whole: int) -> int:
    """How many hundredths of the whole, at most all of them."""
    return min(100, 100 * part // whole) if whole else 0


@register.filter
def percent(basis_points: int) -> str:
    return format_percent(basis_points)


@register.filter
def day(value: date) -> str:
    """2022年1月7日, or 7 January 2022."""
    if isinstance(value, datetime):
        value = timezone.localtime(value).date()
    return day_in_words(value)


@register.filter
def moment(value: datetime) -> str:
    """The day and the time of day."""
    local = timezone.localtime(value)
    return f"{day(local)} {local:%H:%M}"


@register.filter
def second(value: datetime) -> str:
    """The time of day, to the second."""
    return f"{timezone.localtime(value):%H:%M:%S}"


@register.filter
def action_words(code: str) -> str:
    """The words for what was done, from a code of the audit."""
    return action_in_words(code)


@register.filter
def actor_words(text: str) -> str:
    """The words for who did it, from an actor of the audit."""
    return actor_in_words(text)


@register.filter
def subject_words(text: str) -> str:
    """The words for what it was about, from a subject of the audit."""
    return subject_in_words(text)


@register.filter
def with_account_names(sentence: str) -> str:
    """A sentence with account codes replaced by account names."""
    english = page_language() == "en"
    return _ACCOUNT_CODE.sub(lambda code: ACCOUNTS[code[0]].name.en if english else ACCOUNTS[code[0]].name.zh, sentence)


@register.filter
def client_kind_words(kind: str) -> str:
    """What kind of organisation calls the API."""
    return str(CLIENT_KIND_WORDS.get(kind, kind))


@register.filter
def in_language(thing: object) -> str:
    """The name of a thing (city, insurer, area, client) in the page's language."""
    name = getattr(thing, "name", None)
    if callable(name):
        return str(name(page_language()))
    return str(getattr(thing, f"name_{page_language()}"))


@register.filter
def refused_because(code: str) -> str:
    """The sentence of what stood in the way, from its code."""
    return sentence_of(code, {})


@register.filter
def masked(name: str) -> str:
    return masked_name(name)


@register.filter
def chart_json(chart: dict[str, Any]) -> SafeString:
    """The chart's data for charts.js."""
    return json_script(chart, f"chart-{chart['id']}")


@register.filter
def chart_rows(chart: dict[str, Any]) -> list[tuple[str, str]]:
    """The chart's data as rows of a table: (label, value)."""
    return list(zip(chart["labels"], chart.get("texts") or [str(value) for value in chart["values"]], strict=True))


@register.filter
def series_rows(chart: dict[str, Any]) -> list[tuple[str, list[str]]]:
    """The rows of a chart with several lines: a label, and one text for each line."""
    columns = [series["texts"] for series in chart["series"]]
    return [(label, [column[index] for column in columns]) for index, label in enumerate(chart["labels"])]


@register.filter
def finding(value: str) -> str:
    """The words for what a person found about a held bill, or for how it left the queue."""
    return str(OUTCOME_WORDS.get(value, value))


@register.filter
def reason(code: str) -> str:
    """The words for why a bill is held."""
    return str(REASON_WORDS.get(code, code))


@register.simple_tag(takes_context=True)
def faults_of_page(context: Context) -> list[FieldFault]:
    """The faults that the page shows: those the view gives, or those of its form."""
    form = context.get("form")
    return context.get("faults") or (faults_of_form(form) if isinstance(form, BaseForm) else [])


@register.simple_tag(takes_context=True)
def page_address(context: Context, number: int) -> str:
    """This page's address with another page number and the same search."""
    query = context["request"].GET.copy()
    query["page"] = str(number)
    return f"?{query.urlencode()}"


@register.inclusion_tag("parts/enrolment_door.html", takes_context=True)
def enrolment_door(context: Context) -> dict[str, object]:
    """A button to enrolment while it is open; otherwise a sentence that says when it opens or that it is over."""
    city = context["city"]
    return {"city": city, "door": door_of(city)}


class _Shared(template.Node):
    """What is the same for everybody, marked while a page is made that is kept (web/keeping.py)."""

    def __init__(self, inside: template.NodeList) -> None:
        self.nodelist = inside

    def render(self, context: Context) -> SafeString:
        content = self.nodelist.render(context)
        nonce = getattr(context.get("request"), "shared_nonce", "")
        return SafeString(f"{open_mark(nonce)}{content}{close_mark(nonce)}") if nonce else content


@register.tag
def shared(parser: Parser, token: Token) -> _Shared:
    """{% shared %} … {% endshared %} around what is the same for everybody. They do not stand inside each other."""
    inside = parser.parse(("endshared",))
    parser.delete_first_token()
    return _Shared(inside)


@register.filter
def digits(telephone: str) -> str:
    """A telephone number as a `tel:` link takes it."""
    return "".join(one for one in telephone if one.isdigit() or one == "+")
