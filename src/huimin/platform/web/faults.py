"""What is wrong with a form, by field. `parts/fault_summary.html` and `{% field %}` show it; see docs/pages.md."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from django.forms import BaseForm
from django.utils.translation import gettext as _

from huimin.errors import HuiminError, PlanFaults
from huimin.platform.web.sentences import error_sentence, plan_fault_sentence

__all__ = ["FieldFault", "fault_of", "faults_of_error", "faults_of_field", "faults_of_form"]


@dataclass(frozen=True, slots=True)
class FieldFault:
    """One thing to mend. `field` is the name of an input of the form; "" where no one input is at fault.

    A view puts a list of them into its context as `faults`; every page then shows the summary, which takes the focus
    and links to the fields, and each `{% field %}` shows its own sentences.
    """

    field: str
    sentence: str


def fault_of(error: HuiminError, *, field: str = "") -> FieldFault:
    """The error in the page's language, beside `field`."""
    return FieldFault(field, error_sentence(error))


def faults_of_error(error: HuiminError, *, field: str = "") -> list[FieldFault]:
    """The error, or each fault of a plan file beside the text (`text`, `sources`) that it stands in."""
    if not isinstance(error, PlanFaults):
        return [fault_of(error, field=field)]
    place = "sources" if error.file == "sources.toml" else "text"
    return [FieldFault(place, plan_fault_sentence(fault)) for fault in error.faults]


def faults_of_field(faults: Iterable[FieldFault], field: str) -> list[str]:
    """The sentences about one field, in order."""
    return [fault.sentence for fault in faults if fault.field == field]


def faults_of_form(form: BaseForm) -> list[FieldFault]:
    """The errors of a Django form that was posted; what is about no one field first."""
    found = [FieldFault("", str(words)) for words in form.non_field_errors()] if form.is_bound else []
    for name, errors in form.errors.items():
        if name in form.fields:
            label = form.fields[name].label or name
            missing = any(error.code == "required" for error in errors.as_data())
            words = _("请填写：%(label)s。") % {"label": label} if missing else " ".join(str(error) for error in errors)
            found.append(FieldFault(name, words))
    return found
