"""What was read of a paper: fields, rows and named amounts, each with where it comes from and where it stands.

Amounts are whole fen. What stands where an amount belongs and is none, such as a number cut at the edge, is no field
but an `Unread`: nobody has to guess what it was.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

__all__ = ["Confidence", "Field", "NamedAmount", "Origin", "Paper", "PaperKind", "Place", "Row", "Unread"]


class PaperKind(StrEnum):
    MEDICAL_BILL = "medical_bill"  # 医疗收费电子票据
    TAX_INVOICE = "tax_invoice"  # 数电发票
    SETTLEMENT_SHEET = "settlement_sheet"  # 医保结算单
    DISCHARGE_SUMMARY = "discharge_summary"  # 出院小结、出院记录
    UNKNOWN = "unknown"


class Origin(StrEnum):
    """Which source a value was taken from, the most reliable first."""

    XML = "xml"  # a structured file: the paper itself, or within an OFD or a PDF
    OFD_TAG = "ofd_tag"  # text of an OFD that its tags name
    PDF_TEXT = "pdf_text"  # letters of a PDF beside a printed label
    QR = "qr"  # a QR code's text
    OCR = "ocr"  # letters that a model saw in a picture beside a printed label


class Confidence(StrEnum):
    """How a value got its name. It says nothing of whether it is true: that is what proofs are for."""

    NAMED = "named"  # the file itself names it
    LABELLED = "labelled"  # it stands beside a printed label
    SHAPED = "shaped"  # known by its shape alone
    RECOGNISED = "recognised"  # seen in a picture beside a printed label: the letters themselves may be others
    DOUBTFUL = "doubtful"  # seen there badly, or at the picture's border, where it may be cut: a person has to look


@dataclass(frozen=True, slots=True)
class Place:
    """Where a value stands: a path in a file within the document, or a page with a box on it.

    `box` is left, top, right, bottom in thousandths of the page's width and height, from its upper left corner.
    """

    path: str = ""
    page: int | None = None
    box: tuple[int, int, int, int] | None = None


@dataclass(frozen=True, slots=True)
class Field:
    """One value under its name of the glossary. Amounts are an int in fen, everything else is text as it stands."""

    name: str
    value: int | str
    origin: Origin
    place: Place
    confidence: Confidence


@dataclass(frozen=True, slots=True)
class Row:
    """One row of what was charged."""

    name: str
    fen: int
    place: Place


@dataclass(frozen=True, slots=True)
class NamedAmount:
    """An amount under the name that the paper gives it. `meaning` is ours, where the province's list knows the name."""

    name: str
    fen: int
    meaning: str | None
    place: Place


@dataclass(frozen=True, slots=True)
class Unread:
    """What stands where a value belongs and cannot be one, as it stands."""

    name: str
    text: str
    place: Place


@dataclass(frozen=True, slots=True)
class Paper:
    """Everything that was read of one file. `differing`: what a worse source says otherwise than the one taken.

    `pictures`: the pages that are pictures whose letters were not read.
    """

    kind: PaperKind
    fields: tuple[Field, ...] = ()
    rows: tuple[Row, ...] = ()
    named: tuple[NamedAmount, ...] = ()
    unread: tuple[Unread, ...] = ()
    differing: tuple[Field, ...] = ()
    pictures: tuple[int, ...] = ()

    def field(self, name: str) -> Field | None:
        return next((one for one in self.fields if one.name == name), None)

    def fen(self, name: str) -> int | None:
        """The amount of a field; None where it was not read or is no amount."""
        found = self.field(name)
        return found.value if found is not None and isinstance(found.value, int) else None

    def text(self, name: str) -> str | None:
        """The text of a field; None where it was not read or is an amount."""
        found = self.field(name)
        return found.value if found is not None and isinstance(found.value, str) else None
