"""How pages write money, days and names."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime
from typing import Any

from django import template
from django.forms import BaseForm, BoundField
from django.template import Context
from django.utils import timezone
from django.utils.html import format_html, format_html_join, json_script
from django.utils.safestring import SafeString, mark_safe

from huimin.money import format_percent, format_yuan_grouped
from huimin.platform.people.selectors import masked_name, masked_telephone
from huimin.platform.web.days import day_in_words, page_language
from huimin.platform.web.doors import enrolment_door as door_of
from huimin.platform.web.faults import FieldFault, faults_of_field, faults_of_form
from huimin.platform.web.words import OUTCOME_WORDS, REASON_WORDS

register = template.Library()


@register.filter
def money(fen: int) -> SafeString:
    """¥69,025.20, with the fen always shown."""
    sign = "\N{MINUS SIGN}" if fen < 0 else ""
    return format_html('<span class="money">{}¥{}</span>', sign, format_yuan_grouped(abs(fen)))


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
def in_language(thing: object) -> str:
    """The name of a thing (city, insurer, area, client) in the page's language."""
    name = getattr(thing, "name", None)
    if callable(name):
        return str(name(page_language()))
    return str(getattr(thing, f"name_{page_language()}"))


@register.filter
def masked(name: str) -> str:
    return masked_name(name)


@register.filter
def masked_phone(telephone: str) -> str:
    return masked_telephone(telephone)


@register.filter
def chart_json(chart: dict[str, Any]) -> SafeString:
    """The chart's data for charts.js."""
    return json_script(chart, f"chart-{chart['id']}")


@register.filter
def chart_rows(chart: dict[str, Any]) -> list[tuple[str, str]]:
    """The same data for the table."""
    return list(zip(chart["labels"], chart.get("texts") or [str(value) for value in chart["values"]], strict=True))


@register.filter
def series_rows(chart: dict[str, Any]) -> list[tuple[str, list[str]]]:
    """A chart of several lines as a table: a label, and one text a line."""
    columns = [series["texts"] for series in chart["series"]]
    return [(label, [column[index] for column in columns]) for index, label in enumerate(chart["labels"])]


@register.filter
def finding(value: str) -> str:
    """What a person found of a held bill, or how it left the queue, in words."""
    return str(OUTCOME_WORDS.get(value, value))


@register.filter
def reason(code: str) -> str:
    """Why a bill waits, in words."""
    return str(REASON_WORDS.get(code, code))


def _faults(context: Context) -> list[FieldFault]:
    """The page's own faults; on pages of a Django form (log-in), those of the form."""
    form = context.get("form")
    return context.get("faults") or (faults_of_form(form) if isinstance(form, BaseForm) else [])


@register.inclusion_tag("parts/fault_summary.html", takes_context=True)
def fault_summary(context: Context) -> dict[str, object]:
    """What is to be mended, above the page: takes the focus, and leads to each field."""
    return {"faults": _faults(context)}


@register.inclusion_tag("parts/field.html", takes_context=True)
def field(
    context: Context,
    name: str,
    label: str,
    value: object = "",
    hint: str = "",
    kind: str = "text",
    choices: Iterable[tuple[object, object]] = (),
    at: object = "",
    **attributes: object,
) -> dict[str, object]:
    """A form's row: label, hint, what is wrong, and the control, tied together for eyes and for screen readers.

    `kind`: an input's type, or select (with `choices`), textarea, checkbox. Further arguments become attributes of the
    control (`inputmode="decimal"`, `required=True`). The faults come from the page's `faults`. `at` tells forms of one
    page apart that ask for the same: the fault's field is then `name-at`.
    """
    called = f"{name}-{at}" if at else name
    sentences = faults_of_field(_faults(context), called)
    key = field_key(called)
    described = [f"{key}-hint"] * bool(hint) + [f"{key}-fault"] * bool(sentences)
    return {
        "name": name,
        "label": label,
        "value": "" if value is None else value,
        "hint": hint,
        "kind": kind,
        "choices": [(one, words, str(one) == str(value)) for one, words in choices],
        "attributes": format_html_join("", " {}", ((_attribute(*pair),) for pair in attributes.items() if pair[1])),
        "sentences": sentences,
        "key": key,
        "described": " ".join(described),
    }


@register.inclusion_tag("parts/field.html", takes_context=True)
def form_field(context: Context, bound: BoundField) -> dict[str, object]:
    """A field of a Django form (log-in, second factor) as a row like any other."""
    widget = bound.field.widget
    kind = getattr(widget, "input_type", "textarea")
    attributes = {name: value for name, value in widget.attrs.items() if name in ("autocomplete", "maxlength")}
    value = "" if kind == "password" else bound.value()
    return field(
        context, bound.html_name, str(bound.label), value, str(bound.help_text), kind, required=True, **attributes
    )


def _attribute(name: str, value: object) -> SafeString:
    return mark_safe(name) if value is True else format_html('{}="{}"', name, value)  # noqa: S308 - names are ours


@register.filter
def field_key(name: str) -> str:
    """The id that `{% field %}` gives a control, for links to it."""
    return f"field-{name.replace('_', '-')}"


@register.simple_tag(takes_context=True)
def page_address(context: Context, number: int) -> str:
    """This page's address with another page number, and what was searched for kept."""
    query = context["request"].GET.copy()
    query["page"] = str(number)
    return f"?{query.urlencode()}"


@register.inclusion_tag("parts/enrolment_door.html", takes_context=True)
def enrolment_door(context: Context) -> dict[str, object]:
    """The way to enrolment where it is open, and else a sentence that says when."""
    city = context["city"]
    return {"city": city, "door": door_of(city)}


@register.filter
def digits(telephone: str) -> str:
    """A telephone number as a `tel:` link takes it."""
    return "".join(one for one in telephone if one.isdigit() or one == "+")
