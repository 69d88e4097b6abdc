"""A command whose database is away, or has no tables yet, says so in a sentence with a stable code, exit status 2."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from huimin.cli import platform
from huimin.cli.database_trouble import asks_the_database

COMMANDS = [
    ["ledger", "verify"],
    ["ledger", "even"],
    ["ledger", "second-person", "demo", "50000.00"],
    ["seals", "verify"],
    ["seals", "head"],
    ["outbox", "list"],
    ["work", "retry", "demo", "1"],
    ["keys", "demonstration"],
]
NEED_NO_DATABASE = {"_keys_show", "_serve", "_work"}
"""`keys show` derives a key, and `serve` and `work` wait for the database and say so themselves."""


def run(command: list[str], **environment: str) -> subprocess.CompletedProcess[str]:
    kept = {name: value for name, value in os.environ.items() if name != "DATABASE_URL"}
    told = {**kept, "DJANGO_SETTINGS_MODULE": "huimin.platform.settings", **environment}
    started = [sys.executable, "-m", "huimin.cli", *command]
    return subprocess.run(started, capture_output=True, text=True, timeout=120, env=told, check=False)


@pytest.mark.parametrize("command", [COMMANDS[0], COMMANDS[-2]], ids=" ".join)
def test_a_server_that_cannot_be_reached_is_named_with_its_code(command: list[str], tmp_path: Path) -> None:
    done = run(command, DATABASE_URL="postgresql://127.0.0.1:1/none", HUIMIN_HOME=str(tmp_path))
    assert done.returncode == 2
    assert done.stderr.startswith("huimin: the database cannot be reached.")
    assert done.stderr.endswith("[database_unavailable]\n")
    assert "Traceback" not in done.stderr


def test_a_database_without_tables_is_told_from_one_that_is_away(tmp_path: Path) -> None:
    done = run(["ledger", "verify"], HUIMIN_HOME=str(tmp_path))
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr == (
        "huimin: the database lacks tables of this version; start `huimin serve` of this version once [tables_older]\n"
    )


def test_every_command_of_the_platform_minds_the_database() -> None:
    commands = {
        name for name, thing in vars(platform).items() if name.startswith("_") and hasattr(thing, "__code__")
    } - {"_add_work", "_add_task", "_add_staff"}
    minding = {name for name in commands if hasattr(getattr(platform, name), "__wrapped__")}
    assert commands - minding == NEED_NO_DATABASE
    assert len(minding) >= len(COMMANDS)


def test_what_is_no_trouble_of_a_database_stays_as_it_is() -> None:
    @asks_the_database
    def broken(_: object) -> int:
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        broken(None)  # type: ignore[arg-type]
