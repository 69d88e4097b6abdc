"""Reading a picture's letters: made as large as the model wants it, upright, and then as lines."""

from __future__ import annotations

from fractions import Fraction
from statistics import mean
from typing import TYPE_CHECKING

from huimin.documents.paper import Origin
from huimin.documents.reading.gathering import Gathering
from huimin.documents.reading.letters.engine import Piece, boxes_in, pieces_in
from huimin.documents.reading.letters.rows import lines_in
from huimin.documents.reading.letters.turning import turned
from huimin.documents.reading.lines import read_lines

if TYPE_CHECKING:
    from PIL.Image import Image

__all__ = ["read_letters"]

_LONGEST, _LONGEST_FOR_A_LOOK, _SHORTEST = 2000, 960, 736
_SMALLEST, _SLENDEREST = 32, 20
"""In points, and how often a side may have the other: what is smaller or longer is no paper, and stops the model."""
_UPRIGHT = 900
"""Of a thousand. Letters that stand on their heads are seen less surely than this."""


def read_letters(picture: Image, page: int, into: Gathering) -> None:
    """Add what the letters of a picture say, whichever way up it was taken."""
    if min(picture.size) < _SMALLEST or max(picture.size) > _SLENDEREST * min(picture.size):
        return
    picture = _with_pale_stamps(_sized(picture, _LONGEST))
    quarters = 1 if _lies_on_its_side(picture) else 0
    upright, turn = turned(picture, quarters)
    pieces = pieces_in(upright)
    if pieces and _sureness(pieces) < _UPRIGHT:
        over, over_turn = turned(picture, quarters + 2)
        others = pieces_in(over)
        if others and _sureness(others) > _sureness(pieces):
            pieces, turn = others, over_turn
    read_lines(lines_in(pieces, turn, page), into, Origin.OCR)


def _sized(picture: Image, longest: int) -> Image:
    """The picture with a longer side of at most so many points; a small one is made larger, as far as that allows.

    With 2,000 points a figure of a whole page still has some twenty.
    """
    larger = min(Fraction(_SHORTEST, min(picture.size)), Fraction(longest, max(picture.size)))
    if larger > 1:
        return picture.resize((int(picture.width * larger), int(picture.height * larger)))
    scaled = picture.copy()
    scaled.thumbnail((longest, longest))
    return scaled


def _with_pale_stamps(picture: Image) -> Image:
    """In grey, with red half as dark: a seal hides no figures under it, and what is printed in red still shows."""
    from PIL import Image as images  # noqa: PLC0415, N813 - of an extra

    return images.blend(picture.getchannel("R"), picture.convert("L"), float(Fraction(1, 2)))


def _lies_on_its_side(picture: Image) -> bool:
    """Whether more of the text runs up and down than across."""
    across = down = 0
    for box in boxes_in(_sized(picture, _LONGEST_FOR_A_LOOK)):
        wide, high = (max(side) - min(side) for side in zip(*box, strict=True))
        across, down = across + (wide if wide > high else 0), down + (high if high > wide else 0)
    return down > across


def _sureness(pieces: list[Piece]) -> int:
    """How sure the model is of all the letters, of a thousand."""
    return int(mean([piece.score for piece in pieces for _ in piece.text] or [0]))
