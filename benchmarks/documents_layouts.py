"""How invented papers are printed, as Typst: layouts that the reading was made with.

Those of `documents_layouts_unseen` were not looked at while it was made.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable

from documents_truth import Truth, yuan

__all__ = ["LAYOUTS", "Layout", "Print", "cells", "grid", "page", "said", "table"]


class Print:
    """A truth that is being printed: remembers which fields a layout shows, which is what can be read of it."""

    def __init__(self, truth: Truth) -> None:
        self.truth, self.shown = truth, set[str]()

    def __call__(self, name: str, sign: str = "") -> str:
        self.shown.add(name)
        value = self.truth.fields[name]
        return f"{sign}{yuan(value)}" if isinstance(value, int) else value

    def pairs(self, labels: dict[str, str], sign: str = "") -> list[tuple[str, str]]:
        return [(label, self(name, sign)) for name, label in labels.items() if name in self.truth.fields]


Layout = Callable[[Print], str]
PAYERS = {
    "fund_paid": "医保统筹基金支付",
    "other_paid": "其他支付",
    "account_paid": "个人账户支付",
    "cash_paid": "个人现金支付",
    "printed_self_paid": "个人自付",
    "printed_self_funded": "个人自费",
}
SUMS = {
    "total": "医疗费总额",
    "fund_paid": "统筹基金支付",
    "other_paid": "其他支付",
    "account_paid": "个人账户支付",
    "cash_paid": "个人现金支付",
    "in_scope": "医保范围内",
    "out_of_scope": "医保范围外",
}
STAY = {"patient": "姓名", "admitted_on": "入院日期", "discharged_on": "出院日期"}


def page(width: int, height: int, font: str, size: float, body: str, margin: int = 9) -> str:
    """`font` first, with the fonts of the project behind it: what a machine lacks is printed in Noto Sans SC."""
    head = f"#set page(width: {width}mm, height: {height}mm, margin: {margin}mm)\n"
    fonts = ", ".join(f'"{name}"' for name in dict.fromkeys((font, "Noto Sans CJK SC", "Noto Sans SC")))
    return f"{head}#set text(font: ({fonts},), size: {size}pt)\n#set par(spacing: 2.2mm)\n{body}"


def said(text: str) -> str:
    quoted = text.replace("\\", "\\\\").replace('"', '\\"')
    return f'#"{quoted}"'


def cells(texts: Iterable[str]) -> str:
    return ", ".join(f"[{said(text)}]" for text in texts)


def grid(columns: str, texts: Iterable[str], more: str = "row-gutter: 2.4mm, column-gutter: 3mm") -> str:
    return f"#grid(columns: ({columns}), {more}, {cells(texts)})\n\n"


def table(columns: str, texts: Iterable[str], more: str = "stroke: 0.4pt, inset: 1.6mm") -> str:
    return f"#table(columns: ({columns}), {more}, {cells(texts)})\n\n"


def title(text: str, size: float = 14) -> str:
    return f"#align(center)[#text(size: {size}pt)[{said(text)}]]\n\n"


def colons(pairs: Iterable[tuple[str, str]]) -> list[str]:
    return [f"{label}：{value}" for label, value in pairs]


def bill_of_the_ministry(at: Print) -> str:
    """Across, two blocks of rows beside each other, as the form of the Ministry of Finance has it."""
    head = {"bill_code": "票据代码", "bill_number": "票据号码", "payer": "交款人", "check_code": "校验码"}
    rows = [text for name, fen in at.truth.rows for text in (name, "1", yuan(fen), "")]
    rows += [""] * (-len(rows) % 8)
    heads = ["项目名称", "数量/单位", "金额（元）", "备注"] * 2
    body = title(at.truth.more["title"], 16) + grid("1fr, 1fr", colons(at.pairs({**head, "issued_on": "开票日期"})))
    body += table("2fr, 1.2fr, 1.4fr, 1fr, 2fr, 1.2fr, 1.4fr, 1fr", [*heads, *rows])
    total = [f"金额合计（大写）{at('total_in_capitals')}", f"（小写）{at('total')}"]
    more = {**PAYERS, "deposit": "预缴金额", "returned": "退费金额"}
    body += table("2fr, 1fr", total) + grid("1fr, 1fr, 1fr", colons(at.pairs(more)))
    return page(
        241, 140, "Noto Sans CJK SC", 8.5, body + grid("1fr, 1fr", [f"收款单位（章）：{at('issuer')}", "收款人：周敏"])
    )


def bill_upright(at: Print) -> str:
    """Upright, one row under the other, labels and values in cells of their own."""
    head = {"bill_code": "票据代码：", "bill_number": "票据号码：", "check_code": "校验码：", "issued_on": "开票日期："}
    body = title(at.truth.more["title"]) + grid(
        "22mm, 1fr, 22mm, 1fr", [text for pair in at.pairs(head) for text in pair]
    )
    body += grid("22mm, 1fr", ["交款人：", at("payer")])
    rows = [text for name, fen in at.truth.rows for text in (name, yuan(fen))]
    body += table("3fr, 1fr", ["项目名称", "金额（元）", *rows], "stroke: (x: none, y: 0.3pt), inset: 1.5mm")
    body += (
        f"{said('金额合计（大写）：' + at('total_in_capitals'))}\n\n{said('金额合计（小写）：￥' + at('total'))}\n\n"
    )
    body += grid("1fr, 1fr", colons(at.pairs(PAYERS)), "row-gutter: 3mm")
    return page(148, 210, "Noto Serif CJK SC", 9.5, body)


def sheet_of_cells(at: Print) -> str:
    texts = [text for pair in [*at.pairs(STAY), ("结算编号", at.truth.more["number"])] for text in pair]
    texts += [text for pair in at.pairs(SUMS) for text in pair]
    texts += [""] * (-len(texts) % 4)
    return page(
        210, 148, "Noto Sans CJK SC", 9.5, title(at.truth.more["title"]) + table("1.2fr, 1fr, 1.2fr, 1fr", texts)
    )


def sheet_of_lines(at: Print) -> str:
    body = title(at.truth.more["title"], 15) + grid("1fr, 1fr, 1fr", colons(at.pairs(STAY)))
    body += "#line(length: 100%)\n\n"
    for label, value in at.pairs(SUMS):
        body += grid("60mm, 40mm", [f"{label}：", f"{value}元"], "row-gutter: 3mm")
    return page(210, 297, "Noto Serif CJK SC", 11, body, 20)


def sheet_of_three(at: Print) -> str:
    """Three pairs beside each other, ruled, small."""
    labels = {
        **{
            "total": "医疗费用总额",
            "in_scope": "医保范围内",
            "out_of_scope": "医保范围外",
            "fund_paid": "医保统筹基金支付",
        },
        **{"account_paid": "个人账户支付", "other_paid": "其他支付", "cash_paid": "个人现金支付"},
    }
    texts = [text for pair in [*at.pairs(STAY), *at.pairs(labels, "￥")] for text in pair]
    columns = "1.3fr, 1fr, 1.3fr, 1fr, 1.3fr, 1fr"
    body = title(at.truth.more["title"]) + table(columns, texts + [""] * (-len(texts) % 6))
    return page(297, 210, "Noto Serif CJK SC", 11, body + said(f"结算编号：{at.truth.more['number']}"), 18)


def sheet_in_sentences(at: Print) -> str:
    """Sentences instead of a table."""
    body = title(at.truth.more["title"], 15) + grid("1fr, 1fr", colons(at.pairs(STAY)))
    lines = (
        f"本次医疗费总额：{at('total')}元，其中医保范围内：{at('in_scope')}元，医保范围外：{at('out_of_scope')}元。",
        f"统筹基金支付：{at('fund_paid')}元，其他支付：{at('other_paid')}元。",
        f"个人账户支付：{at('account_paid')}元，个人现金支付：{at('cash_paid')}元。",
    )
    return page(210, 148, "Noto Sans CJK SC", 10, body + "\n\n".join(map(said, lines)), 16)


def invoice_of_2024(at: Print) -> str:
    """电子发票（普通发票), as the tax office prints it."""
    head = grid("1fr, auto", ["", f"发票号码：{at('bill_number')}", "", f"开票日期：{at('issued_on')}"])
    people = table("1fr, 1fr", [f"名称：{at.truth.more['buyer']}", f"名称：{at.truth.more['seller']}"])
    heads = ["项目名称", "规格型号", "单位", "数量", "单价", "金额", "税率/征收率", "税额"]
    taxes = at.truth.more["taxes"].split()
    rows = [
        text
        for (name, fen), tax in zip(at.truth.rows, taxes, strict=True)
        for text in (name, "盒", "盒", "1", yuan(fen), yuan(fen), "13%", yuan(int(tax)))
    ]
    sums = ["合计", "", "", "", "", at("before_tax", "¥"), "", at("tax", "¥")]
    columns = "2.6fr, 1fr, 0.7fr, 0.7fr, 1.2fr, 1.2fr, 1.3fr, 1.2fr"
    body = title("电子发票（普通发票）", 16) + head + people
    body += table(columns, [*heads, *rows, *sums], "stroke: none, inset: 1.2mm")
    body += table("2fr, 1fr", [f"价税合计（大写）{at('total_in_capitals')}", f"（小写）{at('total', '¥')}"])
    return page(210, 140, "Noto Sans CJK SC", 9, body)


def summary_of_lines(at: Print) -> str:
    body = title(at.truth.more["title"], 15) + title("出院小结", 13) + grid("1fr, 1fr, 1fr", colons(at.pairs(STAY)))
    body += f"{said('入院情况：患者因不适数日入院，神志清，精神可，查体合作。')}\n\n"
    body += f"{said('出院诊断：' + at('diagnosis'))}\n\n{said('出院医嘱：注意休息，定期复查，不适随诊。')}\n\n"
    return page(210, 297, "Noto Serif CJK SC", 11, body, 22)


def summary_of_cells(at: Print) -> str:
    texts = [text for pair in at.pairs({**STAY, "diagnosis": "出院诊断"}) for text in pair]
    body = title(at.truth.more["title"]) + title("出院记录") + table("1fr, 2fr, 1fr, 2fr", texts)
    return page(
        210, 297, "Noto Sans CJK SC", 10.5, body + said("诊疗经过：入院后完善相关检查，予对症治疗，病情好转。"), 18
    )


LAYOUTS: dict[str, tuple[Layout, ...]] = {
    "inpatient": (bill_of_the_ministry, bill_upright),
    "outpatient": (bill_upright, bill_of_the_ministry),
    "settlement": (sheet_of_cells, sheet_of_lines, sheet_of_three, sheet_in_sentences),
    "invoice": (invoice_of_2024,),
    "discharge": (summary_of_lines, summary_of_cells),
}
