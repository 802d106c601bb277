"""The interactions of R4's REST API. Spec: http://hl7.org/fhir/R4/http.html"""

from __future__ import annotations

import asyncio
import gzip
from typing import Any

import pytest

from .conftest import FHIR, Api, code_of

pytestmark = pytest.mark.anyio
PATIENT: dict[str, Any] = {
    "resourceType": "Patient",
    "identifier": [{"system": "urn:test", "value": "1"}],
    "name": [{"text": "张三"}],
}


async def test_create_and_read(both: Api) -> None:
    made = await both.create(PATIENT)
    id = made.json()["id"]
    assert made.status_code == 201
    assert made.headers["etag"] == 'W/"1"'
    assert made.headers["location"] == f"http://test/fhir/Patient/{id}/_history/1"
    read = await both.get(f"/fhir/Patient/{id}")
    assert read.status_code == 200
    assert read.content == made.content
    assert read.headers["content-type"] == "application/fhir+json; charset=utf-8"
    assert {k: v for k, v in read.json().items() if k not in ("id", "meta")} == PATIENT
    assert read.json()["meta"]["versionId"] == "1"
    head = await both.head(f"/fhir/Patient/{id}")
    assert (head.status_code, head.content) == (200, b"")
    assert head.headers["content-length"] == str(len(read.content))
    assert head.headers["etag"] == 'W/"1"'


async def test_the_id_of_a_created_resource_is_the_servers(api: Api) -> None:
    first = (await api.create({**PATIENT, "id": "mine"})).json()["id"]
    second = (await api.create(PATIENT)).json()["id"]
    assert first != "mine"
    assert first < second, "ids are ordered by time"


async def test_update_history_delete(both: Api) -> None:
    mine = {**PATIENT, "id": "p1"}
    assert (await both.update(mine)).status_code == 201
    same = await both.update(mine)
    assert (same.status_code, same.headers["etag"]) == (200, 'W/"1"')
    changed = await both.update({**mine, "active": True})
    assert (changed.status_code, changed.headers["etag"]) == (200, 'W/"2"')
    gone = await both.delete("/fhir/Patient/p1")
    assert (gone.status_code, gone.content, gone.headers["etag"]) == (204, b"", 'W/"3"')
    assert (await both.delete("/fhir/Patient/p1")).status_code == 204
    read = await both.get("/fhir/Patient/p1")
    assert (read.status_code, code_of(read)) == (410, "read-deleted")
    assert await both.ids("Patient") == []
    first = await both.get("/fhir/Patient/p1/_history/1")
    assert (first.status_code, first.json()["meta"]["versionId"]) == (200, "1")
    assert (await both.get("/fhir/Patient/p1/_history/3")).status_code == 410
    assert (await both.get("/fhir/Patient/p1/_history/4")).status_code == 404
    history = (await both.get("/fhir/Patient/p1/_history")).json()
    assert history["total"] == 3
    assert [e["request"]["method"] for e in history["entry"]] == ["DELETE", "PUT", "PUT"]
    again = await both.update(mine)
    assert (again.status_code, again.headers["etag"]) == (201, 'W/"4"')


async def test_history_pages(api: Api) -> None:
    for n in range(5):
        await api.update({**PATIENT, "id": "p1", "multipleBirthInteger": n})
    seen, url = [], "/fhir/Patient/p1/_history?_count=2"
    while url:
        page = (await api.get(url)).json()
        seen += [e["resource"]["meta"]["versionId"] for e in page["entry"]]
        url = next((link["url"] for link in page["link"] if link["relation"] == "next"), "")
    assert seen == ["5", "4", "3", "2", "1"]


IF_MATCH = [('W/"1"', 200, ""), ('"1"', 200, ""), ("1", 200, ""), ("*", 200, ""),
            ('W/"2"', 412, "version-conflict"), ("x", 400, "version-etag")]  # fmt: skip


@pytest.mark.parametrize(("etag", "status", "code"), IF_MATCH)
async def test_if_match(api: Api, etag: str, status: int, code: str) -> None:
    mine = {**PATIENT, "id": "p1"}
    await api.update(mine)
    answer = await api.update({**mine, "active": True}, **{"if-match": etag})
    assert answer.status_code == status
    if code:
        assert code_of(answer) == code


async def test_if_match_needs_something_to_match(api: Api) -> None:
    answer = await api.update({**PATIENT, "id": "p1"}, **{"if-match": 'W/"1"'})
    assert answer.status_code == 412


