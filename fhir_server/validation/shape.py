"""The JSON shape of a resource: objects, arrays and primitives where R4 has them. No more.

It is what every part of a server takes for granted. Where nothing else is checked, elements may be
missing, unknown or too many, and values may have any content.

Spec: http://hl7.org/fhir/R4/json.html
"""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from typing import Any

from ..definitions import Definitions, Element, TypeRef
from ..errors import Issue

Json = dict[str, Any]
MAX_ISSUES = 100
NUMBERS = frozenset({"decimal", "integer", "unsignedInt", "positiveInt"})
HOLDERS = frozenset({"Resource", "DomainResource"})


def check_shape(definitions: Definitions, resource: Json, resource_type: str) -> list[Issue]:
    """At most MAX_ISSUES. Errors: structure-type, structure-resource."""
    found = []
    for issue in _object(definitions, resource, resource_type, resource_type):
        found.append(issue)
        if len(found) == MAX_ISSUES:
            break
    return found


def _object(definitions: Definitions, value: Any, path: str, at: str) -> Iterator[Issue]:
    if path in HOLDERS:
        name = value.get("resourceType") if type(value) is dict else None
        if type(name) is not str or not definitions.is_resource(name):
            yield Issue("structure-resource", at)
            return
        path = name
    definition = definitions.type(path)
    assert definition is not None, "a type of R4"
    if type(value) is not dict:
        yield _wrong(at, "object")
        return
    for key, each in value.items():
        found = definition.keys.get(key.removeprefix("_"))
        if found is None:
            continue
        if key.startswith("_"):
            yield from _sibling(found[0], each, f"{at}.{found[0].name}")
        else:
            yield from _member(definitions, found, each, f"{at}.{key}")


def _member(
    definitions: Definitions, found: tuple[Element, TypeRef], value: Any, at: str
) -> Iterator[Issue]:
    element, ref = found
    primitive = ref.code in definitions.primitives
    if not element.many:
        each = [("", value)]
    elif type(value) is list:
        # A null stands where only the sibling has something.
        each = [(f"[{i}]", v) for i, v in enumerate(value) if not (primitive and v is None)]
    else:
        yield _wrong(at, "array")
        return
    for index, one in each:
        if not primitive:
            yield from _object(definitions, one, ref.code, at + index)
        elif not _fits(ref.code, one):
            yield _wrong(at + index, ref.code)


def _fits(code: str, value: Any) -> bool:
    if code == "boolean":
        return value is True or value is False
    if code in NUMBERS:
        return type(value) is int or type(value) is Decimal
    return type(value) is str


def _sibling(element: Element, value: Any, at: str) -> Iterator[Issue]:
    """`_name`: an object, or an array of them and of nulls."""
    if not element.many:
        if type(value) is not dict:
            yield _wrong(at, "object")
    elif type(value) is not list or any(v is not None and type(v) is not dict for v in value):
        yield _wrong(at, "array")


def _wrong(at: str, expected: str) -> Issue:
    return Issue("structure-type", at, {"expected": expected})
