"""Compares statements with the journal: each line is one decision, and what is open is what the journal owes."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence

from huimin.platform.clearing.lines import digest_of
from huimin.platform.clearing.making import paid_clients, party_of, unstated_since
from huimin.platform.clearing.models import HospitalStatement, StatementLine
from huimin.platform.clearing.money import by_bill, unpaid_of
from huimin.platform.foundation.models import City
from huimin.platform.ledger.api import Decided, Entry, Party, Verification, decided_for, owed_by_fact
from huimin.platform.payouts.api import payouts_to_hospital

__all__ = ["recompute_statements"]


def recompute_statements(city: City, result: Verification) -> Iterator[Entry]:
    """Statements post nothing: they say what the journal owes. So there are faults, and no entries."""
    for client in paid_clients(city):
        party = party_of(client)
        lines = list(StatementLine.objects.of(city).filter(party=party.text).order_by("pk"))
        result.counts["statement lines"] += len(lines)
        decided = {one.entry: one for one in decided_for(city, party)}
        result.faults += [*_of_statements(city, party, lines), *_of_lines(lines, decided)]
        result.faults += [*_left_behind(city, party, lines, decided), *_of_payouts(city, party, lines)]
        result.faults += _of_open_lines(city, party, lines, decided)
    yield from ()


def _of_statements(city: City, party: Party, lines: Sequence[StatementLine]) -> Iterator[str]:
    own: dict[int, list[StatementLine]] = defaultdict(list)
    for line in lines:
        own[line.statement_id].append(line)
    for statement in HospitalStatement.objects.of(city).filter(party=party.text).order_by("pk"):
        of_it = sorted(own[statement.pk], key=lambda line: line.number)
        digest = digest_of(party.text, statement.month, [(one.number, one.setl_id, one.amount) for one in of_it])
        said = (statement.rows, statement.amount, statement.digest)
        if said != (len(of_it), sum(one.amount for one in of_it), digest):
            yield f"hospital statements: {statement} has not the lines that it was made with"


def _of_lines(lines: Sequence[StatementLine], decided: dict[int, Decided]) -> Iterator[str]:
    for line in lines:
        one = decided.get(line.entry)
        if one is None or (one.source, one.cause, one.amount) != (line.source, line.cause, line.amount):
            yield f"hospital statements: {line} of {line.party} is not what the journal decided in entry {line.entry}"


def _left_behind(
    city: City, party: Party, lines: Sequence[StatementLine], decided: dict[int, Decided]
) -> Iterator[str]:
    """What no statement has, and none would take any more."""
    since, stated = unstated_since(city, party), {line.entry for line in lines}
    for one in decided.values():
        if since is not None and one.posted_at < since and one.entry not in stated:
            yield f"hospital statements: {one.source} of {party} stands in none, and is older than the last"


def _of_payouts(city: City, party: Party, lines: Sequence[StatementLine]) -> Iterator[str]:
    paid: dict[int, list[StatementLine]] = defaultdict(list)
    for line in lines:
        if line.payout_id is not None:
            paid[line.payout_id].append(line)
    payouts = payouts_to_hospital(city, party.text)
    for number in sorted(paid.keys() - payouts.keys()):
        yield f"hospital statements: payout {number} has lines of {party}, and is not made to it"
    for payout in payouts.values():
        fen = sum(by_bill(paid[payout.id]).values())
        if payout.stands and fen != payout.amount:
            yield f"hospital statements: payout {payout.id} to {party} is {payout.amount} fen and its lines {fen} fen"


def _of_open_lines(
    city: City, party: Party, lines: Sequence[StatementLine], decided: dict[int, Decided]
) -> Iterator[str]:
    """Bill by bill: lines that no payout has, and what no statement has yet, are what the journal owes."""
    stated = {line.entry for line in lines}
    expected = defaultdict(int, by_bill(unpaid_of(lines, payouts_to_hospital(city, party.text))))
    for one in decided.values():
        expected[one.source] += one.amount if one.entry not in stated else 0
    owed = owed_by_fact(city, party)
    for source in sorted(expected.keys() | owed.keys()):
        if expected[source] != owed.get(source, 0):
            yield (
                f"hospital statements: {expected[source]} fen are open for {source} of {party}, "
                f"and the journal owes {owed.get(source, 0)} fen"
            )
