"""Two snapshot generators agree: SUSHI's, which the package holds, and ours."""

from __future__ import annotations

from typing import Any

import pytest

from fhir_server.validation import Validator
from fhir_server.validation.snapshot import generate
from tests.profiles.package import Json, conformance

DEFINITIONS = [r for r in conformance() if r["resourceType"] == "StructureDefinition"]
# Of every element and resource; ours are checked in code and not written out.
# sqty-1 is what the name of SimpleQuantity in a type means.
GENERAL = {"sqty-1", "ele-1", "ext-1", "dom-2", "dom-3", "dom-4", "dom-5", "dom-6"}
STRING = "http://hl7.org/fhirpath/System.String"
COMPARED = ("path", "sliceName", "min", "max", "mustSupport", "contentReference", "maxLength")


@pytest.fixture(scope="module")
def differential_only() -> Validator:
    """Knows the package without its snapshots, so that ours come from differentials alone."""
    plain = [{k: v for k, v in r.items() if k != "snapshot"} for r in DEFINITIONS]
    return Validator(plain)


def said(element: Json) -> dict[str, Any]:
    """What an element demands, in one form."""
    out = {key: element[key] for key in COMPARED if key in element}
    out |= {k: v for k, v in element.items() if k.startswith(("fixed", "pattern", "minValue"))}
    out["types"] = sorted(type_of(t, element["path"]) for t in element.get("type", ()))
    binding = element.get("binding", {})
    if "valueSet" in binding:
        out["binding"] = (binding["strength"], binding["valueSet"].partition("|")[0])
    out["constraints"] = sorted({c["key"] for c in element.get("constraint", ())} - GENERAL)
    # SUSHI also writes the slicing that every extension element has by its definition.
    if "slicing" in element and not element["path"].endswith("xtension"):
        slicing = element["slicing"]
        out["slicing"] = (
            slicing.get("rules"),
            slicing.get("ordered", False),
            [(d["type"], d["path"]) for d in slicing.get("discriminator", ())],
        )
    return out


def type_of(each: Json, path: str) -> tuple[Any, ...]:
    code = each["code"]
    if code == STRING:  # how a snapshot names the type of ids and of Extension.url
        parent, _, name = path.rpartition(".")
        of_resource = name == "id" and "." not in parent and parent != "Extension"
        code = "id" if of_resource else {"id": "string", "url": "uri"}[name]
    # SimpleQuantity is a profile of the base definition; ours keep its rules, not its name.
    held = [p for p in each.get("profile", ()) if not p.endswith("/SimpleQuantity")]
    return code, *sorted(held), *sorted(each.get("targetProfile", ()))


@pytest.mark.parametrize("definition", DEFINITIONS, ids=lambda r: r["id"])
def test_snapshots_agree(definition: Json, differential_only: Validator):
    plain = {k: v for k, v in definition.items() if k != "snapshot"}
    ours = generate(differential_only.compiler, plain)["snapshot"]["element"]
    theirs = definition["snapshot"]["element"]
    mine = {e["id"]: said(e) for e in ours}
    other = {e["id"]: said(e) for e in theirs}
    assert mine == other
