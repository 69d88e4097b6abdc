"""What README.md shows of a terminal is what the terminal says, to the last line."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from huimin.cli import main

README = (Path(__file__).resolve().parents[2] / "README.md").read_text("utf-8")
SHOWN = re.findall(r"^\$ \.venv/bin/huimin (.+)\n((?:.+\n)+?)```", README, re.MULTILINE)


def test_readme_shows_something() -> None:
    assert SHOWN


@pytest.mark.parametrize(("command", "output"), SHOWN)
def test_every_command_that_readme_shows_says_what_is_shown(
    capsys: pytest.CaptureFixture[str], command: str, output: str
) -> None:
    assert main(command.split()) == 0
    assert capsys.readouterr().out == output
