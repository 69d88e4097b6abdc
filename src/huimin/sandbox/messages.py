"""The message gateway: text messages that would go to telephones, to be read on a page."""

from __future__ import annotations

import time
from collections.abc import Mapping
from dataclasses import dataclass, field

__all__ = ["Inbox", "Message"]

_MOST = 200
_TEXTS = {
    "identity_code": "【惠民】您的验证码是 {code}，10 分钟内有效。Your code is {code}.",
    "family_consent": "【惠民】{who}请求查看您的医院账单和赔付。同意，才把验证码 {code} 告诉对方；不同意，不必理会。"
    "{who} asks to see your bills. Pass on {code} only if you agree.",
    "policies_issued": "【惠民】您的保单已生效，请登录查看。Your policies were issued.",
    "premium_owed_back": "【惠民】您有一笔付款将退还，请登录查看。Money that you paid will be returned.",
    "claim_decided": "【惠民】您有一笔账单已完成理算，请登录查看。A bill of yours was decided.",
}


@dataclass(frozen=True, slots=True)
class Message:
    at: str
    telephone: str
    text: str


@dataclass(slots=True)
class Inbox:
    messages: dict[str, Message] = field(default_factory=dict)

    def receive(self, content: Mapping[str, str]) -> None:
        """A message that comes again under its key is one message."""
        text = _TEXTS.get(content["template"], "{template}").format(**content)
        message = Message(time.strftime("%H:%M:%S"), content.get("telephone", ""), text)
        self.messages.setdefault(content["key"], message)
        while len(self.messages) > _MOST:
            del self.messages[next(iter(self.messages))]

    def newest_first(self) -> list[Message]:
        return list(reversed(self.messages.values()))