CRITERIA = ["identifier=urn:test|1", "?identifier=urn:test|1", "Patient?identifier=urn:test|1",
            "http://test/fhir/Patient?identifier=urn:test|1"]  # fmt: skip


@pytest.mark.parametrize("criteria", CRITERIA)
async def test_conditional_create(api: Api, criteria: str) -> None:
    first = await api.create(PATIENT, **{"if-none-exist": criteria})
    second = await api.create(PATIENT, **{"if-none-exist": criteria})
    assert (first.status_code, second.status_code) == (201, 200)
    assert first.json()["id"] == second.json()["id"]
    await api.create(PATIENT)
    third = await api.create(PATIENT, **{"if-none-exist": criteria})
    assert (third.status_code, code_of(third)) == (412, "duplicate-found")


async def test_criteria_in_the_query_of_a_post(api: Api) -> None:
    for expected in (201, 200):
        answer = await api.post("/fhir/Patient?identifier=urn:test|1", json=PATIENT, headers=FHIR)
        assert answer.status_code == expected


async def test_conditional_create_is_race_free(both: Api) -> None:
    condition = {"if-none-exist": "identifier=urn:test|1"}
    answers = await asyncio.gather(*(both.create(PATIENT, **condition) for _ in range(24)))
    assert sorted(a.status_code for a in answers) == [200] * 23 + [201]
    assert len({a.json()["id"] for a in answers}) == 1
    assert len(await both.ids("Patient")) == 1


async def test_concurrent_updates_lose_nothing(both: Api) -> None:
    mine = {**PATIENT, "id": "p1"}
    answers = await asyncio.gather(
        *(both.update({**mine, "multipleBirthInteger": n}) for n in range(16))
    )
    assert {a.status_code for a in answers} <= {200, 201}
    history = (await both.get("/fhir/Patient/p1/_history")).json()
    versions = [int(e["resource"]["meta"]["versionId"]) for e in history["entry"]]
    assert versions == list(range(16, 0, -1))
    numbers = {e["resource"]["multipleBirthInteger"] for e in history["entry"]}
    assert numbers == set(range(16))


PREFER = [("return=minimal", ""), ("return=representation", "Patient"),
          ("return=OperationOutcome", "OperationOutcome"), ("return=presentation", "Patient"),
          ("", "Patient")]  # fmt: skip


@pytest.mark.parametrize(("prefer", "kind"), PREFER)
async def test_prefer_return(api: Api, prefer: str, kind: str) -> None:
    answer = await api.create(PATIENT, prefer=prefer)
    assert answer.status_code == 201
    assert answer.headers["location"]
    assert (answer.json()["resourceType"] if answer.content else "") == kind


ACCEPTS = [("application/fhir+json", 200), ("application/json", 200), ("*/*", 200), ("", 200),
           ("application/fhir+json, */*; q=0.1", 200), ("text/html,application/xml;q=0.9,*/*;q=0.8",
           200), ("application/fhir+xml", 200), ("application/fhir+json; fhirVersion=3.0", 406),
           ("application/fhir+json;q=0", 406)]  # fmt: skip


@pytest.mark.parametrize(("accept", "status"), ACCEPTS)
async def test_accept(api: Api, accept: str, status: int) -> None:
    answer = await api.get("/fhir/Patient", headers={"accept": accept})
    assert answer.status_code == status


@pytest.mark.parametrize(("name", "status"), [("json", 200), ("application/fhir%2Bjson", 200),
                                              ("application/json", 200), ("xml", 200),
                                              ("ttl", 406)])  # fmt: skip
async def test_format(api: Api, name: str, status: int) -> None:
    headers = {"accept": "application/fhir+xml"}
    answer = await api.get(f"/fhir/Patient?_format={name}", headers=headers)
    assert answer.status_code == status


async def test_gzip(api: Api) -> None:
    await api.create({**PATIENT, "name": [{"text": "张三" * 1000}]})
    async with api.stream("GET", "/fhir/Patient", headers={"accept-encoding": "gzip"}) as answer:
        raw = b"".join([part async for part in answer.aiter_raw()])
    assert answer.headers["content-encoding"] == "gzip"
    assert "张三张三" in gzip.decompress(raw).decode()


