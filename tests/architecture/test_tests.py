"""What a test must be: it asserts something, names the error it expects, and runs code as it is written."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

TESTS = Path(__file__).resolve().parents[1]
Function = ast.FunctionDef | ast.AsyncFunctionDef
TOO_WIDE = {"Exception", "BaseException"}
RUNS_DOCUMENTS = "documents/blocks.py"
"""It runs the blocks of the documents, as they stand in them."""
LOADED_IS_ENOUGH = {"test_all_levers_can_be_put_together", "test_an_extra_that_is_installed_is_passed_in_silence"}
LOADED_IS_ENOUGH |= {"test_every_plan_of_the_catalogue_has_designs_that_load"}
"""Tests of something that raises where it does not hold, and returns nothing worth a look."""


@cache
def _files() -> dict[str, ast.Module]:
    paths = sorted(path for path in TESTS.rglob("*.py") if "vendor" not in path.parts)
    return {str(path.relative_to(TESTS)): ast.parse(path.read_text("utf-8")) for path in paths}


def _functions() -> Iterator[tuple[str, Function]]:
    for name, tree in _files().items():
        yield from ((name, node) for node in ast.walk(tree) if isinstance(node, Function))


def _calls(node: ast.AST) -> Iterator[tuple[str, ast.Call]]:
    """Every call below a node, with the last name of what is called."""
    for one in ast.walk(node):
        if isinstance(one, ast.Call):
            yield ast.unparse(one.func).rpartition(".")[2], one


def test_no_test_expects_just_any_error() -> None:
    found = [
        f"{name}:{call.lineno}"
        for name, tree in _files().items()
        for called, call in _calls(tree)
        if called == "raises"
        for given in ast.walk(call.args[0])
        if isinstance(given, ast.Name) and given.id in TOO_WIDE
    ]
    assert found == [], "name the error that is meant"


def test_every_test_asserts_something_itself_or_by_a_helper_that_does() -> None:
    asserting = {node.name for _, node in _functions() if not node.name.startswith("test") and _asserts(node, set())}
    for _ in range(3):  # helpers of helpers
        asserting |= {node.name for _, node in _functions() if _asserts(node, asserting)}
    silent = {
        node.name
        for name, node in _functions()
        if node.name.startswith("test") and not _asserts(node, asserting) and Path(name).name.startswith("test_")
    }
    assert silent - LOADED_IS_ENOUGH == set()
    assert silent >= LOADED_IS_ENOUGH, "it is listed here and asserts something by now"


def _asserts(node: Function, helpers: set[str]) -> bool:
    return any(isinstance(one, ast.Assert) for one in ast.walk(node)) or any(
        called in {"raises", "fail", "expect"} | helpers for called, _ in _calls(node)
    )


def test_a_test_that_is_skipped_says_why() -> None:
    found = [
        f"{name}:{call.lineno}"
        for name, tree in _files().items()
        for called, call in _calls(tree)
        if called in ("skip", "skipif", "xfail") and not _says_why(called, call)
    ]
    assert found == []


def _says_why(called: str, call: ast.Call) -> bool:
    named = any(keyword.arg == "reason" for keyword in call.keywords)
    return named or (called == "skip" and bool(call.args))


def test_no_test_runs_code_that_it_puts_together_from_text() -> None:
    """A program for another process is one text without gaps; what differs it is given as arguments."""
    made = []
    for name, tree in _files().items():
        if name != RUNS_DOCUMENTS:
            made += [f"{name}:{call.lineno}" for called, call in _calls(tree) if called in ("exec", "eval")]
        made += [f"{name}:{node.lineno}" for node in _programs(tree) if not _as_written(node, tree)]
    assert made == []


def _programs(tree: ast.Module) -> Iterator[ast.expr]:
    """What is given to Python after `-c`."""
    for node in ast.walk(tree):
        given = node.elts if isinstance(node, ast.List) else node.args if isinstance(node, ast.Call) else []
        texts = [ast.unparse(one) for one in given]
        if "'-c'" in texts[:-1] and texts[0] in ("sys.executable", "'python'"):
            yield given[texts.index("'-c'") + 1]


def _as_written(node: ast.expr, tree: ast.Module) -> bool:
    """Whether a text is what stands in the file: a name counts if something is put into it, and all of that does."""
    match node:
        case ast.Constant(value=str()):
            return True
        case ast.BinOp(left=left, op=ast.Add(), right=right):
            return _as_written(left, tree) and _as_written(right, tree)
        case ast.Name(id=name):
            values = list(_put_into(name, tree))
            return bool(values) and all(_as_written(value, tree) for value in values)
        case ast.Subscript(value=ast.Attribute(attr="argv")):
            return True
        case _:
            return False


def _put_into(name: str, tree: ast.Module) -> Iterator[ast.expr]:
    """What is assigned to a name, added to it, or given to a function that calls it so."""
    for node in ast.walk(tree):
        match node:
            case ast.Assign(targets=[ast.Name(id=given)], value=value) if given == name:
                yield value
            case ast.AugAssign(target=ast.Name(id=given), value=value) if given == name:
                yield value
            case ast.FunctionDef(name=function, args=ast.arguments(args=taken)):
                places = [place for place, one in enumerate(taken) if one.arg == name]
                yield from (call.args[place] for called, call in _calls(tree) if called == function for place in places)


@pytest.mark.parametrize(
    ("text", "as_written"),
    [
        ("CODE = 'x'\nrun([sys.executable, '-c', CODE])", True),
        ("CODE = 'x'\nCODE += 'y'\nrun([sys.executable, '-c', CODE])", True),
        ("CODE = f'{x}'\nrun([sys.executable, '-c', CODE])", False),
        ("def go(code): run([sys.executable, '-c', code])\ngo('x' + 'y')", True),
        ("def go(code): run([sys.executable, '-c', code])\ngo('x'.replace('x', 'y'))", False),
        ("run([sys.executable, '-c', code])", False),
    ],
)
def test_a_program_that_is_put_together_is_noticed_wherever_it_comes_from(text: str, as_written: bool) -> None:
    tree = ast.parse(text)
    (program,) = _programs(tree)
    assert _as_written(program, tree) is as_written
