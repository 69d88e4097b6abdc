"""What a test leaves behind, in a text that people read: rows by table, money by account, and what was locked.

Some tests are walks: they carry out many services. tests/data/trails/ holds what each of them leaves, one line for
what is alike, with how often. A line that goes missing is a record, a message or a lock that was forgotten. After a
change that is meant, `make golden` (HUIMIN_WRITE_TRAILS=1) writes the texts again; read what differs. A test
becomes a walk by its heading in one of the files.

Shown are words of the code, fen, small numbers and days. Ids, moments, and what people are called are not: they differ
from run to run, or are nobody's business.
"""

from __future__ import annotations

import json
import os
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from datetime import date
from difflib import unified_diff
from functools import cache
from pathlib import Path
from typing import Any

from django.apps import apps
from django.db import models

import held_rows
from huimin.platform.foundation.fields import EncryptedTextField
from huimin.platform.ledger.models import Posting
from huimin.platform.people.models import Tally
from huimin.platform.seals.models import SealBlock, SealFrontier
from huimin.platform.tasks.models import Task

__all__ = ["FOLDER", "compared", "kept"]

FOLDER = Path(__file__).parent / "data" / "trails"
_WRITE = "HUIMIN_WRITE_TRAILS"
_UNTOLD = {
    *("digest", "program_digest", "plan_digest", "content_digest", "words_digest", "text_digest", "page_digest"),
    *("seen_digest", "request_digest", "code_digest", "payload", "secret"),
    *("key", "key_id", "reference", "transaction", "number", "session", "worker", "setl_id", "provider_transaction"),
    *(
        "milliseconds",
        "size",
        "slot",
        "tie_break",
        "password",
        "username",
        "plan_text",
        "sources_text",
        "words",
        "text",
    ),
    *("root", "mac", "previous", "leaves", "gaps", "through", "tables", "id_index", "record_index"),
}
"""Columns whose content is made up anew in each run, or long."""
_ELSEWHERE = {Posting, Tally, SealBlock, SealFrontier}
"""Money is added up; how often somebody came in a space of time, and where a seal ends, differ from run to run."""
_WORD = re.compile(r"[a-z]{3,}(?:_[a-z]+)*(?![a-zA-Z0-9])")


def kept(node: str) -> list[str] | None:
    """The lines of the walk of this test; None for a test that is no walk."""
    return _all_kept().get(node)


@contextmanager
def compared(node: str) -> Iterator[None]:
    """Hold what happens meanwhile to what is written of this test. Raises AssertionError where it differs."""
    held_rows.LOCKED.clear()
    before, posted = _rows(), _postings()
    yield
    after, locked = _rows(), dict(held_rows.LOCKED)
    left = Counter(line for key, line in after.items() if before.get(key) != line)
    left += Counter(f"gone: {line}" for key, line in before.items() if key not in after)
    left += Counter({f"locked: {what}": times for what, times in locked.items()})
    lines = [f"{times} x {line}" for line, times in sorted(left.items())]
    lines += _money(row for pk, row in _postings().items() if pk not in posted)
    expected = kept(node) or []
    if lines == expected:
        return
    if os.environ.get(_WRITE):
        _write(node, lines)
        return
    differences = "\n".join(unified_diff(expected, lines, "written", "left", lineterm="", n=0))
    raise AssertionError(f"the walk leaves something else (if it is meant, see tests/trails.py):\n{differences}")


def _rows() -> Mapping[tuple[str, int], str]:
    """Each row of the database in a line."""
    found: dict[tuple[str, int], str] = {}
    for model in apps.get_models():
        if not model.__module__.startswith("huimin.") or model in _ELSEWHERE:
            continue
        table, columns = model._meta.db_table, _columns(model)
        for pk, *values in model._base_manager.values_list("pk", *(name for name, _ in columns)):
            told = (_told(name, field, value) for (name, field), value in zip(columns, values, strict=True))
            found[table, pk] = " ".join((table, *filter(None, told)))
    for task in Task.objects.of_every_city().exclude(payload=None):
        found[Task._meta.db_table, task.pk] += f" {_shape(json.loads(task.payload))}"
    return found


def _postings() -> Mapping[int, tuple[str, str, str, int]]:
    rows = Posting._base_manager.values_list("pk", "entry__kind", "account", "party", "amount")
    return {pk: (kind, account, party.partition(":")[0], amount) for pk, kind, account, party, amount in rows}


def _money(postings: Iterable[tuple[str, str, str, int]]) -> Iterator[str]:
    """Postings added up: by entry, account, kind of party and side."""
    times, fen = Counter[tuple[str, ...]](), Counter[tuple[str, ...]]()
    for kind, account, party, amount in postings:
        key = (kind, account, party, "credit" if amount < 0 else "debit")
        times[key] += 1
        fen[key] += abs(amount)
    for (kind, account, party, side), total in sorted(fen.items()):
        of = f" of {party}" if party else ""
        yield f"{times[kind, account, party, side]} x posted: {kind} {side} {account}{of}, {total} fen in all"


@cache
def _columns(model: type[models.Model]) -> list[tuple[str, models.Field[Any, Any]]]:
    return [
        (field.name, field)
        for field in model._meta.concrete_fields
        if not field.primary_key
        and (field.name not in _UNTOLD or (model is Task and field.name == "key"))
        and (field.null or not isinstance(field, models.ForeignKey | models.DateTimeField))
        and (field.null or not isinstance(field, EncryptedTextField | models.BinaryField))
    ]


def _told(name: str, field: models.Field[Any, Any], value: Any) -> str:
    """A column with what it holds, or by its name alone; nothing for one that is empty."""
    shown = ""
    match value:
        case _ if not value:
            return ""
        case dict() | list():
            shown = _shape(value)
        case int() if not field.is_relation and value is not True:
            shown = str(value)
        case date() if not isinstance(field, models.DateTimeField):
            shown = str(value)
        case str() if not isinstance(field, EncryptedTextField):
            word = _WORD.match(value)
            shown = word[0] if word else ""
    return f"{name}={shown}" if shown else name


def _shape(value: Any) -> str:
    """A value of JSON without what is told of persons: keys, words and numbers."""
    match value:
        case dict():
            return "{" + " ".join(sorted({f"{_key(key)}:{_shape(part)}" for key, part in value.items()})) + "}"
        case list():
            return "[" + " ".join(sorted({_shape(part) for part in value})) + "]"
        case str():
            word = _WORD.match(value)
            return word[0] if word else "…"
        case None | bool():
            return str(value).lower()
        case _:
            return "n"


def _key(key: str) -> str:
    return key if re.fullmatch(r"[a-z]+(?:_[a-z]+)*", key) else "…"


@cache
def _all_kept() -> dict[str, list[str]]:
    return {node: lines for path in FOLDER.glob("*.txt") for node, lines in _sections(path).items()}


def _sections(path: Path) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for line in path.read_text("utf-8").splitlines():
        if line.startswith("## "):
            lines = found.setdefault(line.removeprefix("## "), [])
        elif line:
            lines.append(line)
    return found


def _write(node: str, lines: list[str]) -> None:
    """Put the lines below the heading of this test. One process at a time."""
    for path in FOLDER.glob("*.txt"):
        sections = _sections(path)
        if node in sections:
            sections[node] = lines
            path.write_text(
                "\n\n".join("\n".join((f"## {name}", *of)) for name, of in sections.items()) + "\n", "utf-8"
            )
