"""What an organisation paid for by a list, once nobody of the list waits any more."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.db.models import Count, Max, QuerySet, Sum
from django.utils import timezone

from huimin.platform.bulk.models import OPEN, BulkFile, BulkRow, FileState, GivenBack, Organisation, RowState
from huimin.platform.foundation.models import City

__all__ = ["ListPaid", "list_paid", "lists_paid"]

_UNDECIDED = (*OPEN, RowState.ORDERED)


@dataclass(frozen=True, slots=True)
class ListPaid:
    """`fen` were paid for the people of a list who got cover, and `back` fen of them went back since.

    `policies`: how many there are, and `first_policies` the numbers of a few.
    """

    id: int
    file_name: str
    organisation: str
    organisation_name: str
    credit_code: str
    plan_year_id: int
    fen: int
    back: int
    paid_on: date
    policies: int
    first_policies: tuple[str, ...]


def lists_paid(city: City, organisation: str, *, some: int) -> list[ListPaid]:
    """Every list of this organisation by which somebody got cover and nobody waits any more, the latest first."""
    files = BulkFile.objects.of(city).filter(organisation__code=organisation)
    return _of_files(city, files.order_by("-pk"), some)


def list_paid(city: City, file_id: int, *, some: int) -> ListPaid | None:
    """This list; None where nobody got cover by it, or somebody waits still."""
    found = _of_files(city, BulkFile.objects.of(city).filter(pk=file_id), some)
    return found[0] if found else None


def _of_files(city: City, files: QuerySet[BulkFile], some: int) -> list[ListPaid]:
    accepted = list(files.filter(state=FileState.ACCEPTED).select_related("organisation"))
    rows = BulkRow.objects.of(city).filter(file__in=[file.pk for file in accepted])
    waiting = set(rows.filter(state__in=_UNDECIDED).values_list("file", flat=True))
    covered = rows.filter(state=RowState.ENROLLED)
    sums = covered.values_list("file").annotate(n=Count("pk"), fen=Sum("fen"), at=Max("changed_at")).order_by()
    by_file = {file: (count, fen, at) for file, count, fen, at in sums}
    backs = GivenBack.objects.of(city).filter(row__file__in=list(by_file)).values_list("row__file")
    back = dict(backs.annotate(fen=Sum("amount")).order_by())
    found = []
    for file in accepted:
        count, fen, at = by_file.get(file.pk, (0, 0, None))
        if fen and at is not None and file.pk not in waiting:
            owner: Organisation = file.organisation
            numbers = covered.filter(file=file.pk).order_by("number").values_list("policy", flat=True)[:some]
            found.append(
                ListPaid(
                    id=file.pk,
                    file_name=file.name,
                    organisation=owner.code,
                    organisation_name=owner.name,
                    credit_code=owner.credit_code,
                    plan_year_id=file.plan_year_id,
                    fen=fen,
                    back=back.get(file.pk, 0),
                    paid_on=timezone.localdate(at),
                    policies=count,
                    first_policies=tuple(numbers),
                )
            )
    return found
