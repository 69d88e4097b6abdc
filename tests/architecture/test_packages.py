"""What pyproject.toml asks for is what the code imports, part by part, and what the lock files hold."""

from __future__ import annotations

import ast
import re
import sys
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from huimin import __version__
from huimin.extras import EXTRAS

ROOT = Path(__file__).resolve().parents[2]
SRC = ROOT / "src" / "huimin"
PROJECT: dict[str, Any] = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
IMPORTED_AS = {
    **{"python-stdnum": "stdnum", "django-ninja": "ninja", "django-allauth": "allauth", "django-axes": "axes"},
    "chinesecalendar": "chinese_calendar",
    "fonttools": "fontTools",
    "opencv-python-headless": "cv2",
    "pillow": "PIL",
    "pylopdf-fonts-zh-cn": "pylopdf_fonts_zh_cn",
    "zxing-cpp": "zxingcpp",
}
"""Packages whose name is not the one that Python imports."""
EXTRA_OF_ROOM = {
    **{name: name for name in ("batch", "actuarial", "documents", "platform")},
    "sandbox": "platform",
}
"""All other rooms are the core, which `pip install huimin` alone must be able to run."""


def name_of(requirement: str) -> str:
    return re.split(r"[\[<>=~ ]", requirement)[0].lower()


def imported_as(requirement: str) -> str:
    return IMPORTED_AS.get(name_of(requirement), name_of(requirement))


def requirements(extra: str) -> set[str]:
    """What an extra asks for, with what the extras that it names ask for."""
    found: set[str] = set()
    for line in PROJECT["optional-dependencies"][extra]:
        included = re.fullmatch(r"huimin\[([\w,]+)\]", line)
        found |= set().union(*map(requirements, included.group(1).split(","))) if included else {line}
    return found


CORE = {imported_as(line) for line in PROJECT["dependencies"]}


def imports(path: Path) -> Iterator[tuple[str, int]]:
    """The first name of each import of somebody else's package, wherever in the module it stands."""
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        names: list[str] = []
        if isinstance(node, ast.Import):
            names = [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom) and node.module:
            names = [node.module]
        for name in names:
            first = name.partition(".")[0]
            if first not in sys.stdlib_module_names | {"huimin"}:
                yield first, node.lineno


def test_a_room_imports_only_what_its_own_extra_brings() -> None:
    """So that `pip install huimin[batch]` is enough for the job over columns, and nothing for the core."""
    seen = 0
    for path in sorted(SRC.rglob("*.py")):
        extra = EXTRA_OF_ROOM.get(path.relative_to(SRC).parts[0])
        allowed = CORE | (set(EXTRAS[extra]) if extra else set())
        allowed |= {"pyspark"} if "spark" in path.relative_to(SRC).as_posix() else set()
        allowed |= set(EXTRAS["papers"]) if path.parent.name == "letters" else set()
        for name, line in imports(path):
            seen += 1
            assert name in allowed, f"{path}:{line} imports {name}, which {extra or 'the core'} does not ask for"
    assert seen > 100


@pytest.mark.parametrize("extra", sorted(EXTRAS))
def test_the_command_asks_for_what_the_extra_brings(extra: str) -> None:
    assert set(EXTRAS[extra]) == {imported_as(line) for line in requirements(extra)}


def test_the_extra_all_is_all_of_them() -> None:
    assert set(PROJECT["optional-dependencies"]) == {*EXTRAS, "all"}
    assert requirements("all") == set().union(*map(requirements, EXTRAS))


def test_every_package_that_is_asked_for_is_used() -> None:
    text = "\n".join(path.read_text("utf-8") for path in SRC.rglob("*.py") if path.name != "extras.py")
    text = text.replace("django.db.backends.postgresql", "psycopg")  # Django imports it by itself
    for name in CORE | set().union(*EXTRAS.values()):
        assert re.search(rf"\b{name}\b", text), f"nothing in src/huimin names {name}"


def test_the_version_stands_in_one_place() -> None:
    assert "version" in PROJECT["dynamic"]
    assert re.fullmatch(r"\d+\.\d+\.\d+", __version__)
    assert f"## {__version__}" in (ROOT / "CHANGELOG.md").read_text("utf-8")


LOCKED = {"all.txt": ("all",), "run.txt": ("platform",), "test.txt": ("platform", "papers", "glm")}


def pins(name: str) -> dict[str, set[str]]:
    """Package to its versions: of some there are two, for older and newer Pythons."""
    found: dict[str, set[str]] = {}
    text = (ROOT / "requirements" / name).read_text("utf-8")
    for package, version in re.findall(r"^([a-z0-9-]+)==([^ ]+)", text, re.M):
        found.setdefault(package, set()).add(version)
    return found


@pytest.mark.parametrize("name", LOCKED)
def test_lock_files_hold_what_pyproject_asks_for(name: str) -> None:
    wanted = {name_of(line) for line in PROJECT["dependencies"]}
    wanted |= {name_of(line) for extra in LOCKED[name] for line in requirements(extra)}
    assert wanted <= set(pins(name)), f"run make lock: {wanted - set(pins(name))}"


@pytest.mark.parametrize("name", [path.name for path in sorted((ROOT / "requirements").glob("*.txt"))])
def test_every_locked_package_has_its_hashes(name: str) -> None:
    blocks = re.split(r"^(?=[a-z0-9-]+==)", (ROOT / "requirements" / name).read_text("utf-8"), flags=re.M)
    assert len(blocks) > 1
    for block in blocks[1:]:
        assert "--hash=sha256:" in block, f"{name}: {block.splitlines()[0]}"


def test_what_runs_what_is_tested_and_what_the_bill_of_materials_lists_have_the_same_versions() -> None:
    """But for what builds the wheel, all that runs is listed; what is tested besides are the tests' own tools."""
    every, run, tested = (pins(name) for name in ("all.txt", "run.txt", "test.txt"))
    assert run.keys() - every.keys() == {"flit-core"}
    assert {name: versions for name, versions in run.items() if versions != every.get(name, versions)} == {}
    assert run.keys() <= tested.keys()
    assert {name: versions for name, versions in tested.items() if versions != every.get(name, versions)} == {}
