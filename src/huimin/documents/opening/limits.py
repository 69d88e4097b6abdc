"""What a file may be at most, and what the process that opens it may use."""

from __future__ import annotations

from dataclasses import dataclass, replace

__all__ = ["MEBIBYTE", "Limits"]

MEBIBYTE = 1024 * 1024


@dataclass(frozen=True, slots=True)
class Limits:
    """Limits of one file. A bill has a page or two and some hundred kilobytes; all of these leave much room.

    `seconds` counts twice: of the clock, and of the processor. `memory_bytes` is the address space of the process that
    opens the file, Python itself and the libraries included. Letters of a picture are read by a model that needs more
    of both: three seconds and 1.1 GiB for a usual page, half a minute and 1.8 GiB for one that is full of figures.
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
    letter_pages: int = 10
    letter_seconds: int = 90
    letter_memory_bytes: int = 2560 * MEBIBYTE

    def for_letters(self) -> Limits:
        """These limits for a process that reads letters of pictures too."""
        return replace(self, seconds=self.letter_seconds, memory_bytes=self.letter_memory_bytes)
