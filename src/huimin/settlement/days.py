"""Days and moments as files and messages write them, and the zone whose days count.

Files and the API read the same forms: whatever is unambiguous is read, everything else is refused. A moment with a zone
becomes the city's local time first, because the local day decides in which cover year a bill falls.
"""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, time, timedelta, timezone
from functools import cache
from zoneinfo import ZoneInfo

from huimin.errors import InputError

__all__ = ["CITY_ZONE_NAME", "local_time", "parse_day", "parse_time"]

CITY_ZONE_NAME = "Asia/Shanghai"
"""China has one time zone. Every local day in files, in the API and on the platform's pages is a day of this zone."""

_MOMENT = re.compile(
    r"(\d{4})([-/])(\d{1,2})\2(\d{1,2})"
    r"(?:[ T](\d{1,2}):(\d{2})(?::(\d{2})(?:\.\d{1,9})?)?(?:(Z)|([+-])(\d{2}):?(\d{2}))?)?",
    re.ASCII,
)
_A_TIME = "a time such as 2022-03-01, 2022-03-01 14:05:00 or 2022-03-01T14:05:00+08:00"
_A_DAY = "a day such as 2022-03-01"
_DAY_LENGTH, _TIME_LENGTH = 10, 19


@cache
def _city_zone() -> ZoneInfo:
    return ZoneInfo(CITY_ZONE_NAME)


def local_time(moment: datetime) -> datetime:
    """A moment with a zone as the city's local time. Raises OverflowError at the ends of the calendar."""
    return moment.astimezone(_city_zone()).replace(tzinfo=None)


def parse_time(text: str) -> datetime:
    """The city's local time, without a zone and to the second. A day alone is its midnight.

    Read are `2022-03-01`, `2022-03-01 14:05:00`, the same with `T`, with `/`, without leading zeros or seconds, with
    parts of a second (which are dropped), and with `Z` or an offset behind the time. Raises InputError.
    """
    # Nearly all times have one of these two forms. The separators are checked, since fromisoformat also takes
    # 2022-W10-1.
    if text[4:5] == "-" and text[7:8] == "-":
        plain_day = len(text) == _DAY_LENGTH
        plain_time = len(text) == _TIME_LENGTH and text[13:14] == text[16:17] == ":" and text[10:11] in " T"
        if plain_day or plain_time:
            try:
                return datetime.fromisoformat(text)
            except ValueError as error:
                raise _not_a(_A_TIME, text) from error
    found = _MOMENT.fullmatch(text)
    if found is None:
        raise _not_a(_A_TIME, text)
    try:
        return _moment_of(found)
    except (ValueError, OverflowError) as error:
        raise _not_a(_A_TIME, text) from error


def _moment_of(found: re.Match[str]) -> datetime:
    year, _, month, day, hour, minute, second, utc, sign, hours, minutes = found.groups()
    moment = datetime(int(year), int(month), int(day), int(hour or 0), int(minute or 0), int(second or 0))
    if utc:
        return local_time(moment.replace(tzinfo=UTC))
    if sign:
        offset = timedelta(hours=int(hours), minutes=int(minutes))
        return local_time(moment.replace(tzinfo=timezone(-offset if sign == "-" else offset)))
    return moment


def parse_day(text: str) -> date:
    """A day, or its midnight as databases write it (`2022-03-01 00:00:00`). Raises InputError."""
    try:
        moment = parse_time(text)
    except InputError as error:
        raise _not_a(_A_DAY, text) from error
    if moment.time() != time():
        raise _not_a(_A_DAY, text)
    return moment.date()


def _not_a(expected: str, text: str) -> InputError:
    return InputError(f"found {_shortened(text)!r}; expected {expected}")


_SHOWN = 60


def _shortened(text: str) -> str:
    return text if len(text) <= _SHOWN else f"{text[:_SHOWN]}…"
