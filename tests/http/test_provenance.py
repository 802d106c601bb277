"""X-Provenance: who wrote, stored with what is written. Spec: R4 provenance.html#header"""

from __future__ import annotations

import json
from typing import Any

import pytest

from .conftest import FHIR, Api, code_of

pytestmark = pytest.mark.anyio
Json = dict[str, Any]
PATIENT: Json = {"resourceType": "Patient", "id": "p1", "name": [{"text": "张三"}]}
LONG_AGO, TO_COME = "Wed, 21 Oct 2015 07:28:00 GMT", "Tue, 21 Oct 2099 07:28:00 GMT"


PROVENANCE: Json = {
    "resourceType": "Provenance",
    "recorded": "2026-11-25T08:00:00+08:00",
    "agent": [{"who": {"display": "县医院"}}],
}


def header(resource: Any) -> dict[str, bytes]:
    return {"x-provenance": json.dumps(resource, ensure_ascii=False).encode()}


async def provenances(api: Api) -> list[Json]:
    found = (await api.get("/fhir/Provenance")).json()
    return [e["resource"] for e in found.get("entry", ())]


async def test_a_create_and_an_update_store_their_provenance(both: Api) -> None:
    headers = {**FHIR, **header(PROVENANCE)}
    made = await both.post("/fhir/Patient", json=PATIENT, headers=headers)
    assert made.status_code == 201
    id = made.json()["id"]
    changed = {**PATIENT, "id": id, "active": True}
    assert (await both.put(f"/fhir/Patient/{id}", json=changed, headers=headers)).is_success
    same = await both.put(f"/fhir/Patient/{id}", json=changed, headers=headers)
    assert same.headers["etag"] == 'W/"2"'
    found = await provenances(both)
    assert [p["target"] for p in found] == [
        [{"reference": f"Patient/{id}/_history/{n}"}] for n in (1, 2)
    ]
    assert found[0]["agent"] == PROVENANCE["agent"]


async def test_a_transaction_has_one_provenance_for_all(both: Api) -> None:
    entries = [
        {"resource": {**PATIENT, "id": f"p{n}"},
         "request": {"method": "PUT", "url": f"Patient/p{n}"}} for n in range(3)
    ]  # fmt: skip
    body = {"resourceType": "Bundle", "type": "transaction", "entry": entries}
    answer = await both.post("/fhir", json=body, headers={**FHIR, **header(PROVENANCE)})
    assert answer.status_code == 200, answer.text
    assert len(answer.json()["entry"]) == 3
    targets = [t["reference"] for p in await provenances(both) for t in p["target"]]
    assert targets == [f"Patient/p{n}/_history/1" for n in range(3)]


META = {"resourceType": "Parameters",
        "parameter": [{"name": "meta", "valueMeta": {"tag": [{"code": "x"}]}}]}  # fmt: skip


async def test_operations_that_write_store_their_provenance(both: Api) -> None:
    await both.update(PATIENT)
    composition = {
        "resourceType": "Composition", "id": "doc", "status": "final", "type": {"text": "x"},
        "date": "2026", "title": "x", "author": [{"reference": "Patient/p1"}],
    }  # fmt: skip
    await both.update(composition)
    headers = {**FHIR, **header(PROVENANCE)}
    for name in ("$meta-add", "$meta-add", "$meta-delete"):  # the second changes nothing
        answer = await both.post(f"/fhir/Patient/p1/{name}", json=META, headers=headers)
        assert answer.status_code == 200, answer.text
    kept = await both.post("/fhir/Composition/doc/$document?persist=true", headers=headers)
    bundle = kept.headers["location"].removeprefix("http://test/fhir/")
    assert (await both.get(f"/fhir/{bundle}")).status_code == 200
    found = [t["reference"] for p in await provenances(both) for t in p["target"]]
    assert found == ["Patient/p1/_history/2", "Patient/p1/_history/3", bundle]


async def test_nothing_is_stored_where_the_write_fails(api: Api) -> None:
    headers = {**FHIR, **header(PROVENANCE), "if-match": 'W/"3"'}
    answer = await api.put("/fhir/Patient/p1", json=PATIENT, headers=headers)
    assert answer.status_code == 412
    assert await provenances(api) == []


async def test_a_conditional_create_that_finds_something_stores_none(api: Api) -> None:
    await api.update({**PATIENT, "identifier": [{"value": "1"}]})
    headers = {**FHIR, **header(PROVENANCE), "if-none-exist": "identifier=1"}
    answer = await api.post("/fhir/Patient", json=PATIENT, headers=headers)
    assert answer.status_code == 200
    assert await provenances(api) == []


WRONG = [
    b"",
    b"Provenance/1",
    b"{",
    b"[]",
    b'{"resourceType":"Patient"}',
    json.dumps({k: v for k, v in PROVENANCE.items() if k != "agent"}).encode(),
    json.dumps({**PROVENANCE, "target": [{"reference": "Patient/x"}]}).encode(),
    json.dumps({**PROVENANCE, "recorded": "yesterday"}).encode(),
]


@pytest.mark.parametrize("value", WRONG)
async def test_a_wrong_provenance_fails_the_write(api: Api, value: bytes) -> None:
    answer = await api.post("/fhir/Patient", json=PATIENT, headers={**FHIR, "x-provenance": value})
    if not value:  # an empty header says nothing
        assert answer.status_code == 201
        return
    assert (answer.status_code, code_of(answer)) == (400, "provenance-header")
    assert await api.ids("Patient") == []
