"""What the sandbox's pages say, in Chinese and in English."""

from __future__ import annotations

from collections.abc import Mapping

__all__ = ["FIELDS_WORDS", "KINDS", "LANGUAGES", "PARTIES", "WAYS_WORDS", "words"]

LANGUAGES = ("zh", "en")

PARTIES: Mapping[str, tuple[tuple[str, str], tuple[str, str]]] = {
    "payment-company": (
        ("支付机构", "Payment company"),
        ("收取保费、通知结果、原路退款", "Takes premiums, tells the outcome, gives money back"),
    ),
    "message-gateway": (
        ("短信网关", "Message gateway"),
        ("收下平台发给手机的短信", "Takes the text messages that go to telephones"),
    ),
    "hospital": (
        ("医院", "Hospital"),
        ("出院时把结算单发给平台", "Sends a bill to the platform at discharge"),
    ),
    "bureau": (
        ("医保局", "Medical-insurance bureau"),
        (
            "核验参保、查询健康历史和结算、冻结个人账户余额",
            "Confirms cover, tells of history and settlements, sets personal accounts' money aside",
        ),
    ),
    "invoice-platform": (
        ("电子发票平台", "Invoice platform"),
        ("开具电子发票和红字发票", "Issues invoices, and red ones that take them back"),
    ),
    "bank": (("银行", "Bank"), ("办理赔款支付与退汇", "Pays claims out, and returns what cannot be paid")),
    "pharmacy": (("药店", "Pharmacy"), ("特药核验与直付", "Asks for authorisations, hands special drugs out")),
    "bill-verification": (
        ("票据查验", "Bill verification"),
        ("查验电子医疗票据真伪与冲红", "Says whether a bill is genuine, and whether it was reversed"),
    ),
}
"""Each party's name, and what it does."""

_PROMISES: Mapping[str, tuple[tuple[str, str], ...]] = {
    "pharmacy": (
        ("询问用药是否已获审核", "ask whether a drug is authorised"),
        ("登记发药", "record what was handed out"),
        ("发送结算单", "send the bill"),
    ),
    "bill-verification": (
        ("查验电子医疗票据真伪", "say whether an electronic medical bill is genuine"),
        ("告知是否冲红及红票号码", "say that it was reversed, and by which bill"),
        ("同一票据每天最多查验五次", "limit queries of one bill to five a day"),
    ),
    "hospital": (("接收调阅病历的请求", "take requests for a visit's records"),),
}

KINDS: Mapping[str, tuple[str, str]] = {
    "lose_request": ("请求丢失", "Lose the request"),
    "busy": ("繁忙，稍后再来", "Be busy"),
    "on_the_way": ("途中代理报错", "Fail on the way there"),
    "refuse": ("拒绝", "Refuse"),
    "lose_answer": ("办理后应答丢失", "Do it, lose the answer"),
    "slow": ("应答很慢", "Answer slowly"),
    "dribble": ("一个字节一个字节地答", "Answer byte by byte"),
    "fault": ("办理后报内部错误", "Do it, report a fault"),
    "garble": ("应答残缺", "Garble the answer"),
    "forge": ("签名错误", "Sign wrongly"),
    "contradict": ("答非所问", "Answer about another"),
    "repeat": ("称已办过", "Say that it was had before"),
    "of_a_stranger": ("结算中混入他人的一笔", "Put somebody else's settlement in"),
    "other_amounts": ("一笔结算金额不同", "Another amount in a settlement"),
    "outside_period": ("一笔结算在查询期间之外", "A settlement of another day"),
    "one_twice": ("一笔结算重复", "A settlement twice"),
    "account_not_known": ("退汇：账号不存在", "Return it: no such account"),
    "account_closed": ("退汇：账户已销户", "Return it: account closed"),
    "name_differs": ("退汇：户名不符", "Return it: the name is another's"),
    "statement_lacks": ("对账单缺一笔", "Leave a line out of the statement"),
    "statement_other_amount": ("对账单一笔金额不同", "Another amount in the statement"),
    "statement_twice": ("对账单一笔重复", "A line twice in the statement"),
    "statement_torn": ("对账单不完整", "Cut the statement off"),
    "statement_late": ("对账单尚未出具", "No statement yet"),
    "statement_other_day": ("对账单一笔是另一天的", "A line of another day in the statement"),
    "to_confirm": ("红字发票须购买方确认", "Have the buyer confirm"),
    "undelivered": ("收下但不送达", "Take it, never deliver"),
    "lost": ("通知丢失", "Lose the notice"),
    "twice": ("通知两次", "Notify twice"),
    "late": ("通知迟到", "Notify late"),
    "forged": ("通知签名错误", "Sign the notice wrongly"),
    "contradicting": ("先说成功再说失败", "Say paid, then failed"),
    "file_lacks": ("对账文件缺一笔", "Leave a payment out of the daily file"),
    "file_other_amount": ("对账文件一笔金额不同", "Another amount in the daily file"),
    "file_twice": ("对账文件一笔重复", "A payment twice in the daily file"),
    "file_torn": ("对账文件不完整", "Cut the daily file off"),
    "file_other_totals": ("对账文件合计不符", "Wrong totals in the daily file"),
}

