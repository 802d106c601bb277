"""A small part of UCUM: the units that occur in care, with prefixes, products and exponents.

Spec: https://ucum.org/ucum (2.1). Not supported: special units such as Cel, and arbitrary units
(those of [IU]'s kind have a dimension of their own).
"""

from __future__ import annotations

import re
from decimal import Decimal
from functools import lru_cache
from typing import NamedTuple, TypeAlias

Dimensions: TypeAlias = tuple[tuple[str, int], ...]


class Unit(NamedTuple):
    """A factor to base units, and the base units with their exponents, sorted."""

    factor: Decimal
    dimensions: Dimensions


_PREFIXES = {
    "T": "1e12", "G": "1e9", "M": "1e6", "k": "1e3", "h": "1e2", "da": "1e1", "d": "1e-1",
    "c": "1e-2", "m": "1e-3", "u": "1e-6", "n": "1e-9", "p": "1e-12", "f": "1e-15",
}  # fmt: skip
# code: factor, in which units. An empty definition is a base unit.
_METRIC = {
    "m": "", "s": "", "g": "", "K": "", "cd": "", "mol": "6.0221367e23 1", "rad": "1 1",
    "L": "0.001 m3", "l": "0.001 m3", "N": "1000 g.m/s2", "Pa": "1000 g/m/s2",
    "J": "1000 g.m2/s2", "W": "1000 g.m2/s3", "Hz": "1 s-1", "cal": "4184 g.m2/s2",
    "eq": "6.0221367e23 1", "osm": "6.0221367e23 1", "kat": "6.0221367e23 s-1",
    "U": "10036894500000000 s-1", "bar": "1e8 g/m/s2", "V": "", "A": "", "Bq": "1 s-1",
    "Gy": "1 m2/s2", "Sv": "1 m2/s2", "[iU]": "", "[IU]": "", "m[Hg]": "133322000 g/m/s2",
    "m[H2O]": "9806650 g/m/s2", "t": "1e6 g",
}  # fmt: skip
_OTHER = {
    "%": "0.01 1", "[ppth]": "0.001 1", "[ppm]": "1e-6 1", "[pi]": "3.14159265358979 1",
    "min": "60 s", "h": "3600 s", "d": "86400 s", "wk": "604800 s", "mo": "2629800 s",
    "a": "31557600 s", "[in_i]": "0.0254 m", "[ft_i]": "0.3048 m", "[yd_i]": "0.9144 m",
    "[mi_i]": "1609.344 m", "[lb_av]": "453.59237 g", "[oz_av]": "28.349523125 g",
    "[st_av]": "6350.29318 g", "[gr]": "0.06479891 g", "[degF]": "", "Cel": "", "[pH]": "",
}  # fmt: skip
_TERM = re.compile(r"(?P<annotation>\{[^{}]*\})|(?P<operator>[./])|(?P<atom>[^./{}]+)")
_ATOM = re.compile(r"(.*?[^0-9+\-]|)([+-]?\d+)?", re.DOTALL).fullmatch


@lru_cache(1024)
def parse_unit(code: str) -> Unit:
    """An unknown code is a unit of its own: it compares with itself only."""
    if len(code) > 100 or "(" in code:
        return Unit(Decimal(1), ((code, 1),))
    factor = Decimal(1)
    powers: dict[str, int] = {}
    sign = 1
    for found in _TERM.finditer(code):
        if found.lastgroup == "operator":
            sign = -1 if found.group() == "/" else 1
        elif found.lastgroup == "atom":
            unit, exponent = _power(found.group())
            factor *= unit.factor ** (exponent * sign)
            for name, power in unit.dimensions:
                powers[name] = powers.get(name, 0) + power * exponent * sign
    return Unit(factor, tuple(sorted((n, p) for n, p in powers.items() if p)))


def _power(text: str) -> tuple[Unit, int]:
    if text.isdecimal():
        return Unit(Decimal(text), ()), 1
    if text.startswith(("10*", "10^")):
        digits = text[3:] or "1"
        exponent = int(digits) if re.fullmatch(r"[+-]?\d{1,3}", digits) else 1
        return Unit(Decimal(10), ()), exponent
    found = _ATOM(text)
    if found is None or not found[1] or len(found[2] or "") > 3:
        return Unit(Decimal(1), ((text, 1),)), 1
    return _atom(found[1]), int(found[2] or 1)


@lru_cache(1024)
def _atom(name: str) -> Unit:
    known = _OTHER.get(name, _METRIC.get(name))
    if known is not None:
        return _defined(name, known)
    for length in (1, 2):
        prefix, rest = name[:length], name[length:]
        if prefix in _PREFIXES and rest in _METRIC:
            unit = _defined(rest, _METRIC[rest])
            return Unit(unit.factor * Decimal(_PREFIXES[prefix]), unit.dimensions)
    return Unit(Decimal(1), ((name, 1),))


def _defined(name: str, definition: str) -> Unit:
    if not definition:
        return Unit(Decimal(1), ((name, 1),))
    number, _, units = definition.partition(" ")
    base = parse_unit(units)
    return Unit(Decimal(number) * base.factor, base.dimensions)
