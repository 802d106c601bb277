"""Conditional interactions and patches inside Bundles, overlaps, answers, limits.

Spec: http://hl7.org/fhir/R4/http.html#trules
"""

from __future__ import annotations

import asyncio
import base64
import json
import time
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest

from fhir_server.settings import Settings

from .conftest import Api, code_of, open_api
from .test_bundles import URN, condition, post, put

pytestmark = pytest.mark.anyio
Json = dict[str, Any]
ONE = "identifier=urn:test|1"
PATIENT: Json = {"resourceType": "Patient", "identifier": [{"system": "urn:test", "value": "1"}]}
P1: Json = {**PATIENT, "id": "p1"}


def binary(patch: Any, content_type: str = "application/json-patch+json") -> Json:
    data = base64.b64encode(json.dumps(patch).encode()).decode()
    return {"resourceType": "Binary", "contentType": content_type, "data": data}


ACTIVE = binary([{"op": "add", "path": "/active", "value": True}])
PARAMETERS: Json = {
    "resourceType": "Parameters",
    "parameter": [
        {
            "name": "operation",
            "part": [
                {"name": "type", "valueCode": "add"},
                {"name": "path", "valueString": "Patient"},
                {"name": "name", "valueString": "active"},
                {"name": "value", "valueBoolean": True},
            ],
        }
    ],
}


def request(method: str, url: str, resource: Json | None = None, **more: str) -> Json:
    entry: Json = {"request": {"method": method, "url": url, **more}}
    return {"resource": resource, **entry} if resource else entry


def statuses(answer: Any) -> list[str]:
    return [e["response"]["status"] for e in answer.json()["entry"]]


XML_PATCH = '<d xmlns="http://hl7.org/fhir"><add sel="f:Patient"><active value="true"/></add></d>'
XML: Json = {
    "resourceType": "Binary",
    "contentType": "application/xml-patch+xml",
    "data": base64.b64encode(XML_PATCH.encode()).decode(),
}
FORMS = [ACTIVE, PARAMETERS, binary({"active": True}, "application/merge-patch+json"), XML]


@pytest.mark.parametrize("kind", ["batch", "transaction"])
@pytest.mark.parametrize("form", FORMS, ids=["json", "fhirpath", "merge", "xml"])
@pytest.mark.parametrize("url", ["Patient/p1", f"Patient?{ONE}"])
async def test_a_patch_in_a_bundle(api: Api, kind: str, form: Json, url: str) -> None:
    await api.update(P1)
    answer = await api.bundle(kind, request("PATCH", url, form, ifMatch='W/"1"'))
    assert statuses(answer) == ["200 OK"], answer.text
    response = answer.json()["entry"][0]["response"]
    assert (response["etag"], response["location"]) == ('W/"2"', "Patient/p1/_history/2")
    assert (await api.get("/fhir/Patient/p1")).json()["active"] is True


BAD_PATCHES = [
    (PATIENT, "bundle-patch"),
    (binary([], "text/plain"), "bundle-patch"),
    ({"resourceType": "Binary", "contentType": "application/json-patch+json"}, "bundle-patch"),
    ({"resourceType": "Binary", "contentType": "application/json-patch+json", "data": "&"},
     "bundle-patch"),
    ({"resourceType": "Binary", "contentType": "application/json-patch+json", "data": "WyB9"},
     "json-invalid"),
    (binary([{"op": "replace", "path": "/none", "value": 1}]), "patch-target"),
    (binary([{"op": "replace", "path": "/id", "value": "p2"}]), "patch-immutable"),
    (binary([{"op": "add", "path": "/gender", "value": "x"}]), "structure-code"),
]  # fmt: skip


@pytest.mark.parametrize(("patch", "code"), BAD_PATCHES)
async def test_a_bad_patch_fails_the_transaction(api: Api, patch: Json, code: str) -> None:
    await api.update(P1)
    entry = request("PATCH", "Patient/p1", patch)
    answer = await api.bundle("transaction", post({"resourceType": "Patient"}), entry)
    assert code_of(answer) == code, answer.text
    assert answer.status_code in (400, 422)
    assert answer.json()["issue"][0]["expression"][0].startswith("Bundle.entry[1]")
    assert await api.ids("Patient") == ["p1"]
    alone = await api.bundle("batch", post({"resourceType": "Patient"}), entry)
    assert statuses(alone)[0] == "201 Created"
    assert statuses(alone)[1][:3] == str(answer.status_code)


