"""`_summary` and `_elements`. Spec: http://hl7.org/fhir/R4/search.html#summary and #elements"""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given

from fhir_server.definitions import r4
from fhir_server.exchange.subset import Wanted, is_marked
from tests.xml.resources import resource

from .conftest import FHIR, Api, code_of

pytestmark = pytest.mark.anyio
Json = dict[str, Any]
DIV = '<div xmlns="http://www.w3.org/1999/xhtml">张三</div>'
PATIENT: Json = {
    "resourceType": "Patient",
    "id": "p1",
    "meta": {"tag": [{"code": "own"}]},
    "text": {"status": "generated", "div": DIV},
    "identifier": [{"system": "urn:test", "value": "1", "extension": [
        {"url": "urn:x", "valueString": "x"}]}],
    "active": True,
    "name": [{"text": "张三"}],
    "_birthDate": {"extension": [{"url": "urn:x", "valueString": "unknown"}]},
    "photo": [{"contentType": "image/png", "data": "AAAA"}],
    "contact": [{"name": {"text": "李四"}}],
    "maritalStatus": {"text": "已婚"},
}  # fmt: skip
DOCUMENT: Json = {
    "resourceType": "DocumentReference",
    "id": "d1",
    "status": "current",
    "subject": {"reference": "Patient/p1"},
    "description": "x",
    "content": [{"attachment": {"contentType": "text/plain", "data": "AAAA", "title": "t"}}],
    "context": {"related": [{"reference": "Patient/p1"}]},
}
OBSERVATION: Json = {
    "resourceType": "Observation",
    "id": "o1",
    "status": "final",
    "code": {"text": "x"},
    "subject": {"reference": "Patient/p1"},
    "valueQuantity": {"value": 1},
    "note": [{"text": "n"}],
}

# Query → elements of the Patient that are left.
PATIENTS = [
    ("_summary=true", {"identifier", "active", "name", "_birthDate"}),
    ("_summary=text", {"text"}),
    ("_summary=data", {"identifier", "active", "name", "_birthDate", "photo", "contact",
                       "maritalStatus"}),
    ("_elements=name", {"name", "active"}),  # `active` is a modifier
    ("_elements=name,photo", {"name", "photo", "active"}),
    ("_elements=name&_elements=contact", {"name", "contact", "active"}),
    ("_elements=Patient.contact", {"contact", "active"}),
    ("_elements=contact.name", {"contact", "active"}),
    ("_elements=birthDate", {"_birthDate", "active"}),
    ("_elements=id", {"active"}),
    ("_elements=name&_summary=false", {"name", "active"}),
]  # fmt: skip


@pytest.mark.parametrize(("query", "left"), PATIENTS)
async def test_every_reading_interaction(api: Api, query: str, left: set[str]) -> None:
    await api.update(PATIENT)
    read = (await api.get(f"/fhir/Patient/p1?{query}")).json()
    assert set(read) == {"resourceType", "id", "meta"} | left
    assert read["meta"]["versionId"] == "1"
    assert [t["code"] for t in read["meta"]["tag"]] == ["own", "SUBSETTED"]
    for path in ("Patient/p1/_history/1", "Patient", "Patient/p1/_history"):
        answer = (await api.get(f"/fhir/{path}?{query}")).json()
        if answer["resourceType"] == "Bundle":
            assert "tag" not in answer["meta"]
            answer = answer["entry"][0]["resource"]
        assert answer == read, path
    form = {"content-type": "application/x-www-form-urlencoded"}
    posted = await api.post("/fhir/Patient/_search", content=query.encode(), headers=form)
    assert posted.json()["entry"][0]["resource"] == read
    xml = await api.get(f"/fhir/Patient/p1?{query}&_format=xml")
    assert b'<code value="SUBSETTED"/>' in xml.content
    assert (b"<photo>" in xml.content) is ("photo" in left)


@pytest.mark.parametrize("query", ["_summary=false", "_summary=", "_elements=", ""])
async def test_the_whole_resource(api: Api, query: str) -> None:
    await api.update(PATIENT)
    read = (await api.get(f"/fhir/Patient/p1?{query}")).json()
    assert read == (await api.get("/fhir/Patient/p1")).json()
    assert len(read["meta"]["tag"]) == 1


async def test_a_summary_goes_into_nested_elements(api: Api) -> None:
    await api.update(DOCUMENT)
    read = (await api.get("/fhir/DocumentReference/d1?_summary=true")).json()
    # Attachment.data is no part of a summary; the mandatory way to it is.
    assert read["content"] == [{"attachment": {"contentType": "text/plain", "title": "t"}}]
    assert "context" not in read


async def test_mandatory_elements_stay(api: Api) -> None:
    await api.update(OBSERVATION)
    for query, extra in (("_summary=text", set()), ("_elements=value", {"valueQuantity"}),
                         ("_elements=valueQuantity", {"valueQuantity"}),
                         ("_elements=value[x]", {"valueQuantity"})):  # fmt: skip
        read = (await api.get(f"/fhir/Observation/o1?{query}")).json()
        assert set(read) == {"resourceType", "id", "meta", "status", "code"} | extra


