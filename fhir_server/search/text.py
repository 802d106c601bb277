"""Escapes and separators of search values. Spec: http://hl7.org/fhir/R4/search.html#escaping"""

from __future__ import annotations

import re
from typing import TypeAlias

from ..storage.plan import Test

# Alternatives on one entry. Outer: any of; inner: all of.
Tests: TypeAlias = tuple[tuple[Test, ...], ...]

MAX_STRING = 400  # characters of a string that are indexed; a longer text is found by its beginning

_ESCAPED = re.compile(r"\\(.)", re.DOTALL)
_SPLIT = {c: re.compile(rf"((?:[^\\{c}]|\\.)*)(?:{re.escape(c)}|$)", re.DOTALL) for c in ",|$"}


def split(text: str, by: str) -> list[str]:
    """Split at an unescaped separator."""
    if "\\" not in text:
        return text.split(by)
    out, at = [], 0
    while True:
        found = _SPLIT[by].match(text, at)
        if found is None:  # a lone backslash at the end
            out.append(text[at:])
            return out
        out.append(found[1])
        at = found.end()
        if found.end() == found.end(1):
            return out


def unescape(text: str) -> str:
    return _ESCAPED.sub(r"\1", text) if "\\" in text else text
