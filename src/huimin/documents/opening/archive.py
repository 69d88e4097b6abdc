"""The files within an OFD, which is a ZIP: checked as a whole before one byte of it is unpacked."""

from __future__ import annotations

import struct
import zlib
from collections.abc import Iterator
from io import BytesIO
from posixpath import normpath
from zipfile import ZIP_DEFLATED, ZIP_STORED, BadZipFile, ZipFile, ZipInfo

from huimin.documents.errors import DocumentError
from huimin.documents.opening.limits import MEBIBYTE, Limits

__all__ = ["Archive"]

_ENCRYPTED = 0x1
_LOCAL_HEADER = 30
_UNREADABLE = (BadZipFile, NotImplementedError, RuntimeError, EOFError, ValueError, OSError, OverflowError)
_BROKEN = (*_UNREADABLE, struct.error, zlib.error, KeyError)


class Archive:
    """An OFD's files by name. `limits` hold for all of them together."""

    def __init__(self, data: bytes, limits: Limits | None = None) -> None:
        self._limits = limits or Limits()
        if data.rfind(b"PK\x05\x06") < 0:
            message = "found an archive without its end; it was cut off on its way; send the whole file again"
            raise DocumentError(message, code="document_cut_off")
        try:
            self._zip = ZipFile(BytesIO(data))
            entries = self._zip.infolist()
        except _BROKEN as error:
            raise _damaged("an archive whose list of files cannot be read") from error
        self._check(entries, len(data))
        self._entries = {entry.filename: entry for entry in entries}

    def _check(self, entries: list[ZipInfo], size: int) -> None:
        if len(entries) > self._limits.entries:
            raise _too_much(f"{len(entries):,} files in an archive", f"{self._limits.entries:,}")
        unpacked = sum(entry.file_size for entry in entries)
        if unpacked > self._limits.unpacked_bytes:
            most = f"{self._limits.unpacked_bytes // MEBIBYTE} MiB"
            raise _too_much(f"an archive of {size:,} bytes that unpacks to {unpacked:,}", most)
        for entry in entries:
            _check_name(entry.orig_filename)
            if entry.flag_bits & _ENCRYPTED:
                message = "found an encrypted file in an archive; expected a bill that opens without a password"
                raise DocumentError(f"{message}; send it without one", code="document_encrypted")
            if entry.compress_type not in (ZIP_STORED, ZIP_DEFLATED):
                raise _damaged("an archive packed in a way that OFD does not allow")
        names = [entry.filename for entry in entries]
        if len(set(names)) < len(names):
            raise _damaged("an archive with two files of one name")
        if _overlap(entries):
            raise _damaged("an archive whose files overlap")

    def __contains__(self, name: str) -> bool:
        return name in self._entries

    def names(self) -> Iterator[str]:
        yield from self._entries

    def read(self, name: str) -> bytes:
        """The bytes of a file. What its entry said of its size was checked, and more than that is never unpacked."""
        try:
            return self._zip.read(self._entries[name])
        except _BROKEN as error:
            raise _damaged("an archive with a file in it that cannot be unpacked") from error


def _check_name(name: str) -> None:
    parts = name.replace("\\", "/").split("/")
    if name.startswith(("/", "\\")) or ".." in parts or "\x00" in name or ":" in name or normpath(name) == ".":
        message = "found a file in an archive whose name leads out of it; expected names within it alone"
        found = ascii(name[:80])
        raise DocumentError(
            f"{message}; ask the issuer for the original file", code="document_unsafe_name", values={"found": found}
        )


def _overlap(entries: list[ZipInfo]) -> bool:
    """Whether two entries share bytes: so an archive of a few megabytes can hold terabytes."""
    ordered = sorted(entries, key=lambda entry: entry.header_offset)
    ends = [entry.header_offset + _LOCAL_HEADER + entry.compress_size for entry in ordered]
    return any(end > later.header_offset for end, later in zip(ends, ordered[1:], strict=False))


def _too_much(found: str, most: str) -> DocumentError:
    message = f"found {found}; expected at most {most}; ask the issuer for the original file"
    return DocumentError(message, code="document_unpacks_too_large", values={"found": found, "most": most})


def _damaged(found: str) -> DocumentError:
    message = f"found {found}; expected a whole file as it was issued; send it again"
    return DocumentError(message, code="document_damaged", values={"found": found})
