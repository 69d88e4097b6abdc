"""Who may work with personal accounts, funds of others and renewals."""

from __future__ import annotations

from collections.abc import Mapping

from huimin.platform.foundation.actions import Action
from huimin.platform.foundation.actors import Who
from huimin.platform.foundation.permissions.rule import Rule, each, own

__all__ = ["FOR_ACCOUNTS", "FOR_CLEARING", "FOR_RENEWAL", "FOR_SUBSIDIES"]

FOR_ACCOUNTS: Mapping[Action, Rule] = {
    Action.SEE_ACCOUNT_LISTS: Rule(
        "查看本统筹区的个人账户缴费清单",
        "See the lists of payments from personal accounts of one's own areas",
        own(Who.ACCOUNT_AGENCY),
        purpose=True,
    ),
    Action.MAKE_ACCOUNT_LIST: Rule(
        "生成个人账户缴费月度清单",
        "Send an area's agency its monthly list",
        own(Who.ACCOUNT_AGENCY) | each(Who.QUEUE, Who.DEMONSTRATION),
    ),
    Action.DECIDE_ACCOUNT_LINES: Rule(
        "审核清单：同意或剔除",
        "Approve lines of a list, or strike them out",
        own(Who.ACCOUNT_AGENCY),
    ),
    Action.RECORD_ACCOUNT_TRANSFER: Rule(
        "登记个人账户保费划拨", "Record that what was approved was transferred", own(Who.ACCOUNT_AGENCY)
    ),
    Action.SEE_ACCOUNT_MONEY: Rule(
        "查看个人账户划拨和统筹区往来",
        "See transfers from personal accounts, and what areas owe each other",
        each(Who.HANDLER, Who.BUREAU),
    ),
    Action.MATCH_ACCOUNT_TRANSFER: Rule(
        "核对划拨到账或退回", "Match a transfer with the bank: received, or returned", each(Who.HANDLER)
    ),
    Action.SETTLE_AREAS: Rule("登记统筹区之间已清算", "Record that areas have settled a month", each(Who.BUREAU)),
    Action.SET_ACCOUNT_AREA: Rule(
        "设定统筹区的个人账户缴费规则",
        "Let accounts of an area pay, by the rules of a place",
        each(Who.COMMAND, Who.DEMONSTRATION),
    ),
    Action.SEE_RECONCILIATION: Rule(
        "查看与支付机构和银行的对账", "See days compared with payment companies and the bank", each(Who.HANDLER)
    ),
    Action.RECONCILE: Rule(
        "与支付机构和银行对账、结束对账日",
        "Compare a day with the file of a payment company or the bank, and close it",
        each(Who.HANDLER, Who.QUEUE, Who.DEMONSTRATION),
    ),
    Action.FIND_DIFFERENCE: Rule(
        "认定与银行的差异", "Find what became of a difference with the bank", each(Who.HANDLER)
    ),
}

FOR_CLEARING: Mapping[Action, Rule] = {
    Action.MAKE_HOSPITAL_STATEMENT: Rule(
        "生成医疗机构月度结算单", "Make the monthly statements of hospitals", each(Who.QUEUE, Who.DEMONSTRATION)
    ),
    Action.READ_HOSPITAL_STATEMENT: Rule(
        "读取本机构的结算单", "Read one's own statements", own(Who.HOSPITAL, Who.PHARMACY)
    ),
    Action.ANSWER_HOSPITAL_STATEMENT: Rule(
        "答复结算单：逐笔同意或提出异议；医疗机构交来的表格由经办代为上传",
        "Answer a statement line by line; handlers send in the sheet that a hospital handed over",
        own(Who.HOSPITAL, Who.PHARMACY) | each(Who.HANDLER),
    ),
    Action.SEE_HOSPITAL_STATEMENTS: Rule(
        "查看医疗机构结算单", "See the statements of hospitals", each(Who.HANDLER, Who.APPROVER)
    ),
    Action.DECIDE_DISPUTED_LINE: Rule(
        "认定有异议的结算明细", "Find what holds of a disputed line of a statement", each(Who.HANDLER)
    ),
    Action.AGREE_TO_DISPUTED_LINE: Rule(
        "复核有异议的大额结算明细", "Agree with a finding on a large disputed line, or send it back", each(Who.APPROVER)
    ),
    Action.SET_HOSPITAL_ACCOUNT: Rule(
        "登记医疗机构收款账户", "Give the account to which a hospital is paid", each(Who.HANDLER)
    ),
    Action.AGREE_TO_HOSPITAL_ACCOUNT: Rule(
        "复核医疗机构收款账户", "Confirm a hospital's account, or send it back", each(Who.APPROVER)
    ),
}

