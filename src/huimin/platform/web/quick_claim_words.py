"""Words of quick claims: what somebody agrees to, how a claim stands, and what happens next."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from huimin.money import format_yuan_grouped
from huimin.platform.payouts.api import PayoutStatus
from huimin.platform.quick_claims.api import ConsentText, Money, QuickClaimState, QuickClaimStory, Stands
from huimin.platform.web.days import day_in_words

__all__ = ["EVENT_WORDS", "STANDS_WORDS", "STATE_WORDS", "Headline", "consent_text", "headline"]

_VERSION = "2022-1"
"""Of the words below. Other words are another version: consents keep the words that were shown."""
_CONSENT = gettext_lazy(
    "我同意本产品的承办机构为办理理赔，向医保部门查询%(name)s在%(first)s至%(last)s期间的医保结算数据（就诊机构、结算时间、"
    "各项费用和支付金额）。这些数据只用于这次理赔。我可以随时收回同意，收回后不再查询；不同意的，仍可凭票据材料理赔。"
)
_PAID_WITHIN = timedelta(days=10)
"""Insurance Law, article 23: money is paid within ten days after it is agreed."""

STATE_WORDS: dict[QuickClaimState, Promise | str] = {
    QuickClaimState.ASKING: gettext_lazy("正在查询"),
    QuickClaimState.WAITING: gettext_lazy("等待医保部门答复"),
    QuickClaimState.ANSWERED: gettext_lazy("已有结果"),
    QuickClaimState.WITHDRAWN: gettext_lazy("已撤回"),
}
EVENT_WORDS: dict[str, Promise | str] = {
    "made": gettext_lazy("您同意查询并申请理赔"),
    "waiting": gettext_lazy("医保系统没有回应，开始自动重查"),
    "answered": gettext_lazy("医保部门答复，账单已理算"),
    "withdrawn": gettext_lazy("理赔已撤回"),
}
STANDS_WORDS: dict[Stands, Promise | str] = {
    Stands.DECIDED: gettext_lazy("已理算"),
    Stands.WITH_PERSON: gettext_lazy("人工核实中"),
    Stands.REFUSED: gettext_lazy("核实后不予理算"),
    Stands.NOT_COVERED: gettext_lazy("不在保障期内"),
    Stands.CANCELLED: gettext_lazy("已冲销"),
}


def consent_text(name: str, days: tuple[date, date]) -> ConsentText:
    """What is agreed to, in the page's language."""
    first, last = map(day_in_words, days)
    return ConsentText(_VERSION, str(_CONSENT) % {"name": name, "first": first, "last": last})


@dataclass(frozen=True, slots=True)
class Headline:
    """How a claim stands, in one sentence; and what happens next and when."""

    says: str
    then: str
    tone: str = ""
    """`amber` where it waits for somebody."""


def headline(story: QuickClaimStory) -> Headline:
    state = story.facts.state
    if state is QuickClaimState.ASKING:
        return Headline(_("正在向医保部门查询您的结算，通常几秒钟。"), _("本页会自动显示结果，也可以先离开。"))
    if state is QuickClaimState.WAITING:
        then = _("我们会自动再查，有结果就理算、付款，并发短信告诉您。不用重新申请，现在可以关闭本页。")
        return Headline(_("医保系统暂时没有回应，您的理赔正在排队。"), then, "amber")
    if state is QuickClaimState.WITHDRAWN:
        return Headline(_withdrawn(story), _("您可以随时重新申请，也可以凭票据材料理赔。"))
    if not story.bills:
        then = _("刚出院的，结算可能要过几天才到医保部门。可以过几天再申请，也可以凭票据材料理赔。")
        return Headline(_("医保部门没有查到这段时间的结算。"), then)
    return _of_money(story)


def _withdrawn(story: QuickClaimStory) -> str:
    if story.facts.fault == "consent_taken_back":
        return _("您收回了同意，这次理赔已停止，没有取得您的结算数据。")
    return _("您已撤回这次理赔，没有取得您的结算数据。")


def _of_money(story: QuickClaimStory) -> Headline:
    owed = {"amount": f"¥{format_yuan_grouped(story.owed)}", "last_four": story.last_four}
    if story.money is Money.NOTHING:
        return _nothing(story)
    if story.money is Money.ACCOUNT:
        then = _("登记本人的银行卡后自动付款，不用再申请。")
        return Headline(_("本产品应付您 %(amount)s，请登记收款账户。") % owed, then, "amber")
    if story.money is Money.HEIRS:
        then = _("请继承人带身份和关系证明到柜面办理。")
        return Headline(_("本产品应付 %(amount)s，由继承人领取。") % owed, then, "amber")
    return _of_payouts(story, owed)


def _nothing(story: QuickClaimStory) -> Headline:
    if story.with_person:
        then = _("核实完就理算，有赔款会自动付给您，并发短信告诉您。")
        return Headline(_("有账单需要工作人员核实。"), then, "amber")
    then = _("下面写明了每笔账单为什么没有赔款。认为不对的，可以联系人工客服。")
    return Headline(_("这些账单没有需要付给您的赔款。"), then)


def _of_payouts(story: QuickClaimStory, owed: dict[str, str]) -> Headline:
    statuses = {one.payout.status for one in story.payouts if one.payout.stands}
    if story.money is Money.MADE and story.kept and statuses <= {PayoutStatus.PAID}:
        said = owed | {"kept": f"¥{format_yuan_grouped(story.kept)}"}
        then = _("抵扣之后还有余额的，已付到您的账户。不用再做什么。")
        return Headline(_("本产品赔付 %(amount)s，其中 %(kept)s 抵扣了这份保单以前多付的赔款。") % said, then)
    if story.money is Money.MADE and statuses == {PayoutStatus.PAID}:
        return Headline(_("本产品赔付 %(amount)s，已付到尾号 %(last_four)s 的账户。") % owed, _("不用再做什么。"))
    by = (story.facts.ended_at or story.facts.created_at).date() + _PAID_WITHIN
    then = _("最晚 %(day)s 前付出，付出后发短信告诉您。") % {"day": day_in_words(by)}
    if PayoutStatus.FOR_SECOND_PERSON in statuses:
        return Headline(_("本产品赔付 %(amount)s，金额较大，付款前须两人核对。") % owed, then)
    return Headline(_("本产品赔付 %(amount)s，正在付到尾号 %(last_four)s 的账户。") % owed, then)
