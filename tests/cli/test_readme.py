"""What README.md shows of a terminal is what the terminal says, to the last line."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from huimin.cli import main

ROOT = Path(__file__).resolve().parents[2]
READMES = {name: (ROOT / name).read_text("utf-8") for name in ("README.md", "README.zh-CN.md")}
SHOWN = [
    shown
    for text in READMES.values()
    for shown in re.findall(r"^\$ \.venv/bin/huimin (.+?)(?: \| head -(\d+))?\n((?:.+\n)+?)```", text, re.MULTILINE)
]
"""Each command, of how many lines of its output, and these lines."""


def test_each_readme_shows_a_bill() -> None:
    assert len(SHOWN) == len(READMES)


@pytest.mark.parametrize(("command", "lines", "output"), SHOWN)
def test_every_command_that_readme_shows_says_what_is_shown(
    capsys: pytest.CaptureFixture[str], command: str, lines: str, output: str
) -> None:
    assert main(command.split()) == 0
    said = capsys.readouterr().out.splitlines(keepends=True)
    assert "".join(said[: int(lines)] if lines else said) == output


def test_both_readmes_lead_to_the_same_pages() -> None:
    links = {
        name: {link.replace(".zh-CN.md", ".md") for link in re.findall(r"\]\(([^)]+)\)", text)}
        for name, text in READMES.items()
    }
    assert links["README.md"] == links["README.zh-CN.md"]