async def test_patches_may_refer_to_what_the_transaction_makes(both: Api) -> None:
    await both.update({"resourceType": "Condition", "id": "c1", "subject": {"display": "?"}})
    change = [{"op": "add", "path": "/subject/reference", "value": URN.format(1)}]
    answer = await both.bundle(
        "transaction", request("PATCH", "Condition/c1", binary(change)), post(PATIENT, 1)
    )
    assert statuses(answer) == ["200 OK", "201 Created"], answer.text
    patient = answer.json()["entry"][1]["response"]["location"].split("/_history")[0]
    found = (await both.get("/fhir/Condition/c1")).json()
    assert found["subject"] == {"display": "?", "reference": patient}


async def test_conditional_entries(both: Api) -> None:
    await both.update(P1)
    await both.update({"resourceType": "Patient", "id": "gone", "active": False})
    named: Json = {"resourceType": "Organization", "identifier": [{"value": "o"}]}
    answer = await both.bundle(
        "transaction",
        {"fullUrl": URN.format(1), **request("PUT", f"Patient?{ONE}", {**PATIENT, "active": True})},
        {"fullUrl": URN.format(2), **request("PUT", "Organization?identifier=o", named)},
        request("DELETE", "Patient?active=false"),
        post(condition(URN.format(1), asserter={"reference": "Patient?identifier=urn:test|1"})),
        post(
            {
                "resourceType": "Encounter",
                "status": "planned",
                "class": {"code": "AMB"},
                "subject": {"reference": "Patient/p1"},
                "serviceProvider": {"reference": "Organization?identifier=o"},
            }
        ),
    )
    assert statuses(answer) == ["200 OK", "201 Created", "204 No Content"] + ["201 Created"] * 2
    made = answer.json()["entry"]
    assert made[0]["response"]["location"] == "Patient/p1/_history/2"
    assert await both.ids("Patient") == ["p1"]
    stored = (await both.get("/fhir/" + made[3]["response"]["location"])).json()
    assert stored["subject"]["reference"] == stored["asserter"]["reference"] == "Patient/p1"
    # The criteria of an entry name what the entry makes.
    stored = (await both.get("/fhir/" + made[4]["response"]["location"])).json()
    organization = made[1]["response"]["location"].split("/_history")[0]
    assert stored["serviceProvider"]["reference"] == organization


OVERLAPS = [
    ("update and update", [put(P1), put({**P1, "active": True})]),
    ("update and patch", [put(P1), request("PATCH", "Patient/p1", ACTIVE)]),
    ("update and delete", [put(P1), request("DELETE", "Patient/p1")]),
    ("delete twice", [request("DELETE", "Patient/p1")] * 2),
    ("delete what is not there, twice", [request("DELETE", "Patient/none")] * 2),
    ("by id and by criteria", [put(P1), request("PUT", f"Patient?{ONE}", PATIENT)]),
    ("the same criteria", [request("PUT", f"Patient?{ONE}", PATIENT)] * 2),
    ("criteria that find nothing", [request("PUT", "Patient?identifier=9", PATIENT)] * 2),
    ("create and update by the same criteria",
     [post(PATIENT, ifNoneExist="identifier=9"),
      request("PUT", "Patient?identifier=9", PATIENT)]),
    ("create what is deleted",
     [post(PATIENT, ifNoneExist=ONE), request("DELETE", "Patient/p1")]),
]  # fmt: skip


@pytest.mark.parametrize("entries", [r[1] for r in OVERLAPS], ids=[r[0] for r in OVERLAPS])
async def test_overlaps_are_refused(api: Api, entries: list[Json]) -> None:
    await api.update(P1)
    answer = await api.bundle("transaction", *entries)
    assert (answer.status_code, code_of(answer)) == (400, "bundle-duplicate"), answer.text
    assert (await api.get("/fhir/Patient/p1")).headers["etag"] == 'W/"1"'
    assert await api.ids("Patient") == ["p1"]


