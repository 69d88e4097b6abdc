"""The message gateway: text messages that would go to telephones, to be read on a page."""

from __future__ import annotations

import json
import threading
import time
from dataclasses import dataclass, field, replace
from typing import Any
from urllib.parse import unquote

from huimin.sandbox.notices import Told, send
from huimin.sandbox.wire import Answer, Request, json_answer, problem

__all__ = ["UNDELIVERED", "Gateway", "Text"]

UNDELIVERED = "undelivered"
"""A way to go wrong that only a gateway has: it takes the message, and the telephone never gets it."""
_MOST = 500
_TEXTS = {
    "identity_code": "【惠民】您的验证码是 {code}，10 分钟内有效。Your code is {code}.",
    "family_consent": "【惠民】{who}请求查看您的医院账单和赔付。同意，才把验证码 {code} 告诉对方；不同意，不必理会。"
    "{who} asks to see your bills. Pass on {code} only if you agree.",
    "cover_consent": "【惠民】{who}要为您投保惠民保。同意，才把验证码 {code} 告诉对方；不同意，不必理会。"
    "{who} wants to insure you. Pass on {code} only if you agree.",
    "policies_issued": "【惠民】您的保单已生效，请登录查看。Your policies were issued.",
    "premium_refunded": "【惠民】您的退款已原路退回，请留意账户。Your money has gone back to where it came from.",
    "premium_owed_back": "【惠民】您有一笔付款将退还，请登录查看。Money that you paid will be returned.",
    "order_waits_for_bureau": "【惠民】医保系统暂未回应，您的订单已排队，核对后会通知您，无需重新下单。"
    "The bureau does not answer yet; your order keeps its place.",
    "order_payable": "【惠民】参保资格已核对，请登录付款。Your order was checked and can be paid now.",
    "order_refused": "【惠民】您的投保订单未通过核对，请登录查看原因。Your order was refused; log in to see why.",
    "order_failed": "【惠民】您的投保订单没有成功，没有扣款，请登录查看。Your order did not succeed.",
    "account_struck_out": "【惠民】个人账户缴费审核没有通过，款项留在您的账户。保单继续有效，请登录补缴保费。"
    "The agency did not approve the payment from your account. Your policy stays in force; log in to pay the premium.",
    "account_debt_paid": "【惠民】补缴的保费已收到，谢谢。We received the premium that was open.",
    "cover_granted": "【惠民】您已免费参保，无需付款；如不需要，请登录取消。Covered free of charge; sign in to decline",
    "policy_withdrawn": "【惠民】保单 {policy} 已退保，应退保费原路退回。Your policy was given up.",
    "policy_request_received": "【惠民】保单 {policy} 的申请已收到，办结后通知您。Your request was received.",
    "policy_request_granted": "【惠民】保单 {policy} 的申请已办理，请登录查看。Your request was granted.",
    "policy_request_refused": "【惠民】保单 {policy} 的申请未予办理，请登录查看理由。Your request was not granted.",
    "policy_endorsed": "【惠民】保单 {policy} 的信息已批改，请登录核对。Your policy was endorsed.",
    "difference_asked": "【惠民】您的保单有一笔差额待支付，请登录查看。A difference is to be paid.",
    "difference_paid": "【惠民】差额已收到，请登录查看保单。The difference was received.",
    "was_it_you": "【惠民】{payer}为{insured}办理的惠民保已投保成功。是您本人或家人办的，不用理会；"
    "不是，或不想要，请回复 T，也可在“消息”里撤销，或打客服电话{hotline}。短信里没有链接，有链接的都不是我们发的。"
    "{payer} enrolled {insured}. If that was not you or your family, reply T.",
    "undo_received": "【惠民】已收到您的撤销要求，正在办理，结果会另行通知您。"
    "We received your wish to undo the enrolment and are acting on it.",
    "undo_by_staff": "【惠民】您要求撤销的保单暂时不能直接退保，客服会与您联系，您也可登录查看原因。"
    "A policy could not be undone by itself; we will call you, and you can log in to see why.",
    "renewal_announced": "【惠民】您同意自动续保的{plan}（{insured}）将于{day}扣款{yuan}元（上年{last}元）。{worse}"
    "不想续保，请在扣款前回复 T，或登录“自动续保”一键取消，或打客服电话{hotline}。短信里没有链接。"
    "Automatic renewal: {yuan} yuan will be taken. To stop it reply T.",
    "renewal_unsigned": "【惠民】您同意了{plan}（{insured}）自动续保，但还没有与支付机构签约，现在不会续保。"
    "请登录续保页面签约，或自行投保。Not signed with the payment company: nothing is renewed until you sign.",
    "renewal_not_possible": "【惠民】{plan}（{insured}）今年不能自动续保，没有扣款，请登录查看原因。"
    "Not renewed, nothing was taken; log in to see why.",
    "renewal_stopped": "【惠民】自动续保已停止，没有扣款，请登录查看原因。Your renewal was stopped; nothing was taken.",
    "renewal_not_paid": "【惠民】自动续保没有扣款成功，保障没有续上；投保期内您可以登录投保。"
    "The premium was not taken and cover was not renewed; you can still join.",
    "renewal_undone": "【惠民】已按您的意思取消自动续保；已扣的保费原路退回。Renewal undone; what was taken goes back.",
    "renewal_given_back": "【惠民】我们没有找到您同意自动续保的凭据，保费已全额原路退回。"
    "We found no proof that you agreed to the renewal; the whole premium goes back.",
    "group_cover_asked": "【惠民】有单位愿为您付费参保，须您本人同意，请登录查看。"
    "An organisation would pay for your cover; sign in to agree or decline.",
    "group_cover_reminder": "【惠民】有单位愿为您付费参保，{day}前须您本人同意，请登录查看；不答复就不办理。"
    "An organisation would pay for your cover; sign in to agree or decline in time.",
    "counter_consent": "【惠民】您正在柜面投保，同意才把验证码 {code} 告诉工作人员，10 分钟内有效。"
    "You are enrolling at a counter; tell {code} only if you agree.",
    "payout_needs_account": "【惠民】保单 {policy} 有赔款待支付，请登录填写收款账户。"
    "A claim is to be paid; sign in and give the account to which it goes.",
    "payout_account_given": "【惠民】您的收款账户已登记为尾号 {last_four}。不是您本人办理的，请立即致电客服。"
    "Your claims go to the account ending in {last_four}. If that was not you, call us.",
    "payout_paid": "【惠民】保单 {policy} 的赔款 {yuan} 元已付到尾号 {last_four} 的账户。{yuan} yuan were paid to you.",
    "payout_returned": "【惠民】赔款 {yuan} 元没有付到尾号 {last_four} 的账户，已被退回。请登录更换收款账户。"
    "{yuan} yuan came back from your bank; sign in and give another account.",
    "quick_claim_waits": "【惠民】医保系统暂未回应，您的快速理赔已排队，有结果会通知您，无需重新申请。"
    "The bureau does not answer yet; your claim waits and goes on by itself.",
    "quick_claim_answered": "【惠民】您的快速理赔已有结果，请登录查看。Your claim has an answer; sign in to see it.",
    "overpayment_asked": "【惠民】保单 {policy} 的赔款重新计算后，多付了 {yuan} 元，请在 {day} 前退还，办法请登录查看。"
    "不要向任何个人转账。{yuan} yuan were paid too much; sign in to see why and how to pay it back.",
    "overpayment_reminder": "【惠民】保单 {policy} 多付的赔款 {yuan} 元还没有收到，请登录查看办法。"
    "有困难或有异议，请致电客服。{yuan} yuan are still to be paid back; call us if you cannot, or do not agree.",
    "overpayment_settled": "【惠民】保单 {policy} 多付的赔款已结清，不需要再退还。Nothing is owed back any more.",
    "invoice_issued": "【惠民】您申请的电子发票已开具，请登录后在“电子发票”下载。"
    "Your invoice was issued; log in to get it.",
    "invoice_taken_back": "【惠民】原发票已开具红字发票，请登录后在“电子发票”查看。"
    "Your invoice was taken back, or a part of it; log in to see.",
    "invoice_refused": "【惠民】您申请的电子发票被退回，工作人员正在处理，请留意消息。"
    "Your invoice was refused; our staff are looking at it.",
    "invoice_given_up": "【惠民】您申请的电子发票没有开成，请登录核对抬头后重新申请。"
    "Your invoice could not be issued; check the title and ask again.",
    "claim_decided": "【惠民】您有一笔账单已完成理算，请登录查看。A bill of yours was decided.",
}
"""The templates that the platform registered. One that is not here shows its name."""


