"""A picture turned by quarters, and places in it as they were before."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from huimin.documents.reading.letters.engine import Point

if TYPE_CHECKING:
    from PIL.Image import Image

__all__ = ["Turn", "turned"]

_THOUSAND = 1000


@dataclass(frozen=True, slots=True)
class Turn:
    """`quarters` to the left by which a picture was turned; `width` and `height` are those that it has now."""

    quarters: int
    width: int
    height: int

    def box(self, points: list[tuple[Point, Point]]) -> tuple[int, int, int, int]:
        """The box around points of the turned picture, in thousandths of the picture as it came."""
        found = [self._as_it_came(*point) for pair in points for point in pair]
        across, down = [one for one, _ in found], [one for _, one in found]
        return min(across), min(down), max(across), max(down)

    def _as_it_came(self, across: int, down: int) -> Point:
        left, top = across * _THOUSAND // self.width, down * _THOUSAND // self.height
        left, top = max(0, min(left, _THOUSAND)), max(0, min(top, _THOUSAND))
        for _ in range(self.quarters):
            left, top = _THOUSAND - top, left
        return left, top


def turned(picture: Image, quarters: int) -> tuple[Image, Turn]:
    """The picture turned to the left by so many quarters."""
    from PIL.Image import Transpose  # noqa: PLC0415 - of an extra

    way = {1: Transpose.ROTATE_90, 2: Transpose.ROTATE_180, 3: Transpose.ROTATE_270}.get(quarters % 4)
    picture = picture if way is None else picture.transpose(way)
    return picture, Turn(quarters % 4, *picture.size)
