"""Whatever bytes come: a paper, or a refusal with a code of the catalogue. There is no third outcome."""

from __future__ import annotations

import os
from collections.abc import Callable

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from huimin.documents import DocumentError, Paper, prove
from huimin.documents.reading import read_here
from huimin.error_catalogue import entry_of
from paper_files import HEILONGJIANG, fiscal_xml, ofd, pdf, printed, zipped
from papers.test_opening import REFUSED, archive, jpeg, pdf_of_pages

NIGHTLY = os.environ.get("HYPOTHESIS_PROFILE") == "nightly"
few = settings(max_examples=5_000 if NIGHTLY else 60, deadline=None, suppress_health_check=list(HealthCheck))
WHOLE: dict[str, Callable[[], bytes]] = {
    "xml": fiscal_xml,
    "ofd": lambda: ofd(fiscal_xml()),
    "ofd with tags": lambda: ofd(None, HEILONGJIANG),
    "pdf": lambda: pdf(printed(), fiscal_xml()),
    "small pdf": lambda: pdf_of_pages(2),
    "archive": lambda: archive("OFD.xml"),
    "jpeg": jpeg,
}
STARTS = [b"", b"%PDF-1.7\n", b"PK\x03\x04", b"\xff\xd8\xff", b"<a>", b"<?xml "]


def outcome(data: bytes) -> str:
    try:
        paper = read_here(data)
    except DocumentError as refused:
        entry = entry_of(refused.code)
        assert entry is not None and entry.group == "documents"
        return refused.code
    assert isinstance(paper, Paper)
    for question in prove(paper).questions:
        assert question.words("zh") and question.words("en")
    return "read"


@few
@given(
    st.binary(max_size=2_000), st.sampled_from([b"", b"%PDF-1.7\n", b"PK\x03\x04", b"\xff\xd8\xff", b"<a>", b"<?xml "])
)
def test_any_bytes(data: bytes, start: bytes) -> None:
    assert outcome(start + data)


@pytest.mark.parametrize("name", WHOLE)
@few
@given(data=st.data())
def test_any_bytes_within_a_whole_file(name: str, data: st.DataObject) -> None:
    """A few bytes of a good file are others, or are missing: what a bad line, or a bad person, does to it."""
    whole = bytearray(WHOLE[name]())
    for _ in range(data.draw(st.integers(1, 4))):
        place = data.draw(st.integers(0, len(whole)))
        piece = data.draw(st.binary(max_size=8))
        whole[place : place + data.draw(st.integers(0, 8))] = piece
    assert outcome(bytes(whole))


@few
@given(st.text(max_size=60), st.text(max_size=60), st.sampled_from(sorted(HEILONGJIANG)))
def test_any_text_in_any_field(text: str, remark: str, tag: str) -> None:
    def escaped(value: str) -> str:
        return value.replace("&", "&amp;").replace("<", "&lt;")

    assert outcome(fiscal_xml(**{"Remark": escaped(remark), tag: escaped(text)}))  # type: ignore[arg-type]


@few
@given(
    st.dictionaries(st.sampled_from(["OFD.xml", "Doc_0/Document.xml", "a.xml"]), st.binary(max_size=200)),
    st.text(max_size=30),
)
def test_any_files_in_an_archive(files: dict[str, bytes], location: str) -> None:
    named = location.replace("&", "").replace("<", "").encode("utf-8", "replace")
    root = b"<OFD><DocRoot>" + named + b"</DocRoot></OFD>"
    assert outcome(zipped({"OFD.xml": root, **{name: data for name, data in files.items() if name != "OFD.xml"}}))
    assert outcome(zipped(files) if files else archive("OFD.xml"))


def test_the_files_of_which_pieces_are_changed_are_read_as_they_are() -> None:
    assert [outcome(make()) for make in WHOLE.values()] == [
        *["read"] * 5,
        REFUSED["an OFD without a document"][1],
        "read",
    ]
