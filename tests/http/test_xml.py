"""XML both ways, for every interaction. Spec: http://hl7.org/fhir/R4/xml.html"""

from __future__ import annotations

from typing import Any
from xml.etree import ElementTree

import pytest

from fhir_server.definitions import r4
from fhir_server.model.json import decode_object
from fhir_server.xml import Xml
from tests.suites import folder

from .conftest import Api

pytestmark = pytest.mark.anyio
Json = dict[str, Any]
CODEC = Xml(r4())
XML = {"content-type": "application/fhir+xml", "accept": "application/fhir+xml"}
PATIENT: Json = {
    "resourceType": "Patient",
    "id": "p1",
    "text": {"status": "generated", "div": '<div xmlns="http://www.w3.org/1999/xhtml">张三</div>'},
    "identifier": [{"system": "urn:test", "value": "1"}],
    "name": [{"text": "张三 & <四>", "given": ["三"]}],
}


def read(content: bytes) -> Json:
    return CODEC.read(content)


async def test_a_resource_goes_in_and_comes_out(both: Api) -> None:
    made = await both.put("/fhir/Patient/p1", content=CODEC.write(PATIENT), headers=XML)
    assert made.status_code == 201
    assert made.headers["content-type"] == "application/fhir+xml; charset=utf-8"
    assert made.headers["etag"] == 'W/"1"'
    json = (await both.get("/fhir/Patient/p1")).json()
    assert {k: v for k, v in json.items() if k != "meta"} == PATIENT
    for path in ("Patient/p1", "Patient/p1/_history/1"):
        answer = await both.get(f"/fhir/{path}", headers=XML)
        assert read(answer.content) == json


async def test_decimals_keep_their_digits_on_every_way(api: Api) -> None:
    body = (
        b'<Observation xmlns="http://hl7.org/fhir"><status value="final"/><code><text value="x"/>'
        b'</code><valueQuantity><value value="1.50"/></valueQuantity></Observation>'
    )
    made = await api.post("/fhir/Observation", content=body, headers=XML)
    assert b'<value value="1.50"/>' in made.content
    path = made.headers["location"].partition("test")[2]
    assert '"value":1.50' in (await api.get(path)).text


async def test_every_official_example_is_the_same_in_both_formats(api: Api) -> None:
    examples = sorted(folder("examples").glob("*.json"))
    assert len(examples) == 65
    for path in examples:
        resource = {"id": "x", **decode_object(path.read_bytes())}
        address = f"/fhir/{resource['resourceType']}/{resource['id']}"
        made = await api.put(address, content=CODEC.write(resource), headers=XML)
        assert made.status_code in (200, 201), (path.name, made.text)
        as_json = decode_object((await api.get(address)).content)
        as_xml = read((await api.get(f"{address}?_format=xml")).content)
        assert as_xml == as_json, path.name
        for each in (as_json, resource):
            each.pop("meta", None)
        assert as_json == resource, path.name


FORMATS = [  # address or Accept → the media type of the answer
    ("?_format=xml", "", "application/fhir+xml"),
    ("?_format=text/xml", "", "text/xml"),
    ("?_format=application/xml", "", "application/xml"),
    ("?_format=application/fhir%2Bxml", "", "application/fhir+xml"),
    ("?_format=application/fhir+xml", "", "application/fhir+xml"),
    ("?_format=xml", "application/fhir+json", "application/fhir+xml"),
    ("?_format=json", "application/fhir+xml", "application/fhir+json"),
    ("", "application/fhir+xml", "application/fhir+xml"),
    ("", "application/xml", "application/xml"),
    ("", "text/xml;q=0.5, application/fhir+xml;q=0.9", "application/fhir+xml"),
    ("", "application/fhir+xml;q=0.5, application/fhir+json", "application/fhir+json"),
    ("", "application/fhir+xml; fhirVersion=3.0, application/json", "application/json"),
    ("", "application/fhir+xml; fhirVersion=4.0", "application/fhir+xml"),
    ("", "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8", "application/json"),
    ("?_format=html", "", "application/json"),
    ("", "*/*", "application/fhir+json"),
]


@pytest.mark.parametrize(("query", "accept", "expected"), FORMATS)
async def test_formats(api: Api, query: str, accept: str, expected: str) -> None:
    await api.update(PATIENT)
    for path in ("Patient/p1", "Patient", "metadata", "Patient/none", "Patient/p1/_history"):
        answer = await api.get(f"/fhir/{path}{query}", headers={"accept": accept})
        assert answer.headers["content-type"] == f"{expected}; charset=utf-8", path
        if "xml" in expected:
            assert ElementTree.fromstring(answer.content) is not None
        else:
            assert answer.json()["resourceType"]


