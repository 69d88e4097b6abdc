"""A resident's account on the page of paying, their own or a counter's: what the bureau says of it, what it can pay for
whom, and why not.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from huimin.platform.catalogue.api import PlanYearFacts
from huimin.platform.foundation.models import City
from huimin.platform.payments.api import (
    AccountOffer,
    AccountRule,
    AskedFor,
    Hindrance,
    Mode,
    ask_balance,
    offer_of,
    told_balance,
)
from huimin.platform.people.api import NamedPerson, record_consent
from huimin.platform.web.session import CityRequest

__all__ = ["ACCOUNT_CONSENT", "COUNTER_ACCOUNT_CONSENT", "AccountShown", "account_shown", "ask_for_account"]

ACCOUNT_CONSENT = gettext_lazy("点击即表示同意：本平台向医保局查询您本人的个人账户余额，只用于这次缴费。")
COUNTER_ACCOUNT_CONSENT = gettext_lazy("本人同意：本平台向医保局查询本人的个人账户余额，只用于这次缴费。")
_HINDRANCES: dict[Hindrance, Promise | str] = {
    Hindrance.NOT_FOR_THIS_RELATION: gettext_lazy("本地规则不允许为这种关系的家人缴费"),
    Hindrance.RELATIVES_NOT_YET: gettext_lazy("本地规则还没有开始允许为家人缴费"),
    Hindrance.TOO_MANY_RELATIVES: gettext_lazy("已达到可为家人缴费的人数"),
    Hindrance.NOT_FILED: gettext_lazy("须先到医保办理家庭共济备案"),
    Hindrance.INSURED_ELSEWHERE: gettext_lazy("参保地不在可缴费的范围内"),
    Hindrance.NOT_IN_BENEFIT: gettext_lazy("基本医保目前不能享受待遇"),
    Hindrance.OTHER_TELEPHONE: gettext_lazy("手机号与医保登记的不一致"),
    Hindrance.BALANCE_NOT_ABOVE: gettext_lazy("历年余额没有超过本地规定的数额"),
    Hindrance.DOES_NOT_COVER_ALL: gettext_lazy("余额不够全额，本地规则不允许分开支付"),
    Hindrance.NOTHING_LEFT: gettext_lazy("余额已用完"),
}
_MODES: dict[Mode, Promise | str] = {
    Mode.REAL_TIME: gettext_lazy("出单时从账户扣款。"),
    Mode.MONTHLY_LIST: gettext_lazy(
        "款项先在账户中冻结，由医保经办机构按月审核后划拨。审核没有通过的，保单继续有效，由您另行补缴。"
    ),
    Mode.PAY_THEN_OFFSET: gettext_lazy("本地规则是先付款、后由账户冲抵：请先用其他方式支付。"),
}


@dataclass(frozen=True, slots=True)
class AccountLineShown:
    """One person: what the account pays for them, in fen, or why it does not."""

    name: str
    pays: int
    why_not: Sequence[str]


@dataclass(frozen=True, slots=True)
class AccountShown:
    """`state`: none (nobody has asked), asked, answered, no_account, failed. The rest is there once it is answered."""

    state: str
    lines: Sequence[AccountLineShown] = ()
    pays: int = 0
    rest: int = 0
    how: str = ""
    area: str = ""
    rule: AccountRule | None = None
    pays_by_person: dict[int, int] | None = None


def ask_for_account(request: CityRequest) -> None:
    """The resident agrees that the bureau is asked, by tapping below exactly these words."""
    record_consent(actor=request.actor, resident=request.resident, kind="account_balance", text=str(ACCOUNT_CONSENT))
    ask_balance(actor=request.actor, resident=request.resident)


def account_shown(
    city: City, payer: NamedPerson, plan_year: PlanYearFacts, people: Sequence[tuple[NamedPerson, AskedFor]]
) -> AccountShown:
    """The payer's account beside the people of the order, in their order."""
    told = told_balance(city, payer)
    if told is None or told.balance is None:
        return AccountShown(str(told.state) if told is not None else "none")
    balance, asked = told.balance, [one for _person, one in people]
    offers = offer_of(city, payer, balance, asked, plan_year.id)
    rule = next((offer.rule for offer in offers), None)
    afterwards = rule is not None and rule.mode is Mode.PAY_THEN_OFFSET
    pays = {one.asked_for.person.id: 0 if afterwards else one.pays for one in offers}
    total = sum(one.own_part for one in asked)
    lines = [
        AccountLineShown(person.name, pays[person.id], _why_not(offer))
        for (person, _asked), offer in zip(people, offers, strict=True)
    ]
    how = str(_MODES[rule.mode]) if rule is not None and rule.mode is not None else ""
    used = sum(pays.values())
    return AccountShown("answered", lines, used, total - used, how, balance.area, rule, pays)


def _why_not(offer: AccountOffer) -> list[str]:
    if offer.rule is None:
        return [_("您的账户所在统筹区尚未开通个人账户缴费")]
    if offer.decision is None or offer.decision.may_pay:
        return []
    if offer.decision.unknown and not offer.decision.hindrances:
        return [_("本地规则尚不明确，请用其他方式支付")]
    return [str(_HINDRANCES[one]) for one in offer.decision.hindrances]
