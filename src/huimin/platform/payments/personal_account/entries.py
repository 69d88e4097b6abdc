"""The journal entries of lines, from their facts alone: for posting, and for verifying what was posted.

That money is held is in its order's entries. What is approved or struck out of it names the order as its cause, so that
an order's part of `account_held` comes to zero.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from typing import Any

from huimin.platform.foundation.events import Event, that_stand
from huimin.platform.ledger.api import (
    Entry,
    agency_party,
    areas_settled,
    bank_party,
    one_area_owes_another,
    personal_account_approved,
    personal_account_offset,
    personal_account_returned,
    personal_account_struck_out,
    personal_account_transferred,
)
from huimin.platform.payments.personal_account.models import AccountLine, AreaSettlement
from huimin.platform.payments.personal_account.rules import Mode

__all__ = ["BANK", "clearing_source", "entries_of", "entries_of_event", "settlement_entry"]

BANK = "main"
"""The pool's account to which agencies transfer, as the journal names it."""


def clearing_source(month: str) -> str:
    """What entries between areas belong to. `month`: `2022-02`."""
    return f"area_clearing:{month}"


def entries_of(line: AccountLine, events: Iterable[Event]) -> Iterator[Entry]:
    """Every entry that a line's history gives."""
    for event in that_stand(events):
        yield from entries_of_event(line, event.kind, event.data)


def entries_of_event(line: AccountLine, kind: str, data: Mapping[str, Any]) -> list[Entry]:
    """The entries of one event of a line. `data`: of an approval the `month`, of a transfer its number."""
    charges, pays, bank = agency_party(line.payer_area), agency_party(line.insured_area), bank_party(BANK)
    named = {"source": line.source, "cause": f"order:{line.order_reference}"}
    if kind == "approved":
        return _approved(line, data["month"])
    if kind == "struck_out" and _is_in_books(line):
        return [personal_account_struck_out(**named, charges=charges, amount=line.amount)]
    of_transfer = {"source": line.source, "cause": f"account_transfer:{data.get('transfer')}"}
    if kind == "received":
        return [personal_account_transferred(**of_transfer, agency=pays, bank=bank, amount=line.amount)]
    if kind == "returned" and data.get("was_received"):
        return [personal_account_returned(**of_transfer, agency=pays, bank=bank, amount=line.amount)]
    return []


def _is_in_books(line: AccountLine) -> bool:
    return line.used_at is not None and line.mode != Mode.PAY_THEN_OFFSET


def _approved(line: AccountLine, month: str) -> list[Entry]:
    charges, pays, amount = agency_party(line.payer_area), agency_party(line.insured_area), line.amount
    named = {"source": line.source, "cause": f"order:{line.order_reference}"}
    if line.mode == Mode.PAY_THEN_OFFSET:
        found = [personal_account_offset(**named, pays=pays, amount=amount)]
    else:
        found = [personal_account_approved(**named, charges=charges, pays=pays, amount=amount)]
    if charges != pays:
        source = clearing_source(month)
        found.append(one_area_owes_another(source=source, cause=line.source, charges=charges, pays=pays, amount=amount))
    return found


def settlement_entry(row: AreaSettlement) -> Entry:
    month: date = row.month
    source = clearing_source(f"{month:%Y-%m}")
    positions = {agency_party(area): fen for area, fen in row.positions.items() if fen}
    return areas_settled(source=source, cause=f"area_settlement:{month:%Y-%m}:{row.number}", positions=positions)
