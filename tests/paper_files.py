"""Files of invented bills, as issuers would send them; those that must not be opened are made in tests/papers."""

from __future__ import annotations

from functools import cache
from io import BytesIO
from pathlib import Path
from zipfile import ZIP_DEFLATED, ZipFile

import pylopdf_fonts_zh_cn
import typst

__all__ = ["HEILONGJIANG", "fiscal_xml", "ofd", "pdf", "printed", "zipped"]

HEILONGJIANG: dict[str, str] = {
    "EInvoiceCode": "23141425",
    "EInvoiceNumber": "0021053305",
    "RandomNumber": "589d80",
    "SupervisorAreaCode": "230100",
    "TotalAmount": "6283.79",
    "IssueDate": "20250612",
    "fundPayAmount": "4324.53",
    "ownPayAmount": "1959.26",
    "accountPayAmount": "0.00",
    "otherPayAmount": "0.00",
    "selfpaymentAmount": "0.00",
    "selfpaymentCost": "0.00",
    "prepayAmount": "5000.00",
    "refundAmount": "3040.74",
    "flushedRed": "true",
    "Remark": "医保内:5405.03 医保外:878.76 起付标准:600.00 其中龙江惠民保支付:0.00",
}
"""A real inpatient bill of 2025 without what tells of a person. The printed 自付 and 自费 are zero; the remark says
otherwise; it is marked as reversed and names no red bill.
"""
ROWS = ("461.30", "455.30", "280.00", "2491.50", "640.10", "983.40", "404.19", "340.00", "228.00")
LABELS = {
    "EInvoiceCode": "票据代码",
    "EInvoiceNumber": "票据号码",
    "RandomNumber": "校验码",
    "IssueDate": "开票日期",
    "fundPayAmount": "医保统筹基金支付",
    "otherPayAmount": "其他支付",
    "accountPayAmount": "个人账户支付",
    "ownPayAmount": "个人现金支付",
    "selfpaymentAmount": "个人自付",
    "selfpaymentCost": "个人自费",
    "Remark": "备注",
}


def fiscal_xml(rows: tuple[str, ...] = ROWS, **changed: str | None) -> bytes:
    """The bill as a structured file; a value of None is left out."""
    values = {name: value for name, value in (HEILONGJIANG | changed).items() if value is not None}
    items = "".join(
        f"<Item><ItemName>西药费{n}</ItemName><ItemAmount>{fen}</ItemAmount></Item>" for n, fen in enumerate(rows)
    )
    tags = "".join(f"<{name}>{value}</{name}>" for name, value in values.items())
    head = "<?xml version='1.0' encoding='UTF-8'?>"
    return f"{head}<EInvoice><Main>{tags}</Main><Details>{items}</Details></EInvoice>".encode()


def zipped(files: dict[str, bytes]) -> bytes:
    out = BytesIO()
    with ZipFile(out, "w", ZIP_DEFLATED) as archive:
        for name, data in files.items():
            archive.writestr(name, data)
    return out.getvalue()


def ofd(attached: bytes | None = None, tags: dict[str, str] | None = None, **more: bytes) -> bytes:
    """An OFD with a structured file attached, or with texts that its tags name. `more` replaces or adds files."""
    head = '<ofd:{0} xmlns:ofd="http://www.ofdspec.org/2016">{1}</ofd:{0}>'
    shown = tags or {}
    objects = "".join(
        f'<ofd:TextObject ID="{n}" Boundary="21 14.5 42 7"><ofd:TextCode>{text}</ofd:TextCode></ofd:TextObject>'
        for n, text in enumerate(shown.values(), start=10)
    )
    named = "".join(
        f'<{name}><ofd:ObjectRef PageRef="1">{n}</ofd:ObjectRef></{name}>' for n, name in enumerate(shown, start=10)
    )
    page = '<ofd:Area><ofd:PhysicalBox>0 0 210 140</ofd:PhysicalBox></ofd:Area><ofd:Content><ofd:Layer ID="2">'
    document = '<ofd:Pages><ofd:Page ID="1" BaseLoc="Pages/Page_0/Content.xml"/></ofd:Pages>'
    document += "<ofd:Attachments>Attachs/Attachments.xml</ofd:Attachments>" if attached else ""
    document += "<ofd:CustomTags>Tags/CustomTags.xml</ofd:CustomTags>"
    body = "<ofd:DocBody><ofd:DocRoot>Doc_0/Document.xml</ofd:DocRoot></ofd:DocBody>"
    listed = '<ofd:Attachment ID="1" Name="bill"><ofd:FileLoc>bill.xml</ofd:FileLoc></ofd:Attachment>'
    files = {
        "OFD.xml": head.format("OFD", body).encode(),
        "Doc_0/Document.xml": head.format("Document", document).encode(),
        "Doc_0/Pages/Page_0/Content.xml": head.format("Page", f"{page}{objects}</ofd:Layer></ofd:Content>").encode(),
        "Doc_0/Tags/CustomTags.xml": head.format("CustomTags", "<ofd:FileLoc>CustomTag.xml</ofd:FileLoc>").encode(),
        "Doc_0/Tags/CustomTag.xml": head.format("eInvoice", named).encode(),
        "Doc_0/Attachs/Attachments.xml": head.format("Attachments", listed).encode(),
    }
    if attached:
        files["Doc_0/Attachs/bill.xml"] = attached
    return zipped(files | {name.replace("__", "/") + ".xml": data for name, data in more.items()})


def printed(rows: tuple[str, ...] = ROWS, capitals: str = "陆仟贰佰捌拾叁元柒角玖分", **changed: str) -> str:
    """The bill as it is printed: its labels, rows and totals in the order of the fiscal form."""
    values = HEILONGJIANG | changed
    cells = [f"[{label}：{values[name]}]" for name, label in LABELS.items()]
    table = "\n".join(f"#grid(columns: (1fr, 1fr), [西药费{n}], [{fen}])" for n, fen in enumerate(rows))
    total = f"#grid(columns: (2fr, 1fr), [金额合计（大写）{capitals}], [（小写）{values['TotalAmount']}])"
    heads, rest = ", ".join(cells[:4]), ", ".join(cells[4:10])
    grid = "#grid(columns: (1fr, 1fr), row-gutter: 8pt, {})"
    parts = [grid.format(heads), "#grid(columns: (1fr, 1fr), [项目名称], [金额（元）])", table, total]
    return "\n\n".join([*parts, grid.format(rest), cells[10].strip("[]")])


@cache
def pdf(text: str, attached: bytes | None = None) -> bytes:
    """A PDF with a text layer, and with a file embedded in it if one is given."""
    fonts = Path(pylopdf_fonts_zh_cn.__file__).parent
    embedded = f'#pdf.attach("bill.xml", bytes(({", ".join(str(one) for one in attached)},)))\n' if attached else ""
    page = '#set page(width: 210mm, height: 140mm, margin: 12mm)\n#set text(font: "Noto Sans SC", size: 9pt)\n'
    source = f"{page}{embedded}{text}".encode()
    made = typst.compile(source, font_paths=[str(fonts)], ignore_system_fonts=True, format="pdf")
    assert isinstance(made, bytes)
    return made
