"""The pages of docs/reference, made from the code: the errors, the command, the API, plan files, Python."""

from __future__ import annotations

import argparse
import dataclasses
import importlib
import inspect
import json
import os
import sys
import textwrap
from collections.abc import Callable, Iterator
from itertools import groupby
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
MODULES = (
    *("huimin.money", "huimin.errors", "huimin.error_catalogue", "huimin.settlement", "huimin.terms"),
    *("huimin.adjudication", "huimin.batch"),
)
"""What a program outside may import, bottom to top."""

__all__ = ["MODULES", "generated"]


def generated(name: str) -> str:
    """The Markdown of a generated page, without its title."""
    kind, _, option = name.partition(" ")
    return "\n".join(_PAGES[kind](*([option] if option else []))) + "\n"


def errors(language: str) -> Iterator[str]:
    from huimin.error_catalogue import GROUPS, error_catalogue

    heads = (
        ("代码", "状态码", "含义", "怎么办") if language == "zh" else ("code", "status", "what it says", "what to do")
    )
    for group, entries in groupby(error_catalogue().values(), key=lambda entry: entry.group):
        yield f"\n## {GROUPS[group][language == 'zh']}\n"
        yield f"| {' | '.join(heads)} |\n|---|---|---|---|"
        for entry in entries:
            sentence, mend = entry.words(language)
            yield f"| `{entry.code}` | {entry.status or '—'} | {_cell(sentence)} | {_cell(mend)} |"


def command_line() -> Iterator[str]:
    from huimin.cli import _parser

    yield from _commands(_parser(), 2)


def _commands(parser: argparse.ArgumentParser, level: int) -> Iterator[str]:
    yield f"\n{'#' * min(level, 4)} {parser.prog}\n\n```text\n{parser.format_help().rstrip()}\n```"
    for action in parser._actions:
        if isinstance(action, argparse._SubParsersAction):
            for inner in dict.fromkeys(action.choices.values()):
                yield from _commands(inner, level + 1)


def api() -> Iterator[str]:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "settings_for_tests")
    sys.path.insert(0, str(ROOT / "tests"))
    import django

    django.setup()
    from huimin.platform.api.v1 import api as described

    document = json.loads(json.dumps(described.get_openapi_schema(), default=str))
    yield f"\n{document['info']['description']}"
    for path, methods in document["paths"].items():
        for method, operation in methods.items():
            yield from _operation(method.upper(), path, operation)
    yield "\n## Types\n"
    for name, schema in document["components"]["schemas"].items():
        yield f"\n### {name}\n\n{schema.get('description', '')}\n"
        yield from _fields(schema)


def _operation(method: str, path: str, operation: dict[str, Any]) -> Iterator[str]:
    yield f"\n## {method} {path}\n\n**{operation['summary']}.** {operation['description']}\n"
    signers = "a client" if "signature" in operation["security"][0] else "a payment company"
    yield f"Signed by {signers}.\n"
    if operation["parameters"]:
        yield "| parameter | in | |\n|---|---|---|"
        for one in operation["parameters"]:
            needed = "required" if one.get("required") else "optional"
            yield f"| `{one['name']}` | {one['in']} | {needed}, {_type(one['schema'])} |"
    for content in operation.get("requestBody", {}).get("content", {}).values():
        yield f"\nBody: {_type(content.get('schema', {}))}, such as\n\n{_json(content['example'])}"
    for status, response in operation["responses"].items():
        yield from _response(status, response)


def _response(status: str, response: dict[str, Any]) -> Iterator[str]:
    ((kind, content),) = response["content"].items()
    if kind == "application/problem+json":
        yield f"\n**{status}**\n\n| code | such as |\n|---|---|"
        for code, shown in content["examples"].items():
            yield f"| `{code}` | {_cell(shown['value']['detail'])} |"
        return
    yield f"\n**{status}**, {_type(content['schema'])}"
    for name, shown in content.get("examples", {}).items():
        yield f"\n{name.replace('_', ' ')}:\n\n{_json(shown['value'])}"


def plan_schema() -> Iterator[str]:
    from huimin.terms import plan_schema as schema

    whole = schema()
    yield "\n## Plan\n"
    yield from _fields(whole)
    for name, part in sorted(whole["$defs"].items()):
        yield f"\n## {name}\n\n{part.get('description', '')}\n"
        yield from _fields(part)


def _fields(schema: dict[str, Any]) -> Iterator[str]:
    if "enum" in schema:
        yield f"one of {', '.join(f'`{value}`' for value in schema['enum'])}"
    if not schema.get("properties"):
        return
    yield "| field | | |\n|---|---|---|"
    for name, one in schema["properties"].items():
        needed = "required" if name in schema.get("required", ()) else ""
        yield f"| `{name}` | {_type(one)}{', ' if needed else ''}{needed} | {_cell(one.get('description', ''))} |"


def _type(schema: dict[str, Any]) -> str:
    """A schema in a few words."""
    if "$ref" in schema:
        name = schema["$ref"].rpartition("/")[2]
        return f"[{name}](#{name.lower()})"
    for either in ("anyOf", "oneOf"):
        if either in schema:
            return " or ".join(dict.fromkeys(_type(one) for one in schema[either] if one.get("type") != "null"))
    if "const" in schema or "enum" in schema:
        return ", ".join(f"`{value}`" for value in schema.get("enum", [schema.get("const")]))
    if schema.get("type") == "array":
        return f"list of {_type(schema.get('items', {}))}"
    kind = schema.get("format") or schema.get("type", "anything")
    if isinstance(kind, list):
        return " or ".join(kind)
    return {"string": "text", "boolean": "true or false", "date": "day", "integer": "whole number"}.get(kind, str(kind))


def python() -> Iterator[str]:
    for name in MODULES:
        module = importlib.import_module(name)
        yield f"\n## {name}\n\n{_docstring(module)}\n"
        for public in module.__all__:
            yield from _public(public, getattr(module, public))


def _public(name: str, value: Any) -> Iterator[str]:
    yield f"\n### {name}\n"
    if not callable(value):
        yield f"A value of the type `{type(value).__name__}`."
        return
    yield f"```python\n{_signature(name, value)}\n```\n\n{_docstring(value)}"
    if inspect.isclass(value):
        for inner, method in vars(value).items():
            if not inner.startswith("_") and (inspect.isfunction(method) or isinstance(method, property)):
                function = method.fget if isinstance(method, property) else method
                yield f"\n`{inner}{'' if isinstance(method, property) else '()'}`: {_docstring(function) or '—'}"


def _signature(name: str, value: Any) -> str:
    if inspect.isclass(value) and not dataclasses.is_dataclass(value):
        return f"class {name}"
    head = f"{'class ' if inspect.isclass(value) else ''}{name}"
    try:
        return f"{head}{inspect.signature(value)}".replace("'", "")
    except (TypeError, ValueError):
        return head


def _docstring(value: Any) -> str:
    text = inspect.getdoc(value) or ""
    own = getattr(value, "__doc__", None) is not None
    generated_by_dataclass = inspect.isclass(value) and text.startswith(f"{value.__name__}(")
    return "" if not own or generated_by_dataclass else textwrap.dedent(text)


def _json(value: Any) -> str:
    return f"```json\n{json.dumps(value, ensure_ascii=False, indent=1)}\n```"


def _cell(text: str) -> str:
    return " ".join(text.split()).replace("|", "\\|")


_PAGES: dict[str, Callable[..., Iterator[str]]] = {
    "errors": errors,
    "command-line": command_line,
    "api": api,
    "plan-schema": plan_schema,
    "python": python,
}
