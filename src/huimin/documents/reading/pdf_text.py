"""The letters of a PDF, put together as lines."""

from __future__ import annotations

from typing import TYPE_CHECKING

from huimin.documents.reading.lines import Letter, Line

if TYPE_CHECKING:
    import pypdfium2

__all__ = ["letters_of", "lines_of"]

_MOST_LETTERS = 200_000


def letters_of(page: pypdfium2.PdfPage) -> list[Letter]:
    width, height = page.get_size()
    text = page.get_textpage()
    found = []
    for index in range(min(text.count_chars(), _MOST_LETTERS)):
        letter = text.get_text_range(index, 1)
        if letter.strip() and width > 0 and height > 0:
            left, bottom, right, top = text.get_charbox(index, loose=True)  # a tight box of a point lies below its line
            sides = int(left * 1000 // width), int(1000 - top * 1000 // height)
            ends = int(right * 1000 // width), int(1000 - bottom * 1000 // height)
            found.append(Letter(letter[0], *sides, *ends))
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
