"""The children of each type as XML has them, compiled from the definitions on first use."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from ..definitions import Definitions, Element, TypeRef

FHIR = "http://hl7.org/fhir"
XHTML = "http://www.w3.org/1999/xhtml"

# How a child is read and written.
PRIMITIVE, COMPLEX, WRAPPER, ROOT, NARRATIVE = range(5)

_INTEGER = re.compile(r"-?(?:0|[1-9][0-9]{0,17})").fullmatch
_WHOLE = re.compile(r"-?(?:0|[1-9][0-9]{0,4000})").fullmatch  # what int() takes
_DECIMAL = re.compile(r"-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?(?:[eE][+-]?[0-9]+)?").fullmatch
_BOOLEANS = {"true": True, "false": False}


@dataclass(frozen=True, slots=True)
class Member:
    """One child element. `key` is its JSON property, `name` that of the definition (value[x] is
    `value`), `below` the type of its content; `parse` makes its value of the attribute's text."""

    key: str
    name: str
    kind: int
    many: bool
    below: str
    order: int
    parse: Callable[[str], Any] | None = None


# By expanded name, as the parser gives it: "http://hl7.org/fhir birthDate".
Members = dict[str, Member]


def parse_boolean(text: str) -> bool | str:
    """Text that is no boolean stays text, which validation refuses with its place."""
    return _BOOLEANS.get(text, text)


def parse_integer(text: str) -> int | str:
    return int(text) if _INTEGER(text) else text


def parse_decimal(text: str) -> int | Decimal | str:
    """With all its digits, and of the Python type that JSON decoding gives it."""
    if _WHOLE(text):
        return int(text)
    return Decimal(text) if _DECIMAL(text) else text


PARSERS: dict[str, Callable[[str], Any]] = {
    "boolean": parse_boolean,
    "integer": parse_integer,
    "unsignedInt": parse_integer,
    "positiveInt": parse_integer,
    "decimal": parse_decimal,
}


class Tables:
    """The members of all types. Shape: `of` gives {expanded name: Member}."""

    def __init__(self, definitions: Definitions) -> None:
        self._definitions = definitions
        self._tables: dict[str, Members] = {}
        self.roots: Members = {
            f"{FHIR} {name}": Member(name, name, ROOT, False, name, 0)
            for name in definitions.resource_types
        }

    def of(self, path: str) -> Members:
        """The children of a type or nested path."""
        found = self._tables.get(path)
        if found is None:
            found = self._tables[path] = self._compile(path)
        return found

    def has_attributes(self, path: str) -> bool:
        """Do elements of this type carry `id` as an attribute? Resources do not."""
        return not self._definitions.is_resource(path)

    def _compile(self, path: str) -> Members:
        definition = self._definitions.type(path)
        if definition is None:
            raise KeyError(path)
        attributes = ("id", "url") if path == "Extension" else ("id",)
        out: Members = {}
        for order, element in enumerate(definition.elements.values()):
            if element.name in attributes and self.has_attributes(path):
                continue
            for key, ref in element.json_names():
                member = self._member(element, key, ref, order)
                space = XHTML if member.kind == NARRATIVE else FHIR
                out[f"{space} {key}"] = member
        return out

    def _member(self, element: Element, key: str, ref: TypeRef, order: int) -> Member:
        kind = COMPLEX
        below = ref.code
        if ref.code == "xhtml":
            kind = NARRATIVE
        elif ref.code in self._definitions.primitives:
            kind, below = PRIMITIVE, "Element"
        elif ref.code == "Resource":
            kind = WRAPPER
        parse = PARSERS.get(ref.code)
        return Member(key, element.name, kind, element.many, below, order, parse)
