"""What residents and staff send about a policy: corrections, a death, another edition, a contested record."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from huimin.platform.web.forms.base import PageForm
from huimin.platform.web.forms.fields import Choice, Day, Line, Upload

__all__ = ["ContestForm", "CorrectForm", "DeathForm", "DecideForm", "IdNumberForm", "OptionForm", "PolicyNumberForm"]

Choices = Iterable[tuple[str, Any]]
_FIRST, _LAST = date(1900, 1, 1), date(2099, 12, 31)
_LONGEST_NAME, _LONGEST_ID, _LONGEST_WORDS, _LONGEST_NUMBER = 60, 40, 500, 40


def _words(label: Any) -> Line:
    return Line(label=label, max_length=_LONGEST_WORDS)


def _paper(*, required: bool = True) -> Upload:
    widget = forms.FileInput(attrs={"accept": "image/jpeg,image/png,application/pdf"})
    return Upload(label=_("证明材料（照片或 PDF）"), required=required, widget=widget)


class CorrectForm(PageForm):
    """What is wrong on a policy: only what is to be another is filled in."""

    name = Line(label=_("正确的姓名"), max_length=_LONGEST_NAME, required=False, attributes={"autocomplete": "off"})
    id_number = Line(
        label=_("正确的证件号码"), max_length=_LONGEST_ID, required=False, attributes={"autocomplete": "off"}
    )
    insutype = Choice(label=_("基本医保类型"), required=False)
    area = Choice(label=_("统筹区"), required=False)
    from_day = Day(label=_("从哪天起（一直如此、当初就写错的不填）"), first=_FIRST, last=_LAST, required=False)
    words = _words(_("哪里错了，为什么"))
    paper = _paper()

    def __init__(self, *arguments: Any, insutypes: Choices, areas: Choices, staff: bool = False, **named: Any) -> None:
        super().__init__(*arguments, **named)
        self.offer("insutype", [("", _("不用改")), *insutypes])
        self.offer("area", [("", _("不用改")), *areas])
        if staff:
            self.fields["paper"].required = False

    def facts(self) -> dict[str, Any]:
        """What was filled in."""
        named = ("name", "id_number", "insutype", "area")
        return {name: self.cleaned_data[name] for name in named if self.cleaned_data.get(name)}


class IdNumberForm(PageForm):
    """The ID number that a child has now."""

    id_number = Line(label=_("公民身份号码"), max_length=_LONGEST_ID, attributes={"autocomplete": "off"})


class DeathForm(PageForm):
    """That the insured has died."""

    died_on = Day(label=_("身故日期"), first=_FIRST, last=_LAST)
    source = Choice(label=_("证明材料种类"))
    words = Line(label=_("补充说明"), max_length=_LONGEST_WORDS, required=False)
    paper = _paper()

    def __init__(self, *arguments: Any, sources: Choices, staff: bool = False, **named: Any) -> None:
        super().__init__(*arguments, **named)
        self.offer("source", [("", _("请选择")), *sources])
        if staff:
            self.fields["paper"].required = False


class ContestForm(PageForm):
    """Why a health record is not so."""

    why = Choice(label=_("为什么不对"))
    words = _words(_("请说明情况"))
    paper = _paper()

    def __init__(self, *arguments: Any, reasons: Choices, **named: Any) -> None:
        super().__init__(*arguments, **named)
        self.offer("why", [("", _("请选择")), *reasons])


class OptionForm(PageForm):
    """Which edition is taken instead. It is the value of the button that was pressed."""

    edition = Choice(label=_("版本"), widget=forms.HiddenInput)

    def __init__(self, *arguments: Any, editions: Choices, **named: Any) -> None:
        super().__init__(*arguments, **named)
        self.offer("edition", editions)


class PolicyNumberForm(PageForm):
    """Which policy a handler works on for somebody who is at the counter."""

    number = Line(label=_("保单号"), max_length=_LONGEST_NUMBER, attributes={"autocomplete": "off"})


class DecideForm(PageForm):
    """What a handler or the second person does with a request, and why. It is the button that was pressed."""

    do = Choice(label=_("办理事项"), widget=forms.HiddenInput, error_messages={"required": _("请选择要办理的事项。")})
    note = Line(
        label=_("办理依据"),
        max_length=1_000,
        error_messages={"required": _("请写明处理依据，它是记录的一部分。")},
    )

    def __init__(self, *arguments: Any, doings: Iterable[str], **named: Any) -> None:
        super().__init__(*arguments, **named)
        self.offer("do", [(one, one) for one in doings])
