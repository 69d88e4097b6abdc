"""Reserving, drawing and giving back: where a fund's money goes, step by step (ADR 35).

Each is called inside the transaction of what it is for. A reservation belongs to the person, and serves whichever of
their orders is completed first. What an order knows it by is a *reference*: the draw's number and a mark of the order's
own, so that two orders that rely on one draw are told apart.
"""

from __future__ import annotations

import secrets
from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.utils import timezone

from huimin.platform.foundation.clock import now
from huimin.platform.foundation.models import City
from huimin.platform.people.api import lock_persons
from huimin.platform.subsidies.failures import SubsidyError
from huimin.platform.subsidies.guard import put_back, take_out, wait_for_all
from huimin.platform.subsidies.models import Draw, DrawStatus
from huimin.platform.subsidies.selectors import fund_codes, fund_ids

__all__ = ["Returned", "Wanted", "let_go", "of_references", "reserve", "return_to_funds", "secure", "use"]

_KEPT_FOR = timedelta(hours=2)
"""So long a reservation is kept from others. It stays after that, until somebody else needs the money."""
_LET_GO_AT_ONCE = 200
Key = tuple[int, int]
"""A fund and a resident, by their ids."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a fund is to pay for a person; `entry_id` is where its roster has them."""

    fund: str
    resident_id: int
    entry_id: int
    fen: int


@dataclass(frozen=True, slots=True)
class Returned:
    """What went back to a fund, by the reference of the order that had used it."""

    reference: str
    fund: str
    fen: int


def reserve(city: City, wanted: Sequence[Wanted], keep_until: datetime | None = None) -> list[str]:
    """Set the money aside. What is set aside for these people already is used. Returns the reference of each.

    `keep_until`: until when others cannot have it, by the real clock; by default two hours from now.

    Raises SubsidyError (`fund_used_up`) where a fund has not enough left: let it end the transaction.
    """
    if not wanted:
        return []
    ids, codes = fund_ids(city), fund_codes(city)
    # Two orders for one person wait for each other.
    lock_persons(city, {one.resident_id for one in wanted})
    held = _open_draws(city, {ids[one.fund] for one in wanted}, {one.resident_id for one in wanted})
    kept, fresh, replaced = _compared(ids, held, wanted)
    moment = timezone.now()
    _end_now(city, [draw.pk for draw in replaced], "another_amount", moment)
    need: dict[int, int] = defaultdict(int)
    for one in fresh:
        need[ids[one.fund]] += one.fen
    for draw in replaced:
        need[draw.fund_id] -= draw.amount
    for fund_id in sorted(need):
        _move(city, fund_id, need[fund_id], codes[fund_id])
    rows = [_draw(city, ids[one.fund], one, moment) for one in fresh]
    Draw.objects.insert(rows)
    draws = {(draw.fund_id, draw.resident_id): draw for draw in [*kept, *rows]}
    references = [_reference(draws[ids[one.fund], one.resident_id]) for one in wanted]
    for one, reference in zip(wanted, references, strict=True):
        draw = draws[ids[one.fund], one.resident_id]
        Draw.objects.of(city).filter(pk=draw.pk).update(claim=reference, expires_at=keep_until or moment + _KEPT_FOR)
    return references


def _compared(
    ids: dict[str, int], held: dict[Key, Draw], wanted: Sequence[Wanted]
) -> tuple[list[Draw], list[Wanted], list[Draw]]:
    """What is set aside already and stays, what is to be set aside, and what another amount takes the place of.

    Raises SubsidyError (`fund_used_up`) where a fund has paid for somebody already.
    """
    kept, fresh, replaced = [], [], []
    for one in wanted:
        draw = held.get((ids[one.fund], one.resident_id))
        if draw is not None and draw.status == DrawStatus.COMMITTED:
            raise _used_up(one.fund)
        if draw is not None and draw.amount == one.fen:
            kept.append(draw)
            continue
        fresh.append(one)
        if draw is not None:
            replaced.append(draw)
    return kept, fresh, replaced


def secure(city: City, references: Collection[str]) -> set[str]:
    """Those of the references whose money is there; it stays so until the transaction ends.

    A reservation that was let go since is made again where the fund still has enough. Nothing is taken for the others.
    """
    draws = of_references(city, references)
    moment, found = timezone.now(), set()
    gone = Counter(draw.fund_id for draw in draws.values() if draw.status == DrawStatus.RELEASED)
    for fund_id in sorted(fund_id for fund_id, takings in gone.items() if takings > 1):
        wait_for_all(city, fund_id)
    for reference in sorted(draws):
        draw = draws[reference]
        if draw.status == DrawStatus.RELEASED and _take(city, draw.fund_id, draw.amount):
            rows = Draw.objects.of(city).filter(pk=draw.pk)
            rows.update(status=DrawStatus.RESERVED, expires_at=moment + _KEPT_FOR, ended_at=None, end_reason="")
            draw.status = DrawStatus.RESERVED
        if draw.status == DrawStatus.RESERVED:
            found.add(reference)
    return found


