"""What an organisation has left, and what orders that it paid for do with it.

Whoever moves it locks its row, after the people of an order: in that order everywhere, so that nobody waits in a ring.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime

from django.db.models import F, Sum

from huimin.platform.bulk.entries import given_back_entry
from huimin.platform.bulk.failures import BulkError
from huimin.platform.bulk.models import BulkRow, GivenBack, OrganisationMoney, RowState
from huimin.platform.foundation.models import City
from huimin.platform.ledger.api import post

__all__ = ["give_back", "let_go", "money_of", "move_money", "use"]


def money_of(city: City, organisation_id: int, *, lock: bool = False) -> int:
    """Fen that the organisation has left."""
    rows = OrganisationMoney.objects.of(city).filter(organisation=organisation_id)
    row = (rows.select_for_update() if lock else rows).first()
    return row.left_fen if row is not None else 0


def move_money(city: City, organisation_id: int, fen: int) -> None:
    """Add `fen`, which may be below zero, to what is left. The database refuses to go below nothing."""
    rows = OrganisationMoney.objects.of(city).filter(organisation=organisation_id)
    rows.update(left_fen=F("left_fen") + fen)


def use(city: City, references: Sequence[str], at: datetime) -> None:
    """Orders that waited are issued: their rows say so. The policy's number is read from the order."""
    _of(city, references).filter(state=RowState.ORDERED).update(state=RowState.ENROLLED, changed_at=at)


def let_go(city: City, references: Sequence[str], at: datetime) -> None:
    """No cover came of these: the money is the organisation's again, and never left its account in the journal."""
    for row in _of(city, references).filter(state=RowState.ORDERED).select_for_update():
        row.state, row.changed_at, row.faults = RowState.REFUSED, at, [["", "order_refused", ""]]
        row.save(update_fields=["state", "changed_at", "faults"])
        move_money(city, row.organisation_id, row.fen)


def give_back(city: City, fen: Mapping[str, int], cause: str, at: datetime) -> None:
    """Policies ended: these fen, by reference, are the organisation's again. Raises BulkError `organisation_short`."""
    rows = {
        row.means: row for row in _of(city, list(fen)).select_related("organisation").select_for_update(of=("self",))
    }
    made = []
    for reference, amount in fen.items():
        row = rows[reference]
        before = GivenBack.objects.of(city).filter(row=row).aggregate(sum=Sum("amount"))["sum"] or 0
        if before + amount > row.fen:
            text = (
                f"{amount} fen would go back for row {row.pk}, for which {row.fen} fen were paid and {before} came back"
            )
            raise BulkError(text, code="organisation_short")
        if amount:
            made.append(GivenBack.objects.create(city=city, row=row, amount=amount, cause=cause, recorded_at=at))
            move_money(city, row.organisation_id, amount)
    codes = {row.pk: row.organisation.code for row in rows.values()}
    post(city=city, entries=[given_back_entry(codes[one.row_id], one) for one in made], at=at)


def _of(city: City, references: Sequence[str]):  # type: ignore[no-untyped-def]
    """The rows that means of payment name."""
    return BulkRow.objects.of(city).filter(pk__in=[int(one.removeprefix("row:")) for one in references]).order_by("pk")
