"""What is built without validation is what full validation builds, and it is valid R4."""

from __future__ import annotations

import re
from typing import Any
from xml.etree import ElementTree

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fhir_server.definitions import r4
from fhir_server.mapping import Form
from fhir_server.mapping.models import build, dump, model, read
from fhir_server.model.json import decode, encode
from fhir_server.validation.structure import Structure

from .cases import FORMS, NOW
from .cases import inputs as case_inputs
from .cases import read as read_case
from .generated import filled

Json = dict[str, Any]
STRUCTURE = Structure(r4())
BUNDLES = [(f"{f.id}/{p.name}", f.to_bundle(read_case(p), now=NOW)) for f, p in case_inputs()]
bundles = pytest.mark.parametrize("bundle", [b for _, b in BUNDLES], ids=[n for n, _ in BUNDLES])
WANTED = {
    "Patient", "Organization", "Practitioner", "PractitionerRole", "ServiceRequest", "Task",
    "Condition", "Encounter", "Composition", "Provenance",
}  # fmt: skip


def each_value(value: Any) -> list[Any]:
    found = [value]
    below = value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
    for each in below:
        found += each_value(each)
    return found


@bundles
def test_full_validation_builds_the_same(bundle: Json) -> None:
    assert {e["resource"]["resourceType"] for e in bundle["entry"]} == WANTED
    for entry in bundle["entry"]:
        resource = entry["resource"]
        validated = model(resource["resourceType"]).model_validate(resource)
        assert decode(validated.model_dump_json().encode()) == decode(encode(resource))
        assert dump(read(resource)) == resource
        assert read(resource).__class__ is validated.__class__
    model("Bundle").model_validate(bundle)


@bundles
def test_elements_stand_in_the_order_of_the_specification(bundle: Json) -> None:
    for entry in bundle["entry"]:
        resource = entry["resource"]
        order = model(resource["resourceType"]).elements_sequence()
        names = [name for name in resource if name != "resourceType"]
        assert names == sorted(names, key=order.index)


@pytest.mark.parametrize("form", FORMS.values(), ids=FORMS)
@settings(max_examples=40, deadline=None)
@given(data=st.data())
def test_generated_forms_are_valid_r4(form: Form, data: st.DataObject) -> None:
    bundle = form.to_bundle(data.draw(filled(form)), now=NOW)
    assert STRUCTURE.check(bundle, "Bundle") == []
    for entry in bundle["entry"]:
        resource = entry["resource"]
        assert STRUCTURE.check(resource, resource["resourceType"]) == []
        for each in each_value(resource):
            if isinstance(each, dict) and "div" in each:
                ElementTree.fromstring(each["div"])  # made here


@bundles
def test_every_reference_resolves(bundle: Json) -> None:
    urls = [e["fullUrl"] for e in bundle["entry"]]
    assert len(urls) == len(set(urls))
    assert all(re.fullmatch(r"urn:uuid:[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", u) for u in urls)
    for entry in bundle["entry"]:
        resource = entry["resource"]
        references = [
            v["reference"] for v in each_value(resource) if isinstance(v, dict) and "reference" in v
        ]
        inner = {"#" + each["id"] for each in resource.get("contained", ())}
        assert inner <= set(references)  # dom-3
        assert set(references) <= set(urls) | inner


@bundles
def test_only_the_signature_is_created_without_a_condition(bundle: Json) -> None:
    """So a Bundle that is sent twice makes one referral, whoever sends it."""
    unconditional = {
        e["resource"]["resourceType"] for e in bundle["entry"] if "ifNoneExist" not in e["request"]
    }
    numbered = any("identifier" in e["resource"] for e in bundle["entry"][:1])
    assert unconditional == ({"Provenance"} if numbered else {"Provenance", "Patient"})


