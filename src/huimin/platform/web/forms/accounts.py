"""What agencies, handlers and the bureau send about personal accounts; and about days that are compared."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from huimin.platform.payments.api import StrikeReason
from huimin.platform.web.account_words import STRIKE_REASONS
from huimin.platform.web.forms.base import PageForm
from huimin.platform.web.forms.fields import Choice, Day, Figure, Line

__all__ = ["AskForm", "BankForm", "FileForm", "NoteForm", "ReturnForm", "StrikeForm", "TransferForm"]

_FIRST_DAY, _LAST_DAY = date(2000, 1, 1), date(2099, 12, 31)
_LONGEST_NOTE = 200


class Upload(forms.FileField):
    """A file that is sent."""

    def __init__(self, *, accept: str, **named: Any) -> None:
        super().__init__(widget=forms.FileInput(attrs={"accept": accept}), allow_empty_file=True, **named)


class FileForm(PageForm):
    """A file that was filled in, or came from a payment company."""

    file = Upload(label=_("文件"), accept=".xlsx,.csv", error_messages={"required": _("请选择要上传的文件。")})


class StrikeForm(PageForm):
    """Why the chosen lines are struck out."""

    reason = Choice(label=_("剔除原因"))
    note = Line(label=_("说明（原因为“其他”时必填）"), max_length=_LONGEST_NOTE, required=False)

    def __init__(self, *arguments: Any, **named: Any) -> None:
        super().__init__(*arguments, **named)
        self.offer("reason", [("", "—"), *((one.value, STRIKE_REASONS[one.value]) for one in StrikeReason)])


class TransferForm(PageForm):
    """A transfer that an agency says it sent."""

    reference = Line(label=_("划拨凭证号"), max_length=40)
    amount = Figure(label=_("金额（元）"), inputmode="decimal")
    sent_on = Day(label=_("划拨日期"), first=_FIRST_DAY, last=_LAST_DAY)


class ReturnForm(PageForm):
    """What the pool sent an agency that goes back to accounts."""

    reference = Line(label=_("银行回单号"), max_length=40)
    sent_on = Day(label=_("付款日期"), first=_FIRST_DAY, last=_LAST_DAY)


class BankForm(PageForm):
    """What the bank's statement shows of a transfer. What came of it is the button that was pressed."""

    amount = Figure(label=_("银行到账金额（元）"), inputmode="decimal", required=False)
    bank_day = Day(label=_("到账或退回日期"), first=_FIRST_DAY, last=_LAST_DAY)
    came = Choice(
        label=_("办理事项"),
        widget=forms.HiddenInput,
        choices=[("received", _("已到账")), ("returned", _("已退回"))],
        error_messages={"required": _("请选择要办理的事项。")},
    )


class NoteForm(PageForm):
    """Why, in a sentence."""

    note = Line(
        label=_("说明"),
        max_length=_LONGEST_NOTE,
        error_messages={"required": _("请写明处理依据，它是记录的一部分。")},
    )


class AskForm(PageForm):
    """Of which day whose file is wanted."""

    provider = Choice(label=_("对方"))
    day = Day(label=_("日期"), first=_FIRST_DAY, last=_LAST_DAY)

    def __init__(self, *arguments: Any, providers: Sequence[tuple[str, str]], **named: Any) -> None:
        super().__init__(*arguments, **named)
        self.offer("provider", providers)
