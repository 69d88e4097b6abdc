"""Faults of a form that was sent, by field. docs/pages.md says how pages show them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from django.forms import BaseForm

from huimin.errors import HuiminError, PlanFaults
from huimin.platform.web.sentences import error_sentence, plan_fault_sentence

__all__ = ["FieldFault", "faults_of_error", "faults_of_form"]


@dataclass(frozen=True, slots=True)
class FieldFault:
    """One thing to correct. `field` is the name of a field; "" if no single field is at fault.

    A page whose view puts a bound `form`, or a list of these as `faults`, into its context shows the summary, which
    takes the focus. `anchor`: the id on the page that the summary leads to, where the field can be seen.
    """

    field: str
    sentence: str
    anchor: str = ""


def faults_of_error(error: HuiminError, *, field: str = "") -> list[FieldFault]:
    """The error in the page's language. The faults of a plan file come one by one, each for the text it is in (`text`
    or `sources`).
    """
    if not isinstance(error, PlanFaults):
        return [FieldFault(field, error_sentence(error))]
    place = "sources" if error.file == "sources.toml" else "text"
    return [FieldFault(place, plan_fault_sentence(fault)) for fault in error.faults]


def faults_of_form(form: BaseForm) -> list[FieldFault]:
    """The faults of a form that was sent: first those that belong to no field, then the others in the order of the
    fields.
    """
    return [*_of_no_field(form), *_of_fields(form)] if form.is_bound else []


def _of_no_field(form: BaseForm) -> Iterator[FieldFault]:
    return (FieldFault("", str(words)) for words in form.non_field_errors())


def _of_fields(form: BaseForm) -> Iterator[FieldFault]:
    for row in form:
        if row.errors:
            anchor = "" if row.is_hidden else row.auto_id
            yield from (FieldFault(row.name, words, anchor) for words in row.sentences)  # type: ignore[attr-defined]