async def test_what_is_no_overlap(api: Api) -> None:
    await api.update(P1)
    answer = await api.bundle(
        "transaction",
        post(PATIENT, 1, ifNoneExist=ONE),
        put({**P1, "active": True}),
        put({**P1, "id": "p2", "identifier": []} | {"identifier": [{"value": "2"}]}),
        request("GET", "Patient/p1"),
    )
    assert statuses(answer) == ["200 OK", "200 OK", "201 Created", "200 OK"], answer.text
    assert answer.json()["entry"][3]["resource"]["active"] is True


REFUSED = [
    ([request("PUT", "Patient", PATIENT)], 400, "criteria-empty", "request.url"),
    ([request("DELETE", "Patient")], 400, "criteria-empty", "request.url"),
    ([request("DELETE", "Patient?nothing=1")], 400, "search-unknown", "request"),
    ([request("DELETE", "Patient?identifier=")], 400, "criteria-value", "request"),
    ([request("DELETE", "Patient/a_b")], 400, "id-invalid", "request.url"),
    ([request("DELETE", "Patient/p1", ifMatch='W/"7"')], 412, "version-conflict", ""),
    ([put(P1, ifNoneMatch="*")], 412, "version-exists", ""),
    ([request("PATCH", "Patient/none", ACTIVE)], 404, "read-unknown", "request"),
    ([request("PATCH", "Patient?identifier=9", ACTIVE)], 404, "read-unknown", "request"),
    ([request("PUT", f"Patient?{ONE}", {**PATIENT, "id": "p9"})], 400, "criteria-id",
     "resource.id"),
    ([request("POST", "Patient/p1/$meta-add", PARAMETERS)], 400, "bundle-operation",
     "request.url"),
    ([post(condition("Patient?identifier=9"))], 412, "bundle-conditional", ""),
    ([post(condition("Patient?nothing=9"))], 400, "search-unknown", "request"),
    ([post(condition("Patient?identifier=urn:test|1")), request("DELETE", "Patient/p1")], 412,
     "bundle-conditional", ""),
    ([post(PATIENT, ifNoneExist="nothing=9")], 400, "search-unknown", "request"),
]  # fmt: skip


@pytest.mark.parametrize(("entries", "status", "code", "place"), REFUSED)
async def test_refused(api: Api, entries: list[Json], status: int, code: str, place: str) -> None:
    await api.update(P1)
    answer = await api.bundle("transaction", *entries)
    assert (answer.status_code, code_of(answer)) == (status, code), answer.text
    expected = "Bundle.entry[0]" + (f".{place}" if place else "")
    assert answer.json()["issue"][0]["expression"] == [expected]
    assert await api.ids("Patient") == ["p1"]
    assert await api.ids("Condition") == []


async def test_operations_that_read_are_part_of_a_transaction(api: Api) -> None:
    await api.update(P1)
    answer = await api.bundle(
        "transaction",
        request("POST", "Patient/p1/$meta"),
        request("GET", "Patient/p1/$everything"),
        request("POST", "Patient/_search?active=true"),
        put({**P1, "active": True}),
    )
    kinds = [e.get("resource", {}).get("resourceType") for e in answer.json()["entry"]]
    assert kinds == ["Parameters", "Bundle", "Bundle", None], answer.text
    assert answer.json()["entry"][2]["resource"]["total"] == 1


@pytest.mark.parametrize("kind", ["batch", "transaction"])
async def test_an_outcome_for_each_entry(api: Api, kind: str) -> None:
    await api.update({"resourceType": "Patient", "id": "gone"})
    entries = [post(PATIENT), put(P1), request("DELETE", "Patient/gone")]
    english = {"accept-language": "en"}
    answer = await api.bundle(kind, *entries, prefer="return=OperationOutcome", **english)
    for entry in answer.json()["entry"]:
        issue = entry["response"]["outcome"]["issue"][0]
        assert issue["severity"] == "information"
        assert issue["details"]["text"] in ("stored", "1 deleted")
        assert {"status", "etag", "lastModified"} <= entry["response"].keys()
    again = await api.bundle(kind, put({**P1, "active": True}), prefer="return=representation")
    entry = again.json()["entry"][0]
    assert entry["fullUrl"] == "http://test/fhir/Patient/p1"
    assert entry["resource"]["meta"]["versionId"] == "2"


