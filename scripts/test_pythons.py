"""`make test-pythons`: every test with each Python that pyproject.toml names, in an environment of its own.

A version that this machine does not have was not tried, and counts as failed: what is named must have been tested.
"""

from __future__ import annotations

import shutil
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
HOMES = ROOT / ".pythons"
PYENV = Path.home() / ".pyenv" / "versions"


def named() -> list[str]:
    """The versions that pyproject.toml names, such as 3.11."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    prefix = "Programming Language :: Python :: "
    return [line.removeprefix(prefix) for line in project["classifiers"] if line.startswith(prefix)]


def interpreter(version: str) -> str | None:
    """A Python of this version that runs: this one, one of the path or one of pyenv."""
    for candidate in _candidates(version):
        asked = [candidate, "-c", "import sys; print('%d.%d' % sys.version_info[:2])"]
        try:
            said = subprocess.run(asked, capture_output=True, text=True, check=False)
        except OSError:
            continue
        if said.returncode == 0 and said.stdout.strip() == version:
            return candidate
    return None


def _candidates(version: str) -> Iterator[str]:
    yield sys.executable
    if on_path := shutil.which(f"python{version}"):
        yield on_path
    yield from sorted(map(str, PYENV.glob(f"{version}.*/bin/python")), reverse=True)


def environment(version: str, python: str) -> Path:
    """An environment with what the tests need; made once, renewed when the lock file changes."""
    home = HOMES / version
    done, lock = home / ".ready", ROOT / "requirements" / "test.txt"
    inside = home / "bin" / "python"
    if not done.exists() or done.read_text() != lock.read_text("utf-8"):
        subprocess.run([python, "-m", "venv", "--clear", str(home)], check=True)
        pip = [str(inside), "-m", "pip", "install", "-q", "--disable-pip-version-check"]
        subprocess.run([*pip, "--require-hashes", "-r", str(lock)], check=True)
        subprocess.run([*pip, "--no-deps", "--no-build-isolation", "-e", str(ROOT)], check=True)
        done.write_text(lock.read_text("utf-8"), "utf-8")
    return inside


def outcome(version: str) -> str:
    python = interpreter(version)
    if python is None:
        return "not on this machine: not tested"
    print(f"== Python {version}", flush=True)
    try:
        inside = environment(version, python)
    except subprocess.CalledProcessError:
        return "its environment could not be made"
    done = subprocess.run([str(inside), "scripts/run_tests.py", "--all"], cwd=ROOT, check=False)
    return "passed" if done.returncode == 0 else "FAILED"


def main() -> int:
    found = {version: outcome(version) for version in named()}
    for version, said in found.items():
        print(f"Python {version}: {said}")
    return 0 if set(found.values()) == {"passed"} else 1


if __name__ == "__main__":
    sys.exit(main())
