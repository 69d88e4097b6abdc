"""The calculator's questions: the amounts of a bill, and the facts that the plan's own terms ask for."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.forms import BoundField
from django.utils.translation import gettext_lazy as _

from huimin.errors import InputError
from huimin.platform.catalogue.api import Terms
from huimin.platform.web.calculating import faults_of, needs_an_amount, questions_for
from huimin.platform.web.forms.base import PageForm
from huimin.platform.web.forms.fields import Choice, Figure

__all__ = ["CalculatorForm", "Step", "steps_of"]

_TOGETHER = (("self_paid", "self_funded"), ("item", "item_amount", "unlisted"))
"""Fields that make up one question."""


class CalculatorForm(PageForm):
    """Two amounts, and one field for each question of the terms. Its clean values are text, for `decide`."""

    self_paid = Figure(
        label=_("目录内个人自付（元）"),
        help_text=_("医保报销后，目录内由您自己付的部分"),
        inputmode="decimal",
        required=False,
    )
    self_funded = Figure(
        label=_("目录外个人自费（元）"),
        help_text=_("医保目录外，完全由您自己付的部分"),
        inputmode="decimal",
        required=False,
    )

    def __init__(self, *arguments: Any, terms: Terms, language: str, **named: Any) -> None:
        super().__init__(*arguments, **named)
        self.terms, self.language = terms, language
        for one in questions_for(terms, language):
            self.fields[one.name] = (
                Choice(label=one.label, choices=one.choices, required=False)
                if one.choices
                else Figure(
                    label=one.label, inputmode="decimal" if one.name == "item_amount" else "numeric", required=False
                )
            )

    def opened(self) -> CalculatorForm:
        """The same answers as they were sent, in a form that was not checked and shows no faults."""
        return CalculatorForm(initial=dict(self.data.items()), terms=self.terms, language=self.language)

    def clean(self) -> dict[str, Any]:
        super().clean()
        for error in list(faults_of(self.cleaned_data)):
            self.refuse(error, field=error.values["field"])
        if not self.errors and needs_an_amount(self.terms, self.cleaned_data):
            self.refuse(InputError("no amount was given", code="nothing_given"), field="self_paid")
        return self.cleaned_data


@dataclass(frozen=True, slots=True)
class Step:
    """One question of the form on a page of its own, as elderly mode asks it; the other answers are carried along."""

    number: int
    of: int
    rows: list[BoundField]
    carried: list[BoundField]

    @property
    def is_last(self) -> bool:
        return self.number == self.of


def steps_of(form: CalculatorForm) -> list[Step]:
    """The form's questions in order, each with the answers to the others. Numbered from 1."""
    pages: list[list[str]] = []
    for name in form.fields:
        together = next((names for names in _TOGETHER if name in names), (name,))
        if pages and pages[-1][0] in together:
            pages[-1].append(name)
        else:
            pages.append([name])
    return [
        Step(number, len(pages), [form[name] for name in page], [row for row in form if row.name not in page])
        for number, page in enumerate(pages, 1)
    ]
