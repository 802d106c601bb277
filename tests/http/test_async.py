"""Prefer: respond-async. Spec: http://hl7.org/fhir/R4/async.html"""

from __future__ import annotations

import asyncio
import re
import time
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import httpx2
import pytest

from fhir_server.settings import Settings
from fhir_server.storage.sqlite import SqliteStore
from tests.processes import Server

from .conftest import FHIR, Api, code_of, open_api

Json = dict[str, Any]
ASYNC = {"prefer": "respond-async"}
BASE = "http://test"
PROGRESS = re.compile(r"([0-9]+ of [0-9]+ entries, )?running for [0-9]+ s").fullmatch


def patient(id: str) -> Json:
    return {"resourceType": "Patient", "id": id, "name": [{"text": "张三"}]}


def put(id: str) -> Json:
    return {"resource": patient(id), "request": {"method": "PUT", "url": f"Patient/{id}"}}


async def result(api: Api, answer: httpx2.Response, **headers: str) -> httpx2.Response:
    """What the address of a job says in the end."""
    assert answer.status_code == 202, answer.text
    assert answer.headers["preference-applied"] == "respond-async"
    address = answer.headers["content-location"]
    assert address.startswith(f"{BASE}/fhir/_async/")
    for _ in range(2000):
        found = await api.get(address, headers=headers)
        if found.status_code != 202:
            return found
        assert PROGRESS(found.headers["x-progress"])
        assert int(found.headers["retry-after"]) > 0
        assert found.content == b""
        await asyncio.sleep(0.005)
    raise AssertionError("it never ends")


def without_time(bundle: Json) -> Json:
    return {**bundle, "meta": None}


READS = [  # request, Bundle.type
    ("GET", "/fhir/Patient?name=张三&_count=1", "searchset"),
    ("POST", "/fhir/Patient/_search?_elements=name", "searchset"),
    ("GET", "/fhir/Patient/p1/_history", "history"),
    ("GET", "/fhir/Patient/_history?_count=2", "history"),
    ("GET", "/fhir/_history", "history"),
    ("GET", "/fhir/Patient/p1/$everything", "searchset"),
    ("POST", "/fhir/Patient/p1/$everything", "searchset"),
]


@pytest.mark.parametrize(("method", "url", "kind"), READS, ids=[f"{m} {u}" for m, u, _ in READS])
async def test_the_result_is_the_answer_without_the_preference(
    api: Api, method: str, url: str, kind: str
) -> None:
    await api.bundle("transaction", put("p1"), put("p2"))
    headers = {"content-type": "application/x-www-form-urlencoded"} if "_search" in url else {}
    at_once = await api.request(method, url, headers=headers)
    assert at_once.status_code == 200, at_once.text
    late = await result(api, await api.request(method, url, headers={**headers, **ASYNC}))
    assert (late.status_code, late.headers["content-type"]) == (
        200,
        FHIR["content-type"] + "; charset=utf-8",
    )
    assert late.json()["type"] == kind
    assert without_time(late.json()) == without_time(at_once.json())
    assert "expires" in late.headers


async def test_batch_and_transaction(both: Api) -> None:
    done = await result(both, await both.bundle("transaction", put("p1"), put("p2"), **ASYNC))
    assert (done.status_code, done.json()["type"]) == (200, "transaction-response")
    assert [e["response"]["status"] for e in done.json()["entry"]] == ["201 Created"] * 2
    bad = {"request": {"method": "GET", "url": "Patient/none"}}
    done = await result(both, await both.bundle("batch", put("p3"), bad, **ASYNC))
    assert done.json()["type"] == "batch-response"
    assert [e["response"]["status"][:3] for e in done.json()["entry"]] == ["201", "404"]
    assert await both.ids("Patient?_sort=_id") == ["p1", "p2", "p3"]
    found = await result(both, await both.get("/fhir/Patient?_sort=_id", headers=ASYNC))
    assert [e["resource"]["id"] for e in found.json()["entry"]] == ["p1", "p2", "p3"]


async def test_a_failure_is_the_failure_without_the_preference(both: Api) -> None:
    wrong = {**put("p1"), "resource": {**patient("p1"), "gender": "x"}}
    for body in ([put("p2"), wrong], [{"request": {"method": "GET"}}]):
        at_once = await both.bundle("transaction", *body)
        late = await result(both, await both.bundle("transaction", *body, **ASYNC))
        assert (late.status_code, late.json()) == (at_once.status_code, at_once.json())
    assert await both.ids("Patient") == []
    english = {"accept-language": "en"}
    answer = await both.get("/fhir/Patient?nme=x", headers=ASYNC)
    late = await result(both, answer, **english)
    assert late.json() == (await both.get("/fhir/Patient?nme=x", headers=english)).json()


async def test_the_format_is_that_of_the_asking(api: Api) -> None:
    await api.update(patient("p1"))
    answer = await api.get("/fhir/Patient", headers=ASYNC)
    late = await result(api, answer, accept="application/fhir+xml")
    assert late.text.startswith('<?xml version="1.0" encoding="UTF-8"?><Bundle')
    again = await api.get(answer.headers["content-location"] + "?_format=json")
    assert again.json()["total"] == 1
    head = await api.head(answer.headers["content-location"])
    assert (head.status_code, head.content) == (200, b"")


