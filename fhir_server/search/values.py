"""One search value as tests on an index entry, by kind of parameter.

Each function takes the parameter, its modifier and one value (already split at its commas and
still escaped) and gives alternatives: outer tuple any of, inner tuple all of, on one entry.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Literal, TypeAlias

from ..errors import FhirError
from ..model.dates import now, parse_interval
from ..model.ids import is_id
from ..model.pinyin import has_han, text_readings
from ..model.references import parse_reference
from ..model.text import fold
from ..storage.plan import Test
from .numbers import number_tests, quantity_tests
from .parameters import Searched
from .text import MAX_STRING, Tests, split, unescape

Comparison: TypeAlias = Literal["=", "<", "<=", ">", ">="]
CODES = "code, system|code, |code, system|"


def token_tests(parameter: Searched, modifier: str, value: str) -> Tests:
    """`code`, `system|code`, `|code`, `system|`. Spec: search.html#token. Errors: search-value."""
    if modifier == "of-type":
        return _of_type_tests(parameter, value)
    if modifier == "text":
        return string_tests(parameter, "", value)
    parts = [unescape(p) for p in split(value, "|")]
    if len(parts) > 2 or not any(parts):
        raise FhirError("search-value", parameter.code, expected=CODES)
    if len(parts) == 1:
        return ((Test("value", "=", parts[0]),),)
    system, code = parts
    if system in parameter.systems:
        # The element is a `code`: its system is implied and not in the resource.
        system = ""
        if not code:
            return ((),)
    found = [Test("system", "=", system)] if system or code else []
    return ((*([Test("value", "=", code)] if code else []), *found),)


def _of_type_tests(parameter: Searched, value: str) -> Tests:
    """`system|code|value` of an Identifier's type and value, all three."""
    parts = [unescape(p) for p in split(value, "|")]
    if len(parts) != 3 or not all(parts):
        raise FhirError("search-value", parameter.code, expected="type-system|type-code|value")
    system, code, found = parts
    return ((Test("system", "=", f"{system}|{code}"), Test("value", "=", found)),)


def coded_tests(parameter: Searched, codes: dict[str, frozenset[str]]) -> Tests:
    """Any of the codes of a value set. Shape of `codes`: by system."""
    out: list[tuple[Test, ...]] = []
    for system, found in codes.items():
        kept = "" if system in parameter.systems else system
        if found:
            values: tuple[str, ...] = tuple(sorted(found))
            out.append((Test("system", "=", kept), Test("value", "in", values)))
    return tuple(out)


def string_tests(parameter: Searched, modifier: str, value: str) -> Tests:
    """Begins with, or `:exact`, or `:contains`. Spec: search.html#string. Errors: search-value."""
    text = unescape(value)
    if modifier != "contains":
        text = text[:MAX_STRING]  # as much as there is of it in the index
    if modifier == "exact":
        return ((Test("exact", "=", text),),)
    folded = fold(text)
    if not folded:
        raise FhirError("search-value", parameter.code, expected="text")
    return ((Test("folded", "contains" if modifier == "contains" else "starts", folded),),)


def pinyin_tests(parameter: Searched, value: str) -> Tests:
    """`zhang san`, `zhangsan`, `zs`, with tones or without; characters stand for their readings.

    Errors: search-value.
    """
    text = unescape(value)
    if has_han(text):
        readings = [r for r in text_readings(text) if len(r) > 1]
    else:
        readings = ["".join(c for c in fold(text) if c.isalnum())]
    if not any(readings):
        raise FhirError("search-value", parameter.code, expected="pinyin (zhang san, zs)")
    return tuple((Test("value", "starts", each),) for each in readings)


def uri_tests(parameter: Searched, modifier: str, value: str) -> Tests:
    """The exact uri, or by the segments of its path. Spec: search.html#uri. Errors: search-value.

    `:above` finds what is a part of the value, `:below` what goes on behind it.
    """
    text = unescape(value)
    if not modifier:
        return ((Test("value", "=", text),),)
    if not text.startswith(("http://", "https://")):
        raise FhirError("search-value", parameter.code, expected="http://…, https://…")
    stem = text.rstrip("/")
    if modifier == "below":
        return ((Test("value", "in", (stem, stem + "/")),), (Test("value", "starts", stem + "/"),))
    scheme, _, rest = stem.partition("://")
    host, *parts = rest.split("/")
    root, parts = f"{scheme}://{host}", ["", *parts]
    above = [root + "/".join(parts[:n]) for n in range(1, len(parts) + 1)]
    return ((Test("value", "in", tuple(e for a in above for e in (a, a + "/"))),),)


