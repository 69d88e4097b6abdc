"""Pieces of text as printed lines, though the paper was held askew.

Lines of a paper that is photographed from the side are straight, and their slope changes evenly from its top to its
bottom. So two numbers, found from the longer pieces, say where each point would lie if the paper lay flat.
"""

from __future__ import annotations

from dataclasses import dataclass
from statistics import linear_regression, median

from huimin.documents.reading.letters.engine import Piece, Point
from huimin.documents.reading.letters.turning import Turn
from huimin.documents.reading.lines import Letter, Line

__all__ = ["lines_in"]

_MILLION = 1_000_000
_LONG = 4
"""A piece this many times as long as high has a slope that means something."""
_ENOUGH = 6
_STEEPEST, _OFF = 350_000, 20_000
_SURE = 900
"""Of a thousand. What is seen less surely may be any letter."""
_EDGE = 3
"""A piece within its own height by this from the border touches it: the model draws its boxes a little too small."""
_WIDE = "\u2e7f"
"""From here on letters are as wide as they are high."""


@dataclass(frozen=True, slots=True)
class _Slope:
    """Of a line in millionths: `at_top` where the picture begins, and `by_point` more for each point below."""

    at_top: int = 0
    by_point: int = 0

    def flat(self, across: int, down: int) -> int:
        """How far down the point would be at the left border, along the line on which it lies."""
        level = down
        for _ in range(3):
            level = down - across * (self.at_top + self.by_point * level) // _MILLION
        return level


def lines_in(pieces: list[Piece], turn: Turn, page: int) -> list[Line]:
    """The pieces of a picture as lines, from top to bottom; places are those of the picture before it was turned."""
    slope = _slope_of(pieces)
    rows: list[list[tuple[int, Piece]]] = []
    for level, piece in sorted(((_level(one, slope), one) for one in pieces), key=lambda one: one[0]):
        if rows and level - _middle(rows[-1]) <= min(_height(piece), _height(rows[-1][-1][1])) // 2:
            rows[-1].append((level, piece))
        else:
            rows.append([(level, piece)])
    return [_line([piece for _, piece in row], turn, page) for row in rows]


def _middle(row: list[tuple[int, Piece]]) -> int:
    return sum(level for level, _ in row) // len(row)


def _slope_of(pieces: list[Piece]) -> _Slope:
    found = [_of_piece(one) for one in pieces if _length(one) >= _LONG * _height(one)]
    if len(found) < _ENOUGH:
        return _Slope(int(median(slope for _, slope in found)) if found else 0)
    usual = int(median(slope for _, slope in found))
    near = [(down, slope) for down, slope in found if abs(slope - usual) <= _OFF * 3]
    if len(near) < _ENOUGH or len({down for down, _ in near}) == 1:
        return _Slope(usual)
    by_point, at_top = linear_regression([down for down, _ in near], [slope for _, slope in near])
    return _Slope(int(at_top), int(by_point)) if abs(at_top) < _STEEPEST else _Slope(usual)


def _of_piece(piece: Piece) -> tuple[int, int]:
    """How far down a piece lies, and its slope."""
    (left, start), (right, end) = _ends(piece)
    return start, (end - start) * _MILLION // max(right - left, 1)


def _ends(piece: Piece) -> tuple[Point, Point]:
    """The middle of its left side, and of its right one."""
    one, two, three, four = piece.corners
    return ((one[0] + four[0]) // 2, (one[1] + four[1]) // 2), ((two[0] + three[0]) // 2, (two[1] + three[1]) // 2)


def _level(piece: Piece, slope: _Slope) -> int:
    (left, start), (right, end) = _ends(piece)
    return slope.flat((left + right) // 2, (start + end) // 2)


def _length(piece: Piece) -> int:
    (left, _), (right, _) = _ends(piece)
    return right - left


def _height(piece: Piece) -> int:
    one, two, three, four = piece.corners
    return max((four[1] - one[1] + three[1] - two[1]) // 2, 1)


def _line(pieces: list[Piece], turn: Turn, page: int) -> Line:
    letters: list[Letter] = []
    for piece in sorted(pieces, key=lambda one: one.corners[0][0]):
        mine = _letters(piece, turn)
        gap = [Letter(" ", *_box(mine[0]))] * 2 if letters and mine else []
        letters += [*gap, *mine]
    return Line(page, "".join(letter.text for letter in letters), tuple(letters))


def _box(letter: Letter) -> tuple[int, int, int, int]:
    return letter.left, letter.top, letter.left, letter.bottom


def _letters(piece: Piece, turn: Turn) -> list[Letter]:
    """Its letters, spread over its length by their widths: the model says where a piece is, not where each letter."""
    widths = [2 if letter > _WIDE else 1 for letter in piece.text]
    whole, before, found = sum(widths), 0, []
    doubtful = piece.score < _SURE or _touches(piece, turn)
    for letter, width in zip(piece.text, widths, strict=True):
        box = turn.box([_along(piece, place, whole) for place in (before, before + width)])
        found.append(Letter(letter, *box, doubtful))
        before += width
    return found


def _along(piece: Piece, part: int, whole: int) -> tuple[Point, Point]:
    """The upper and the lower point after so many parts of a piece."""
    one, two, three, four = piece.corners
    upper, lower = (
        (start[0] + (end[0] - start[0]) * part // whole, start[1] + (end[1] - start[1]) * part // whole)
        for start, end in ((one, two), (four, three))
    )
    return upper, lower


def _touches(piece: Piece, turn: Turn) -> bool:
    near = max(_height(piece) // _EDGE, 2)
    across, down = [point[0] for point in piece.corners], [point[1] for point in piece.corners]
    inside = min(across) > near and max(across) < turn.width - near and min(down) > near
    return not (inside and max(down) < turn.height - near)