async def test_a_browser_gets_it_indented(api: Api) -> None:
    await api.update(PATIENT)
    for query in ("", "?_format=html", "?_pretty=true"):
        answer = await api.get(f"/fhir/Patient/p1{query}", headers={"accept": "text/html"})
        assert '\n  "id": "p1"' in answer.text
    plain = await api.get("/fhir/Patient/p1?_pretty=false", headers={"accept": "text/html"})
    assert "\n" not in plain.text


async def test_pretty(api: Api) -> None:
    await api.update(PATIENT)
    answer = await api.get("/fhir/Patient/p1?_format=xml&_pretty=true")
    assert '\n  <id value="p1"/>\n' in answer.text
    assert read(answer.content) == (await api.get("/fhir/Patient/p1")).json()


async def test_an_answer_without_accept_has_the_format_of_the_body(api: Api) -> None:
    for accept in ("", "*/*"):
        headers = {"content-type": "application/fhir+xml", "accept": accept}
        answer = await api.post("/fhir/Patient", content=CODEC.write(PATIENT), headers=headers)
        assert answer.headers["content-type"].startswith("application/fhir+xml")


async def test_searches_histories_and_failures(api: Api) -> None:
    await api.update(PATIENT)
    found = read((await api.get("/fhir/Patient?_id=p1", headers=XML)).content)
    assert (found["resourceType"], found["type"], found["total"]) == ("Bundle", "searchset", 1)
    assert found["entry"][0]["resource"]["name"] == PATIENT["name"]
    history = read((await api.get("/fhir/Patient/p1/_history", headers=XML)).content)
    assert history["entry"][0]["request"] == {"method": "PUT", "url": "Patient/p1"}
    missing = await api.get("/fhir/Patient/none", headers=XML)
    assert missing.status_code == 404
    assert read(missing.content)["issue"][0]["code"] == "not-found"
    statement = read((await api.get("/fhir/metadata", headers=XML)).content)
    assert {"xml", "application/fhir+xml"} <= set(statement["format"])
    form = {**XML, "content-type": "application/x-www-form-urlencoded"}
    posted = await api.post("/fhir/Patient/_search", content=b"_id=p1", headers=form)
    assert read(posted.content)["total"] == 1
    plain = {"content-type": "application/x-www-form-urlencoded"}
    posted = await api.post("/fhir/Patient/_search", content=b"_id=p1&_format=xml", headers=plain)
    assert read(posted.content)["total"] == 1


async def test_transactions_batches_and_operations(both: Api) -> None:
    entry = {
        "fullUrl": "urn:uuid:1d7a43e1-4a2e-4c1a-8b36-0a4b6c4b2f01",
        "resource": {**PATIENT, "id": "p2"},
        "request": {"method": "PUT", "url": "Patient/p2"},
    }
    look = {"request": {"method": "GET", "url": "Patient/p2"}}
    for kind in ("transaction", "batch"):
        bundle = {"resourceType": "Bundle", "type": kind, "entry": [entry, look]}
        answer = await both.post("/fhir", content=CODEC.write(bundle), headers=XML)
        assert answer.status_code == 200, answer.text
        found = read(answer.content)
        assert found["type"] == f"{kind}-response"
        assert found["entry"][1]["resource"]["id"] == "p2"
    body = CODEC.write({"resourceType": "Parameters", "parameter": [
        {"name": "identifier", "valueString": "urn:test|1"}]})  # fmt: skip
    answer = await both.post("/fhir/Patient/$referral-history", content=body, headers=XML)
    assert answer.status_code == 200, answer.text
    assert read(answer.content)["resourceType"] == "Bundle"


async def test_a_wrong_document_is_explained_in_xml(api: Api) -> None:
    body = b'<Patient xmlns="http://hl7.org/fhir"><name><given value=""/></name></Patient>'
    answer = await api.post("/fhir/Patient", content=body, headers=XML)
    assert answer.status_code == 422
    issue = read(answer.content)["issue"][0]
    assert issue["expression"] == ["Patient.name[0].given[0]"]
    broken = await api.post("/fhir/Patient", content=body[:-3], headers=XML)
    assert (broken.status_code, read(broken.content)["issue"][0]["code"]) == (400, "structure")


async def test_return_preferences(api: Api) -> None:
    for prefer, kind in (("return=minimal", ""), ("return=OperationOutcome", "OperationOutcome")):
        answer = await api.post("/fhir/Patient", content=CODEC.write(PATIENT),
                                headers={**XML, "prefer": prefer})  # fmt: skip
        assert answer.status_code == 201
        assert (read(answer.content)["resourceType"] if answer.content else "") == kind


async def test_head(api: Api) -> None:
    await api.update(PATIENT)
    for path in ("Patient/p1", "Patient?_id=p1", "metadata", "Patient/p1/_history"):
        got = await api.get(f"/fhir/{path}", headers=XML)
        head = await api.head(f"/fhir/{path}", headers=XML)
        assert (head.status_code, head.content) == (200, b"")
        assert head.headers["content-type"] == got.headers["content-type"]
        if "metadata" not in path:
            assert head.headers["content-length"] == got.headers["content-length"]
