"""Conditional update, patch and delete. Spec: http://hl7.org/fhir/R4/http.html#cond-update"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import httpx2
import pytest

from fhir_server.settings import Settings

from .conftest import FHIR, Api, code_of, open_api

pytestmark = pytest.mark.anyio
Json = dict[str, Any]
ONE = "identifier=urn:test|1"
PATIENT: Json = {"resourceType": "Patient", "identifier": [{"system": "urn:test", "value": "1"}]}
OTHER: Json = {"resourceType": "Patient", "id": "other"}
ADD = '[{"op":"add","path":"/active","value":true}]'
JSON_PATCH = {"content-type": "application/json-patch+json"}


async def put(api: Api, resource: Json, query: str = ONE, **headers: str) -> httpx2.Response:
    path = "/fhir/Patient" + (f"?{query}" if query else "")
    return await api.put(path, json=resource, headers={**FHIR, **headers})


async def test_no_match_creates_and_one_match_updates(both: Api) -> None:
    made = await put(both, PATIENT)
    id = made.json()["id"]
    assert (made.status_code, made.headers["etag"]) == (201, 'W/"1"')
    assert made.headers["location"].endswith(f"/Patient/{id}/_history/1")
    same = await put(both, PATIENT)
    assert (same.status_code, same.headers["etag"]) == (200, 'W/"1"')
    changed = await put(both, {**PATIENT, "active": True})
    assert (changed.status_code, changed.headers["etag"]) == (200, 'W/"2"')
    assert changed.json()["id"] == id
    with_id = await put(both, {**PATIENT, "id": id, "active": False})
    assert (with_id.status_code, with_id.headers["etag"]) == (200, 'W/"3"')
    assert await both.ids("Patient") == [id]


async def test_the_clients_id(api: Api) -> None:
    made = await put(api, {**PATIENT, "id": "mine"})
    assert (made.status_code, made.json()["id"]) == (201, "mine")
    wrong = await put(api, {**PATIENT, "id": "another"})
    assert (wrong.status_code, code_of(wrong)) == (400, "criteria-id")
    await api.update(OTHER)
    used = await put(api, {**PATIENT, "id": "other"}, "identifier=urn:test|2")
    assert (used.status_code, code_of(used)) == (409, "criteria-id-used")
    await api.delete("/fhir/Patient/other")
    again = await put(api, {**PATIENT, "id": "other"}, "identifier=urn:test|2")
    assert (again.status_code, again.headers["etag"]) == (201, 'W/"3"')


async def test_several_matches(api: Api) -> None:
    for _ in range(2):
        await api.create(PATIENT)
    answers = [
        await put(api, PATIENT),
        await api.request("PATCH", f"/fhir/Patient?{ONE}", content=ADD, headers=JSON_PATCH),
        await api.delete(f"/fhir/Patient?{ONE}"),
    ]
    for answer in answers:
        assert (answer.status_code, code_of(answer)) == (412, "duplicate-found")
    assert len(await api.ids("Patient")) == 2


BAD = [
    ("", "criteria-empty"),
    ("_format=json", "criteria-empty"),
    ("identifier=", "criteria-value"),
    ("active=true&identifier=%20", "criteria-value"),
    ("nothing=1", "search-unknown"),
    ("identifier:strange=1", "search-modifier"),
    ("birthdate=x", "search-value"),
    ("_count=1", "search-unknown"),
    ("identifier=urn:test|1&_sort=_id", "search-unknown"),
]


@pytest.mark.parametrize(("query", "code"), BAD)
@pytest.mark.parametrize("method", ["PUT", "PATCH", "DELETE"])
async def test_criteria_are_never_widened(api: Api, method: str, query: str, code: str) -> None:
    """An unknown parameter is no less refused where the client is lenient."""
    await api.update({**PATIENT, "id": "p1", "active": True})
    path = "/fhir/Patient" + (f"?{query}" if query else "")
    body = {"PUT": '{"resourceType":"Patient"}', "PATCH": ADD, "DELETE": ""}[method]
    headers = JSON_PATCH if method == "PATCH" else FHIR
    headers = {**headers, "prefer": "handling=lenient"}
    answer = await api.request(method, path, content=body, headers=headers)
    assert (answer.status_code, code_of(answer)) == (400, code), answer.text
    read = await api.get("/fhir/Patient/p1")
    assert (read.status_code, read.headers["etag"]) == (200, 'W/"1"')


@pytest.mark.parametrize(
    "criteria", ["", " ", "?", "nothing=1", "identifier=", "Group?identifier=1", "http://[?_id=1"]
)
async def test_bad_criteria_of_a_conditional_create(api: Api, criteria: str) -> None:
    answer = await api.create(PATIENT, **{"if-none-exist": criteria})
    assert answer.status_code in (400, 422), answer.text
    assert await api.ids("Patient") == []
    assert (await api.create(PATIENT, **{"if-none-exist": ONE})).status_code == 201


PRECONDITIONS = [
    ({"if-match": 'W/"1"'}, 200),
    ({"if-match": 'W/"2"'}, 412),
    ({"if-match": "x"}, 400),
    ({"if-none-match": "*"}, 412),
]


@pytest.mark.parametrize(("headers", "status"), PRECONDITIONS)
async def test_preconditions(api: Api, headers: dict[str, str], status: int) -> None:
    await api.create(PATIENT)
    answer = await put(api, {**PATIENT, "active": True}, **headers)
    assert answer.status_code == status


async def test_preconditions_where_nothing_matches(api: Api) -> None:
    wrong = await put(api, PATIENT, **{"if-match": 'W/"1"'})
    assert (wrong.status_code, code_of(wrong)) == (412, "version-conflict")
    made = await put(api, PATIENT, **{"if-none-match": "*"})
    assert made.status_code == 201
    found = await put(api, PATIENT, **{"if-none-match": "*"})
    assert (found.status_code, code_of(found)) == (412, "version-exists")


async def test_a_put_that_only_creates(both: Api) -> None:
    only = {"if-none-match": "*"}
    answers = await asyncio.gather(
        *(both.update({**OTHER, "multipleBirthInteger": n}, **only) for n in range(8))
    )
    assert sorted(a.status_code for a in answers) == [201] + [412] * 7
    await both.delete("/fhir/Patient/other")
    again = await both.update(OTHER, **only)
    assert (again.status_code, again.headers["etag"]) == (201, 'W/"3"')


async def test_conditional_updates_are_race_free(both: Api) -> None:
    answers = await asyncio.gather(
        *(put(both, {**PATIENT, "multipleBirthInteger": n}) for n in range(12))
    )
    assert sorted(a.status_code for a in answers) == [200] * 11 + [201]
    assert len(await both.ids("Patient")) == 1
    history = (await both.get(f"/fhir/Patient/{answers[0].json()['id']}/_history")).json()
    assert len(history["entry"]) == 12


async def test_conditional_creates_and_updates_together(both: Api) -> None:
    condition = {"if-none-exist": ONE}
    await asyncio.gather(
        *(both.create(PATIENT, **condition) for _ in range(6)),
        *(put(both, {**PATIENT, "id": f"p{n}"}) for n in range(6)),
    )
    assert len(await both.ids("Patient")) == 1


async def test_conditional_patch(both: Api) -> None:
    path = f"/fhir/Patient?{ONE}"
    none = await both.request("PATCH", path, content=ADD, headers=JSON_PATCH)
    assert (none.status_code, code_of(none)) == (404, "read-unknown")
    await both.update({**PATIENT, "id": "p1"})
    answer = await both.request("PATCH", path, content=ADD, headers=JSON_PATCH)
    assert (answer.status_code, answer.headers["etag"]) == (200, 'W/"2"')
    assert answer.json()["active"] is True


async def test_conditional_delete_of_one(both: Api) -> None:
    await both.update({**PATIENT, "id": "p1"})
    await both.update(OTHER)
    wrong = await both.delete(f"/fhir/Patient?{ONE}", headers={"if-match": 'W/"2"'})
    assert (wrong.status_code, code_of(wrong)) == (412, "version-conflict")
    gone = await both.delete(f"/fhir/Patient?{ONE}", headers={"if-match": 'W/"1"'})
    assert (gone.status_code, gone.headers["etag"]) == (204, 'W/"2"')
    assert (await both.get("/fhir/Patient/p1")).status_code == 410
    assert (await both.delete(f"/fhir/Patient?{ONE}")).status_code == 204
    assert await both.ids("Patient") == ["other"]


async def test_a_deletion_can_be_told_in_words(api: Api) -> None:
    await api.update({**PATIENT, "id": "p1"})
    answer = await api.delete("/fhir/Patient/p1", headers={"prefer": "return=OperationOutcome"})
    assert (answer.status_code, answer.json()["resourceType"]) == (200, "OperationOutcome")
    assert answer.headers["etag"] == 'W/"2"'


@pytest.fixture
async def several(tmp_path: Path, anyio_backend: str) -> AsyncIterator[Api]:
    settings = Settings(store=f"sqlite:{tmp_path / 'fhir.db'}", max_conditional_deletes=3)
    async for client in open_api(settings):
        yield client


async def test_conditional_delete_of_several(several: Api) -> None:
    metadata = (await several.get("/fhir/metadata")).json()
    assert metadata["rest"][0]["resource"][0]["conditionalDelete"] == "multiple"
    for _ in range(4):
        await several.create(PATIENT)
    await several.update(OTHER)
    refused = await several.delete(f"/fhir/Patient?{ONE}")
    assert (refused.status_code, code_of(refused)) == (412, "criteria-many")
    assert len(await several.ids("Patient")) == 5
    await several.delete(f"/fhir/Patient/{(await several.ids('Patient'))[0]}")
    match = {"if-match": 'W/"1"'}
    assert (await several.delete(f"/fhir/Patient?{ONE}", headers=match)).status_code == 412
    answer = await several.delete(f"/fhir/Patient?{ONE}")
    assert (answer.status_code, answer.content) == (204, b"")
    assert await several.ids("Patient") == ["other"]


async def test_metadata_says_so(api: Api) -> None:
    statement = (await api.get("/fhir/metadata")).json()
    patient = next(r for r in statement["rest"][0]["resource"] if r["type"] == "Patient")
    assert patient["conditionalUpdate"] is True
    assert patient["conditionalCreate"] is True
    assert patient["conditionalDelete"] == "single"
    assert statement["patchFormat"][0] == "application/json-patch+json"
