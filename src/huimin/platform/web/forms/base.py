"""The base of all forms: how fields are drawn and show their faults."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, cast

from django.core.exceptions import NON_FIELD_ERRORS
from django.forms import BoundField, ChoiceField, Form
from django.forms.renderers import DjangoTemplates
from django.http import HttpRequest, QueryDict
from django.utils.translation import gettext as _

from huimin.errors import HuiminError
from huimin.platform.foundation.authorising import NotAllowed
from huimin.platform.web.faults import faults_of_error
from huimin.platform.web.forms.fields import Ticked

__all__ = ["PageForm", "PageRenderer", "Row", "posted"]


class Row(BoundField):
    """A field on a page. Its id is `field-` and its name, so that the summary of faults can lead to it."""

    @property
    def auto_id(self) -> str:
        at = getattr(self.form, "at", "")
        return f"field-{self.html_name}{f'-{at}' if at else ''}".replace("_", "-")

    @property
    def sentences(self) -> list[str]:
        """The field's faults. Forms of allauth (log-in, second factor) report a missing value in the same words as
        ours.
        """
        if isinstance(self.form, PageForm):
            return [str(words) for words in self.errors]
        missing = any(error.code == "required" for error in self.errors.as_data())
        return [_("请填写%(label)s。") % {"label": self.label}] if missing else [str(words) for words in self.errors]

    def build_widget_attrs(self, attrs: dict[str, Any], widget: Any = None) -> dict[str, Any]:
        """Without a placeholder, which would only repeat the label, in a colour too pale to read, and vanish while
        typing.
        """
        (widget or self.field.widget).attrs.pop("placeholder", None)
        return super().build_widget_attrs(attrs, widget)


class PageRenderer(DjangoTemplates):
    """Draws each field of any form as `parts/field.html`: `{{ form.name.as_field_group }}`."""

    field_template_name = "parts/field.html"
    bound_field_class = Row


class PageForm(Form):
    """A form of ours.

    `at` distinguishes several such forms on one page: it becomes part of their fields' ids.
    """

    def __init__(self, *arguments: Any, at: object = "", **named: Any) -> None:
        super().__init__(*arguments, **named)
        self.at = at

    def clean(self) -> dict[str, Any]:
        """Refuse a field that was sent more than once, because it is open which value was meant. Boxes are many."""
        if isinstance(self.data, QueryDict):
            for name, field in self.fields.items():
                if len(self.data.getlist(self.add_prefix(name))) > 1 and not isinstance(field, Ticked):
                    self.add_error(name, _("%(label)s：有不止一个值，请只填一次。") % {"label": field.label})
        return self.cleaned_data

    def offer(self, name: str, choices: Iterable[tuple[str, Any]]) -> None:
        """Set what may be chosen in this field: (value, words)."""
        cast(ChoiceField, self.fields[name]).choices = list(choices)

    def refuse(self, error: HuiminError, *, field: str = "") -> None:
        """Show a service's error beside `field`, or above the form if it has no such field.

        NotAllowed is raised again for the page that explains it, since nothing in the form could be corrected.
        """
        if isinstance(error, NotAllowed):
            raise error
        for fault in faults_of_error(error, field=field):
            self.add_error(fault.field if fault.field in self.fields else None, fault.sentence)

    def refuse_all(self, sentence: str) -> None:
        """Show above the form why it could not be carried out."""
        self.add_error(NON_FIELD_ERRORS, sentence)


def posted(request: HttpRequest) -> QueryDict | None:
    """What a form is bound to: the data that were sent, even if empty; None if the page is only opened."""
    return request.POST if request.method == "POST" else None
