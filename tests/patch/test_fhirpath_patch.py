"""FHIRPath Patch.  Spec: http://hl7.org/fhir/R4/fhirpatch.html"""

from __future__ import annotations

import copy
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fhir_server.errors import FhirError
from fhir_server.patch import apply_fhirpath_patch

PATIENT: dict[str, Any] = {
    "resourceType": "Patient",
    "id": "p",
    "meta": {"versionId": "3", "tag": [{"code": "a"}]},
    "active": True,
    "name": [
        {"use": "official", "family": "转", "given": ["甲", "乙"], "_given": [None, {"id": "g"}]},
        {"use": "usual", "text": "转甲"},
    ],
    "birthDate": "1974-12-25",
    "_birthDate": {"extension": [{"url": "http://x/time", "valueDateTime": "1974-12-25T14:35Z"}]},
    "deceasedBoolean": False,
    "contact": [{"name": {"text": "a"}, "gender": "male"}],
    "contained": [{"resourceType": "Observation", "id": "o", "status": "final",
                   "code": {"text": "t"}, "valueQuantity": {"value": Decimal("1.50")}}],
}  # fmt: skip


def operation(kind: str, path: str, **parts: Any) -> dict[str, Any]:
    """Shape of a part: {"valueX": …}, {"part": …} or {"resource": …}."""
    out = [{"name": "type", "valueCode": kind}, {"name": "path", "valueString": path}]
    for name, value in parts.items():
        if type(value) is str:
            value = {"valueString": value}
        elif type(value) is int:
            value = {"valueInteger": value}
        out.append({"name": name, **value})
    return {"name": "operation", "part": out}


def patch(*operations: dict[str, Any]) -> dict[str, Any]:
    return {"resourceType": "Parameters", "parameter": list(operations)}


def changed(*operations: dict[str, Any]) -> dict[str, Any]:
    return apply_fhirpath_patch(PATIENT, patch(*operations))


