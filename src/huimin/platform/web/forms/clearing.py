"""What the staff send about hospitals' statements: which are looked for, and a hospital's account."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from huimin.platform.web.forms.base import PageForm
from huimin.platform.web.forms.fields import Line

__all__ = ["HospitalAccountForm"]

_LONGEST_HOLDER, _LONGEST_BANK, _LONGEST_NUMBER, _LONGEST_NOTE = 80, 40, 60, 1_000


class HospitalAccountForm(PageForm):
    """The account to which a hospital is paid, and by what one knows it."""

    holder = Line(label=_("户名"), max_length=_LONGEST_HOLDER)
    number = Line(label=_("银行账号"), max_length=_LONGEST_NUMBER)
    bank_name = Line(label=_("开户银行"), max_length=_LONGEST_BANK)
    note = Line(
        label=_("登记依据"),
        max_length=_LONGEST_NOTE,
        error_messages={"required": _("请写明登记依据，它是记录的一部分。")},
    )
