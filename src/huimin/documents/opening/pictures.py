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
    """The picture in colours, the way up that its camera noted, on white. Its size is checked before it is unpacked."""
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
    if picture.format == "PNG" and getattr(picture, "n_frames", 1) > 1:
        message = "found a picture that moves; expected one that stands still, so that everybody sees the same"
        raise DocumentError(f"{message}; send a photograph or a scan of the bill", code="picture_moves")
    try:
        return _on_white(picture)
    except _DAMAGED as error:
        if "truncated" in str(error):
            message = "found a picture without its end; it was cut off on its way; send the whole file again"
            raise DocumentError(message, code="document_cut_off") from error
        raise _damaged() from error


def _on_white(picture: Image) -> Image:
    """In red, green and blue. What shines through is white, as paper is; 16 bits of grey are eight."""
    from PIL import Image as images  # noqa: PLC0415, N813 - of an extra
    from PIL import ImageOps  # noqa: PLC0415 - of an extra

    if picture.mode == "I;16":  # Pillow would show every shade above the 255th as white
        picture = images.frombytes("L", picture.size, picture.tobytes()[1::2])
    picture = ImageOps.exif_transpose(picture)
    if not picture.has_transparency_data:
        return picture.convert("RGB")
    shown = picture.convert("RGBA")
    return images.alpha_composite(images.new("RGBA", shown.size, "white"), shown).convert("RGB")


def _damaged() -> DocumentError:
    message = "found a picture that cannot be opened; expected a whole PNG or JPEG; take it or send it again"
    return DocumentError(message, code="document_damaged", values={"found": "picture"})
