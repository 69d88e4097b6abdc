"""What is sent about funds and rosters: money that came in, a file, why a version is proposed, and the answer."""

from __future__ import annotations

from datetime import date

from django import forms
from django.utils.translation import gettext_lazy as _

from huimin.errors import InputError
from huimin.money import parse_yuan
from huimin.platform.web.forms.base import PageForm
from huimin.platform.web.forms.fields import Day, Figure, Line, Upload

__all__ = ["ContributionForm", "GrantForm", "ProposeForm", "RosterFileForm"]

_FIRST_DAY, _LAST_DAY = date(2000, 1, 1), date(2099, 12, 31)
_LONGEST_NOTE, _LONGEST_CODE, _LONGEST_TRANSFER = 1_000, 40, 80


class ContributionForm(PageForm):
    """A transfer that came to a bank account of the pool."""

    amount = Figure(label=_("到账金额（元）"), inputmode="decimal")
    bank = Line(label=_("收款账户"), max_length=_LONGEST_CODE)
    transfer = Line(label=_("转账流水号"), max_length=_LONGEST_TRANSFER)
    received_on = Day(label=_("到账日期"), first=_FIRST_DAY, last=_LAST_DAY)

    def clean_amount(self) -> int:
        """Fen."""
        try:
            return parse_yuan(self.cleaned_data["amount"])
        except InputError as error:
            raise forms.ValidationError(_("请填写金额，例如 50000 或 50000.00。")) from error


class RosterFileForm(PageForm):
    """The file of a department."""

    file = Upload(label=_("名单文件（CSV 或 XLSX）"))


class ProposeForm(PageForm):
    """Why a version is to come into force."""

    note = Line(
        label=_("提请依据"),
        max_length=_LONGEST_NOTE,
        error_messages={"required": _("请写明提请依据，它是记录的一部分。")},
    )


class GrantForm(PageForm):
    """How long people may decline, and why cover is granted."""

    until = Day(label=_("可婉拒截止日"), first=_FIRST_DAY, last=_LAST_DAY)
    note = Line(
        label=_("依据"),
        max_length=_LONGEST_NOTE,
        error_messages={"required": _("请写明依据，它是记录的一部分。")},
    )
