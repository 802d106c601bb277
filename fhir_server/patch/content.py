"""The value of an operation as the JSON of the element it is for."""

from __future__ import annotations

from decimal import Decimal
from typing import Any, NamedTuple

from ..definitions import Element, Type, r4
from ..errors import FhirError
from .bounds import Json, copied
from .instructions import Content
from .places import is_primitive, pair_up

_INTEGERS = frozenset(("integer", "positiveInt", "unsignedInt"))


class Filled(NamedTuple):
    """A value for an element: the JSON key, the JSON, and the `_sibling` of a primitive."""

    key: str
    raw: Any
    extra: Json | None


def find_element(definition: Type, name: str, at: str) -> Element:
    """By its name, `value[x]`, or the JSON name of one type. Errors: patch-element."""
    name = name.removesuffix("[x]")
    found = definition.elements.get(name)
    if found is None and name in definition.keys:
        found = definition.keys[name][0]
    if found is None:
        raise FhirError("patch-element", at, parent=definition.path)
    return found


def fill(element: Element, content: Content, at: str) -> Filled:
    """Errors: patch-type, patch-element."""
    code = _type_for(element, content, at)
    key = element.name + code[:1].upper() + code[1:] if element.choice else element.name
    if not content.type:
        return Filled(key, _assemble(code, content, at), None)
    if is_primitive(code):
        if content.raw is not None and not _fits(code, content.raw):
            raise _wrong(element, at)
        extra = copied(content.extra or {})
        pair_up(extra, "Element")
        return Filled(key, content.raw, extra)
    if type(content.raw) is not dict:
        raise _wrong(element, at)
    raw = copied(content.raw)
    pair_up(raw, code)
    return Filled(key, raw, None)


def _type_for(element: Element, content: Content, at: str) -> str:
    """The type of the element that a value is of, or goes for."""
    codes = [each.code for each in element.types]
    if not content.type:
        objects = [code for code in codes if not is_primitive(code)]
        if len(objects) == 1:
            return objects[0]
        raise _wrong(element, at)
    if content.type in codes:
        return content.type
    # A client may not know that a birthDate is a date, or that Age is a Quantity of its own.
    for code in codes:
        same = r4().is_a(code, content.type) or r4().is_a(content.type, code)
        if same or (not element.choice and is_primitive(code) and is_primitive(content.type)):
            return code
    raise _wrong(element, at)


def _wrong(element: Element, at: str) -> FhirError:
    return FhirError("patch-type", at, expected=", ".join(t.code for t in element.types))


def _fits(code: str, raw: Any) -> bool:
    if code == "boolean":
        return type(raw) is bool
    if code in _INTEGERS:
        return type(raw) is int
    if code == "decimal":
        return type(raw) in (int, Decimal)
    return type(raw) is str


def _assemble(code: str, content: Content, at: str) -> Json:
    """An object built of named parts."""
    definition = r4().type(code)
    if definition is None:
        raise FhirError("patch-element", at, parent=code)
    out: Json = {}
    for name, each in content.parts:
        element = find_element(definition, name, at)
        put(out, definition, element, fill(element, each, at), at)
    return out


def put(owner: Json, definition: Type, element: Element, filled: Filled, at: str) -> None:
    """Append to a list, or set what is not there yet. Errors: patch-exists."""
    key, sibling = filled.key, "_" + filled.key
    if element.many:
        owner.setdefault(key, []).append(filled.raw)
        if filled.extra is not None:
            owner.setdefault(sibling, []).append(filled.extra)
        return
    if any(k in owner or "_" + k in owner for k, _ in element.json_names()):
        raise FhirError("patch-exists", at)
    if filled.raw is not None:
        owner[key] = filled.raw
    if filled.extra is not None:
        owner[sibling] = filled.extra
