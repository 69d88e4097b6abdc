"""Each Python that pyproject.toml names is tried; one that could not be tried counts as failed."""

from __future__ import annotations

import importlib.util
import re
import sys
import tomllib
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).resolve().parents[2]
spec = importlib.util.spec_from_file_location("pythons_script", ROOT / "scripts" / "test_pythons.py")
assert spec is not None and spec.loader is not None
script: Any = importlib.util.module_from_spec(spec)
spec.loader.exec_module(script)

SAYING = (
    *(
        "README.md",
        "README.zh-CN.md",
        "Makefile",
        "docs/operations.md",
        "docs/how-to/city.md",
        "docs/how-to/install.md",
    ),
    *("docs/tutorial/first-bill.md", "docs/tutorial/first-bill.zh-CN.md"),
)


def test_the_versions_named_are_those_that_pip_lets_in_and_documents_say() -> None:
    versions = script.named()
    first, last = versions[0], versions[-1]
    after = f"3.{int(last.removeprefix('3.')) + 1}"
    wanted = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]["requires-python"]
    assert wanted == f">={first},<{after}"
    assert versions == [f"3.{minor}" for minor in range(int(first[2:]), int(last[2:]) + 1)]
    for name in SAYING:
        said = re.search(r"Python (3\.\d+) (?:to|至) (3\.\d+)", (ROOT / name).read_text("utf-8"))
        assert said is not None and said.groups() == (first, last), name


def test_the_python_that_runs_is_one_of_them() -> None:
    assert f"{sys.version_info.major}.{sys.version_info.minor}" in script.named()


def test_a_python_is_one_only_if_it_runs_and_is_of_the_version(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """pyenv puts a name on the path for each version that it has, and most of them do not run."""
    monkeypatch.setattr(script, "PYENV", tmp_path)
    monkeypatch.setenv("PATH", str(tmp_path))
    here = f"{sys.version_info.major}.{sys.version_info.minor}"
    assert script.interpreter(here) == sys.executable
    shim = tmp_path / "python3.99"
    shim.write_text("#!/bin/sh\nexit 127\n")
    shim.chmod(0o755)
    assert script.interpreter("3.99") is None
    real = tmp_path / "3.99.1" / "bin" / "python"
    real.parent.mkdir(parents=True)
    real.write_text("#!/bin/sh\necho 3.99\n")
    real.chmod(0o755)
    assert script.interpreter("3.99") == str(real)


@pytest.mark.parametrize(
    ("said", "status"),
    [
        (("passed", "passed"), 0),
        (("passed", "FAILED"), 1),
        (("not on this machine: not tested", "passed"), 1),
        (("passed", "its environment could not be made"), 1),
    ],
)
def test_all_must_have_passed(
    said: tuple[str, str], status: int, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    outcomes = dict(zip(("3.98", "3.99"), said, strict=True))
    monkeypatch.setattr(script, "named", lambda: list(outcomes))
    monkeypatch.setattr(script, "outcome", outcomes.__getitem__)
    assert script.main() == status
    assert capsys.readouterr().out == f"Python 3.98: {said[0]}\nPython 3.99: {said[1]}\n"
