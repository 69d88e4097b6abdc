"""Who may enrol many people by one list, and who may work at a counter."""

from __future__ import annotations

from collections.abc import Mapping

from huimin.platform.foundation.actions import Action
from huimin.platform.foundation.actors import Who
from huimin.platform.foundation.permissions.rule import Rule, each, own

__all__ = ["FOR_COUNTER", "FOR_MANY"]

_SEES_MANY = each(Who.HANDLER, Who.APPROVER)
FOR_MANY: Mapping[Action, Rule] = {
    Action.OPEN_ORGANISATION: Rule(
        "登记参保单位", "Take in an organisation that pays for many", each(Who.HANDLER, Who.DEMONSTRATION)
    ),
    Action.SEE_BULK: Rule(
        "查看单位、批量参保文件和办理结果", "See organisations, files of many people and what came of them", _SEES_MANY
    ),
    Action.SEND_BULK_FILE: Rule(
        "上传批量参保文件，查询其结果",
        "Send a file of many people, and ask what came of it",
        each(Who.HANDLER, Who.CHANNEL, Who.DEMONSTRATION),
    ),
    Action.ACCEPT_BULK_FILE: Rule(
        "确认或取消批量参保", "Accept a file of many people, or cancel it", each(Who.HANDLER)
    ),
    Action.RECORD_ORGANISATION_MONEY: Rule(
        "提请登记单位缴款或退款", "Propose that an organisation's money came in or goes back", each(Who.HANDLER)
    ),
    Action.AGREE_TO_ORGANISATION_MONEY: Rule(
        "复核单位缴款或退款", "Agree that an organisation's money came in or goes back", each(Who.APPROVER)
    ),
    Action.ANSWER_GROUP: Rule(
        "同意或不同意由单位为本人（或所监护的未成年人）参保",
        "Agree, or not, that an organisation pays for oneself or for a minor in one's care",
        own(Who.RESIDENT),
    ),
}

FOR_COUNTER: Mapping[Action, Rule] = {
    Action.SERVE_AT_COUNTER: Rule(
        "柜面办理：凭证件查找本人、告知重要条款、登记同意、投保、打印保单",
        "Serve at a counter: find a person by their card, tell the key terms, write down consent, enrol, print",
        each(Who.COUNTER),
        purpose=True,
    ),
    Action.TAKE_CASH: Rule("收取、退付现金并清点", "Take cash, pay it out, and count the till", each(Who.COUNTER)),
    Action.SEE_TILLS: Rule("查看柜面现金和缴存", "See tills and what was paid in", each(Who.HANDLER, Who.APPROVER)),
    Action.CONFIRM_BANKED: Rule(
        "复核柜面现金已缴存银行", "Confirm that a till's cash came to the bank", each(Who.HANDLER)
    ),
    Action.WRITE_OFF_TILL: Rule(
        "提请核销柜面现金长短款", "Propose to write off what a till is short or over", each(Who.HANDLER)
    ),
    Action.AGREE_TO_WRITE_OFF: Rule(
        "复核核销柜面现金长短款", "Agree with writing off a till's difference, or send it back", each(Who.APPROVER)
    ),
}
