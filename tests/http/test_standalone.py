"""MongoDB without a replica set: what it can do works, what needs transactions says so.

Spec: docs/limits.md; docs/mongodb.md
"""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest

from fhir_server.settings import Settings
from tests.stores import Mongo, new_database

from .conftest import FHIR, Api, code_of, open_api
from .library import encoded
from .test_search_across import CHAIN, EVERY, FILTER, HAS, RECORD, SYSTEM

pytestmark = pytest.mark.anyio
PATIENT = {"resourceType": "Patient", "id": "x", "identifier": [{"system": "urn:x", "value": "1"}]}
ENTRY = {"resource": PATIENT, "request": {"method": "PUT", "url": "Patient/x"}}

SECOND = {"resource": {**PATIENT, "id": "z"}, "request": {"method": "PUT", "url": "Patient/z"}}


@pytest.fixture
async def alone(mongo_standalone: Mongo, anyio_backend: str) -> AsyncIterator[Api]:
    database = new_database()
    async for client in open_api(Settings(store=mongo_standalone.address(database))):
        yield client
    mongo_standalone.drop(database)


async def test_single_writes_and_all_searches_work(alone: Api) -> None:
    for each in RECORD:
        assert (await alone.update(each)).status_code == 201
    wrong = []
    for section, query, expected in [*CHAIN, *HAS, *EVERY, *FILTER, *SYSTEM]:
        found = await alone.ids(encoded(query))
        if "_sort" not in query and sorted(found) != sorted(expected.split()):
            wrong.append((section, query, expected, found))
    assert not wrong
    assert (await alone.update({**RECORD[-1], "status": "active"})).status_code == 200
    patch = '[{"op":"add","path":"/active","value":true}]'
    headers = {"content-type": "application/json-patch+json"}
    assert (await alone.patch("/fhir/Patient/p3", content=patch, headers=headers)).is_success
    assert (await alone.delete("/fhir/AuditEvent/a1")).status_code == 204
    history = (await alone.get("/fhir/Patient/p3/_history")).json()
    assert len(history["entry"]) == 2
    refused = await alone.delete("/fhir/Patient/p1")
    assert (refused.status_code, code_of(refused)) == (409, "delete-referenced")
    batch = (await alone.bundle("batch", ENTRY)).json()
    assert batch["entry"][0]["response"]["status"].startswith("201")
    changed = {**PATIENT, "active": True}
    updated = await alone.put("/fhir/Patient?identifier=urn:x|1", json=changed, headers=FHIR)
    assert (updated.status_code, updated.headers["etag"]) == (200, 'W/"2"')


async def test_what_needs_transactions_says_so_and_writes_nothing(alone: Api) -> None:
    other = {**PATIENT, "id": "y"}
    for answer in (
        await alone.bundle("transaction", ENTRY, SECOND),
        await alone.create(PATIENT, **{"if-none-exist": "identifier=urn:x|1"}),
        await alone.put("/fhir/Patient?identifier=urn:x|2", json=other, headers=FHIR),
    ):
        assert (answer.status_code, code_of(answer)) == (501, "store-no-transaction")
        assert "副本集" in answer.json()["issue"][0]["details"]["text"]
    assert await alone.ids("Patient") == []
    assert (await alone.update(PATIENT)).status_code == 201  # the positive control
