"""Who may do what, in one table. docs/permissions.md is generated from it, and tests compare every address and service
with it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from huimin.platform.foundation.actions import Action
from huimin.platform.foundation.actors import Who

__all__ = ["NAMES", "RULES", "Action", "Rule", "Scope"]


NAMES: Mapping[Who, tuple[str, str]] = {
    Who.ANYONE: ("任何人", "anyone"),
    Who.RESIDENT: ("居民", "resident"),
    Who.HANDLER: ("经办", "handler"),
    Who.APPROVER: ("复核", "approver"),
    Who.INSURER: ("保险公司", "insurer"),
    Who.LEAD_INSURER: ("主承保公司", "lead insurer"),
    Who.BUREAU: ("医保局", "bureau"),
    Who.ACCOUNT_AGENCY: ("个账经办机构", "account agency"),
    Who.SPONSOR: ("资助方", "sponsor"),
    Who.ADMINISTRATOR: ("管理员", "administrator"),
    Who.HOSPITAL: ("医院系统", "hospital's system"),
    Who.PHARMACY: ("药店系统", "pharmacy's system"),
    Who.CHANNEL: ("参保渠道系统", "channel's system"),
    Who.BUREAU_SYSTEM: ("医保局系统", "bureau's system"),
    Who.MESSAGE_GATEWAY: ("短信网关", "message gateway"),
    Who.PAYMENT_COMPANY: ("支付机构", "payment company"),
    Who.COMMAND: ("服务器命令行", "command line of the server"),
    Who.QUEUE: ("后台任务", "queue of work"),
    Who.DEMONSTRATION: ("演示数据装载", "loader of the demonstration"),
}
"""Chinese and English name of each role."""


class Scope(StrEnum):
    """Which things a role may act on: all in the city, or only those of the actor or the actor's insurer."""

    ALL = "all"
    OWN = "own"


@dataclass(frozen=True, slots=True)
class Rule:
    """Who may do one thing, and to whose things. `purpose` says that the actor must give a purpose."""

    zh: str
    en: str
    who: Mapping[Who, Scope]
    purpose: bool = False


def _all(*who: Who) -> dict[Who, Scope]:
    return dict.fromkeys(who, Scope.ALL)


def _own(*who: Who) -> dict[Who, Scope]:
    return dict.fromkeys(who, Scope.OWN)


_STAFF = _all(Who.HANDLER, Who.APPROVER, Who.INSURER, Who.BUREAU, Who.ADMINISTRATOR, Who.ACCOUNT_AGENCY, Who.SPONSOR)

_FOR_RESIDENTS: Mapping[Action, Rule] = {
    Action.READ_PUBLIC: Rule(
        "浏览公开页面：产品介绍、赔付试算、帮助、错误说明",
        "Open the public pages: the plan, the calculator, help, what errors mean",
        _all(Who.ANYONE),
    ),
    Action.MANAGE_ACCOUNT: Rule(
        "工作人员登录、改密、设置双重验证",
        "Log in as staff; change one's own password and second factor",
        _all(Who.ANYONE),
    ),
    Action.ENROL: Rule(
        "为本人和家人投保：阅读条款、下单、付款",
        "Order cover for oneself and family: read the terms, order, pay",
        _own(Who.RESIDENT) | _all(Who.CHANNEL),
    ),
    Action.READ_ORDER: Rule("查看订单", "See an order", _own(Who.RESIDENT, Who.CHANNEL)),
    Action.SEE_POLICIES: Rule("查看保单", "See policies", _own(Who.RESIDENT)),
    Action.WITHDRAW_POLICY: Rule("退保", "Give a policy up", _own(Who.RESIDENT) | _all(Who.HANDLER)),
    Action.ASK_FOR_ENDORSEMENT: Rule(
        "申请更正或变更保单信息、报告身故、对健康记录提出异议",
        "Ask that a policy is corrected or changed, report a death, contest a health record",
        _own(Who.RESIDENT) | _all(Who.HANDLER, Who.DEMONSTRATION),
    ),
    Action.CHANGE_OPTION: Rule(
        "保障开始前更换版本", "Take another edition before cover begins", _own(Who.RESIDENT) | _all(Who.HANDLER)
    ),
    Action.SEE_HEALTH_RECORDS: Rule(
        "查看本人和未成年子女的健康记录", "See health records of oneself and one's minors", _own(Who.RESIDENT)
    ),
    Action.SEE_CLAIMS: Rule(
        "查看理赔进度和赔付说明；家人的须经其本人同意",
        "See bills and what was paid on them; those of family only with the person's own consent",
        _own(Who.RESIDENT),
    ),
    Action.READ_MESSAGES: Rule("查看消息", "Read the messages that were sent", _own(Who.RESIDENT)),
    Action.ANSWER_WAS_IT_YOU: Rule(
        "回答“是不是您本人办的”；经办代为登记来电",
        "Answer whether an enrolment was meant; handlers write down what is said on the telephone",
        _own(Who.RESIDENT) | _all(Who.HANDLER),
    ),
    Action.SEE_WAS_IT_YOU: Rule(
        "查看老年人投保确认",
        "See what people of 65 and over answered about an enrolment",
        _all(Who.HANDLER, Who.APPROVER),
        purpose=True,
    ),
    Action.AGREE_TO_FAMILY: Rule(
        "同意或撤回同意家人查看理赔",
        "Agree that family may see one's bills, or withdraw that",
        _own(Who.RESIDENT),
    ),
}

