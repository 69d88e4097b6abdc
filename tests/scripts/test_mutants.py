"""The small changes that the mutation sample makes: each is one place of the tree, and the same seed draws the same."""

from __future__ import annotations

import ast
import sys
from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path
from types import ModuleType

import pytest

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "scripts"))

from mutants.changes import changed_tree, changes, enum_members  # noqa: E402
from mutants.drawing import CONTEXTS, Platform, module_of  # noqa: E402
from mutants.tested import LONGEST_SECONDS, MeasuredTest, chosen_for, is_about  # noqa: E402
from mutants.warm import Functions  # noqa: E402

ENUMS = {"Status": ("OPEN", "DONE")}


def made(source: str) -> list[str]:
    """The source with each change in turn, as one line each."""
    return [ast.unparse(changed_tree(source, ENUMS, one.number)) for one in changes(source, ENUMS)]


@pytest.mark.parametrize(
    ("source", "others"),
    [
        ("a < b", {"a <= b", "pass"}),
        ("a == b", {"a != b", "pass"}),
        ("a and b", {"a or b", "pass"}),
        ("a + b", {"a - b", "pass"}),
        ("max(a, b)", {"min(a, b)", "pass"}),
        ("not a", {"a", "pass"}),
        ("f(lock=True)", {"f(lock=False)", "pass"}),
        ("x = 7", {"x = 8", "x = 6"}),
        ("x = Status.OPEN", {"x = Status.DONE"}),
        (
            "rows.fetch(city, {'id': a, 'open': b})",
            {"rows.fetch(city, {'open': b})", "rows.fetch(city, {'id': a})", "pass"},
        ),
        ("rows.filter(a=b, c=d)", {"rows.filter(c=d)", "rows.filter(a=b)", "pass"}),
        ("x: int = y", set()),
        ("assert a", set()),
        ("'only words'", set()),
        ("__all__ = ['a']", set()),
        ("x = models.CharField(max_length=9)", set()),
    ],
)
def test_each_way_of_breaking_a_statement_is_made_by_itself(source: str, others: set[str]) -> None:
    assert set(made(source)) == others


def test_what_a_function_returns_and_refuses_can_go_missing() -> None:
    source = "def f(a):\n    if a:\n        raise E\n    return a"
    assert set(made(source)) == {
        "def f(a):\n    if a:\n        pass\n    return a",
        "def f(a):\n    if not a:\n        raise E\n    return a",
        "def f(a):\n    if a:\n        raise E\n    return None",
    }


def test_the_members_of_enums_are_read_from_the_sources() -> None:
    source = "class Kind(models.TextChoices):\n    ONE = 'one'\n    TWO = 'two'\nclass Other(Base):\n    X = 1"
    assert enum_members([source]) == {"Kind": ["ONE", "TWO"]}


def test_the_same_seed_draws_the_same_mutants_and_another_draws_them_in_another_order() -> None:
    platform = Platform(ROOT)
    first = [one.name for one in platform.drawn(20261127, ("pool",))]
    assert first == [one.name for one in platform.drawn(20261127, ("pool",))]
    other = [one.name for one in platform.drawn(20261128, ("pool",))]
    assert first != other
    assert sorted(first) == sorted(other)
    assert len(set(first)) == len(first)


def test_every_context_has_mutants_and_each_of_them_is_a_program() -> None:
    platform = Platform(ROOT)
    for context in CONTEXTS:
        found = platform.mutants((context,))
        assert len(found) > 50, context
        for mutant in found[:20]:
            compile(platform.tree_of(mutant), mutant.path, "exec")


def a_test(name: str, seconds: float, *functions: str, commits: bool = False) -> MeasuredTest:
    return MeasuredTest(name, seconds, frozenset(functions), commits)


def test_the_tests_of_a_mutant_are_those_that_call_its_function_quick_ones_first() -> None:
    slow, quick = a_test("slow", 2, "pool/a.py:f"), a_test("quick", 1, "pool/a.py:f.<locals>.g")
    other, last = a_test("other", 1, "pool/a.py:fg"), a_test("last", 0, "pool/a.py:f", commits=True)
    assert chosen_for("pool/a.py", "f", [slow, quick, other, last]) == ([quick, slow, last], 0)


def test_the_quickest_of_each_file_come_before_the_second_of_any() -> None:
    names = ("one.py::a", "one.py::b", "one.py::c", "two.py::a")
    found = [a_test(name, seconds, "a.py:f") for seconds, name in enumerate(names, start=1)]
    chosen, _left_out = chosen_for("a.py", "f", found)
    assert [one.name for one in chosen] == ["one.py::a", "two.py::a", "one.py::b", "one.py::c"]


def test_tests_that_would_take_too_long_are_left_out_and_counted() -> None:
    found = [a_test("one", 1, "a.py:f"), a_test("two", LONGEST_SECONDS, "a.py:f"), a_test("three", 200, "a.py:f")]
    assert chosen_for("a.py", "f", found) == (found[:1], 2)


def test_what_a_name_is_made_into_at_import_leads_to_the_functions_that_use_it() -> None:
    platform = Platform(ROOT)
    platform.sources = {
        "pool/a.py": "_PART = {1: 2}\nWHOLE: dict = {**_PART}\nOTHER = 3\ndef f(): return WHOLE\ndef g(): return OTHER"
    }
    assert platform.made_of("pool/a.py", ("_PART",)) == {"_PART", "WHOLE"}
    assert platform.functions_naming("pool/a.py", ("_PART",)) == {"pool/a.py:f"}


