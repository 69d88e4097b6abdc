"""The letters of a PDF: put together as lines, and read by the labels that bills print."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from huimin.documents.paper import Confidence, Origin, PaperKind, Place, Row
from huimin.documents.reading.gathering import Gathering
from huimin.documents.reading.names import AMOUNTS, LABELS
from huimin.documents.reading.values import plain, printed_fen

if TYPE_CHECKING:
    import pypdfium2

__all__ = ["Letter", "Line", "lines_of", "read_lines"]

_LABEL = re.compile(rf"({'|'.join(sorted(LABELS, key=len, reverse=True))})\s*[）)]?\s*[（(]?章?[）)]?\s*[:：]?")
_SHAPES = {
    "bill_code": r"\d{8,12}",
    "bill_number": r"\d{8,20}",
    "check_code": r"[0-9a-z]{6}",
    "issued_on": r"[\d年月日/-]+",
}
_ROW = re.compile(r"([\u4e00-\u9fffA-Za-z][^\s]*)((?:\s+[^\s]+)*?)\s+(-?[\d,]+\.\d{2})(?![\d.])")
_ROWS_BEGIN, _ROWS_END = re.compile(r"项目名称|货物或应税"), re.compile(r"金额合计|合\s*计|价税合计")
_MOST_LETTERS = 200_000


@dataclass(frozen=True, slots=True)
class Letter:
    """One letter with its box, in thousandths of the page from its upper left corner."""

    text: str
    left: int
    top: int
    right: int
    bottom: int


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


def letters_of(page: pypdfium2.PdfPage) -> list[Letter]:
    width, height = page.get_size()
    text = page.get_textpage()
    found = []
    for index in range(min(text.count_chars(), _MOST_LETTERS)):
        letter = text.get_text_range(index, 1)
        if letter.strip() and width > 0 and height > 0:
            left, bottom, right, top = text.get_charbox(index, loose=True)  # a tight box of a point lies below its line
            sides = (left * 1000 // width, 1000 - top * 1000 // height)
            ends = (right * 1000 // width, 1000 - bottom * 1000 // height)
            found.append(Letter(letter[0], *(int(side) for side in (*sides, *ends))))
    return found


def lines_of(letters: list[Letter], page: int) -> list[Line]:
    """Letters as lines, whatever order the file has them in."""
    groups: list[list[Letter]] = []
    for letter in sorted(letters, key=lambda one: (one.top + one.bottom, one.left)):
        middle = letter.top + letter.bottom
        last = groups[-1][-1] if groups else None
        height = max(letter.bottom - letter.top, 1)
        if last is not None and abs(middle - last.top - last.bottom) <= height:
            groups[-1].append(letter)
        else:
            groups.append([letter])
    return [_line(sorted(group, key=lambda one: one.left), page) for group in groups]


def _line(group: list[Letter], page: int) -> Line:
    spaced: list[Letter] = []
    for letter in group:
        gap = letter.left - spaced[-1].right if spaced else 0
        width = max(letter.right - letter.left, 4)
        spaced += [Letter(" ", letter.left, letter.top, letter.left, letter.bottom)] * (2 if gap > width else 0)
        spaced.append(letter)
    return Line(page, "".join(letter.text for letter in spaced), tuple(spaced))


def read_lines(lines: list[Line], into: Gathering) -> None:
    """Add what printed lines say: values beside their labels, and the rows between heading and total."""
    for line in lines:
        if into.kind is PaperKind.UNKNOWN and "票据代码" in line.text:
            into.kind = PaperKind.MEDICAL_BILL
        elif into.kind is PaperKind.UNKNOWN and "发票号码" in line.text:
            into.kind = PaperKind.TAX_INVOICE
        _read_labels(line, into)
    into.add_rows(_rows(lines))


def _read_labels(line: Line, into: Gathering) -> None:
    labels = list(_LABEL.finditer(line.text))
    ends = [label.start() for label in labels[1:]] + [len(line.text)]
    for label, end in zip(labels, ends, strict=False):
        name, start = LABELS[label.group(1)], label.end()
        rest = line.text[start:end]
        value = _value(name, rest)
        if value:
            begin = start + rest.find(value)
            place = line.place(begin, begin + len(value))
            into.add(name, value, Origin.PDF_TEXT, place, Confidence.LABELLED)


def _value(name: str, rest: str) -> str:
    """What follows a label and can be its value: for amounts whatever has digits, so that a cut one is noticed."""
    if name == "remark":
        return rest.strip()
    first = re.split(r"\s{2,}", rest.strip())[0].strip(" （(，,；;")
    shape = _SHAPES.get(name)
    if shape is not None:
        found = re.match(shape, first)
        return found.group() if found else ""
    return first if name not in AMOUNTS or re.search(r"\d", first) else ""


def _rows(lines: list[Line]) -> list[Row]:
    found: list[Row] = []
    inside = False
    for line in lines:
        if inside and _ROWS_END.search(line.text):
            break
        if inside:
            for match in _ROW.finditer(line.text):
                fen = printed_fen(match.group(3))
                if fen is not None:
                    found.append(Row(plain(match.group(1)), fen, line.place(match.start(), match.end())))
        inside = inside or _ROWS_BEGIN.search(line.text) is not None
    return found
