"""Plan files to plans. All faults of a file are listed at once, each with its place and what was expected."""

from __future__ import annotations

import hashlib
import tomllib
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from importlib.resources import files
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from huimin.errors import Fault, InputError, PlanFaults, did_you_mean
from huimin.terms.model import Plan
from huimin.terms.semantics import semantic_faults

__all__ = ["LoadedPlan", "find_plan", "load_plan", "load_plan_text", "plan_names", "plan_texts"]

_LARGEST_FILE = 1_000_000
_DEEPEST, _TOO_DEEP = 20, "tables nested too deeply"
_EXPECTED = {
    "missing": "this key; it is required",
    "extra_forbidden": "no such key: it is unknown here, or misspelt",
    "date_from_datetime_parsing": "a date such as 2022-01-01",
    "date_type": "a date such as 2022-01-01, without quotes",
    "string_type": "text in quotes",
    "tuple_type": "a list in [ ]",
    "model_type": "a table",
    "bool_type": "true or false",
    "int_type": "a whole number",
    "literal_error": "{expected}",
    "less_than_equal": "at most {le}",
    "greater_than_equal": "at least {ge}",
    "too_short": "at least {min_length}",
}
"""What was expected, by pydantic's kind of fault, in a reader's words."""
_PATTERNS = {
    "region": "six digits",
    "first": "an ICD-10 code such as C34 or C34.9",
    "last": "an ICD-10 code such as C34 or C34.9",
    "source": "a document of sources.toml, or document:clause",
    "code": "a code of letters and digits, which may end in *",
    "codes": "a code of letters and digits",
}
"""What a text must look like, by key. Keys that are not here hold identifiers."""
_IDENTIFIER = "small letters, digits and _, a letter first"
_PLAN_ID = "a name such as city/plan/2026, in small letters"


_FORBIDDEN_BY_NOTICE = {
    "payout_ratio": "no preset payout ratio",
    "fund_pool": "no fund pool",
    "risk_fund": "no fund pool",
    "changes": "no change of terms inside the cover year",
    "amendments": "no change of terms inside the cover year",
}
"""What the regulator's notice of 2025-07-31 forbids to agree, by the keys under which people would write it."""


@dataclass(frozen=True)
class LoadedPlan:
    """A plan, the texts of its sources, and the digest of its file (SHA-256 of the text, hexadecimal)."""

    plan: Plan
    sources: dict[str, Any]
    digest: str

    @cached_property
    def id(self) -> str:
        return self.plan.id


def plan_names() -> list[str]:
    """The catalogue's plan years, by name."""
    root = _catalogue()
    return sorted(path.parent.relative_to(root).as_posix() for path in root.rglob("plan.toml"))


def find_plan(name_or_path: str) -> LoadedPlan:
    """A plan by catalogue name (`jiangsu/yihuibao-1/2022`) or by the path of a plan file.

    Raises InputError (`no_such_plan`) or PlanFaults.
    """
    in_catalogue = _catalogue() / name_or_path / "plan.toml"
    if name_or_path in plan_names():
        return load_plan(in_catalogue)
    path = Path(name_or_path)
    if path.is_file():
        return load_plan(path)
    names = plan_names()
    meant = did_you_mean(name_or_path, names)
    raise InputError(
        f"found no plan {name_or_path!r}.{meant and ' '}{meant} Expected the path of a plan file or one of: "
        f"{', '.join(names)}",
        code="no_such_plan",
    )


def plan_texts(name: str) -> tuple[str, str]:
    """The plan file and the sources of a plan of the catalogue, as they are written."""
    home = _catalogue() / name
    return _read(home / "plan.toml"), _read(home / "sources.toml")


def load_plan(path: Path) -> LoadedPlan:
    """Read a plan file and the sources.toml beside it. Raises PlanFaults with every fault found."""
    sources_path = path.with_name("sources.toml")
    sources_text = _read(sources_path) if sources_path.is_file() else ""
    return load_plan_text(_read(path), sources_text, str(path))


