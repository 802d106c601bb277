"""Valid resources of any R4 type, drawn from the definitions by a seeded generator."""

from __future__ import annotations

import random
from decimal import Decimal
from typing import Any

from fhir_server.definitions import Element, TypeRef, r4

Json = dict[str, Any]
DIV = '<div xmlns="http://www.w3.org/1999/xhtml">转诊 &lt;1&gt;<br/></div>'
# One valid value, or several, of each primitive type.
PRIMITIVES: dict[str, tuple[Any, ...]] = {
    "boolean": (True, False),
    "integer": (0, -7, 2147483647),
    "unsignedInt": (0, 12),
    "positiveInt": (1, 99),
    "decimal": (Decimal("1.50"), 0, Decimal("-0.001"), 10**12),
    "date": ("2026", "2026-11", "2026-11-25"),
    "dateTime": ("2026-11-25T08:00:00+08:00", "2026-11", "1950"),
    "instant": ("2026-11-25T08:00:00.123Z",),
    "time": ("08:00:00",),
    "id": ("a-1",),
    "oid": ("urn:oid:1.2.156",),
    "uuid": ("urn:uuid:0b7e7d39-8c1a-4ae5-9b3c-5a1d3e0a0001",),
    "base64Binary": ("5byg5LiJ",),
    "xhtml": (DIV,),
    "code": ("active", "en"),
    "uri": ("urn:oid:2.16.156", "http://example.org/x"),
    "url": ("http://example.org/x",),
    "canonical": ("http://example.org/x|1",),
    "markdown": ("*说明*",),
}
TEXTS = ("张三", "a", "转诊单 12", "O'Neil & <co>")
TARGETS = ("Patient/a", "ServiceRequest/b", "Organization/none", "#c", "urn:oid:1.2.3")


def primitive(rng: random.Random, code: str, element: Element) -> Any:
    codes = r4().codes(element.value_set) if element.value_set else None
    if codes:
        return rng.choice(sorted(codes))
    return rng.choice(PRIMITIVES.get(code, TEXTS))


def value(rng: random.Random, element: Element, ref: TypeRef, depth: int) -> Any:
    if ref.code in r4().primitives:
        return primitive(rng, ref.code, element)
    if ref.code == "Resource":
        return resource(rng, rng.choice(("Patient", "Basic", "Binary")), depth - 2)
    if ref.code == "Reference":
        return {"reference": rng.choice(TARGETS)}
    if ref.code == "Extension":
        return {"url": "http://example.org/e", "valueDecimal": Decimal("1.50")}
    return content(rng, ref.code, depth - 1)


def content(rng: random.Random, path: str, depth: int) -> Json:
    """The required elements of a type and some of the others."""
    definition = r4().type(path)
    assert definition is not None
    out: Json = {}
    for element in definition.elements.values():
        if element.max == 0 or element.name in ("id", "meta", "implicitRules"):
            continue
        if not element.min and (depth <= 0 or rng.random() < 0.6):
            continue
        key, ref = rng.choice(list(element.json_names()))
        if depth <= -4:
            continue
        found = value(rng, element, ref, depth)
        if found != {}:
            out[key] = [found] if element.many else found
    return out or {"id": "x"}


def resource(rng: random.Random, resource_type: str, depth: int = 2) -> Json:
    return {"resourceType": resource_type, **content(rng, resource_type, depth)}
