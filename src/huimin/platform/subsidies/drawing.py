"""Reserving, drawing and giving back: where a fund's money goes, step by step (ADR 35).

Each is called inside the transaction of what it is for. Residents are locked first, so that two orders for one person
wait for each other. A reservation belongs to the person, and serves whichever of their orders is completed first.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.utils import timezone

from huimin.platform.foundation.clock import now
from huimin.platform.foundation.models import City
from huimin.platform.people.api import lock_persons
from huimin.platform.subsidies.failures import SubsidyError
from huimin.platform.subsidies.guard import put_back, take_out
from huimin.platform.subsidies.models import Draw, DrawStatus
from huimin.platform.subsidies.selectors import fund_ids

__all__ = ["Due", "Returned", "Wanted", "commit", "release", "reserve", "return_to_funds"]

_KEPT_FOR = timedelta(hours=2)
"""So long a reservation is kept from others. It stays after that, until somebody else needs the money."""
_LET_GO_AT_ONCE = 200
_ENDED = frozenset({DrawStatus.RELEASED, DrawStatus.RETURNED})
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
class Due:
    """What a fund owes for a person of an order that has been paid."""

    order: str
    """The order's reference."""
    fund: str
    resident_id: int
    fen: int


@dataclass(frozen=True, slots=True)
class Returned:
    """What went back to a fund."""

    fund: str
    resident_id: int
    fen: int


def reserve(city: City, wanted: Sequence[Wanted]) -> None:
    """Set the money aside. What is set aside for these people already is used.

    Raises SubsidyError (`fund_used_up`) where a fund has not enough left: let it end the transaction.
    """
    if not wanted:
        return
    ids, codes = fund_ids(city), {key: code for code, key in fund_ids(city).items()}
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
    for draw in kept:
        draw.expires_at = moment + _KEPT_FOR
        Draw.objects.rewrite(draw, "expires_at")
    Draw.objects.queue([_draw(city, ids[one.fund], one.resident_id, one.entry_id, one.fen, moment) for one in fresh])


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


def commit(city: City, dues: Sequence[Due], at: datetime) -> set[tuple[str, int]]:
    """Let funds pay for people whose orders are paid. Returns order and resident of those for whom one could not.

    Nothing is drawn for these. The people are locked. A reservation that was let go since is made again where the money
    is there.
    """
    if not dues:
        return set()
    ids = fund_ids(city)
    draws = _last_draws(city, {ids[due.fund] for due in dues}, {due.resident_id for due in dues})
    of_person: dict[tuple[str, int], list[Due]] = defaultdict(list)
    for due in dues:
        of_person[due.order, due.resident_id].append(due)
    paid: list[tuple[Due, Draw]] = []
    short = set()
    for person, owed in of_person.items():
        found = _drawn(city, ids, draws, owed)
        paid += found or []
        if found is None:
            short.add(person)
    # Written last: a block does not read what it has written.
    for due, draw in paid:
        draw.status, draw.order, draw.committed_at = DrawStatus.COMMITTED, due.order, at
        if draw.pk is not None:
            Draw.objects.rewrite(draw, "status", "order", "committed_at")
    Draw.objects.queue([draw for _due, draw in paid if draw.pk is None])
    return short


def _drawn(
    city: City, ids: Mapping[str, int], draws: dict[Key, Draw], owed: Sequence[Due]
) -> list[tuple[Due, Draw]] | None:
    """The draw for each due of one person: what is reserved, or a new one where that was let go; None where one fund
    cannot pay. `draws`: the last one on each fund, whatever became of it; a draw serves one due."""
    found: list[tuple[Due, Draw]] = []
    for due in sorted(owed, key=lambda one: ids[one.fund]):
        key = (ids[due.fund], due.resident_id)
        draw = draws.pop(key, None)
        if draw is None or not _serves(city, draw, due):
            for back, taken in found:
                if taken.pk is None:
                    put_back(city, ids[back.fund], back.fen)
            return None
        if draw.status in _ENDED:
            draw = _draw(city, *key, draw.entry_id, due.fen, timezone.now())
        found.append((due, draw))
    return found


def _serves(city: City, draw: Draw, due: Due) -> bool:
    """Whether the fund can pay by this draw, or by a new one after this one ended. Then the money has been taken."""
    if draw.status in _ENDED:
        return _take(city, draw.fund_id, due.fen)
    return draw.status == DrawStatus.RESERVED and draw.amount == due.fen


def release(city: City, resident_ids: Collection[int], reason: str) -> None:
    """Give back what is set aside for these people: no order of theirs needs it. The people are locked."""
    if not resident_ids:
        return
    moment = timezone.now()
    rows = Draw.objects.fetch(
        city, {"resident": list(resident_ids), "status": DrawStatus.RESERVED}, order_by=("fund", "id"), lock=True
    )
    for draw in rows:
        _end_now(city, [draw.pk], reason, moment)
        put_back(city, draw.fund_id, draw.amount)


def return_to_funds(city: City, order: str, resident_ids: Collection[int], reason: str, at: datetime) -> list[Returned]:
    """The policies of these people of the order are cancelled: what funds paid for them goes back.

    Safe to run twice. The caller posts `subsidy_returned` for each.
    """
    codes = {key: code for code, key in fund_ids(city).items()}
    where = {"order": order, "resident": list(resident_ids), "status": DrawStatus.COMMITTED}
    rows = Draw.objects.fetch(city, where, order_by=("fund", "id"), lock=True)
    for draw in rows:
        Draw.objects.of(city).filter(pk=draw.pk).update(status=DrawStatus.RETURNED, ended_at=at, end_reason=reason)
        put_back(city, draw.fund_id, draw.amount)
    return [Returned(codes[draw.fund_id], draw.resident_id, draw.amount) for draw in rows]


def _draw(city: City, fund_id: int, resident_id: int, entry_id: int, fen: int, moment: datetime) -> Draw:
    return Draw(
        city=city,
        fund_id=fund_id,
        resident_id=resident_id,
        entry_id=entry_id,
        amount=fen,
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


def _last_draws(city: City, funds: Collection[int], residents: Collection[int]) -> dict[Key, Draw]:
    """An open draw comes before those that have ended, whichever was made first."""
    where = {"fund": sorted(funds), "resident": sorted(residents)}
    rows = Draw.objects.fetch(city, where, order_by=("fund", "id"), lock=True)
    rows = sorted(rows, key=lambda draw: (draw.status not in _ENDED, draw.created_at))
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
    _let_go(city, fund_id)
    return take_out(city, fund_id, fen)


def _let_go(city: City, fund_id: int) -> None:
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
