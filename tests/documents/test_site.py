"""The documents' sources: every link leads to a place that is there, every page is in the table of contents."""

from __future__ import annotations

import importlib.util
import re
import sys
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType

import pytest

from cli.test_mistyped import every_command
from documents.blocks import ROOT
from huimin.cli import _parser
from huimin.error_catalogue import error_catalogue
from huimin.platform.api.operations import OPERATIONS

DOCS = ROOT / "docs"
PAGES = sorted(path for path in DOCS.rglob("*.md") if "_build" not in path.parts)


def script(name: str) -> ModuleType:
    found = importlib.util.spec_from_file_location(f"scripts_{name}", ROOT / "scripts" / f"{name}.py")
    assert found is not None
    assert found.loader is not None
    module = importlib.util.module_from_spec(found)
    sys.modules[found.name] = module
    found.loader.exec_module(module)
    return module


def places(path: Path) -> set[str]:
    """The places of a page that a link may name, as GitHub and MyST call them."""
    text = re.sub(r"^```.*?^```", "", path.read_text("utf-8"), flags=re.M | re.S)
    return {slug(words) for words in re.findall(r"^#+ (.+)$", text, re.M)}


def slug(words: str) -> str:
    plain = re.sub(r"\[([^\]]*)\]\([^)]*\)", r"\1", words).lower()
    return re.sub(r"[^\w\- ]", "", plain).replace(" ", "-")


def broken_links(path: Path) -> Iterator[str]:
    for target, place in re.findall(r"\]\((?!https?://|mailto:)([^)#\s]*)#?([^)\s]*)\)", path.read_text("utf-8")):
        other = (path.parent / target).resolve() if target else path
        if not other.exists():
            yield f"{path.name}: {target}"
        elif place and other.suffix == ".md" and place not in places(other):
            yield f"{path.name}: {target}#{place}"


@pytest.mark.parametrize("page", [*PAGES, *ROOT.glob("*.md")], ids=lambda path: str(path.relative_to(ROOT)))
def test_every_link_of_a_page_leads_to_a_place_that_is_there(page: Path) -> None:
    assert list(broken_links(page)) == []


def test_a_link_to_a_place_that_is_not_there_is_noticed(tmp_path: Path) -> None:
    page = tmp_path / "page.md"
    page.write_text("# One place\n[a](#one-place) [b](#another) [c](nothing.md)\n")
    assert list(broken_links(page)) == ["page.md: #another", "page.md: nothing.md"]


def test_every_page_stands_in_the_table_of_contents() -> None:
    listed = set(re.findall(r"^([\w./-]+)$", (DOCS / "index.md").read_text("utf-8"), re.M))
    names = {str(page.relative_to(DOCS).with_suffix("")) for page in PAGES if page.parent.name != "adr"}
    assert names - listed == {"index"}
    assert listed - names == {"adr/README"}


def test_both_start_pages_lead_to_the_same_guides() -> None:
    def guides(name: str) -> set[str]:
        text = (DOCS / name).read_text("utf-8").replace(".zh-CN.md", ".md")
        return set(re.findall(r"\(((?:how-to|tutorial|explanation)/[\w/-]+\.md)\)", text))

    assert guides("index.md") == guides("index.zh-CN.md")
    assert len(guides("index.md")) >= 8


def test_the_handlers_guide_names_only_what_the_pages_say() -> None:
    """What stands in 「」 is to be found on the page: a button, a heading, a finding."""
    named = re.findall(r"「([^」]+)」", (DOCS / "zh" / "handler.md").read_text("utf-8"))
    web = ROOT / "src" / "huimin" / "platform" / "web"
    said = "".join(path.read_text("utf-8") for kind in ("*.html", "*.py") for path in sorted(web.rglob(kind)))
    assert len(set(named)) >= 8
    assert [words for words in named if f'"{words}' not in said] == []


def test_the_reference_names_every_code_command_and_address() -> None:
    generated = script("reference").generated
    for language in ("en", "zh"):
        page = generated(f"errors {language}")
        assert [code for code in error_catalogue() if f"| `{code}` |" not in page] == []
    commands = generated("command-line")
    typed = [" ".join(("huimin", *words)) for words in every_command(_parser()) if words]
    assert "huimin keys demonstration" in typed
    assert [command for command in typed if f"## {command}\n" not in commands] == []
    api = generated("api")
    assert [name for name in OPERATIONS if f"## {name.split()[0].upper()} /api/v1{name.split()[1]}" not in api] == []
    assert "### Benefit" in generated("plan-schema").replace("## Benefit", "### Benefit")
    assert "### compile_plan" in generated("python")


def test_a_built_page_that_loads_from_elsewhere_or_links_to_nothing_is_noticed(tmp_path: Path) -> None:
    (tmp_path / "a.html").write_text('<p id="x"><a href="b.html#y">b</a><a href="#x">x</a><a href="c.html">c</a>')
    (tmp_path / "b.html").write_text('<p id="z"><script src="https://elsewhere.example/x.js"></script>')
    assert list(script("docs").faults(tmp_path)) == [
        "a.html links to b.html#y, which is not there",
        "a.html links to c.html, which is not there",
        "b.html loads https://elsewhere.example/x.js",
    ]