def test_a_model_is_one_of_fhir_resources() -> None:
    made = build(model("ServiceRequest"), status="active", intent="order", note=None, category=[])
    assert isinstance(made, model("ServiceRequest"))
    assert made.__pydantic_fields_set__ == {"status", "intent"}
    assert made.note is None
    made.authoredOn = "2026-11-20"
    assert dump(made) == {
        "resourceType": "ServiceRequest",
        "status": "active",
        "intent": "order",
        "authoredOn": "2026-11-20",
    }


def test_what_r4b_does_not_know_is_left_out() -> None:
    resource = {"resourceType": "Patient", "id": "1", "new": 1, "_birthDate": {"id": "x"}}
    assert dump(read(resource)) == {
        "resourceType": "Patient",
        "id": "1",
        "_birthDate": {"id": "x"},
    }


def test_heart_of_an_up_referral() -> None:
    found = by_type("national-up/hypertension.in.json")
    request, task, visit = found["ServiceRequest"], found["Task"], found["Encounter"]
    assert (request["status"], request["intent"]) == ("active", "order")
    assert request["category"][0]["coding"][0]["code"] == "up-referral"
    assert [p["display"] for p in request["performer"]] == ["某县人民医院", "心血管内科", "李四"]
    assert request["requester"]["display"] == "王五"
    assert (task["status"], task["intent"]) == ("requested", "order")
    assert task["businessStatus"]["coding"][0]["code"] == "reported"
    assert task["owner"] == request["performer"][0] == visit["serviceProvider"]
    assert (visit["status"], visit["class"]["code"]) == ("planned", "AMB")
    assert found["Condition"]["verificationStatus"]["coding"][0]["code"] == "provisional"
    assert found["Patient"]["birthDate"] == "1970"


def test_heart_of_a_return() -> None:
    found = by_type("national-down/after-inpatient-stay.in.json")
    request, visit = found["ServiceRequest"], found["Encounter"]
    assert request["category"][0]["coding"][0]["code"] == "down-referral"
    assert found["Task"]["owner"]["display"] == "某乡卫生院"
    assert (visit["status"], visit["class"]["code"]) == ("finished", "IMP")
    assert visit["serviceProvider"]["display"] == "某县人民医院"
    assert visit["period"] == {"end": "2026-12-02"}
    left = visit["hospitalization"]["dischargeDisposition"]["coding"][0]
    assert (left["system"], left["code"]) == ("urn:oid:2.16.156.10011.2.3.1.265", "3")
    assert found["Condition"]["verificationStatus"]["coding"][0]["code"] == "confirmed"


def test_a_return_names_the_referral_it_answers() -> None:
    """原转诊单号 on the return is the identifier that the up-referral carries."""
    up = by_type("national-up/infant-with-number.in.json")["ServiceRequest"]
    form = FORMS["national-down"]
    values = read_case(form.folder / "cases" / "after-inpatient-stay.in.json")
    values |= {"转回单位": "某镇中心卫生院", "原转诊单号": "2026-000123"}
    bundle = form.to_bundle(values, now=NOW)
    (down,) = [e["resource"] for e in bundle["entry"] if "basedOn" in e["resource"]]
    assert down["basedOn"][0]["identifier"] in up["identifier"]


def test_the_same_doctor_at_both_ends_is_one_entry() -> None:
    form = FORMS["national-up"]
    values = read_case(form.folder / "cases" / "hypertension.in.json")
    values |= {"机构名称": values["转入单位"], "接诊医生": "王五"}
    conditions = [
        (e["request"]["url"], e["request"]["ifNoneExist"])
        for e in form.to_bundle(values, now=NOW)["entry"]
        if "ifNoneExist" in e["request"]
    ]
    assert len(conditions) == len(set(conditions))


def by_type(name: str) -> dict[str, Json]:
    bundle = dict(BUNDLES)[name]
    found: dict[str, Json] = {}
    for entry in bundle["entry"]:
        found.setdefault(entry["resource"]["resourceType"], entry["resource"])
    return found
