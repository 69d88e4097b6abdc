"""`huimin ledger verify`: compares the books, group by group, with what the facts give.

The ledger does not know the facts, which belong to the contexts above it. Each of these registers, at start-up, a
function that computes its entries again from its facts, and the groups of accounts that those entries touch. If nobody
computes a group it cannot be verified, and `verify_city` refuses to say that the books are right.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from huimin.errors import HuiminError
from huimin.money import format_yuan
from huimin.platform.foundation.models import City
from huimin.platform.ledger.accounts import ACCOUNTS, GROUPS, Group
from huimin.platform.ledger.entries import Entry
from huimin.platform.ledger.selectors import (
    Movements,
    balances,
    faults_of_rows,
    movements_by_source,
    unbalanced_entries,
)

__all__ = [
    "GroupVerification",
    "Recompute",
    "Verification",
    "nothing_yet",
    "register_verifier",
    "verifiers_of",
    "verify_city",
]


@dataclass(slots=True)
class GroupVerification:
    """One group of accounts, compared fact by fact."""

    group: Group
    sources: int = 0
    """How many facts have money in the group, according to the facts or to the books."""
    wrong: list[str] = field(default_factory=list)
    """The names of the facts for which the books differ from what the facts give."""


@dataclass(slots=True)
class Verification:
    """What was recomputed, and a sentence for everything that does not agree. Without any the books are right."""

    city: str
    counts: Counter[str] = field(default_factory=Counter)
    """How many `orders`, `policies`, `settlements` and so on were checked."""
    faults: list[str] = field(default_factory=list)
    groups: dict[str, GroupVerification] = field(default_factory=dict)
    balances: Movements = field(default_factory=dict)


Recompute = Callable[[City, Verification], Iterator[Entry]]
"""Yields every entry that follows from the facts of a context, as if none had been posted. It may add to the counts,
and it adds what is wrong with the facts themselves to the faults.
"""


@dataclass(frozen=True, slots=True)
class _Verifier:
    groups: tuple[Group, ...]
    recompute: Recompute


_VERIFIERS: dict[str, _Verifier] = {}


def register_verifier(name: str, *, groups: tuple[Group, ...], recompute: Recompute) -> None:
    """Register what computes entries of these groups again. Called once at start-up for each `name`."""
    _VERIFIERS[name] = _Verifier(groups, recompute)


def verifiers_of(group: Group) -> list[str]:
    """The names of those that compute entries of the group again."""
    return [name for name, verifier in _VERIFIERS.items() if group in verifier.groups]


def nothing_yet(city: City, result: Verification) -> Iterator[Entry]:
    """The verifier for groups for which no context has facts yet: whatever is posted there is a fault."""
    return iter(())


def verify_city(city: City) -> Verification:
    """Decide every member-year again and share out every fen again, from the facts alone, and compare with the books.

    Raises HuiminError (`group_without_verifier`) if nobody computes some group of accounts again.
    """
    unknown = [group.code for group in GROUPS if not verifiers_of(group)]
    if unknown:
        text = f"nobody computes the accounts of {', '.join(unknown)} again from facts; register a verifier for them"
        raise HuiminError(text, code="group_without_verifier")
    result = Verification(city.code, balances=balances(city))
    result.groups = {group.code: GroupVerification(group) for group in GROUPS}
    result.faults += [f"journal entry {pk} is not balanced" for pk in unbalanced_entries(city)]
    result.faults += faults_of_rows(city)
    if sum(result.balances.values()) != 0:
        result.faults.append("debits and credits differ")
    _compare(result, _expected(city, result), movements_by_source(city))
    return result


def _expected(city: City, result: Verification) -> dict[str, Movements]:
    """The movements that follow from the facts, by source."""
    expected: dict[str, Movements] = defaultdict(lambda: defaultdict(int))
    for name, verifier in _VERIFIERS.items():
        for entry in verifier.recompute(city, result):
            movements = expected[entry.source]
            for line in entry.lines:
                if line.account.group not in verifier.groups:
                    text = f"{name} computes {line.account}, and did not register for {line.account.group.code}"
                    raise HuiminError(text, code="verifier_of_other_group")
                movements[line.account.code, line.party.text if line.party is not None else ""] += line.amount
    return expected


def _compare(result: Verification, expected: Mapping[str, Movements], posted: Mapping[str, Movements]) -> None:
    for source in sorted(expected.keys() | posted.keys()):
        given = {key: fen for key, fen in expected.get(source, {}).items() if fen}
        found = posted.get(source, {})
        for group in _groups_of(result, given.keys() | found.keys()):
            group.sources += 1
        if given == found:
            continue
        result.faults.append(f"{source}: the facts give {_words(given)}; the journal has {_words(found)}")
        differing = {key for key in given.keys() | found.keys() if given.get(key) != found.get(key)}
        for group in _groups_of(result, differing):
            group.wrong.append(source)


def _groups_of(result: Verification, keys: Iterable[tuple[str, str]]) -> list[GroupVerification]:
    """The groups of these accounts. An unknown account has no group; `faults_of_rows` has reported it."""
    codes = {ACCOUNTS[account].group.code for account, _party in keys if account in ACCOUNTS}
    return [result.groups[code] for code in sorted(codes)]


def _words(movements: Movements) -> str:
    parts = (f"{account} {party} {format_yuan(fen)}" for (account, party), fen in sorted(movements.items()))
    return ", ".join(part.replace("  ", " ") for part in parts) or "nothing"
