"""The one error of this package: a file that is not opened, or not read."""

from __future__ import annotations

from huimin.errors import HuiminError

__all__ = ["DocumentError"]


class DocumentError(HuiminError):
    """A file was refused. The code says why; the message says what was found, what was expected and what to do."""

    code = "document_damaged"
