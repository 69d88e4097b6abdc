"""Opening a file in a process of its own: whatever it does to its reader, it does there, and for a few seconds.

The process gets the file by its input and nothing else: no variables of the environment, so none of our secrets; no
network, no other programs. Its answer is checked like anything from outside.
"""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import tempfile
from pathlib import Path

from pydantic import BaseModel, ConfigDict, ValidationError

import huimin
from huimin.documents.errors import DocumentError
from huimin.documents.opening.kinds import FileKind, kind_of
from huimin.documents.opening.limits import Limits
from huimin.documents.paper import Paper
from huimin.extras import require

__all__ = ["read"]

_MODULE = "huimin.documents.child"
_WITHOUT_PACKAGES = (FileKind.XML, FileKind.OFD)
_PICTURES = (FileKind.PNG, FileKind.JPEG)


class _Refused(BaseModel):
    code: str
    message: str
    values: dict[str, str]


class _Answer(BaseModel):
    model_config = ConfigDict(extra="forbid")
    paper: Paper | None = None
    refused: _Refused | None = None


def read(data: bytes, limits: Limits | None = None) -> Paper:
    """What a file says.

    Raises DocumentError with a code for what is refused, and MissingExtra for a PDF without the extra `documents`, and
    for a picture or a PDF with pages that are pictures without the extra `papers`.

    Of `limits`, time and memory can be given; those of the file's inside are the usual ones. A PDF is opened with the
    small limits first: only where pages are pictures it is opened once more, with those that reading letters needs.
    """
    limits = limits or Limits()
    kind = kind_of(data)  # what is refused by a look at its bytes costs no process
    if kind in _PICTURES:
        require("papers", "reading a picture")
        return _run(data, limits.for_letters(), letters=True)
    if kind not in _WITHOUT_PACKAGES:
        require("documents", "reading a PDF")
    paper = _run(data, limits, letters=False)
    if paper.pictures:
        require("papers", "reading a PDF with pages that are pictures")
        return _run(data, limits.for_letters(), letters=True)
    return paper


def _run(data: bytes, limits: Limits, *, letters: bool) -> Paper:
    with tempfile.TemporaryFile() as out:
        try:
            done = subprocess.run(  # noqa: S603 - our own module
                [sys.executable, "-m", _MODULE, *_numbers(limits, letters)],
                input=data,
                stdout=out,
                stderr=subprocess.DEVNULL,
                env=_environment(),
                timeout=limits.seconds,
                check=False,
            )
        except subprocess.TimeoutExpired:
            raise _too_slow(limits) from None
        out.seek(0)
        return _heard(done.returncode, out.read(), limits)


def _numbers(limits: Limits, letters: bool) -> list[str]:
    return [str(number) for number in (limits.seconds, limits.memory_bytes, limits.answer_bytes, int(letters))]


def _environment() -> dict[str, str]:
    """Where our code and its packages are, and nothing else. One thread: each would reserve address space."""
    path = os.pathsep.join(dict.fromkeys([str(Path(huimin.__file__).parents[1]), *filter(None, sys.path)]))
    return {"PYTHONPATH": path, "PYTHONDONTWRITEBYTECODE": "1", "PYTHONUTF8": "1", "OMP_NUM_THREADS": "1"}


def _heard(status: int, answer: bytes, limits: Limits) -> Paper:
    if status in (-signal.SIGXCPU, -signal.SIGKILL):
        raise _too_slow(limits)
    try:
        said = _Answer.model_validate_json(answer)
    except ValidationError:
        said = _Answer()
    if said.refused is not None:
        raise DocumentError(said.refused.message, code=said.refused.code, values=said.refused.values)
    if status != 0 or said.paper is None:
        message = "the program that reads files ended while it read this one; expected a bill as it was issued"
        raise DocumentError(f"{message}; ask the issuer for the original file", code="document_stopped")
    return said.paper


def _too_slow(limits: Limits) -> DocumentError:
    most = f"{limits.seconds} seconds"
    message = f"the file takes longer than {most} to read; a bill takes less than one"
    return DocumentError(f"{message}; ask the issuer for the original", code="document_too_slow", values={"most": most})
