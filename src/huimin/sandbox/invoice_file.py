"""The file of an invoice that the sandbox issued: one page of PDF that says that it is none for the tax office."""

from __future__ import annotations

import json
from collections.abc import Mapping
from importlib.resources import as_file, files
from pathlib import Path
from typing import Any

from huimin.sandbox.wire import fen_of, yuan_of

__all__ = ["invoice_pdf"]


def invoice_pdf(said: Mapping[str, Any], number: str, issued_on: str) -> bytes:
    """`said`: what was asked for. It is made when it is fetched, and the same each time."""
    import typst  # noqa: PLC0415 - only whoever fetches a file needs it

    red, amount, tax = "of" in said, fen_of(said["amount"]), fen_of(said["tax"])
    sign = "-" if red else ""
    buyer = said.get("buyer", {})
    shown = {
        "title": "电子发票（普通发票）" + ("　红字" if red else ""),
        "red": red,
        "number": number,
        "day": issued_on,
        "rows": [
            ["购买方 Buyer", buyer.get("name", "见被红冲发票 as on the invoice taken back")],
            ["纳税人识别号 Taxpayer number", buyer.get("number") or "—"],
            ["销售方 Seller", f"{said['seller']['name']}　{said['seller']['number']}"],
            ["项目 Item", said.get("item", "保费 Premium")],
            ["金额 Amount", f"{sign}{yuan_of(amount - tax)}"],
            ["税率 Rate", _rate(said.get("tax_rate"))],
            ["税额 Tax", "***" if said.get("tax_rate") == "exempt" else f"{sign}{yuan_of(tax)}"],
            ["价税合计 Total", f"¥{sign}{yuan_of(amount)}"],
            ["备注 Remark", f"红冲发票号码 {said['of']}" if red else said.get("remark", "")],
        ],
    }
    fonts = Path(str(files("pylopdf_fonts_zh_cn")))
    with as_file(files("huimin.sandbox") / "templates" / "invoice.typ") as template:
        text = json.dumps(shown, ensure_ascii=False)
        return typst.compile(
            template, font_paths=[fonts], ignore_system_fonts=True, sys_inputs={"data": text}, format="pdf"
        )


def _rate(code: str | None) -> str:
    if code is None:
        return "—"
    return "免税 exempt" if code == "exempt" else f"{int(code) / 100:g}%"