def test_a_name_is_followed_into_the_modules_that_take_it_and_make_others_of_it() -> None:
    platform = Platform(ROOT)
    platform.sources = {
        "pool/rules/part.py": "_ONE = 1\nPART = {_ONE: 2}\nFREE = 3",
        "pool/rules/__init__.py": "from huimin.platform.pool.rules.part import FREE, PART\nRULES = {**PART}",
        "pool/asking.py": "from huimin.platform.pool.rules import RULES\n"
        "def ask(): return RULES\ndef free(): return FREE",
        "pool/other.py": "RULES_OF_ITS_OWN = {}\ndef other(): return RULES_OF_ITS_OWN",
    }
    assert platform.made_of("pool/rules/part.py", ("_ONE",)) == {"_ONE", "PART", "RULES"}
    assert platform.functions_naming("pool/rules/part.py", ("_ONE",)) == {"pool/asking.py:ask"}
    assert platform.functions_naming("pool/rules/part.py", ("FREE",)) == {"pool/asking.py:free"}


def test_tests_that_use_a_name_themselves_are_tried_for_what_happens_at_import() -> None:
    calls, uses, neither = a_test("calls", 1, "b.py:g"), a_test("uses", 2), a_test("neither", 1, "b.py:h")
    assert chosen_for("a.py", "", [calls, uses, neither], frozenset({"b.py:g"}), frozenset({"uses"})) == (
        [uses, calls],
        0,
    )
    assert chosen_for("b.py", "", [calls, uses, neither]) == ([calls, neither], 0)


def test_tests_that_use_a_name_come_before_all_that_only_meet_it_on_their_way() -> None:
    meets = [a_test(f"meets.py::{name}", 40, "b.py:g") for name in "abc"]
    uses = [a_test(f"uses.py::{name}", 1) for name in "abc"]
    chosen, left_out = chosen_for(
        "a.py", "", [*meets, *uses], frozenset({"b.py:g"}), frozenset(one.name for one in uses)
    )
    assert chosen == [*uses, *meets[:2]]
    assert left_out == 1


def test_tests_that_look_at_a_function_come_first_and_leave_the_others_half_of_the_time() -> None:
    look = [a_test(f"look.py::{name}", 20, "a.py:f") for name in "abc"]
    meets = [a_test(f"meets.py::{name}", 21, "a.py:f") for name in "abc"]
    chosen, left_out = chosen_for("a.py", "f", [*meets, *look], using=frozenset(one.name for one in look))
    assert [one.name for one in chosen] == ["look.py::a", "look.py::b", "meets.py::a", "meets.py::b"]
    assert left_out == 2


@pytest.mark.parametrize(
    ("name", "text", "about"),
    [
        ("test_paid_orders.py", "", True),
        ("test_groups.py", "from huimin.platform.enrolment.paid import hear", True),
        ("test_groups.py", "from huimin.platform.enrolment import paid", True),
        ("test_groups.py", "import huimin.platform.enrolment.paid", True),
        ("test_groups.py", "from huimin.platform.enrolment.unpaid import hear", False),
        ("test_groups.py", "from huimin.platform.payments import paid", False),
    ],
)
def test_a_file_of_tests_is_about_the_module_that_it_is_named_after_or_imports(
    tmp_path: Path, name: str, text: str, about: bool
) -> None:
    tests = tmp_path / name
    tests.write_text(text, "utf-8")
    assert is_about(tests, "enrolment/paid.py") == about


def functions_of(source: str, folder: Path) -> tuple[ModuleType, Functions, Path]:
    """A module of this source, imported from a folder, and the functions found in it."""
    path = folder / "some.py"
    path.write_text(source, "utf-8")
    spec = spec_from_file_location("some", path)
    assert spec is not None
    assert spec.loader is not None
    module = module_from_spec(spec)
    spec.loader.exec_module(module)
    return module, Functions(folder), path


def test_a_function_in_memory_gets_the_changed_code_and_its_neighbour_keeps_its_own(tmp_path: Path) -> None:
    source = "def f(): return 1\ndef g(): return 2\n"
    module, functions, path = functions_of(source, tmp_path)
    kept = module.g.__code__
    assert functions.put(source, ast.parse(source.replace("1", "7")), path) == 1
    assert (module.f(), module.g()) == (7, 2)
    assert module.g.__code__ is kept


def test_of_two_functions_without_names_in_one_line_only_the_changed_one_gets_other_code(tmp_path: Path) -> None:
    source = "both = [lambda: 1, lambda: 2]\n"
    module, functions, path = functions_of(source, tmp_path)
    assert functions.put(source, ast.parse(source.replace("2", "3")), path) == 1
    assert [one() for one in module.both] == [1, 3]


def test_where_no_function_is_in_memory_none_is_said_to_have_got_the_code(tmp_path: Path) -> None:
    source = "def f(): return 1\n"
    assert Functions(tmp_path / "elsewhere").put(source, ast.parse("def f(): return 2\n"), tmp_path / "some.py") == 0


def test_every_module_with_mutants_can_be_imported_under_its_name() -> None:
    names = Platform(ROOT).modules(("pool",))
    assert "huimin.platform.pool.services" in names
    assert "huimin.platform.payments.agreements.company_tasks" in Platform(ROOT).modules()
    assert module_of("pool/__init__.py") == "huimin.platform.pool"


def test_what_runs_on_postgresql_alone_is_not_in_the_sample() -> None:
    paths = {one.path for one in Platform(ROOT).mutants(("foundation",))}
    assert not any("postgresql" in path for path in paths)
    assert any(path.startswith("foundation/statements/") for path in paths)