async def test_cors(api: Api) -> None:
    answer = await api.get("/fhir/Patient", headers={"origin": "http://elsewhere"})
    assert answer.headers["access-control-allow-origin"] == "*"
    assert "ETag" in answer.headers["access-control-expose-headers"]
    ask = {"origin": "http://elsewhere", "access-control-request-method": "PUT",
           "access-control-request-headers": "content-type,if-match"}  # fmt: skip
    preflight = await api.options("/fhir/Patient/1", headers=ask)
    assert preflight.status_code == 200
    assert "PUT" in preflight.headers["access-control-allow-methods"]


ROUTES = [
    ("GET", "/fhir/Nothing", 404, "type-unknown"),
    ("GET", "/fhir/nothing", 404, "route-unknown"),
    ("GET", "/fhir/Patient/a/b", 404, "route-unknown"),
    ("GET", "/fhir/Patient/none", 404, "read-unknown"),
    ("GET", "/fhir/Patient/none/_history", 404, "read-unknown"),
    ("GET", "/fhir/Patient/$nothing", 404, "operation-unknown"),
    ("DELETE", "/fhir/Patient", 400, "criteria-empty"),
    ("DELETE", "/fhir/Patient/a/_history", 405, "method-unsupported"),
    ("PATCH", "/fhir/Patient/a", 415, "media-unsupported"),
    ("DELETE", "/fhir/metadata", 405, "method-unsupported"),
    ("DELETE", "/fhir", 405, "method-unsupported"),
]


@pytest.mark.parametrize(("method", "path", "status", "code"), ROUTES)
async def test_routes(api: Api, method: str, path: str, status: int, code: str) -> None:
    answer = await api.request(method, path)
    assert (answer.status_code, code_of(answer)) == (status, code)
    assert ("allow" in answer.headers) is (status == 405)


PUTS = [
    ("a b", {**PATIENT, "id": "a b"}, 400, "id-invalid"),
    ("a" * 65, {**PATIENT, "id": "a" * 65}, 400, "id-invalid"),
    ("p1", PATIENT, 400, "id-missing"),
    ("p1", {**PATIENT, "id": "p2"}, 400, "id-mismatch"),
    ("p1", {**PATIENT, "id": "p1"}, 201, ""),
]


@pytest.mark.parametrize(("id", "body", "status", "code"), PUTS)
async def test_put_ids(api: Api, id: str, body: dict[str, Any], status: int, code: str) -> None:
    answer = await api.put(f"/fhir/Patient/{id}", json=body, headers=FHIR)
    assert answer.status_code == status
    if code:
        assert code_of(answer) == code


SEARCHED = {"date": "2026", "reference": "Patient/1", "_in": "Group/1", "_list": "1",
            "_filter": "_id eq x", "_has": ""}  # fmt: skip


async def test_metadata_promises_what_is_there(api: Api) -> None:
    statement = (await api.get("/fhir/metadata")).json()
    assert statement["fhirVersion"] == "4.0.1"
    rest = statement["rest"][0]
    types = {r["type"]: r for r in rest["resource"]}
    assert len(types) == 146
    patient = types["Patient"]
    codes = {i["code"] for i in patient["interaction"]}
    assert codes == {"read", "vread", "update", "patch", "delete", "history-instance", "create",
                     "search-type", "history-type"}  # fmt: skip
    codes = {i["code"] for i in rest["interaction"]}
    assert codes >= {"transaction", "batch", "history-system"}
    # What is declared is answered, and nothing else.
    assert ((await api.get("/fhir")).status_code == 200) is ("search-system" in codes)
    assert {"name": "referral-history", "definition":
            "http://referral.consortium.cn/fhir/OperationDefinition/patient-referral-history"
            } in patient["operation"]  # fmt: skip
    for parameter in types["ServiceRequest"]["searchParam"]:
        value = SEARCHED.get(parameter["name"], SEARCHED.get(parameter["type"], "x"))
        answer = await api.get(f"/fhir/ServiceRequest?{parameter['name']}={value}")
        assert answer.status_code == 200, parameter
    for include in types["ServiceRequest"]["searchInclude"]:
        answer = await api.get(f"/fhir/ServiceRequest?_include={include}")
        assert answer.status_code == 200, include


async def test_every_resource_type_can_be_stored(api: Api) -> None:
    statement = (await api.get("/fhir/metadata")).json()
    for each in statement["rest"][0]["resource"]:
        answer = await api.get(f"/fhir/{each['type']}")
        assert answer.status_code == 200, each["type"]
