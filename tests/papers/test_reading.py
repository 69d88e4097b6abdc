"""One bill in each form that issuers send: the same values, each with its origin and its place."""

from __future__ import annotations

from io import BytesIO

import pytest
import segno
from PIL import Image

from huimin.documents import Confidence, Origin, Paper, PaperKind, Place
from huimin.documents.reading import read_here
from huimin.documents.reading.codes import read_code_text
from huimin.documents.reading.gathering import Gathering
from huimin.documents.reading.provinces import meaning_of
from huimin.documents.reading.values import printed_fen, written_fen
from paper_files import HEILONGJIANG, fiscal_xml, ofd, pdf, printed

FEN = {"total": 628379, "fund_paid": 432453, "cash_paid": 195926, "account_paid": 0, "other_paid": 0}
TAX = """<eInvoice xmlns="http://www.edrm.org.cn/schema/e-invoice/2019"><InvoiceNo>24312000000012345678</InvoiceNo>
<IssueDate>2025-06-12</IssueDate><Seller><SellerName>某药房</SellerName></Seller>
<TaxExclusiveTotalAmount>884.96</TaxExclusiveTotalAmount><TaxTotalAmount>115.04</TaxTotalAmount>
<TaxInclusiveTotalAmount>1000.00</TaxInclusiveTotalAmount>
<GoodsInfos><GoodsInfo><Item>药品</Item><Amount>884.96</Amount></GoodsInfo></GoodsInfos></eInvoice>"""


def origins(paper: Paper) -> set[Origin]:
    return {one.origin for one in paper.fields}


FORMS = {
    "xml": (fiscal_xml, Origin.XML),
    "xml in Chinese letters": (lambda: fiscal_xml().decode().replace("UTF-8", "GBK").encode("gbk"), Origin.XML),
    "xml in wide letters": (lambda: fiscal_xml().decode().replace("UTF-8", "UTF-16").encode("utf-16"), Origin.XML),
    "xml in other case": (lambda: fiscal_xml().replace(b"fundPayAmount", b"FundPayAmount"), Origin.XML),
    "ofd with xml": (lambda: ofd(fiscal_xml()), Origin.XML),
    "ofd with tags": (lambda: ofd(None, HEILONGJIANG), Origin.OFD_TAG),
    "pdf": (lambda: pdf(printed()), Origin.PDF_TEXT),
}


@pytest.mark.parametrize("form", FORMS)
def test_a_bill_says_the_same_in_every_form(form: str) -> None:
    make, origin = FORMS[form]
    paper = read_here(make())
    assert paper.kind is PaperKind.MEDICAL_BILL
    assert origins(paper) == {origin}
    assert {name: paper.fen(name) for name in FEN} == FEN
    assert [paper.text(name) for name in ("bill_code", "bill_number", "check_code")] == [
        *("23141425", "0021053305", "589d80")
    ]
    assert {(one.meaning, one.fen) for one in paper.named} == {
        *(("in_scope", 540503), ("out_of_scope", 87876), ("deductible", 60000), ("city_plan_paid", 0))
    }
    assert paper.unread == paper.differing == ()


@pytest.mark.parametrize("form", ["xml", "ofd with xml", "pdf"])
def test_the_rows_are_read_with_their_places(form: str) -> None:
    rows = read_here(FORMS[form][0]()).rows
    assert [row.fen for row in rows] == [46130, 45530, 28000, 249150, 64010, 98340, 40419, 34000, 22800]
    assert rows[3].name == "西药费3"
    assert all(row.place.path or row.place.box for row in rows)


def test_a_place_is_a_path_or_a_page_with_a_box() -> None:
    of_xml = read_here(ofd(fiscal_xml())).field("total")
    of_tag = read_here(ofd(None, HEILONGJIANG)).field("total")
    of_pdf = read_here(pdf(printed())).field("total")
    assert of_xml is not None and of_tag is not None and of_pdf is not None
    assert of_xml.place == Place("Doc_0/Attachs/bill.xml#EInvoice/Main/TotalAmount")
    assert of_tag.place == Place("Doc_0/Pages/Page_0/Content.xml", 1, (100, 103, 300, 153))
    assert of_pdf.place.page == 1
    left, top, right, bottom = of_pdf.place.box or (0, 0, 0, 0)
    assert 600 < left < right < 800 and 500 < top < bottom < 700
    assert [one.confidence for one in (of_xml, of_tag, of_pdf)] == [
        *(Confidence.NAMED, Confidence.NAMED, Confidence.LABELLED)
    ]


