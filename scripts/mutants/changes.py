"""Every small change that can be made to a file, one at a time: each is a mutant, and a test should notice it.

The source is parsed, one place in its tree is changed, and the tree is compiled: no text is replaced. Not changed are
annotations, decorators, imports, asserts, `__str__`, and the options of database columns, which the migrations hold.
"""

from __future__ import annotations

import ast
import copy
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from types import CodeType

__all__ = ["Change", "Enums", "changed_tree", "changes", "code_objects", "enum_members"]

Enums = Mapping[str, Sequence[str]]
"""The names of the members of each enum class, by the class's name."""


@dataclass(frozen=True, slots=True)
class Change:
    """`number` is its place among the changes of its file; `function` is the outermost function, "" at import time."""

    number: int
    line: int
    kind: str
    function: str
    names: tuple[str, ...]
    """At import time: the name that the changed statement gives a value to, or the class or function it belongs to."""
    before: str
    after: str


@dataclass(slots=True)
class _Place:
    node: ast.AST
    kind: str
    make: Callable[[], ast.AST]
    """The node that takes its place."""
    function: str
    names: tuple[str, ...]


_OTHER_COMPARISON: dict[type[ast.cmpop], type[ast.cmpop]] = {
    ast.Lt: ast.LtE,
    ast.LtE: ast.Lt,
    ast.Gt: ast.GtE,
    ast.GtE: ast.Gt,
    ast.Eq: ast.NotEq,
    ast.NotEq: ast.Eq,
    ast.In: ast.NotIn,
    ast.NotIn: ast.In,
    ast.Is: ast.IsNot,
    ast.IsNot: ast.Is,
}
_OTHER_SUM: dict[type[ast.operator], type[ast.operator]] = {
    ast.Add: ast.Sub,
    ast.Sub: ast.Add,
    ast.Mult: ast.FloorDiv,
    ast.FloorDiv: ast.Mult,
    ast.Mod: ast.Mult,
}
_WHERE = {"fetch", "pick", "filter", "exclude"}
_ENUM_BASES = {"Enum", "IntEnum", "StrEnum", "TextChoices", "IntegerChoices"}


def changes(source: str, enums: Enums) -> list[Change]:
    """All changes that can be made to this source."""
    return [
        Change(
            number,
            place.node.lineno,  # type: ignore[attr-defined]
            place.kind,
            place.function,
            place.names,
            ast.unparse(place.node),
            ast.unparse(place.make()) or "nothing",
        )
        for number, place in enumerate(_places(ast.parse(source), enums))
    ]


def changed_tree(source: str, enums: Enums, number: int) -> ast.Module:
    """The source's tree with one change made."""
    tree = ast.parse(source)
    place = _places(tree, enums)[number]
    new = place.make()
    _Put(place.node, new).visit(tree)
    return ast.fix_missing_locations(tree)


def enum_members(sources: Sequence[str]) -> dict[str, list[str]]:
    """The members of every enum class that these sources define."""
    found: dict[str, list[str]] = {}
    for source in sources:
        for node in ast.walk(ast.parse(source)):
            if isinstance(node, ast.ClassDef) and any(_last_name(base) in _ENUM_BASES for base in node.bases):
                found[node.name] = [
                    target.id
                    for line in node.body
                    if isinstance(line, ast.Assign)
                    for target in line.targets
                    if isinstance(target, ast.Name)
                ]
    return found


def code_objects(code: CodeType) -> Iterator[CodeType]:
    """A module's code and all that is defined in it, at any depth."""
    yield code
    for constant in code.co_consts:
        if isinstance(constant, CodeType):
            yield from code_objects(constant)


class _Put(ast.NodeTransformer):
    def __init__(self, old: ast.AST, new: ast.AST) -> None:
        self.old, self.new = old, new

    def visit(self, node: ast.AST) -> ast.AST:
        if node is self.old:
            return ast.copy_location(self.new, node)
        return self.generic_visit(node)


def _places(tree: ast.Module, enums: Enums) -> list[_Place]:
    return list(_in_body(tree.body, _Where("", (), enums)))


@dataclass(frozen=True, slots=True)
class _Where:
    function: str
    names: tuple[str, ...]
    enums: Enums
    of_class: str = ""


def _in_body(body: Sequence[ast.stmt], where: _Where) -> Iterator[_Place]:
    for statement in body:
        yield from _in_statement(statement, where)