async def test_count(both: Api) -> None:
    for n in range(3):
        await both.update({**PATIENT, "id": f"p{n}"})
    for query in ("_summary=count", "_summary=count&_count=2"):
        answer = (await both.get(f"/fhir/Patient?{query}")).json()
        assert answer["total"] == 3
        assert "entry" not in answer
        assert [link["relation"] for link in answer["link"]] == ["self"]
    history = (await both.get("/fhir/Patient/p1/_history?_summary=count")).json()
    assert (history["total"], "entry" in history) == (1, False)


async def test_includes_and_pages(both: Api) -> None:
    await both.update(PATIENT)
    for n in range(3):
        await both.update({**OBSERVATION, "id": f"o{n}"})
    address = "/fhir/Observation?_include=Observation:subject&_count=2&_elements=value,name"
    seen = 0
    while address:
        page = (await both.get(address)).json()
        for entry in page["entry"]:
            found = entry["resource"]
            assert is_marked(found)
            assert ("name" in found) is (found["resourceType"] == "Patient")
            assert "subject" not in found
            assert "photo" not in found
            seen += found["resourceType"] == "Observation"
        address = next((e["url"] for e in page["link"] if e["relation"] == "next"), "")
        assert "_elements=value,name" in page["link"][0]["url"]
    assert seen == 3


async def test_entries_of_bundles(both: Api) -> None:
    await both.update(PATIENT)
    for kind in ("batch", "transaction"):
        answer = await both.bundle(kind, *(
            {"request": {"method": "GET", "url": url}} for url in
            ("Patient/p1?_summary=text", "Patient?_elements=name", "Patient?_summary=count")
        ))  # fmt: skip
        read, found, count = (e["resource"] for e in answer.json()["entry"])
        assert set(read) == {"resourceType", "id", "meta", "text"}
        assert is_marked(found["entry"][0]["resource"])
        assert not is_marked(found)
        assert (count["total"], "entry" in count) == (1, False)


async def test_operations(api: Api) -> None:
    await api.update(PATIENT)
    answer = await api.get(
        "/fhir/Patient/$referral-history?identifier=urn:test|1&_elements=identifier"
    )
    assert answer.status_code == 200, answer.text
    found = [e["resource"] for e in answer.json().get("entry", ())]
    assert all(is_marked(r) for r in found)


async def test_a_stored_bundle_is_a_resource(api: Api) -> None:
    bundle = {"resourceType": "Bundle", "id": "b1", "type": "collection",
              "entry": [{"fullUrl": "urn:x", "resource": PATIENT}]}  # fmt: skip
    await api.update(bundle)
    read = (await api.get("/fhir/Bundle/b1?_elements=type")).json()
    assert "entry" not in read
    assert is_marked(read)


WRONG = [
    ("Patient?_summary=all", "_summary"),
    ("Patient/p1?_summary=count", "_summary"),
    ("Patient?_summary=true&_elements=name", "_summary"),
    ("Patient?_elements=nme", "_elements"),
    ("Patient/p1?_elements=Patient.nme", "_elements"),
    ("Observation?_summary=text&_include=Observation:subject", "_summary"),
    ("Patient?_summary=text&_revinclude=Observation:subject", "_summary"),
]


@pytest.mark.parametrize(("path", "name"), WRONG)
async def test_wrong_combinations(api: Api, path: str, name: str) -> None:
    await api.update(PATIENT)
    answer = await api.get(f"/fhir/{path}")
    assert (answer.status_code, code_of(answer)) == (400, "parameter-value")
    assert name in answer.json()["issue"][0]["diagnostics"]


async def test_lenient_handling_ignores_an_unknown_element(api: Api) -> None:
    await api.update(PATIENT)
    prefer = {"prefer": "handling=lenient"}
    one = await api.get("/fhir/Patient/p1?_elements=nme,name", headers=prefer)
    assert set(one.json()) == {"resourceType", "id", "meta", "active", "name"}


async def test_a_part_is_not_written_back(both: Api) -> None:
    await both.update(PATIENT)
    part = (await both.get("/fhir/Patient/p1?_elements=name")).json()
    entry = {"resource": part, "request": {"method": "PUT", "url": "Patient/p1"}}
    for answer in (await both.update(part), await both.create(part),
                   await both.bundle("transaction", entry)):  # fmt: skip
        assert (answer.status_code, code_of(answer)) == (422, "subsetted")
    own = {**PATIENT, "meta": {"tag": [{"system": "urn:own", "code": "SUBSETTED"}]}}
    assert (await both.update(own)).status_code == 200


async def test_a_write_answers_with_what_was_written(api: Api) -> None:
    answer = await api.put("/fhir/Patient/p1?_elements=name", json=PATIENT, headers=FHIR)
    assert answer.status_code == 201
    assert "contact" in answer.json()


@given(resource())
def test_a_summary_is_a_part(whole: Json) -> None:
    def part(inner: Any, outer: Any) -> bool:
        if type(inner) is dict:
            return type(outer) is dict and all(
                k in outer and part(v, outer[k]) for k, v in inner.items()
            )
        if type(inner) is list:
            return type(outer) is list and all(any(part(i, o) for o in outer) for i in inner)
        return bool(inner == outer)

    for wanted in (Wanted("true"), Wanted("text"), Wanted("data"), Wanted("", ("id",))):
        found = wanted.of(r4(), whole)
        assert is_marked(found)
        left = {k: v for k, v in found.items() if k != "meta"}
        assert part(left, whole)
        again = wanted.of(r4(), found)
        assert {k: v for k, v in again.items() if k != "meta"} == left
