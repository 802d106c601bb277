"""Dates, times and both, each with the precision it was written in.

Spec: http://hl7.org/fhirpath/N1/#datetime and #datetime-comparison
"""

from __future__ import annotations

import calendar
import re
from datetime import datetime, timedelta
from decimal import Decimal
from typing import TypeAlias

Part: TypeAlias = int | Decimal

_TIME = r"(\d\d)(?::(\d\d)(?::(\d\d(?:\.\d+)?))?)?"
_DATE_TIME = re.compile(
    rf"(\d{{4}})(?:-(\d\d)(?:-(\d\d))?)?(T)?(?:{_TIME}(Z|[+-]\d\d:\d\d)?)?"
).fullmatch
_TIME_ONLY = re.compile(rf"T?{_TIME}").fullmatch
_LIMITS = (23, 59, 60)  # hour, minute, second; a leap second is 60


class Moment:
    """A System.Date, System.DateTime or System.Time.

    Shape: `parts` are year, month, day, hour, minute and second (Time: from hour), as many as were
    written; the second is a Decimal with its fraction. `zone`: minutes east of UTC.
    """

    __slots__ = ("kind", "parts", "text", "zone")

    def __init__(self, kind: str, parts: tuple[Part, ...], zone: int | None, text: str) -> None:
        self.kind, self.parts, self.zone, self.text = kind, parts, zone, text

    def __repr__(self) -> str:
        return f"Moment({self.kind})"

    def __str__(self) -> str:
        return self.text

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Moment) and compare_moments(self, other) == 0

    def __hash__(self) -> int:
        return hash(self.kind == "Time")  # others of different text may be equal


def parse_moment(text: str) -> Moment | None:
    """A literal without its @: "T10:30" is a time, "2015T" a dateTime. None for no such moment."""
    return parse_time(text) if text.startswith("T") else parse_date(text)


def parse_time(text: str) -> Moment | None:
    """FHIR time, or "T10:30"."""
    found = _TIME_ONLY(text)
    if found is None:
        return None
    parts = _clock(found.groups())
    return None if parts is None else Moment("Time", parts, None, text.removeprefix("T"))


def parse_date(text: str) -> Moment | None:
    """FHIR date, dateTime and instant."""
    found = _DATE_TIME(text)
    if found is None:
        return None
    year, month, day, mark, hour, minute, second, zone = found.groups()
    if bool(hour) > bool(mark) or (hour and not day):
        return None
    parts: tuple[Part, ...] = tuple(int(p) for p in (year, month, day) if p)
    if not _on_calendar(*parts):
        return None
    if hour:
        clock = _clock((hour, minute, second))
        if clock is None:
            return None
        parts += clock
    return Moment("DateTime" if mark else "Date", parts, _minutes(zone), text.removesuffix("T"))


def _clock(groups: tuple[str | None, ...]) -> tuple[Part, ...] | None:
    hour, minute, second = groups
    parts: tuple[Part, ...] = tuple(int(p) for p in (hour, minute) if p)
    if second:
        parts += (Decimal(second),)
    return parts if all(p <= top for p, top in zip(parts, _LIMITS, strict=False)) else None


def _on_calendar(year: Part, month: Part = 1, day: Part = 1) -> bool:
    if not (year >= 1 and 1 <= month <= 12):
        return False
    return 1 <= day <= calendar.monthrange(int(year), int(month))[1]


def _minutes(zone: str | None) -> int | None:
    if not zone:
        return None
    if zone == "Z":
        return 0
    total = int(zone[1:3]) * 60 + int(zone[4:6])
    return total if zone[0] == "+" else -total


def utc_parts(moment: Moment) -> tuple[Part, ...]:
    """The parts in UTC; as they are where no zone was written."""
    parts = moment.parts
    if not moment.zone or len(parts) < 4:
        return parts
    whole = [int(p) for p in parts[:5]]
    try:
        shifted = datetime(*whole) - timedelta(minutes=moment.zone)  # type: ignore[arg-type]
    except OverflowError:  # the first or last day of all
        return parts
    fields = (shifted.year, shifted.month, shifted.day, shifted.hour, shifted.minute)
    return fields[: len(parts)] + parts[5:]


def compare_moments(left: Moment, right: Moment) -> int | None:
    """-1, 0 or 1; None where the precision, or a missing time zone, leaves it open.

    A date without a time has no zone: it is compared with the day on the other's own clock.
    """
    if (left.kind == "Time") is not (right.kind == "Time"):
        return None
    if len(left.parts) > 3 and len(right.parts) > 3 and left.kind != "Time":
        if (left.zone is None) is not (right.zone is None):
            return None
        a, b = utc_parts(left), utc_parts(right)
    else:
        a, b = left.parts, right.parts
    for x, y in zip(a, b, strict=False):
        if x != y:
            return -1 if x < y else 1
    return 0 if len(a) == len(b) else None
