"""Layouts that the reading was not made with: the final figures of `make bench-documents` come from these alone.

Whoever changes the reading to suit one of them moves it to `documents_layouts`, and writes another one here.
"""

from __future__ import annotations

from documents_layouts import PAYERS, STAY, SUMS, Layout, Print, colons, grid, page, said, table, title
from documents_truth import yuan

__all__ = ["UNSEEN"]


def bill_without_lines(at: Print) -> str:
    """Across, serif letters, no ruling, three columns of rows."""
    body = title(at.truth.more["title"], 15)
    head = {"bill_code": "票据代码", "bill_number": "票据号码", "check_code": "校验码", "issued_on": "开票日期"}
    body += grid("1fr, 1fr, 1fr, 1fr", colons(at.pairs(head))) + grid("1fr, 2fr", colons(at.pairs({"payer": "交款人"})))
    rows = [text for name, fen in at.truth.rows for text in (name, yuan(fen))]
    body += grid("2fr, 1fr, 2fr, 1fr, 2fr, 1fr", ["项目名称", "金额（元）"] * 3 + rows + [""] * (-len(rows) % 6))
    body += grid("3fr, 1fr", [f"金额合计（大写） {at('total_in_capitals')}", f"（小写） {at('total')}"])
    more = {**PAYERS, "deposit": "预缴金额", "returned": "退费金额"}
    return page(240, 127, "Noto Serif CJK SC", 9, body + grid("1fr, 1fr, 1fr, 1fr", colons(at.pairs(more))))


def bill_of_a_roll(at: Print) -> str:
    """A narrow paper of a machine in a hall."""
    head = {"bill_code": "票据代码", "bill_number": "票据号码", "check_code": "校验码", "payer": "交款人"}
    body = title(at.truth.more["title"], 11) + "\n\n".join(
        map(said, colons(at.pairs({**head, "issued_on": "开票日期"})))
    )
    rows = [text for name, fen in at.truth.rows for text in (name, "1", yuan(fen))]
    body += "\n\n#line(length: 100%)\n\n" + grid("2fr, 1fr, 1fr", ["项目名称", "数量", "金额（元）", *rows])
    sums = (f"金额合计（小写）{at('total')}", f"（大写）{at('total_in_capitals')}")
    body += "#line(length: 100%)\n\n" + "\n\n".join(map(said, sums)) + "\n\n"
    for label, value in at.pairs(PAYERS):
        body += grid("1fr, auto", [label, value])
    return page(90, 190, "Noto Sans CJK SC", 8.5, body, 7)


def sheet_of_parts(at: Print) -> str:
    """Parts with a heading each, and in each a ruled table of its own."""
    body = title(at.truth.more["title"], 13) + grid("1fr, 1fr, 1fr", colons(at.pairs(STAY)))
    for head, labels in (
        ("一、费用情况", {"total": "医疗费总额", "in_scope": "医保内", "out_of_scope": "医保外"}),
        ("二、支付情况", {"fund_paid": "统筹基金支付", "other_paid": "其他支付"}),
        ("三、个人支付", {"account_paid": "个人账户支付", "cash_paid": "现金支付"}),
    ):
        body += f"{said(head)}\n\n"
        body += table("1fr, 1fr, 1fr, 1fr, 1fr, 1fr", [text for pair in at.pairs(labels) for text in pair])
    return page(210, 148, "Noto Serif CJK SC", 9, body, 12)


def sheet_to_the_right(at: Print) -> str:
    """Names on the left, amounts on the right border of a narrow paper."""
    body = title("医疗保险结算单", 13) + "\n\n".join(map(said, colons(at.pairs(STAY)))) + "\n\n#line(length: 100%)\n\n"
    body += f"{said('单位：元')}\n\n"
    for label, value in at.pairs(SUMS):
        body += grid("1fr, auto", [f"{label}：", value], "row-gutter: 2mm")
    return page(105, 148, "Noto Sans CJK SC", 9.5, body, 10)


def invoice_with_lines(at: Print) -> str:
    """The same form as others fill it in: ruled, serif letters, no unit price."""
    head = grid("1fr, 1fr", [f"发票号码：{at('bill_number')}", f"开票日期：{at('issued_on')}"])
    taxes = at.truth.more["taxes"].split()
    rows = [
        text
        for (name, fen), tax in zip(at.truth.rows, taxes, strict=True)
        for text in (name, "瓶", "2", yuan(fen), "13%", yuan(int(tax)))
    ]
    heads = ["项目名称", "单位", "数量", "金额", "税率", "税额"]
    sums = ["合 计", "", "", at("before_tax", "¥"), "", at("tax", "¥")]
    body = title("电子发票（普通发票）") + head + table("3fr, 1fr, 1fr, 1.5fr, 1fr, 1.5fr", [*heads, *rows, *sums])
    body += grid("2fr, 1fr", [f"价税合计（大写） {at('total_in_capitals')}", f"（小写） {at('total', '¥')}"])
    people = colons([("购买方名称", at.truth.more["buyer"]), ("销售方名称", at.truth.more["seller"])])
    return page(241, 140, "Noto Serif CJK SC", 9.5, body + grid("1fr, 1fr", people))


def summary_in_columns(at: Print) -> str:
    body = title(at.truth.more["title"], 16) + title("出院小结", 14)
    labels = {"patient": "姓名", "admitted_on": "入院时间", "discharged_on": "出院时间"}
    body += grid("1fr, 1fr", [*colons(at.pairs(labels)), "科别：内科"])
    body += f"{said('入院时主诉：反复不适半年，加重一周。')}\n\n{said('出院诊断： ' + at('diagnosis'))}\n\n"
    return page(210, 297, "Noto Sans CJK SC", 12, body + said("出院时情况：一般情况可，无特殊不适。"), 25)


UNSEEN: dict[str, tuple[Layout, ...]] = {
    "inpatient": (bill_without_lines,),
    "outpatient": (bill_of_a_roll, bill_without_lines),
    "settlement": (sheet_of_parts, sheet_to_the_right),
    "invoice": (invoice_with_lines,),
    "discharge": (summary_in_columns,),
}
