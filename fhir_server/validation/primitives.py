"""Formats of the primitive types, as functions value → is it valid?

Spec: http://hl7.org/fhir/R4/datatypes.html#primitive
"""

from __future__ import annotations

import binascii
import re
from collections.abc import Callable
from datetime import date
from decimal import Decimal
from typing import Any
from xml.parsers import expat

Check = Callable[[Any], bool]

_YEAR = r"(?:[0-9](?:[0-9](?:[0-9][1-9]|[1-9]0)|[1-9]00)|[1-9]000)"
_DAY = r"(?:0[1-9]|[12][0-9]|3[01])"
_MONTH = r"(?:0[1-9]|1[0-2])"
_CLOCK = r"(?:[01][0-9]|2[0-3]):[0-5][0-9]:(?:[0-5][0-9]|60)(?:\.[0-9]+)?"
_ZONE = r"(?:Z|[+-](?:(?:0[0-9]|1[0-3]):[0-5][0-9]|14:00))"

PATTERNS = {
    "code": r"[^\s]+(?:\s[^\s]+)*",
    "id": r"[A-Za-z0-9\-.]{1,64}",
    "uri": r"\S+",
    "url": r"\S+",
    "canonical": r"\S+",
    "oid": r"urn:oid:[0-2](?:\.(?:0|[1-9][0-9]*))+",
    "uuid": r"urn:uuid:[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}",
    "date": rf"{_YEAR}(?:-{_MONTH}(?:-{_DAY})?)?",
    "dateTime": rf"{_YEAR}(?:-{_MONTH}(?:-{_DAY}(?:T{_CLOCK}{_ZONE})?)?)?",
    "instant": rf"{_YEAR}-{_MONTH}-{_DAY}T{_CLOCK}{_ZONE}",
    "time": _CLOCK,
}
INTEGERS = {
    "integer": (-2147483648, 2147483647),
    "unsignedInt": (0, 2147483647),
    "positiveInt": (1, 2147483647),
}
MAX_STRING = 1_048_576  # characters; datatypes.html#string


def is_boolean(value: Any) -> bool:
    return value is True or value is False


def is_decimal(value: Any) -> bool:
    return type(value) is int or type(value) is Decimal


def is_string(value: Any) -> bool:
    return type(value) is str and 0 < len(value) <= MAX_STRING


def is_base64(value: Any) -> bool:
    if type(value) is not str or not value:
        return False
    try:
        # White space is allowed between the groups; everything else is strict.
        binascii.a2b_base64("".join(value.split()), strict_mode=True)
    except (binascii.Error, ValueError):
        return False
    return True


def _refuse(*_: Any) -> None:
    raise ValueError("a DTD or an entity declaration")


def is_xhtml(value: Any) -> bool:
    """Well-formed, also with respect to namespaces; one `div` as root, no DTD, no processing
    instruction: what can stand in a document in XML.

    Spec: http://hl7.org/fhir/R4/narrative.html#xhtml
    """
    if type(value) is not str or not value.lstrip().startswith("<div"):
        return False
    parser = expat.ParserCreate(namespace_separator=" ")
    parser.StartDoctypeDeclHandler = _refuse
    parser.EntityDeclHandler = _refuse
    parser.ProcessingInstructionHandler = _refuse
    try:
        parser.Parse(value, True)
    except (expat.ExpatError, ValueError, UnicodeEncodeError):
        return False
    return True


def _integer(low: int, high: int) -> Check:
    def check(value: Any) -> bool:
        return type(value) is int and low <= value <= high

    return check


def _pattern(expression: str) -> Check:
    match = re.compile(expression).fullmatch

    def check(value: Any) -> bool:
        return type(value) is str and match(value) is not None

    return check


def _calendar(expression: str) -> Check:
    match = re.compile(expression).fullmatch

    def check(value: Any) -> bool:
        if type(value) is not str or match(value) is None:
            return False
        if len(value) < 10 or value[8:10] < "29":
            return True
        try:
            date(int(value[:4]), int(value[5:7]), int(value[8:10]))
        except ValueError:
            return False
        return True

    return check


CHECKS: dict[str, Check] = {
    "boolean": is_boolean,
    "decimal": is_decimal,
    "string": is_string,
    "markdown": is_string,
    "base64Binary": is_base64,
    "xhtml": is_xhtml,
    **{name: _integer(*bounds) for name, bounds in INTEGERS.items()},
    **{
        name: (_calendar if name in ("date", "dateTime", "instant") else _pattern)(expression)
        for name, expression in PATTERNS.items()
    },
}

_code = re.compile(PATTERNS["code"]).fullmatch


def _solid(value: str) -> bool:
    """Without white space, and not empty; several times as fast as the pattern."""
    return value.split() == [value]


def _text(name: str) -> Check:
    if name in ("uri", "url", "canonical"):
        return _solid
    if name == "code":
        return lambda value: value.split() == [value] or _code(value) is not None
    return CHECKS[name]


# The tests of what is known to be a str, for the types that are strings.
TEXTS: dict[str, Check] = {
    name: _text(name) for name in ("string", "markdown", "base64Binary", "xhtml", *PATTERNS)
}
