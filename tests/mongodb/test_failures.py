"""The server is away, is standalone, or loses an answer: what was acknowledged is there once."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator
from typing import Any

import pytest

from fhir_server.errors import FhirError
from fhir_server.storage.base import Conflict, Guard, HistoryPlan
from fhir_server.storage.mongodb import MongoStore
from fhir_server.storage.mongodb.driver import DRIVERS
from fhir_server.storage.plan import Chain, Ids, Match, Plan
from fhir_server.storage.plan import Test as Row
from tests.contract.changes import change, count_versions, deletion, read_versions
from tests.faults.fail_points import COMMITS, DOWN, failing
from tests.processes import free_port
from tests.stores import Mongo, new_database

GUARD = Guard("k", Plan("Patient", (Match("x", "token", ((Row("value", "=", "1"),),)),)))


@pytest.fixture(params=DRIVERS)
async def store(
    request: pytest.FixtureRequest, mongo: Mongo, anyio_backend: str
) -> AsyncIterator[MongoStore]:
    found = MongoStore(mongo.uri, database=new_database(), driver=request.param)
    await found.open()
    yield found
    await found.close()
    mongo.drop(found._database)


@pytest.fixture(params=DRIVERS)
async def alone(
    request: pytest.FixtureRequest, mongo_standalone: Mongo, anyio_backend: str
) -> AsyncIterator[MongoStore]:
    found = MongoStore(mongo_standalone.uri, database=new_database(), driver=request.param)
    await found.open()
    yield found
    await found.close()
    mongo_standalone.drop(found._database)


async def test_ready(store: MongoStore) -> None:
    facts = await store.ready()
    assert facts == {"store": "mongodb", "transactions": True, "driver": store._driver}


async def test_ready_of_a_standalone_server(alone: MongoStore) -> None:
    facts = await alone.ready()
    assert (facts["store"], facts["transactions"]) == ("mongodb", False)
    assert "standalone" in facts["warning"]


async def test_a_standalone_server_writes_single_resources(alone: MongoStore) -> None:
    await alone.write([change("a")])
    await alone.write([change("a", 2)])
    with pytest.raises(Conflict):
        await alone.write([change("a", 2)])
    await alone.write([deletion("a", 3)])
    history = await read_versions(alone, "a", 9)
    assert [each.version for each in history] == [3, 2, 1]


@pytest.mark.parametrize("case", ["two changes", "a guard", "a guard alone"])
async def test_a_standalone_server_refuses_the_rest(alone: MongoStore, case: str) -> None:
    changes = [change("a"), change("b")][: {"two changes": 2, "a guard": 1}.get(case, 0)]
    with pytest.raises(FhirError) as caught:
        await alone.write(changes, [] if case == "two changes" else [GUARD])
    assert (caught.value.code, caught.value.status) == ("store-no-transaction", 501)
    assert await alone.current("Patient", "a") is None


CALLS: dict[str, Any] = {
    "ready": lambda s: s.ready(),
    "current": lambda s: s.current("Patient", "a"),
    "version": lambda s: s.version("Patient", "a", 1),
    "history": lambda s: s.history(HistoryPlan("Patient", "a", total=True)),
    "all history": lambda s: s.history(HistoryPlan()),
    "purge": lambda s: s.purge("Patient", "a", history_only=False),
    "search": lambda s: s.search(Plan("Patient")),
    "many": lambda s: s.many([("Patient", "a"), ("Task", "b")]),
    "referrers": lambda s: s.referrers("Task", "x", [("Patient", "a")], limit=9),
    "write": lambda s: s.write([change("a")]),
    "batch": lambda s: s.write([change("a"), change("b")]),
    "guard": lambda s: s.write([change("a")], [GUARD]),
}


@pytest.mark.parametrize("driver", DRIVERS)
async def test_a_server_that_is_not_there(driver: str) -> None:
    """Everything says store-down, within the timeout; opening does not fail."""
    uri = f"mongodb://127.0.0.1:{free_port()}/fhir?replicaSet=rs0"
    store = MongoStore(uri, driver=driver, timeout_ms=300)
    await store.open()
    try:
        began = time.monotonic()
        results = await asyncio.gather(
            *(call(store) for call in CALLS.values()), return_exceptions=True
        )
        assert time.monotonic() - began < 2
    finally:
        await store.close()
    codes = [each.code if isinstance(each, FhirError) else each for each in results]
    assert codes == ["store-down"] * len(CALLS)


async def test_a_closed_store_is_down(store: MongoStore) -> None:
    await store.close()
    for call in CALLS.values():
        with pytest.raises(FhirError) as caught:
            await call(store)
        assert caught.value.code == "store-down"


WRITES: dict[str, tuple[str, int]] = {"insert": ("insert", 1), "update": ("update", 3)}


@pytest.mark.parametrize("what", DOWN)
@pytest.mark.parametrize("which", ["insert", "update"])
async def test_a_write_meets_a_failing_primary(
    store: MongoStore, mongo: Mongo, what: str, which: str
) -> None:
    """One failure is ridden out: the client sees nothing of it, the write is there once."""
    await store.write([change("other")])
    if which == "update":
        await store.write([change("a")])
    version = 1 if which == "insert" else 2
    with failing(mongo, [which], **DOWN[what]):
        await store.write([change("a", version, note="mine")])
    history = await read_versions(store, "a", 9)
    assert [each.version for each in history] == list(range(version, 0, -1))
    assert history[0].resource["note"] == "mine"


@pytest.mark.parametrize("which", ["insert", "update"])
async def test_a_primary_that_keeps_failing(
    store: MongoStore, mongo: Mongo, which: str, anyio_backend: str
) -> None:
    """The client gets a 503 in time. What is written then was not acknowledged, and is whole."""
    version = 1 if which == "insert" else 2
    await store.write([change("other")])
    await store.write([change("a")] * (which == "update"))
    hasty = MongoStore(mongo.uri, database=store._database, driver=store._driver, timeout_ms=1000)
    await hasty.open()
    try:
        for batch in ([change("a", version)], [change("a", version), change("b")]):
            with failing(mongo, [which], 1000, **DOWN["it steps down"]):
                began = time.monotonic()
                with pytest.raises(FhirError) as caught:
                    await hasty.write(batch)
                assert caught.value.code == "store-down"
                assert time.monotonic() - began < 5
    finally:
        await hasty.close()
    assert await count_versions(store, "a") == version - 1
    await store.write([change("a", version)])
    assert await count_versions(store, "a") == version


@pytest.mark.parametrize("what", COMMITS)
async def test_the_answer_of_a_commit_is_lost(store: MongoStore, mongo: Mongo, what: str) -> None:
    await store.write([change("a"), change("b")])
    index = {"token": [("x", "", "1")]}
    with failing(mongo, ["commitTransaction"], **COMMITS[what]):
        await store.write([change("a", 2), deletion("b", 2), change("c", index=index)], [GUARD])
    versions = {id: await count_versions(store, id) for id in "abc"}
    assert versions == {"a": 2, "b": 2, "c": 1}
    assert [m.id for m in (await store.search(GUARD.plan)).matches] == ["c"]


async def test_a_commit_that_takes_too_long(store: MongoStore, mongo: Mongo) -> None:
    """Nobody knows whether it happened: 503, and all of it or nothing."""
    await store.write([change("a"), change("b")])
    how = {"errorCode": 50, "errorLabels": ["UnknownTransactionCommitResult"]}
    with failing(mongo, ["commitTransaction"], 2, **how), pytest.raises(FhirError) as caught:
        await store.write([change("a", 2), change("b", 2)])
    assert caught.value.code == "store-down"
    assert len({await count_versions(store, id) for id in "ab"}) == 1


@pytest.mark.parametrize("what", ["the connection is cut", "it steps down"])
@pytest.mark.parametrize("command", ["insert", "update", "find"])
async def test_a_batch_meets_a_failing_primary(
    store: MongoStore, mongo: Mongo, what: str, command: str
) -> None:
    await store.write([change("a")])
    how = {**DOWN[what], "errorLabels": ["TransientTransactionError"]}
    with failing(mongo, [command], **how):
        await store.write([change("a", 2), change("c")])
    versions = {id: await count_versions(store, id) for id in "ac"}
    assert versions == {"a": 2, "c": 1}


async def test_a_batch_whose_parts_fail(store: MongoStore, mongo: Mongo) -> None:
    """The number of a bulk write says nothing; those of its parts do."""
    await store.write([change("other")])
    how = {"writeConcernError": {"code": 14031, "errmsg": "no space"}}
    with failing(mongo, ["insert"], **how), pytest.raises(FhirError) as caught:
        await store.write([change("a"), change("b")])
    assert caught.value.code == "store-full"
    assert await store.current("Patient", "a") is None


async def test_a_read_meets_a_failing_primary(store: MongoStore, mongo: Mongo) -> None:
    await store.write([change("a")])
    with failing(mongo, ["find", "aggregate"], closeConnection=True):
        assert await store.current("Patient", "a") is not None
    with failing(mongo, ["aggregate"], closeConnection=True):
        assert len((await store.search(Plan("Patient"))).matches) == 1


async def test_a_search_that_takes_too_long(store: MongoStore, mongo: Mongo) -> None:
    await store.write([change("a")])
    with failing(mongo, ["aggregate"], errorCode=50), pytest.raises(FhirError) as caught:
        await store.search(Plan("Patient"))
    assert caught.value.code == "search-too-costly"


async def test_all_queries_of_a_search_share_its_time(store: MongoStore, mongo: Mongo) -> None:
    """The ends of a chain are looked for first; the main query has what is left."""
    await store.write([change("a", index={"reference": [("link", "Patient", "a", "")]})])
    chain = Chain("link", "Patient", (Chain("link", "Patient", (Ids(("a",)),)),))
    assert len((await store.search(Plan("Patient", (chain,)))).matches) == 1  # control
    hasty = MongoStore(
        mongo.uri, database=store._database, driver=store._driver, search_seconds=0.001
    )
    await hasty.open()
    with pytest.raises(FhirError) as caught:
        await hasty.search(Plan("Patient", (chain,)))
    await hasty.close()
    assert caught.value.code == "search-too-costly"


CODES = [(14031, "store-full"), (10334, "store-too-large"), (13, "store-down"), (2, "internal")]


@pytest.mark.parametrize(("number", "code"), CODES)
async def test_errors_of_the_server(
    store: MongoStore, mongo: Mongo, number: int, code: str
) -> None:
    await store.write([change("other")])
    with failing(mongo, ["insert"], errorCode=number), pytest.raises(FhirError) as caught:
        await store.write([change("a")])
    assert caught.value.code == code
    assert caught.value.__cause__ is None  # the driver's text may quote a document
    assert await store.current("Patient", "a") is None
