"""QR codes. What a bill's code holds differs by province and is nowhere published: values are known by their shape.

So nothing of a code is taken alone: it stands beside what is printed, and a difference is a question.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from huimin.documents.paper import Confidence, Origin, Place
from huimin.documents.reading.gathering import Gathering
from huimin.documents.reading.values import plain
from huimin.extras import require

if TYPE_CHECKING:
    from PIL.Image import Image

__all__ = ["read_code_text", "read_codes"]

_PART = re.compile(r"[^0-9A-Za-z.:/-]+")
_SHAPES = (("bill_code", r"\d{8}"), ("bill_number", r"\d{10}|\d{20}"), ("check_code", r"(?=.*[a-z])[0-9a-z]{6}"))
_DAY = re.compile(r"20\d{2}(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])")


def read_codes(picture: Image, page: int, into: Gathering) -> None:
    require("documents", "reading QR codes")
    import zxingcpp  # noqa: PLC0415 - of an extra

    width, height = picture.size
    for code in zxingcpp.read_barcodes(picture, formats=zxingcpp.BarcodeFormats(zxingcpp.BarcodeFormat.QRCode)):
        corners = [getattr(code.position, name) for name in ("top_left", "top_right", "bottom_right", "bottom_left")]
        across, down = [one.x * 1000 // width for one in corners], [one.y * 1000 // height for one in corners]
        read_code_text(code.text, Place("", page, (min(across), min(down), max(across), max(down))), into)


def read_code_text(text: str, place: Place, into: Gathering) -> None:
    """Add the text of a code as it is, and what in it has the shape of a bill's numbers."""
    into.add("code_text", plain(text), Origin.QR, place, Confidence.SHAPED)
    parts = [part for part in _PART.split(text) if part]
    for name, shape in _SHAPES:
        found = [part for part in parts if re.fullmatch(shape, part) and not _DAY.fullmatch(part)]
        if len(set(found)) == 1:
            into.add(name, found[0], Origin.QR, place, Confidence.SHAPED)
