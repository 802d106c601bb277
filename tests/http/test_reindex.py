"""$reindex and $reindex-status. Spec: docs/operations/reindex.md"""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest

from fhir_server.exchange.reindexing import Reindexer
from fhir_server.exchange.upkeep import Upkeep
from fhir_server.settings import Settings
from fhir_server.storage.sqlite import SqliteStore
from tests.http.conftest import FHIR, Api, code_of, open_api

TOKEN = {"X-Admin-Token": "secret"}
NOTHING: dict[str, Any] = {"resourceType": "Parameters"}


@pytest.fixture
async def admin(tmp_path: Path, anyio_backend: str) -> AsyncIterator[Api]:
    settings = Settings(store=f"sqlite:{tmp_path / 'fhir.db'}", admin_token="secret")
    async for client in open_api(settings):
        client.headers.update(TOKEN)
        yield client


async def ask(api: Api, where: str, body: dict[str, Any] | None = None, **headers: str) -> Any:
    return await api.post(
        f"/fhir/{where}$reindex", json=body or NOTHING, headers={**FHIR, **headers}
    )


async def status(api: Api) -> dict[str, dict[str, Any]]:
    """When there is nothing to do any more: the rows by type or url."""
    deadline = time.monotonic() + 30
    while True:
        answer = await api.get("/fhir/$reindex-status")
        if answer.status_code == 200:
            rows = answer.json().get("parameter", [])
            parts = [{p["name"]: next(v for k, v in p.items() if k != "name") for p in r["part"]}
                     for r in rows]  # fmt: skip
            return {p.get("name") or p.get("url") or p["resource"]["reference"]: p for p in parts}
        assert answer.status_code == 202
        assert "/" in answer.headers["x-progress"]
        assert int(answer.headers["retry-after"]) >= 1
        assert time.monotonic() < deadline
        await asyncio.sleep(0.02)


async def spoil(api: Api, tmp_path: Path) -> None:
    """As if an earlier version of this program had made no entries."""
    import sqlite3

    with sqlite3.connect(tmp_path / "fhir.db") as db:
        for kind in ("token", "string", "date"):
            db.execute(f"DELETE FROM {kind}")
    db.close()


async def test_entries_come_back(admin: Api, tmp_path: Path) -> None:
    person = {"resourceType": "Patient", "gender": "male", "birthDate": "1950-01-01"}
    ids = [(await admin.create(person)).json()["id"] for _ in range(30)]
    await admin.create({"resourceType": "Task", "status": "draft", "intent": "order"})
    await spoil(admin, tmp_path)
    assert await admin.ids("Patient?gender=male") == []
    # One resource, at once.
    answer = await ask(admin, f"Patient/{ids[0]}/")
    assert (answer.status_code, answer.json()["parameter"][0]["valueInteger"]) == (200, 1)
    assert await admin.ids("Patient?gender=male") == ids[:1]
    # A type, in the background.
    answer = await ask(admin, "Patient/")
    assert answer.status_code == 202
    assert answer.headers["content-location"] == "http://test/fhir/$reindex-status"
    rows = await status(admin)
    assert rows == {"Patient": {"name": "Patient", "state": "ready", "done": 30, "total": 30}}
    assert await admin.ids("Patient?gender=male&_count=100") == ids
    assert await admin.ids("Task?status=draft") == []
    # Some types, then all.
    types = [{"name": "type", "valueCode": t} for t in ("Task", "Group")]
    assert (await ask(admin, "", {**NOTHING, "parameter": types})).status_code == 202
    assert (await status(admin)).keys() == {"Patient", "Task", "Group"}
    assert len(await admin.ids("Task?status=draft")) == 1
    assert (await ask(admin, "")).status_code == 202
    assert len(await status(admin)) > 140
    read = (await admin.get(f"/fhir/Patient/{ids[0]}")).json()
    assert read["meta"]["versionId"] == "1"