_FOR_SYSTEMS: Mapping[Action, Rule] = {
    Action.READ_PLAN: Rule("查询在售产品", "Ask for the plan on sale", _all(Who.CHANNEL)),
    Action.CHECK_ELIGIBILITY: Rule(
        "查询某人能否参保及价格", "Ask whether a person may join, and at which price", _all(Who.CHANNEL)
    ),
    Action.SETTLE: Rule("上传结算单，获得赔付结果", "Send a bill and be answered", _all(Who.HOSPITAL, Who.PHARMACY)),
    Action.REVERSE: Rule(
        "冲销结算单",
        "Reverse a bill",
        _own(Who.HOSPITAL, Who.PHARMACY) | _all(Who.BUREAU_SYSTEM),
    ),
    Action.READ_SETTLEMENT: Rule(
        "查询已上传结算单的结果",
        "Ask again for the answer to a bill that was sent",
        _own(Who.HOSPITAL, Who.PHARMACY, Who.BUREAU_SYSTEM),
    ),
    Action.REPORT_REPLY: Rule("转来短信回复", "Tell of a reply to a text message", _all(Who.MESSAGE_GATEWAY)),
    Action.REPORT_PAYMENT: Rule("通知付款结果", "Tell of a payment", _all(Who.PAYMENT_COMPANY)),
}

_FOR_STAFF: Mapping[Action, Rule] = {
    Action.OPEN_STAFF_DOOR: Rule("进入工作台", "Open the staff's first page", _STAFF),
    Action.SEE_REVIEWS: Rule(
        "查看和检索挂起的账单", "See and search held bills", _all(Who.HANDLER, Who.APPROVER), purpose=True
    ),
    Action.TAKE_REVIEW: Rule("领取挂起的账单", "Take a held bill to work on", _all(Who.HANDLER)),
    Action.GIVE_BACK_REVIEW: Rule(
        "退回已领取的账单", "Give back a held bill that was taken", _own(Who.HANDLER) | _all(Who.APPROVER)
    ),
    Action.FIND: Rule("认定挂起账单的事实", "Find which fact of a held bill is so", _all(Who.HANDLER)),
    Action.AGREE: Rule("复核大额认定", "Agree with a large finding, or send it back", _all(Who.APPROVER)),
    Action.SEE_PAYMENT_CASES: Rule("查看与订单不符的来款", "See payments that fit no order", _all(Who.HANDLER)),
    Action.CLOSE_PAYMENT_CASE: Rule("办结来款案件", "Close a payment case", _all(Who.HANDLER)),
    Action.SEE_REFUNDS: Rule("查看退款", "See refunds", _all(Who.HANDLER, Who.APPROVER)),
    Action.PAY_BACK: Rule(
        "退款：发起、提请、重新办理", "Pay back: begin, propose, try again", _all(Who.HANDLER, Who.COMMAND)
    ),
    Action.AGREE_TO_REFUND: Rule("复核大额退款", "Agree with a large refund, or send it back", _all(Who.APPROVER)),
    Action.SEE_POLICY_REQUESTS: Rule(
        "查看保全申请和异议", "See what is asked about policies", _all(Who.HANDLER, Who.APPROVER), purpose=True
    ),
    Action.DECIDE_ON_POLICIES: Rule("办理保全申请", "Work on what is asked about policies", _all(Who.HANDLER)),
    Action.AGREE_ON_POLICIES: Rule(
        "复核保全申请", "Agree to what was proposed about a policy, or send it back", _all(Who.APPROVER)
    ),
    Action.SEE_SESSIONS: Rule(
        "回放投保过程",
        "Replay enrolment sessions as they were",
        _all(Who.HANDLER, Who.APPROVER),
        purpose=True,
    ),
    Action.SEE_SHARES: Rule(
        "查看保费和赔款分摊",
        "See premium and claims shared out",
        _own(Who.INSURER) | _all(Who.LEAD_INSURER),
    ),
    Action.RECALCULATE: Rule(
        "按更正后的条款重算全年", "Have a year decided again under corrected terms", _all(Who.LEAD_INSURER)
    ),
    Action.STUDY: Rule("使用精算台", "Ask for the actuary's studies, see and cancel them", _all(Who.LEAD_INSURER)),
    Action.SEE_FIGURES: Rule("查看全市统计", "See the city's figures", _all(Who.BUREAU), purpose=True),
    Action.WATCH_LAUNCH: Rule(
        "查看开售实况；不能查看个人信息的，看不到不足 10 人的数字",
        "Watch a launch; who may not see persons sees no figure of fewer than ten",
        _all(Who.HANDLER, Who.APPROVER, Who.LEAD_INSURER, Who.BUREAU, Who.ADMINISTRATOR),
    ),
    Action.ADMINISTER: Rule(
        "查看系统管理：接入机构、操作记录", "See clients and the latest events", _all(Who.ADMINISTRATOR)
    ),
    Action.SET_CALENDAR: Rule("调整演示日期", "Move a demonstration's day", _all(Who.ADMINISTRATOR)),
    Action.DESIGN_PLAN: Rule("使用条款设计器", "Check and compare terms in the designer", _all(Who.ADMINISTRATOR)),
    Action.SEE_TASKS: Rule("查看后台任务", "See the queue of work", _all(Who.ADMINISTRATOR)),
}

