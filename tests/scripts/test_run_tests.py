"""`make test` and `make test-rest` together run every test of the platform on PostgreSQL, and each once."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
PLATFORM = ROOT / "tests" / "platform"
sys.path.insert(0, str(ROOT / "scripts"))

import run_tests  # noqa: E402


def taken(arguments: Sequence[str]) -> set[Path]:
    """The files that pytest collects from these arguments."""
    without = [ROOT / one.removeprefix("--ignore=") for one in arguments if one.startswith("--ignore=")]
    named = [ROOT / one for one in arguments if not one.startswith("-")]
    files = {file for one in named for file in ([one] if one.is_file() else one.rglob("test_*.py"))}
    return {file for file in files if not any(file == one or one in file.parents for one in without)}


def test_every_name_of_the_list_is_there() -> None:
    assert [name for name in run_tests.ON_BOTH if not (PLATFORM / name).exists()] == []


def test_the_two_runs_share_out_the_platforms_tests(monkeypatch: pytest.MonkeyPatch) -> None:
    runs: list[dict[str, tuple[str, ...]]] = []
    monkeypatch.setattr(run_tests, "on_both", lambda **run: runs.append(run) or 0)
    assert (run_tests.quick(), run_tests.rest()) == (0, 0)
    quick, rest = (taken(run["postgresql"]) for run in runs)
    assert quick | rest == set(PLATFORM.rglob("test_*.py"))
    assert quick & rest == set()
    assert [run["sqlite"] for run in runs] == [(), ("-m", "slow")]


@pytest.mark.parametrize(("asked", "runs"), [([], ["quick"]), (["--rest"], ["rest"]), (["--all"], ["quick", "rest"])])
def test_what_fails_first_or_last_is_told(monkeypatch: pytest.MonkeyPatch, asked: list[str], runs: list[str]) -> None:
    begun: list[str] = []
    for failing in ("quick", "rest", ""):
        begun.clear()
        for name in ("quick", "rest"):
            fails = int(name == failing)
            monkeypatch.setattr(run_tests, name, lambda name=name, fails=fails: begun.append(name) or fails)
        monkeypatch.setattr(sys, "argv", ["run_tests.py", *asked])
        assert run_tests.main() == int(failing in runs)
        assert begun == runs
