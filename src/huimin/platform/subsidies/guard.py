"""What a fund has left, and taking from it: nothing is ever taken that is not there, however many ask at once.

A fund's money lies in several parts. Whoever takes locks one part, and holds it until their transaction ends; another
who comes meanwhile takes from another part. Only where no single part has enough are all of them locked, and then
their sum decides. The database itself refuses a part below zero.
"""

from __future__ import annotations

from django.db import transaction
from django.db.models import F

from huimin.money import share_out
from huimin.platform.foundation.models import City
from huimin.platform.subsidies.models import FundPart

__all__ = ["PARTS", "put_back", "put_in", "take_out", "wait_for_all"]

PARTS = 8
"""About as many as draw at the same moment on a busy day: an order's transaction holds its part for milliseconds."""


def take_out(city: City, fund_id: int, fen: int) -> bool:
    """Take `fen` from what the fund has left. False, and nothing is taken, where it has less.

    Call it in the transaction of what the money is for. Who takes from several funds does so in the order of their ids.
    """
    return _take_from_one(city, fund_id, fen) or _take_from_all(city, fund_id, fen)


def _take_from_one(city: City, fund_id: int, fen: int) -> bool:
    """Take from the fullest part that is free and has enough.

    A row that others emptied between our reading and our locking is not found, but stays locked: all would then be
    waited for out of their order, and two who do so would wait for each other. The savepoint lets such a lock go.
    """
    enough = FundPart.objects.of(city).filter(fund=fund_id, left_fen__gte=fen)
    with transaction.atomic():
        part = enough.order_by("-left_fen").select_for_update(skip_locked=True).first()
        if part is not None:
            enough.filter(pk=part.pk).update(left_fen=F("left_fen") - fen)
            return True
        transaction.set_rollback(True)
    return False


def wait_for_all(city: City, fund_id: int) -> None:
    """Lock every part before more than one taking from a fund in one transaction, in the order in which all do."""
    _all_parts(city, fund_id)


def _all_parts(city: City, fund_id: int) -> list[FundPart]:
    return list(FundPart.objects.of(city).filter(fund=fund_id).order_by("number").select_for_update())


def _take_from_all(city: City, fund_id: int, fen: int) -> bool:
    """Wait for everybody who is taking, and take from as many parts as it needs."""
    parts = _all_parts(city, fund_id)
    if sum(part.left_fen for part in parts) < fen:
        return False
    for part in sorted(parts, key=lambda one: -one.left_fen):
        taken = min(fen, part.left_fen)
        if taken:
            FundPart.objects.of(city).filter(pk=part.pk).update(left_fen=F("left_fen") - taken)
        fen -= taken
    return True


def put_in(city: City, fund_id: int, fen: int) -> None:
    """Spread money over the parts of a fund: what was paid in."""
    parts = FundPart.objects.of(city).filter(fund=fund_id)
    numbers = [str(number) for number in range(PARTS)]
    for number, share in share_out(
        fen, dict.fromkeys(numbers, 1), dict(zip(numbers, range(PARTS), strict=True))
    ).items():
        parts.filter(number=number).update(left_fen=F("left_fen") + share)


def put_back(city: City, fund_id: int, fen: int) -> None:
    """Put back what was taken and not used: into whichever part is free."""
    parts = FundPart.objects.of(city).filter(fund=fund_id)
    free = parts.order_by("left_fen").select_for_update(skip_locked=True).first()
    chosen = parts.filter(number=0) if free is None else parts.filter(pk=free.pk)
    chosen.update(left_fen=F("left_fen") + fen)
