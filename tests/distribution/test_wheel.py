"""The built wheel: the same bytes each time, complete, and enough by itself."""

from __future__ import annotations

import importlib.util
import json
import os
import re
import shutil
import subprocess
import zipfile
from email import message_from_string
from pathlib import Path
from typing import Any

import pytest

from distribution.environments import Environment
from huimin import __version__
from huimin.extras import EXTRAS

pytestmark = pytest.mark.slow

ROOT = Path(__file__).resolve().parents[2]
EPOCH = 1_700_000_000
spec = importlib.util.spec_from_file_location("wheel_script", ROOT / "scripts" / "wheel.py")
assert spec is not None and spec.loader is not None
wheel_script: Any = importlib.util.module_from_spec(spec)
spec.loader.exec_module(wheel_script)


def tracked() -> list[str]:
    listed = subprocess.run(["git", "ls-files"], cwd=ROOT, capture_output=True, text=True, check=True).stdout
    return [line for line in listed.splitlines() if (ROOT / line).is_file()]


def copy(into: Path, names: list[str]) -> Path:
    """The working tree's own files, as `git add --all` would commit them; no stray ones."""
    for name in names:
        (into / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(ROOT / name, into / name)
    return into


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> list[Path]:
    """The source archive and the wheel."""
    home = tmp_path_factory.mktemp("built")
    found: list[Path] = wheel_script.build(copy(home / "tree", tracked()), home / "dist", EPOCH)
    assert [path.name for path in found] == [f"huimin-{__version__}-py3-none-any.whl", f"huimin-{__version__}.tar.gz"]
    return found


@pytest.fixture(scope="module")
def wheel(built: list[Path]) -> Path:
    return built[0]


@pytest.fixture(scope="module")
def core(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Environment:
    """What `pip install huimin` brings."""
    return Environment(tmp_path_factory.mktemp("core") / "venv", wheel)


def test_two_builds_are_the_same_to_the_byte(built: list[Path], tmp_path: Path) -> None:
    """In another place, from files made in another order at another time by somebody with other rights."""
    before = os.umask(0o077)
    try:
        tree = copy(tmp_path / "elsewhere" / "tree", tracked()[::-1])
    finally:
        os.umask(before)
    for path in tree.rglob("*"):
        os.utime(path, (1_000_000_000, 1_000_000_000))
    again = wheel_script.build(tree, tmp_path / "dist", EPOCH)
    assert [path.read_bytes() for path in again] == [path.read_bytes() for path in built]


def test_another_time_of_the_source_is_another_wheel(wheel: Path, tmp_path: Path) -> None:
    """Else the test above could not notice a clock that got in."""
    later = wheel_script.build(copy(tmp_path / "tree", tracked()), tmp_path / "dist", EPOCH + 100)[0]
    assert later.read_bytes() != wheel.read_bytes()


def test_the_source_archive_is_enough_to_build_the_wheel(built: list[Path], tmp_path: Path) -> None:
    shutil.unpack_archive(built[1], tmp_path, filter="data")
    again = wheel_script.build(tmp_path / f"huimin-{__version__}", tmp_path / "dist", EPOCH)[0]
    assert again.read_bytes() == built[0].read_bytes()


def test_every_file_of_the_package_is_in_the_wheel_and_no_other(wheel: Path) -> None:
    """Plans, parameters, templates, pages' words, styles, scripts and the licences of what others wrote."""
    with zipfile.ZipFile(wheel) as archive:
        found = {name for name in archive.namelist() if not name.startswith(f"huimin-{__version__}.dist-info/")}
    package = {name.removeprefix("src/") for name in tracked() if name.startswith("src/")}
    assert found == package
    kinds = {Path(name).suffix for name in found}
    assert {".toml", ".html", ".mo", ".css", ".js", ".svg", ".csv", ".LICENSE", ".NOTICE"} <= kinds
    assert "huimin/py.typed" in found


def test_the_wheel_says_what_it_is(wheel: Path) -> None:
    with zipfile.ZipFile(wheel) as archive:
        said = message_from_string(archive.read(f"huimin-{__version__}.dist-info/METADATA").decode())
        assert archive.read(f"huimin-{__version__}.dist-info/licenses/LICENSE") == (ROOT / "LICENSE").read_bytes()
    assert (said["Name"], said["Version"], said["License-Expression"]) == ("huimin", __version__, "Apache-2.0")
    assert set(said.get_all("Provides-Extra") or ()) == {*EXTRAS, "all"}


def test_pip_finds_that_the_core_lacks_nothing(core: Environment) -> None:
    core.pip("check")


def test_the_core_is_without_django_numba_and_a_server(core: Environment) -> None:
    """Else the tests below would prove nothing."""
    names = sorted({name for names in EXTRAS.values() for name in names})
    code = "import sys; from importlib.util import find_spec; print([n for n in sys.argv[1:] if find_spec(n)])"
    assert core.run("python", "-c", code, *names).stdout == "[]\n"


def test_every_module_of_the_core_can_be_imported_without_an_extra(core: Environment) -> None:
    code = """
import huimin, importlib, pkgutil, sys
rooms = [one.name for one in pkgutil.iter_modules(huimin.__path__, "huimin.")]
core = [name for name in rooms if name.removeprefix("huimin.") not in sys.argv[1:]]
for name in core:
    room = importlib.import_module(name)
    for one in pkgutil.walk_packages(getattr(room, "__path__", []), f"{name}."):
        if not one.name.endswith(".__main__"):
            importlib.import_module(one.name)
print(len([name for name in sys.modules if name.startswith("huimin.")]), huimin.__file__)
"""
    done = core.run("python", "-c", code, *ROOMS_BEYOND_THE_CORE)
    assert done.returncode == 0, done.stderr
    count, place = done.stdout.split()
    assert int(count) > 70
    assert Path(place).is_relative_to(core.site)


def test_the_command_calculates_the_bill_that_readme_shows(core: Environment) -> None:
    text = (ROOT / "README.md").read_text("utf-8")
    shown = re.search(r"^\$ \.venv/bin/huimin (calculate .+) \| head -(\d+)\n((?:.+\n)+?)```", text, re.M)
    assert shown is not None
    done = core.run("huimin", *shown[1].split())
    first = "".join(done.stdout.splitlines(keepends=True)[: int(shown[2])])
    assert (done.returncode, first, done.stderr) == (0, shown[3], "")


def test_the_command_says_its_version_and_knows_the_catalogue(core: Environment) -> None:
    assert core.run("huimin", "--version").stdout == f"huimin {__version__}\n"
    plans = sorted(
        path.parent.relative_to(ROOT / "src/huimin/plans").as_posix()
        for path in (ROOT / "src/huimin/plans").rglob("plan.toml")
    )
    listed = core.run("huimin", "plans", "list")
    assert [line.split()[0] for line in listed.stdout.splitlines()] == plans, listed.stderr
    for plan in plans[:1]:
        for command in (["plans", "show"], ["plans", "validate"], ["plans", "compile"], ["quote"]):
            assert core.run("huimin", *command, plan).stdout, command


ROOMS_BEYOND_THE_CORE = {"batch": "batch", "actuarial": "actuarial", "platform": "platform", "sandbox": "platform"}
"""Room to the extra that it needs; `sandbox` is in none of the commands below, `platform` starts it."""
FILES = ["--members", "m.csv", "--settlements", "s.csv", "--out", "out"]
PLAN = "jiangsu/yihuibao-1/2022"
BEYOND_THE_CORE = {
    "batch": [
        ["adjudicate", PLAN, *FILES, "--memory", "1GB"],
        ["account", PLAN, *FILES, "--memory", "1GB"],
        ["adjudicate", PLAN, *(name.replace("csv", "xlsx") for name in FILES)],
        ["compare", "a", "b", "--members", "m.csv", "--out", "out"],
        ["explain", PLAN, *FILES[:4], "--settlement", "S1"],
    ],
    "spark": [["adjudicate", PLAN, *FILES, "--engine", "spark"]],
    "actuarial": [
        ["price", PLAN, "--city", "1000"],
        ["reserve", "triangle.csv"],
        ["city", "--out", "out"],
        ["lookback", PLAN, "--city", "1000", "--out", "out"],
        ["renew", PLAN, "--price", "100", "--take-up", "50", "--out", "out"],
        ["design", PLAN, "--out", "out"],
    ],
    "glm": [["price", PLAN, "--city", "1000", "--glm"]],
    "platform": [
        ["serve"],
        ["ledger", "verify"],
        ["ledger", "even"],
        ["ledger", "second-person", "999900", "50000.00"],
        ["outbox", "list"],
        ["outbox", "again", "999900", "1"],
        ["work", "list"],
        ["seals", "verify"],
        ["staff", "list", "999900"],
        ["setup", "day-off", "999900", "2026-03-02", "--reason", "flood"],
        ["seals", "head"],
        ["keys", "show", "payment-notice"],
    ],
}
"""What needs an extra, if only for large or for other files."""
OF_THE_CORE = {"calculate", "documents", "errors", "plans", "quote"}
"""`documents` reads XML and OFD without an extra; that a PDF needs one, tests/test_extras.py tries."""


def test_a_small_job_of_csv_files_needs_no_extra(core: Environment, tmp_path: Path) -> None:
    members, settlements = tmp_path / "m.csv", tmp_path / "s.csv"
    members.write_text("psn_no,cover_from,cover_to\nP1,2022-01-01,2022-12-31\n")
    heads = "setl_id,psn_no,setl_time,med_type,psn_part_amt,fulamt_ownpay_amt"
    settlements.write_text(f"{heads}\nS1,P1,2022-05-01,21,30000.00,0\n")
    files = ["--members", str(members), "--settlements", str(settlements), "--out", str(tmp_path / "out")]
    done = core.run("huimin", "adjudicate", PLAN, *files)
    assert (done.returncode, done.stderr) == (0, "")
    assert "S1,P1,in_catalogue,30000.00,10000.00,20000.00,13000.00" in (tmp_path / "out" / "decisions.csv").read_text()


def test_a_bill_in_xml_is_read_apart_without_an_extra(core: Environment) -> None:
    code = """
from huimin.documents import Limits, read
bill = "<a><EInvoiceCode>1</EInvoiceCode><EInvoiceNumber>2</EInvoiceNumber><TotalAmount>1.00</TotalAmount></a>"
print(read(bill.encode(), Limits(seconds=120)).fen("total"))
"""
    done = core.run("python", "-c", code)
    assert (done.stdout, done.returncode) == ("100\n", 0), done.stderr


def test_each_command_beyond_the_core_says_in_one_sentence_what_to_install(core: Environment) -> None:
    """All in one process: in each of them nothing but the core is there."""
    code = """
import contextlib, io, json, sys
from huimin.cli import main
found = []
for command in json.loads(sys.argv[1]):
    said = io.StringIO()
    with contextlib.redirect_stderr(said), contextlib.redirect_stdout(said):
        found.append((main(command), said.getvalue()))
print(json.dumps(found))
"""
    asked = [(extra, command) for extra, commands in BEYOND_THE_CORE.items() for command in commands]
    done = core.run("python", "-c", code, json.dumps([command for _, command in asked]))
    assert done.returncode == 0, done.stderr
    for (extra, command), (status, said) in zip(asked, json.loads(done.stdout), strict=True):
        assert status == 4, (command, said)
        assert re.fullmatch(
            rf"huimin: .+ not installed; install with: pip install 'huimin\[{extra}\]' \[missing_extra\]\n", said
        ), (command, said)


def test_no_command_is_left_out_of_the_list_above(core: Environment) -> None:
    names = core.run("huimin", "nothing-of-the-kind").stderr.partition("Expected one of: ")[2].partition(" [")[0]
    listed = {command[0] for commands in BEYOND_THE_CORE.values() for command in commands}
    assert set(names.split(", ")) == listed | OF_THE_CORE


@pytest.mark.parametrize(("room", "extra"), ROOMS_BEYOND_THE_CORE.items())
def test_an_extra_brings_everything_that_its_part_imports(room: str, extra: str, wheel: Path, tmp_path: Path) -> None:
    """`spark` and `glm` add a library or two to these: tests/architecture holds their lists."""
    environment = Environment(tmp_path / "venv", wheel)
    environment.add(extra)
    environment.pip("check")
    code = """
import importlib, os, pkgutil, sys
part = importlib.import_module("huimin." + sys.argv[1])
if sys.argv[2] == "platform":
    import django
    os.environ["DJANGO_SETTINGS_MODULE"] = "huimin.platform.settings"
    django.setup()
for one in pkgutil.walk_packages(part.__path__, part.__name__ + "."):
    if not one.name.endswith((".__main__", ".wsgi")) and ".migrations." not in one.name:
        importlib.import_module(one.name)
print(len([name for name in sys.modules if name.startswith(part.__name__ + ".")]))
"""
    done = environment.run("python", "-c", code, room, extra)
    assert done.returncode == 0, done.stderr
    assert int(done.stdout) > 10


def test_the_platform_of_the_wheel_finds_its_pages_styles_and_words(wheel: Path, tmp_path: Path) -> None:
    environment = Environment(tmp_path / "venv", wheel)
    environment.add("platform")
    code = """
import os
from pathlib import Path
os.environ["DJANGO_SETTINGS_MODULE"] = "huimin.platform.settings"
import django
django.setup()
import huimin.platform.web
from django.contrib.staticfiles.finders import find
from django.template.loader import get_template
from django.utils import translation
home = Path(huimin.platform.web.__file__).parent
pages = sorted(path.relative_to(home / "templates").as_posix() for path in (home / "templates").rglob("*.html"))
for page in pages:
    get_template(page)
with translation.override("en"):
    word = translation.gettext("\u5e2e\u52a9")
print(len(pages), bool(find("huimin/huimin.css") and find("huimin/vendor/htmx.min.js")), word)
"""
    done = environment.run("python", "-c", code)
    assert done.returncode == 0, done.stderr
    count, found, word = done.stdout.split()
    assert (int(count) > 40, found, word) == (True, "True", "Help")
