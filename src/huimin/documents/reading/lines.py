"""Printed lines, of a PDF's letters or of letters seen in a picture, read by the labels that papers print."""

from __future__ import annotations

import re
from dataclasses import dataclass

from huimin.documents.paper import Confidence, Origin, PaperKind, Place, Row, Unread
from huimin.documents.reading.gathering import Gathering
from huimin.documents.reading.names import AMOUNTS, LABELS
from huimin.documents.reading.values import plain, printed_fen

__all__ = ["Letter", "Line", "read_lines"]

_LABEL = re.compile(rf"({'|'.join(sorted(LABELS, key=len, reverse=True))})\s*[）)]?\s*[（(]?章?[）)]?\s*[:：]?")
_DAY = r"[\d年月日/-]+"
_SHAPES = {
    "bill_code": r"\d{8,12}",
    "bill_number": r"\d{8,20}",
    "check_code": r"[0-9a-z]{6}",
    "issued_on": _DAY,
    "admitted_on": _DAY,
    "discharged_on": _DAY,
}
_KINDS = {
    "票据代码": PaperKind.MEDICAL_BILL,
    "发票号码": PaperKind.TAX_INVOICE,
    "结算单": PaperKind.SETTLEMENT_SHEET,
    "出院小结": PaperKind.DISCHARGE_SUMMARY,
    "出院记录": PaperKind.DISCHARGE_SUMMARY,
}
"""What only papers of a kind print."""
_AMOUNT = r"[¥￥]?\s*(-?[\d,]+\.\d{2})(?![\d.])"
_AFTER_AMOUNT = re.compile(r"元|[，。；、]")
_ROW = re.compile(rf"([\u4e00-\u9fffA-Za-z][^\s]*)((?:\s+[^\s]+)*?)\s+{_AMOUNT}")
_TAXED_ROW = re.compile(
    rf"([\u4e00-\u9fffA-Za-z][^\s]*)((?:\s+[^\s]+)*?)\s+{_AMOUNT}\s+(?:\d+\s*[%％]|免税|不征税)\s+(?:{_AMOUNT}|\*+)"
)
_TAXED_SUM = re.compile(rf"^\s*合\s*计\s+{_AMOUNT}\s+{_AMOUNT}")
_ROWS_BEGIN, _ROWS_END = re.compile(r"项目名称|货物或应税"), re.compile(r"金额合计|合\s*计|价税合计")


@dataclass(frozen=True, slots=True)
class Letter:
    """One letter with its box, in thousandths of the page from its upper left corner.

    `doubtful`: seen in a picture, and so badly, or so close to its border, that it may be another or not the last.
    """

    text: str
    left: int
    top: int
    right: int
    bottom: int
    doubtful: bool = False


@dataclass(frozen=True, slots=True)
class Line:
    """Letters of one height, from left to right. Between those that stand apart there are two spaces."""

    page: int
    text: str
    letters: tuple[Letter, ...]

    def place(self, start: int, end: int) -> Place:
        inside = [letter for letter in self.letters[start:end] if not letter.text.isspace()] or list(self.letters)
        edges = (min(one.left for one in inside), min(one.top for one in inside))
        return Place("", self.page, (*edges, max(one.right for one in inside), max(one.bottom for one in inside)))

    def doubtful(self, start: int, end: int) -> bool:
        return any(letter.doubtful for letter in self.letters[start:end])


def read_lines(lines: list[Line], into: Gathering, origin: Origin = Origin.PDF_TEXT) -> None:
    """Add what printed lines say: values beside their labels, and the rows between heading and total."""
    for line in lines:
        if into.kind is PaperKind.UNKNOWN:
            into.kind = next((kind for mark, kind in _KINDS.items() if mark in line.text), PaperKind.UNKNOWN)
        _read_labels(line, into, origin)
        if into.kind is PaperKind.SETTLEMENT_SHEET and not line.doubtful(0, len(line.text)):
            into.texts.append((line.text, line.place(0, len(line.text))))
        elif into.kind is PaperKind.TAX_INVOICE:
            _read_taxed_sum(line, into, origin)
    into.add_rows(_rows(lines, into))


def _read_labels(line: Line, into: Gathering, origin: Origin) -> None:
    labels = list(_LABEL.finditer(line.text))
    ends = [label.start() for label in labels[1:]] + [len(line.text)]
    for label, end in zip(labels, ends, strict=False):
        name, start = LABELS[label.group(1)], label.end()
        rest = line.text[start:] if name == "remark" else line.text[start:end]  # a remark names payers in its sentences
        value = _value(name, rest)
        if value:
            begin = start + rest.find(value)
            _add(name, line, begin, begin + len(value), into, origin)


def _read_taxed_sum(line: Line, into: Gathering, origin: Origin) -> None:
    found = _TAXED_SUM.match(line.text)
    if found is not None:
        for name, group in (("before_tax", 1), ("tax", 2)):
            _add(name, line, found.start(group), found.end(group), into, origin)


def _add(name: str, line: Line, start: int, end: int, into: Gathering, origin: Origin) -> None:
    confidence = Confidence.LABELLED
    if origin is Origin.OCR:
        confidence = Confidence.DOUBTFUL if line.doubtful(start, end) else Confidence.RECOGNISED
    into.add(name, line.text[start:end], origin, line.place(start, end), confidence)


def _value(name: str, rest: str) -> str:
    """What follows a label and can be its value: for amounts whatever has digits, so that a cut one is noticed."""
    if name == "remark":
        return rest.strip()
    first = re.split(r"\s{2,}", rest.strip())[0].strip(" （(，,；;")
    shape = _SHAPES.get(name)
    if shape is not None:
        found = re.match(shape, first)
        return found.group() if found else ""
    if name in AMOUNTS:
        first = _AFTER_AMOUNT.split(first)[0].rstrip()
        return first if re.search(r"\d", first) else ""
    return first


def _rows(lines: list[Line], into: Gathering) -> list[Row]:
    found: list[Row] = []
    inside = False
    shape = _TAXED_ROW if into.kind is PaperKind.TAX_INVOICE else _ROW
    for line in lines:
        if inside and _ROWS_END.search(line.text):
            break
        for match in shape.finditer(line.text) if inside else ():
            fen, place = printed_fen(match.group(3)), line.place(match.start(), match.end())
            if line.doubtful(match.start(3), match.end(3)):
                into.unread.setdefault(f"row {len(into.unread) + 1}", Unread("row", plain(match.group(3)), place))
            elif fen is not None:
                found.append(Row(plain(match.group(1)), fen, place))
        inside = inside or _ROWS_BEGIN.search(line.text) is not None
    return found
