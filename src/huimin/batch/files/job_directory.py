"""The hidden directory in which a job keeps its unfinished work, inside the directory of its results.

A job that was killed finds its directory again and goes on from there. Every file in it is complete: it is written
under another name first and then renamed. The results move out of it only when all of them are there.
"""

from __future__ import annotations

import fcntl
import json
import os
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from functools import partial
from pathlib import Path
from typing import IO, Any

from huimin.batch.side_by_side import side_by_side
from huimin.errors import InputError

__all__ = ["JobDirectory", "job_directory", "unusable_out"]

_NAME = ".huimin-job"
_MANIFEST, _LOCK = "manifest.json", "lock"


class JobDirectory:
    """`home` is the hidden directory, `out` the directory of results that it stands in."""

    def __init__(self, out: Path, home: Path) -> None:
        self.out = out
        self.home = home

    def path(self, name: str) -> Path:
        return self.home.joinpath(name)

    def has(self, name: str) -> bool:
        return self.path(name).exists()

    def put(self, name: str, write: Callable[[Path], None]) -> None:
        """Write a file of this name, whole or not at all. `write` gets a path with the same ending."""
        target = self.path(name)
        beside = target.with_name(f"_{target.name}")
        write(beside)
        beside.replace(target)

    def put_text(self, name: str, text: str) -> None:
        self.put(name, lambda path: _write(path, text))

    def put_json(self, name: str, content: Any, indent: int | None = None) -> None:
        self.put_text(name, json.dumps(content, indent=indent, ensure_ascii=False) + "\n")

    def json(self, name: str) -> Any:
        return json.loads(self.path(name).read_text("utf-8"))

    def publish(self, names: list[str]) -> None:
        """Move results into the directory, in this order."""
        for name in names:
            target = self.out.joinpath(name)
            if not self.has(name):
                continue  # it was moved before the process was killed
            if target.is_dir():
                shutil.rmtree(target)
            elif self.path(name).is_dir():
                target.unlink(missing_ok=True)
            self.path(name).replace(target)


def _write(path: Path, text: str) -> None:
    path.write_text(text, "utf-8", newline="")


@contextmanager
def job_directory(out: Path, job: dict[str, Any]) -> Iterator[JobDirectory]:
    """The job's directory in `out`. `job` identifies the job as JSON: files that a different job left there are
    removed.

    It is removed when the job ends, well or badly. It stays when the process was killed, so that the job can go on.
    Raises InputError: `unusable_out`, `busy_out`.
    """
    home = out.joinpath(_NAME)
    made = not out.exists()
    try:
        home.mkdir(parents=True, exist_ok=True)
        lock = home.joinpath(_LOCK).open("w")
    except OSError as error:
        raise unusable_out(out, error) from error
    with lock:
        _take(lock, out)
        try:
            _empty_of_others(home, job)
            yield JobDirectory(out, home)
        except KeyboardInterrupt:
            raise
        except OSError as error:
            _leave(out, home, made)
            raise unusable_out(out, error) from error
        except BaseException:
            _leave(out, home, made)
            raise
        _remove(home)


def _take(lock: IO[str], out: Path) -> None:
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError as error:
        raise InputError(f"{out}: another job is writing its results there", code="busy_out") from error


def _empty_of_others(home: Path, job: dict[str, Any]) -> None:
    """Keep the files that this same job made before; remove those of any other job."""
    manifest = home.joinpath(_MANIFEST)
    content = json.dumps(job, ensure_ascii=False, sort_keys=True)
    try:
        if manifest.read_text("utf-8") == content:
            return
    except (OSError, UnicodeDecodeError):
        pass
    for path in home.iterdir():
        if path.name != _LOCK:
            shutil.rmtree(path) if path.is_dir() else path.unlink()
    manifest.write_text(content, "utf-8")


def _remove(home: Path) -> None:
    """Files first and in parallel: removing a file of many gigabytes takes the system a while."""
    files = [partial(path.unlink, missing_ok=True) for path in home.iterdir() if path.is_file()]
    with suppress(OSError):
        for _ in side_by_side(os.cpu_count() or 1, files):
            pass
    shutil.rmtree(home, ignore_errors=True)


def _leave(out: Path, home: Path, made: bool) -> None:
    shutil.rmtree(home, ignore_errors=True)
    if made and not any(out.iterdir()):
        out.rmdir()


def unusable_out(out: Path, error: OSError) -> InputError:
    return InputError(f"{out}: {error.strerror or error}; expected a directory to write to", code="unusable_out")
