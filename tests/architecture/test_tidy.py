"""What a program can hold, it holds: sizes, names, walls between contexts, words with translations, true links."""

from __future__ import annotations

import ast
import gettext
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from contexts import CONTEXTS

ROOT = Path(__file__).resolve().parents[2]
SRC = ROOT / "src" / "huimin"
PLATFORM = SRC / "platform"
LONGEST_FUNCTION, LONGEST_MODULE, LONGEST_OF_ALL = 60, 250, 304
LONGER = {
    "a context's tables, which point to each other": (
        "bulk/models enrolment/models payments/models payments/personal_account/models subsidies/models"
    ),
    "what is asked of these tables": "claims/selectors enrolment/selectors foundation/rows",
    "one use case, told from its beginning to its end": "enrolment/services cli/bills batch/job/one_machine",
    "a form of many fields, read or written field by field": (
        "adjudication/program settlement/reading batch/spark/blocks"
    ),
    "words for each part of the terms, and for each error": ("terms/plan_in_words terms/frame_in_words web/sentences"),
    "pages that show the same thing in several states": "web/views/counter web/views/subsidies",
    "settings that Django reads by name": "settings",
}
"""Modules of more lines than LONGEST_MODULE, and why they are one room still. Take out a name not needed."""
LONG_ON_PURPOSE = ("decide_plain", "decide_any")
"""The kernel's two loops: with a line's steps in a function that takes their arrays, they were three times slower."""
OUTSIDE_OF_CONTEXTS = {"outbox", "demonstration"}
"""They read what no context would: where a message goes, and whether an invented city is there already."""


READ_BY_DJANGO = {"settings.py", "urls.py", "wsgi.py", "templatetags/huimin.py"}
"""Below platform/ or web/: Django reads their names, nobody imports them."""


def modules(room: str = "") -> list[Path]:
    """Those of the package, or of one of its rooms. There are some: no test passes for want of something to read."""
    home = SRC / room
    paths = [home] if home.is_file() else sorted(home.rglob("*.py"))
    found = [path for path in paths if "migrations" not in path.parts]
    assert found, home
    return found


def templates() -> list[Path]:
    found = sorted((PLATFORM / "web" / "templates").rglob("*.html"))
    assert len(found) > 40
    return found


def tracked(*patterns: str) -> list[Path]:
    """The files of every pattern; none of the patterns is without a file."""
    found: list[Path] = []
    for pattern in patterns:
        listed = subprocess.run(["git", "ls-files", pattern], cwd=ROOT, capture_output=True, text=True, check=True)
        lines = listed.stdout.splitlines()
        assert lines, f"no committed file is named {pattern}"
        found += [ROOT / line for line in lines if (ROOT / line).is_file()]
    return found


def functions(tree: ast.AST) -> Iterator[ast.FunctionDef]:
    return (node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef))


def test_functions_and_modules_stay_small() -> None:
    longer = set()
    for path in modules():
        text = path.read_text("utf-8")
        assert len(text.splitlines()) <= LONGEST_OF_ALL, path
        if len(text.splitlines()) > LONGEST_MODULE:
            longer.add(path.relative_to(SRC).with_suffix("").as_posix().removeprefix("platform/"))
        for function in functions(ast.parse(text)):
            length = (function.end_lineno or 0) - function.lineno
            assert length < LONGEST_FUNCTION or function.name in LONG_ON_PURPOSE, f"{path}: {function.name}"
    assert longer == {name for names in LONGER.values() for name in names.split()}


def test_every_module_says_what_it_is_and_what_it_offers() -> None:
    silent, closed = [], []
    for path in modules():
        tree = ast.parse(path.read_text("utf-8"))
        if path.name in ("apps.py", "__main__.py") or not tree.body:
            continue
        silent += [] if ast.get_docstring(tree) else [path]
        names = {name for node in tree.body for name in _defined(node)}
        is_read = any(str(path).endswith(f"/{name}") for name in READ_BY_DJANGO)
        closed += [] if "__all__" in names or is_read or names <= {"__version__"} else [path]
    assert silent == [], "they have no docstring"
    assert closed == [], "they have no __all__"


def _defined(node: ast.stmt) -> list[str]:
    """The names that a statement of a module defines; imports define none."""
    match node:
        case ast.FunctionDef(name=name) | ast.ClassDef(name=name):
            return [name]
        case ast.Assign(targets=targets):
            return [ast.unparse(target) for target in targets]
        case ast.AnnAssign(target=target):
            return [ast.unparse(target)]
        case _:
            return []


def test_money_meets_no_float_in_the_core() -> None:
    for room in ("money.py", "settlement", "documents", "terms", "adjudication", "batch"):
        for path in modules(room):
            for node in ast.walk(ast.parse(path.read_text("utf-8"))):
                is_float = isinstance(node, ast.Constant) and isinstance(node.value, float)
                divides = isinstance(node, ast.BinOp) and isinstance(node.op, ast.Div) and "Path" not in ast.dump(node)
                assert not is_float, f"{path}:{getattr(node, 'lineno', 0)} has a float"
                if divides and path.name != "loading.py":
                    pytest.fail(f"{path}:{getattr(node, 'lineno', 0)} divides with /")


