"""FHIR dates as intervals of time.

Units: microseconds since 1970-01-01T00:00Z. An interval is [low, high): a value of day precision
covers its day, one of second precision its second.
"""

from __future__ import annotations

import re
import time
from datetime import UTC, date, datetime, timedelta, timezone, tzinfo
from functools import lru_cache
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

CHINA = timezone(timedelta(hours=8))
# In which a date without a time zone is read, stored or searched: Chinese standard time, unless a
# setting names another.
_default: tzinfo = CHINA
MIN, MAX = -(2**62), 2**62  # an open end of a Period

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_FORM = re.compile(
    r"(\d{4})(?:-(\d\d)(?:-(\d\d)(?:T(\d\d):(\d\d)(?::(\d\d)(?:\.(\d+))?)?(Z|[+-]\d\d:\d\d)?)?)?)?"
).fullmatch


def now() -> int:
    """Units: microseconds since 1970, UTC; whole milliseconds, as `meta.lastUpdated` shows."""
    return time.time_ns() // 1_000_000 * 1000


@lru_cache(1024)
def _second(seconds: int) -> str:
    return f"{_EPOCH + timedelta(seconds=seconds):%Y-%m-%dT%H:%M:%S}"


def instant(micros: int) -> str:
    """A FHIR instant with milliseconds, in UTC: 2026-11-20T01:02:03.004Z."""
    seconds, rest = divmod(micros, 1_000_000)
    return f"{_second(seconds)}.{rest // 1000:03d}Z"


def parse_zone(text: str) -> tzinfo:
    """`+08:00`, `Z`, or a name such as Asia/Shanghai. Errors: ValueError."""
    if re.fullmatch(r"Z|[+-](0\d|1[0-4]):[0-5]\d", text):
        return _zone(text, UTC)
    try:
        return ZoneInfo(text)
    except (ZoneInfoNotFoundError, OSError):
        raise ValueError("not a time zone") from None


def use_zone(zone: tzinfo) -> None:
    """For this process; what was stored before keeps the entries that it got in another zone."""
    global _default
    _default = zone
    parse_interval.cache_clear()


@lru_cache(8192)
def parse_interval(text: str, zone: tzinfo | None = None) -> tuple[int, int]:
    """A FHIR date, dateTime or instant (also with minutes only) as its interval.

    Spec: http://hl7.org/fhir/R4/search.html#date. Errors: ValueError.
    """
    found = _FORM(text)
    if found is None:
        raise ValueError("not a date")
    zone = zone or _default
    year, month, day, hour, minute, second, fraction, offset = found.groups()
    if hour is None:
        return _date_interval(int(year), int(month or 0), int(day or 0), zone)
    # A leap second counts as the last second of its minute.
    seconds = min(int(second or 0), 59)
    moment = datetime(int(year), int(month), int(day), int(hour), int(minute), seconds)
    low = _micros(moment.replace(tzinfo=_zone(offset, zone)))
    if second is None:
        return low, low + 60_000_000
    if fraction is None:
        return low, low + 1_000_000
    low += int(fraction[:6].ljust(6, "0"))
    return low, low + max(1, 10 ** (6 - len(fraction[:6])))


def _date_interval(year: int, month: int, day: int, zone: tzinfo) -> tuple[int, int]:
    first = date(year, month or 1, day or 1)
    if day:
        # Where clocks are put forward or back a day has not 24 hours.
        last = first == date.max
        return _midnight(first, zone), MAX if last else _midnight(first + timedelta(1), zone)
    if month:
        after = date(year + month // 12, month % 12 + 1, 1) if year < 9999 or month < 12 else None
    else:
        after = date(year + 1, 1, 1) if year < 9999 else None
    return _midnight(first, zone), MAX if after is None else _midnight(after, zone)


def _midnight(day: date, zone: tzinfo) -> int:
    return _micros(datetime(day.year, day.month, day.day, tzinfo=zone))


def _micros(moment: datetime) -> int:
    return (moment - _EPOCH) // timedelta(microseconds=1)


def _zone(offset: str | None, default: tzinfo) -> tzinfo:
    if offset is None:
        return default
    if offset == "Z":
        return UTC
    minutes = int(offset[1:3]) * 60 + int(offset[4:6])
    return timezone(timedelta(minutes=-minutes if offset[0] == "-" else minutes))