_SEES_FUNDS = each(Who.HANDLER, Who.APPROVER, Who.ADMINISTRATOR)
_OPENS_FUNDS = each(Who.ADMINISTRATOR, Who.COMMAND, Who.DEMONSTRATION)
FOR_SUBSIDIES: Mapping[Action, Rule] = {
    Action.OPEN_FUND: Rule("设立资助方、名册和资助资金", "Open sponsors, rosters and funds", _OPENS_FUNDS),
    Action.RECORD_CONTRIBUTION: Rule(
        "登记资助资金到账", "Record that money came for a fund", each(Who.HANDLER, Who.DEMONSTRATION)
    ),
    Action.SEE_FUNDS: Rule("查看资助资金和名册", "See funds and rosters", _SEES_FUNDS),
    Action.SEE_ROSTER: Rule(
        "查看名册人员变化", "See who came and went with a roster", each(Who.HANDLER, Who.APPROVER), purpose=True
    ),
    Action.SEE_STATEMENT: Rule(
        "查看资助资金的使用情况", "See what a fund's money did", own(Who.SPONSOR) | _SEES_FUNDS | each(Who.BUREAU)
    ),
    Action.SEE_OWN_FUNDS: Rule("查看本单位的资助", "See one's own funds together", each(Who.SPONSOR)),
    Action.IMPORT_ROSTER: Rule("导入资助名册并提请启用", "Send a roster, and propose it", each(Who.HANDLER)),
    Action.AGREE_TO_ROSTER: Rule("复核资助名册", "Agree to a roster, or send it back", each(Who.APPROVER)),
    Action.GRANT_COVER: Rule("为名册人员免申即享参保", "Grant cover to a roster", each(Who.HANDLER)),
    Action.DECLINE_COVER: Rule("婉拒免申即享的参保", "Decline cover that was granted", own(Who.RESIDENT)),
}

FOR_RENEWAL: Mapping[Action, Rule] = {
    Action.AGREE_TO_RENEWAL: Rule(
        "同意自动续保（本人自己办理，工作人员不能代办）",
        "Agree to automatic renewal: the payer's own act, which no staff can do",
        own(Who.RESIDENT),
    ),
    Action.STOP_RENEWAL: Rule(
        "取消自动续保、收回同意",
        "Undo a renewal, or take the consent back",
        own(Who.RESIDENT) | each(Who.HANDLER, Who.MESSAGE_GATEWAY),
    ),
    Action.RENEW: Rule("按同意续保并扣款", "Renew by consent, and have the premium taken", each(Who.QUEUE)),
    Action.GIVE_BACK_RENEWAL: Rule(
        "没有同意凭据的自动续保全额退回",
        "Give back the whole of a renewal that nobody agreed to",
        each(Who.HANDLER, Who.QUEUE),
    ),
    Action.SEE_RENEWALS: Rule("查看自动续保", "See automatic renewals", each(Who.HANDLER, Who.APPROVER)),
    Action.TELL_OF_RENEWAL: Rule(
        "登记电话或信函告知", "Record that somebody was told by telephone or letter", each(Who.HANDLER)
    ),
    Action.IMPORT_YEARS: Rule("导入以往参保年度", "Import the cover years of an older insurer", each(Who.HANDLER)),
    Action.SEE_RENEWAL_PROOF: Rule(
        "查找自动续保的同意凭据",
        "Find the proof of consent to a renewal",
        each(Who.HANDLER, Who.APPROVER),
        purpose=True,
    ),
}