OFFICIAL = "Patient.name.where(use = 'official')"
WORKS: list[tuple[dict[str, Any], str, Any]] = [  # operation, what to look at, what is there
    (operation("add", "Patient", name="gender", value={"valueCode": "male"}), "gender", "male"),
    (operation("add", "Patient", name="multipleBirth", value={"valueInteger": 2}),
     "multipleBirthInteger", 2),
    (operation("add", "Patient", name="multipleBirth[x]", value={"valueBoolean": True}),
     "multipleBirthBoolean", True),
    (operation("add", OFFICIAL, name="given", value="丙"), "name",
     [{**PATIENT["name"][0], "given": ["甲", "乙", "丙"], "_given": [None, {"id": "g"}, None]},
      PATIENT["name"][1]]),
    (operation("add", "Patient.active", name="extension", value={"part": [
        {"name": "url", "valueUri": "http://x/why"}, {"name": "value", "valueString": "y"}]}),
     "_active", {"extension": [{"url": "http://x/why", "valueString": "y"}]}),
    (operation("add", "Patient", name="contact", value={"part": [
        {"name": "name", "valueHumanName": {"text": "b"}},
        {"name": "relationship", "valueCodeableConcept": {"text": "r1"}},
        {"name": "relationship", "part": [{"name": "text", "valueString": "r2"}]}]}),
     "contact", [*PATIENT["contact"], {"name": {"text": "b"},
                                       "relationship": [{"text": "r1"}, {"text": "r2"}]}]),
    (operation("add", "Patient", name="contained",
               value={"resource": {"resourceType": "Group", "id": "g"}}),
     "contained", [*PATIENT["contained"], {"resourceType": "Group", "id": "g"}]),
    (operation("replace", "Patient.birthDate", value={"valueDate": "1980-01-01"}),
     "_birthDate", None),
    (operation("replace", "Patient.deceased", value={"valueDateTime": "2020"}),
     "deceasedDateTime", "2020"),
    (operation("replace", "Patient.deceased", value={"valueDateTime": "2020"}),
     "deceasedBoolean", None),
    (operation("replace", f"{OFFICIAL}.given[0]", value="丁"), "name",
     [{**PATIENT["name"][0], "given": ["丁", "乙"]}, PATIENT["name"][1]]),
    (operation("replace", "Patient.contained.value", value={"valueQuantity": {
        "value": Decimal("2.50")}}), "contained",
     [{**PATIENT["contained"][0], "valueQuantity": {"value": Decimal("2.50")}}]),
    (operation("replace", "Patient.contact[0]", value={"part": [
        {"name": "gender", "valueCode": "female"}]}), "contact", [{"gender": "female"}]),
    (operation("insert", f"{OFFICIAL}.given", index=0, value="零"), "name",
     [{**PATIENT["name"][0], "given": ["零", "甲", "乙"], "_given": [None, None, {"id": "g"}]},
      PATIENT["name"][1]]),
    (operation("insert", "Patient.telecom", index=0, value={"valueContactPoint": {"value": "1"}}),
     "telecom", [{"value": "1"}]),
    (operation("insert", "telecom", index=0, value={"valueContactPoint": {"value": "1"}}),
     "telecom", [{"value": "1"}]),
    (operation("delete", f"{OFFICIAL}.given.last()"), "name",
     [{"use": "official", "family": "转", "given": ["甲"]}, PATIENT["name"][1]]),
    (operation("delete", "Patient.birthDate.extension('http://x/time')"), "_birthDate", None),
    (operation("delete", "Patient.birthDate.extension('http://x/time')"), "birthDate",
     "1974-12-25"),
    (operation("delete", "Patient.birthDate"), "_birthDate", None),
    (operation("delete", "Patient.photo"), "photo", None),  # "if found"
    (operation("delete", "Patient.deceased.ofType(boolean)"), "deceasedBoolean", None),
    (operation("move", f"{OFFICIAL}.given", source=1, destination=0), "name",
     [{**PATIENT["name"][0], "given": ["乙", "甲"], "_given": [{"id": "g"}, None]},
      PATIENT["name"][1]]),
]  # fmt: skip


@pytest.mark.parametrize(("step", "key", "expected"), WORKS)
def test_an_operation_changes_what_it_names(step: Any, key: str, expected: Any) -> None:
    before = copy.deepcopy(PATIENT)
    assert changed(step).get(key) == expected
    assert before == PATIENT


FAILS: list[tuple[dict[str, Any], str]] = [
    (operation("add", "Patient.photo", name="url", value={"valueUrl": "u"}), "patch-target"),
    (operation("add", "Patient.name", name="text", value="x"), "patch-several"),
    (operation("add", "Patient", name="active", value={"valueBoolean": True}), "patch-exists"),
    (operation("add", "Patient", name="deceased", value={"valueDateTime": "2020"}), "patch-exists"),
    (operation("add", "Patient", name="colour", value="x"), "patch-element"),
    (operation("add", "Patient", name="gender", value={"valueInteger": 1}), "patch-type"),
    (operation("add", "Patient", name="maritalStatus", value="x"), "patch-type"),
    (operation("add", "Patient", name="multipleBirth", value="x"), "patch-type"),
    (operation("add", "Patient.name.count()", name="id", value="x"), "patch-computed"),
    (operation("add", "Patient.active", name="value", value="x"), "patch-element"),
    (operation("add", "Patient", name="gender"), "patch-member"),
    (operation("add", "Patient", value="x"), "patch-member"),
    (operation("insert", "Patient.name", index=3, value={"valueHumanName": {}}), "patch-index"),
    (operation("insert", "Patient.name", index=-1, value={"valueHumanName": {}}), "patch-index"),
    (operation("insert", "Patient.active", index=0, value={"valueBoolean": True}), "patch-list"),
    (operation("insert", "Patient.name[0]", index=0, value={"valueHumanName": {}}), "patch-list"),
    (operation("delete", "Patient.name"), "patch-several"),
    (operation("delete", "Patient"), "patch-root"),
    (operation("delete", "Patient.name.exists()"), "patch-computed"),
    (operation("replace", "Patient.photo", value={"valueAttachment": {}}), "patch-target"),
    (operation("replace", "Patient", value={"resource": {}}), "patch-root"),
    (operation("replace", "Patient.id", value={"valueId": "q"}), "patch-immutable"),
    (operation("delete", "Patient.id"), "patch-immutable"),
    (operation("replace", "Patient.meta.versionId", value={"valueId": "9"}), "patch-immutable"),
    (operation("move", "Patient.name", source=0, destination=2), "patch-index"),
    (operation("move", "Patient.photo", source=0, destination=0), "patch-target"),
    (operation("move", "Patient.name", source=0), "patch-member"),
    (operation("merge", "Patient.name"), "patch-operation"),
    (operation("delete", "Patient.name.("), "patch-expression"),
    (operation("delete", "Patient.colour"), "patch-expression"),
    (operation("delete", "Observation.code"), "patch-expression"),
    (operation("delete", "(" * 500), "patch-expression"),
    ({"name": "operation"}, "patch-operation"),
    ({"name": "other"}, "patch-document"),
    ({"name": "operation", "part": [7]}, "patch-document"),
]


