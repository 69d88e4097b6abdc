"""What is sent about many people at once: organisations and their money, files, and answers to them."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from huimin.errors import InputError
from huimin.money import parse_yuan
from huimin.platform.web.bulk_words import KINDS
from huimin.platform.web.forms.base import PageForm
from huimin.platform.web.forms.fields import Choice, Day, Figure, Line, Upload

__all__ = ["AcceptForm", "BulkFileForm", "CancelForm", "DepositForm", "OrganisationForm", "PayoutForm"]

_FIRST_DAY, _LAST_DAY = date(2000, 1, 1), date(2099, 12, 31)
_LONGEST_NOTE, _LONGEST_CODE, _LONGEST_TRANSFER = 1_000, 40, 80
_NOTE_MISSING = {"required": _("请写明依据，它是记录的一部分。")}


class OrganisationForm(PageForm):
    code = Line(label=_("代码"), max_length=_LONGEST_CODE)
    name = Line(label=_("单位名称（与营业执照一致）"), max_length=120)
    credit_code = Line(label=_("统一社会信用代码"), max_length=_LONGEST_CODE)


class BulkFileForm(PageForm):
    """A list of people, for whom it is, and whether they have agreed."""

    organisation = Choice(label=_("单位"), widget=forms.Select(attrs={"translate": "no"}))
    kind = Choice(label=_("本人同意"), choices=list(KINDS.items()))
    file = Upload(label=_("名单文件（CSV 或 XLSX）"))

    def __init__(self, *arguments: Any, organisations: Iterable[tuple[str, str]], **named: Any) -> None:
        super().__init__(*arguments, **named)
        self.offer("organisation", organisations)


class AcceptForm(PageForm):
    """How many rows the person saw refused: if it is another number by now, they look again."""

    refused = forms.IntegerField(widget=forms.HiddenInput, min_value=0)


class CancelForm(PageForm):
    note = Line(label=_("取消的原因"), max_length=_LONGEST_NOTE, error_messages=_NOTE_MISSING)


class _MoneyForm(PageForm):
    amount = Figure(label=_("金额（元）"), inputmode="decimal")
    bank = Line(label=_("银行账户"), max_length=_LONGEST_CODE)
    transfer = Line(label=_("转账流水号"), max_length=_LONGEST_TRANSFER)

    def clean_amount(self) -> int:
        """Fen."""
        try:
            return parse_yuan(self.cleaned_data["amount"])
        except InputError as error:
            raise forms.ValidationError(_("请填写金额，例如 50000 或 50000.00。")) from error


class DepositForm(_MoneyForm):
    received_on = Day(label=_("到账日期"), first=_FIRST_DAY, last=_LAST_DAY)


class PayoutForm(_MoneyForm):
    reason = Line(label=_("退款依据"), max_length=_LONGEST_NOTE, error_messages=_NOTE_MISSING)
