"""To whom an invoice is made out, and what staff do with one that was refused."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from huimin.errors import HuiminError
from huimin.platform.invoicing.api import Title, of_organisation
from huimin.platform.web.forms.base import PageForm
from huimin.platform.web.forms.fields import Choice, Line

__all__ = ["InvoiceWorkForm", "TitleForm"]

_PERSON, _ORGANISATION = "person", "organisation"
_LONGEST_NAME, _LONGEST_NUMBER, _LONGEST_NOTE = 100, 40, 1_000


class TitleForm(PageForm):
    """Whoever paid, or an organisation with its number."""

    kind = Choice(label=_("发票抬头"))
    name = Line(label=_("单位名称"), max_length=_LONGEST_NAME, required=False, attributes={"autocomplete": "off"})
    number = Line(
        label=_("统一社会信用代码（纳税人识别号）"),
        max_length=_LONGEST_NUMBER,
        required=False,
        attributes={"autocomplete": "off"},
    )

    def __init__(self, *arguments: Any, own_name: str, person_only: bool, **named: Any) -> None:
        super().__init__(*arguments, **named)
        kinds = [(_PERSON, gettext("个人：%(name)s") % {"name": own_name})]
        self.offer("kind", kinds if person_only else [*kinds, (_ORGANISATION, gettext("单位"))])
        self.person_only = person_only
        self._title: Title | None = None
        self.fields["kind"].initial = _PERSON

    def clean(self) -> dict[str, Any]:
        found = super().clean()
        if found.get("kind") == _ORGANISATION:
            self._read_organisation(found)
        return found

    def _read_organisation(self, found: dict[str, Any]) -> None:
        for name in ("name", "number"):
            if not found.get(name) and name not in self.errors:
                self.add_error(name, gettext("请填写%(label)s。") % {"label": self.fields[name].label})
        if self.errors:
            return
        try:
            self._title = of_organisation(found["name"], found["number"])
        except HuiminError as error:
            self.refuse(error, field="number" if error.code == "bad_credit_code" else "name")

    def title(self) -> Title | None:
        """None for whoever paid."""
        return self._title


class InvoiceWorkForm(PageForm):
    """Which button was pressed, and why."""

    do = Choice(label=_("办理事项"), widget=forms.HiddenInput)
    note = Line(
        label=_("办理依据"),
        max_length=_LONGEST_NOTE,
        error_messages={"required": _("请写明处理依据，它是记录的一部分。")},
    )

    def __init__(self, *arguments: Any, doings: Iterable[str], **named: Any) -> None:
        super().__init__(*arguments, **named)
        self.offer("do", [(one, one) for one in doings])
