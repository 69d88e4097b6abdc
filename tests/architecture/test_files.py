"""What is committed: every file has a rule that says what it is, and is written as .editorconfig says."""

from __future__ import annotations

import re
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
PLATFORM = r"src/huimin/platform"
KNOWN = {
    "what a visitor reads first": r"(README(\.zh-CN)?|ARCHITECTURE|CHANGELOG|CONTRIBUTING)\.md|LICENSE",
    "settings of tools": r"Makefile|pyproject\.toml|\.(importlinter|gitignore|editorconfig|pre-commit-config\.yaml)",
    "what continuous integration runs": r"\.ci/run",
    "lock files": r"requirements/(README\.md|\w+\.(in|txt))",
    "code": r"src/huimin/([a-z0-9_]+/)*[a-z0-9_]+\.py",
    "the mark of a typed package": r"src/huimin/py\.typed",
    "plans": r"src/huimin/plans/[a-z]+/[a-z0-9-]+/\d{4}/(plan|sources|cases)\.toml",
    "parameters, published figures": r"src/huimin/actuarial/(city|market|outcomes)/(parameters\.toml|published\.csv)",
    "sentences of errors": r"src/huimin/error_catalogue/\w+\.toml",
    "names and questions of papers": r"src/huimin/documents/(reading|proofs)/(provinces|questions|names)\.toml",
    "rules of areas": rf"{PLATFORM}/payments/personal_account/rules\.toml",
    "templates": rf"{PLATFORM}/\w+/templates/([a-z_]+/)*[a-z0-9_]+\.(html|txt|typ)",
    "examples of the API": rf"{PLATFORM}/api/examples\.json",
    "English words": rf"{PLATFORM}/locale/en/LC_MESSAGES/django\.(po|mo)",
    "styles, scripts and pictures of pages": rf"{PLATFORM}/web/static/huimin/\w+\.(css|js|svg)",
    "files of others": rf"({PLATFORM}/web/static/huimin|tests)/vendor/.+\.(js|css|toml|md|LICENSE|NOTICE|txt)",
    "pages of the actuary's desk": r"src/huimin/actuarial/pages/templates/\w+\.(html|css)",
    "pages of the sandbox": r"src/huimin/sandbox/(templates/\w+\.(html|typ)|static/sandbox\.css)",
    "tests": r"tests/([a-z_]+/)*[a-z0-9_]+\.py",
    "what tests read": r"tests/(golden|data/[a-z0-9_-]+)/[\w.-]+\.(csv|txt|toml|json|md)|tests/browser/measuring\.js",
    "documents": r"docs/(?!adr/)([a-z0-9-]+/)*[A-Za-z0-9_.-]+\.(md|ipynb|conf|svg|png|css|py|sh|toml|yml|yaml|json)",
    "decisions": r"docs/adr/(README|\d{4}-[a-z0-9-]+)\.md",
    "worked examples": r"examples/([a-z0-9_-]+/)*[\w.-]+\.(py|sh|md|json|toml)",
    "the set for evaluators of others": r"conformance/(\w+/)?(README\.md|\w+\.(jsonl|toml))",
    "benchmarks": r"benchmarks/(peers/)?\w+\.py",
    "tools": r"scripts/(mutants/)?\w+\.py",
}
"""What each rule is for, and the paths that it knows. A new kind of file needs a line here, with its reason."""
LARGEST = 700_000
"""Bytes. The largest is axe, which the tests of pages load; whatever is larger is likelier a result than a source."""
AS_THEY_CAME = re.compile(r".*/vendor/.*|.*\.(png|mo)")
SPACES_AT_LINE_ENDS = re.compile(r"tests/golden/.*")


def tracked() -> dict[str, str]:
    """Each committed or staged path, with its mode."""
    listed = subprocess.run(["git", "ls-files", "--stage"], cwd=ROOT, capture_output=True, text=True, check=True).stdout
    rows = [line.split(maxsplit=3) for line in listed.splitlines()]
    return {path: mode for mode, _, _, path in rows if (ROOT / path).is_file()}


def unknown(paths: list[str]) -> list[str]:
    return [path for path in paths if not any(re.fullmatch(rule, path) for rule in KNOWN.values())]


def faults_of(text: str, *, spaces: bool = False, tabs: bool = False) -> list[str]:
    """What of .editorconfig a text does not keep."""
    found = {
        "line ends of Windows": "\r" in text,
        "no line end at its end": bool(text) and not text.endswith("\n"),
        "empty lines at its end": text.endswith("\n\n"),
        "spaces at a line's end": not spaces and re.search(r"[ \t]$", text, re.M) is not None,
        "tabs": not tabs and "\t" in text,
        "a conflict that is not resolved": re.search(r"^(<{7}|>{7}) ", text, re.M) is not None,
    }
    return [fault for fault, there in found.items() if there]


def test_every_committed_file_is_of_a_kind_that_is_known() -> None:
    left = unknown(list(tracked()))
    assert left == [], f"remove {left}, or say in KNOWN what such a file is for"


@pytest.mark.parametrize(
    "stray",
    [
        "log/run.txt",
        "run.log",
        "notes.txt",
        "src/huimin/batch/kernel.py.orig",
        "src/huimin/platform/db.sqlite3",
        "src/huimin/plans/jiangsu/yihuibao-1/2022/plan.toml.bak",
        "tests/platform/out.csv",
        "dist/huimin-0.2.0.tar.gz",
        "var/secrets.json",
        ".env",
        "docs/performance.md~",
        "scripts/Untitled.ipynb",
    ],
)
def test_a_stray_file_is_of_none(stray: str) -> None:
    assert unknown([stray]) == [stray]


@pytest.mark.parametrize("kind", sorted(KNOWN))
def test_every_kind_has_a_file(kind: str) -> None:
    """A rule that knows nothing any more would let in what it was not made for."""
    assert any(re.fullmatch(KNOWN[kind], path) for path in tracked()), kind


def test_no_file_is_so_large_that_it_must_be_a_result() -> None:
    for path in tracked():
        assert (ROOT / path).stat().st_size <= LARGEST, path


def test_only_what_is_run_by_its_path_is_executable() -> None:
    assert {path for path, mode in tracked().items() if mode != "100644"} == {".ci/run"}


def test_every_text_is_written_as_editorconfig_says() -> None:
    for path in tracked():
        if AS_THEY_CAME.fullmatch(path):
            continue
        text = (ROOT / path).read_bytes().decode("utf-8")
        faults = faults_of(text, spaces=bool(SPACES_AT_LINE_ENDS.fullmatch(path)), tabs=path == "Makefile")
        assert faults == [], path


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("a\r\n", "line ends of Windows"),
        ("a", "no line end at its end"),
        ("a\n\n", "empty lines at its end"),
        ("a \n", "spaces at a line's end"),
        ("\ta\n", "tabs"),
        ("<<<<<<< HEAD\n", "a conflict that is not resolved"),
    ],
)
def test_what_editorconfig_does_not_allow_is_seen(text: str, fault: str) -> None:
    assert fault in faults_of(text)
    assert faults_of("a\n") == faults_of("") == []
