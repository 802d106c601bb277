"""$purge and $purge-history: who may, what goes, what stays."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest

from fhir_server.settings import Settings
from tests.http.conftest import Api, code_of, open_api
from tests.http.test_everything import P1, load, ref, resource
from tests.stores import new_database

ADMIN = {"X-Admin-Token": "s3cret"}


@pytest.fixture
async def admin(tmp_path: Path, anyio_backend: str) -> AsyncIterator[Api]:
    settings = Settings(store=f"sqlite:{tmp_path / 'fhir.db'}", admin_token="s3cret")
    async for client in open_api(settings):
        yield client


@pytest.fixture(params=["sqlite", "mongodb"])
async def admins(
    request: pytest.FixtureRequest, tmp_path: Path, anyio_backend: str
) -> AsyncIterator[Api]:
    """The administrator's server on each store."""
    store, server, database = f"sqlite:{tmp_path / 'fhir.db'}", None, new_database()
    if request.param == "mongodb":
        server = request.getfixturevalue("mongo")
        address, _, options = server.uri.partition("?")
        store = f"{address.rstrip('/')}/{database}" + (f"?{options}" if options else "")
    async for client in open_api(Settings(store=store, admin_token="s3cret")):
        yield client
    if server is not None:
        server.drop(database)


WHO: list[tuple[dict[str, str], int, str]] = [
    ({"X-Admin-Token": "s3cret"}, 200, ""),
    ({"Authorization": "Bearer s3cret"}, 200, ""),
    ({"Authorization": "bearer  s3cret "}, 200, ""),
    ({}, 403, "admin-required"),
    ({"X-Admin-Token": "s3cre"}, 403, "admin-required"),
    ({"X-Admin-Token": "s3cret2"}, 403, "admin-required"),
    ({"Authorization": "Basic s3cret"}, 403, "admin-required"),
    ({"Authorization": "s3cret"}, 403, "admin-required"),
]


@pytest.mark.parametrize(("headers", "status", "code"), WHO)
async def test_only_the_administrator_may(
    admin: Api, headers: dict[str, str], status: int, code: str
) -> None:
    await load(admin)
    answer = await admin.post("/fhir/Patient/p1/$purge-history", headers=headers)
    assert answer.status_code == status
    assert not code or code_of(answer) == code


async def operations(api: Api) -> set[str]:
    rest = (await api.get("/fhir/metadata")).json()["rest"][0]
    return {o["name"] for r in rest["resource"] for o in r.get("operation", ())}


async def test_without_a_token_nobody_may_and_nothing_is_listed(api: Api, admin: Api) -> None:
    await load(api)
    for path in ("Patient/p1/$purge", "Patient/p1/$purge-history"):
        answer = await api.post(f"/fhir/{path}", headers={"X-Admin-Token": ""})
        assert (answer.status_code, code_of(answer)) == (404, "operation-unknown")
    assert not {"purge", "purge-history"} & await operations(api)
    assert {"purge", "purge-history"} <= await operations(admin)


def numbers(answer: Any) -> dict[str, Any]:
    assert answer.status_code == 200, answer.text
    return {p["name"]: next(v for k, v in p.items() if k != "name")
            for p in answer.json()["parameter"]}  # fmt: skip


async def test_history_goes_and_the_current_version_stays(admin: Api) -> None:
    for gender in ("male", "female", "other"):
        await admin.update(resource("Patient", "x", gender=gender))
    assert numbers(await admin.post("/fhir/Patient/x/$purge-history", headers=ADMIN)) == {
        "versions": 2
    }
    assert (await admin.get("/fhir/Patient/x")).json()["gender"] == "other"
    assert (await admin.get("/fhir/Patient/x/_history")).json()["total"] == 1
    assert (await admin.get("/fhir/Patient/x/_history/1")).status_code == 404
    gone = await admin.post("/fhir/Patient/none/$purge-history", headers=ADMIN)
    assert (gone.status_code, code_of(gone)) == (404, "read-unknown")


async def test_a_patient_is_forgotten_and_others_are_not(admins: Api) -> None:
    admin = admins
    await load(admin)
    both = {"status": "active", "subject": [P1, ref("Patient/p2")]}
    await admin.update(resource("Account", "shared", **both))
    await admin.update(resource("Patient", "twin", link=[{"other": P1, "type": "seealso"}]))
    await admin.update(resource("Condition", "c1", subject=P1, code={"text": "again"}))
    found = numbers(await admin.post("/fhir/Patient/p1/$purge", headers=ADMIN))
    # The compartment of 11, with the signature of the form; c1 has two versions.
    assert (found["resources"], found["versions"]) == (12, 13)
    for path in ("Patient/p1", "Condition/c1", "Condition/c1/_history", "Task/t1",
                 "Provenance/sign",
                 "ServiceRequest/up", "Observation/o2"):  # fmt: skip
        assert (await admin.get(f"/fhir/{path}")).status_code == 404, path
    for path in ("Patient/p2", "Observation/o3", "Organization/county", "Practitioner/d1",
                 "Account/shared", "Patient/twin", "AuditEvent/read"):  # fmt: skip
        assert (await admin.get(f"/fhir/{path}")).status_code == 200, path
    assert await admin.ids("Observation?subject=Patient/p1") == []
    again = await admin.post("/fhir/Patient/p1/$purge", headers=ADMIN)
    assert (again.status_code, code_of(again)) == (404, "read-unknown")


async def test_a_get_purges_nothing(admin: Api) -> None:
    await load(admin)
    assert (await admin.get("/fhir/Patient/p1/$purge", headers=ADMIN)).status_code == 405
    entry = {"request": {"method": "POST", "url": "Patient/p1/$purge"}}
    found = (await admin.bundle("batch", entry)).json()["entry"][0]["response"]
    assert found["status"].startswith("403")
    found = (await admin.bundle("batch", entry, **ADMIN)).json()["entry"][0]["response"]
    assert found["status"].startswith("200")
