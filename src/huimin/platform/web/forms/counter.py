"""What staff fill in at a counter: whose card it is, how the person agreed, and what lies in the till."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from huimin.errors import InputError
from huimin.money import parse_yuan
from huimin.platform.web.forms.base import PageForm
from huimin.platform.web.forms.fields import Choice, Figure, Line

__all__ = ["HOW", "AgreedForm", "BankedForm", "CloseTillForm", "FindForm", "LookAtAccountForm"]

HOW = {
    "paper": _("在纸质告知书上签名"),
    "fingerprint": _("在纸质告知书上按指印"),
    "code": _("本人手机收到的验证码"),
}
_PAY = {"cash": _("现金"), "phone": _("本人或家人用手机扫码付款")}
_PAY_REST = {"account_cash": _("个人账户，其余现金"), "account_phone": _("个人账户，其余手机扫码付款")}
_PAY_ALL = {"account": _("个人账户全额支付")}
_LONGEST_NOTE = 1_000


class FindForm(PageForm):
    """A card as it lies on the counter."""

    name = Line(label=_("姓名"), max_length=60, attributes={"autocomplete": "off"})
    id_number = Line(label=_("证件号码"), max_length=40, attributes={"autocomplete": "off"})


class LookAtAccountForm(PageForm):
    """On which paper the person agreed that the bureau is asked for their account."""

    how = Choice(label=_("本人如何同意"), choices=[("paper", HOW["paper"]), ("fingerprint", HOW["fingerprint"])])
    paper = Line(label=_("纸质告知书编号"), max_length=60)


class AgreedForm(PageForm):
    """How the person agreed, and how they pay. `words`: the digest of the key terms that were read out.

    `account`: fen that the person's account pays; `rest`: fen that are left to pay.
    """

    words = forms.CharField(widget=forms.HiddenInput, required=False)
    how = Choice(label=_("本人如何同意"), choices=[("", _("请选择")), *HOW.items()])
    paper = Line(label=_("纸质告知书编号"), max_length=60, required=False)
    code = Line(label=_("手机验证码"), max_length=10, required=False, attributes={"inputmode": "numeric"})
    pay = Choice(label=_("付款方式"))

    def __init__(self, *arguments: Any, account: int = 0, rest: int = 0, **named: Any) -> None:
        super().__init__(*arguments, **named)
        by_account = (_PAY_REST if rest else _PAY_ALL) if account else {}
        self.offer("pay", [("", _("请选择")), *by_account.items(), *_PAY.items()])

    def clean(self) -> dict[str, Any]:
        found = super().clean()
        how = found.get("how")
        if how in ("paper", "fingerprint") and not found.get("paper"):
            self.add_error("paper", _("请填写纸质告知书编号，日后凭它找到签名。"))
        if how == "code" and not found.get("code"):
            self.add_error("code", _("请填写本人收到的六位数字。"))
        return found


class CloseTillForm(PageForm):
    counted = Figure(label=_("清点金额（元）"), inputmode="decimal")
    note = Line(label=_("与账面不符的原因"), max_length=_LONGEST_NOTE, required=False)

    def clean_counted(self) -> int:
        """Fen."""
        try:
            return parse_yuan(self.cleaned_data["counted"])
        except InputError as error:
            raise forms.ValidationError(_("请填写金额，例如 50000 或 50000.00。")) from error


class BankedForm(PageForm):
    bank = Line(label=_("银行账户"), max_length=40)
    transfer = Line(label=_("缴款单号"), max_length=80)
