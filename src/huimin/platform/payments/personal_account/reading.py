"""Lists, lines and transfers, as pages and files show them."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime

from django.db.models import Case, Count, IntegerField, Sum, Value, When

from huimin.platform.foundation.models import City
from huimin.platform.foundation.paging import Paged, paged
from huimin.platform.payments.personal_account.models import (
    AccountLine,
    AccountList,
    AccountListRow,
    AccountTransfer,
    LineState,
    TransferState,
)
from huimin.platform.people.api import named_persons

__all__ = [
    "AccountLineFacts",
    "AccountListFacts",
    "ListedLine",
    "Sums",
    "TransferFacts",
    "account_line_sums",
    "account_list",
    "account_lists",
    "line_facts",
    "listed_lines",
    "owed_by_area",
    "to_be_listed",
    "transfers_of",
    "transfers_waiting",
]


@dataclass(frozen=True, slots=True)
class Sums:
    """So many lines of so many fen together."""

    count: int = 0
    amount: int = 0


@dataclass(frozen=True, slots=True)
class AccountListFacts:
    """A list as it was sent, and how many of its lines stand at what now."""

    id: int
    area: str
    month: date
    version: int
    digest: str
    rows: int
    amount: int
    made_at: datetime
    by_state: Mapping[str, Sums]

    @property
    def waiting(self) -> Sums:
        return self.by_state.get(LineState.LISTED, Sums())

    @property
    def struck_out(self) -> Sums:
        return self.by_state.get(LineState.STRUCK_OUT, Sums())

    @property
    def approved(self) -> Sums:
        """Approved, whatever became of the money since."""
        rest = [one for state, one in self.by_state.items() if state not in (LineState.LISTED, LineState.STRUCK_OUT)]
        return Sums(sum(one.count for one in rest), sum(one.amount for one in rest))


@dataclass(frozen=True, slots=True)
class AccountLineFacts:
    key: str
    state: str
    reason: str
    amount: int
    relation: str
    payer_area: str
    insured_area: str
    mode: str
    order_reference: str


@dataclass(frozen=True, slots=True)
class ListedLine:
    """A row of a list with the names that its agency needs. For those alone who may see the list."""

    number: int
    line: AccountLineFacts
    payer_name: str
    payer_psn_no: str
    insured_name: str
    insured_psn_no: str


def account_lists(city: City, areas: Collection[str] | None) -> list[AccountListFacts]:
    """The lists of these areas (None: of all), the latest first."""
    rows = AccountList.objects.of(city).order_by("-month", "area", "-version")
    if areas is not None:
        rows = rows.filter(area__in=list(areas))
    return _facts(city, list(rows))


def account_list(city: City, list_id: int) -> AccountListFacts | None:
    return next(iter(_facts(city, list(AccountList.objects.of(city).filter(pk=list_id)))), None)


def _facts(city: City, rows: Sequence[AccountList]) -> list[AccountListFacts]:
    lines = AccountLine.objects.of(city).filter(listed__in=[row.pk for row in rows])
    sums: dict[int, dict[str, Sums]] = {row.pk: {} for row in rows}
    counted = lines.values_list("listed", "state").annotate(n=Count("pk"), total=Sum("amount")).order_by()
    for listed, state, count, amount in counted:
        sums[listed][state] = Sums(count, amount)
    return [
        AccountListFacts(
            row.pk, row.area, row.month, row.version, row.digest, row.rows, row.amount, row.made_at, sums[row.pk]
        )
        for row in rows
    ]


def listed_lines(city: City, list_id: int, page: int | None = None, state: str = "") -> Paged[ListedLine]:
    """The rows of a list, in their order; all of them where no page is asked for."""
    rows = AccountListRow.objects.of(city).filter(account_list=list_id).select_related("line").order_by("number")
    if state:
        rows = rows.filter(line__state=state)
    found = paged(rows, page) if page is not None else Paged(list(rows), 1, 1, rows.count())
    people = named_persons(city, {key for row in found for key in (row.line.payer_id, row.line.insured_id)})
    shown = [
        ListedLine(
            row.number,
            line_facts(row.line),
            people[row.line.payer_id].name,
            people[row.line.payer_id].psn_no,
            people[row.line.insured_id].name,
            people[row.line.insured_id].psn_no,
        )
        for row in found
    ]
    return Paged(shown, found.number, found.pages, found.total)


def line_facts(line: AccountLine) -> AccountLineFacts:
    return AccountLineFacts(
        key=line.key,
        state=line.state,
        reason=line.reason,
        amount=line.amount,
        relation=line.relation,
        payer_area=line.payer_area,
        insured_area=line.insured_area,
        mode=line.mode,
        order_reference=line.order_reference,
    )


def to_be_listed(city: City, areas: Collection[str]) -> dict[str, Sums]:
    """What is held, used and on no list yet, by the account's area."""
    rows = AccountLine.objects.of(city).filter(payer_area__in=list(areas), state=LineState.HELD, used_at__isnull=False)
    sums = rows.exclude(mode="real_time").values_list("payer_area").annotate(n=Count("pk"), total=Sum("amount"))
    return {area: Sums(count, amount) for area, count, amount in sums.order_by()}


def owed_by_area(city: City, areas: Collection[str]) -> dict[str, Sums]:
    """What is approved and not transferred yet, by the insured's area."""
    states = (LineState.APPROVED, LineState.RETURNED)
    rows = AccountLine.objects.of(city).filter(insured_area__in=list(areas), state__in=states)
    sums = rows.values_list("insured_area").annotate(n=Count("pk"), total=Sum("amount")).order_by()
    return {area: Sums(count, amount) for area, count, amount in sums}


@dataclass(frozen=True, slots=True)
class TransferFacts:
    """A transfer as its agency recorded it, and what the bank has of it."""

    id: int
    area: str
    reference: str
    amount: int
    rows: int
    sent_on: date
    state: str
    bank_day: date | None


def transfers_of(city: City, areas: Collection[str] | None, page: int) -> Paged[TransferFacts]:
    """Transfers of these areas (None: of all), those that wait for the bank first."""
    rows = AccountTransfer.objects.of(city)
    if areas is not None:
        rows = rows.filter(area__in=list(areas))
    first = Case(When(state=TransferState.SENT, then=Value(0)), default=Value(1), output_field=IntegerField())
    found = paged(rows.order_by(first, "-recorded_at", "-pk"), page)
    names = ("id", "area", "reference", "amount", "rows", "sent_on", "state", "bank_day")
    return replace(found, rows=[TransferFacts(*(getattr(row, name) for name in names)) for row in found])


def transfers_waiting(city: City) -> int:
    """How many transfers wait for somebody to look at the bank's statement."""
    return AccountTransfer.objects.of(city).filter(state=TransferState.SENT).count()


def account_line_sums(city: City) -> dict[str, Sums]:
    """How many lines stand at what, and of how many fen."""
    rows = AccountLine.objects.of(city).values_list("state").annotate(n=Count("pk"), total=Sum("amount")).order_by()
    return {state: Sums(count, amount) for state, count, amount in rows}
