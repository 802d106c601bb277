"""A costly search ends with an error of its own and holds up nobody else."""

from __future__ import annotations

import asyncio
import time
from pathlib import Path

import httpx2
import pytest

from fhir_server.errors import FhirError
from fhir_server.settings import Settings
from fhir_server.storage.base import Guard, Store
from fhir_server.storage.plan import Match, Plan, Sort
from fhir_server.storage.plan import Test as Row
from fhir_server.storage.sqlite import lanes
from tests.contract.changes import change
from tests.http.conftest import code_of, open_api
from tests.sqlite.conftest import Open, fill


def inside(*texts: str) -> Match:
    """By the middle of a text, for which there is no index."""
    return Match("name", "string", tuple((Row("folded", "contains", each),) for each in texts))


ALL = Plan("Observation", (inside("many"),), total=True)
NOT_THERE = [f"{n} or {n}" for n in range(60)]
# No two of them the same search.
COSTLY = [
    Plan("Observation", (inside(*NOT_THERE, f"{n} of m"),), (Sort("name", "string"),), total=True)
    for n in range(60)
]
SMALL = Plan("Observation", (Match("date", "date", ((Row("low", "=", 5),),)),))


async def code_of_search(store: Store, plan: Plan) -> str:
    with pytest.raises(FhirError) as caught:
        await store.search(plan)
    return caught.value.code


async def test_a_search_may_look_at_so_many_rows(open_store: Open) -> None:
    store = await open_store(search_rows=4_000)
    await fill(store, 2_000)
    assert (await store.search(ALL)).total == 2_000  # control
    await fill(store, 10_000, type="Patient")
    plan = Plan("Patient", ALL.where, total=True)
    assert await code_of_search(store, plan) == "search-too-costly"
    found = await store.search(Plan("Patient", SMALL.where, total=True))
    assert found.total == 1  # what an index bounds goes on


async def test_a_search_may_take_so_long(open_store: Open) -> None:
    store = await open_store(search_seconds=0.02)
    await fill(store, 10_000)
    assert await code_of_search(store, COSTLY[0]) == "search-too-costly"
    assert [each.id for each in (await store.search(SMALL)).matches] == ["o5"]


async def test_a_guard_that_is_too_costly_fails_alone(
    open_store: Open, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("fhir_server.storage.sqlite.store.GUARD_LOOKS", 5)
    store = await open_store()
    await fill(store, 5_000)
    plan = Plan("Observation", (inside(*NOT_THERE),))
    guarded = store.write([change("g", type="Basic")], [Guard("k", plan)])
    plain = store.write([change("p", type="Basic")])
    first, second = await asyncio.gather(guarded, plain, return_exceptions=True)
    assert isinstance(first, FhirError)
    assert first.code == "search-too-costly"
    assert second is None
    assert await store.current("Basic", "g") is None
    assert await store.current("Basic", "p") is not None


async def test_reads_go_on_beside_costly_searches(open_store: Open) -> None:
    """Figure: 95 of 100 reads, searches by an index and writes are answered within 50 ms, while
    slow searches keep all threads busy for seconds."""
    store = await open_store()
    await fill(store, 20_000)
    alone = time.perf_counter()
    await store.search(COSTLY[0])
    alone = time.perf_counter() - alone
    costly = [asyncio.ensure_future(store.search(plan)) for plan in COSTLY[:30]]
    times: list[float] = []
    ends = time.perf_counter() + 1.0
    while time.perf_counter() < ends and not all(each.done() for each in costly):
        started = time.perf_counter()
        assert await store.current("Observation", "o7") is not None
        assert (await store.search(SMALL)).matches
        times.append(time.perf_counter() - started)
        await asyncio.sleep(0.002)
    waiting = sum(not each.done() for each in costly)
    assert waiting, f"the searches are not costly enough: {alone:.3f} s each"  # control
    assert len(times) > 20
    assert sorted(times)[int(len(times) * 0.95)] < 0.05
    for each in costly:
        each.cancel()
    await asyncio.gather(*costly, return_exceptions=True)


async def test_a_lane_that_is_full_says_so(
    open_store: Open, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(lanes, "WAITING", 1)
    store = await open_store()
    await fill(store, 20_000)
    found = await asyncio.gather(*map(store.search, COSTLY[:6]), return_exceptions=True)
    refused = [each for each in found if isinstance(each, BaseException)]
    assert len(refused) < len(found)  # control
    assert refused
    for each in refused:
        assert isinstance(each, FhirError)
        assert each.code == "search-busy"
        assert int(each.headers["Retry-After"]) >= 1


async def test_a_search_does_not_wait_for_ever(
    open_store: Open, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Both threads are busy for longer than a search may wait for one of them."""
    monkeypatch.setattr(lanes, "QUICK_SECONDS", 0.001)
    store = await open_store(search_seconds=0.2)
    await fill(store, 10)
    lane = store._lanes._slow
    slow = (lane.run(lambda *_: time.sleep(0.6), lanes.Budget(9), 0.2, 0.2) for _ in range(2))
    busy = [asyncio.ensure_future(each) for each in slow]
    await asyncio.sleep(0.01)
    started = time.perf_counter()
    with pytest.raises(FhirError) as caught:
        await lane.run(lambda db, _: db.execute("SELECT 1").fetchone(), lanes.Budget(9), 0.2, 0.2)
    assert caught.value.code == "search-busy"
    assert time.perf_counter() - started < 0.5
    await asyncio.gather(*busy)
    assert await lane.run(lambda *_: 1, lanes.Budget(9), 0.2, 0.2) == 1  # control


@pytest.mark.parametrize("what", ["rows", "seconds"])
async def test_a_client_is_told(tmp_path: Path, anyio_backend: str, what: str) -> None:
    settings = Settings(
        store=f"sqlite:{tmp_path / 'fhir.db'}",
        search_rows=1000 if what == "rows" else 10_000_000,
        search_seconds=10 if what == "rows" else 0.0001,
    )
    async for client in open_api(settings):
        for start in range(0, 2000, 1000):
            people = [
                {
                    "resource": {"resourceType": "Patient", "name": [{"text": f"病人{n}号"}]},
                    "request": {"method": "POST", "url": "Patient"},
                }
                for n in range(start, start + 1000)
            ]
            answer = await client.bundle("transaction", *people)
            assert answer.status_code == 200
        answer: httpx2.Response = await client.get(
            "/fhir/Patient", params={"name:contains": ",".join(NOT_THERE), "_sort": "name"}
        )
        assert answer.status_code == 422
        assert code_of(answer) == "search-too-costly"
        assert answer.json()["issue"][0]["code"] == "too-costly"
        fine = await client.get("/fhir/Patient", params={"name": "病人99号"})
        assert fine.status_code == 200  # control
        assert fine.json()["entry"]
