"""What a worker does each morning with consents that nobody has given: a reminder, and after the last day the end."""

from __future__ import annotations

from datetime import date, timedelta

from django.db import transaction

from huimin.platform.bulk.consents import last_day_to_answer, who_answers
from huimin.platform.bulk.models import BulkFile, BulkRow, FileState, RowState
from huimin.platform.foundation.actors import queue_actor
from huimin.platform.foundation.clock import now, today
from huimin.platform.foundation.models import City
from huimin.platform.foundation.services import record_audit
from huimin.platform.tasks.api import Attempt, enqueue_each

__all__ = ["remind_people"]

_REMINDED_AFTER = timedelta(days=5)
"""A promise of ours; also on the last three days, for whoever was asked only then."""
_LAST_DAYS = timedelta(days=3)
_AT_ONCE = 500


def remind_people(attempt: Attempt) -> None:
    """Of every accepted list with people who have not answered. Safe to run twice."""
    city = attempt.task.city
    waiting = BulkRow.objects.of(city).filter(state=RowState.ASKED).values_list("file", flat=True).distinct()
    files = BulkFile.objects.of(city).filter(pk__in=list(waiting), state=FileState.ACCEPTED).order_by("pk")
    for number, file in enumerate(files):
        attempt.progress(number, len(files), "reminding")
        last = last_day_to_answer(city, file.plan_year_id)
        if today(city) > last:
            _end(city, file)
        else:
            _remind(city, file, last)


@transaction.atomic
def _end(city: City, file: BulkFile) -> None:
    """Whoever answers at this moment is let through, or finds that nobody asks them any more."""
    moment = now(city)
    rows = BulkRow.objects.of(city).filter(file=file, state=RowState.ASKED)
    ended = rows.update(state=RowState.LAPSED, changed_at=moment)
    record_audit(
        city=city,
        actor=queue_actor(city).text,
        action="group_cover_lapsed",
        subject=f"bulk_file:{file.pk}",
        at=moment,
        detail={"rows": ended},
    )


def _remind(city: City, file: BulkFile, last: date) -> None:
    rows = BulkRow.objects.of(city).filter(file=file, state=RowState.ASKED).order_by("number")
    if today(city) < last - _LAST_DAYS:
        rows = rows.filter(changed_at__date__lte=today(city) - _REMINDED_AFTER)
    pairs = [(resident, holder) for resident, holder in rows.values_list("resident", "holder")]
    for start in range(0, len(pairs), _AT_ONCE):
        said = {"template": "group_cover_reminder", "day": f"{last.month}月{last.day}日"}
        people = who_answers(city, pairs[start : start + _AT_ONCE])
        payloads = {f"group-reminder-{file.pk}-{one}": {**said, "resident": one} for one in people}
        with transaction.atomic():
            enqueue_each(city=city, kind="notice", payloads=payloads, unless_there=True)
