"""Numbers and quantities as intervals, in the unit written and in canonical UCUM units.

Spec: http://hl7.org/fhir/R4/search.html#number, #quantity; https://ucum.org/ucum
"""

from __future__ import annotations

from decimal import Decimal, DecimalException
from functools import lru_cache
from typing import Any, NamedTuple, TypeAlias

from ..fhirpath.units import parse_unit

UCUM = "http://unitsofmeasure.org"
CURRENCY = "urn:iso:std:iso:4217"
INFINITY = float("inf")
MAX_SAMPLES = 100_000  # characters of SampledData.data that are looked at

Json: TypeAlias = dict[str, Any]
# (low, high, system, unit, base_low, base_high, base) of storage/plan.py
Measure: TypeAlias = tuple[float, float, str, str, float, float, str]


class Scale(NamedTuple):
    """A unit as `value * factor + offset` of a canonical unit."""

    factor: Decimal
    offset: Decimal
    base: str


# UCUM's special units of temperature: a degree is not a multiple of a kelvin.
_SPECIAL = {
    "Cel": Scale(Decimal(1), Decimal("273.15"), "K"),
    "[degF]": Scale(Decimal(5) / 9, Decimal("459.67") * 5 / 9, "K"),
}


@lru_cache(1024)
def scale(code: str) -> Scale:
    """The canonical unit of a UCUM code; an unknown code is a unit of its own."""
    special = _SPECIAL.get(code)
    if special is not None:
        return special
    unit = parse_unit(code)
    base = ".".join(n if power == 1 else f"{n}{power}" for n, power in unit.dimensions)
    return Scale(unit.factor, Decimal(0), base or "1")


def to_base(value: Decimal | float, by: Scale) -> float:
    """The value in the canonical unit; an infinite one stays infinite."""
    if isinstance(value, float):
        return value
    try:
        return as_float(value * by.factor + by.offset)
    except DecimalException:
        return as_float(value)


def as_float(value: Decimal | int) -> float:
    """Beyond the range of a float: infinite."""
    try:
        return float(value)
    except OverflowError:
        return INFINITY if value > 0 else -INFINITY


def number(value: Any) -> Decimal | None:
    """A JSON number as the resource states it."""
    if type(value) is int or type(value) is Decimal:
        return Decimal(value)
    return Decimal(repr(value)) if type(value) is float else None


def measures(
    low: Decimal | float, high: Decimal | float, system: str, code: str, unit: str
) -> list[Measure]:
    """Entries of one quantity: by its code and, where that differs, by its unit as people read it.

    Spec: search.html#quantity: `5.4||mg` looks at the code and at the stated unit.
    """
    first, last = _float(low), _float(high)
    if system == UCUM and code:
        by = scale(code)
        base = (to_base(low, by), to_base(high, by), by.base)
    else:
        base = (first, last, "")
    out: list[Measure] = []
    if code or not unit:
        out.append((first, last, system, code, *base))
    if unit and unit != code:
        out.append((first, last, "", unit, *base))
    return out


def _float(value: Decimal | float) -> float:
    return value if isinstance(value, float) else as_float(value)


def quantity(value: Json) -> list[Measure]:
    """A Quantity or one of its kinds; a comparator makes it open to one side."""
    found = number(value.get("value"))
    if found is None:
        return []
    low: Decimal | float = found
    high: Decimal | float = found
    comparator = value.get("comparator", "")
    if comparator in ("<", "<="):
        low = -INFINITY
    elif comparator in (">", ">="):
        high = INFINITY
    return measures(low, high, *_unit(value))


def _unit(value: Json) -> tuple[str, str, str]:
    return value.get("system", ""), value.get("code", ""), value.get("unit", "")


def money(value: Json) -> list[Measure]:
    found, currency = number(value.get("value")), value.get("currency", "")
    if found is None:
        return []
    return measures(found, found, CURRENCY if currency else "", currency, "")


def bounds(value: Json) -> tuple[Decimal | float, Decimal | float] | None:
    """The ends of a Range; a missing one is open. With its low above its high it holds nothing."""
    low, high = (
        number(value.get("low", {}).get("value")),
        number(value.get("high", {}).get("value")),
    )
    if low is None and high is None:
        return None
    if low is not None and high is not None and low > high:
        return None
    return (-INFINITY if low is None else low), (INFINITY if high is None else high)


def quantity_range(value: Json) -> list[Measure]:
    found = bounds(value)
    if found is None:
        return []
    stated = value.get("low", {})
    return measures(*found, *_unit(stated if "value" in stated else value.get("high", {})))


def sampled(value: Json) -> list[Measure]:
    """From the lowest to the highest sample.

    Spec: http://hl7.org/fhir/R4/datatypes.html#SampledData: E is an error, U and L are beyond the
    limits of what was measured.
    """
    origin = value.get("origin", {})
    base, factor = number(origin.get("value")), number(value.get("factor", 1))
    if base is None or factor is None:
        return []
    texts = set(value.get("data", "")[:MAX_SAMPLES].split())
    found = [n for n in map(_sample, texts) if n is not None]
    for mark, name in (("U", "upperLimit"), ("L", "lowerLimit")):
        limit = number(value.get(name))
        if limit is not None and (mark in texts or not found):
            found.append(limit)
    if not found:
        return []
    try:
        ends = sorted((base + min(found) * factor, base + max(found) * factor))
    except DecimalException:  # beyond all numbers
        return []
    return measures(ends[0], ends[1], *_unit(origin))


def _sample(text: str) -> Decimal | None:
    try:
        found = Decimal(text)
    except DecimalException:
        return None
    return found if found.is_finite() else None
