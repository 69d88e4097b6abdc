"""The sandbox's own pages: plain on purpose, so that nobody takes them for a city's."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from contextlib import suppress
from html import escape

from huimin.sandbox.hospital import FIELDS, Hospital
from huimin.sandbox.messages import Message

__all__ = ["cashier", "hospital", "inbox", "index", "notice"]

_STYLE = """
:root { color-scheme: light }
body { font: 17px/1.6 "PingFang SC", "Noto Sans CJK SC", "Microsoft YaHei", system-ui, sans-serif; color: #1f2933;
  background: #f4f1ea; margin: 0 }
main { max-width: 40rem; margin: 2rem auto; padding: 1.5rem; background: #fff; border: 2px dashed #b7791f;
  border-radius: 12px; box-sizing: border-box }
small, .note { color: #5b5347 } h1 { font-size: 1.4rem; margin: 0 0 .5rem }
.amount { font-size: 2.4rem; font-weight: 600; font-variant-numeric: tabular-nums; margin: .5rem 0 1rem }
button, .button { font: inherit; min-height: 48px; padding: .5rem 1.25rem; border-radius: 10px; color: inherit;
  border: 1px solid #8a8373; background: #fff; cursor: pointer; width: 100%; margin: .25rem 0; box-sizing: border-box }
button.main { background: #7a4d00; border-color: #7a4d00; color: #fff; font-weight: 600 }
label { display: block; margin: .5rem 0 } input, select { font: inherit; width: 100%; box-sizing: border-box;
  min-height: 44px; padding: .25rem .5rem } pre { white-space: pre-wrap; background: #f4f1ea; padding: 1rem;
  border-radius: 8px; font-size: .85rem } li { margin: .75rem 0 } ul { list-style: none; padding: 0 }
"""


def _layout(title: str, content: str) -> str:
    return (
        f'<!doctype html><html lang="zh-CN"><head><meta charset="utf-8"><title>{escape(title)}</title>'
        f'<meta name="viewport" content="width=device-width, initial-scale=1"><style>{_STYLE}</style></head>'
        f"<body><main><small>沙箱，不是真实机构 · Sandbox, no real institution</small>{content}</main></body></html>"
    )


def notice(chinese: str, english: str) -> str:
    return _layout(chinese, f"<h1>{escape(chinese)}</h1><p>{escape(english)}</p>")


def index() -> str:
    links = (
        ("/messages", "短信箱 · Text messages"),
        ("/hospital", "医院窗口 · A hospital's counter"),
    )
    items = "".join(f'<li><a href="{address}">{escape(text)}</a></li>' for address, text in links)
    return _layout("沙箱", f"<h1>沙箱 · Sandbox</h1><ul>{items}</ul>")


def cashier(fields: Mapping[str, str]) -> str:
    ways = (
        ("pay", "确认支付 · Pay", "main"),
        ("fail", "支付失败 · Fail", ""),
        ("twice", "支付，通知两次 · Pay, notify twice", ""),
        ("late", "支付，5 秒后通知 · Pay, notify after 5 s", ""),
        ("lost", "支付，通知丢失 · Pay, lose the notice", ""),
        ("other", "多付一元 · Pay a yuan more", ""),
    )
    buttons = "".join(f'<button name="how" value="{how}" class="{css}">{text}</button>' for how, text, css in ways)
    return _layout(
        "沙箱支付",
        f"<h1>沙箱支付 · Sandbox payment</h1><p>{escape(fields['subject'])}</p>"
        f'<p class="amount">¥{escape(fields["amount"])}</p>'
        f'<form method="post" action="/pay"><input type="hidden" name="reference" '
        f'value="{escape(fields["reference"])}">{buttons}</form>',
    )


def inbox(messages: Iterable[Message]) -> str:
    items = "".join(
        f"<li><small>{escape(message.at)} → {escape(message.telephone)}</small><br>{escape(message.text)}</li>"
        for message in messages
    )
    empty = '<p class="note">还没有短信。No messages yet. <a href="/messages">刷新 · Reload</a></p>'
    return _layout("短信箱", f"<h1>短信箱 · Text messages</h1>{f'<ul>{items}</ul>' if items else empty}")


def hospital(counter: Hospital, fields: Mapping[str, str], result: tuple[int, str] | None) -> str:
    options = "".join(
        f'<option value="{escape(key)}" {"selected" if key == fields.get("client") else ""}>'
        f"{escape(client['name'])}</option>"
        for key, client in counter.clients.items()
    )
    inputs = "".join(
        f'<label>{name}<input name="{name}" value="{escape(fields.get(name, ""))}"></label>' for name in FIELDS
    )
    answer = ""
    if result is not None:
        status, body = result
        with suppress(ValueError):
            body = json.dumps(json.loads(body), indent=2, ensure_ascii=False)
        answer = f"<h2>{status}</h2><pre>{escape(body)}</pre>"
    return _layout(
        "医院窗口",
        f'<h1>医院窗口 · Hospital counter</h1>{answer}<form method="post" action="/hospital">'
        f'<label>医院<select name="client">{options}</select></label>{inputs}'
        '<button class="main">结算 · Settle</button></form>',
    )
