"""patch of one resource. Spec: http://hl7.org/fhir/R4/http.html#patch"""

from __future__ import annotations

import json
from typing import Any

import httpx2
import pytest

from fhir_server.definitions import r4
from fhir_server.xml import Xml
from tests.patch.test_suite import MISSING, _fhirpath_cases, resource, same_narrative

from .conftest import Api, code_of

pytestmark = pytest.mark.anyio
Json = dict[str, Any]
JSON_PATCH, MERGE = "application/json-patch+json", "application/merge-patch+json"
XML_PATCH = "application/xml-patch+xml"
FHIR_JSON, FHIR_XML = "application/fhir+json", "application/fhir+xml"
PATIENT: Json = {
    "resourceType": "Patient",
    "id": "p1",
    "identifier": [{"system": "urn:test", "value": "1"}],
    "name": [{"family": "张", "given": ["三"]}],
    "multipleBirthInteger": 2,
}


async def patch(api: Api, body: Any, kind: str, path: str = "Patient/p1", **headers: str) -> Any:
    content = body if isinstance(body, (str, bytes)) else json.dumps(body)
    headers = {"content-type": kind, **headers}
    return await api.request("PATCH", f"/fhir/{path}", content=content, headers=headers)


def operation(kind: str, path: str, **parts: Any) -> Json:
    """A parameter of a FHIRPath Patch. `value` is a (type, value) pair."""
    given = [{"name": "type", "valueCode": kind}, {"name": "path", "valueString": path}]
    for name, value in parts.items():
        given.append({"name": name, value[0]: value[1]})
    return {"name": "operation", "part": given}


def parameters(*operations: Json) -> Json:
    return {"resourceType": "Parameters", "parameter": list(operations)}


ACTIVE = ("valueBoolean", True)
ADD_ACTIVE = parameters(operation("add", "Patient", name=("valueString", "active"), value=ACTIVE))
JSON_ADD = [{"op": "add", "path": "/active", "value": True}]
XML_ADD = (
    '<diff xmlns="http://hl7.org/fhir"><add sel="f:Patient/f:name" pos="after">'
    '<active value="true"/></add></diff>'
)
FORMS = [
    (JSON_ADD, JSON_PATCH),
    (JSON_ADD, "application/json-patch+json; charset=utf-8"),
    (JSON_ADD, "application/json"),
    (ADD_ACTIVE, FHIR_JSON),
    (ADD_ACTIVE, "application/json"),
    (Xml(r4()).write(ADD_ACTIVE), FHIR_XML),
    ({"active": True}, MERGE),
    ({"active": True}, "application/json"),
    (XML_ADD, "application/xml-patch+xml"),
]


@pytest.mark.parametrize(("body", "kind"), FORMS)
async def test_every_form_of_a_patch_makes_a_version(api: Api, body: Any, kind: str) -> None:
    await api.update(PATIENT)
    answer = await patch(api, body, kind, accept=FHIR_JSON)
    assert (answer.status_code, answer.headers["etag"]) == (200, 'W/"2"'), answer.text
    assert answer.headers["location"] == "http://test/fhir/Patient/p1/_history/2"
    found = (await api.get("/fhir/Patient/p1")).json()
    assert found == answer.json()
    assert {k: v for k, v in found.items() if k != "meta"} == {**PATIENT, "active": True}
    assert await api.ids("Patient?active=true") == ["p1"], "the index follows"


async def test_patch_on_each_store(both: Api) -> None:
    await both.update(PATIENT)
    for body, kind in (FORMS[3], FORMS[0], FORMS[6]):
        answer = await patch(both, body, kind)
        assert (answer.status_code, answer.headers["etag"]) == (200, 'W/"2"')
    history = (await both.get("/fhir/Patient/p1/_history")).json()
    assert [e["response"]["etag"] for e in history["entry"]] == ['W/"2"', 'W/"1"']
    assert await both.ids("Patient?active=true") == ["p1"]


async def test_a_patch_that_changes_nothing_makes_no_version(api: Api) -> None:
    await api.update(PATIENT)
    same = [{"op": "test", "path": "/id", "value": "p1"}]
    answer = await patch(api, same, JSON_PATCH)
    assert (answer.status_code, answer.headers["etag"]) == (200, 'W/"1"')


REFUSED = [  # body, content type, status, code
    ("[", JSON_PATCH, 400, "json-invalid"),
    ("", JSON_PATCH, 400, "json-empty"),
    ({}, JSON_PATCH, 400, "patch-document"),
    ([{"op": "ad", "path": "/active", "value": True}], JSON_PATCH, 400, "patch-operation"),
    ([{"op": "replace", "path": "/none", "value": 1}], JSON_PATCH, 422, "patch-target"),
    ([{"op": "test", "path": "/id", "value": "x"}], JSON_PATCH, 409, "patch-test"),
    ([{"op": "replace", "path": "/id", "value": "p2"}], JSON_PATCH, 422, "patch-immutable"),
    ([{"op": "remove", "path": "/id"}], JSON_PATCH, 422, "patch-immutable"),
    ([{"op": "replace", "path": "/resourceType", "value": "Group"}], JSON_PATCH, 422,
     "patch-immutable"),
    ([{"op": "replace", "path": "/meta/versionId", "value": "7"}], JSON_PATCH, 422,
     "patch-immutable"),
    ([{"op": "add", "path": "/gender", "value": "男"}], JSON_PATCH, 422, "structure-code"),
    ([{"op": "add", "path": "/foo", "value": 1}], JSON_PATCH, 422, "structure-unknown"),
    ({"id": "p2"}, MERGE, 422, "patch-immutable"),
    ([], MERGE, 400, "patch-document"),
    ({"gender": "x"}, MERGE, 422, "structure-code"),
    (PATIENT, FHIR_JSON, 400, "patch-document"),
    ([], FHIR_JSON, 400, "patch-document"),
    (parameters(operation("add", "Patient.")), FHIR_JSON, 400, "patch-member"),
    (parameters(operation("replace", "Patient.id", value=("valueId", "x"))), FHIR_JSON, 422,
     "patch-immutable"),
    ("<Parameters", FHIR_XML, 400, "xml-invalid"),
    ("<diff/>", XML_PATCH, 400, "patch-document"),
    ('<d><replace sel="f:Patient/f:id/@value">p2</replace></d>', XML_PATCH, 422, "patch-immutable"),
    ('<d><add sel="f:Patient"><foo value="1"/></add></d>', XML_PATCH, 422, "xml-unknown"),
    ('<d xmlns="http://hl7.org/fhir"><add sel="f:Patient"><foo value="1"/></add></d>', XML_PATCH,
     422, "xml-unknown"),
    ('<d xmlns="http://hl7.org/fhir"><add sel="f:Patient"><gender value="1"/></add></d>',
     XML_PATCH, 422, "structure-code"),
    (JSON_ADD, "text/plain", 415, "media-unsupported"),
    (JSON_ADD, "", 415, "media-unsupported"),
    (JSON_ADD, JSON_PATCH + "; charset=gbk", 415, "media-charset"),
]  # fmt: skip


