"""Who may do what residents do, and what the systems of others do."""

from __future__ import annotations

from collections.abc import Mapping

from huimin.platform.foundation.actions import Action
from huimin.platform.foundation.actors import Who
from huimin.platform.foundation.permissions.rule import Rule, each, own

__all__ = ["FOR_RESIDENTS", "FOR_SYSTEMS"]

FOR_RESIDENTS: Mapping[Action, Rule] = {
    Action.READ_PUBLIC: Rule(
        "浏览公开页面：产品介绍、赔付试算、帮助、错误说明",
        "Open the public pages: the plan, the calculator, help, what errors mean",
        each(Who.ANYONE),
    ),
    Action.MANAGE_ACCOUNT: Rule(
        "工作人员登录、改密、设置双重验证",
        "Log in as staff; change one's own password and second factor",
        each(Who.ANYONE),
    ),
    Action.ENROL: Rule(
        "为本人和家人投保：阅读条款、下单、付款",
        "Order cover for oneself and family: read the terms, order, pay",
        own(Who.RESIDENT) | each(Who.CHANNEL),
    ),
    Action.READ_ORDER: Rule("查看订单", "See an order", own(Who.RESIDENT, Who.CHANNEL)),
    Action.SEE_POLICIES: Rule("查看保单", "See policies", own(Who.RESIDENT)),
    Action.WITHDRAW_POLICY: Rule("退保", "Give a policy up", own(Who.RESIDENT) | each(Who.HANDLER)),
    Action.ASK_FOR_ENDORSEMENT: Rule(
        "申请更正或变更保单信息、报告身故、对健康记录提出异议",
        "Ask that a policy is corrected or changed, report a death, contest a health record",
        own(Who.RESIDENT) | each(Who.HANDLER, Who.DEMONSTRATION),
    ),
    Action.CHANGE_OPTION: Rule(
        "保障开始前更换版本", "Take another edition before cover begins", own(Who.RESIDENT) | each(Who.HANDLER)
    ),
    Action.ASK_FOR_INVOICE: Rule(
        "申请电子发票、换抬头", "Ask for an invoice, or for another title", own(Who.RESIDENT) | each(Who.HANDLER)
    ),
    Action.SEE_HEALTH_RECORDS: Rule(
        "查看本人和未成年子女的健康记录", "See health records of oneself and one's minors", own(Who.RESIDENT)
    ),
    Action.SEE_CLAIMS: Rule(
        "查看理赔进度和赔付说明；家人的须经其本人同意",
        "See bills and what was paid on them; those of family only with the person's own consent",
        own(Who.RESIDENT),
    ),
    Action.CLAIM_QUICKLY: Rule(
        "快速理赔：同意或撤回同意向医保部门查询结算，申请和撤回理赔",
        "Claim without papers: agree that settlements are fetched, or take that back; claim, or give a claim up",
        own(Who.RESIDENT) | each(Who.DEMONSTRATION),
    ),
    Action.GIVE_ACCOUNT: Rule(
        "登记本人的收款账户、查看赔款支付",
        "Give the bank account to which one's claims are paid, and see what was paid",
        own(Who.RESIDENT) | each(Who.DEMONSTRATION),
    ),
    Action.READ_MESSAGES: Rule("查看消息", "Read the messages that were sent", own(Who.RESIDENT)),
    Action.ANSWER_WAS_IT_YOU: Rule(
        "回答“是不是您本人办的”；经办代为登记来电",
        "Answer whether an enrolment was meant; handlers write down what is said on the telephone",
        own(Who.RESIDENT) | each(Who.HANDLER),
    ),
    Action.SEE_WAS_IT_YOU: Rule(
        "查看老年人投保确认",
        "See what people of 65 and over answered about an enrolment",
        each(Who.HANDLER, Who.APPROVER),
        purpose=True,
    ),
    Action.AGREE_TO_FAMILY: Rule(
        "同意或撤回同意家人查看理赔",
        "Agree that family may see one's bills, or withdraw that",
        own(Who.RESIDENT),
    ),
}

FOR_SYSTEMS: Mapping[Action, Rule] = {
    Action.READ_PLAN: Rule("查询在售产品", "Ask for the plan on sale", each(Who.CHANNEL)),
    Action.CHECK_ELIGIBILITY: Rule(
        "查询某人能否参保及价格", "Ask whether a person may join, and at which price", each(Who.CHANNEL)
    ),
    Action.SETTLE: Rule("上传结算单，获得赔付结果", "Send a bill and be answered", each(Who.HOSPITAL, Who.PHARMACY)),
    Action.TRY_SETTLEMENT: Rule(
        "结算试算，以及取消试算",
        "Try a bill before it is settled, and cancel the trial",
        each(Who.HOSPITAL, Who.PHARMACY),
    ),
    Action.REVERSE: Rule(
        "冲销结算单",
        "Reverse a bill",
        own(Who.HOSPITAL, Who.PHARMACY) | each(Who.BUREAU_SYSTEM),
    ),
    Action.READ_SETTLEMENT: Rule(
        "查询已上传结算单的结果",
        "Ask again for the answer to a bill that was sent",
        own(Who.HOSPITAL, Who.PHARMACY, Who.BUREAU_SYSTEM),
    ),
    Action.REPORT_REPLY: Rule("转来短信回复", "Tell of a reply to a text message", each(Who.MESSAGE_GATEWAY)),
    Action.REPORT_PAYMENT: Rule("通知付款结果", "Tell of a payment", each(Who.PAYMENT_COMPANY)),
}
