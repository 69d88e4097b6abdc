"""Who may do what staff do, and what keeps a city running."""

from __future__ import annotations

from collections.abc import Mapping

from huimin.platform.foundation.actions import Action
from huimin.platform.foundation.actors import Who
from huimin.platform.foundation.permissions.rule import Rule, each, own

__all__ = ["FOR_OPERATION", "FOR_STAFF"]

_STAFF = each(
    Who.HANDLER, Who.APPROVER, Who.INSURER, Who.BUREAU, Who.ADMINISTRATOR, Who.ACCOUNT_AGENCY, Who.SPONSOR, Who.COUNTER
)

FOR_STAFF: Mapping[Action, Rule] = {
    Action.OPEN_STAFF_DOOR: Rule("进入工作台", "Open the staff's first page", _STAFF),
    Action.SEE_REVIEWS: Rule(
        "查看和检索挂起的账单", "See and search held bills", each(Who.HANDLER, Who.APPROVER), purpose=True
    ),
    Action.TAKE_REVIEW: Rule("领取挂起的账单", "Take a held bill to work on", each(Who.HANDLER)),
    Action.GIVE_BACK_REVIEW: Rule(
        "退回已领取的账单", "Give back a held bill that was taken", own(Who.HANDLER) | each(Who.APPROVER)
    ),
    Action.FIND: Rule("认定挂起账单的事实", "Find which fact of a held bill is so", each(Who.HANDLER)),
    Action.AGREE: Rule("复核大额认定", "Agree with a large finding, or send it back", each(Who.APPROVER)),
    Action.SEE_PAYMENT_CASES: Rule("查看与订单不符的来款", "See payments that fit no order", each(Who.HANDLER)),
    Action.CLOSE_PAYMENT_CASE: Rule("办结来款案件", "Close a payment case", each(Who.HANDLER)),
    Action.SEE_REFUNDS: Rule("查看退款", "See refunds", each(Who.HANDLER, Who.APPROVER)),
    Action.PAY_BACK: Rule(
        "退款：发起、提请、重新办理", "Pay back: begin, propose, try again", each(Who.HANDLER, Who.COMMAND)
    ),
    Action.AGREE_TO_REFUND: Rule("复核大额退款", "Agree with a large refund, or send it back", each(Who.APPROVER)),
    Action.SEE_SAMPLE: Rule(
        "查看自动理算抽查", "See the sample of automatic decisions", each(Who.HANDLER, Who.APPROVER), purpose=True
    ),
    Action.ANSWER_SAMPLE: Rule(
        "认定抽查账单理算对错", "Say whether a sampled bill was decided rightly", each(Who.HANDLER)
    ),
    Action.SEE_PAYOUTS: Rule("查看赔款支付", "See payouts of claims", each(Who.HANDLER, Who.APPROVER)),
    Action.PAY_OUT: Rule("提请大额赔款支付", "Propose a large payout", each(Who.HANDLER)),
    Action.AGREE_TO_PAYOUT: Rule("复核大额赔款支付", "Agree with a large payout, or send it back", each(Who.APPROVER)),
    Action.WAIVE_OVERPAYMENT: Rule("提请免予退还多付赔款", "Propose to waive an overpayment", each(Who.HANDLER)),
    Action.AGREE_TO_WAIVER: Rule(
        "复核免予退还多付赔款", "Agree with waiving an overpayment, or send it back", each(Who.APPROVER)
    ),
    Action.SEE_OTHER_COVER: Rule(
        "查看重复投保", "See orders for people with cover elsewhere", each(Who.HANDLER, Who.APPROVER)
    ),
    Action.SEE_INVOICES: Rule("查看待开发票", "See invoices that are not issued yet", each(Who.HANDLER, Who.APPROVER)),
    Action.WORK_ON_INVOICES: Rule(
        "重新办理或终止被退回的发票", "Have a refused invoice tried again, or give it up", each(Who.HANDLER)
    ),
    Action.SEE_POLICY_REQUESTS: Rule(
        "查看保全申请和异议", "See what is asked about policies", each(Who.HANDLER, Who.APPROVER), purpose=True
    ),
    Action.DECIDE_ON_POLICIES: Rule("办理保全申请", "Work on what is asked about policies", each(Who.HANDLER)),
    Action.AGREE_ON_POLICIES: Rule(
        "复核保全申请", "Agree to what was proposed about a policy, or send it back", each(Who.APPROVER)
    ),
    Action.SEE_SESSIONS: Rule(
        "回放投保过程",
        "Replay enrolment sessions as they were",
        each(Who.HANDLER, Who.APPROVER),
        purpose=True,
    ),
    Action.SEE_SHARES: Rule(
        "查看保费和赔款分摊",
        "See premium and claims shared out",
        own(Who.INSURER) | each(Who.LEAD_INSURER),
    ),
    Action.RECALCULATE: Rule(
        "按更正后的条款重算全年", "Have a year decided again under corrected terms", each(Who.LEAD_INSURER)
    ),
    Action.STUDY: Rule("使用精算台", "Ask for the actuary's studies, see and cancel them", each(Who.LEAD_INSURER)),
    Action.SEE_FIGURES: Rule("查看全市统计", "See the city's figures", each(Who.BUREAU), purpose=True),
    Action.WATCH_LAUNCH: Rule(
        "查看开售实况；不能查看个人信息的，看不到不足 10 人的数字",
        "Watch a launch; who may not see persons sees no figure of fewer than ten",
        each(Who.HANDLER, Who.APPROVER, Who.LEAD_INSURER, Who.BUREAU, Who.ADMINISTRATOR),
    ),
    Action.ADMINISTER: Rule(
        "查看系统管理：接入机构、操作记录", "See clients and the latest events", each(Who.ADMINISTRATOR)
    ),
    Action.SET_CALENDAR: Rule("调整演示日期", "Move a demonstration's day", each(Who.ADMINISTRATOR)),
    Action.DESIGN_PLAN: Rule("使用条款设计器", "Check and compare terms in the designer", each(Who.ADMINISTRATOR)),
    Action.SEE_TASKS: Rule("查看后台任务", "See the queue of work", each(Who.ADMINISTRATOR)),
}

