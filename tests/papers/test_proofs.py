"""No amount is sure without an identity that proves it; what contradicts itself is a question with its place."""

from __future__ import annotations

import re
import tomllib
from dataclasses import replace
from importlib.resources import files

import pytest
from hypothesis import given
from hypothesis import strategies as st

from huimin.documents import (
    BillKey,
    Confidence,
    Field,
    Origin,
    Paper,
    PaperKind,
    Place,
    Row,
    Verdict,
    key_of,
    prove,
)
from huimin.documents.proofs.capitals import capitals_fen
from huimin.documents.reading import read_here
from paper_files import ROWS, fiscal_xml, ofd, pdf, printed

NO_REVERSAL = {"flushedRed": None}
PLAIN = {**NO_REVERSAL, "Remark": None, "selfpaymentAmount": None, "selfpaymentCost": None}
"""The bill without what contradicts itself."""


def verdict_of(**changed: str | None) -> Verdict:
    return prove(read_here(fiscal_xml(**changed)))  # type: ignore[arg-type]


def codes(verdict: Verdict) -> list[str]:
    return [one.code for one in verdict.questions]


def test_the_bill_of_heilongjiang_is_proven_but_for_its_printed_zeros_and_its_mark() -> None:
    verdict = verdict_of()
    assert [(proof.name, proof.left, proof.holds) for proof in verdict.proofs] == [
        ("rows", 628379, True),
        ("payers", 628379, True),
        ("scope", 628379, True),
        ("deposit", 195926, True),
    ]
    assert {"total", "fund_paid", "cash_paid", "deposit", "returned", "in_scope", "out_of_scope"} <= verdict.sure
    assert not {"printed_self_paid", "printed_self_funded"} & verdict.sure
    assert codes(verdict) == ["reversed_without_number", "printed_zero_contradicted", "printed_zero_contradicted"]
    assert [one.place.path for one in verdict.questions] == [
        *(f"EInvoice/Main/{name}" for name in ("flushedRed", "selfpaymentAmount", "selfpaymentCost"))
    ]


def test_a_bill_that_contradicts_nothing_leaves_no_question() -> None:
    assert verdict_of(**PLAIN).questions == ()


def test_an_amount_that_nothing_proves_is_a_question() -> None:
    verdict = prove(read_here(ofd(None, {"EInvoiceCode": "23141425", "TotalAmount": "6283.79"})))
    assert verdict.sure == frozenset()
    assert "amount_unproven" in codes(verdict)


@pytest.mark.parametrize(
    ("changed", "name"),
    [
        ({"TotalAmount": "6283.80"}, "rows"),
        ({"fundPayAmount": "4324.52"}, "payers"),
        ({"refundAmount": "3040.75"}, "deposit"),
        ({"Remark": "医保内:5405.04 医保外:878.76"}, "scope"),
    ],
)
def test_a_sum_that_is_one_fen_off_takes_the_sureness_of_all_in_it(changed: dict[str, str], name: str) -> None:
    verdict = verdict_of(**{**PLAIN, **changed})
    (failed, *_) = [proof for proof in verdict.proofs if not proof.holds]
    assert failed.name == name
    assert not set(failed.proves) & verdict.sure
    assert "sum_differs" in codes(verdict)


def test_rows_that_are_one_short_prove_nothing() -> None:
    verdict = prove(read_here(fiscal_xml(rows=ROWS[:-1], **PLAIN)))
    assert "rows" not in verdict.sure and "total" not in verdict.sure


def test_capitals_prove_the_total_and_deny_another() -> None:
    alone = {"fundPayAmount": "1.00", "ownPayAmount": "2.00"}
    assert "total" in prove(read_here(pdf(printed()))).sure
    verdict = prove(read_here(pdf(printed(rows=(), capitals="陆仟贰佰捌拾叁元柒角捌分", **alone))))
    assert "total" not in verdict.sure
    unread = prove(read_here(pdf(printed(capitals="陆仟贰佰捌拾叁元柒角九"))))
    assert "capitals_unread" in codes(unread)


def test_a_second_source_that_says_otherwise_takes_the_sureness_away() -> None:
    verdict = prove(read_here(pdf(printed(TotalAmount="9283.79"), fiscal_xml())))
    assert "total" not in verdict.sure
    assert "sources_differ" in codes(verdict)


def test_what_the_plan_has_paid_at_the_counter_is_asked() -> None:
    remark = "医保内:5405.03 医保外:878.76 其中龙江惠民保支付:100.00"
    (question,) = [one for one in verdict_of(Remark=remark).questions if one.code == "plan_paid_at_counter"]
    assert question.values["amount"] == "100.00"
    assert question.place.path == "EInvoice/Main/Remark"
    assert "plan_paid_at_counter" not in codes(verdict_of(Remark="龙江惠民保支付:0.00"))


