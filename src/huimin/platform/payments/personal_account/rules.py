"""Each area's rules for paying from the personal account, as a dated table read from rules.toml.

Places differ in everything: which part of the balance counts, for whom it may be used, whether relatives must be
registered first, and when the account is charged. What a place's sources do not say is None: it is never guessed, and
whoever needs it is told that it is not known.
"""

from __future__ import annotations

import enum
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from importlib.resources import files
from typing import Any

from huimin.errors import InputError
from huimin.money import parse_yuan
from huimin.platform.foundation.relations import Relation

__all__ = ["AccountRule", "Mode", "Part", "rule_on", "rules"]


class Part(enum.StrEnum):
    """Which part of the balance may pay."""

    HISTORIC = "historic"
    """What was saved in earlier years."""
    TOTAL = "total"


class Mode(enum.StrEnum):
    """When the account is charged."""

    REAL_TIME = "real_time"
    MONTHLY_LIST = "monthly_list"
    """The agency approves a list each month, and transfers what it approved."""
    PAY_THEN_OFFSET = "pay_then_offset"
    """The payer pays in another way; the account is charged later, and they get that money back."""


@dataclass(frozen=True, slots=True)
class AccountRule:
    """One area's rule. Amounts in fen. None: the sources do not say."""

    place: str
    zh: str
    en: str
    since: date
    """The first day for which the sources state the rule. It holds until a later rule of the same place."""
    source: str
    relations: frozenset[Relation]
    part: Part | None
    above: int | None
    """The balance must be more than this before it is charged; 0 where any balance will do."""
    most_relatives: int | None
    relatives_since: date | None
    """The day from which relatives may be paid for, where that is later than for oneself."""
    relatives_within: str | None
    """Where relatives must be insured: `province` or `city`."""
    relatives_in_benefit: bool | None
    """Whether relatives must be able to draw benefits from basic insurance today."""
    filing: bool | None
    """Whether relatives must first be registered to share the account."""
    split: bool | None
    """Whether the rest may be paid in another way when the account does not cover everything."""
    mode: Mode | None
    telephone_registered: bool | None
    """Whether the payer's telephone must be the one that the bureau has."""


@cache
def rules() -> tuple[AccountRule, ...]:
    """Every rule, by place and day. Raises InputError for a table that cannot be read."""
    text = files(__package__).joinpath("rules.toml").read_text("utf-8")
    found = tuple(
        sorted((_rule(row) for row in tomllib.loads(text)["rule"]), key=lambda rule: (rule.place, rule.since))
    )
    if len({(rule.place, rule.since) for rule in found}) < len(found):
        raise InputError("rules.toml has two rules of one place and day; expected one")
    return found


def rule_on(place: str, day: date) -> AccountRule | None:
    """The place's rule on that day; None where it has none yet."""
    return next((rule for rule in reversed(rules()) if rule.place == place and rule.since <= day), None)


def _rule(row: Mapping[str, Any]) -> AccountRule:
    extra = row.keys() - set(AccountRule.__dataclass_fields__)
    if extra:
        raise InputError(f"rules.toml, {row.get('place')}: found {', '.join(sorted(extra))}; expected fields of a rule")
    above, part, mode = row.get("above"), row.get("part"), row.get("mode")
    return AccountRule(
        place=row["place"],
        zh=row["zh"],
        en=row["en"],
        since=row["since"],
        source=row["source"],
        relations=frozenset(map(Relation, row["relations"])),
        part=None if part is None else Part(part),
        above=None if above is None else parse_yuan(above),
        most_relatives=row.get("most_relatives"),
        relatives_since=row.get("relatives_since"),
        relatives_within=row.get("relatives_within"),
        relatives_in_benefit=row.get("relatives_in_benefit"),
        filing=row.get("filing"),
        split=row.get("split"),
        mode=None if mode is None else Mode(mode),
        telephone_registered=row.get("telephone_registered"),
    )
