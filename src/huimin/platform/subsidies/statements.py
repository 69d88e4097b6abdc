"""What a sponsor's money did: what came in, what was drawn for whom in groups, what went back, what is left.

Whoever reads it may not see persons. A group of fewer than ten people is shown only together with others, so that
nobody can be told from it, nor worked out as what is missing from a sum.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from itertools import islice

from huimin.platform.foundation.clock import today
from huimin.platform.foundation.models import City
from huimin.platform.people.api import persons_by_id
from huimin.platform.subsidies.facts import FundFacts
from huimin.platform.subsidies.models import Contribution, Draw, DrawStatus, Returned
from huimin.platform.subsidies.roster_changes import read_reason
from huimin.platform.subsidies.selectors import left_in_funds

__all__ = ["FEWEST", "SEVERAL", "CameIn", "Cell", "FundStatement", "fund_statement", "grouped"]

FEWEST = 10
SEVERAL = "several"
"""The key of groups that are shown together, since one of them has too few people."""
_AT_ONCE = 5_000
_DECADE = 10


@dataclass(frozen=True, slots=True)
class Cell:
    """A group of people for whom a fund paid, and how much.

    `key`: a reason, an area's id, or the first age of a decade; SEVERAL for several groups together.
    """

    key: str
    people: int
    fen: int


@dataclass(frozen=True, slots=True)
class CameIn:
    day: date
    amount: int
    transfer: str


@dataclass(frozen=True, slots=True)
class FundStatement:
    """Amounts in fen. `came_in` is `drawn`, `reserved` and `left` together."""

    fund: FundFacts
    day: date
    contributions: list[CameIn]
    came_in: int
    drawn: int
    """Paid for policies that stand."""
    people: int
    reserved: int
    returned: int
    """Drawn once, and given back since: part of what is left, or drawn again."""
    left: int
    by_reason: list[Cell]
    by_area: list[Cell]
    by_age: list[Cell]

    @property
    def few(self) -> bool:
        """Whether so few people were paid for that their number is not shown."""
        return 0 < self.people < FEWEST


def fund_statement(city: City, fund: FundFacts) -> FundStatement:
    """As it stands now. Reads every draw of the fund, some thousands at a time."""
    rows = Contribution.objects.of(city).filter(fund=fund.id).order_by("received_on", "pk")
    contributions = [CameIn(row.received_on, row.amount, row.transfer) for row in rows]
    sums: Counter[str] = Counter()
    for status, fen in Draw.objects.of(city).filter(fund=fund.id).values_list("status", "amount"):
        sums[status] += fen
    parts = Returned.objects.of(city).filter(draw__fund=fund.id, draw__status=DrawStatus.COMMITTED)
    back = sum(parts.values_list("amount", flat=True))
    sums[DrawStatus.COMMITTED] -= back
    sums[DrawStatus.RETURNED] += back
    cells: dict[str, dict[str, Cell]] = {"reason": {}, "area": {}, "age": {}}
    people = 0
    for keys, fen in _drawn(city, fund.id, today(city)):
        people += 1
        for by, key in keys.items():
            before = cells[by].get(key, Cell(key, 0, 0))
            cells[by][key] = Cell(key, before.people + 1, before.fen + fen)
    return FundStatement(
        fund=fund,
        day=today(city),
        contributions=contributions,
        came_in=sum(one.amount for one in contributions),
        drawn=sums[DrawStatus.COMMITTED],
        people=people,
        reserved=sums[DrawStatus.RESERVED],
        returned=sums[DrawStatus.RETURNED],
        left=left_in_funds(city).get(fund.id, 0),
        by_reason=grouped(cells["reason"].values()),
        by_area=grouped(cells["area"].values()),
        by_age=sorted(grouped(cells["age"].values()), key=_by_age),
    )


def _by_age(cell: Cell) -> tuple[bool, int]:
    return (cell.key == SEVERAL, 0 if cell.key == SEVERAL else int(cell.key))


def _drawn(city: City, fund_id: int, day: date) -> Iterator[tuple[Mapping[str, str], int]]:
    """For each person for whom the fund has paid: their groups, and the fen."""
    rows = Draw.objects.of(city).filter(fund=fund_id, status=DrawStatus.COMMITTED).order_by("pk")
    values = rows.values_list("resident_id", "amount", "entry__version_id", "entry__reason").iterator(_AT_ONCE)
    while part := list(islice(values, _AT_ONCE)):
        people = persons_by_id(city, [resident for resident, *_rest in part])
        for resident, fen, version, reason in part:
            person = people[resident]
            age = day.year - person.birth_date.year
            age -= (day.month, day.day) < (person.birth_date.month, person.birth_date.day)
            yield (
                {
                    "reason": read_reason(city, version, resident, reason),
                    "area": str(person.area_id),
                    "age": str(age // _DECADE * _DECADE),
                },
                fen,
            )


def grouped(cells: Iterable[Cell]) -> list[Cell]:
    """The groups, the largest first. Those of fewer than ten people are put together, with the next larger ones where
    they are fewer than ten even so. Nothing is shown where all together are."""
    in_order = sorted(cells, key=lambda cell: (cell.people, cell.fen, cell.key))
    together: list[Cell] = []
    while in_order and (in_order[0].people < FEWEST or (together and _people(together) < FEWEST)):
        together.append(in_order.pop(0))
    shown = in_order[::-1]
    if len(together) == 1 and shown:
        together.append(shown.pop())
    if not together or _people(together) < FEWEST:
        return shown
    return [*shown, Cell(SEVERAL, _people(together), sum(cell.fen for cell in together))]


def _people(cells: Iterable[Cell]) -> int:
    return sum(cell.people for cell in cells)
