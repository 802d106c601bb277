"""Referential integrity: what others refer to stays; a cascade only where it is asked for."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest

from fhir_server.settings import Settings
from tests.stores import Mongo, new_database

from .conftest import FHIR, Api, code_of, open_api
from .test_bundles import URN, condition, post, put
from .test_transaction import request, statuses

pytestmark = pytest.mark.anyio
Json = dict[str, Any]
P1: Json = {"resourceType": "Patient", "id": "p1", "name": [{"text": "王秘密"}]}
C1 = {**condition("Patient/p1"), "id": "c1"}
PROVENANCE: Json = {
    "resourceType": "Provenance",
    "id": "v1",
    "target": [{"reference": "Patient/p1"}],
    "recorded": "2026-11-20T08:00:00+08:00",
    "agent": [{"who": {"display": "x"}}],
}


def settings(tmp_path: Path, **more: Any) -> Settings:
    return Settings(store=f"sqlite:{tmp_path / 'fhir.db'}", **more)


async def fill(api: Api, *resources: Json) -> None:
    for each in resources:
        answer = await api.update(each)
        assert answer.status_code == 201, answer.text


async def test_a_deletion_names_the_referrers(both: Api) -> None:
    e1 = {"resourceType": "Encounter", "id": "e1", "status": "planned", "class": {"code": "AMB"},
          "subject": {"reference": "Patient/p1"}}  # fmt: skip
    await fill(both, P1, C1, e1, PROVENANCE)
    refused = await both.delete("/fhir/Patient/p1")
    assert (refused.status_code, code_of(refused)) == (409, "delete-referenced")
    assert "retry-after" not in refused.headers
    assert "Condition/c1, Encounter/e1." in refused.json()["issue"][0]["diagnostics"]
    assert "Provenance" not in refused.text, "a record of what was done outlives it"
    assert "王" not in refused.text
    assert (await both.get("/fhir/Patient/p1")).status_code == 200
    assert (await both.delete("/fhir/Patient?_id=p1")).status_code == 409
    for each in ("Condition/c1", "Encounter/e1", "Patient/p1"):
        assert (await both.delete(f"/fhir/{each}")).status_code == 204
    assert (await both.get("/fhir/Patient/p1")).status_code == 410


async def test_many_referrers_are_not_all_named(api: Api) -> None:
    await fill(api, P1)
    await api.bundle("transaction", *(put({**C1, "id": f"c{n:02}"}) for n in range(30)))
    refused = await api.delete("/fhir/Patient/p1")
    assert "Condition/c19 …" in refused.json()["issue"][0]["diagnostics"]


async def test_a_resource_may_refer_to_itself(api: Api) -> None:
    await fill(api, {**P1, "link": [{"other": {"reference": "Patient/p1"}, "type": "seealso"}]})
    assert (await api.delete("/fhir/Patient/p1")).status_code == 204


async def test_deleted_referrers_and_old_versions_do_not_count(api: Api) -> None:
    await fill(api, P1, {**P1, "id": "p2"}, C1)
    await api.update({**C1, **condition("Patient/p2")})
    assert (await api.delete("/fhir/Patient/p1")).status_code == 204


async def test_a_transaction_as_a_whole_counts(both: Api) -> None:
    await fill(both, P1, {**P1, "id": "p2"}, C1)
    refused = await both.bundle(
        "transaction", request("DELETE", "Patient/p1"), put({**C1, "id": "c2"})
    )
    assert (refused.status_code, code_of(refused)) == (409, "delete-referenced")
    assert "Condition/c1, Condition/c2" in refused.text
    moved = {**C1, **condition("Patient/p2")}
    answer = await both.bundle("transaction", request("DELETE", "Patient/p1"), put(moved))
    assert statuses(answer) == ["204 No Content", "200 OK"], answer.text
    delete = [request("DELETE", "Patient/p2"), request("DELETE", "Condition/c1")]
    assert statuses(await both.bundle("transaction", *delete)) == ["204 No Content"] * 2
    refused = await both.bundle("transaction", request("DELETE", "Patient/p1"), put(C1))
    assert refused.status_code == 200, "it was deleted before, and references are not checked"


async def test_cascade(both: Api) -> None:
    task = {"resourceType": "Task", "id": "t1", "status": "requested", "intent": "order",
            "focus": {"reference": "Condition/c1"}}  # fmt: skip
    await fill(both, P1, {**P1, "id": "p2"}, C1, task, PROVENANCE)
    assert (await both.delete("/fhir/Patient/p1?_cascade=none")).status_code == 409
    wrong = await both.delete("/fhir/Patient/p1?_cascade=yes")
    assert (wrong.status_code, code_of(wrong)) == (400, "parameter-value")
    stale = await both.delete("/fhir/Patient/p1?_cascade=delete", headers={"if-match": 'W/"2"'})
    assert stale.status_code == 412
    gone = await both.delete("/fhir/Patient/p1?_cascade=delete", headers={"if-match": 'W/"1"'})
    assert (gone.status_code, gone.headers["etag"]) == (204, 'W/"2"')
    for each in ("Patient/p1", "Condition/c1", "Task/t1"):
        assert (await both.get(f"/fhir/{each}")).status_code == 410
    assert (await both.get("/fhir/Provenance/v1")).status_code == 200
    assert await both.ids("Patient") == ["p2"]
    assert (await both.delete("/fhir/Patient/p1?_cascade=delete")).status_code == 204


@pytest.mark.parametrize("kind", ["batch", "transaction"])
async def test_cascade_in_a_bundle(api: Api, kind: str) -> None:
    await fill(api, P1, C1)
    for url in ("Patient/p1?_cascade=delete", "Patient?_id=p1&_cascade=delete"):
        answer = await api.bundle(kind, request("DELETE", url))
        assert statuses(answer) == ["204 No Content"], answer.text
    assert await api.ids("Condition") == []


async def test_criteria_and_cascade(api: Api) -> None:
    await fill(api, P1, C1)
    only = await api.delete("/fhir/Patient?_cascade=delete")
    assert (only.status_code, code_of(only)) == (400, "criteria-empty")
    answer = await api.delete(
        "/fhir/Patient?_id=p1&_cascade=delete", headers={"prefer": "return=OperationOutcome"}
    )
    assert answer.status_code == 200
    assert answer.json()["issue"][0]["diagnostics"] == "2 deleted"


async def test_a_cascade_has_a_limit_and_may_be_off(tmp_path: Path, anyio_backend: str) -> None:
    async for api in open_api(settings(tmp_path, max_cascade=3)):
        await fill(api, P1, C1, {**C1, "id": "c2"}, {**C1, "id": "c3"})
        many = await api.delete("/fhir/Patient/p1?_cascade=delete")
        assert (many.status_code, code_of(many)) == (409, "cascade-many")
        assert len(await api.ids("Condition")) == 3
        await api.delete("/fhir/Condition/c3")
        assert (await api.delete("/fhir/Patient/p1?_cascade=delete")).status_code == 204
    async for api in open_api(settings(tmp_path, max_cascade=0)):
        await fill(api, {**P1, "id": "p3"})
        refused = await api.delete("/fhir/Patient/p3?_cascade=delete")
        assert (refused.status_code, code_of(refused)) == (403, "cascade-off")


async def test_the_check_may_be_off(tmp_path: Path, anyio_backend: str) -> None:
    async for api in open_api(settings(tmp_path, referential_integrity="off")):
        await fill(api, P1, C1)
        assert (await api.delete("/fhir/Patient/p1")).status_code == 204


@pytest.fixture(params=["sqlite", "mongodb"])
async def strict(
    request: pytest.FixtureRequest, tmp_path: Path, anyio_backend: str
) -> AsyncIterator[Api]:
    if request.param == "sqlite":
        async for client in open_api(settings(tmp_path, referential_integrity="write")):
            yield client
        return
    server: Mongo = request.getfixturevalue("mongo")
    database = new_database()
    address, _, options = server.uri.partition("?")
    uri = f"{address.rstrip('/')}/{database}" + (f"?{options}" if options else "")
    async for client in open_api(Settings(store=uri, referential_integrity="write")):
        yield client
    server.drop(database)


async def test_references_must_lead_somewhere(strict: Api) -> None:
    extension = {"url": "urn:x", "valueReference": {"reference": "Group/none"}}
    refused = await strict.create({**condition("Patient/p1"), "extension": [extension]})
    assert (refused.status_code, code_of(refused)) == (422, "reference-missing")
    places = [issue["expression"] for issue in refused.json()["issue"]]
    assert sorted(places) == [["Condition.extension.valueReference.reference"],
                              ["Condition.subject.reference"]]  # fmt: skip
    await fill(strict, P1)
    outside = {"asserter": {"reference": "http://other/fhir/Practitioner/1"},
               "recorder": {"reference": "#r"}, "contained": [{"resourceType": "Practitioner",
                                                               "id": "r"}]}  # fmt: skip
    absolute = condition("http://test/fhir/Patient/p1", **outside)
    assert (await strict.create(absolute)).status_code == 201
    assert (await strict.update(C1)).status_code == 201
    assert (await strict.update({**C1, **condition("Patient/none")})).status_code == 422
    await strict.create({"resourceType": "Patient", "id": "x"})
    metadata = (await strict.get("/fhir/metadata")).json()
    assert "enforced" in metadata["rest"][0]["resource"][0]["referencePolicy"]


async def test_operations_that_write_keep_to_it(strict: Api) -> None:
    await fill(strict, P1, C1)
    tag = {"name": "meta", "valueMeta": {"tag": [{"code": "x"}]}}
    body = {"resourceType": "Parameters", "parameter": [tag]}
    added = await strict.post("/fhir/Condition/c1/$meta-add", json=body, headers=FHIR)
    assert added.status_code == 200, added.text
    meta = added.json()["parameter"][0]["valueMeta"]
    assert (meta["versionId"], meta["tag"]) == ("2", [{"code": "x"}])


async def test_what_a_bundle_carries_may_lead_elsewhere(strict: Api) -> None:
    """A document is kept as it came. Spec: R4 bundle.html#references"""
    carried = {**condition("Patient/none"), "id": "c9"}
    entry = {"fullUrl": "http://other/fhir/Condition/c9", "resource": carried}
    bundle = {"resourceType": "Bundle", "type": "collection", "entry": [entry]}
    assert (await strict.create(bundle)).status_code == 201
    assert (await strict.create(carried)).status_code == 422  # the positive control


