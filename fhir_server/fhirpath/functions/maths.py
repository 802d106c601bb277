"""Functions of a number.

Spec: http://hl7.org/fhirpath/N1/#math-1
"""

from __future__ import annotations

import math
from decimal import ROUND_HALF_UP, Decimal, DecimalException
from typing import TYPE_CHECKING, Any

from ..arithmetic import calculate
from ..compare import order
from ..errors import FhirPathError
from ..quantity import Quantity
from ..registry import INTEGER, Code, Scope, function, scalar
from ..tree import Call
from ..values import Context, Nodes, system

if TYPE_CHECKING:
    from ..compiler import Compiler

DECIMAL = "System.Decimal"
MAX_DIGITS = 1_000  # of a power


def _number(value: Any) -> Decimal:
    if type(value) not in (int, Decimal):
        raise FhirPathError("expected a number")
    return Decimal(value)


@scalar("abs", None)
def absolute(value: Any) -> Any:
    if type(value) is Quantity:
        return Quantity(abs(value.value), value.unit, calendar=value.calendar)
    _number(value)
    return abs(value)


@scalar("ceiling", INTEGER)
def ceiling(value: Any) -> int:
    return math.ceil(_number(value))


@scalar("floor", INTEGER)
def floor(value: Any) -> int:
    return math.floor(_number(value))


@scalar("truncate", INTEGER)
def truncate(value: Any) -> int:
    return int(_number(value))


@scalar("round", DECIMAL, 0, 1)
def round_(value: Any, places: Any = 0) -> Decimal:
    if type(places) is not int or not 0 <= places <= 28:
        raise FhirPathError("expected a precision from 0 to 28")
    number = _number(value)
    if number.adjusted() + places > 26:
        return number
    return number.quantize(Decimal(1).scaleb(-places), ROUND_HALF_UP)


@scalar("sqrt", DECIMAL)
def sqrt(value: Any) -> Decimal | None:
    number = _number(value)
    return number.sqrt() if number >= 0 else None


@scalar("exp", DECIMAL)
def exp(value: Any) -> Decimal | None:
    try:
        return _number(value).exp()
    except DecimalException:
        return None


@scalar("ln", DECIMAL)
def ln(value: Any) -> Decimal | None:
    number = _number(value)
    return number.ln() if number > 0 else None


@scalar("log", DECIMAL, 1)
def log(value: Any, base: Any) -> Decimal | None:
    a, b = ln(value), ln(base)
    return None if a is None or not b else (a / b).quantize(Decimal("1e-20")).normalize() + 0


@scalar("power", None, 1)
def power(value: Any, exponent: Any) -> Any:
    base, by = _number(value), _number(exponent)
    if abs(base.adjusted() + 1) * abs(by) > MAX_DIGITS:
        return None
    try:
        if type(value) is int and type(exponent) is int and exponent >= 0:
            return value**exponent
        return base**by
    except DecimalException:
        return None


@function("sum")
def sum_(compiler: Compiler, call: Call, scope: Scope) -> Code:
    return _fold(compiler, call, scope, lambda a, b: calculate("+", a, b))


@function("min")
def min_(compiler: Compiler, call: Call, scope: Scope) -> Code:
    return _fold(compiler, call, scope, lambda a, b: b if order(b, a, None, None) == -1 else a)


@function("max")
def max_(compiler: Compiler, call: Call, scope: Scope) -> Code:
    return _fold(compiler, call, scope, lambda a, b: b if order(b, a, None, None) == 1 else a)


@function("avg")
def avg(compiler: Compiler, call: Call, scope: Scope) -> Code:
    total = sum_(compiler, call, scope).run
    count = compiler.source(call, scope).run

    def average(context: Context, focus: Any) -> Nodes:
        found = total(context, focus)
        return [calculate("/", found[0], len(count(context, focus)))] if found else []

    return Code(average)


def _fold(compiler: Compiler, call: Call, scope: Scope, step: Any) -> Code:
    source = compiler.source(call, scope)
    run, static = source.run, source.type

    def fold(context: Context, focus: Any) -> Nodes:
        values = [system(n, static) for n in run(context, focus)]
        if not values:
            return []
        found = values[0]
        for each in values[1:]:
            found = step(found, each)
            if found is None:
                return []
        return [found]

    return Code(fold)
