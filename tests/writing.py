"""Which functions of the platform write to the database, read off its source: directly, or through what they call."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cache

from contexts import PLATFORM

__all__ = ["Function", "public_writers"]

_PACKAGE = "huimin.platform"
_ROOMS_OUTSIDE = (
    "web",
    "api",
    "processes",
    "commands",
    "staff_commands",
    "setup_commands",
    "demonstration",
    "migrations",
)
"""What stands in front of services and asks them, and the loader of the demonstration."""
_WRITE = {
    *("create", "bulk_create", "insert", "queue", "queue_values", "rewrite", "save", "delete", "update"),
    *("get_or_create", "update_or_create", "bulk_update", "store"),
}
"""Methods of managers, rows and outcomes that write."""


@dataclass
class Function:
    """`module` as it is imported. `calls`: what it calls by name, as (module, name) where the name was imported."""

    module: str
    name: str
    node: ast.FunctionDef
    public: bool
    writes: bool = False
    calls: set[tuple[str, str]] = field(default_factory=set)

    @property
    def where(self) -> str:
        return f"{self.module.removeprefix(_PACKAGE + '.')}.{self.name}"

    @property
    def parameters(self) -> list[str]:
        arguments = self.node.args
        return [one.arg for one in (*arguments.posonlyargs, *arguments.args, *arguments.kwonlyargs)]

    @property
    def keyword_only(self) -> list[str]:
        return [one.arg for one in self.node.args.kwonlyargs]


def public_writers() -> list[Function]:
    """The functions in any `__all__` of the contexts and the foundation that write."""
    return [one for one in _functions().values() if one.public and one.writes]


@cache
def _functions() -> dict[tuple[str, str], Function]:
    found: dict[tuple[str, str], Function] = {}
    imported: dict[str, dict[str, tuple[str, str]]] = {}
    for path in sorted(PLATFORM.rglob("*.py")):
        parts = path.relative_to(PLATFORM).with_suffix("").parts
        if not set(parts) & set(_ROOMS_OUTSIDE):
            module = ".".join((_PACKAGE, *parts)).removesuffix(".__init__")
            imported[module] = {}
            _read(ast.parse(path.read_text("utf-8")), module, found, imported[module])
    for one in found.values():
        one.calls = {_origin(call, imported) for call in one.calls}
    _spread(found)
    return found


def _read(
    tree: ast.Module, module: str, found: dict[tuple[str, str], Function], imported: dict[str, tuple[str, str]]
) -> None:
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom) and (node.module or "").startswith(_PACKAGE):
            imported.update({alias.asname or alias.name: (str(node.module), alias.name) for alias in node.names})
    offered = set(_offered(tree))
    for node in tree.body:
        if isinstance(node, ast.FunctionDef):
            one = Function(module, node.name, node, node.name in offered)
            for call in (inner for inner in ast.walk(node) if isinstance(inner, ast.Call)):
                if isinstance(call.func, ast.Name):
                    one.calls.add(imported.get(call.func.id, (module, call.func.id)))
                elif isinstance(call.func, ast.Attribute) and call.func.attr in _WRITE:
                    one.writes = True
            found[module, node.name] = one


def _offered(tree: ast.Module) -> Iterator[str]:
    for node in tree.body:
        if isinstance(node, ast.Assign) and any(isinstance(t, ast.Name) and t.id == "__all__" for t in node.targets):
            yield from (one.value for one in ast.walk(node.value) if isinstance(one, ast.Constant))


def _origin(call: tuple[str, str], imported: dict[str, dict[str, tuple[str, str]]]) -> tuple[str, str]:
    """Where a name that a context's api offers is defined."""
    while call[0] in imported and call[1] in imported[call[0]]:
        call = imported[call[0]][call[1]]
    return call


def _spread(found: dict[tuple[str, str], Function]) -> None:
    """Whoever calls one that writes, writes."""
    changed = True
    while changed:
        changed = False
        for one in found.values():
            if not one.writes and any(call in found and found[call].writes for call in one.calls):
                one.writes = changed = True