def test_a_remark_is_read_to_its_end_though_it_has_labels_in_it() -> None:
    paper = read_here(pdf(printed(Remark="医保内:5405.03 统筹基金支付:4324.53 其中龙江惠民保支付:100.00")))
    assert "plan_paid_at_counter" in codes(prove(paper))
    assert paper.fen("fund_paid") == 432453 and not [one for one in paper.differing if one.name == "fund_paid"]


def test_a_red_bill_names_what_it_reverses_and_is_no_bill_to_pay() -> None:
    verdict = verdict_of(**{**PLAIN, "relatedInvoiceCode": "23141425", "relatedInvoiceNumber": "0021053304"})
    (question,) = verdict.questions
    assert (question.code, question.values["text"]) == ("red_bill", "23141425 0021053304")
    negative = verdict_of(TotalAmount="-6283.79")
    assert "red_bill" in codes(negative)


def test_a_mark_of_reversal_with_the_number_of_what_is_reversed_is_one_question() -> None:
    verdict = verdict_of(flushedRed="true", relatedInvoiceNumber="0021053304")
    assert "reversed_without_number" not in codes(verdict)
    assert "reversed_without_number" not in codes(verdict_of(flushedRed="false"))


@pytest.mark.parametrize(
    ("tag", "odd"),
    [
        ("EInvoiceCode", "2314142"),
        ("EInvoiceCode", "231414250"),
        ("EInvoiceNumber", "21053305"),
        ("EInvoiceNumber", "00210533O5"),
        ("RandomNumber", "589D80"),
        ("RandomNumber", "589d8"),
    ],
)
def test_a_number_of_another_shape_is_a_question(tag: str, odd: str) -> None:
    (question,) = verdict_of(**{**PLAIN, tag: odd}).questions
    assert (question.code, question.values["text"], question.place.path) == ("odd_shape", odd, f"EInvoice/Main/{tag}")


def test_a_number_that_is_missing_is_a_question() -> None:
    (question,) = verdict_of(**{**PLAIN, "RandomNumber": None}).questions
    assert (question.code, question.values["name"]) == ("number_missing", "check_code")


KEY = BillKey("23141425", "0021053305", "589d80", 628379)


@pytest.mark.parametrize(
    ("known", "asked"),
    [
        ([], []),
        ([KEY], ["same_bill_again"]),
        ([BillKey("23141425", "0021053306", "589d80", 1)], []),
        ([BillKey("23141425", "0021053305", "000000", 628379)], ["same_key_other_content"]),
        ([BillKey("23141425", "0021053305", "589d80", 628378)], ["same_key_other_content"]),
        ([BillKey("23141425", "0021053305", None, None)], ["same_bill_again"]),
    ],
)
def test_one_key_with_other_content_is_suspicious(known: list[BillKey], asked: list[str]) -> None:
    paper = read_here(fiscal_xml(**PLAIN))  # type: ignore[arg-type]
    assert key_of(paper) == KEY
    assert codes(prove(paper, known)) == asked


def test_a_paper_without_figures_says_so() -> None:
    assert "nothing_read" in codes(prove(read_here(pdf("诊断证明"))))


def test_a_cut_amount_is_asked_with_what_stands_there() -> None:
    (question,) = [one for one in verdict_of(TotalAmount="3617.").questions if one.code == "amount_unread"]
    assert question.words("zh") == "“金额合计”处的内容不是完整的金额：3617.。请核对应为多少。"
    assert question.words("en") == "What stands as the total is not a whole amount: 3617.. What is it?"


def test_every_question_has_its_sentence_in_both_languages_with_the_same_values() -> None:
    home = files("huimin.documents.proofs")
    sentences = tomllib.loads((home / "questions.toml").read_text("utf-8"))
    for code, words in sentences.items():
        values = [set(re.findall(r"{(\w+?)(?:_zh)?}", words[language])) for language in ("en", "zh")]
        assert values[0] == values[1], code


def seen(confidence: Confidence = Confidence.RECOGNISED, origin: Origin = Origin.OCR, **values: int | str) -> Paper:
    """A medical bill of which this was read."""
    fields = tuple(Field(name, value, origin, Place("", 1), confidence) for name, value in values.items())
    return Paper(PaperKind.MEDICAL_BILL, fields)


PAID_IN_CASH = {"total": 628379, "cash_paid": 628379, "fund_paid": 0}
CAPITALS = {"total_in_capitals": "陆仟贰佰捌拾叁元柒角玖分"}