FOR_OPERATION: Mapping[Action, Rule] = {
    Action.RETRY_TASK: Rule("重试失败的任务", "Have a failed task tried again", each(Who.ADMINISTRATOR, Who.COMMAND)),
    Action.CANCEL_TASK: Rule("取消任务", "Cancel a task", each(Who.ADMINISTRATOR, Who.COMMAND)),
    Action.VERIFY_BOOKS: Rule(
        "账实核对", "Compute the books again and compare", each(Who.ADMINISTRATOR, Who.COMMAND, Who.QUEUE)
    ),
    Action.SET_UP: Rule(
        "开通城市：登记保险公司和接入系统，公布休息日、上班日和顺延期",
        "Set a city up: its insurers, the systems that call it, its days off and worked days, its moratoria",
        each(Who.COMMAND),
    ),
    Action.PUBLISH_PLAN: Rule("上架产品年度", "Put a plan year on sale", each(Who.COMMAND, Who.DEMONSTRATION)),
    Action.SET_INVOICE_ISSUER: Rule(
        "设定开票保险公司和税率",
        "Say which insurer issues invoices, and with which tax",
        each(Who.COMMAND, Who.DEMONSTRATION),
    ),
    Action.SET_SHARES: Rule("设定共保份额", "Set the insurers' shares", each(Who.COMMAND, Who.DEMONSTRATION)),
    Action.SET_SECOND_PERSON: Rule(
        "设定须复核的金额", "Set above which amount a second person is needed", each(Who.COMMAND)
    ),
    Action.AGREE_TO_LIMIT: Rule(
        "同意提高须复核的金额", "Agree that the amount for a second person is raised", each(Who.ADMINISTRATOR)
    ),
    Action.SEE_APPROVALS: Rule("查看待复核的提请", "See what waits for a second person", each(Who.ADMINISTRATOR)),
    Action.EVEN_OUT_ROUNDING: Rule("每月结平取整差额", "Even out the month's rounding", each(Who.COMMAND, Who.QUEUE)),
    Action.GIVE_ROLE: Rule(
        "授予或收回角色", "Give a person a role, or take it back", each(Who.COMMAND, Who.DEMONSTRATION)
    ),
}
