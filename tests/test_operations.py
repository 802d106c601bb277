"""Declarations, OperationDefinitions and pages of the operations agree."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from fhir_server.definitions import r4
from fhir_server.exchange.operation import ANY, Operation
from fhir_server.model.canonical import BASE
from fhir_server.model.json import decode_object
from fhir_server.operations import OPERATIONS
from fhir_server.validation.structure import Structure

ROOT = Path(__file__).parent.parent
OWN = [o for o in OPERATIONS if o.definition.startswith(BASE)]
HL7 = "http://hl7.org/fhir/OperationDefinition/"


def name(operation: Operation) -> str:
    return operation.definition.rpartition("/")[2]


@pytest.mark.parametrize("operation", OPERATIONS, ids=name)
def test_an_operation_has_a_page_with_its_parameters(operation: Operation) -> None:
    page = ROOT / "docs" / "operations" / f"{operation.code}.md"
    text = page.read_text("utf-8")
    assert text.startswith(f"# ${operation.code}\n")
    assert "curl" in text
    for each in operation.parameters:
        assert each == "_cursor" or each in text, each
    index = (page.parent / "README.md").read_text("utf-8")
    assert f"({operation.code}.md)" in index


@pytest.mark.parametrize("operation", OPERATIONS, ids=name)
def test_a_declaration_is_whole(operation: Operation) -> None:
    known = r4()
    assert all(t == ANY or known.is_resource(t) for t in operation.resource_types)
    assert set(operation.levels) <= {"system", "type", "instance", "version"}
    assert operation.definition.startswith((HL7, BASE))
    assert all(operation.description)
    assert not operation.search or operation.search in operation.resource_types


@pytest.mark.parametrize("operation", OWN, ids=name)
def test_our_operations_are_defined_as_they_are_declared(operation: Operation) -> None:
    path = ROOT / "profiles" / "OperationDefinition" / f"{name(operation)}.json"
    found = decode_object(path.read_bytes())
    assert Structure(r4()).check(found, "OperationDefinition") == []
    assert (found["url"], found["code"]) == (operation.definition, operation.code)
    assert found["affectsState"] is operation.affects_state
    levels = {level for level in ("system", "type", "instance") if found[level]}
    assert levels == set(operation.levels) - {"version"}
    assert tuple(found.get("resource", ())) == operation.resource_types
    given = {p["name"]: p for p in found["parameter"] if p["use"] == "in"}
    assert given.keys() == operation.parameters.keys() - {"_cursor"}
    for each, declared in operation.parameters.items():
        if each == "_cursor":
            continue
        assert (given[each]["max"] == "*") is declared.many, each
        assert (given[each]["min"] == 1) is declared.required, each
        same = {given[each]["type"], declared.type}
        assert len(same) == 1 or same == {"integer", "unsignedInt"}, each
    text = found["description"] + found["title"]
    assert re.search("[一-鿿]", text)
    assert re.search("[A-Za-z]{4}", text)


def test_every_definition_is_of_an_operation() -> None:
    files = {p.stem for p in (ROOT / "profiles" / "OperationDefinition").glob("*.json")}
    assert files == {name(o) for o in OWN}