async def test_a_transaction_refers_to_what_it_makes(strict: Api) -> None:
    answer = await strict.bundle("transaction", post(condition(URN.format(1)), 2), post(P1, 1))
    assert statuses(answer) == ["201 Created"] * 2, answer.text
    both_ways = [put(C1), put(P1)]
    assert statuses(await strict.bundle("transaction", *both_ways)) == ["201 Created"] * 2
    refused = await strict.bundle("transaction", post(condition("Patient/none")), post(P1))
    assert (refused.status_code, code_of(refused)) == (422, "reference-missing")


async def test_no_referrer_appears_beside_a_deletion(strict: Api) -> None:
    for n in range(5):
        id = f"p{n}"
        await fill(strict, {**P1, "id": id})
        writes = [
            strict.update({**condition(f"Patient/{id}"), "id": f"c{n}-{k}"}) for k in range(4)
        ]
        delete = strict.delete(f"/fhir/Patient/{id}")
        first, second, gone, *rest = await asyncio.gather(*writes[:2], delete, *writes[2:])
        made = sum(a.status_code == 201 for a in (first, second, *rest))
        assert {a.status_code for a in (first, second, *rest)} <= {201, 422}
        assert gone.status_code in (204, 409)
        assert (gone.status_code == 204) is (made == 0)
        assert len(await strict.ids(f"Condition?subject=Patient/{id}")) == made
