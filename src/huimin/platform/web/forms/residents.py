"""Residents' forms: identity, the code of a message, a relative, an edition, consent."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any

from django.utils.translation import gettext_lazy as _

from huimin.platform.web.forms.base import PageForm
from huimin.platform.web.forms.fields import Agreement, Choice, Code, Day, Line

__all__ = [
    "CONSENT",
    "HISTORY_CONSENT",
    "CodeForm",
    "ConsentForm",
    "EditionForm",
    "IdentityForm",
    "PayForm",
    "PayoutAccountForm",
    "RelativeForm",
    "ValidOnForm",
]

CONSENT = _("我同意平台向医保部门核验参保资格，并为投保和理赔处理上述人员的个人信息和医疗信息。")
HISTORY_CONSENT = _("我同意平台向医保部门查询我本人和未成年子女近五年的诊断记录，用于认定既往症。不同意也可以投保。")
_LONGEST_NAME, _LONGEST_ID, _LONGEST_BANK = 60, 40, 40


def _name(autocomplete: str) -> Line:
    return Line(
        label=_("姓名"),
        max_length=_LONGEST_NAME,
        attributes={"autocomplete": autocomplete},
        error_messages={"required": _("请填写姓名。")},
    )


def _id_number() -> Line:
    return Line(
        label=_("身份证号码"),
        max_length=_LONGEST_ID,
        attributes={"autocomplete": "off"},
        error_messages={"required": _("请填写身份证号码。")},
    )


class IdentityForm(PageForm):
    """A person's name and ID number, for signing in."""

    name = _name("name")
    id_number = _id_number()


class CodeForm(PageForm):
    """The code that was sent to the person's own telephone."""

    code = Code(autocomplete="one-time-code")


class ConsentForm(PageForm):
    """The code that was sent to a relative's telephone and that they passed on."""

    code = Code(autocomplete="off")

    @property
    def asks(self) -> bool:
        """Whether a code is to be sent first: the button for it sends none, not even an empty one."""
        return self.is_bound and "code" not in self.data


class RelativeForm(PageForm):
    """A family member to insure."""

    relation = Choice(label=_("与您的关系"), error_messages={"required": _("请选择与您的关系。")})
    name = _name("off")
    id_number = _id_number()

    def __init__(self, *arguments: Any, relations: Iterable[tuple[str, Any]], **named: Any) -> None:
        super().__init__(*arguments, **named)
        self.offer("relation", [("", _("请选择")), *relations])


class EditionForm(PageForm):
    """Which edition of the plan one person gets."""

    edition = Choice(label=_("版本"))

    def __init__(self, *arguments: Any, editions: Iterable[tuple[str, str]], **named: Any) -> None:
        super().__init__(*arguments, **named)
        self.offer("edition", [("", _("请选择")), *editions])


class PayForm(PageForm):
    """The consent that is needed before paying, and one that may be left out."""

    consent = Agreement(label=CONSENT, error_messages={"required": _("请先同意个人信息处理说明，再去支付。")})
    history = Agreement(label=HISTORY_CONSENT, required=False)


class PayoutAccountForm(PageForm):
    """A bank card in one's own name, and the code that came to one's own telephone; without it, one is sent."""

    bank_name = Line(
        label=_("开户银行"),
        max_length=_LONGEST_BANK,
        attributes={"autocomplete": "off"},
        error_messages={"required": _("请填写开户银行，例如中国工商银行。")},
    )
    number = Line(
        label=_("银行卡号"),
        max_length=_LONGEST_ID,
        attributes={"inputmode": "numeric", "autocomplete": "off"},
        error_messages={"required": _("请填写银行卡号。")},
    )
    code = Code(autocomplete="one-time-code", required=False)


class ValidOnForm(PageForm):
    """On which day a policy is to be valid. Sent in the address; without it, today."""

    day = Day(label=_("查询日期"), first=date(2000, 1, 1), last=date(2099, 12, 31), required=False)