def use(city: City, references: Sequence[str], at: datetime) -> None:
    """Policies were issued, and these draws have paid for them. They were secured in the same transaction."""
    for reference, draw in of_references(city, references).items():
        rows = Draw.objects.of(city).filter(pk=draw.pk, status=DrawStatus.RESERVED)
        if not rows.update(status=DrawStatus.COMMITTED, claim=reference, committed_at=at):
            raise SubsidyError(
                f"the draw {reference} is {draw.status}; expected one that is secured", code="not_secured"
            )


def let_go(city: City, references: Sequence[str], _at: datetime) -> None:
    """These orders do not need their money after all. What another order of the person relies on stays."""
    moment = timezone.now()
    for reference, draw in of_references(city, references).items():
        if draw.status == DrawStatus.RESERVED and draw.claim == reference:
            _end_now(city, [draw.pk], "not_needed", moment)
            put_back(city, draw.fund_id, draw.amount)


def return_to_funds(city: City, references: Collection[str], reason: str, at: datetime) -> list[Returned]:
    """Policies are cancelled: what funds paid for them goes back. `reason` is a code.

    Safe to run twice. The caller posts `subsidy_returned` for each.
    """
    codes = fund_codes(city)
    back = []
    for reference, draw in sorted(of_references(city, references).items()):
        if draw.status == DrawStatus.COMMITTED and draw.claim == reference:
            Draw.objects.of(city).filter(pk=draw.pk).update(status=DrawStatus.RETURNED, ended_at=at, end_reason=reason)
            put_back(city, draw.fund_id, draw.amount)
            back.append(Returned(reference, codes[draw.fund_id], draw.amount))
    return back


def of_references(city: City, references: Collection[str]) -> dict[str, Draw]:
    """The draw of each reference, locked in the order of funds. A draw may have several."""
    numbers = {reference: int(reference.partition("-")[0]) for reference in references}
    if not numbers:
        return {}
    rows = Draw.objects.fetch(city, {"id": sorted(set(numbers.values()))}, order_by=("fund", "id"), lock=True)
    draws = {draw.pk: draw for draw in rows}
    return {reference: draws[number] for reference, number in numbers.items()}


def _reference(draw: Draw) -> str:
    return f"{draw.pk}-{secrets.token_hex(8)}"


def _draw(city: City, fund_id: int, wanted: Wanted, moment: datetime) -> Draw:
    return Draw(
        city=city,
        fund_id=fund_id,
        resident_id=wanted.resident_id,
        entry_id=wanted.entry_id,
        amount=wanted.fen,
        created_at=now(city),
        expires_at=moment + _KEPT_FOR,
    )


def _open_draws(city: City, funds: Collection[int], residents: Collection[int]) -> dict[Key, Draw]:
    where = {
        "fund": sorted(funds),
        "resident": sorted(residents),
        "status": [DrawStatus.RESERVED, DrawStatus.COMMITTED],
    }
    rows = Draw.objects.fetch(city, where, order_by=("fund", "id"), lock=True)
    return {(draw.fund_id, draw.resident_id): draw for draw in rows}


def _move(city: City, fund_id: int, fen: int, code: str) -> None:
    """Take from a fund, or put back what is below zero. Raises SubsidyError (`fund_used_up`)."""
    if fen < 0:
        put_back(city, fund_id, -fen)
    elif fen and not _take(city, fund_id, fen):
        raise _used_up(code)


def _take(city: City, fund_id: int, fen: int) -> bool:
    """Take what nobody has; where that is too little, also what is set aside for orders that were not paid in time."""
    if take_out(city, fund_id, fen):
        return True
    _let_late_go(city, fund_id)
    return take_out(city, fund_id, fen)


def _let_late_go(city: City, fund_id: int) -> None:
    """Give back what is set aside for orders that nobody has paid in time. Those that are being paid now are left."""
    moment = timezone.now()
    late = Draw.objects.of(city).filter(fund=fund_id, status=DrawStatus.RESERVED, expires_at__lt=moment)
    rows = list(late.order_by("expires_at").select_for_update(skip_locked=True)[:_LET_GO_AT_ONCE])
    _end_now(city, [draw.pk for draw in rows], "not_paid_in_time", moment)
    freed = sum(draw.amount for draw in rows)
    if freed:
        put_back(city, fund_id, freed)


def _end_now(city: City, draw_ids: Iterable[int], reason: str, at: datetime) -> None:
    rows = Draw.objects.of(city).filter(pk__in=list(draw_ids), status=DrawStatus.RESERVED)
    rows.update(status=DrawStatus.RELEASED, ended_at=at, end_reason=reason)


def _used_up(code: str) -> SubsidyError:
    return SubsidyError(
        f"the money of the fund {code} has been used up meanwhile; look at the price again", code="fund_used_up"
    )
