"""Quantities and their comparison.

Spec: http://hl7.org/fhirpath/N1/#quantity and http://hl7.org/fhir/R4/fhirpath.html#quantity
"""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from .units import Unit, parse_unit

# Calendar words and the UCUM unit of the same length; a calendar year or month has no fixed length.
CALENDAR = {
    "year": "a", "years": "a", "month": "mo", "months": "mo", "week": "wk", "weeks": "wk",
    "day": "d", "days": "d", "hour": "h", "hours": "h", "minute": "min", "minutes": "min",
    "second": "s", "seconds": "s", "millisecond": "ms", "milliseconds": "ms",
}  # fmt: skip
_MONTHS = {"year": 12, "years": 12, "month": 1, "months": 1}
_CALENDAR_MONTH = (("calendar-month", 1),)


class Quantity:
    """A System.Quantity. `calendar`: the unit is a word such as `days`, not a UCUM code."""

    __slots__ = ("calendar", "unit", "value")

    def __init__(self, value: Decimal, unit: str = "1", *, calendar: bool = False) -> None:
        self.value, self.unit = value, unit or "1"
        # '1 \'month\'' is written in practice for `1 month`.
        self.calendar = calendar or unit in CALENDAR

    def __repr__(self) -> str:
        return f"Quantity({self.unit})"

    def __str__(self) -> str:
        return f"{self.value:f} {self.unit if self.calendar else repr(self.unit)}"

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Quantity) and compare_quantities(self, other) == 0

    def __hash__(self) -> int:
        return hash(self.canonical()[0])

    def canonical(self) -> Unit:
        """Shape: the value times the factor of the unit, and its dimensions."""
        if self.calendar and self.unit in _MONTHS:
            return Unit(self.value * _MONTHS[self.unit], _CALENDAR_MONTH)
        unit = parse_unit(CALENDAR[self.unit] if self.calendar else self.unit)
        return Unit(self.value * unit.factor, unit.dimensions)


def quantity_of(raw: Any) -> Quantity | None:
    """From a FHIR Quantity, or a number. None where it has no exact value."""
    if isinstance(raw, Quantity):
        return raw
    if type(raw) is dict:
        value = raw.get("value")
        if not isinstance(value, (int, Decimal)) or "comparator" in raw:
            return None
        return Quantity(Decimal(value), raw.get("code") or raw.get("unit") or "1")
    if type(raw) in (int, Decimal):
        return Quantity(Decimal(raw))
    return None


def mixes_calendars(left: Quantity, right: Quantity) -> bool:
    """Is a calendar year or month set against a UCUM one? Their lengths differ by case."""
    return (left.calendar and left.unit in _MONTHS) is not (
        right.calendar and right.unit in _MONTHS
    )


def compare_quantities(left: Quantity, right: Quantity) -> int | None:
    """-1, 0 or 1; None for different dimensions."""
    if left.unit == right.unit and left.calendar is right.calendar:
        a, b = left.value, right.value
    else:
        x, y = left.canonical(), right.canonical()
        if x.dimensions != y.dimensions:
            return None
        a, b = x.factor, y.factor
    return (a > b) - (a < b)
