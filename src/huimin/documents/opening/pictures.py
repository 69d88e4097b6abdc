"""A picture opened by Pillow, as PNG or JPEG alone; only ever within the process with limits."""

from __future__ import annotations

import struct
import zlib
from io import BytesIO
from typing import TYPE_CHECKING

from huimin.documents.errors import DocumentError
from huimin.documents.opening.limits import Limits
from huimin.extras import require

if TYPE_CHECKING:
    from PIL.Image import Image

__all__ = ["open_picture"]

_DAMAGED = (OSError, SyntaxError, ValueError, EOFError, OverflowError, struct.error, zlib.error, TypeError, KeyError)
"""What Pillow raises for files that are not as they should be."""


def open_picture(data: bytes, limits: Limits | None = None) -> Image:
    """The picture in shades of grey. Its size is checked before its points are unpacked."""
    limits = limits or Limits()
    require("documents", "reading a picture")
    from PIL import Image  # noqa: PLC0415 - of an extra

    Image.MAX_IMAGE_PIXELS = None  # the check below is stricter: it refuses where Pillow warns
    try:
        picture = Image.open(BytesIO(data), formats=("PNG", "JPEG"))
    except _DAMAGED as error:
        raise _damaged() from error
    width, height = picture.size
    if width * height > limits.pixels:
        found, most = f"{width:,} × {height:,}", f"{limits.pixels // 1_000_000} million points"
        message = f"found a picture of {found} points; expected at most {most}; take a smaller one"
        raise DocumentError(message, code="picture_too_large", values={"found": found, "most": most})
    try:
        return picture.convert("L")
    except _DAMAGED as error:
        if "truncated" in str(error):
            message = "found a picture without its end; it was cut off on its way; send the whole file again"
            raise DocumentError(message, code="document_cut_off") from error
        raise _damaged() from error


def _damaged() -> DocumentError:
    message = "found a picture that cannot be opened; expected a whole PNG or JPEG; take it or send it again"
    return DocumentError(message, code="document_damaged", values={"found": "picture"})
