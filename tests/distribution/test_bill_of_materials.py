"""The bill of materials is complete: every locked package with every hash, every file of others, every dependency."""

from __future__ import annotations

import hashlib
import importlib.util
import json
import re
import sys
import tomllib
from pathlib import Path
from typing import Any

import pytest
from cyclonedx.schema import SchemaVersion
from cyclonedx.validation.json import JsonStrictValidator

from huimin import __version__

ROOT = Path(__file__).resolve().parents[2]
LOCK = (ROOT / "requirements" / "all.txt").read_text("utf-8")
VENDOR = ROOT / "src/huimin/platform/web/static/huimin/vendor"
spec = importlib.util.spec_from_file_location("sbom_script", ROOT / "scripts" / "sbom.py")
assert spec is not None and spec.loader is not None
sbom: Any = importlib.util.module_from_spec(spec)
sys.modules["sbom_script"] = sbom
spec.loader.exec_module(sbom)


@pytest.fixture(scope="module")
def text(tmp_path_factory: pytest.TempPathFactory) -> str:
    out = tmp_path_factory.mktemp("bill")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("SOURCE_DATE_EPOCH", "1700000000")
        assert sbom.main(["--out", str(out)]) == 0
    return (out / f"huimin-{__version__}.cdx.json").read_text("utf-8")


@pytest.fixture(scope="module")
def bill(text: str) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(text)
    return found


def of_python(bill: dict[str, Any]) -> list[dict[str, Any]]:
    return [one for one in bill["components"] if one["purl"].startswith("pkg:pypi/")]


def test_it_is_as_the_schema_of_cyclonedx_asks(text: str) -> None:
    fault = JsonStrictValidator(SchemaVersion.V1_6).validate_str(text)
    assert fault is None, str(fault)[:2_000]


def test_the_schema_is_really_asked(text: str) -> None:
    assert JsonStrictValidator(SchemaVersion.V1_6).validate_str(text.replace('"purl"', '"purrl"')) is not None


def test_every_locked_package_and_version_is_a_component_and_no_other(bill: dict[str, Any]) -> None:
    locked = re.findall(r"^(\S+)==(\S+)", LOCK, re.M)
    assert len(locked) > 40
    assert sorted((one["name"], one["version"]) for one in of_python(bill)) == sorted(locked)


def test_every_hash_of_the_lock_file_stands_with_its_package(bill: dict[str, Any]) -> None:
    for block in re.split(r"^(?=\S+==)", LOCK, flags=re.M)[1:]:
        name, version = re.findall(r"^(\S+)==(\S+)", block)[0]
        (one,) = [one for one in of_python(bill) if (one["name"], one["version"]) == (name, version)]
        (files,) = one["externalReferences"]
        assert {found["content"] for found in files["hashes"]} == set(re.findall(r"sha256:([0-9a-f]{64})", block)), name


def test_every_package_states_its_licence_or_is_not_installed_here(bill: dict[str, Any]) -> None:
    for one in bill["components"]:
        if one["name"] not in ("colorama", "py4j", "pyspark"):  # those for Windows, and for Spark
            assert one.get("licenses"), one["name"]


def test_who_needs_whom_is_closed_and_reaches_every_component(bill: dict[str, Any]) -> None:
    asks = {one["ref"]: one.get("dependsOn", []) for one in bill["dependencies"]}
    refs = {one["bom-ref"] for one in bill["components"]}
    root = bill["metadata"]["component"]["bom-ref"]
    assert set(asks) == refs | {root}
    found, left = set[str](), [root]
    while left:
        ref = left.pop()
        if ref not in found:
            found.add(ref)
            left += asks[ref]
    assert found == set(asks)


def test_what_the_core_needs_is_required_and_all_else_optional(bill: dict[str, Any]) -> None:
    required = {one["name"] for one in bill["components"] if one["scope"] == "required"}
    assert {"pydantic", "pydantic-core", "python-stdnum"} <= required
    assert not required & {"django", "numba", "numpy", "granian", "pyspark", "glum"}


@pytest.mark.parametrize(
    ("name", "extras"),
    [
        ("numpy", {"batch", "actuarial", "papers", "platform", "spark", "glm"}),
        ("tomlkit", {"actuarial", "platform", "glm"}),
        ("llvmlite", {"batch", "actuarial", "platform", "spark", "glm"}),
        ("cffi", {"platform"}),
        ("py4j", {"spark"}),
        ("tabmat", {"glm"}),
        ("htmx.org", {"platform"}),
    ],
)
def test_each_component_says_which_extras_bring_it(bill: dict[str, Any], name: str, extras: set[str]) -> None:
    named = [one for one in bill["components"] if one["name"] == name]
    said = [{p["value"] for p in one["properties"] if p["name"] == "huimin:extra"} for one in named]
    assert said == [extras] * len(named) != []


def test_a_package_for_one_system_only_says_so(bill: dict[str, Any]) -> None:
    (colorama,) = [one for one in of_python(bill) if one["name"] == "colorama"]
    assert {"name": "huimin:installed-if", "value": "sys_platform == 'win32'"} in colorama["properties"]


def test_every_file_of_others_that_the_package_ships_is_listed_with_its_digest(bill: dict[str, Any]) -> None:
    listed = {
        file["name"]: file["hashes"][0]["content"] for one in bill["components"] for file in one.get("components", ())
    }
    there = {path for path in VENDOR.iterdir() if path.suffix in (".js", ".css")}
    assert {path.name: hashlib.sha256(path.read_bytes()).hexdigest() for path in there} == listed


def test_files_of_others_are_of_the_version_that_is_said_and_come_with_their_licence() -> None:
    packages = tomllib.loads((VENDOR / "packages.toml").read_text("utf-8"))["package"]
    named = {"packages.toml"}
    for package in packages:
        named |= {*package["files"], *package["licence_files"]}
        assert package["licence_files"]
        for file in package["files"]:
            assert package["version"] in (VENDOR / file).read_text("utf-8"), file
    assert {path.name for path in VENDOR.iterdir()} == named


def test_the_same_commit_gives_the_same_bytes(text: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1700000000")
    assert sbom.main(["--out", str(tmp_path)]) == 0
    assert (tmp_path / f"huimin-{__version__}.cdx.json").read_text("utf-8") == text
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1700000001")
    assert sbom.main(["--out", str(tmp_path)]) == 0
    assert (tmp_path / f"huimin-{__version__}.cdx.json").read_text("utf-8") != text


HASH = f"    --hash=sha256:{'0' * 64}\n"


@pytest.mark.parametrize(
    ("lock", "said"),
    [
        ("one @ file:///one.whl\n", "line 1: found 'one @ file:///one.whl'"),
        (f"one==1.0 \\\n{HASH}two>=2\n", "line 3: found 'two>=2'"),
        (f"one==1.0 \\\n{HASH}-e .\n", "line 3: found '-e .'"),
        ("one==1.0 \\\n    --hash=sha1:00\n", "line 2: found '    --hash=sha1:00'"),
        ("one==1.0 \\\n    # via huimin (pyproject.toml)\n", "found one without a hash"),
        ("", "found no package without a hash"),
    ],
)
def test_a_lock_file_that_cannot_be_read_whole_gives_no_bill(
    lock: str, said: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """A bill that silently leaves something out is worse than none."""
    path = tmp_path / "lock.txt"
    path.write_text(lock, "utf-8")
    assert sbom.main(["--lock", str(path), "--out", str(tmp_path / "out")]) == 2
    assert said in capsys.readouterr().err
    assert not (tmp_path / "out").exists()
