"""How each line of an order is paid beside the payment company: written with the order, read when money moves."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from huimin.errors import HuiminError
from huimin.platform.enrolment.models import LineMeans, MeansStatus, OrderLine
from huimin.platform.foundation.models import City
from huimin.platform.payments.api import MeansKind, collector_of

__all__ = ["LineMeansFacts", "OtherMeans", "fen_of_means", "means_of", "means_rows", "not_secured", "tell_collectors"]


@dataclass(frozen=True, slots=True)
class OtherMeans:
    """A part of one person's own part that is not paid through the payment company. Amount in fen.

    `party`: the code of the account's agency, or of the fund. `reference`: by which whoever collects it knows it.
    `sure`: it is drawn or held already, so that the order need not wait for it.
    """

    insured_id: int
    kind: MeansKind
    party: str
    amount: int
    reference: str
    sure: bool = False


@dataclass(frozen=True, slots=True)
class LineMeansFacts:
    """As pages show it. Amount in fen; `reason`: why it failed, as a code."""

    insured_id: int
    kind: MeansKind
    party: str
    amount: int
    status: str
    reason: str


def fen_of_means(means: Iterable[OtherMeans], own_parts: Mapping[int, int]) -> Counter[int]:
    """Fen by insured person. `own_parts`: what each person's own part is.

    Raises HuiminError `means_not_of_order` where they are for somebody else, are not above zero, or more than the own
    part; LookupError for means that nobody collects.
    """
    fen: Counter[int] = Counter()
    for one in means:
        collector_of(one.kind)
        if one.amount <= 0 or one.insured_id not in own_parts:
            raise _wrong(f"{one.amount} fen by {one.kind} for a person of the order or another")
        fen[one.insured_id] += one.amount
    for insured_id, amount in fen.items():
        if amount > own_parts[insured_id]:
            raise _wrong(f"{amount} fen by other means for an own part of {own_parts[insured_id]} fen")
    return fen


def _wrong(found: str) -> HuiminError:
    expected = "more than 0 fen, for somebody whom the order insures, and no more than their own part"
    return HuiminError(f"found {found}; expected {expected}", code="means_not_of_order")


def means_rows(
    city: City, lines: Sequence[OrderLine], means: Iterable[OtherMeans], moment: datetime
) -> list[LineMeans]:
    line_of = {line.insured_id: line for line in lines}
    return [
        LineMeans(
            city=city,
            line=line_of[one.insured_id],
            kind=one.kind,
            party=one.party,
            amount=one.amount,
            reference=one.reference,
            status=MeansStatus.IN if one.sure else MeansStatus.EXPECTED,
            created_at=moment,
            moved_at=moment if one.sure else None,
        )
        for one in means
    ]


def means_of(city: City, lines: Collection[OrderLine], *, lock: bool = False) -> list[LineMeans]:
    """Those of these lines. No statement where the company is paid for everything."""
    keys = [line.pk for line in lines if line.other_means]
    if not keys:
        return []
    found: list[LineMeans] = LineMeans.objects.fetch(city, {"line": keys}, order_by=("id",), lock=lock)
    return found


def not_secured(city: City, means: Iterable[LineMeans], lines: Collection[int]) -> set[int]:
    """Those of these lines, by key, of which a means cannot be used any more. The people are locked."""
    of_kind: dict[MeansKind, dict[str, int]] = defaultdict(dict)
    for one in means:
        if one.status != MeansStatus.FAILED and one.line_id in lines:
            of_kind[MeansKind(one.kind)][one.reference] = one.line_id
    lost = set()
    for kind, references in of_kind.items():
        secured = collector_of(kind).secured(city, list(references))
        lost |= {line for reference, line in references.items() if reference not in secured}
    return lost


def tell_collectors(city: City, means: Iterable[LineMeans], covered: Collection[int], moment: datetime) -> None:
    """Those of `covered` lines are used; the others are let go, but for those that failed. Within the transaction."""
    told: dict[tuple[MeansKind, bool], list[str]] = defaultdict(list)
    for one in means:
        if one.status != MeansStatus.FAILED:
            told[MeansKind(one.kind), one.line_id in covered].append(one.reference)
    for (kind, used), references in told.items():
        collector = collector_of(kind)
        (collector.used if used else collector.released)(city, references, moment)