def load_plan_text(text: str, sources_text: str, name: str = "plan") -> LoadedPlan:
    """As load_plan, from texts: for editors and tests. `name` is how messages call the file."""
    document = _parse_toml(text, name)
    sources = _parse_toml(sources_text, "sources.toml")
    try:
        plan = Plan.model_validate(document)
    except ValidationError as error:
        raise PlanFaults(name, _field_faults(error)) from error
    faults = list(semantic_faults(plan, _source_names(sources)))
    if faults:
        raise PlanFaults(name, faults)
    return LoadedPlan(plan, sources, hashlib.sha256(text.encode()).hexdigest())


def _catalogue() -> Path:
    return Path(str(files("huimin") / "plans"))


def _read(path: Path) -> str:
    size = path.stat().st_size
    if size > _LARGEST_FILE:
        raise PlanFaults(str(path), [Fault("file", f"{size} bytes", f"at most {_LARGEST_FILE}")])
    try:
        return path.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError as error:
        raise PlanFaults(str(path), [Fault("file", f"byte {error.start} not in UTF-8", "UTF-8 text")]) from error


def _parse_toml(text: str, name: str) -> dict[str, Any]:
    try:
        document = tomllib.loads(text)
    except (ValueError, RecursionError) as error:  # numbers of 5,000 digits are ValueErrors too
        raise PlanFaults(name, [Fault("file", str(error) or _TOO_DEEP, "TOML")]) from error
    if not _is_shallow(document):
        raise PlanFaults(name, [Fault("file", _TOO_DEEP, "TOML")])
    return document


def _is_shallow(document: dict[str, Any]) -> bool:
    """Whether tables and lists are nested no deeper than in any plan file. A key `a.a.a…` is a table for each dot.
    Anything deeper can be parsed, but printing it in a fault would exceed Python's recursion limit.
    """
    level: list[Any] = [document]
    for _ in range(_DEEPEST):
        level = [inner for outer in level for inner in (outer.values() if isinstance(outer, dict) else outer)]
        level = [inner for inner in level if isinstance(inner, dict | list)]
        if not level:
            return True
    return False


def _source_names(sources: dict[str, Any]) -> frozenset[str]:
    names = set(sources)
    for document, entry in sources.items():
        clauses = entry.get("clauses", {}) if isinstance(entry, dict) else {}
        names |= {f"{document}:{clause}" for clause in clauses}
    return frozenset(names)


def _field_faults(error: ValidationError) -> list[Fault]:
    details = error.errors(include_url=False)
    return [_field_fault(detail) for detail in details if not _only_follows(detail, details)]


def _only_follows(detail: Any, details: Sequence[Any]) -> bool:
    """Whether a list is called "too short" only because its entries have faults. Those faults are reported instead."""
    place = detail["loc"]
    return detail["type"] == "too_short" and any(
        other["loc"][: len(place)] == place and len(other["loc"]) > len(place) for other in details
    )


def _field_fault(detail: Any) -> Fault:
    # The kind of a base is no key of the file, though pydantic names it after the key.
    loc = detail["loc"]
    parts = [part for n, part in enumerate(loc) if not (n and loc[n - 1] == "base")]
    place = "".join(f"[{part}]" if isinstance(part, int) else f".{part}" for part in parts).lstrip(".") or "file"
    message = str(detail["msg"]).removeprefix("Value error, ")
    found, _, expected = message.partition("; expected ")
    if expected:
        return Fault(place, found.removeprefix("found "), expected)
    found = "nothing" if detail["type"] == "missing" else _short(detail.get("input"))
    if detail["type"] == "extra_forbidden" and detail["loc"][-1] in _FORBIDDEN_BY_NOTICE:
        return Fault(place, found, f"{_FORBIDDEN_BY_NOTICE[detail['loc'][-1]]}: the notice of 2025-07-31 forbids it")
    return Fault(place, found, _expected(detail, parts) or message)


def _expected(detail: Any, parts: Sequence[str | int]) -> str:
    if detail["type"] == "string_pattern_mismatch":
        key = next((part for part in reversed(parts) if isinstance(part, str)), "")
        return _PLAN_ID if parts == ["id"] else _PATTERNS.get(key, _IDENTIFIER)
    return _EXPECTED.get(detail["type"], "").format(**detail.get("ctx", {}))


def _short(value: object, longest: int = 60) -> str:
    text = repr(value)
    return text if len(text) <= longest else text[: longest - 1] + "…"