def _in_statement(statement: ast.stmt, where: _Where) -> Iterator[_Place]:
    match statement:
        case ast.FunctionDef() | ast.AsyncFunctionDef():
            yield from _in_function(statement, where)
        case ast.ClassDef():
            inner = _Where(where.function, (statement.name,), where.enums, f"{where.of_class}{statement.name}.")
            if statement.name != "Meta":
                yield from _in_body(statement.body, inner)
        case ast.Import() | ast.ImportFrom() | ast.Assert() | ast.Global() | ast.Nonlocal():
            return
        case ast.Expr(value=ast.Constant()):
            return
        case _:
            yield from _in_plain_statement(statement, where)


def _in_function(node: ast.FunctionDef | ast.AsyncFunctionDef, where: _Where) -> Iterator[_Place]:
    if node.name == "__str__":
        return
    name = where.function or f"{where.of_class}{node.name}"
    at_import = where if where.function else _Where("", (node.name,), where.enums)
    for default in [*node.args.defaults, *filter(None, node.args.kw_defaults)]:
        yield from _in_expression(default, at_import)
    yield from _in_body(node.body, _Where(name, (), where.enums))


def _in_plain_statement(statement: ast.stmt, where: _Where) -> Iterator[_Place]:
    if not where.function:
        given = _names_given(statement)
        # Constants of a class are asked for by the class's name or their own.
        where = _Where("", (*where.names, *given), where.enums)
        if _is_column(statement) or given == ("__all__",):
            return
    if _can_go(statement):
        yield _Place(statement, "statement left out", ast.Pass, where.function, where.names)
    if isinstance(statement, ast.Return) and statement.value is not None and not _is_none(statement.value):
        yield _Place(statement, "None returned", lambda: ast.Return(ast.Constant(None)), where.function, where.names)
    for name, value in ast.iter_fields(statement):
        if name in ("annotation", "decorator_list", "type_comment"):
            continue
        if name == "test" and isinstance(value, ast.expr):
            yield from _negated(value, where)
        if name == "op" and isinstance(statement, ast.AugAssign):
            yield from _other_augmented(statement, where)
        for part in value if isinstance(value, list) else [value]:
            yield from _in_part(part, where)


def _in_part(part: object, where: _Where) -> Iterator[_Place]:
    match part:
        case ast.stmt():
            yield from _in_statement(part, where)
        case ast.expr():
            yield from _in_expression(part, where)
        case ast.ExceptHandler(body=body):
            yield from _in_body(body, where)
        case ast.match_case(body=body, guard=guard):
            if guard is not None:
                yield from _negated(guard, where)
                yield from _in_expression(guard, where)
            yield from _in_body(body, where)
        case ast.withitem(context_expr=expression):
            yield from _in_expression(expression, where)
        case _:
            return


def _in_expression(node: ast.expr, where: _Where) -> Iterator[_Place]:
    for kind, make in _ways(node, where.enums):
        yield _Place(node, kind, make, where.function, where.names)
    if isinstance(node, ast.JoinedStr):  # what a sentence says is not money; its parts have no places of their own
        return
    if isinstance(node, ast.IfExp):
        yield from _negated(node.test, where)
    for name, value in ast.iter_fields(node):
        for part in value if isinstance(value, list) else [value]:
            if isinstance(part, ast.comprehension):
                yield from _in_comprehension(part, where)
            elif isinstance(part, ast.keyword):
                yield from _in_expression(part.value, where)
            elif isinstance(part, ast.expr) and not (name == "func" and isinstance(node, ast.Call) and _is_cast(node)):
                yield from _in_expression(part, where)


def _in_comprehension(part: ast.comprehension, where: _Where) -> Iterator[_Place]:
    yield from _in_expression(part.iter, where)
    for test in part.ifs:
        yield from _negated(test, where)
        yield from _in_expression(test, where)


def _negated(test: ast.expr, where: _Where) -> Iterator[_Place]:
    """The condition the other way round, unless changing it itself comes to the same."""
    one_comparison = isinstance(test, ast.Compare) and isinstance(
        test.ops[0], ast.Eq | ast.NotEq | ast.In | ast.NotIn | ast.Is | ast.IsNot
    )
    if one_comparison or (isinstance(test, ast.UnaryOp) and isinstance(test.op, ast.Not)):
        return
    yield _Place(
        test,
        "condition turned round",
        lambda: ast.UnaryOp(ast.Not(), copy.deepcopy(test)),
        where.function,
        where.names,
    )


def _other_augmented(statement: ast.AugAssign, where: _Where) -> Iterator[_Place]:
    other = _OTHER_SUM.get(type(statement.op))
    if other is not None:
        yield _Place(
            statement,
            "other operator",
            lambda: ast.AugAssign(statement.target, other(), statement.value),
            where.function,
            where.names,
        )


