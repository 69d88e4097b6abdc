"""The checks before a commit run what the environment has, download nothing, and refuse what they should."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from pre_commit.clientlib import load_config

ROOT = Path(__file__).resolve().parents[2]
CONFIG: dict[str, Any] = load_config(str(ROOT / ".pre-commit-config.yaml"))
HOOKS: list[dict[str, Any]] = [hook for repo in CONFIG["repos"] for hook in repo["hooks"]]


def test_every_hook_is_a_program_of_the_environment() -> None:
    assert {repo["repo"] for repo in CONFIG["repos"]} == {"local"}
    for hook in HOOKS:
        program = re.match(r"\.venv/bin/([a-z-]+)( |$)", hook["entry"])
        assert program is not None, hook["entry"]
        assert (Path(sys.prefix) / "bin" / program[1]).exists(), hook["entry"]
        assert hook["additional_dependencies"] == []
        assert hook["language"] in ("system", "unsupported"), "a program that is there; pre-commit has two names for it"


def test_what_make_check_runs_is_run_before_a_commit_or_a_push() -> None:
    checks = re.search(r"^check:.*\n((?:\t.*\n)+)", (ROOT / "Makefile").read_text("utf-8"), re.M)
    assert checks is not None
    programs = set(re.findall(r"\$\(BIN\)/([a-z-]+)", checks[1]))
    assert len(programs) >= 3
    for program in programs:
        assert any(f".venv/bin/{program}" in hook["entry"] for hook in HOOKS), program


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    """An empty repository with these hooks and this environment."""
    subprocess.run(["git", "init", "-q"], cwd=tmp_path, check=True)
    for name in (".pre-commit-config.yaml", "pyproject.toml"):
        shutil.copy(ROOT / name, tmp_path)
    (tmp_path / ".venv").symlink_to(sys.prefix)
    return tmp_path


@pytest.mark.parametrize(
    ("hook", "text", "status"),
    [
        ("ruff-check", '"""A module."""\n', 0),
        ("ruff-check", '"""A module."""\n\nimport os\n', 1),
        ("ruff-format", '"""A module."""\n\nNUMBER = 1\n', 0),
        ("ruff-format", '"""A module."""\nNUMBER   =  1\n', 1),
    ],
)
def test_a_hook_lets_the_sound_pass_and_refuses_the_faulty(checkout: Path, hook: str, text: str, status: int) -> None:
    (checkout / "module.py").write_text(text, "utf-8")
    subprocess.run(["git", "add", "module.py"], cwd=checkout, check=True)
    command = [sys.executable, "-m", "pre_commit", "run", hook, "--files", "module.py"]
    kept = {name: value for name, value in os.environ.items() if not name.startswith("GIT_")}
    done = subprocess.run(
        command,
        cwd=checkout,
        env={**kept, "PRE_COMMIT_HOME": str(checkout / "cache")},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == status, done.stdout + done.stderr
    assert ("Passed" if status == 0 else "Failed") in done.stdout
