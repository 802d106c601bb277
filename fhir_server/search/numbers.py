"""Search values of numbers and quantities as tests.

Spec: http://hl7.org/fhir/R4/search.html#number, #quantity, #prefix
"""

from __future__ import annotations

import re
from decimal import Decimal
from typing import Literal, NamedTuple, TypeAlias

from ..errors import FhirError
from ..storage.plan import Test
from .measures import UCUM, Scale, as_float, scale, to_base
from .parameters import Searched
from .text import Tests, split, unescape

_FORM = re.compile(r"([+-]?)(\d{1,40})(\.\d{0,40})?([eE][+-]?\d{1,3})?").fullmatch
_PREFIX = re.compile(r"[A-Za-z]{2}").match
Comparison: TypeAlias = Literal["=", "<", "<=", ">", ">="]
Row: TypeAlias = tuple[tuple[str, Comparison, str], ...]

# Stored [low, high] against the searched value v, the interval [a, b) that its digits imply, and
# [c, d] for about. Only eq and ne heed the digits. Outer: any of; inner: all of.
PREFIXES: dict[str, tuple[Row, ...]] = {
    "eq": ((("low", ">=", "a"), ("high", "<", "b")),),
    "ne": ((("low", "<", "a"),), (("high", ">=", "b"),)),
    "gt": ((("high", ">", "v"),),),
    "lt": ((("low", "<", "v"),),),
    "ge": ((("high", ">=", "v"),),),
    "le": ((("low", "<=", "v"),),),
    "sa": ((("low", ">", "v"),),),
    "eb": ((("high", "<", "v"),),),
    "ap": ((("low", "<=", "d"), ("high", ">=", "c")),),
}
NUMBER = "number (100, 5.40, 1e2)"
QUANTITY = "number, number|system|code, number||unit"


class Bounds(NamedTuple):
    """A prefix and its bounds, exact."""

    prefix: str
    bounds: dict[str, Decimal]


def parse_number(code: str, text: str, expected: str = NUMBER) -> Bounds:
    """Errors: search-prefix, search-value.

    The implied interval is half a unit of the last digit wide to both sides: 100 is [99.5, 100.5),
    100.00 is [99.995, 100.005). R4 gives 1e2 as [95, 105): a whole mantissa counts as if it had one
    more digit.
    """
    prefix = "eq"
    if _PREFIX(text):
        prefix, text = text[:2], text[2:]
        if prefix not in PREFIXES:
            raise FhirError("search-prefix", code, expected=" ".join(PREFIXES))
    found = _FORM(text)
    if found is None:
        raise FhirError("search-value", code, expected=expected)
    value = Decimal(text)
    exponent = int(value.as_tuple().exponent)
    if found[4] and not found[3]:
        exponent -= 1
    half = Decimal(5).scaleb(exponent - 1)
    about = max(abs(value) / 10, half)
    bounds = {"v": value, "a": value - half, "b": value + half}
    return Bounds(prefix, {**bounds, "c": value - about, "d": value + about})


def number_tests(parameter: Searched, modifier: str, value: str) -> Tests:
    """Errors: search-prefix, search-value."""
    prefix, bounds = parse_number(parameter.code, unescape(value).strip())
    return _tests(prefix, {name: as_float(v) for name, v in bounds.items()}, "", ())


def quantity_tests(parameter: Searched, modifier: str, value: str) -> Tests:
    """`5.4`, `5.4|system|code`, `5.4||unit`; UCUM units are compared across units.

    Errors: search-prefix, search-value.
    """
    parts = [unescape(p).strip() for p in split(value, "|")]
    if len(parts) not in (1, 3):
        raise FhirError("search-value", parameter.code, expected=QUANTITY)
    prefix, bounds = parse_number(parameter.code, parts[0], QUANTITY)
    system, unit = parts[1:] if len(parts) == 3 else ("", "")
    if system == UCUM and unit:
        return _ucum_tests(prefix, bounds, scale(unit))
    fixed = [Test("unit", "=", unit)] if unit else []
    if system:
        fixed.append(Test("system", "=", system))
    return _tests(prefix, {n: as_float(v) for n, v in bounds.items()}, "", tuple(fixed))


def _ucum_tests(prefix: str, bounds: dict[str, Decimal], by: Scale) -> Tests:
    based = {name: to_base(value, by) for name, value in bounds.items()}
    return _tests(prefix, based, "base_", (Test("base", "=", by.base),))


def _tests(prefix: str, bound: dict[str, float], field: str, fixed: tuple[Test, ...]) -> Tests:
    return tuple(
        (*(Test(field + name, op, bound[x]) for name, op, x in row), *fixed)
        for row in PREFIXES[prefix]
    )