def test_a_figure_that_was_seen_twice_in_a_picture_proves_nothing_and_in_a_file_it_does() -> None:
    """One that is hard to read is misread in both places."""
    verdict = prove(seen(**PAID_IN_CASH))
    assert [(proof.name, proof.holds, proof.repeats) for proof in verdict.proofs] == [("payers", True, True)]
    assert verdict.sure == frozenset()
    assert "amount_unproven" in codes(verdict)
    assert prove(seen(origin=Origin.PDF_TEXT, **PAID_IN_CASH)).sure == {"total", "cash_paid", "fund_paid"}


def test_a_figure_that_was_seen_twice_is_proven_by_what_is_written_otherwise() -> None:
    assert prove(seen(**PAID_IN_CASH, **CAPITALS)).sure == {"total", "cash_paid", "fund_paid"}
    assert prove(seen(**{**PAID_IN_CASH, "cash_paid": 628378}, **CAPITALS)).sure == frozenset()


def test_a_sum_of_several_figures_proves_what_was_seen_in_a_picture() -> None:
    assert prove(seen(total=628379, fund_paid=432453, cash_paid=195926)).sure == {"total", "fund_paid", "cash_paid"}


def test_rows_of_a_picture_prove_if_there_are_two() -> None:
    paper = seen(total=628379)
    one, two = Row("西药费", 628379, Place("", 1)), Row("床位费", 0, Place("", 1))
    assert prove(replace(paper, rows=(one, two))).sure == frozenset()
    assert prove(replace(paper, rows=(replace(one, fen=628000), replace(two, fen=379)))).sure == {"total", "rows"}


def test_what_was_seen_doubtfully_is_never_sure_and_always_a_question() -> None:
    verdict = prove(seen(Confidence.DOUBTFUL, total=628379, fund_paid=432453, cash_paid=195926, bill_code="23141425"))
    assert verdict.sure == frozenset()
    asked = [one for one in verdict.questions if one.code == "seen_doubtfully"]
    assert [one.values["text"] for one in asked] == ["6283.79", "4324.53", "1959.26", "23141425"]
    assert "amount_unproven" not in codes(verdict)


def test_a_discharge_summary_has_no_figures_and_that_is_no_question() -> None:
    paper = Paper(PaperKind.DISCHARGE_SUMMARY, seen(diagnosis="急性阑尾炎").fields)
    assert codes(prove(paper)) == []
    assert codes(prove(Paper(PaperKind.DISCHARGE_SUMMARY))) == ["nothing_read"]


DIGITS, UNITS = "零壹贰叁肆伍陆柒捌玖", ("", "拾", "佰", "仟")


def spoken(fen: int) -> str:
    """The capitals of an amount, by a rule of its own: digit by digit, zeros of a gap once."""
    whole, jiao, cents = fen // 100, fen // 10 % 10, fen % 10
    text = _spoken(whole) + "元" if whole else ""
    if not jiao and not cents:
        return (text or "零元") + "整"
    text += DIGITS[jiao] + "角" if jiao else "零" if whole else ""
    return text + (DIGITS[cents] + "分" if cents else "整")


def _spoken(number: int) -> str:
    for unit, name in ((10**8, "亿"), (10**4, "万")):
        if number >= unit:
            rest = number % unit
            gap = "零" if rest and rest < unit // 10 else ""
            return _spoken(number // unit) + name + gap + (_spoken(rest) if rest else "")
    digits = "".join(DIGITS[int(one)] + (UNITS[place] if one != "0" else "") for place, one in _places(number))
    return re.sub("零+", "零", digits).strip("零") or "零"


def _places(number: int) -> list[tuple[int, str]]:
    text = str(number)
    return [(len(text) - 1 - index, one) for index, one in enumerate(text)]


@given(st.integers(min_value=0, max_value=10**13))
def test_capitals_of_any_amount_are_read_back(fen: int) -> None:
    assert capitals_fen(spoken(fen)) == fen


@pytest.mark.parametrize(
    ("text", "fen"),
    [
        ("人民币陆仟贰佰捌拾叁圆柒角玖分", 628379),
        ("拾元整", 1000),
        ("壹佰零伍元", 10500),
        ("壹万零伍佰元整", 1050000),
        ("柒角", 70),
        ("负壹元整", -100),
        ("零元整", 0),
    ],
)
def test_forms_that_bills_print_are_read(text: str, fen: int) -> None:
    assert capitals_fen(text) == fen


@pytest.mark.parametrize(
    "text", ["", "元", "整", "壹贰元", "拾佰元", "壹佰贰佰元", "壹万贰万元", "壹佰", "abc元", "壹元贰元", "万元"]
)
def test_what_is_no_amount_in_capitals_is_none(text: str) -> None:
    assert capitals_fen(text) is None


def test_what_was_topped_up_counts_with_the_deposit() -> None:
    verdict = verdict_of(**PLAIN, prepayAmount="1000.00", rechargeAmount="959.26", refundAmount="0.00")
    assert "topped_up" in verdict.sure and "cash_paid" in verdict.sure