async def test_writes_of_one_resource_in_a_batch_keep_their_order(both: Api) -> None:
    versions = [put({**P1, "multipleBirthInteger": n}) for n in range(12)]
    answer = await both.bundle("batch", *versions, request("GET", "Patient/p1"))
    assert statuses(answer) == ["201 Created"] + ["200 OK"] * 12
    etags = [e["response"]["etag"] for e in answer.json()["entry"]]
    assert etags == [f'W/"{n}"' for n in range(1, 13)] + ['W/"12"']
    assert answer.json()["entry"][-1]["resource"]["multipleBirthInteger"] == 11


async def test_conditional_entries_of_a_batch(both: Api) -> None:
    same = [post(PATIENT, ifNoneExist=ONE) for _ in range(4)]
    update = request("PUT", f"Patient?{ONE}", {**PATIENT, "active": True})
    delete = request("DELETE", f"Patient?{ONE}")
    unknown = request("DELETE", "Patient?nothing=1")
    answer = await both.bundle("batch", *same, update, unknown, delete)
    assert statuses(answer) == ["201 Created", "200 OK", "200 OK", "200 OK", "200 OK",
                                "400 Bad Request", "204 No Content"]  # fmt: skip
    assert await both.ids("Patient") == []


async def test_transactions_on_one_condition_are_race_free(both: Api) -> None:
    entries = [
        {"fullUrl": URN.format(1), **request("PUT", f"Patient?{ONE}", PATIENT)},
        post(condition(URN.format(1)), 2),
    ]
    answers = await asyncio.gather(*(both.bundle("transaction", *entries) for _ in range(8)))
    assert {a.status_code for a in answers} == {200}
    patient = await both.ids("Patient")
    assert len(patient) == 1
    assert len(await both.ids(f"Condition?subject=Patient/{patient[0]}")) == 8


async def test_of_300_entries_the_last_decides(both: Api) -> None:
    entries = [
        entry
        for n in range(100)
        for entry in (
            post({**PATIENT, "identifier": [{"value": f"n{n}"}]}, n + 1,
                 ifNoneExist=f"identifier=n{n}"),
            put({**condition(URN.format(n + 1)), "id": f"c{n}"}),
            put({"resourceType": "Organization", "id": f"o{n}", "name": "社区医院"}),
        )
    ]  # fmt: skip
    bad = request("PATCH", "Patient/none", ACTIVE)
    answer = await both.bundle("transaction", *entries, bad)
    assert answer.status_code == 404
    assert [await both.ids(t) for t in ("Patient", "Condition", "Organization")] == [[], [], []]
    began = time.monotonic()
    answer = await both.bundle("transaction", *entries)
    took = time.monotonic() - began
    assert statuses(answer) == ["201 Created"] * 300
    assert took < 20, "some seconds on a busy machine, not a minute"
    assert len(await both.ids("Condition?_count=1000")) == 100


@pytest.fixture
async def small(tmp_path: Path, anyio_backend: str) -> AsyncIterator[Api]:
    settings = Settings(
        store=f"sqlite:{tmp_path / 'fhir.db'}", max_bundle_entries=3, max_body_bytes=2048
    )
    async for client in open_api(settings):
        yield client


@pytest.mark.parametrize("kind", ["batch", "transaction"])
async def test_limits(small: Api, kind: str) -> None:
    assert statuses(await small.bundle(kind, *[post(PATIENT)] * 3)) == ["201 Created"] * 3
    answer = await small.bundle(kind, *[post(PATIENT)] * 4)
    assert (answer.status_code, code_of(answer)) == (413, "bundle-too-large")
    large = {**PATIENT, "name": [{"text": "三" * 1000}]}
    answer = await small.bundle(kind, post(large))
    assert (answer.status_code, code_of(answer)) == (413, "body-too-large")
    assert len(await small.ids("Patient")) == 3