def test_what_is_embedded_comes_before_what_is_printed() -> None:
    paper = read_here(pdf(printed(), fiscal_xml()))
    found = {one.name: one.origin for one in paper.fields}
    assert found["total"] is Origin.XML
    assert found["total_in_capitals"] is Origin.PDF_TEXT
    assert paper.differing == ()


def test_a_print_that_says_otherwise_than_what_is_embedded_is_kept_beside_it() -> None:
    paper = read_here(pdf(printed(TotalAmount="9283.79"), fiscal_xml()))
    assert paper.fen("total") == 628379
    assert [(one.name, one.value, one.origin) for one in paper.differing] == [("total", 928379, Origin.PDF_TEXT)]


def test_a_file_that_says_two_totals_has_both() -> None:
    paper = read_here(fiscal_xml().replace(b"</Main>", b"<TotalAmount>1.00</TotalAmount></Main>"))
    assert paper.fen("total") == 628379
    assert [one.value for one in paper.differing] == [100]


@pytest.mark.parametrize(
    "text", ["3617.", "3617.5", "3617", "36,17.58", ".58", "361.581", "３617.58", "1e5", "3617.58元", ""]
)
def test_a_printed_amount_without_both_its_decimals_is_none(text: str) -> None:
    assert printed_fen(text) is None


def test_amounts_that_are_whole_are_read() -> None:
    assert [printed_fen(text) for text in ("3617.58", "¥3,617.58", "-3617.58", "0.00")] == [361758, 361758, -361758, 0]
    assert [written_fen(text) for text in ("3617", "3617.5", "3617.5800", "3617.")] == [361700, 361750, 361758, None]


@pytest.mark.parametrize(
    "data", [lambda: fiscal_xml(TotalAmount="3617."), lambda: pdf(printed(TotalAmount="3617."))], ids=["xml", "pdf"]
)
def test_an_amount_that_was_cut_is_no_field_and_is_kept_with_its_place(data: object) -> None:
    assert callable(data)
    paper = read_here(data())
    assert paper.field("total") is None
    (unread,) = paper.unread
    assert (unread.name, unread.text) == ("total", "3617.")
    assert unread.place.path or unread.place.box


def test_a_row_that_was_cut_is_no_row() -> None:
    paper = read_here(fiscal_xml(rows=("461.30", "455.")))
    assert [row.fen for row in paper.rows] == [46130]
    assert [one.text for one in paper.unread] == ["455."]


def test_a_tax_invoice_is_read_as_file_and_attached_to_an_ofd() -> None:
    for data in (TAX.encode(), ofd(TAX.encode())):
        paper = read_here(data)
        assert paper.kind is PaperKind.TAX_INVOICE
        assert paper.text("bill_number") == "24312000000012345678"
        assert [paper.fen(name) for name in ("before_tax", "tax", "total")] == [88496, 11504, 100000]
        assert [row.fen for row in paper.rows] == [88496]


def test_a_tax_invoice_is_read_by_the_tags_of_its_ofd() -> None:
    paper = read_here(ofd(None, {"InvoiceNo": "24312000000012345678", "TaxInclusiveTotalAmount": "1,000.00"}))
    assert (paper.kind, paper.fen("total")) == (PaperKind.TAX_INVOICE, 100000)


def printed_lines(*lines: str) -> bytes:
    """A PDF of such lines; what stands apart in one is told by two spaces."""
    rows = [[f'[#"{cell}"]' for cell in line.split("  ")] for line in lines]
    made = "\n\n".join(f"#grid(columns: ({'1fr, ' * len(row)}), {', '.join(row)})" for row in rows)
    return pdf(made)


def test_a_tax_invoice_is_read_from_its_print() -> None:
    paper = read_here(
        printed_lines(
            *("发票号码：24312000000012345678  开票日期：2025年06月12日", "项目名称  单价  金额  税率  税额"),
            *("*中成药*清开灵  12.00  800.00  13%  104.00", "挂号  84.96  84.96  免税  ***"),
            *("合 计  ¥884.96  ¥104.00", "价税合计（大写）玖佰捌拾捌元玖角陆分  （小写）¥988.96"),
        )
    )
    assert (paper.kind, paper.text("bill_number")) == (PaperKind.TAX_INVOICE, "24312000000012345678")
    assert [paper.fen(name) for name in ("before_tax", "tax", "total")] == [88496, 10400, 98896]
    assert [row.fen for row in paper.rows] == [80000, 8496]