def reference_tests(parameter: Searched, modifier: str, value: str, base_url: str = "") -> Tests:
    """`id`, `Type/id` or a url. Spec: search.html#reference. Errors: search-value."""
    text = unescape(value)
    if is_id(text) and "/" not in text:
        types = (modifier,) if modifier else parameter.targets
        here = (Test("id", "=", text), Test("url", "=", ""))
        # Without the type of its target the same id could be that of another type: all are meant.
        return tuple((*here, Test("type", "=", t)) for t in types) if types else (here,)
    target = parse_reference(text, base_url)
    if target is None or (modifier and target.type != modifier):
        raise FhirError("search-value", parameter.code, expected="id, Type/id, url")
    if target.id:
        row = (Test("id", "=", target.id), Test("url", "=", ""), Test("type", "=", target.type))
        return (row,)
    return ((Test("id", "=", ""), Test("url", "=", target.url)),)


# Stored [low, high) against searched [a, b). Outer: any of; inner: all of.
PREFIXES: dict[str, tuple[tuple[tuple[str, Comparison, str], ...], ...]] = {
    "eq": ((("low", ">=", "a"), ("high", "<=", "b")),),
    "ne": ((("low", "<", "a"),), (("high", ">", "b"),)),
    "gt": ((("high", ">", "b"),),),
    "lt": ((("low", "<", "a"),),),
    "ge": ((("low", ">=", "a"),), (("high", ">", "b"),)),
    "le": ((("high", "<=", "b"),), (("low", "<", "a"),)),
    "sa": ((("low", ">=", "b"),),),
    "eb": ((("high", "<=", "a"),),),
    "ap": ((("low", "<", "b"), ("high", ">", "a")),),
}


def date_bounds(code: str, value: str) -> tuple[str, int, int]:
    """The prefix and the searched interval; `ap` widens it by a tenth of its distance from now.

    Errors: search-prefix, search-value.
    """
    prefix, text = (value[:2], value[2:]) if re.match("[A-Za-z]{2}", value) else ("eq", value)
    if prefix not in PREFIXES:
        raise FhirError("search-prefix", code, expected=" ".join(PREFIXES))
    try:
        # `+` of a time zone arrives as a space where a client did not encode it.
        low, high = parse_interval(text.replace(" ", "+"))
    except ValueError:
        raise FhirError("search-value", code, expected="date, dateTime (2026-11-20)") from None
    if prefix == "ap":
        slack = abs(now() - low) // 10
        return prefix, low - slack, high + slack
    return prefix, low, high


def date_tests(parameter: Searched, modifier: str, value: str) -> Tests:
    """Spec: http://hl7.org/fhir/R4/search.html#date, #prefix"""
    prefix, low, high = date_bounds(parameter.code, unescape(value))
    bound = {"a": low, "b": high}
    return tuple(
        tuple(Test(field, op, bound[x]) for field, op, x in row) for row in PREFIXES[prefix]
    )


def updated_tests(value: str) -> Tests:
    """`_lastUpdated`: a moment, not an interval, against the searched interval."""
    prefix, low, high = date_bounds("_lastUpdated", unescape(value))
    one: dict[str, tuple[tuple[Test, ...], ...]] = {
        "eq": ((Test("at", ">=", low), Test("at", "<", high)),),
        "ap": ((Test("at", ">=", low), Test("at", "<", high)),),
        "ne": ((Test("at", "<", low),), (Test("at", ">=", high),)),
        "gt": ((Test("at", ">=", high),),),
        "sa": ((Test("at", ">=", high),),),
        "lt": ((Test("at", "<", low),),),
        "eb": ((Test("at", "<", low),),),
        "ge": ((Test("at", ">=", low),),),
        "le": ((Test("at", "<", high),),),
    }
    return one[prefix]


COMPILERS: dict[str, Callable[..., Tests]] = {
    "token": token_tests,
    "string": string_tests,
    "uri": uri_tests,
    "reference": reference_tests,
    "date": date_tests,
    "number": number_tests,
    "quantity": quantity_tests,
}
__all__ = ["COMPILERS", "Tests", "split", "unescape"]
