"""Organisations and their files, as pages show them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime

from django.db.models import Count, Sum
from django.utils import timezone

from huimin.platform.bulk.models import (
    ENROLLED,
    BulkFile,
    BulkRow,
    Deposit,
    FileState,
    GivenBack,
    Organisation,
    OrganisationMoney,
    Payout,
    RowState,
)
from huimin.platform.bulk.organisations import DEPOSIT, PAYOUT
from huimin.platform.foundation.approvals.proposal import Proposal
from huimin.platform.foundation.approvals.selectors import open_proposals_on
from huimin.platform.foundation.models import City
from huimin.platform.foundation.paging import Paged, paged

__all__ = [
    "FileFacts",
    "Moved",
    "OrganisationFacts",
    "all_organisations",
    "bulk_file",
    "bulk_files",
    "money_moves",
    "money_proposals",
    "organisation_by_code",
]


@dataclass(frozen=True, slots=True)
class OrganisationFacts:
    """`left` fen: paid in, and nobody enrolled for it yet."""

    id: int
    code: str
    name: str
    credit_code: str
    left: int


@dataclass(frozen=True, slots=True)
class Moved:
    """One movement of an organisation's money, in fen: above zero what came to it here."""

    kind: str
    fen: int
    on: date
    text: str
    by: str


@dataclass(frozen=True, slots=True)
class FileFacts:
    """A file and what came of its rows. `counts`: rows by state; `short` fen are missing for those that agreed."""

    id: int
    organisation: OrganisationFacts
    name: str
    kind: str
    channel: str
    state: str
    sent_by: str
    received_at: datetime
    accepted_by: str
    accepted_at: datetime | None
    percent: int
    stuck: bool
    """Its check failed for a reason of the program's own: an administrator sees the task."""
    faults: tuple[tuple[str, str, str], ...]
    counts: Mapping[str, int]
    agreed_fen: int
    short: int

    @property
    def rows(self) -> int:
        return sum(self.counts.values())


def all_organisations(city: City) -> list[OrganisationFacts]:
    left = dict(OrganisationMoney.objects.of(city).values_list("organisation_id", "left_fen"))
    return [_organisation(row, left.get(row.pk, 0)) for row in Organisation.objects.of(city).order_by("code")]


def organisation_by_code(city: City, code: str) -> OrganisationFacts | None:
    return next((one for one in all_organisations(city) if one.code == code), None)


def _organisation(row: Organisation, left: int) -> OrganisationFacts:
    return OrganisationFacts(row.pk, row.code, row.name, row.credit_code, left)


def money_moves(city: City, organisation_id: int) -> list[Moved]:
    """Everything that came in and went out, the latest first; what was used and came back as one sum each."""
    moves = [
        Moved("paid_in", row.amount, row.received_on, f"{row.bank} {row.transfer}", row.agreed_by)
        for row in Deposit.objects.of(city).filter(organisation=organisation_id).order_by("-pk")
    ]
    moves += [
        Moved("paid_out", -row.amount, timezone.localdate(row.recorded_at), f"{row.bank} {row.transfer}", row.agreed_by)
        for row in Payout.objects.of(city).filter(organisation=organisation_id).order_by("-pk")
    ]
    moves.sort(key=lambda one: one.on, reverse=True)
    used = BulkRow.objects.of(city).filter(organisation=organisation_id, state__in=ENROLLED)
    back = GivenBack.objects.of(city).filter(row__organisation=organisation_id)
    for kind, rows, column, sign in (("used", used, "fen", -1), ("given_back", back, "amount", 1)):
        fen = rows.aggregate(sum=Sum(column))["sum"]
        if fen:
            moves.append(Moved(kind, sign * fen, timezone.localdate(), "", ""))
    return moves


def money_proposals(city: City, code: str) -> list[Proposal]:
    """What waits for a second person."""
    found = [open_proposals_on(city, use_case, "organisation", [code]) for use_case in (DEPOSIT, PAYOUT)]
    return [proposal for one in found for proposal in one]


def bulk_files(city: City, page: int) -> Paged[FileFacts]:
    """The latest first."""
    found = paged(
        BulkFile.objects.of(city).select_related("task", "organisation").order_by("-received_at", "-pk"), page
    )
    counts = _counts(city, [row.pk for row in found.rows])
    left = dict(OrganisationMoney.objects.of(city).values_list("organisation_id", "left_fen"))
    return replace(found, rows=[_facts(row, counts.get(row.pk, {}), left) for row in found.rows])


def bulk_file(city: City, file_id: int) -> FileFacts | None:
    row = BulkFile.objects.of(city).select_related("task", "organisation").filter(pk=file_id).first()
    if row is None:
        return None
    left = dict(OrganisationMoney.objects.of(city).values_list("organisation_id", "left_fen"))
    return _facts(row, _counts(city, [row.pk]).get(row.pk, {}), left)


def _counts(city: City, files: list[int]) -> dict[int, dict[str, tuple[int, int]]]:
    """Rows and fen by file and state."""
    rows = BulkRow.objects.of(city).filter(file__in=files).values_list("file", "state")
    found: dict[int, dict[str, tuple[int, int]]] = {}
    for file, state, count, fen in rows.annotate(n=Count("pk"), fen=Sum("fen")).order_by():
        found.setdefault(file, {})[state] = (count, fen)
    return found


def _facts(row: BulkFile, counts: Mapping[str, tuple[int, int]], left: Mapping[int, int]) -> FileFacts:
    has = left.get(row.organisation_id, 0)
    agreed = counts.get(RowState.AGREED, (0, 0))[1]
    under_way = row.task is not None and row.task.is_under_way
    return FileFacts(
        id=row.pk,
        organisation=_organisation(row.organisation, has),
        name=row.name,
        kind=row.kind,
        channel=row.channel,
        state=row.state,
        sent_by=row.sent_by,
        received_at=timezone.localtime(row.received_at),
        accepted_by=row.accepted_by,
        accepted_at=None if row.accepted_at is None else timezone.localtime(row.accepted_at),
        percent=row.task.percent_done if row.task is not None else 0,
        stuck=row.state == FileState.CHECKING and not under_way,
        faults=tuple((column, code, found) for column, code, found in row.faults),
        counts={state: count for state, (count, _fen) in counts.items()},
        agreed_fen=agreed,
        short=max(0, agreed - has),
    )
