"""`make mutation`: breaks `adjudication` and `terms` a little at a time, and counts what the tests do not notice.

Works on a copy of the tracked files, so that the checkout is left alone. Prints killed and surviving mutants by module
and writes the survivors' differences to var/mutation.txt, for reading: docs/mutation.md says why the rest may stay.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import tempfile
from collections import Counter
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
MUTMUT = [sys.executable, "-m", "mutmut"]


def copy_to(home: Path) -> None:
    names = subprocess.run(
        ["git", "ls-files"], cwd=ROOT, capture_output=True, text=True, check=True
    ).stdout.splitlines()
    for name in names:
        target = home / name
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy2(ROOT / name, target)


def outcomes(home: Path) -> dict[str, int | None]:
    """Exit status of the tests by mutant; 0 is a mutant that lives."""
    found: dict[str, int | None] = {}
    for path in (home / "mutants" / "src").rglob("*.meta"):
        found |= json.loads(path.read_text("utf-8"))["exit_code_by_key"]
    return found


def main() -> None:
    environment = {**os.environ, "HYPOTHESIS_PROFILE": "mutation"}
    with tempfile.TemporaryDirectory() as folder:
        home = Path(folder)
        copy_to(home)
        command = [*MUTMUT, "run", "--max-children", str(os.cpu_count() or 1)]
        log = home / "run.log"
        with log.open("w") as output:
            subprocess.run(command, cwd=home, env=environment, stdout=output, stderr=output, check=False)
        found = outcomes(home)
        if not found:
            sys.exit(f"no mutant was run:\n{log.read_text()[-2000:]}")
        report(home, found)


def report(home: Path, found: dict[str, int | None]) -> None:
    counts: Counter[tuple[str, bool]] = Counter()
    for name, status in found.items():
        counts[name.split(".x", 1)[0], status != 0] += 1
    print(f"{'module':<45} {'killed':>7} {'survived':>9}")
    for module in sorted({module for module, _ in counts}):
        print(f"{module:<45} {counts[module, True]:>7} {counts[module, False]:>9}")
    alive = sorted(name for name, status in found.items() if status == 0)
    killed = len(found) - len(alive)
    print(f"{len(found)} mutants, {killed} killed: {100 * killed / len(found):.1f} %")
    shown = [difference(home, name) for name in alive]
    (ROOT / "var").mkdir(exist_ok=True)
    (ROOT / "var" / "mutation.txt").write_text("\n".join(shown), "utf-8")


def difference(home: Path, name: str) -> str:
    command = [*MUTMUT, "show", name]
    return subprocess.run(command, cwd=home, capture_output=True, text=True, check=True).stdout


if __name__ == "__main__":
    main()
