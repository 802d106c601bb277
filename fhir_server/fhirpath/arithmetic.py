"""Arithmetic on System values.

Spec: http://hl7.org/fhirpath/N1/#math and #datetime-arithmetic
"""

from __future__ import annotations

from decimal import Decimal, DecimalException
from typing import Any

from .errors import FhirPathError
from .moment import Moment
from .moment_math import add
from .quantity import CALENDAR, Quantity, quantity_of

_NUMBERS = (int, Decimal)
MAX_TEXT = 1_000_000  # characters a concatenation may give


def calculate(operator: str, left: Any, right: Any, at: int = -1) -> Any:
    """None for empty: a division by zero, an overflow, quantities that do not go together."""
    kinds = (type(left), type(right))
    if kinds == (str, str) and operator == "+":
        return joined((left, right), at)
    if kinds[0] is Moment:
        if kinds[1] is Quantity and operator in "+-":
            return add(left, right, 1 if operator == "+" else -1, at)
        raise FhirPathError("expected a date or time and a quantity of time", at)
    if kinds[0] in _NUMBERS and kinds[1] in _NUMBERS:
        return _numbers(operator, left, right)
    if Quantity in kinds:
        first, second = quantity_of(left), quantity_of(right)
        if first is not None and second is not None:
            return _quantities(operator, first, second, at)
    raise FhirPathError(f"{operator} does not take these types", at)


def _numbers(operator: str, left: Any, right: Any) -> Any:
    if operator == "+":
        return left + right
    if operator == "-":
        return left - right
    if operator == "*":
        return left * right
    if right == 0:
        return None
    try:
        if operator == "/":
            return Decimal(left) / Decimal(right)
        if operator == "div":
            return int(Decimal(left) / Decimal(right))
        rest = Decimal(left) % Decimal(right)
    except DecimalException:
        return None
    return int(rest) if type(left) is int and type(right) is int else rest


def _quantities(operator: str, left: Quantity, right: Quantity, at: int) -> Quantity | None:
    if operator in "+-":
        sign = 1 if operator == "+" else -1
        if left.unit == right.unit and left.calendar is right.calendar:
            return Quantity(left.value + sign * right.value, left.unit, calendar=left.calendar)
        return _sum_in_left_unit(left, right, sign)
    if operator == "*":
        unit = _product(left.unit, right.unit, ".")
        return Quantity(left.value * right.value, unit)
    if operator == "/":
        if right.value == 0:
            return None
        if left.canonical().dimensions == right.canonical().dimensions:
            return Quantity(left.canonical().factor / right.canonical().factor)
        return Quantity(left.value / right.value, _product(left.unit, right.unit, "/"))
    raise FhirPathError(f"{operator} does not take quantities", at)


def _sum_in_left_unit(left: Quantity, right: Quantity, sign: int) -> Quantity | None:
    a, b = left.canonical(), right.canonical()
    if a.dimensions != b.dimensions:
        return None
    one = Quantity(Decimal(1), left.unit, calendar=left.calendar).canonical().factor
    return Quantity((a.factor + sign * b.factor) / one, left.unit, calendar=left.calendar)


def _product(left: str, right: str, operator: str) -> str:
    left, right = CALENDAR.get(left, left), CALENDAR.get(right, right)
    if right == "1":
        return left
    if left == "1" and operator == ".":
        return right
    # UCUM reads from the left, so every factor of a divisor needs a slash of its own.
    if operator == "/":
        right = right.replace("/", "\0").replace(".", "/").replace("\0", ".")
    return f"{'' if left == '1' else left}{operator}{right}"


def joined(texts: tuple[str, ...], at: int = -1) -> str:
    """Errors: FhirPathError for a result that only an attack would build."""
    if sum(map(len, texts)) > MAX_TEXT:
        raise FhirPathError(f"a text has at most {MAX_TEXT} characters", at)
    return "".join(texts)


def negate(value: Any, at: int) -> Any:
    """Errors: FhirPathError for what is no number or quantity."""
    if type(value) in _NUMBERS:
        return -value
    if type(value) is Quantity:
        return Quantity(-value.value, value.unit, calendar=value.calendar)
    raise FhirPathError("expected a number or a quantity", at)


def text_of(value: Any, at: int = -1) -> str:
    """`toString()`.  Spec: http://hl7.org/fhirpath/N1/#string-conversion-functions"""
    if type(value) is str:
        return value
    if type(value) is bool:
        return "true" if value else "false"
    if type(value) is Decimal:
        return format(value, "f")
    if type(value) in (int, Moment, Quantity):
        return str(value)
    raise FhirPathError("expected a value that has a text", at)
