"""A full disk: writes answer 507, reads go on, nothing is broken, and with room writes resume."""

from __future__ import annotations

import sqlite3
import sys
from pathlib import Path
from typing import Any

import httpx2
import pytest

from fhir_server.errors import FhirError
from fhir_server.settings import Settings
from fhir_server.storage.plan import Match, Plan
from fhir_server.storage.plan import Test as Row
from tests.contract.changes import change
from tests.http.conftest import FHIR, code_of, open_api
from tests.processes import Server
from tests.sqlite.conftest import Open

Json = dict[str, Any]
MEGABYTE = 1024 * 1024


def patient(number: int) -> Json:
    return {
        "resourceType": "Patient",
        "identifier": [{"system": "urn:test", "value": f"n{number}"}],
        "text": {"status": "generated", "div": f"<div xmlns='http://www.w3.org/1999/xhtml'>"
                 f"{'转诊 ' * 2000}</div>"},
    }  # fmt: skip


def sound(path: Path) -> bool:
    db = sqlite3.connect(path)
    try:
        return bool(db.execute("PRAGMA integrity_check").fetchone() == ("ok",))
    finally:
        db.close()


def check_outcome(answer: httpx2.Response) -> None:
    assert answer.status_code == 507, answer.text
    assert code_of(answer) == "store-full"
    assert answer.json()["issue"][0]["code"] == "no-store"


async def test_the_largest_size_is_a_setting(tmp_path: Path, anyio_backend: str) -> None:
    path = tmp_path / "fhir.db"
    settings = Settings(store=f"sqlite:{path}", sqlite_max_bytes=2 * MEGABYTE)
    async for client in open_api(settings):
        made: list[str] = []
        while (answer := await client.create(patient(len(made)))).status_code == 201:
            made.append(answer.headers["location"])
            assert len(made) < 1000
        check_outcome(answer)
        assert made  # control
        both = [
            {"resource": patient(n), "request": {"method": "POST", "url": "Patient"}}
            for n in (8000, 8001)
        ]
        check_outcome(await client.bundle("transaction", *both))
        assert path.stat().st_size <= 2 * MEGABYTE
        # All that was acknowledged is there, and nothing else.
        total = await client.get("/fhir/Patient?_summary=count")
        assert total.json()["total"] == len(made)
        last = await client.get(
            "/fhir/Patient", params={"identifier": f"urn:test|n{len(made) - 1}"}
        )
        assert len(last.json()["entry"]) == 1
        assert (await client.get(made[0].partition("/_history")[0])).status_code == 200
        assert (await client.get("/ready")).status_code == 200
        await client._transport.app.state.service.store.limit(100 * MEGABYTE)  # type: ignore[attr-defined]
        assert (await client.create(patient(len(made)))).status_code == 201
        assert (await client.bundle("transaction", *both)).status_code == 200
    assert sound(path)


async def test_words_wait_for_room(open_store: Open) -> None:
    """The index of words is made later; where it does not fit, the search says why."""
    store = await open_store(max_bytes=1 * MEGABYTE)
    words = " ".join(f"w{n}" for n in range(500))

    async def write(start: int) -> None:
        entries = [{"text": [("_text", f" {words} v{n} ")]} for n in range(start, start + 20)]
        await store.write([change(f"p{start + n}", index=e) for n, e in enumerate(entries)])

    made = 0
    while made < 2000:
        try:
            await write(made)
        except FhirError as error:
            assert error.code == "store-full"
            break
        made += 20
    assert 0 < made < 2000
    plan = Plan("Patient", (Match("_text", "text", ((Row("words", "within", "v0"),),)),))
    with pytest.raises(FhirError) as caught:
        await store.search(plan)
    assert caught.value.code == "store-full"
    await store.limit(100 * MEGABYTE)
    assert [each.id for each in (await store.search(plan)).matches] == ["p0"]
    assert (await store.search(Plan("Patient", limit=0))).total == made


@pytest.mark.skipif(sys.platform != "linux", reason="changes the limit of another process")
def test_no_room_for_a_server_of_its_own(tmp_path: Path) -> None:
    """A limit of the process is what a quota or a full disk is to SQLite: a write that fails."""
    import resource

    path = tmp_path / "fhir.db"
    with Server(store=f"sqlite:{path}") as server, httpx2.Client(headers=FHIR) as client:
        assert server.process.pid

        def limit(size: int) -> None:
            sizes = (size, resource.RLIM_INFINITY)
            resource.prlimit(server.process.pid, resource.RLIMIT_FSIZE, sizes)

        def create(number: int) -> httpx2.Response:
            return client.post(f"{server.fhir}/Patient", json=patient(number))

        assert create(0).status_code == 201
        limit(3 * MEGABYTE)
        made = 1
        while (answer := create(made)).status_code == 201:
            made += 1
            assert made < 1000
        check_outcome(answer)
        for _ in range(3):
            check_outcome(create(made))
            found = client.get(f"{server.fhir}/Patient?identifier=urn:test|n{made - 1}")
            assert len(found.json()["entry"]) == 1
        assert client.get(f"{server.fhir}/Patient?_summary=count").json()["total"] == made
        limit(resource.RLIM_INFINITY)
        assert create(made).status_code == 201
        assert client.get(f"{server.fhir}/Patient?_summary=count").json()["total"] == made + 1
        server.process.kill()
        server.process.wait()
    assert sound(path)
