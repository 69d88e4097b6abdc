"""Each file that must not be opened is made here, and refused with its code and a sentence; nothing else is raised."""

from __future__ import annotations

import os
import struct
import subprocess
import sys
import zlib
from collections.abc import Callable
from io import BytesIO
from pathlib import Path
from zipfile import ZIP_BZIP2, ZIP_STORED, ZipFile, ZipInfo

import pytest
from PIL import Image

from huimin.documents import DocumentError, FileKind, Limits, kind_of, read
from huimin.documents.opening.archive import Archive
from huimin.documents.reading import read_here
from huimin.error_catalogue import error_catalogue
from paper_files import fiscal_xml, ofd, pdf, printed, zipped

PATIENT = Limits(seconds=120, letter_seconds=300)
"""The clock of a busy machine says nothing of a file."""
BILLION_LAUGHS = b'<!DOCTYPE a [<!ENTITY b "ha"><!ENTITY c "&b;&b;&b;&b;&b;&b;">]><a>&c;</a>'
FETCHES = b'<!DOCTYPE a [<!ENTITY b SYSTEM "file:///etc/passwd">]><a>&b;</a>'


def bomb(unpacked: int, says: int | None = None) -> bytes:
    """An archive whose one file has so many zeros; deflated, a thousandth of that. `says`: what it claims."""
    piece = 64 * 1024 * 1024
    packer = zlib.compressobj(9, zlib.DEFLATED, -15)
    one = packer.compress(bytes(piece)) + packer.flush(zlib.Z_FULL_FLUSH)
    stream = one * (unpacked // piece) + packer.flush()
    size = min(unpacked if says is None else says, 0xFFFF_FFFE)
    name = b"OFD.xml"
    sizes = struct.pack("<III", 0, len(stream), size)
    local = b"PK\x03\x04" + struct.pack("<HHHHH", 20, 0, 8, 0, 0) + sizes + struct.pack("<HH", len(name), 0) + name
    entry = b"PK\x01\x02" + struct.pack("<HHHHHH", 20, 20, 0, 8, 0, 0) + sizes
    entry += struct.pack("<HHHHHII", len(name), 0, 0, 0, 0, 0, 0) + name
    end = b"PK\x05\x06" + struct.pack("<HHHHIIH", 0, 0, 1, 1, len(entry), len(local) + len(stream), 0)
    return local + stream + entry + end


def pdf_of_pages(pages: int) -> bytes:
    out = bytearray(b"%PDF-1.4\n")
    offsets = []
    kids = " ".join(f"{n} 0 R" for n in range(3, pages + 3))
    page = "<</Type/Page/Parent 2 0 R/MediaBox[0 0 9 9]>>"
    for number, body in enumerate(
        ["<</Type/Catalog/Pages 2 0 R>>", f"<</Type/Pages/Kids[{kids}]/Count {pages}>>", *[page] * pages], start=1
    ):
        offsets.append(len(out))
        out += f"{number} 0 obj{body}endobj\n".encode()
    start = len(out)
    table = "".join(f"{offset:010} 00000 n \n" for offset in offsets)
    out += f"xref\n0 {len(offsets) + 1}\n0000000000 65535 f \n{table}".encode()
    out += f"trailer<</Size {len(offsets) + 1}/Root 1 0 R>>\nstartxref\n{start}\n%%EOF\n".encode()
    return bytes(out)


def png(width: int, height: int) -> bytes:
    """A picture that says it has so many points; it holds none of them."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    head = struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", zlib.compress(b"")) + chunk(b"IEND", b"")


def jpeg() -> bytes:
    out = BytesIO()
    Image.radial_gradient("L").save(out, "JPEG", quality=95)
    return out.getvalue()


def moving() -> bytes:
    out = BytesIO()
    Image.new("L", (9, 9)).save(out, "PNG", save_all=True, append_images=[Image.new("L", (9, 9), 255)])
    return out.getvalue()


def scanned(pages: int) -> bytes:
    """A PDF of pictures, as a scanner makes it."""
    out = BytesIO()
    Image.new("L", (40, 40)).save(out, "PDF", save_all=True, append_images=[Image.new("L", (40, 40))] * (pages - 1))
    return out.getvalue()


def archive(*names: str, method: int = ZIP_STORED) -> bytes:
    out = BytesIO()
    with ZipFile(out, "w", method) as made:
        for name in names:
            made.writestr(ZipInfo(name), b"<a/>", method)
    return out.getvalue()


def encrypted_zip() -> bytes:
    made = bytearray(archive("OFD.xml"))
    made[6] |= 1
    made[made.rfind(b"PK\x01\x02") + 8] |= 1
    return bytes(made)


def encrypted_pdf() -> bytes:
    """One that names a way of encrypting it, with check values that no empty password meets."""
    plain = pdf_of_pages(1)
    locked = b"/Encrypt<</Filter/Standard/V 1/R 2/P -1/O<" + b"41" * 32 + b">/U<" + b"42" * 32 + b">>>/ID[<41><41>]"
    return plain.replace(b"trailer<<", b"trailer<<" + locked)


def overlapping() -> bytes:
    """Two entries that share their bytes."""
    made = bytearray(archive("OFD.xml", "x/a.xml"))
    second = made.rfind(b"PK\x01\x02")
    made[second + 42 : second + 46] = struct.pack("<I", 4)
    return bytes(made)


REFUSED: dict[str, tuple[Callable[[], bytes], str]] = {
    "nothing": (lambda: b"", "document_empty"),
    "zeros": (lambda: bytes(100), "document_empty"),
    "spaces": (lambda: b" \r\n\t", "document_empty"),
    "more bytes than a bill": (lambda: b"%PDF-1.4" + b"x" * Limits().file_bytes, "document_too_large"),
    "a web page": (lambda: b"<!DOCTYPE html><html></html>", "document_wrong_type"),
    "a Word file": (lambda: zipped({"word/document.xml": b"<a/>"}), "document_wrong_type"),
    "an old Excel file": (lambda: b"\xd0\xcf\x11\xe0" + b"x" * 100, "document_wrong_type"),
    "a picture of a telephone": (lambda: b"\x00\x00\x00\x18ftypheic" + b"x" * 100, "document_wrong_type"),
    "a program": (lambda: b"MZ" + b"x" * 100, "document_wrong_type"),
    "a text": ("门诊收费票据".encode, "document_wrong_type"),
    "other XML": (lambda: b"<a><b/></a>", "document_wrong_type"),
    "a PDF with an archive behind it": (lambda: pdf_of_pages(1) + archive("OFD.xml"), "document_of_two_kinds"),
    "an archive with a PDF in it": (lambda: archive("%PDF-1.4"), "document_of_two_kinds"),
    "a picture with an archive behind it": (lambda: jpeg() + archive("OFD.xml"), "document_of_two_kinds"),
    "XML with a PDF in it": (lambda: b"<a>%PDF-1.4</a>", "document_of_two_kinds"),
    "an encrypted PDF": (encrypted_pdf, "document_encrypted"),
    "an encrypted archive": (encrypted_zip, "document_encrypted"),
    "half a PDF": (lambda: pdf(printed())[:9000], "document_cut_off"),
    "half an archive": (lambda: ofd(fiscal_xml())[:500], "document_cut_off"),
    "half of XML": (lambda: fiscal_xml()[:500], "document_cut_off"),
    "a picture that moves": (moving, "picture_moves"),
    "many pages that are pictures": (lambda: scanned(11), "document_too_many_pages"),
    "half a picture": (lambda: jpeg()[:2000], "document_cut_off"),
    "a PDF of noise": (lambda: b"%PDF-1.4 x %%EOF", "document_damaged"),
    "a picture of noise": (lambda: b"\xff\xd8\xff" + b"x" * 500, "document_damaged"),
    "XML that does not close": (lambda: b"<a><b></a></b>", "document_damaged"),
    "XML that is no Chinese": (lambda: b"<?xml version='1.0' encoding='GBK'?><a>\xff\xff</a>", "document_damaged"),
    "an archive packed otherwise": (lambda: archive("OFD.xml", method=ZIP_BZIP2), "document_damaged"),
    "an archive whose files overlap": (overlapping, "document_damaged"),
    "an archive with two files of one name": (lambda: archive("OFD.xml", "OFD.xml"), "document_damaged"),
    "an OFD without a document": (lambda: archive("OFD.xml"), "document_damaged"),
    "2 GB that say 4 bytes": (lambda: bomb(2 << 30, says=4), "document_damaged"),
    "4 GB in 4 MB": (lambda: bomb(4 << 30), "document_unpacks_too_large"),
    "10 GB that say 4": (lambda: bomb(10 << 30), "document_unpacks_too_large"),
    "many files": (lambda: archive("OFD.xml", *(f"{n}.xml" for n in range(3000))), "document_unpacks_too_large"),
    "XML without end": (lambda: b"<a>" * 100 + b"</a>" * 100, "document_unpacks_too_large"),
    "XML of many elements": (lambda: b"<a>" + b"<b/>" * 300_000 + b"</a>", "document_unpacks_too_large"),
    "100,000 pages": (lambda: pdf_of_pages(100_000), "document_too_many_pages"),
    "an OFD of 100 pages": (
        lambda: ofd(Doc_0__Document=b"<a>" + b'<Page BaseLoc="x"/>' * 100 + b"</a>"),
        "document_too_many_pages",
    ),
    "50,000 by 50,000 points": (lambda: png(50_000, 50_000), "picture_too_large"),
    "entities that grow": (lambda: BILLION_LAUGHS, "document_unsafe_xml"),
    "entities that read files": (lambda: FETCHES, "document_unsafe_xml"),
    "an OFD with entities": (lambda: ofd(Doc_0__Document=FETCHES), "document_unsafe_xml"),
    "an OFD with entities in what is attached": (lambda: ofd(FETCHES), "document_unsafe_xml"),
    "a PDF with entities in what is embedded": (lambda: pdf(printed(), FETCHES), "document_unsafe_xml"),
    "a name that leads out": (lambda: archive("OFD.xml", "../../etc/x.xml"), "document_unsafe_name"),
    "a name from the root": (lambda: archive("OFD.xml", "/etc/x.xml"), "document_unsafe_name"),
    "a name of Windows": (lambda: archive("OFD.xml", "..\\x.xml"), "document_unsafe_name"),
    "a drive of Windows": (lambda: archive("OFD.xml", "C:x.xml"), "document_unsafe_name"),
    "an OFD that names a file outside": (
        lambda: ofd(Doc_0__Document=b"<a><CustomTags>../../../etc/passwd</CustomTags></a>"),
        "document_unsafe_name",
    ),
}


@pytest.mark.parametrize("name", REFUSED)
def test_what_must_not_be_opened_is_refused_with_its_code(name: str) -> None:
    make, code = REFUSED[name]
    with pytest.raises(DocumentError) as refused:
        read_here(make())
    assert refused.value.code == code
    assert "; " in refused.value.message, "what was found and expected; what to do"


APART = {"document_too_slow", "document_needs_too_much", "document_stopped"}


def test_every_code_of_these_papers_is_met() -> None:
    codes = {code for code, entry in error_catalogue().items() if entry.group == "documents"}
    assert {code for _, code in REFUSED.values()} | APART == codes


@pytest.mark.parametrize("name", ["4 GB in 4 MB", "100,000 pages", "50,000 by 50,000 points", "entities that grow"])
def test_a_refusal_comes_out_of_the_process_as_it_was(name: str) -> None:
    make, code = REFUSED[name]
    data = make()
    with pytest.raises(DocumentError) as refused:
        read(data, PATIENT)
    with pytest.raises(DocumentError) as here:
        read_here(data)
    assert (refused.value.code, refused.value.message) == (code, here.value.message)
    assert refused.value.values == here.value.values


def test_a_bill_is_the_same_out_of_the_process_as_read_here() -> None:
    for data in (fiscal_xml(), ofd(fiscal_xml()), pdf(printed())):
        assert read(data, PATIENT) == read_here(data)


def test_a_file_that_takes_too_long_is_given_up() -> None:
    with pytest.raises(DocumentError, match="longer than 0 seconds") as refused:
        read(fiscal_xml(), Limits(seconds=0))
    assert refused.value.code == "document_too_slow"


def test_a_file_that_needs_more_memory_than_a_bill_is_given_up() -> None:
    """A picture of the most points that are allowed, for a process that has room for Python and little more."""
    out = BytesIO()
    Image.new("L", (7000, 7000)).save(out, "PNG")
    assert len(out.getvalue()) < 100_000
    with pytest.raises(DocumentError) as refused:
        read(out.getvalue(), Limits(letter_seconds=120, letter_memory_bytes=120 << 20))
    assert refused.value.code == "document_needs_too_much"
    assert read(out.getvalue(), PATIENT).fields == ()


def test_a_process_that_ends_is_a_refusal_and_not_a_fault_of_ours() -> None:
    with pytest.raises(DocumentError) as refused:
        read(fiscal_xml(), Limits(seconds=120, memory_bytes=1 << 20))
    assert refused.value.code == "document_stopped"


def test_an_answer_that_is_longer_than_allowed_is_not_heard() -> None:
    with pytest.raises(DocumentError) as refused:
        read(fiscal_xml(), Limits(seconds=120, answer_bytes=100))
    assert refused.value.code == "document_stopped"


FORBIDDEN = (
    "import socket, sys\nfrom huimin.documents import child\nsys.addaudithook(child._allow)\n"
    "try:\n    socket.socket()\nexcept PermissionError:\n    print('refused')\n"
)


def test_the_process_reaches_no_network() -> None:
    done = subprocess.run([sys.executable, "-c", FORBIDDEN], capture_output=True, text=True, check=True)
    assert done.stdout == "refused\n"


def test_the_process_gets_nothing_of_our_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    given: dict[str, str] = {}

    def run(*_: object, env: dict[str, str], **__: object) -> subprocess.CompletedProcess[bytes]:
        given.update(env)
        return subprocess.CompletedProcess([], 1)

    monkeypatch.setenv("HUIMIN_SECRET_KEY", "a secret")
    monkeypatch.setattr(subprocess, "run", run)
    with pytest.raises(DocumentError):
        read(fiscal_xml())
    assert "a secret" not in given.values()
    assert set(given) == {"PYTHONPATH", "PYTHONDONTWRITEBYTECODE", "PYTHONUTF8", "OMP_NUM_THREADS"}
    assert os.environ["HUIMIN_SECRET_KEY"] == "a secret"


@pytest.mark.parametrize(
    ("data", "kind"),
    [
        (b"%PDF-1.7", FileKind.PDF),
        (b"\xef\xbb\xbf<a/>", FileKind.XML),
        ("<a/>".encode("utf-16"), FileKind.XML),
        (png(1, 1), FileKind.PNG),
        (jpeg(), FileKind.JPEG),
        (archive("OFD.xml"), FileKind.OFD),
    ],
)
def test_a_kind_is_known_by_its_bytes(data: bytes, kind: FileKind) -> None:
    assert kind_of(data) is kind


def test_the_largest_archive_that_is_allowed_is_read_and_one_byte_more_is_not(tmp_path: Path) -> None:
    data = zipped({"OFD.xml": bytes(1000)})
    assert Archive(data, Limits(unpacked_bytes=1000)).read("OFD.xml") == bytes(1000)
    with pytest.raises(DocumentError, match="unpacks to 1,000; expected at most"):
        Archive(data, Limits(unpacked_bytes=999))


def test_files_that_share_bytes_are_named_as_that() -> None:
    with pytest.raises(DocumentError, match="whose files overlap"):
        Archive(overlapping())
