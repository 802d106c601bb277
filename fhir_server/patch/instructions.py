"""The Parameters resource of a FHIRPath Patch as records.

Spec: http://hl7.org/fhir/R4/fhirpatch.html
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from ..definitions import r4
from ..errors import FhirError
from .bounds import MAX_OPERATIONS, Json, too_large

TYPES = ("add", "insert", "delete", "replace", "move")
# What each type needs beside its path, and how the value is called in a message.
_NEEDS = {
    "add": ("name", "value"),
    "insert": ("index", "value"),
    "delete": (),
    "replace": ("value",),
    "move": ("source", "destination"),
}
_EXPECTED = {
    "path": "valueString",
    "name": "valueString",
    "value": "value[x], resource or part",
    "index": "valueInteger",
    "source": "valueInteger",
    "destination": "valueInteger",
}


@dataclass(frozen=True, slots=True)
class Content:
    """The value of a part. Shape: `type` is a FHIR type; "" where it is built of `parts`."""

    type: str
    raw: Any = None
    extra: Json | None = None
    parts: tuple[tuple[str, Content], ...] = ()


@dataclass(frozen=True, slots=True)
class Instruction:
    """One operation; `at` is its place, such as `Parameters.parameter[1]`."""

    type: str
    path: str
    at: str
    name: str = ""
    value: Content | None = None
    index: int = 0
    source: int = 0
    destination: int = 0


def read_instructions(parameters: Any) -> list[Instruction]:
    """Errors: patch-document, patch-operation, patch-member, patch-too-large."""
    if type(parameters) is not dict or parameters.get("resourceType") != "Parameters":
        raise FhirError("patch-document", expected="a Parameters resource")
    found = parameters.get("parameter", [])
    if type(found) is not list:
        raise FhirError("patch-document", "Parameters.parameter", expected="an array")
    if len(found) > MAX_OPERATIONS:
        raise too_large()
    return [_instruction(p, f"Parameters.parameter[{i}]") for i, p in enumerate(found)]


def _instruction(parameter: Any, at: str) -> Instruction:
    if type(parameter) is not dict or parameter.get("name") != "operation":
        raise FhirError("patch-document", at, expected="parameters with the name `operation`")
    parts: dict[str, Json] = {}
    for each in _parts(parameter, at):
        name = each.get("name")
        if type(name) is str:
            if name in parts:
                raise FhirError("patch-document", at, expected=f"one part `{name}`")
            parts[name] = each
    kind = _primitive(parts, "type", str)
    if kind not in TYPES:
        raise FhirError("patch-operation", at, expected=", ".join(TYPES))
    values: dict[str, Any] = {"path": _need(parts, "path", at)}
    for name in _NEEDS[kind]:
        values[name] = _need(parts, name, at)
    return Instruction(kind, at=at, **values)


def _need(parts: dict[str, Json], name: str, at: str) -> Any:
    if name == "value":
        found: Any = _content(parts["value"], at) if "value" in parts else None
    else:
        found = _primitive(parts, name, str if name in ("path", "name") else int)
    if found is None or found == "":
        raise FhirError("patch-member", at, name=name, expected=_EXPECTED[name])
    return found


def _primitive(parts: dict[str, Json], name: str, kind: type) -> Any:
    """A part's text or number, whatever primitive type it was sent as."""
    for key, value in parts.get(name, {}).items():
        if key.startswith("value") and type(value) is kind:
            return value
    return None


def _parts(holder: Json, at: str) -> list[Json]:
    found = holder.get("part", [])
    if type(found) is not list or not all(type(each) is dict for each in found):
        raise FhirError("patch-document", at, expected="an array of parts")
    return found


def _content(part: Json, at: str) -> Content | None:
    """None for a part without a value. Errors: patch-document."""
    if type(part.get("resource")) is dict:
        return Content("Resource", part["resource"])
    keys = [k for k in part if k.lstrip("_").startswith("value")]
    if keys:
        return _value(part, keys, at)
    if "part" not in part:
        return None
    inner = []
    for each in _parts(part, at):
        name, value = each.get("name"), _content(each, at)
        if type(name) is not str or value is None:
            raise FhirError("patch-document", at, expected="a name and a value for each part")
        inner.append((name, value))
    return Content("", parts=tuple(inner))


def _value(part: Json, keys: list[str], at: str) -> Content:
    names = {k.lstrip("_") for k in keys}
    definition = r4().type("Parameters.parameter")
    assert definition is not None
    if len(names) != 1 or (name := names.pop()) not in definition.keys:
        raise FhirError("patch-document", at, expected="one value[x] of a type of R4")
    extra = part.get("_" + name)
    kind = definition.keys[name][1].code
    return Content(kind, part.get(name), extra if type(extra) is dict else None)
