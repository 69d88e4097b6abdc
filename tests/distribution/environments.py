"""Fresh environments that hold what one extra of the built wheel asks for, and nothing else."""

from __future__ import annotations

import subprocess
import sys
import sysconfig
from collections.abc import Iterator
from importlib.metadata import Distribution, distribution
from pathlib import Path

from packaging.requirements import Requirement

__all__ = ["Environment"]


class Environment:
    """A virtual environment with the wheel installed in it by pip, without an index.

    What the wheel asks for is linked from the environment of the tests, by the wheel's own metadata: a package that it
    forgets to ask for is not there.
    """

    def __init__(self, home: Path, wheel: Path) -> None:
        subprocess.run([sys.executable, "-m", "venv", "--without-pip", str(home)], check=True)
        self.bin = home / ("Scripts" if sys.platform == "win32" else "bin")
        self.python = self.bin / "python"
        self.site = Path(sysconfig.get_path("purelib", vars={"base": str(home), "platbase": str(home)}))
        self.pip("install", "--no-index", "--no-deps", "--no-compile", str(wheel))
        self.huimin = next(iter(Distribution.discover(name="huimin", path=[str(self.site)])))
        self.linked: set[str] = set()
        self.add("")

    def pip(self, *arguments: str) -> str:
        command = [sys.executable, "-m", "pip", "-q", "--disable-pip-version-check", "--python", str(self.python)]
        done = subprocess.run([*command, *arguments], capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout

    def add(self, extra: str) -> None:
        """Put there what an extra asks for; "" for what the wheel asks for at all events."""
        for needed in _needed(self.huimin, extra):
            self._link(needed)

    def run(self, *command: str, **variables: str) -> subprocess.CompletedProcess[str]:
        """One of its programs, in a place of its own: nothing of the working tree is on its path."""
        environment = {"PATH": str(self.bin), "HOME": str(self.bin), **variables}
        program, *arguments = command
        return subprocess.run(
            [str(self.bin / program), *arguments],
            cwd=self.site.parent,
            env=environment,
            capture_output=True,
            text=True,
            encoding="utf-8",
            check=False,
        )

    def _link(self, requirement: Requirement) -> None:
        key = f"{requirement.name}[{','.join(sorted(requirement.extras))}]"
        if key in self.linked:
            return
        self.linked.add(key)
        if requirement.name == "huimin":
            for extra in requirement.extras:
                self.add(extra)
            return
        found = distribution(requirement.name)
        for name in {path.parts[0] for path in found.files or () if path.parts[0] not in ("..", "__pycache__")}:
            if not (self.site / name).exists():
                (self.site / name).symlink_to(Path(str(found.locate_file(name))))
        for extra in ("", *requirement.extras):
            for needed in _needed(found, extra):
                self._link(needed)


def _needed(of: Distribution, extra: str) -> Iterator[Requirement]:
    for line in of.requires or ():
        requirement = Requirement(line)
        always = requirement.marker is None or requirement.marker.evaluate({"extra": ""})
        if (not extra and always) or (
            extra and not always and requirement.marker is not None and requirement.marker.evaluate({"extra": extra})
        ):
            yield requirement
