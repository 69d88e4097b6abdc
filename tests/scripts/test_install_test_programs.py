"""nginx is unpacked where the machine has none, without rights and without a service; else a line says why not."""

from __future__ import annotations

import importlib.util
import os
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).resolve().parents[2]
spec = importlib.util.spec_from_file_location("install_script", ROOT / "scripts" / "install_test_programs.py")
assert spec is not None and spec.loader is not None
script: Any = importlib.util.module_from_spec(spec)
spec.loader.exec_module(script)
UNPACK = 'mkdir -p "$3/usr/sbin"; cp "$2" "$3/usr/sbin/nginx"; chmod +x "$3/usr/sbin/nginx"'


class Machine:
    """A machine that has these programs only, and no nginx."""

    def __init__(self, home: Path, patch: pytest.MonkeyPatch) -> None:
        self.bin = home / "bin"
        self.bin.mkdir()
        self.target = home / "opt" / "nginx"
        for name in ("mkdir", "cp", "chmod", "touch", "sh"):
            (self.bin / name).symlink_to(script.shutil.which(name))
        patch.setenv("PATH", str(self.bin))
        patch.setattr(script, "NGINX_PLACES", str(self.bin))
        patch.setattr(script, "as_root", lambda: self.root)
        self.root: list[str] | None = None

    def has(self, name: str, text: str) -> None:
        (self.bin / name).write_text(f"#!{self.bin}/sh\n{text}\n")
        (self.bin / name).chmod(0o755)

    def apt(self, package: str, program: str = "exit 0", first: str = "") -> None:
        """Downloads this package only; `first`: what must be true before."""
        there = f'{first} [ "$3" = {package} ] || exit 100; printf "#!{self.bin}/sh\\n{program}\\n" > {package}.deb'
        self.has("apt-get", f'if [ "$1" = update ]; then touch "{self.bin}/lists"; exit 0; fi; {there}')
        self.has("dpkg-deb", UNPACK)

    def tried(self) -> str:
        why: str = script.nginx(self.target)
        return why

    @property
    def program(self) -> Path:
        return self.target / "usr" / "sbin" / "nginx"


@pytest.fixture
def machine(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Machine:
    return Machine(tmp_path, monkeypatch)


@pytest.mark.parametrize("package", ["nginx", "nginx-core"])
def test_nginx_is_unpacked_in_the_environment_without_any_rights(machine: Machine, package: str) -> None:
    machine.apt(package)
    assert machine.tried() == ""
    assert os.access(machine.program, os.X_OK)


def test_a_machine_whose_lists_are_empty_is_asked_to_fill_them_first(machine: Machine) -> None:
    machine.apt("nginx", first=f'[ -e "{machine.bin}/lists" ] || exit 100;')
    assert machine.tried() == "apt-get could not download nginx"
    machine.root = []
    assert machine.tried() == ""
    assert machine.program.exists()


def test_an_nginx_of_the_machine_is_enough(machine: Machine) -> None:
    machine.has("nginx", "exit 0")
    assert machine.tried() == ""
    assert not machine.target.exists()


def test_what_was_unpacked_before_is_enough(machine: Machine) -> None:
    machine.apt("nginx")
    assert machine.tried() == ""
    (machine.bin / "apt-get").unlink()
    assert machine.tried() == ""


def test_a_machine_without_apt_is_told_so(machine: Machine) -> None:
    assert machine.tried() == "nginx could not be unpacked: there is no apt-get here"


def test_an_nginx_that_does_not_run_is_not_kept(machine: Machine) -> None:
    machine.apt("nginx", program="exit 127")
    assert machine.tried() == "the nginx that was unpacked does not run: a library of its is missing"
    assert not machine.target.exists()


def test_what_could_not_be_had_is_said_with_what_is_left_out(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(script, "browser", lambda: "chromium could not be installed: there is no apt-get here")
    monkeypatch.setattr(script, "nginx", lambda home: "apt-get could not download nginx")
    script.main()
    assert capsys.readouterr().out.splitlines() == [
        "Left out: the browser tests, since chromium could not be installed: there is no apt-get here. "
        "They count as skipped.",
        "Left out: the test of docs/nginx.conf, since apt-get could not download nginx. It counts as skipped.",
    ]


def test_where_all_is_there_nothing_is_said(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(script, "browser", lambda: "")
    monkeypatch.setattr(script, "nginx", lambda home: "")
    script.main()
    assert capsys.readouterr().out == ""
