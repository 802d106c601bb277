"""Single-fault mutants of valid referral resources: each is caught, at the place of its fault.

The resources are those that the paper forms become (mappings/*/cases). A mutant changes one thing
that R4 forbids; it must give an error whose expression is the mutated element.
"""

from __future__ import annotations

import copy
import json
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from fhir_server.definitions import Element, TypeRef, r4
from fhir_server.validation import Validator

Json = dict[str, Any]
ROOT = Path(__file__).parents[2]
# A value that is wrong for each primitive type, of the right JSON type where there is one.
WRONG = {
    "boolean": "true", "integer": "1", "decimal": "1.0", "positiveInt": 0, "unsignedInt": -1,
    "string": 7, "markdown": "", "code": " a", "id": "a b", "uri": "a b", "url": "a b",
    "canonical": "a b", "date": "2026-02-30", "dateTime": "2026-13-01", "instant": "2026-01-01",
    "time": "25:00:00", "base64Binary": "*", "oid": "1.2", "uuid": "x", "xhtml": "<p>a</p>",
}  # fmt: skip


def resources() -> list[tuple[str, Json]]:
    """(where it comes from, resource) of every case, each resource once."""
    found: dict[str, tuple[str, Json]] = {}
    for path in sorted((ROOT / "mappings").glob("*/cases/*.out.json")):
        bundle = json.loads(path.read_bytes(), parse_float=Decimal)
        for entry in bundle["bundle"]["entry"]:
            resource = entry["resource"]
            key = json.dumps(resource, sort_keys=True, default=str)
            found.setdefault(key, (f"{path.parent.parent.name}/{path.name}", resource))
    return list(found.values())


def walk(value: Json, type_name: str, at: str) -> Iterator[tuple[Json, str, str]]:
    """Every object of a resource with its type and its place, choices by the element's name."""
    yield value, type_name, at
    definition = r4().type(type_name)
    assert definition is not None, type_name
    for key, (element, ref) in definition.keys.items():
        held = value.get(key)
        for i, each in enumerate(held if isinstance(held, list) else [held]):
            if isinstance(each, dict) and ref.code not in ("Resource", "Extension"):
                index = f"[{i}]" if isinstance(held, list) else ""
                yield from walk(each, ref.code, f"{at}.{element.name}{index}")


def faults(value: Json, type_name: str, at: str) -> Iterator[tuple[str, str, Any]]:
    """(kind, expected expression, a function that makes the fault in a copy of the object)."""
    definition = r4().type(type_name)
    assert definition is not None
    yield "unknown element", f"{at}.mistake", lambda v: v.update(mistake=1)
    for element in definition.elements.values():
        simple = [(k, r.code) for k, r in element.json_names() if r.code in WRONG]
        if element.choice and len(simple) > 1:
            both = {k: valid(code) for k, code in simple[:2]}
            yield "two of a choice", f"{at}.{element.name}", lambda v, b=both: v.update(b)
        held = [k for k, _ in element.json_names() if k in value]
        if not held and not element.min:
            continue
        name = f"{at}.{element.name}"
        key = held[0] if held else ""
        if element.min and key and len(value) > 1:
            yield "required", name, lambda v, k=key: v.pop(k)
        if key:
            ref = dict(element.json_names())[key]
            yield from of_value(value, key, name, element, ref)


def valid(code: str) -> Any:
    return {"boolean": True, "integer": 1, "decimal": 1, "positiveInt": 1, "unsignedInt": 1,
            "date": "2026", "dateTime": "2026", "instant": "2026-01-01T00:00:00Z",
            "time": "10:00:00", "base64Binary": "YQ==", "oid": "urn:oid:1.2",
            "uuid": "urn:uuid:c757873d-ec9a-4326-a141-556f43239520"}.get(code, "a")  # fmt: skip


def of_value(
    value: Json, key: str, name: str, element: Element, ref: TypeRef
) -> Iterator[tuple[str, str, Any]]:
    many, held = isinstance(value[key], list), value[key]
    if many:
        yield "no array", name, lambda v: v.update({key: held[0]})
        yield "empty array", name, lambda v: v.update({key: []})
        yield "null", f"{name}[{len(held)}]", lambda v: v.update({key: [*held, None]})
    else:
        yield "array", name, lambda v: v.update({key: [held]})
        yield "null", name, lambda v: v.update({key: None})
    where = f"{name}[0]" if many else name

    def put(new: Any) -> Any:
        return lambda v: v.update({key: [new, *held[1:]] if many else new})

    if ref.code in WRONG and key != "div":
        yield f"format of {ref.code}", where, put(WRONG[ref.code])
        yield "object for a primitive", where, put({"a": 1})
        if element.strength == "required" and ref.code == "code":
            yield "code of a required value set", where, put("mistake")
    elif ref.code not in WRONG:
        yield "text for an object", where, put("a")
        yield "empty object", where, put({})
        if ref.code == "Reference" and "Resource" not in ref.targets and ref.targets:
            wrong = "Slot" if "Slot" not in ref.targets else "Schedule"
            yield "target", where, put({"reference": f"{wrong}/1"})
            yield "contained", where + ".reference", put({"reference": "#none"})
        if ref.code == "Period":
            yield "per-1", where, put({"start": "2026-02-01", "end": "2026-01-01"})


def mutants() -> Iterator[tuple[str, str, str, Json]]:
    seen: set[tuple[str, str, str]] = set()
    for source, resource in resources():
        name = resource["resourceType"]
        for i, (value, type_name, at) in enumerate(walk(resource, name, name)):
            for kind, expected, make in faults(value, type_name, at):
                key = (kind, name, expected)
                if key in seen or (name, kind) == ("Bundle", "null"):
                    continue
                seen.add(key)
                mutant = copy.deepcopy(resource)
                target = list(walk(mutant, name, name))[i][0]
                make(target)
                yield kind, expected, source, mutant


VALIDATOR = Validator()


def test_the_resources_of_the_forms_are_valid() -> None:
    held = resources()
    assert len(held) >= 40
    wrong = {
        (source, r["resourceType"], i.message_id, i.expression)
        for source, r in held
        for i in VALIDATOR.validate(r)
        if i.severity == "error"
    }
    assert wrong == set()


def test_every_mutant_is_caught_at_its_place() -> None:
    found = list(mutants())
    kinds = {kind for kind, *_ in found}
    missed = []
    for kind, expected, source, mutant in found:
        issues = [i for i in VALIDATOR.validate(mutant) if i.severity == "error"]
        if not any(i.expression == expected for i in issues):
            missed.append((kind, expected, source, [(i.message_id, i.expression) for i in issues]))
    assert missed == []
    assert len(found) >= 200
    assert len(kinds) >= 20
    print(f"{len(found)} mutants of {len(kinds)} kinds, all caught")


@pytest.mark.parametrize("kind", ["required", "target", "two of a choice", "per-1"])
def test_the_kinds_are_there(kind: str) -> None:
    assert any(each == kind for each, *_ in mutants())
