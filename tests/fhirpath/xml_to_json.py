"""FHIR XML to JSON on the definitions, for the inputs of the official suite.

Spec: https://hl7.org/fhir/R4/xml.html and https://hl7.org/fhir/R4/json.html
"""

from __future__ import annotations

import xml.etree.ElementTree as ET
from decimal import Decimal
from typing import Any

from fhir_server.definitions import r4

FHIR, XHTML = "{http://hl7.org/fhir}", "{http://www.w3.org/1999/xhtml}"
_INTEGERS = ("integer", "positiveInt", "unsignedInt")


def convert(text: str) -> dict[str, Any]:
    return _resource(ET.fromstring(text))


def _resource(node: ET.Element) -> dict[str, Any]:
    name = node.tag.removeprefix(FHIR)
    return {"resourceType": name, **_object(node, name)}


def _object(node: ET.Element, type_name: str) -> dict[str, Any]:
    definition = r4().type(type_name)
    assert definition is not None, type_name
    out: dict[str, Any] = {k: v for k, v in node.attrib.items() if k in ("id", "url")}
    for child in node:
        name = child.tag.replace(FHIR, "").replace(XHTML, "")
        element, ref = definition.keys[name]
        value, extra = _value(child, ref.code)
        many = element.many
        if many:
            out.setdefault(name, []).append(value)
            extras = out.setdefault("_" + name, [])
            extras.append(extra)
        else:
            out[name] = value
            out["_" + name] = extra
    return {k: v for k, v in out.items() if v is not None and (type(v) is not list or any(v))}


def _value(node: ET.Element, code: str) -> tuple[Any, Any]:
    if node.tag == XHTML + "div":
        return ET.tostring(node, encoding="unicode"), None
    if code == "Resource":
        return _resource(node[0]), None
    if code not in r4().primitives:
        return _object(node, code), None
    raw = node.get("value")
    extra = _object(node, "Element") if len(node) or node.get("id") else None
    if raw is None:
        return None, extra
    if code == "boolean":
        return raw == "true", extra
    if code in _INTEGERS:
        return int(raw), extra
    return (Decimal(raw) if code == "decimal" else raw), extra
