"""Words of payouts: how one stands, and why it came back."""

from __future__ import annotations

from collections.abc import Iterable

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from huimin.platform.payouts.api import PaidBill, PayoutStatus

__all__ = ["STATUS_WORDS", "bill_name", "in_words", "why_returned"]

STATUS_WORDS: dict[PayoutStatus, Promise | str] = {
    PayoutStatus.FOR_SECOND_PERSON: _("金额较大，须两人核对"),
    PayoutStatus.WAITING: _("等待付款"),
    PayoutStatus.ASKED: _("银行办理中"),
    PayoutStatus.PAID: _("已到账"),
    PayoutStatus.RETURNED: _("被银行退回，未到账"),
    PayoutStatus.WITHDRAWN: _("金额有变，已改为重新付款"),
}
_WHY: dict[str, Promise | str] = {
    "account_not_known": _("账号不存在"),
    "account_closed": _("账户已销户"),
    "name_differs": _("户名与登记的姓名不符"),
}
_OTHERWISE = _("银行没有办理")


def why_returned(fault: str) -> str:
    """Empty where it did not come back."""
    return str(_WHY.get(fault, _OTHERWISE)) if fault else ""


def bill_name(source: str) -> str:
    """The bill's number as its hospital gave it, from its name in the journal."""
    return source.split(":", 2)[-1]


def in_words(payouts: Iterable[PaidBill]) -> list[tuple[PaidBill, Promise | str, str]]:
    """Each with how it stands and why it came back, as `parts/payout_lines.html` shows them."""
    return [(one, STATUS_WORDS[one.payout.status], why_returned(one.payout.fault)) for one in payouts]
