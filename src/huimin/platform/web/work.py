"""What a person of the staff may work on: the links of the staff's first page, with how much waits there."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy

from huimin.platform.claims.api import reviews_waiting, samples_open
from huimin.platform.clearing.api import statements_open
from huimin.platform.foundation.actors import Actor
from huimin.platform.foundation.approvals.selectors import open_proposals
from huimin.platform.foundation.authorising import admits
from huimin.platform.foundation.limits import USE_CASE
from huimin.platform.foundation.models import City
from huimin.platform.foundation.permissions import Action
from huimin.platform.invoicing.api import invoices_open
from huimin.platform.payments.api import cases_open, days_open, refunds_open, transfers_waiting
from huimin.platform.payouts.api import debts_late, payouts_open
from huimin.platform.servicing.api import requests_waiting
from huimin.platform.tasks.api import View, count

__all__ = ["Work", "work_of"]


@dataclass(frozen=True, slots=True)
class Work:
    """One page to work on. `waiting` is how many matters wait there; None if nothing is counted."""

    title: str
    address: str
    waiting: int | None


def _failed(city: City) -> int:
    return count(city, View.FAILED)


def _proposed(city: City) -> int:
    return open_proposals(city, [USE_CASE], 1).total


_PAGES: tuple[tuple[Action, str, Promise | str, Callable[[City], int] | None], ...] = (
    (Action.SEE_REVIEWS, "reviews", gettext_lazy("人工审核"), reviews_waiting),
    (Action.SEE_PAYMENT_CASES, "payment-cases", gettext_lazy("收付款核对"), cases_open),
    (Action.SEE_POLICY_REQUESTS, "policy-requests", gettext_lazy("保全申请与异议"), requests_waiting),
    (Action.SEE_REFUNDS, "refunds", gettext_lazy("退款"), refunds_open),
    (Action.SEE_SAMPLE, "sample", gettext_lazy("自动理算抽查"), samples_open),
    (Action.SEE_PAYOUTS, "claim-payouts", gettext_lazy("赔款支付"), payouts_open),
    (Action.SEE_HOSPITAL_STATEMENTS, "hospital-statements", gettext_lazy("医疗机构结算"), statements_open),
    (Action.SEE_PAYOUTS, "overpayments", gettext_lazy("多付赔款"), debts_late),
    (Action.SEE_INVOICES, "invoice-queue", gettext_lazy("电子发票"), invoices_open),
    (Action.SEE_OTHER_COVER, "other-cover", gettext_lazy("重复投保"), None),
    (Action.SEE_SESSIONS, "sessions", gettext_lazy("投保过程回放"), None),
    (Action.SEE_RECONCILIATION, "reconciliation", gettext_lazy("支付对账"), days_open),
    (Action.SEE_ACCOUNT_LISTS, "agency", gettext_lazy("个人账户缴费"), None),
    (Action.SEE_ACCOUNT_MONEY, "account-money", gettext_lazy("个人账户资金"), transfers_waiting),
    (Action.IMPORT_YEARS, "earlier-years", gettext_lazy("以往参保年度"), None),
    (Action.SEE_RENEWALS, "renewals", gettext_lazy("自动续保"), None),
    (Action.SERVE_AT_COUNTER, "counter", gettext_lazy("柜面参保"), None),
    (Action.TAKE_CASH, "till", gettext_lazy("我的现金"), None),
    (Action.SEE_TILLS, "tills", gettext_lazy("柜面现金"), None),
    (Action.SEE_BULK, "bulk", gettext_lazy("批量参保"), None),
    (Action.SEE_BULK, "organisations", gettext_lazy("参保单位"), None),
    (Action.SEE_FUNDS, "funds", gettext_lazy("资助资金"), None),
    (Action.SEE_OWN_FUNDS, "sponsor", gettext_lazy("我们的资助"), None),
    (Action.SEE_WAS_IT_YOU, "was-it-you", gettext_lazy("老年人投保确认"), None),
    (Action.SEE_SHARES, "insurer", gettext_lazy("保费与赔款"), None),
    (Action.RECALCULATE, "recalculations", gettext_lazy("全年重算"), None),
    (Action.STUDY, "studies", gettext_lazy("精算台"), None),
    (Action.SEE_FIGURES, "bureau", gettext_lazy("全市统计"), None),
    (Action.WATCH_LAUNCH, "launch", gettext_lazy("开售实况"), None),
    (Action.ADMINISTER, "administration", gettext_lazy("系统管理"), None),
    (Action.SEE_APPROVALS, "approvals", gettext_lazy("待复核的提请"), _proposed),
    (Action.SEE_TASKS, "tasks", gettext_lazy("后台任务"), _failed),
    (Action.DESIGN_PLAN, "designer", gettext_lazy("产品设计"), None),
)


def work_of(actor: Actor) -> list[Work]:
    """The pages that this person may open in any of their roles."""
    return [
        Work(str(title), reverse(name), waiting(actor.city) if waiting is not None else None)
        for action, name, title, waiting in _PAGES
        if admits(actor, action)
    ]
