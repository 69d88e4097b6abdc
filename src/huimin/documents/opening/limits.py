"""What a file may be at most, and what the process that opens it may use."""

from __future__ import annotations

from dataclasses import dataclass

__all__ = ["MEBIBYTE", "Limits"]

MEBIBYTE = 1024 * 1024


@dataclass(frozen=True, slots=True)
class Limits:
    """Limits of one file. A bill has a page or two and some hundred kilobytes; all of these leave much room.

    `seconds` counts twice: of the clock, and of the processor. `memory_bytes` is the address space of the process that
    opens the file, Python itself and the libraries included.
    """

    file_bytes: int = 20 * MEBIBYTE
    unpacked_bytes: int = 64 * MEBIBYTE
    entries: int = 2_000
    pages: int = 50
    pixels: int = 50_000_000
    elements: int = 200_000
    depth: int = 64
    seconds: int = 5
    memory_bytes: int = 1024 * MEBIBYTE
    answer_bytes: int = 8 * MEBIBYTE