@pytest.mark.parametrize(("step", "code"), FAILS)
def test_a_wrong_operation_is_named_and_changes_nothing(step: Any, code: str) -> None:
    good = operation("replace", "Patient.active", value={"valueBoolean": False})
    before = copy.deepcopy(PATIENT)
    with pytest.raises(FhirError) as caught:
        changed(good, step)
    assert caught.value.code == code
    if code != "patch-immutable":
        assert caught.value.issues[0].at == "Parameters.parameter[1]"
    assert before == PATIENT


NO_PATCHES = [
    None,
    [],
    {},
    {"resourceType": "Patient"},
    {"resourceType": "Parameters", "parameter": 1},
]


@pytest.mark.parametrize("document", NO_PATCHES)
def test_what_is_no_patch_is_refused(document: Any) -> None:
    with pytest.raises(FhirError, match="patch-document"):
        apply_fhirpath_patch(PATIENT, document)


def test_a_patch_without_operations_changes_nothing() -> None:
    assert changed() == PATIENT


def test_many_operations_on_a_large_resource_are_refused_early() -> None:
    large = {**PATIENT, "name": [{"text": "x"}] * 50_000}
    step = operation("replace", "Patient.active", value={"valueBoolean": False})
    with pytest.raises(FhirError, match="patch-too-large"):
        apply_fhirpath_patch(large, patch(*[step] * 900))


@given(st.lists(st.text(min_size=1), min_size=1, max_size=8), st.data())
def test_move_and_move_back_is_nothing(given_names: list[str], data: st.DataObject) -> None:
    index = st.integers(0, len(given_names) - 1)
    source, target = data.draw(index), data.draw(index)
    resource = {"resourceType": "Patient", "name": [{"given": given_names}]}
    there = operation("move", "Patient.name.given", source=source, destination=target)
    back = operation("move", "Patient.name.given", source=target, destination=source)
    assert apply_fhirpath_patch(resource, patch(there, back)) == resource


@given(st.lists(st.text(min_size=1), max_size=8), st.text(min_size=1), st.data())
def test_insert_and_delete_is_nothing(names: list[str], new: str, data: st.DataObject) -> None:
    index = data.draw(st.integers(0, len(names)))
    resource: dict[str, Any] = {"resourceType": "Patient", "name": [{"text": "x"}]}
    if names:
        resource["name"][0]["given"] = names
    steps = patch(
        operation("insert", "Patient.name[0].given", index=index, value=new),
        operation("delete", f"Patient.name[0].given[{index}]"),
    )
    assert apply_fhirpath_patch(resource, steps) == resource
