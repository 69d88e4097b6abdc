"""Logs without values: they have the place of an error but not its message, which may repeat personal data."""

from __future__ import annotations

import logging
import traceback
from types import TracebackType

__all__ = ["WithoutValues"]


class WithoutValues(logging.Formatter):
    def formatException(  # noqa: N802 - the base class's name
        self, ei: tuple[type[BaseException], BaseException, TracebackType | None] | tuple[None, None, None]
    ) -> str:
        if ei[0] is None:
            return ""
        lines = [f"  {frame.filename}:{frame.lineno} {frame.name}" for frame in traceback.extract_tb(ei[2])]
        return "\n".join([*lines, f"  {ei[0].__module__}.{ei[0].__qualname__}"])
