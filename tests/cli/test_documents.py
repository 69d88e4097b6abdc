"""`huimin documents read`: fields with their origin, proofs and questions; refusals with their code."""

from __future__ import annotations

from pathlib import Path

import pytest

from huimin.cli import documents, main
from huimin.documents.reading import read_here
from paper_files import fiscal_xml


@pytest.fixture(autouse=True)
def _in_this_process(monkeypatch: pytest.MonkeyPatch) -> None:
    """The process with limits has tests of its own; a busy machine would let its clock run out here."""
    monkeypatch.setattr(documents, "read", read_here)


def test_a_bill_is_shown_with_what_proves_it_and_what_is_asked(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    bill = tmp_path / "bill.xml"
    bill.write_bytes(fiscal_xml())
    assert main(["documents", "read", str(bill)]) == 3
    said = capsys.readouterr().out
    assert " = 金额合计: 6283.79  [xml, named, EInvoice/Main/TotalAmount]\n" in said
    assert "   票据号码: 0021053305  [xml" in said
    assert "   明细合计: 6283.79 = 6283.79\n" in said
    assert " ? 该票据标记为已冲红，但没有红字票据号码。请核实是否确已冲红。 [EInvoice/Main/flushedRed]\n" in said


def test_a_bill_without_questions_says_so(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    bill = tmp_path / "bill.txt"
    left_out = dict.fromkeys(("Remark", "flushedRed", "selfpaymentAmount", "selfpaymentCost"))
    bill.write_bytes(fiscal_xml(**left_out))  # type: ignore[arg-type]
    assert main(["documents", "read", str(bill), "--language", "en"]) == 0
    assert capsys.readouterr().out.endswith("No questions.\n")


@pytest.mark.parametrize(
    ("name", "data", "code"),
    [("a.pdf", b"", "document_empty"), ("a.xml", b"MZ", "document_wrong_type"), ("b.pdf", None, "no_such_file")],
)
def test_a_file_that_is_not_read_is_refused_with_its_code(
    name: str, data: bytes | None, code: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    if data is not None:
        (tmp_path / name).write_bytes(data)
    assert main(["documents", "read", str(tmp_path / name)]) == 2
    assert capsys.readouterr().err.endswith(f"[{code}]\n")


def test_a_folder_is_no_file(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["documents", "read", str(tmp_path)]) == 2
    assert capsys.readouterr().err.endswith("[no_such_file]\n")