WAYS_WORDS: Mapping[str, tuple[str, str]] = {
    "pay": ("确认支付", "Pay"),
    "fail": ("支付失败", "Fail"),
    "twice": ("支付，通知两次", "Pay, notify twice"),
    "late": ("支付，5 秒后通知", "Pay, notify after 5 s"),
    "lost": ("支付，通知丢失", "Pay, lose the notice"),
    "forged": ("支付，通知签名错误", "Pay, sign the notice wrongly"),
    "contradicting": ("支付，随后又说失败", "Pay, then say that it failed"),
    "other": ("多付一元", "Pay a yuan more"),
    "again": ("重复扣款两次", "Be charged twice"),
}

FIELDS_WORDS: Mapping[str, tuple[str, str]] = {
    "setl_id": ("结算单号", "Bill number"),
    "psn_no": ("人员编号", "Person number"),
    "setl_time": ("结算时间", "Settled at"),
    "med_type": ("医疗类别", "Kind of care"),
    "medfee_sumamt": ("医疗费总额", "Total"),
    "fulamt_ownpay_amt": ("全自费", "Outside the lists"),
    "fund_pay_sumamt": ("基金支付", "Paid by funds"),
    "psn_part_amt": ("个人负担", "Borne by the person"),
    "reverses": ("冲销的结算单号", "Reverses bill"),
}