def _ways(node: ast.expr, enums: Enums) -> Iterator[tuple[str, Callable[[], ast.AST]]]:
    """What this one expression can be changed to."""
    match node:
        case ast.Compare(left=left, ops=[op], comparators=comparators) if type(op) in _OTHER_COMPARISON:
            other = _OTHER_COMPARISON[type(op)]
            yield "other comparison", lambda: ast.Compare(left, [other()], comparators)
        case ast.BoolOp(op=op, values=values):
            yield "and for or", lambda: ast.BoolOp(ast.Or() if isinstance(op, ast.And) else ast.And(), values)
        case ast.UnaryOp(op=ast.Not(), operand=operand):
            yield "not left out", lambda: operand
        case ast.BinOp(left=left, op=op, right=right) if type(op) in _OTHER_SUM and not (_text(left) or _text(right)):
            other_sum = _OTHER_SUM[type(op)]
            yield "other operator", lambda: ast.BinOp(left, other_sum(), right)
        case ast.Constant(value=bool() as value):
            yield "other constant", lambda: ast.Constant(not value)
        case ast.Constant(value=int() as value):
            yield "other constant", lambda: ast.Constant(value + 1)
            yield "other constant", lambda: ast.Constant(value - 1)
        case ast.Attribute(value=ast.Name(id=name), attr=attr) if attr in enums.get(name, ()):
            others = [member for member in enums[name] if member != attr]
            place = list(enums[name]).index(attr)
            if others:
                after = others[place % len(others)]
                yield "other member", lambda: ast.Attribute(ast.Name(name, ast.Load()), after, ast.Load())
        case ast.Call():
            yield from _ways_of_call(node)
        case _:
            return


def _ways_of_call(node: ast.Call) -> Iterator[tuple[str, Callable[[], ast.AST]]]:
    if isinstance(node.func, ast.Name) and node.func.id in ("min", "max"):
        other = "max" if node.func.id == "min" else "min"
        yield "min for max", lambda: ast.Call(ast.Name(other, ast.Load()), node.args, node.keywords)
    if not isinstance(node.func, ast.Attribute) or node.func.attr not in _WHERE:
        return
    if node.func.attr in ("filter", "exclude"):
        for keyword in node.keywords:
            kept = [one for one in node.keywords if one is not keyword]
            yield "part of a where left out", lambda kept=kept: ast.Call(node.func, node.args, kept)  # type: ignore[misc]
        return
    for place, given in enumerate(node.args):
        if isinstance(given, ast.Dict):
            for number in range(len(given.keys)):
                yield "part of a where left out", lambda p=place, d=given, n=number: _without(node, p, d, n)  # type: ignore[misc]


def _without(call: ast.Call, place: int, given: ast.Dict, number: int) -> ast.Call:
    keys = [key for at, key in enumerate(given.keys) if at != number]
    values = [value for at, value in enumerate(given.values) if at != number]
    args: list[ast.expr] = [*call.args]
    args[place] = ast.Dict(keys, values)
    return ast.Call(call.func, args, call.keywords)


def _can_go(statement: ast.stmt) -> bool:
    """Whether something is left that runs when the statement is not there."""
    match statement:
        case ast.Expr() | ast.Raise() | ast.AugAssign() | ast.Delete() | ast.Continue() | ast.Break():
            return True
        case ast.Assign(targets=targets):
            return all(isinstance(target, ast.Attribute | ast.Subscript) for target in targets)
        case _:
            return False


def _names_given(statement: ast.stmt) -> tuple[str, ...]:
    match statement:
        case ast.Assign(targets=targets):
            return tuple(node.id for target in targets for node in ast.walk(target) if isinstance(node, ast.Name))
        case ast.AnnAssign(target=ast.Name(id=name)):
            return (name,)
        case _:
            return ()


def _is_column(statement: ast.stmt) -> bool:
    """Whether it gives a model's class a column: what it says of the table is in the migrations too."""
    value = getattr(statement, "value", None)
    return isinstance(value, ast.Call) and (
        ast.unparse(value.func).startswith("models.") or ast.unparse(value.func).endswith("Field")
    )


def _text(node: ast.expr) -> bool:
    return isinstance(node, ast.JoinedStr) or (isinstance(node, ast.Constant) and isinstance(node.value, str | bytes))


def _is_none(node: ast.expr) -> bool:
    return isinstance(node, ast.Constant) and node.value is None


def _is_cast(node: ast.Call) -> bool:
    return isinstance(node.func, ast.Name)


def _last_name(node: ast.expr) -> str:
    return ast.unparse(node).rpartition(".")[2]
