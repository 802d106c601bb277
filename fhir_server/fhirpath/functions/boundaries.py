"""Precision, and the interval that a value of limited precision stands for.

Spec: http://hl7.org/fhirpath/#boundary-functions (the next version; R4's own tests hold them)
"""

from __future__ import annotations

from decimal import ROUND_CEILING, ROUND_FLOOR, Decimal
from typing import Any

from ..moment import Moment
from ..moment_math import boundary, precision
from ..quantity import Quantity, quantity_of
from ..registry import BOOLEAN, INTEGER, scalar

DEFAULT_PLACES, MOST_PLACES = 8, 28


@scalar("lowBoundary", None, 0, 1)
def low_boundary(value: Any, digits: Any = None) -> Any:
    return _boundary(value, digits, high=False)


@scalar("highBoundary", None, 0, 1)
def high_boundary(value: Any, digits: Any = None) -> Any:
    return _boundary(value, digits, high=True)


def _boundary(value: Any, digits: Any, *, high: bool) -> Any:
    if type(value) is Moment:
        return boundary(value, digits, high)
    if type(value) is Quantity:
        found = _decimal(value.value, digits, high)
        return None if found is None else Quantity(found, value.unit, calendar=value.calendar)
    return _decimal(Decimal(value), digits, high) if type(value) in (int, Decimal) else None


def _decimal(number: Decimal, digits: Any, high: bool) -> Decimal | None:
    places = DEFAULT_PLACES if digits is None else digits
    if not 0 <= places <= MOST_PLACES:
        return None
    exponent = number.as_tuple().exponent
    half = Decimal(5).scaleb((exponent if isinstance(exponent, int) else 0) - 1)
    edge = number + half if high else number - half
    step = Decimal(1).scaleb(-places)
    return edge.quantize(step, ROUND_CEILING if high else ROUND_FLOOR)


@scalar("precision", INTEGER)
def precision_(value: Any) -> int | None:
    if type(value) is Moment:
        return precision(value)
    if type(value) is Decimal:
        exponent = value.as_tuple().exponent
        return max(0, -exponent) if isinstance(exponent, int) else 0
    return 0 if type(value) is int else None


@scalar("comparable", BOOLEAN, 1)
def comparable(left: Any, right: Any) -> bool:
    """Do the units of two quantities have the same dimension?"""
    a, b = quantity_of(left), quantity_of(right)
    return a is not None and b is not None and a.canonical()[1] == b.canonical()[1]
