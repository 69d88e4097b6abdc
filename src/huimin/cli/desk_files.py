"""Writes the files of the actuary's commands: a study's page and its document."""

from __future__ import annotations

import json
from pathlib import Path

from huimin.errors import InputError

__all__ = ["make_directory", "write_bytes", "write_json", "write_text"]


def make_directory(out: Path) -> None:
    """Raises InputError (`unusable_out`)."""
    try:
        out.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise _unusable(out, error) from error


def write_json(path: Path, document: object) -> None:
    """Raises InputError (`unusable_out`)."""
    write_text(path, json.dumps(document, indent=2, ensure_ascii=False) + "\n")


def write_text(path: Path, text: str) -> None:
    """Raises InputError (`unusable_out`)."""
    write_bytes(path, text.encode())


def write_bytes(path: Path, content: bytes) -> None:
    """Raises InputError (`unusable_out`)."""
    try:
        path.write_bytes(content)
    except OSError as error:
        raise _unusable(path, error) from error


def _unusable(path: Path, error: OSError) -> InputError:
    return InputError(f"{path}: {error.strerror}", code="unusable_out")
