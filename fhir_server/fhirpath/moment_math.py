"""Arithmetic and boundaries of dates and times.

Spec: http://hl7.org/fhirpath/N1/#datetime-arithmetic; boundaries: http://hl7.org/fhirpath/#lowboundaryprecision-integer-decimal--date--datetime--time
"""

from __future__ import annotations

import calendar
from datetime import datetime, timedelta
from decimal import Decimal

from .errors import FhirPathError
from .moment import Moment, Part
from .quantity import CALENDAR, Quantity

_SECONDS = {
    "wk": Decimal(604800), "d": Decimal(86400), "h": Decimal(3600), "min": Decimal(60),
    "s": Decimal(1), "ms": Decimal("0.001"),
}  # fmt: skip
_DAY = 86400
# Digits of a precision, as `precision()` counts them, by the number of parts.
DIGITS = (4, 6, 8, 10, 12, 14)
_TIME_DIGITS = (2, 4, 6)
_MILLISECONDS = {"Date": 0, "DateTime": 17, "Time": 9}
_EARLIEST_ZONE, _LATEST_ZONE = 14 * 60, -12 * 60


def add(moment: Moment, quantity: Quantity, sign: int, at: int = -1) -> Moment | None:
    """A moment of the same precision; None outside the years 1 to 9999.

    The fraction of a quantity counts for milliseconds only. Errors: FhirPathError for a unit that
    is no time, or a UCUM year or month, which have no calendar length.
    """
    unit = CALENDAR[quantity.unit] if quantity.calendar else quantity.unit
    whole = quantity.value if unit == "ms" else Decimal(int(quantity.value))
    try:
        if unit in ("a", "mo") and quantity.calendar and moment.kind != "Time":
            return _add_months(moment, int(whole) * sign * (12 if unit == "a" else 1))
        if unit not in _SECONDS or (moment.kind == "Time" and unit in ("wk", "d")):
            raise FhirPathError("expected a quantity of time", at)
        seconds = whole * _SECONDS[unit] * sign
        if moment.kind == "Time":
            return _add_to_time(moment, seconds)
        return _add_seconds(moment, seconds)
    except (ValueError, OverflowError) as error:
        if isinstance(error, FhirPathError):
            raise
        return None


def _add_months(moment: Moment, months: int) -> Moment | None:
    parts = moment.parts
    if len(parts) == 1:
        return _rebuilt(moment, (int(parts[0]) + int(months / 12),))
    total = int(parts[0]) * 12 + int(parts[1]) - 1 + months
    year, month = total // 12, total % 12 + 1
    if len(parts) == 2 or not 1 <= year <= 9999:
        return _rebuilt(moment, (year, month))
    day = min(int(parts[2]), calendar.monthrange(year, month)[1])
    return _rebuilt(moment, (year, month, day, *parts[3:]))


def _add_seconds(moment: Moment, seconds: Decimal) -> Moment | None:
    parts = moment.parts
    if len(parts) < 3:  # as the specification says: 30 days are a month, 365 a year
        days = int(seconds / _DAY)
        return _add_months(moment, int(days / 30) if len(parts) == 2 else int(days / 365) * 12)
    step = (_DAY, 3600, 60)[len(parts) - 3] if len(parts) < 6 else 0
    if step:
        seconds = Decimal(int(seconds / step) * step)
    second = Decimal(parts[5]) if len(parts) > 5 else Decimal(0)
    minutes, second = divmod_floor(second + seconds, 60)
    hour, minute = ([int(p) for p in parts[3:5]] + [0, 0])[:2]
    start = datetime(int(parts[0]), int(parts[1]), int(parts[2]), hour, minute)
    end = start + timedelta(minutes=minutes)
    fields: tuple[Part, ...] = (end.year, end.month, end.day, end.hour, end.minute, second)
    return _rebuilt(moment, fields[: len(parts)])


