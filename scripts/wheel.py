"""`make wheel`: the wheel and the source archive of a commit in `dist/`, the same bytes whenever and wherever built.

What is built is what is committed: neither a stray file of the working tree nor its times get in. The time written into
the archives is the commit's, or the one of SOURCE_DATE_EPOCH.
"""

from __future__ import annotations

import argparse
import hashlib
import io
import os
import subprocess
import sys
import tarfile
import tempfile
from collections.abc import Sequence
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
_BUILD = (
    "import sys; from flit_core import buildapi; buildapi.build_wheel(sys.argv[1]); buildapi.build_sdist(sys.argv[1])"
)


def git(*arguments: str) -> bytes:
    return subprocess.run(["git", *arguments], cwd=ROOT, capture_output=True, check=True).stdout


def export(commit: str, into: Path) -> None:
    """The files of a commit, as they were committed."""
    with tarfile.open(fileobj=io.BytesIO(git("archive", commit))) as archive:
        archive.extractall(into, filter="data")


def build(tree: Path, out: Path, epoch: int) -> list[Path]:
    """The wheel and the source archive of the files in `tree`, dated `epoch` (seconds since 1970)."""
    out.mkdir(parents=True, exist_ok=True)
    environment = {**os.environ, "SOURCE_DATE_EPOCH": str(epoch), "PYTHONDONTWRITEBYTECODE": "1"}
    subprocess.run([sys.executable, "-c", _BUILD, str(out.resolve())], cwd=tree, env=environment, check=True)
    return sorted(path for path in out.iterdir() if path.suffix in (".whl", ".gz"))


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description="Build the wheel and the source archive of a commit.")
    parser.add_argument("--commit", default="HEAD")
    parser.add_argument("--out", type=Path, default=ROOT / "dist")
    options = parser.parse_args(arguments)
    if not (ROOT / ".git").exists():
        print(f"{ROOT} is no git checkout; expected one, since a release is built from a commit.", file=sys.stderr)
        return 2
    epoch = int(os.environ.get("SOURCE_DATE_EPOCH") or git("log", "-1", "--format=%ct", options.commit))
    for old in options.out.glob("huimin-*"):
        old.unlink()
    with tempfile.TemporaryDirectory() as directory:
        export(options.commit, Path(directory))
        built = build(Path(directory), options.out, epoch)
    for path in built:
        print(f"{hashlib.sha256(path.read_bytes()).hexdigest()}  {path.name}")
    if git("status", "--porcelain"):
        print(f"Built from {options.commit}: what is not committed is not in it.", file=sys.stderr)
    return 0


if __name__ == "__main__":
    sys.exit(main())
