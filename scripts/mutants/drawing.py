"""The mutants of the platform, and a sample of them: another one each day, the same one for the same seed."""

from __future__ import annotations

import ast
import random
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from mutants.changes import Change, Enums, changed_tree, changes, enum_members

__all__ = ["CONTEXTS", "Mutant", "Platform", "module_of"]

CONTEXTS = ("claims", "enrolment", "pool", "ledger", "payments", "foundation")
_NOT_SEEN = ("/apps.py", "foundation/postgresql/")
"""What runs once, at start: the tests that start the platform are in tests/processes and see no mutant. And what runs
on PostgreSQL alone: the sample is tried on SQLite.
"""


@dataclass(frozen=True, slots=True)
class Mutant:
    """`path` is below src/huimin/platform."""

    path: str
    change: Change

    @property
    def context(self) -> str:
        return self.path.partition("/")[0]

    @property
    def name(self) -> str:
        return f"{self.path}:{self.change.line} #{self.change.number}"

    @property
    def words(self) -> str:
        change = self.change
        place = f"in {change.function}" if change.function else "at import"
        return f"{self.name} {place}: {change.kind}\n- {change.before}\n+ {change.after}"


def module_of(path: str) -> str:
    """The name under which a file of the platform is imported."""
    return "huimin.platform." + path.removesuffix(".py").removesuffix("/__init__").replace("/", ".")


class Platform:
    """The sources of the platform and the mutants that can be made of them."""

    def __init__(self, root: Path) -> None:
        self.folder = root / "src" / "huimin" / "platform"
        self.sources = {
            str(path.relative_to(self.folder)): path.read_text("utf-8")
            for path in sorted(self.folder.rglob("*.py"))
            if "migrations" not in path.parts
        }

    @cached_property
    def enums(self) -> Enums:
        return enum_members(list(self.sources.values()))

    def mutants(self, contexts: tuple[str, ...] = CONTEXTS) -> list[Mutant]:
        return [
            Mutant(path, change)
            for path, source in self.sources.items()
            if path.partition("/")[0] in contexts and not any(part in path for part in _NOT_SEEN)
            for change in changes(source, self.enums)
        ]

    def drawn(self, seed: int, contexts: tuple[str, ...] = CONTEXTS) -> list[Mutant]:
        """All mutants in the order in which a run with this seed takes them: it stops when its time is over."""
        found = self.mutants(contexts)
        random.Random(seed).shuffle(found)  # noqa: S311 - a sample, not a secret
        return found

    def modules(self, contexts: tuple[str, ...] = CONTEXTS) -> list[str]:
        """Every module in which there are mutants, by the name under which it is imported."""
        return [module_of(path) for path in dict.fromkeys(mutant.path for mutant in self.mutants(contexts))]

    def tree_of(self, mutant: Mutant) -> ast.Module:
        return changed_tree(self.sources[mutant.path], self.enums, mutant.change.number)

    def functions_naming(self, path: str, names: tuple[str, ...]) -> frozenset[str]:
        """The functions of the platform, as the map of tests names them, that use one of a module's names.

        A name may be used by way of others: a function asks RULES, which were made of _FOR_STAFF.
        """
        wanted = self.made_of(path, names)
        return frozenset(function for function, used in self._names_by_function.items() if not used.isdisjoint(wanted))

    def made_of(self, path: str, names: tuple[str, ...]) -> frozenset[str]:
        """These names of a module, and those that are made of them at import: in it, and in modules that take them
        from it.
        """
        made: dict[str, set[str]] = {path: self._made_in(path, set(names))}
        waiting = [path]
        while waiting:
            origin = waiting.pop()
            for taker, taken in self._takers.get(origin, ()):
                found = self._made_in(taker, made.get(taker, set()) | (taken & made[origin]))
                if found != made.get(taker, set()):
                    made[taker] = found
                    waiting.append(taker)
        return frozenset(name for of_module in made.values() for name in of_module)

    def _made_in(self, path: str, known: set[str]) -> set[str]:
        """These names, and those of this module that are made of them."""
        known = set(known)
        for node in self._trees[path].body:  # in order: what is made of a name stands after it
            if isinstance(node, ast.Assign | ast.AnnAssign) and node.value is not None:
                used = {part.id for part in ast.walk(node.value) if isinstance(part, ast.Name)}
                targets = node.targets if isinstance(node, ast.Assign) else [node.target]
                if used & known:
                    known |= {target.id for target in targets if isinstance(target, ast.Name)}
        return known

    @cached_property
    def _trees(self) -> dict[str, ast.Module]:
        return {path: ast.parse(source) for path, source in self.sources.items()}

    @cached_property
    def _takers(self) -> dict[str, list[tuple[str, set[str]]]]:
        """By module: the modules that take names from it at import, with the names."""
        found: dict[str, list[tuple[str, set[str]]]] = {}
        for path, tree in self._trees.items():
            for node in tree.body:
                origin = self._path_of(node.module) if isinstance(node, ast.ImportFrom) else ""
                if origin and isinstance(node, ast.ImportFrom):
                    found.setdefault(origin, []).append((path, {one.name for one in node.names if not one.asname}))
        return found

    def _path_of(self, module: str | None) -> str:
        """The file of a module of the platform; nothing for another's."""
        within = (module or "").removeprefix("huimin.platform.").replace(".", "/")
        return next((path for path in (f"{within}.py", f"{within}/__init__.py") if path in self.sources), "")

    @cached_property
    def _names_by_function(self) -> dict[str, set[str]]:
        found: dict[str, set[str]] = {}
        for path, source in self.sources.items():
            for name, node in _functions(ast.parse(source).body, ""):
                words = {n.id for n in ast.walk(node) if isinstance(n, ast.Name)}
                found[f"{path}:{name}"] = words | {n.attr for n in ast.walk(node) if isinstance(n, ast.Attribute)}
                found[f"{path}:{name}"].add(node.name)
        return found


def _functions(body: list[ast.stmt], inside: str) -> list[tuple[str, ast.FunctionDef | ast.AsyncFunctionDef]]:
    found: list[tuple[str, ast.FunctionDef | ast.AsyncFunctionDef]] = []
    for node in body:
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            found.append((f"{inside}{node.name}", node))
        elif isinstance(node, ast.ClassDef):
            found += _functions(node.body, f"{inside}{node.name}.")
    return found
