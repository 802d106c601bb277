"""Fixed values, patterns, least and greatest values, lengths.

Spec: http://hl7.org/fhir/R4/elementdefinition.html (fixed[x], pattern[x], minValue[x], maxValue[x])
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from decimal import Decimal
from typing import Any

from ...fhirpath.moment import Moment, compare_moments, parse_date, parse_time
from ..findings import Check, Findings, Json, one

Matches = Callable[[Any], bool]
_MISSING: Any = object()


def stated(facts: Mapping[str, Any], prefix: str) -> Any:
    """The value of a choice such as fixed[x]; `MISSING` without one."""
    for key, value in facts.items():
        if key.startswith(prefix) and key[len(prefix) : len(prefix) + 1].isupper():
            return value
    return _MISSING


def is_stated(value: Any) -> bool:
    return value is not _MISSING


def same(value: Any, wanted: Any) -> bool:
    """Equal as JSON: true is not 1, 1.0 is 1.00."""
    if type(wanted) is dict:
        return (
            type(value) is dict
            and value.keys() == wanted.keys()
            and all(same(value[k], wanted[k]) for k in wanted)
        )
    if type(wanted) is list:
        return type(value) is list and len(value) == len(wanted) and all(map(same, value, wanted))
    if type(wanted) is bool or type(value) is bool:
        return value is wanted
    if type(wanted) is float or type(value) is float:
        return _number(value) == _number(wanted) is not None
    return bool(value == wanted)


def _number(value: Any) -> Decimal | None:
    return Decimal(str(value)) if type(value) in (int, float, Decimal) else None


def matches(value: Any, wanted: Any) -> bool:
    """Everything that the pattern holds is in the value, list items in any order."""
    if type(wanted) is dict:
        return type(value) is dict and all(
            k in value and matches(value[k], v) for k, v in wanted.items()
        )
    if type(wanted) is list:
        return type(value) is list and all(any(matches(v, w) for v in value) for w in wanted)
    return same(value, wanted)


def compile_pattern(wanted: Any) -> Matches:
    """The usual pattern, one coding, without a walk over general values."""
    if type(wanted) is dict and list(wanted) == ["coding"] and len(wanted["coding"]) == 1:
        coding = wanted["coding"][0]
        if type(coding) is dict and set(coding) == {"system", "code"}:
            system, code = coding["system"], coding["code"]

            def has_coding(value: Any) -> bool:
                held = value.get("coding") if type(value) is dict else None
                return type(held) is list and any(
                    type(c) is dict and c.get("code") == code and c.get("system") == system
                    for c in held
                )

            return has_coding
    return lambda value: matches(value, wanted)


def compile_values(facts: Json, type_name: str, profile: str) -> list[Check]:
    """The checks of one element on one value."""
    out: list[Check] = []
    fixed = stated(facts, "fixed")
    if is_stated(fixed):
        out.append(_equal(fixed, profile))
    pattern = stated(facts, "pattern")
    if is_stated(pattern):
        out.append(_pattern(pattern, profile))
    for prefix, code, sign in (
        ("minValue", "valid-min-value", -1),
        ("maxValue", "valid-max-value", 1),
    ):
        bound = stated(facts, prefix)
        if is_stated(bound):
            out.append(_bound(bound, code, sign, profile))
    if type(facts.get("maxLength")) is int:
        out.append(_length(facts["maxLength"], profile))
    return out


def _equal(wanted: Any, profile: str) -> Check:
    def check(value: Any, owner: Any, run: Any) -> Findings:
        if value is None or same(value, wanted):
            return None
        return one("valid-fixed", profile=profile)

    return check


def _pattern(wanted: Any, profile: str) -> Check:
    test = compile_pattern(wanted)
    shown = json.dumps(wanted, ensure_ascii=False, default=str)[:300]

    def check(value: Any, owner: Any, run: Any) -> Findings:
        if value is None or test(value):
            return None
        return one("valid-pattern", expected=shown, profile=profile)

    return check


def _length(most: int, profile: str) -> Check:
    def check(value: Any, owner: Any, run: Any) -> Findings:
        if type(value) is not str or len(value) <= most:
            return None
        return one("valid-max-length", expected=most, profile=profile)

    return check


def _bound(bound: Any, code: str, sign: int, profile: str) -> Check:
    """Dates of different precision, and quantities of different units, are not compared."""
    shown = bound if type(bound) is not dict else f"{bound.get('value')} {bound.get('unit', '')}"

    def check(value: Any, owner: Any, run: Any) -> Findings:
        order = compare(value, bound)
        if order is None or order * sign <= 0:
            return None
        return one(code, expected=shown, profile=profile)

    return check


def compare(value: Any, bound: Any) -> int | None:
    """-1, 0 or 1; None where the two have no order."""
    if type(value) is dict and type(bound) is dict:
        if value.get("system") != bound.get("system") or value.get("code") != bound.get("code"):
            return None
        return compare(value.get("value"), bound.get("value"))
    left, right = _ordered(value), _ordered(bound)
    if left is None or right is None or type(left) is not type(right):
        return None
    if isinstance(left, Moment):
        return compare_moments(left, right)
    return int(left > right) - int(left < right)


def _ordered(value: Any) -> Any:
    if type(value) is str:
        return parse_date(value) or parse_time(value)
    return _number(value)
