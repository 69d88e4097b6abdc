"""What a worker does with a file of a roster: read it, check every row, look everybody up."""

from __future__ import annotations

import base64
from collections.abc import Callable, Iterator, Sequence

from huimin.platform.foundation.clock import today
from huimin.platform.foundation.models import City
from huimin.platform.people.api import find_persons
from huimin.platform.subsidies.models import Fund, FundAmount, RosterFile
from huimin.platform.subsidies.roster_checks import Listed, check_rows
from huimin.platform.subsidies.roster_files import RowFault, read_rows
from huimin.platform.subsidies.roster_keeping import Found, keep_faults, keep_version
from huimin.platform.tasks.api import Attempt, Write

__all__ = ["read_roster", "read_sent"]

_AT_ONCE = 1_000


def read_roster(attempt: Attempt) -> Write:
    """Read one file. It becomes a version, or its faults are kept: all of them, and nothing is taken."""
    city = attempt.task.city
    file: RosterFile = RosterFile.objects.of(city).get(task=attempt.task.pk)
    return _read(city, file, lambda done, of: attempt.progress(done, of, "looking people up"))


def read_sent(*, city: City, file_id: int) -> None:
    """Read a file at once and keep what was found, as a worker would: for the loader of the demonstration."""
    _read(city, RosterFile.objects.of(city).get(pk=file_id), lambda _done, _of: None)()


def _read(city: City, file: RosterFile, progress: Callable[[int, int], None]) -> Write:
    file.city = city
    rows, faults = read_rows(file.name, base64.b64decode(file.content))
    found: list[Found] = []
    if rows:
        listed, faults = check_rows(rows, today(city), _paid_for(city, file.roster_id))
        for done, part in _parts(listed):
            progress(done, len(listed))
            here, missing = _looked_up(city, part)
            found += here
            faults += missing
    if faults:
        return lambda: keep_faults(file, sorted(faults))
    return lambda: keep_version(file, found)


def _parts(listed: Sequence[Listed]) -> Iterator[tuple[int, Sequence[Listed]]]:
    return ((start, listed[start : start + _AT_ONCE]) for start in range(0, len(listed), _AT_ONCE))


def _looked_up(city: City, listed: Sequence[Listed]) -> tuple[list[Found], list[RowFault]]:
    persons = find_persons(city, [(one.number.number, one.name) for one in listed])
    found, faults = [], []
    for one, person in zip(listed, persons, strict=True):
        if person is None:
            faults.append(RowFault(one.row, "id_number", "not_in_register"))
        else:
            found.append(Found(person.id, one.row, one.reason.value, one.valid_from, one.valid_to))
    return found, faults


def _paid_for(city: City, roster_id: int) -> set[str] | None:
    """The reasons for which the roster's funds pay; None where one pays for every reason, or there is no fund yet."""
    funds = list(Fund.objects.of(city).filter(roster=roster_id).values_list("pk", flat=True))
    reasons = set(FundAmount.objects.of(city).filter(fund__in=funds).values_list("reason", flat=True))
    return None if not reasons or "" in reasons else reasons
