"""Code blocks of a document, run in the order in which a reader would type them."""

from __future__ import annotations

import contextlib
import io
import os
import re
import subprocess
import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from unittest.mock import patch

__all__ = ["ROOT", "Block", "blocks_of", "run", "without_settings"]

ROOT = Path(__file__).resolve().parents[2]
_FENCE = re.compile(r"^```(\w+)\n(.*?)^```\n", re.M | re.S)


@dataclass(frozen=True)
class Block:
    """`says` is what the text block right behind it shows; None where none stands there."""

    language: str
    code: str
    line: int
    says: str | None


def blocks_of(document: Path) -> Iterator[Block]:
    text = document.read_text("utf-8") + "\n"
    found = list(_FENCE.finditer(text))
    for number, match in enumerate(found):
        behind = found[number + 1] if number + 1 < len(found) else None
        says = None
        if behind is not None and behind[1] == "text" and not text[match.end() : behind.start()].strip():
            says = behind[2]
        yield Block(match[1], match[2], text[: match.start()].count("\n") + 1, says)


def run(document: Path, folder: Path, environment: Mapping[str, str] | None = None) -> int:
    """Run the `sh` and `python` blocks of a document, as they stand, in an empty folder. Returns how many there were.

    What a shell block exports, the next one has; Python blocks share their names. What differs here, such as a port,
    comes from the `environment`, as it would for a reader.
    """
    names: dict[str, Any] = {"__name__": "document"}
    kept = {**without_settings(), **(environment or {}), "PATH": f"{_commands(folder)}:{os.environ['PATH']}"}
    ran = 0
    for block in blocks_of(document):
        if block.language not in ("sh", "python"):
            continue
        shell = block.language == "sh"
        said = _shell(block.code, folder, kept) if shell else _python(block.code, folder, kept, names)
        place = f"{document.name}, line {block.line}"
        assert block.says is None or said == block.says, f"{place}: says\n{said}\ninstead of\n{block.says}"
        ran += 1
    return ran


def without_settings() -> dict[str, str]:
    """This process's environment without what the tests set of the platform: a reader's terminal has none of it."""
    return {name: value for name, value in os.environ.items() if not name.startswith(("HUIMIN_", "DJANGO_"))}


def _commands(folder: Path) -> Path:
    """A folder with the `huimin` command and the Python of this test: no other installation answers."""
    home = folder / ".commands"
    home.mkdir(exist_ok=True)
    for name, arguments in (("huimin", "-m huimin.cli"), ("python", ""), ("python3", "")):
        (home / name).write_text(f'#!/bin/sh\nexec "{sys.executable}" {arguments} "$@"\n')
        (home / name).chmod(0o755)
    return home


def _shell(code: str, folder: Path, environment: dict[str, str]) -> str:
    """One block, in a shell that knows what the earlier ones set, exported or not: as in one terminal."""
    variables = "declare -p | grep -v '^declare -[a-zA-Z]*r' > .variables"
    script = f"[ ! -f .variables ] || . ./.variables >/dev/null 2>&1\nset -e\n{code}\n{variables}\n"
    done = subprocess.run(["bash", "-c", script], cwd=folder, env=environment, capture_output=True, check=False)
    assert done.returncode == 0, f"{code}\n{done.stderr.decode()}{done.stdout.decode()}"
    return done.stdout.decode()


def _python(code: str, folder: Path, environment: dict[str, str], names: dict[str, Any]) -> str:
    said = io.StringIO()
    with contextlib.chdir(folder), contextlib.redirect_stdout(said), patch.dict(os.environ, environment):
        exec(compile(code, "document", "exec"), names)  # noqa: S102 - it is our own document
    return said.getvalue()