def divmod_floor(number: Decimal, divisor: int) -> tuple[int, Decimal]:
    """divmod with a rest that is never negative; Decimal's own rounds towards zero."""
    quotient = int(number // divisor)
    rest = number - quotient * divisor
    return (quotient - 1, rest + divisor) if rest < 0 else (quotient, rest)


def _add_to_time(moment: Moment, seconds: Decimal) -> Moment | None:
    parts = moment.parts
    step = (3600, 60)[len(parts) - 1] if len(parts) < 3 else 0
    if step:
        seconds = Decimal(int(seconds / step) * step)
    scale = (3600, 60, 1)
    total = sum((Decimal(p) * s for p, s in zip(parts, scale, strict=False)), seconds)
    _, rest = divmod_floor(total, _DAY)  # a time goes round the clock
    hour, rest = divmod_floor(rest, 3600)
    minute, second = divmod_floor(rest, 60)
    fields: tuple[Part, ...] = (hour, minute, second)
    return _rebuilt(moment, fields[: len(parts)])


def _rebuilt(moment: Moment, parts: tuple[Part, ...]) -> Moment | None:
    return build(moment.kind, parts, moment.zone)


def build(kind: str, parts: tuple[Part, ...], zone: int | None) -> Moment | None:
    """A moment with its text; None outside the years 1 to 9999."""
    date, clock = ((), parts) if kind == "Time" else (parts[:3], parts[3:])
    if date and not 1 <= date[0] <= 9999:
        return None
    text = "-".join(f"{int(p):0{w}d}" for p, w in zip(date, (4, 2, 2), strict=False))
    if clock:
        times = [f"{int(p):02d}" for p in clock[:2]]
        if len(clock) == 3:
            second = Decimal(clock[2])
            times.append(f"{second:f}".zfill(2) if second >= 10 else f"0{second:f}")
        text += ("T" if date else "") + ":".join(times) + _zone_text(zone)
    return Moment(kind, parts, zone if clock else None, text)


def _zone_text(zone: int | None) -> str:
    if zone is None:
        return ""
    if zone == 0:
        return "Z"
    hours, minutes = divmod(abs(zone), 60)
    return f"{'+' if zone > 0 else '-'}{hours:02d}:{minutes:02d}"


def precision(moment: Moment) -> int:
    """The number of digits written, with milliseconds as three."""
    digits = _TIME_DIGITS if moment.kind == "Time" else DIGITS
    count = digits[len(moment.parts) - 1]
    second = moment.parts[-1]
    if isinstance(second, Decimal):
        exponent = second.as_tuple().exponent
        count += -exponent if isinstance(exponent, int) and exponent < 0 else 0
    return count


def boundary(moment: Moment, digits: int | None, high: bool) -> Moment | None:
    """The first or last moment that the written precision allows, in `digits` of precision."""
    table = _TIME_DIGITS if moment.kind == "Time" else DIGITS
    if moment.kind == "Date":
        table = DIGITS[:3]
    finest = _MILLISECONDS[moment.kind] or 8
    wanted = finest if digits is None else digits
    if wanted not in (*table, finest):
        return None
    count = table.index(wanted) + 1 if wanted in table else len(table)
    parts = list(moment.parts[:count])
    for position in range(len(parts), count):
        parts.append(_extreme(moment.kind, position, parts, high))
    if wanted == finest and isinstance(parts[-1], Decimal):
        parts[-1] = _to_milliseconds(parts[-1], high)
    zone = moment.zone
    if moment.kind == "DateTime" and count > 3 and zone is None:
        zone = _LATEST_ZONE if high else _EARLIEST_ZONE
    return build(moment.kind, tuple(parts), zone)


def _extreme(kind: str, position: int, parts: list[Part], high: bool) -> Part:
    if kind == "Time":
        position += 3
    if position == 2:
        return calendar.monthrange(int(parts[0]), int(parts[1]))[1] if high else 1
    low: Part = Decimal("0") if position == 5 else int(position < 3)
    return (0, 12, 0, 23, 59, Decimal("59"))[position] if high else low


def _to_milliseconds(second: Decimal, high: bool) -> Decimal:
    exponent = second.as_tuple().exponent
    written = -exponent if isinstance(exponent, int) else 0
    if written >= 3:
        return second
    last = Decimal(1).scaleb(-written) - Decimal("0.001") if high else Decimal(0)
    return (second + last).quantize(Decimal("0.001"))