class _Blanks(dict[str, str]):
    """A parameter that was not given leaves its blank to be seen."""

    def __missing__(self, name: str) -> str:
        return f"{{{name}}}"


@dataclass(frozen=True, slots=True)
class Text:
    at: str
    telephone: str
    text: str
    state: str
    content: bytes
    key: str = ""
    replies: str = ""
    """Where the platform wants replies; empty where none is expected."""
    replied: str = ""


@dataclass(slots=True)
class Gateway:
    reply_key: str = ""
    texts: dict[str, Text] = field(default_factory=dict)
    """By the platform's key, in the order in which they came."""
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def answer(self, request: Request, kind: str) -> Answer:
        if request.method == "POST" and request.path == "texts":
            return self._take(request, "failed" if kind == UNDELIVERED else "accepted")
        if request.method == "GET" and request.path.startswith("texts/"):
            return self._receipt(unquote(request.path.removeprefix("texts/")))
        return problem(404, "no_such_address", "The gateway has POST /texts and GET /texts/KEY.")

    def newest_first(self) -> list[Text]:
        return list(reversed(self.texts.values()))

    def reply(self, key: str, text: str) -> None:
        """Somebody replies to a text: the platform is told, signed, until it says that it has it."""
        known = self.texts.get(key)
        if known is None or not known.replies:
            return
        body = json.dumps({"key": key, "text": text}, ensure_ascii=False).encode()
        send(known.replies, self.reply_key, [Told(body)], "X-Message-Signature")
        with self._lock:
            self.texts[key] = replace(known, replied=text)

    def _take(self, request: Request, state: str) -> Answer:
        """A message that comes again under its key is one message; another one under that key is refused."""
        content = _content(request.body)
        if content is None or content["key"] != request.key:
            return problem(422, "bad_text", "Expected key (the Idempotency-Key), telephone, template and parameters.")
        template = _TEXTS.get(content["template"], content["template"])
        text = template.format_map(_Blanks(content["parameters"]))
        replies = content.get("replies", "") if "回复" in text else ""
        new = Text(time.strftime("%H:%M:%S"), content["telephone"], text, state, request.body, request.key, replies)
        with self._lock:
            known = self.texts.setdefault(request.key, new)
            while len(self.texts) > _MOST:
                del self.texts[next(iter(self.texts))]
        if known.content != request.body:
            return problem(409, "key_reused", "This key was used before for another message.")
        return _told(request.key, known)

    def _receipt(self, key: str) -> Answer:
        known = self.texts.get(key)
        return problem(404, "text_not_known", "No message has this key.") if known is None else _told(key, known)


def _told(key: str, text: Text) -> Answer:
    reason = {"reason": "no_such_number"} if text.state == "failed" else {}
    return json_answer({"key": key, "state": text.state, **reason})


def _content(body: bytes) -> dict[str, Any] | None:
    """The message, if it has the form of one."""
    try:
        content = json.loads(body)
        right = all(isinstance(content[name], str) for name in ("key", "telephone", "template"))
        return content if right and isinstance(content["parameters"], dict) else None
    except (ValueError, KeyError, TypeError):
        return None
