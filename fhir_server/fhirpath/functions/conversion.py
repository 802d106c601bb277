"""Conversion between System types; what cannot be converted gives empty.

Spec: http://hl7.org/fhirpath/N1/#conversion
"""

from __future__ import annotations

import re
from collections.abc import Callable
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from ..arithmetic import text_of
from ..errors import FhirPathError
from ..moment import Moment, parse_date, parse_time
from ..quantity import CALENDAR, Quantity
from ..registry import BOOLEAN, Code, Scope, function, scalar
from ..tree import Call
from ..values import Context, Nodes, box, single, truth

if TYPE_CHECKING:
    from ..compiler import Compiler

_INTEGER = re.compile(r"[+-]?[0-9]{1,4000}").fullmatch
_DECIMAL = re.compile(r"[+-]?[0-9]+(\.[0-9]+)?").fullmatch
_QUANTITY = re.compile(r"([+-]?[0-9]+(?:\.[0-9]+)?)\s*(?:'([^']+)'|([a-zA-Z]+))?").fullmatch
_TRUE = ("true", "t", "yes", "y", "1", "1.0")
_FALSE = ("false", "f", "no", "n", "0", "0.0")


def to_integer(value: Any) -> int | None:
    if type(value) in (bool, int):
        return int(value)
    return int(value) if type(value) is str and _INTEGER(value) else None


def to_decimal(value: Any) -> Decimal | None:
    if type(value) in (bool, int):
        return Decimal(int(value))
    if type(value) is Decimal:
        return value
    return Decimal(value) if type(value) is str and _DECIMAL(value) else None


def to_boolean(value: Any) -> bool | None:
    if type(value) is bool:
        return value
    if type(value) in (int, Decimal):
        return {1: True, 0: False}.get(value)
    if type(value) is str:
        low = value.lower()
        return True if low in _TRUE else False if low in _FALSE else None
    return None


def to_string(value: Any) -> str | None:
    return None if type(value) is dict else text_of(value)


def to_date(value: Any) -> Moment | None:
    found = parse_date(value) if type(value) is str else value
    if type(found) is not Moment or found.kind == "Time":
        return None
    return found if found.kind == "Date" else parse_date(found.text.partition("T")[0])


def to_date_time(value: Any) -> Moment | None:
    found = parse_date(value) if type(value) is str else value
    if type(found) is not Moment or found.kind == "Time":
        return None
    return Moment("DateTime", found.parts, found.zone, found.text)


def to_time(value: Any) -> Moment | None:
    found = parse_time(value) if type(value) is str else value
    return found if type(found) is Moment and found.kind == "Time" else None


def to_quantity(value: Any, unit: Any = None) -> Quantity | None:
    found = _quantity(value)
    if found is None or unit is None:
        return found
    wanted = Quantity(Decimal(1), unit)
    a, b = found.canonical(), wanted.canonical()
    if a.dimensions != b.dimensions:
        return None
    return Quantity(a.factor / b.factor, wanted.unit, calendar=wanted.calendar)


def _quantity(value: Any) -> Quantity | None:
    if type(value) is Quantity:
        return value
    if type(value) in (bool, int, Decimal):
        return Quantity(Decimal(value))
    found = _QUANTITY(value) if type(value) is str else None
    if found is None:
        return None
    number, code, word = found.groups()
    if word:
        return Quantity(Decimal(number), word, calendar=True) if word in CALENDAR else None
    return Quantity(Decimal(number), code or "1")


def _convert(name: str, compute: Callable[..., Any], most: int = 0) -> None:
    scalar("to" + name, "System." + name, 0, most)(compute)

    def converts(value: Any, *rest: Any) -> bool:
        return compute(value, *rest) is not None

    scalar("convertsTo" + name, BOOLEAN, 0, most)(converts)


_convert("Integer", to_integer)
_convert("Decimal", to_decimal)
_convert("Boolean", to_boolean)
_convert("String", to_string)
_convert("Date", to_date)
_convert("DateTime", to_date_time)
_convert("Time", to_time)
_convert("Quantity", to_quantity, 1)


@function("iif", 2, 3)
def iif(compiler: Compiler, call: Call, scope: Scope) -> Code:
    """Only the branch that is taken is evaluated.  Spec: http://hl7.org/fhirpath/N1/#iif"""
    source, at = compiler.source(call, scope), call.at
    inner = Scope(source.type, source.types)
    criterion = compiler.code(call.arguments[0], inner)
    kinds = criterion.types
    if kinds and not any(k in (BOOLEAN, "boolean") for k in kinds):
        raise FhirPathError("expected a condition", call.arguments[0].at)
    branches = [compiler.code(each, inner) for each in call.arguments[1:]]
    same = len({b.type for b in branches}) == 1
    run, check = source.run, criterion.run

    def choose(context: Context, focus: Any) -> Nodes:
        item = single(run(context, focus), at)
        if truth(check(context, item), at):
            taken = branches[0]
        elif len(branches) > 1:
            taken = branches[1]
        else:
            return []
        found = taken.run(context, item)
        return found if same else box(found, taken.type)

    return Code(choose, branches[0].type if same else None, branches[0].types if same else ())
