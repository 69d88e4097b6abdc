"""A PDF opened by PDFium, which Chromium uses; only ever within the process with limits."""

from __future__ import annotations

from typing import TYPE_CHECKING

from huimin.documents.errors import DocumentError
from huimin.documents.opening.limits import Limits
from huimin.extras import require

if TYPE_CHECKING:
    import pypdfium2

__all__ = ["open_pdf"]

_END_IS_WITHIN = 2048
_WRONG_PASSWORD = 4


def open_pdf(data: bytes, limits: Limits | None = None) -> pypdfium2.PdfDocument:
    """The document, of so many pages that it can be a bill. Raises DocumentError, and MissingExtra without PDFium."""
    limits = limits or Limits()
    if b"%%EOF" not in data[-_END_IS_WITHIN:]:
        message = "found a PDF without its end; it was cut off on its way; send the whole file again"
        raise DocumentError(message, code="document_cut_off")
    require("documents", "reading a PDF")
    import pypdfium2  # noqa: PLC0415 - of an extra

    try:
        document = pypdfium2.PdfDocument(data)
        pages = len(document)
    except pypdfium2.PdfiumError as error:
        if getattr(error, "err_code", None) == _WRONG_PASSWORD:
            message = "found a PDF that opens with a password only; expected one that opens without; send it so"
            raise DocumentError(message, code="document_encrypted") from error
        message = "found a PDF that cannot be opened; expected a whole file as it was issued; send it again"
        raise DocumentError(message, code="document_damaged", values={"found": "PDF"}) from error
    if not 0 < pages <= limits.pages:
        found, most = f"{pages:,}", str(limits.pages)
        message = f"found a PDF of {found} pages; expected 1 to {most}; send the pages of the bill alone"
        raise DocumentError(message, code="document_too_many_pages", values={"found": found, "most": most})
    return document
