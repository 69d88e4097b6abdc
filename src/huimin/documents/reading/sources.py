"""Which sources a file has, from the best to the worst, and reading all of them."""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING

from huimin.documents.errors import DocumentError
from huimin.documents.opening.kinds import FileKind, kind_of
from huimin.documents.opening.limits import Limits
from huimin.documents.opening.markup import parse_xml
from huimin.documents.opening.pdf import open_pdf
from huimin.documents.opening.pictures import open_picture
from huimin.documents.paper import Paper
from huimin.documents.reading.codes import read_codes
from huimin.documents.reading.gathering import Gathering
from huimin.documents.reading.letters import read_letters
from huimin.documents.reading.lines import read_lines
from huimin.documents.reading.ofd import read_ofd
from huimin.documents.reading.pdf_text import letters_of, lines_of
from huimin.documents.reading.structured import read_structured

if TYPE_CHECKING:
    import pypdfium2
    from PIL.Image import Image

__all__ = ["read_here"]

_PAGES_WITH_CODES = 2
_POINTS_ACROSS = 1600
"""A page is drawn so wide for its codes: a bill's QR code has some 25 mm of 210."""
_POINTS_FOR_LETTERS = 2000
_FEWEST_LETTERS = 10
"""A page with fewer is a picture; scanners leave a mark or a number of the page as text."""


def read_here(data: bytes, limits: Limits | None = None, *, letters: bool = False) -> Paper:
    """What a file says, read in this process. `huimin.documents.read` does it in one with limits; use that.

    With `letters`, those of pictures are read too; without, the pages that are pictures are named in the answer.
    Raises DocumentError for what is refused, and MissingExtra for a PDF or picture without the extra `documents`, or
    with `letters` without the extra `papers`.
    """
    limits = limits or Limits()
    into = Gathering()
    match kind_of(data, limits):
        case FileKind.XML:
            if not read_structured(parse_xml(data, limits), "", into):
                found = "XML of another kind"
                message = f"found {found}; expected a fiscal e-bill or a tax invoice; send the bill itself"
                raise DocumentError(message, code="document_wrong_type", values={"found": found})
        case FileKind.OFD:
            read_ofd(data, into, limits)
        case FileKind.PDF:
            _read_pdf(open_pdf(data, limits), into, limits, letters)
        case FileKind.PNG | FileKind.JPEG:
            picture = open_picture(data, limits)
            read_codes(picture.convert("L"), 1, into)
            _read_picture(picture, 1, into, letters)
    return into.paper()


def _read_picture(picture: Image, page: int, into: Gathering, letters: bool) -> None:
    if letters:
        read_letters(picture, page, into)
    else:
        into.pictures.append(page)


def _read_pdf(document: pypdfium2.PdfDocument, into: Gathering, limits: Limits, letters: bool) -> None:
    import pypdfium2  # noqa: PLC0415 - of an extra

    try:
        _read_embedded(document, into, limits)
        pictures = []
        for number in range(len(document)):
            page = document[number]
            printed = letters_of(page)
            read_lines(lines_of(printed, number + 1), into)
            if number < _PAGES_WITH_CODES:
                read_codes(_drawn(page, _POINTS_ACROSS).convert("L"), number + 1, into)
            if len(printed) < _FEWEST_LETTERS and _shows_something(page):
                pictures.append(number)
        _check_pictures(len(pictures), limits)
        for number in pictures:
            _read_picture(_drawn(document[number], _POINTS_FOR_LETTERS), number + 1, into, letters)
    except pypdfium2.PdfiumError as error:
        message = "found a PDF with a page that cannot be opened; send the whole file again"
        raise DocumentError(message, code="document_damaged", values={"found": "PDF"}) from error


def _read_embedded(document: pypdfium2.PdfDocument, into: Gathering, limits: Limits) -> None:
    """Files within the PDF that are structured. What is refused in one refuses the whole."""
    for index in range(min(document.count_attachments(), limits.entries)):
        attachment = document.get_attachment(index)
        data = bytes(attachment.get_data())
        if data.lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"<"):
            read_structured(parse_xml(data, limits), attachment.get_name(), into)


def _shows_something(page: pypdfium2.PdfPage) -> bool:
    return next(iter(page.get_objects(max_depth=2)), None) is not None


def _check_pictures(pages: int, limits: Limits) -> None:
    if pages > limits.letter_pages:
        found, most = f"{pages:,}", str(limits.letter_pages)
        message = f"found a PDF with {found} pages that are pictures; expected at most {most}; send fewer at once"
        raise DocumentError(message, code="document_too_many_pages", values={"found": found, "most": most})


def _drawn(page: pypdfium2.PdfPage, points: int) -> Image:
    """The page in its colours. However large the file says it is, it has at most as many points as a square so wide."""
    longest = max(1, *(int(side) for side in page.get_size()))
    drawn: Image = page.render(scale=float(Fraction(points, longest))).to_pil().convert("RGB")
    return drawn