_FOR_ACCOUNTS: Mapping[Action, Rule] = {
    Action.SEE_ACCOUNT_LISTS: Rule(
        "查看本统筹区的个人账户缴费清单",
        "See the lists of payments from personal accounts of one's own areas",
        _own(Who.ACCOUNT_AGENCY),
        purpose=True,
    ),
    Action.MAKE_ACCOUNT_LIST: Rule(
        "生成个人账户缴费月度清单",
        "Send an area's agency its monthly list",
        _own(Who.ACCOUNT_AGENCY) | _all(Who.QUEUE, Who.DEMONSTRATION),
    ),
    Action.DECIDE_ACCOUNT_LINES: Rule(
        "审核清单：同意或剔除",
        "Approve lines of a list, or strike them out",
        _own(Who.ACCOUNT_AGENCY),
    ),
    Action.RECORD_ACCOUNT_TRANSFER: Rule(
        "登记个人账户保费划拨", "Record that what was approved was transferred", _own(Who.ACCOUNT_AGENCY)
    ),
    Action.SEE_ACCOUNT_MONEY: Rule(
        "查看个人账户划拨和统筹区往来",
        "See transfers from personal accounts, and what areas owe each other",
        _all(Who.HANDLER, Who.BUREAU),
    ),
    Action.MATCH_ACCOUNT_TRANSFER: Rule(
        "核对划拨到账或退回", "Match a transfer with the bank: received, or returned", _all(Who.HANDLER)
    ),
    Action.SETTLE_AREAS: Rule("登记统筹区之间已清算", "Record that areas have settled a month", _all(Who.BUREAU)),
    Action.SET_ACCOUNT_AREA: Rule(
        "设定统筹区的个人账户缴费规则",
        "Let accounts of an area pay, by the rules of a place",
        _all(Who.COMMAND, Who.DEMONSTRATION),
    ),
    Action.SEE_RECONCILIATION: Rule("查看支付机构对账", "See days compared with payment companies", _all(Who.HANDLER)),
    Action.RECONCILE: Rule(
        "与支付机构对账、结束对账日",
        "Compare a day with a payment company's file, and close it",
        _all(Who.HANDLER, Who.QUEUE, Who.DEMONSTRATION),
    ),
}

_FOR_OPERATION: Mapping[Action, Rule] = {
    Action.RETRY_TASK: Rule("重试失败的任务", "Have a failed task tried again", _all(Who.ADMINISTRATOR, Who.COMMAND)),
    Action.CANCEL_TASK: Rule("取消任务", "Cancel a task", _all(Who.ADMINISTRATOR, Who.COMMAND)),
    Action.VERIFY_BOOKS: Rule(
        "账实核对", "Compute the books again and compare", _all(Who.ADMINISTRATOR, Who.COMMAND, Who.QUEUE)
    ),
    Action.SET_UP: Rule(
        "开通城市：登记保险公司和接入系统，公布休息日、上班日和顺延期",
        "Set a city up: its insurers, the systems that call it, its days off and worked days, its moratoria",
        _all(Who.COMMAND),
    ),
    Action.PUBLISH_PLAN: Rule("上架产品年度", "Put a plan year on sale", _all(Who.COMMAND, Who.DEMONSTRATION)),
    Action.SET_SHARES: Rule("设定共保份额", "Set the insurers' shares", _all(Who.COMMAND, Who.DEMONSTRATION)),
    Action.SET_SECOND_PERSON: Rule(
        "设定须复核的金额", "Set above which amount a second person is needed", _all(Who.COMMAND)
    ),
    Action.AGREE_TO_LIMIT: Rule(
        "同意提高须复核的金额", "Agree that the amount for a second person is raised", _all(Who.ADMINISTRATOR)
    ),
    Action.SEE_APPROVALS: Rule("查看待复核的提请", "See what waits for a second person", _all(Who.ADMINISTRATOR)),
    Action.EVEN_OUT_ROUNDING: Rule("每月结平取整差额", "Even out the month's rounding", _all(Who.COMMAND, Who.QUEUE)),
    Action.GIVE_ROLE: Rule(
        "授予或收回角色", "Give a person a role, or take it back", _all(Who.COMMAND, Who.DEMONSTRATION)
    ),
}

