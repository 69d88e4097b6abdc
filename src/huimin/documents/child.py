"""The process in which one file is opened: limits first, then nothing but reading, then one answer as JSON.

It is given whole numbers: seconds, bytes of memory, bytes of the answer, and 1 where the letters of pictures are to be
read. The file comes by its input.
"""

from __future__ import annotations

import json
import sys
from dataclasses import asdict

from huimin.documents.errors import DocumentError
from huimin.documents.opening.limits import Limits
from huimin.documents.reading import read_here
from huimin.errors import HuiminError

__all__ = ["main"]

_FORBIDDEN = ("socket.", "subprocess.", "os.system", "os.exec", "os.fork", "os.posix_spawn", "urllib.", "ftplib.")


def main(arguments: list[str]) -> int:
    seconds, memory_bytes, answer_bytes, letters = (int(one) for one in arguments)
    limits = Limits()
    _limit(seconds, memory_bytes, answer_bytes)
    sys.addaudithook(_allow)
    data = sys.stdin.buffer.read(limits.file_bytes + 1)
    try:
        answer: dict[str, object] = {"paper": asdict(read_here(data, limits, letters=bool(letters)))}
    except MemoryError:
        answer = _refused(_out_of_memory())
    except HuiminError as error:
        answer = _refused(error)
    sys.stdout.write(json.dumps(answer))
    return 0


def _limit(seconds: int, memory_bytes: int, answer_bytes: int) -> None:
    """Processor, memory, files written (the answer alone) and open ones. The parent keeps the clock."""
    import resource  # noqa: PLC0415 - where there is none, as on Windows, nothing is opened

    for kind, most in (
        (resource.RLIMIT_CPU, seconds),
        (resource.RLIMIT_AS, memory_bytes),
        (resource.RLIMIT_FSIZE, answer_bytes),
        (resource.RLIMIT_CORE, 0),
        (resource.RLIMIT_NOFILE, 64),
    ):
        resource.setrlimit(kind, (most, most))


def _allow(event: str, _: object) -> None:
    """Neither network nor other programs: a library that tried would be a fault in it, or somebody's in control."""
    if event.startswith(_FORBIDDEN):
        raise PermissionError(event)


def _out_of_memory() -> DocumentError:
    message = "the file needs more memory than a bill can; expected a PDF, OFD or picture of a page or two"
    return DocumentError(f"{message}; ask the issuer for the original file", code="document_needs_too_much")


def _refused(error: HuiminError) -> dict[str, object]:
    return {"refused": {"code": error.code, "message": error.message, "values": dict(error.values)}}


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
