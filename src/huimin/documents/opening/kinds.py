"""What a file is by its bytes; its name and what a browser says of it are never asked."""

from __future__ import annotations

from enum import StrEnum

from huimin.documents.errors import DocumentError
from huimin.documents.opening.limits import MEBIBYTE, Limits

__all__ = ["FileKind", "kind_of"]


class FileKind(StrEnum):
    """The kinds of files that are opened. An OFD is a ZIP, and is known for certain once OFD.xml was found in it."""

    PDF = "pdf"
    OFD = "ofd"
    XML = "xml"
    PNG = "png"
    JPEG = "jpeg"


_SEARCHED_FOR_PDF = 1024
"""Readers of PDF accept its first line anywhere within these bytes; who hides a PDF in another file relies on it."""
_ZIP_END, _ZIP_DIRECTORY, _ZIP_END_BYTES, _LONGEST_COMMENT = b"PK\x05\x06", b"PK\x01\x02", 22, 65_535
_OTHERS = (
    (b"PK\x03\x04", "a ZIP archive"),
    (b"\xd0\xcf\x11\xe0", "a document of an older Office program"),
    (b"GIF8", "a GIF picture"),
    (b"RIFF", "a WebP picture or a recording"),
    (b"II*\x00", "a TIFF picture"),
    (b"MM\x00*", "a TIFF picture"),
    (b"BM", "a BMP picture"),
    (b"Rar!", "a RAR archive"),
    (b"7z\xbc\xaf", "a 7-Zip archive"),
    (b"\x1f\x8b", "a gzip archive"),
    (b"MZ", "a program"),
    (b"\x7fELF", "a program"),
)
_UTF_16 = (b"\xff\xfe<\x00", b"\xfe\xff\x00<")


def kind_of(data: bytes, limits: Limits | None = None) -> FileKind:
    """The one kind that a file is. Raises DocumentError for an empty, too large or unknown one, or one of two kinds."""
    limits = limits or Limits()
    if not data.strip(b"\x00 \t\r\n"):
        message = f"found {len(data)} bytes and nothing in them; expected a PDF, an OFD, an XML file or a picture"
        raise DocumentError(f"{message}; send the file again", code="document_empty")
    if len(data) > limits.file_bytes:
        found, most = f"{len(data):,} bytes", f"{limits.file_bytes // MEBIBYTE} MiB"
        message = f"found {found}; expected at most {most}; send the bill alone, or a smaller picture"
        raise DocumentError(message, code="document_too_large", values={"found": found, "most": most})
    kinds = list(_kinds(data))
    if len(kinds) > 1:
        found = " and ".join(kinds)
        message = f"found one file that is {found} at once; expected one kind; ask the issuer for the original file"
        raise DocumentError(message, code="document_of_two_kinds", values={"found": found})
    if not kinds:
        found = _other(data)
        message = f"found {found}; expected a PDF, an OFD, an XML file, a PNG or a JPEG picture"
        raise DocumentError(f"{message}; send it in one of these", code="document_wrong_type", values={"found": found})
    return kinds[0]


def _kinds(data: bytes) -> list[FileKind]:
    """Every kind that some program would take the file for."""
    start = data.lstrip(b"\xef\xbb\xbf \t\r\n")[:4]
    looks = {
        FileKind.PDF: b"%PDF-" in data[:_SEARCHED_FOR_PDF],
        FileKind.OFD: _is_zip(data),
        FileKind.PNG: data.startswith(b"\x89PNG\r\n\x1a\n"),
        FileKind.JPEG: data.startswith(b"\xff\xd8\xff"),
        FileKind.XML: (start.startswith(b"<") or data.startswith(_UTF_16)) and not _is_page(data),
    }
    return [kind for kind, there in looks.items() if there]


def _is_zip(data: bytes) -> bool:
    """Whether programs that unpack find an archive: they look for its end from the file's end."""
    if data.startswith(b"PK\x03\x04") and data.rfind(_ZIP_END) < 0:
        return True  # one that was cut off: the archive's reader says so
    place = data.rfind(_ZIP_END, max(0, len(data) - _ZIP_END_BYTES - _LONGEST_COMMENT))
    if place < 0:
        return False
    size = int.from_bytes(data[place + 12 : place + 16], "little")
    return data.startswith(b"PK") or data[max(0, place - size) :].startswith(_ZIP_DIRECTORY)


def _is_page(data: bytes) -> bool:
    start = data[:_SEARCHED_FOR_PDF].lower()
    return b"<html" in start or b"<!doctype html" in start


def _other(data: bytes) -> str:
    if _is_page(data):
        return "a web page"
    if data[4:8] == b"ftyp":
        return "a HEIC picture or a film"
    return next((name for start, name in _OTHERS if data.startswith(start)), "a file of an unknown kind")