_WORDS: Mapping[str, tuple[str, str]] = {
    "sandbox": ("沙箱", "Sandbox"),
    "not_real": ("非真实机构，均为虚构", "Nobody here is real"),
    "other_language": ("English", "中文"),
    "all": ("全部机构", "All parties"),
    "index_intro": (
        "平台要打交道的各方都在这里。平时守规矩；要看平台如何应对，可以让它们出错。",
        "Those whom the platform deals with. They behave well, unless you ask them to go wrong.",
    ),
    "well": ("守规矩", "Behaves well"),
    "wrong_now": ("会出错", "Goes wrong"),
    "later": ("筹备中", "To come"),
    "sends": ("可发送账单", "Sends bills"),
    "behaviour": ("怎样出错", "How it goes wrong"),
    "next_call": ("下一次调用", "The next call"),
    "waiting": ("已排队", "Waiting"),
    "seed": ("随机种子", "Seed"),
    "percent": ("出错比例（%）", "Share of calls (%)"),
    "sow": ("按种子出错", "Go wrong by the seed"),
    "reset": ("恢复正常", "Behave well again"),
    "seed_hint": ("同一种子，同样出错。", "The same seed goes wrong in the same way."),
    "calls": ("平台的调用", "Calls of the platform"),
    "no_calls": ("平台还没有调用。", "The platform has not called yet."),
    "time": ("时间", "Time"),
    "call": ("调用", "Call"),
    "went": ("经过", "Went"),
    "fine": ("正常", "well"),
    "no_answer": ("无应答", "no answer"),
    "orders": ("支付订单", "Payments"),
    "no_orders": (
        "还没有人来付款。平台的付款按钮会带您到这里。",
        "Nobody came to pay yet. The platform's pay button leads here.",
    ),
    "refunds": ("退款", "Refunds"),
    "no_refunds": ("还没有退款。", "No refunds yet."),
    "agreements": ("代扣协议", "Agreements"),
    "no_agreements": ("还没有人来签约。", "Nobody came to sign yet."),
    "agree_title": ("签订代扣协议", "Sign an agreement"),
    "agree_says": (
        "签约后，收款方可按您的同意发起扣款。您随时可以在这里解约。",
        "Once you sign, the payee may take premiums as you agreed. You can end it here at any time.",
    ),
    "agree_sign": ("同意并签约", "Agree and sign"),
    "agree_decline": ("不签约", "Do not sign"),
    "agree_end": ("解约", "End it"),
    "agree_dry": ("让账户余额不足", "Let the account run dry"),
    "agree_fill": ("让账户可以扣款", "Let the account pay"),
    "state_in_force": ("生效中", "in force"),
    "state_ended": ("已解约", "ended"),
    "state_unsigned": ("待签约", "not signed yet"),
    "reference": ("商户订单号", "Reference"),
    "amount": ("金额", "Amount"),
    "state": ("状态", "State"),
    "state_waiting": ("待支付", "waiting"),
    "state_paid": ("已支付", "paid"),
    "state_failed": ("失败", "failed"),
    "state_accepted": ("已受理", "accepted"),
    "state_done": ("已到账", "done"),
    "payouts": ("付款", "Payouts"),
    "no_payouts": ("还没有付款。", "No payouts yet."),
    "send_back": ("退汇", "Send it back"),
    "paid_in": ("来款", "Paid in"),
    "pay_in": ("转入惠民保账户", "Pay in"),
    "remark": ("附言（保单号）", "Remark (number of the policy)"),
    "amount_yuan": ("金额（元）", "Amount in yuan"),
    "state_paid_out": ("已付出", "paid"),
    "state_returned": ("已退回", "returned"),
    "register": ("参保登记", "The register"),
    "registered": ("人在册，均为虚构。", "people, all invented."),
    "no_register": (
        "运行 make run 时，演示居民会登记在这里。",
        "The demonstration's residents stand here when it runs by make run.",
    ),
    "holds": ("个人账户冻结", "Set aside in personal accounts"),
    "no_holds": ("还没有冻结。", "Nothing is set aside yet."),
    "state_held": ("已冻结", "set aside"),
    "state_charged": ("已扣款", "charged"),
    "state_released": ("已解冻", "given back"),
    "invoices": ("发票", "Invoices"),
    "no_invoices": ("还没有开具发票。", "No invoices yet."),
    "takes_back": ("红冲", "takes back"),
    "state_issued": ("已开具", "issued"),
    "state_to_confirm": ("待购买方确认", "to be confirmed"),
    "confirm": ("购买方确认", "The buyer confirms"),
    "let_lapse": ("逾期未确认", "Let the time pass"),
    "inbox": ("收到的短信", "Messages"),
    "no_texts": (
        "还没有短信。在平台上获取验证码后，会出现在这里。",
        "No messages yet. Ask the platform for a code, and it shows here.",
    ),
    "undelivered": ("未送达", "not delivered"),
    "reload": ("刷新", "Reload"),
    "reply": ("回复", "Reply"),
    "pay_title": ("沙箱支付", "Sandbox payment"),
    "pay_to": ("收款方", "To"),
    "pay_other": ("也可以让它出错", "Or let it go wrong"),
    "bad_request": ("付款请求的签名不正确", "The signature of this payment request is wrong"),
    "bad_request_hint": ("请从平台的付款按钮重新进入。", "Please come again by the platform's pay button."),
    "not_found": ("没有这个页面", "There is no such page"),
    "counter": ("结算窗口", "The counter"),
    "which_hospital": ("医院", "Hospital"),
    "settle": ("结算", "Settle"),
    "try": ("试算", "Try"),
    "confirm_trial": ("确认试算", "Confirm the trial"),
    "platform_said": ("平台的回答", "The platform answered"),
    "platform_silent": ("平台没有回答", "The platform did not answer"),
    "promises": ("将来会", "It will"),
    "refuses": (
        "现在还不办理：每次调用都礼貌地拒绝（501），并说明将来会做什么。",
        "It does nothing yet: each call is refused politely (501), with what will be there.",
    ),
}


def words(language: str) -> dict[str, object]:
    """Everything that pages say in one language."""
    place = LANGUAGES.index(language)
    return {
        **{name: pair[place] for name, pair in _WORDS.items()},
        "promise": {code: [pair[place] for pair in pairs] for code, pairs in _PROMISES.items()},
        "kind": {name: pair[place] for name, pair in KINDS.items()},
        "way": {name: pair[place] for name, pair in WAYS_WORDS.items()},
        "field": {name: pair[place] for name, pair in FIELDS_WORDS.items()},
        "name": {code: pairs[0][place] for code, pairs in PARTIES.items()},
        "does": {code: pairs[1][place] for code, pairs in PARTIES.items()},
    }