async def test_asked_again_it_begins_again_and_what_is_written_meanwhile_is_found(
    admin: Api, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("fhir_server.exchange.reindexing.BATCH", 1)
    person = {"resourceType": "Patient", "gender": "male"}
    ids = [(await admin.create(person)).json()["id"] for _ in range(10)]
    await ask(admin, "Patient/")
    await admin.update({**person, "id": ids[3], "gender": "female"})
    await ask(admin, "Patient/")
    ids.append((await admin.create(person)).json()["id"])
    rows = await status(admin)
    assert rows["Patient"]["done"] == rows["Patient"]["total"] >= 11 - 1
    assert await admin.ids("Patient?gender=female") == [ids[3]]
    assert await admin.ids("Patient?gender=male") == [i for i in ids if i != ids[3]]


async def test_one_resource_that_cannot_be_indexed_holds_up_no_other(
    admin: Api, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    ids = [
        (await admin.create({"resourceType": "Patient", "gender": g})).json()["id"]
        for g in ("male", "female", "male")
    ]
    await spoil(admin, tmp_path)
    whole = SqliteStore.reindex

    async def broken(self: SqliteStore, changes: Any) -> int:
        if any(each.id == ids[1] for each in changes):
            raise RuntimeError
        return await whole(self, changes)

    monkeypatch.setattr(SqliteStore, "reindex", broken)
    await ask(admin, "Patient/")
    await status(admin)
    assert await admin.ids("Patient?gender:missing=false") == [ids[0], ids[2]]


async def test_what_has_no_effect_is_named_with_its_reason(
    admin: Api, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Two of one url, written past the check as by a tool on the database."""
    resource = {
        "resourceType": "SearchParameter", "url": "http://x/s", "name": "x", "description": "x",
        "status": "active", "code": "v", "base": ["Patient"], "type": "string",
        "expression": "Patient.id",
    }  # fmt: skip
    assert (await admin.create(resource)).status_code == 201
    monkeypatch.setattr(Upkeep, "check", lambda *_: None)
    second = (await admin.create({**resource, "id": "x"})).json()
    rows = await status(admin)
    assert rows["http://x/s"]["state"] == "ready"
    refused = rows[f"SearchParameter/{second['id']}"]
    assert (refused["state"], "url" in refused["reason"]) == ("refused", True)


WRONG = [
    ("Nobody/", NOTHING, {}, 404, "type-unknown"),
    ("Patient/never/", NOTHING, {}, 404, "read-unknown"),
    ("", {**NOTHING, "parameter": [{"name": "type", "valueCode": "Nobody"}]}, {}, 404,
     "type-unknown"),
    ("Patient/", {**NOTHING, "parameter": [{"name": "type", "valueCode": "Task"}]}, {}, 400,
     "parameter-unknown"),
    ("", NOTHING, {"X-Admin-Token": "else"}, 403, "admin-required"),
]  # fmt: skip


@pytest.mark.parametrize(("where", "body", "headers", "code", "error"), WRONG)
async def test_what_makes_no_sense_is_refused(
    admin: Api, where: str, body: dict[str, Any], headers: dict[str, str], code: int, error: str
) -> None:
    answer = await ask(admin, where, body, **headers)
    assert (answer.status_code, code_of(answer)) == (code, error)
    assert (await ask(admin, "Patient/")).status_code == 202  # the positive control


async def test_without_a_token_there_is_only_the_progress(api: Api) -> None:
    assert code_of(await ask(api, "")) == "operation-unknown"
    assert (await api.get("/fhir/$reindex-status")).status_code == 200


async def test_a_store_that_fails_is_tried_again(
    admin: Api, monkeypatch: pytest.MonkeyPatch
) -> None:
    from fhir_server.errors import FhirError

    await admin.create({"resourceType": "Patient", "gender": "male"})
    whole, left = Reindexer._renew, [2]

    async def down(self: Reindexer, found: Any) -> None:
        if left[0]:
            left[0] -= 1
            raise FhirError("store-down")
        await whole(self, found)

    monkeypatch.setattr(Reindexer, "_renew", down)
    await ask(admin, "Patient/")
    rows = await status(admin)
    assert (left[0], rows["Patient"]["done"]) == (0, 1)