AT_ONCE = [
    ("GET", "/fhir/Patient/p1", 200),
    ("GET", "/fhir/Patient/p1/_history/1", 200),
    ("PUT", "/fhir/Patient/p1", 200),
    ("POST", "/fhir/Patient", 201),
    ("GET", "/fhir/metadata", 200),
    ("HEAD", "/fhir/Patient", 200),
    ("DELETE", "/fhir/Patient/p1", 204),
    ("GET", "/fhir/Patients", 404),
    ("GET", "/fhir/Patient/p1/$nothing", 404),
    ("POST", "/fhir/Patient/p1/_history", 405),
]


@pytest.mark.parametrize(("method", "url", "status"), AT_ONCE)
async def test_elsewhere_the_answer_comes_at_once(
    api: Api, method: str, url: str, status: int
) -> None:
    await api.update(patient("p1"))
    body = patient("p1") if method in ("PUT", "POST") else None
    answer = await api.request(method, url, json=body, headers={**FHIR, **ASYNC})
    assert answer.status_code == status


async def test_wait(api: Api, gate: Gate) -> None:
    prefer = {"prefer": "respond-async, wait=20"}
    answer = await api.get("/fhir/Patient", headers=prefer)
    assert (answer.status_code, answer.json()["type"]) == (200, "searchset")
    assert (await api.get("/fhir/Patient?nme=x", headers=prefer)).status_code == 400
    gate.shut()
    short = {"prefer": "respond-async; wait=1"}
    began = time.monotonic()
    answer = await api.get("/fhir/Patient", headers=short)
    assert answer.status_code == 202
    assert time.monotonic() - began < 15
    gate.open()
    assert (await result(api, answer)).status_code == 200


class Gate:
    """Searches wait before a gate that is shut."""

    def __init__(self) -> None:
        self._event = asyncio.Event()
        self.open()

    def shut(self) -> None:
        self._event.clear()

    def open(self) -> None:
        self._event.set()

    async def wait(self) -> None:
        await self._event.wait()


@pytest.fixture
def gate(monkeypatch: pytest.MonkeyPatch) -> Gate:
    gate, search = Gate(), SqliteStore.search

    async def late(self: SqliteStore, plan: Any) -> Any:
        await gate.wait()
        return await search(self, plan)

    monkeypatch.setattr(SqliteStore, "search", late)
    return gate


async def test_cancel(api: Api, gate: Gate) -> None:
    gate.shut()
    answer = await api.get("/fhir/Patient", headers=ASYNC)
    address = answer.headers["content-location"]
    assert (await api.get(address)).status_code == 202
    assert (await api.delete(address)).status_code == 202
    for each in (await api.get(address), await api.delete(address)):
        assert (each.status_code, code_of(each)) == (404, "async-unknown")
    gate.open()
    done = await api.get("/fhir/Patient", headers=ASYNC)
    address = str((await result(api, done)).url)
    assert (await api.delete(address)).status_code == 202
    assert (await api.get(address)).status_code == 404


async def test_the_address_of_a_job(api: Api) -> None:
    for path, method, status in (
        ("/fhir/_async/0", "GET", 404),
        ("/fhir/_async", "GET", 404),
        ("/fhir/_async/0/1", "GET", 404),
        ("/fhir/_async/0", "PATCH", 405),
        ("/fhir/_async/0", "DELETE", 404),
    ):
        answer = await api.request(method, path)
        assert answer.status_code == status, path
        assert answer.json()["resourceType"] == "OperationOutcome"


@pytest.fixture
async def small(tmp_path: Path, anyio_backend: str) -> AsyncIterator[Api]:
    """One job at a time, kept for a second."""
    store = f"sqlite:{tmp_path / 'fhir.db'}"
    async for client in open_api(Settings(store=store, async_jobs=1, async_keep_seconds=1)):
        yield client


async def test_the_limit_and_the_expiry(small: Api, gate: Gate) -> None:
    gate.shut()
    first = await small.get("/fhir/Patient", headers=ASYNC)
    refused = await small.get("/fhir/Patient", headers=ASYNC)
    assert (refused.status_code, code_of(refused)) == (429, "async-busy")
    assert int(refused.headers["retry-after"]) > 0
    gate.open()
    done = await result(small, first)
    assert done.status_code == 200
    assert (await small.get("/fhir/Patient", headers=ASYNC)).status_code == 202
    await asyncio.sleep(1.1)
    assert (await small.get(str(done.url))).status_code == 404


@pytest.mark.parametrize("workers", ["1", "2"])
def test_a_job_survives_the_server(tmp_path: Path, workers: str) -> None:
    """Several processes answer for a job, and those of the next start as well."""
    store = f"sqlite:{tmp_path / 'fhir.db'}"
    entries = [put(f"p{n}") for n in range(20)]
    bundle = {"resourceType": "Bundle", "type": "batch", "entry": entries}
    with Server(store=store, FHIR_SERVER_WORKERS=workers) as server:
        answer = httpx2.post(server.fhir, json=bundle, headers={**FHIR, **ASYNC})
        assert answer.status_code == 202, answer.text
        id = answer.headers["content-location"].rpartition("/")[2]
        for _ in range(1000):  # each time on a connection of its own, so at any process
            found = httpx2.get(f"{server.fhir}/_async/{id}")
            if found.status_code != 202:
                break
            time.sleep(0.01)
        assert len(found.json()["entry"]) == 20
        again = [httpx2.get(f"{server.fhir}/_async/{id}").json() for _ in range(8)]
        assert again == [found.json()] * 8
    with Server(store=store) as server:
        assert httpx2.get(f"{server.fhir}/_async/{id}").json() == found.json()