_SEES_FUNDS = _all(Who.HANDLER, Who.APPROVER, Who.ADMINISTRATOR)
_OPENS_FUNDS = _all(Who.ADMINISTRATOR, Who.COMMAND, Who.DEMONSTRATION)
_FOR_SUBSIDIES: Mapping[Action, Rule] = {
    Action.OPEN_FUND: Rule("设立资助方、名册和资助资金", "Open sponsors, rosters and funds", _OPENS_FUNDS),
    Action.RECORD_CONTRIBUTION: Rule(
        "登记资助资金到账", "Record that money came for a fund", _all(Who.HANDLER, Who.DEMONSTRATION)
    ),
    Action.SEE_FUNDS: Rule("查看资助资金和名册", "See funds and rosters", _SEES_FUNDS),
    Action.SEE_ROSTER: Rule(
        "查看名册人员变化", "See who came and went with a roster", _all(Who.HANDLER, Who.APPROVER), purpose=True
    ),
    Action.SEE_STATEMENT: Rule(
        "查看资助资金的使用情况", "See what a fund's money did", _own(Who.SPONSOR) | _SEES_FUNDS | _all(Who.BUREAU)
    ),
    Action.SEE_OWN_FUNDS: Rule("查看本单位的资助", "See one's own funds together", _all(Who.SPONSOR)),
    Action.IMPORT_ROSTER: Rule("导入资助名册并提请启用", "Send a roster, and propose it", _all(Who.HANDLER)),
    Action.AGREE_TO_ROSTER: Rule("复核资助名册", "Agree to a roster, or send it back", _all(Who.APPROVER)),
    Action.GRANT_COVER: Rule("为名册人员免申即享参保", "Grant cover to a roster", _all(Who.HANDLER)),
    Action.DECLINE_COVER: Rule("婉拒免申即享的参保", "Decline cover that was granted", _own(Who.RESIDENT)),
}

_FOR_RENEWAL: Mapping[Action, Rule] = {
    Action.AGREE_TO_RENEWAL: Rule(
        "同意自动续保（本人自己办理，工作人员不能代办）",
        "Agree to automatic renewal: the payer's own act, which no staff can do",
        _own(Who.RESIDENT),
    ),
    Action.STOP_RENEWAL: Rule(
        "取消自动续保、收回同意",
        "Undo a renewal, or take the consent back",
        _own(Who.RESIDENT) | _all(Who.HANDLER, Who.MESSAGE_GATEWAY),
    ),
    Action.RENEW: Rule("按同意续保并扣款", "Renew by consent, and have the premium taken", _all(Who.QUEUE)),
    Action.GIVE_BACK_RENEWAL: Rule(
        "没有同意凭据的自动续保全额退回",
        "Give back the whole of a renewal that nobody agreed to",
        _all(Who.HANDLER, Who.QUEUE),
    ),
    Action.SEE_RENEWALS: Rule("查看自动续保", "See automatic renewals", _all(Who.HANDLER, Who.APPROVER)),
    Action.TELL_OF_RENEWAL: Rule(
        "登记电话或信函告知", "Record that somebody was told by telephone or letter", _all(Who.HANDLER)
    ),
    Action.IMPORT_YEARS: Rule("导入以往参保年度", "Import the cover years of an older insurer", _all(Who.HANDLER)),
    Action.SEE_RENEWAL_PROOF: Rule(
        "查找自动续保的同意凭据",
        "Find the proof of consent to a renewal",
        _all(Who.HANDLER, Who.APPROVER),
        purpose=True,
    ),
}

RULES: Mapping[Action, Rule] = {
    **{**_FOR_RESIDENTS, **_FOR_SYSTEMS, **_FOR_STAFF},
    **{**_FOR_ACCOUNTS, **_FOR_OPERATION, **_FOR_SUBSIDIES, **_FOR_RENEWAL},
}
