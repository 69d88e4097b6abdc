"""The job over columns leaves out what others would load for it, in a process of the command's own only."""

from __future__ import annotations

import subprocess
import sys

import pytest

from huimin.cli.leaving_out import leave_out

LOADED = "import numba, pyarrow.dataset, sys; numba.njit(lambda x: x + 1)(1)\n"
LOADED += "print([name for name in ('pandas', 'scipy') if name in sys.modules])"


def printed(code: str) -> str:
    return subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout


def test_libraries_that_are_left_out_are_not_loaded_and_what_would_load_them_works() -> None:
    assert printed(LOADED) == "['pandas', 'scipy']\n", "else the next line would prove nothing"
    first = "from huimin.cli.leaving_out import leave_out\nleave_out('pandas', 'scipy')\n"
    assert printed(first + LOADED) == "[]\n"


def test_an_import_says_that_the_library_was_left_out(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "meta_path", [*sys.meta_path])
    leave_out("antigravity")
    monkeypatch.delitem(sys.modules, "antigravity", raising=False)
    with pytest.raises(ModuleNotFoundError, match="antigravity was left out"):
        __import__("antigravity")
    import colorsys

    assert colorsys