def owner_of_models() -> dict[str, str]:
    """The context of each of our tables, in whichever of its modules the model stands."""
    from django.apps import apps

    named = {model.__name__: model.__module__.split(".") for model in apps.get_models()}
    return {name: parts[2] for name, parts in named.items() if parts[:2] == ["huimin", "platform"]}


def test_a_context_queries_its_own_models_only() -> None:
    """Others are asked through their services and selectors."""
    owners = owner_of_models()
    assert len(owners) > 40
    assert set(owners.values()) <= {"foundation", *CONTEXTS}
    for context in {"foundation", *CONTEXTS, "web", "api"} - OUTSIDE_OF_CONTEXTS:
        for path in modules(f"platform/{context}"):
            for line, text in enumerate(path.read_text("utf-8").splitlines(), start=1):
                for model in re.findall(r"\b([A-Z]\w+)\.objects\b", text):
                    owner = owners.get(model, "")
                    assert owner in ("", context), f"{path}:{line} queries {model}, which belongs to {owner}"


def test_the_evaluator_runs_with_the_standard_library_alone() -> None:
    """No site-packages at all: what a bureau needs to run a program inside its own walls."""
    code = "import sys; sys.path.insert(0, sys.argv[1]); import huimin.adjudication"
    result = subprocess.run(
        [sys.executable, "-I", "-S", "-c", code, str(ROOT / "src")], capture_output=True, text=True, check=False
    )
    assert result.returncode == 0, result.stderr


def words_of_pages() -> Iterator[tuple[Path, str]]:
    tag = re.compile(r"""{%\s*translate\s+(?:"([^"]+)"|'([^']+)')""")
    block = re.compile(r"{%\s*blocktranslate[^%]*%}(.*?){%\s*(?:plural|endblocktranslate)", re.S)
    call = re.compile(r"""\b(?:_|gettext_lazy)\(\s*"([^"]+)"\s*\)""")
    argument = re.compile(r"""\b_\("([^"]+)"\)""")
    for path in templates():
        text = path.read_text("utf-8")
        for match in tag.finditer(text):
            yield path, match.group(1) or match.group(2)
        for match in argument.finditer(text):
            yield path, match.group(1)
        for match in block.finditer(text):
            words = re.sub(r"{{\s*(\w+)\s*}}", r"%(\1)s", match.group(1).strip())
            yield path, re.sub(r"\s*\n\s*", " ", words)
    for path in sorted((PLATFORM / "web").rglob("*.py")):
        for match in call.finditer(path.read_text("utf-8")):
            yield path, match.group(1)


def test_every_word_of_the_pages_has_an_english_translation() -> None:
    """Looked up in the compiled file, so that a forgotten `make messages` is noticed too."""
    with (PLATFORM / "locale" / "en" / "LC_MESSAGES" / "django.mo").open("rb") as file:
        english = gettext.GNUTranslations(file)
    found = list(words_of_pages())
    assert len(found) > 150
    for path, words in found:
        translated = english.gettext(words)
        if translated == words:
            translated = english.ngettext(words, words, 2)
        assert translated != words or words in ("中文",), f"{path}: {words!r} has no English"


def test_templates_hold_no_chinese_outside_translations() -> None:
    for path in templates():
        text = re.sub(r"{%\s*blocktranslate.*?endblocktranslate\s*%}", "", path.read_text("utf-8"), flags=re.S)
        text = re.sub(r"{%.*?%}", "", text, flags=re.S)
        left = set(re.findall(r"[\u4e00-\u9fff]+", text)) - {"惠", "中文"}
        assert not left, f"{path}: {left}"


def test_no_registry_address_nor_path_of_a_machine_is_committed() -> None:
    forbidden = re.compile(r"https?://[\w.-]*(pypi|pythonhosted|npmjs|debian)\b|/root/|/home/\w+/|/work/", re.I)
    for path in tracked("*.py", "*.txt", "*.toml", "*.md", "*.in", "Makefile", ".ci/run", "*.html", "*.css"):
        if path == Path(__file__).resolve():
            continue
        found = forbidden.search(path.read_text("utf-8"))
        assert found is None, f"{path}: {found.group(0) if found else ''}"


def test_pages_load_nothing_from_another_host() -> None:
    for path in tracked("src/huimin/platform/web/templates/*.html", "src/huimin/platform/web/static/huimin/*.css"):
        assert not re.search(r"""(src|href|url\()=?["'(]?https?://""", path.read_text("utf-8")), path


def test_links_in_documents_lead_somewhere() -> None:
    for path in tracked("*.md"):
        for target in re.findall(r"\]\((?!https?://|#|mailto:)([^)#]+)", path.read_text("utf-8")):
            assert (path.parent / target).exists(), f"{path}: {target}"


def test_every_make_target_that_documents_name_exists() -> None:
    targets = set(re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text("utf-8"), re.M))
    for path in tracked("*.md"):
        for target in re.findall(r"`make ([a-z-]+)", path.read_text("utf-8")):
            assert target in targets, f"{path} names make {target}"


@pytest.mark.parametrize(
    "name", ["joining", "pricing", "facts", "words", "wording", "asking", "working", "job", "jobs"]
)
def test_a_word_that_once_named_two_modules_names_one_at_most(name: str) -> None:
    """Whoever reads an import has to know which of the two is meant."""
    assert len([path for path in modules() if path.stem == name]) <= 1