def test_a_settlement_sheet_is_read_with_the_names_that_its_province_has() -> None:
    paper = read_here(
        printed_lines(
            *(
                "基本医疗保险住院费用结算单",
                "姓名  张三  出院日期  2026-01-20",
                "医疗费总额  100.00  统筹基金支付  60.00元",
            ),
            *("现金支付  40.00  医保范围内  90.00", "医保范围外  10.00"),
        )
    )
    assert (paper.kind, paper.text("patient")) == (PaperKind.SETTLEMENT_SHEET, "张三")
    assert [paper.fen(name) for name in ("total", "fund_paid", "cash_paid")] == [10000, 6000, 4000]
    assert {(one.meaning, one.fen) for one in paper.named if one.meaning} == {
        *(("in_scope", 9000), ("out_of_scope", 1000))
    }


def test_a_discharge_summary_is_read() -> None:
    paper = read_here(printed_lines("出院小结", "姓名：李四  入院日期：2026-01-02", "出院诊断：阑尾炎"))
    assert paper.kind is PaperKind.DISCHARGE_SUMMARY
    names = ("patient", "admitted_on", "diagnosis")
    assert [paper.text(name) for name in names] == ["李四", "2026-01-02", "阑尾炎"]


def test_a_code_is_read_from_a_picture_with_its_place() -> None:
    out, picture = BytesIO(), BytesIO()
    segno.make("01,08,23141425,0021053305,589d80,20250612", error="m").save(out, kind="png", scale=4)
    page = Image.new("L", (800, 600), 255)
    page.paste(Image.open(out), (500, 100))
    page.convert("RGB").save(picture, "JPEG", quality=70)
    paper = read_here(picture.getvalue())
    assert origins(paper) == {Origin.QR}
    assert [paper.text(name) for name in ("bill_code", "bill_number", "check_code")] == [
        *("23141425", "0021053305", "589d80")
    ]
    found = paper.field("bill_code")
    assert found is not None and found.confidence is Confidence.SHAPED
    left, top, right, bottom = found.place.box or (0, 0, 0, 0)
    assert 620 < left < right < 800 and 160 < top < bottom < 450


@pytest.mark.parametrize(
    ("text", "code", "number"),
    [
        ("https://bill.example/h5?billBatchCode=23141425&billNo=0021053305&random=589d80", "23141425", "0021053305"),
        ("23141425|0021053305|20250612", "23141425", "0021053305"),
        ("23141425,11010125", None, None),
        ("20250612", None, None),
        ("", None, None),
    ],
)
def test_what_has_the_shape_of_a_number_is_taken_from_a_code_and_what_could_be_two_is_not(
    text: str, code: str | None, number: str | None
) -> None:
    into = Gathering()
    read_code_text(text, Place(), into)
    paper = into.paper()
    assert (paper.text("bill_code"), paper.text("bill_number")) == (code, number)
    assert (paper.text("code_text") or "") == text


def test_names_of_amounts_mean_what_the_province_says() -> None:
    assert meaning_of("自付一", "11") == "in_scope_self_paid"
    assert meaning_of("自付一", "31") is None
    assert meaning_of("其中大病保险支付", "65") == "critical_illness_paid"
    assert meaning_of("沪惠保赔付", "31") == meaning_of("其中渝快保支付", "50") == "city_plan_paid"
    assert meaning_of("医院优惠", "23") is None


def test_a_name_that_no_list_has_is_kept_with_its_amount() -> None:
    (one,) = read_here(fiscal_xml(Remark="师职补助：12.30元")).named
    assert (one.name, one.fen, one.meaning) == ("师职补助", 1230, None)


def test_breakdowns_of_payers_are_read_as_named_amounts() -> None:
    paper = read_here(
        fiscal_xml(SupervisorAreaCode="110000", fundPayAmountInfo="自付一:1,200.00;自付二:30.00", Remark=None)
    )
    assert [(one.meaning, one.fen) for one in paper.named] == [("in_scope_self_paid", 120000), ("first_self_pay", 3000)]