@pytest.mark.parametrize(("body", "kind", "status", "code"), REFUSED)
async def test_refused(api: Api, body: Any, kind: str, status: int, code: str) -> None:
    await api.update(PATIENT)
    answer = await patch(api, body, kind, accept=FHIR_JSON)
    assert (answer.status_code, code_of(answer)) == (status, code), answer.text
    if code == "media-unsupported":
        assert answer.headers["accept-patch"].split(", ")[0] == JSON_PATCH
    assert (await api.get("/fhir/Patient/p1")).headers["etag"] == 'W/"1"'
    control = await patch(api, JSON_ADD, JSON_PATCH)
    assert control.status_code == 200


CONDITIONS = [
    ({"if-match": 'W/"1"'}, 200, ""),
    ({"if-match": '"1"'}, 200, ""),
    ({"if-match": 'W/"3", W/"1"'}, 200, ""),
    ({"if-match": "*"}, 200, ""),
    ({"if-match": 'W/"2"'}, 412, "version-conflict"),
    ({"if-match": "W/1x"}, 400, "version-etag"),
    ({"if-match": 'W/"'}, 400, "version-etag"),
    ({"if-none-match": "*"}, 412, "version-exists"),
    ({"if-none-match": 'W/"1"'}, 412, "version-exists"),
    ({"if-none-match": 'W/"2"'}, 200, ""),
]


@pytest.mark.parametrize(("headers", "status", "code"), CONDITIONS)
async def test_preconditions(api: Api, headers: dict[str, str], status: int, code: str) -> None:
    await api.update(PATIENT)
    answer = await patch(api, JSON_ADD, JSON_PATCH, **headers)
    assert answer.status_code == status, answer.text
    if code:
        assert code_of(answer) == code


async def test_there_must_be_something_to_patch(api: Api) -> None:
    answer = await patch(api, JSON_ADD, JSON_PATCH)
    assert (answer.status_code, code_of(answer)) == (404, "read-unknown")
    await api.update(PATIENT)
    await api.delete("/fhir/Patient/p1")
    answer = await patch(api, JSON_ADD, JSON_PATCH, **{"if-match": 'W/"1"'})
    assert (answer.status_code, code_of(answer)) == (410, "read-deleted")


@pytest.mark.parametrize(
    ("prefer", "kind"),
    [("return=minimal", ""), ("return=OperationOutcome", "OperationOutcome"), ("", "Patient")],
)
async def test_prefer(api: Api, prefer: str, kind: str) -> None:
    await api.update(PATIENT)
    answer = await patch(api, JSON_ADD, JSON_PATCH, prefer=prefer)
    assert answer.status_code == 200
    assert (answer.json()["resourceType"] if answer.content else "") == kind


async def test_decimals_keep_their_digits(api: Api) -> None:
    value = '{"value":1.50,"unit":"mg"}'
    await api.put(
        "/fhir/Observation/o1",
        content='{"resourceType":"Observation","id":"o1","status":"final","code":{"text":"x"},'
        f'"valueQuantity":{value}}}',
        headers={"content-type": FHIR_JSON},
    )
    body = '[{"op":"add","path":"/component","value":[{"code":{"text":"y"},"valueQuantity":'
    answer = await patch(api, body + '{"value":0.10}}]}]', JSON_PATCH, "Observation/o1")
    assert answer.status_code == 200, answer.text
    assert '"value":1.50' in answer.text
    assert '"value":0.10' in answer.text


def suite_case(case: Any) -> bool:
    """Cases on a resource that this server can hold."""
    before = resource(case, "input")
    return before["resourceType"] == "Patient" and case.find("error") is None


@MISSING
@pytest.mark.parametrize(
    "case", [c for c in _fhirpath_cases() if suite_case(c)], ids=lambda c: c.get("name")
)
async def test_the_suite_over_http(api: Api, case: Any) -> None:
    before = {**resource(case, "input"), "id": "p1"}
    made: httpx2.Response = await api.update(before)
    assert made.status_code == 201, made.text
    answer = await patch(api, resource(case, "diff"), FHIR_JSON)
    assert answer.status_code == 200, answer.text
    found = {k: v for k, v in answer.json().items() if k not in ("id", "meta")}
    wanted = {k: v for k, v in resource(case, "output").items() if k not in ("id", "meta")}
    assert same_narrative(found) == same_narrative(wanted)
