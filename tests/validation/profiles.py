"""Profiles for tests: one that uses every kind of rule, written as a person would write it."""

from __future__ import annotations

from typing import Any

Json = dict[str, Any]
BASE = "http://example.org/fhir/StructureDefinition/"
CORE = "http://hl7.org/fhir/StructureDefinition/"


def profile(name: str, type_name: str, *elements: Json, base: str = "", **more: Any) -> Json:
    """A StructureDefinition by its differential; ids are the paths where they are not given."""
    kind = "complex-type" if type_name == "Extension" else "resource"
    rows = [{"id": e.get("id", e["path"]), **e} for e in elements]
    return {
        "resourceType": "StructureDefinition", "url": BASE + name, "version": "0.1", "name": name,
        "status": "active", "kind": kind, "abstract": False, "type": type_name,
        "baseDefinition": base or CORE + type_name, "derivation": "constraint",
        "differential": {"element": rows}, **more,
    }  # fmt: skip


def at(path: str, **facts: Any) -> Json:
    """An element. A path with slice names (`Patient.name:official.given`) is its id."""
    plain = ".".join(part.partition(":")[0] for part in path.split("."))
    name = path.rpartition(".")[2].partition(":")[2]
    return {"id": path, "path": plain, **({"sliceName": name} if name else {}), **facts}


def by(kind: str, path: str, rules: str = "open", **more: Any) -> Json:
    """The facts of a slicing."""
    slicing = {"discriminator": [{"type": kind, "path": path}], "rules": rules, **more}
    return {"slicing": slicing}


COLOURS: Json = {
    "resourceType": "CodeSystem", "url": "http://example.org/fhir/colours", "status": "active",
    "content": "complete", "concept": [{"code": "red", "display": "Red"}, {"code": "blue"}],
}  # fmt: skip
RED: Json = {
    "resourceType": "ValueSet", "url": "http://example.org/fhir/ValueSet/red", "status": "active",
    "compose": {"include": [{"system": COLOURS["url"], "concept": [{"code": "red"}]}]},
}  # fmt: skip
URGENCY = profile(
    "urgency",
    "Extension",
    at("Extension.url", fixedUri=BASE + "urgency"),
    at("Extension.extension", max="0"),
    at("Extension.value[x]", min=1, type=[{"code": "code"}]),
    context=[{"type": "element", "expression": "ServiceRequest"}],
)
