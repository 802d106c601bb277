"""`fhir-server mongodb shard`. SecantusDB cannot shard: what only a cluster shows is skipped."""

from __future__ import annotations

import asyncio
import os
from dataclasses import dataclass, field
from typing import Any

import pymongo
import pytest

from fhir_server.errors import FhirError
from fhir_server.storage.base import HistoryPlan
from fhir_server.storage.mongodb import MongoStore
from fhir_server.storage.mongodb.sharding import GROWING, run_steps, steps
from fhir_server.storage.plan import Plan
from tests.commands.calling import call
from tests.commands.test_cli import run
from tests.contract.changes import change, deletion, put
from tests.stores import Mongo, new_database

MONGOS = os.environ.get("FHIR_SERVER_TEST_MONGOS", "")


@dataclass
class Cluster:
    """Takes the commands of a mongos down and answers them as one does."""

    sent: list[tuple[str, dict[str, Any]]] = field(default_factory=list)
    prepared: list[set[str]] = field(default_factory=list)
    _database: str = "admin"

    def __getitem__(self, database: str) -> Cluster:
        return Cluster(self.sent, self.prepared, database)

    @property
    def admin(self) -> Cluster:
        return self["admin"]

    async def command(self, command: str | dict[str, Any]) -> dict[str, Any]:
        if command == "hello":
            return {"ok": 1, "msg": "isdbgrid"}
        assert isinstance(command, dict)
        self.sent.append((self._database, command))
        return {"ok": 1}

    async def prepare(self, resource_types: set[str]) -> None:
        assert not self.sent, "collections and indexes come first"
        self.prepared.append(resource_types)


def index(name: str, field: str) -> tuple[str, dict[str, Any]]:
    made = {"key": {field: "hashed"}, "name": f"shard_{field}"}
    return "fhir", {"createIndexes": name, "indexes": [made]}


WANTED = [
    ("admin", {"enableSharding": "fhir"}),
    index("Task", "_id"),
    ("admin", {"shardCollection": "fhir.Task", "key": {"_id": "hashed"}}),
    index("Task_history", "id"),
    ("admin", {"shardCollection": "fhir.Task_history", "key": {"id": "hashed"}}),
]


async def test_the_requests_that_a_mongos_gets(anyio_backend: str) -> None:
    cluster, told = Cluster(), list[str]()
    collections: Any = cluster
    await run_steps(cluster, "fhir", collections, ["Task"], told.append)
    assert cluster.prepared == [{"Task"}]
    assert cluster.sent == WANTED
    assert told == [step.shell for step in steps("fhir", ["Task"])]


def test_what_is_printed_is_what_is_sent() -> None:
    printed = call("mongodb", "shard", "--store", "mongodb://a/fhir", "--type", "Task")
    assert printed.returncode == 0, printed.stderr
    assert printed.stdout.splitlines() == [
        'sh.enableSharding("fhir")',
        'db.getSiblingDB("fhir").getCollection("Task")'
        '.createIndex({"_id": "hashed"}, {"name": "shard__id"})',
        'sh.shardCollection("fhir.Task", {"_id": "hashed"})',
        'db.getSiblingDB("fhir").getCollection("Task_history")'
        '.createIndex({"id": "hashed"}, {"name": "shard_id"})',
        'sh.shardCollection("fhir.Task_history", {"id": "hashed"})',
    ]
    whole = call("mongodb", "shard", "--store", "mongodb://a/fhir").stdout
    assert all(f'"fhir.{each}"' in whole for each in GROWING)


async def test_a_replica_set_is_no_cluster(mongo: Mongo, anyio_backend: str) -> None:
    database = new_database()
    store = MongoStore(mongo.uri, database=database)
    await store.open()
    try:
        with pytest.raises(FhirError) as caught:
            await store.shard(["Task"], lambda _: None)
        assert caught.value.code == "store-no-shards"
    finally:
        await store.close()
    with mongo.client() as client:
        assert client[database].list_collection_names() == []


WRONG = [
    (["--store", "sqlite:x.db"], 2, "MongoDB"),
    (["--store", "mongodb://a/b", "--type", "Nothing"], 2, "Nothing"),
    (["--store", "mongodb://127.0.0.1:9/b", "--run"], 1, "not available"),
]


@pytest.mark.parametrize(("arguments", "code", "text"), WRONG)
def test_wrong_calls(
    arguments: list[str], code: int, text: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("FHIR_SERVER_MONGODB_TIMEOUT_MS", "300")
    # pymongo leaves a socket that was refused to the collector: not in this process.
    found = (run if code == 1 else call)("mongodb", "shard", *arguments)
    assert (found.returncode, text in found.stderr) == (code, True)
    assert "Traceback" not in found.stderr


async def test_a_version_is_asked_of_one_shard(mongo: Mongo, anyio_backend: str) -> None:
    """Each look at the history by id names `id`, which a mongos needs to find the one shard; an
    upsert without it is refused there."""
    heard: list[dict[str, Any]] = []

    class Listener(pymongo.monitoring.CommandListener):
        def started(self, event: pymongo.monitoring.CommandStartedEvent) -> None:
            command = event.command
            collection = command.get("update") or command.get("find") or ""
            if str(collection).endswith("_history"):
                filters = [each["q"] for each in command.get("updates", ())]
                heard.extend(filters or [command.get("filter", {})])

        def succeeded(self, event: pymongo.monitoring.CommandSucceededEvent) -> None: ...
        def failed(self, event: pymongo.monitoring.CommandFailedEvent) -> None: ...

    database, listener = new_database(), Listener()
    pymongo.monitoring._LISTENERS.command_listeners.append(listener)
    store = MongoStore(mongo.uri, database=database)
    try:
        await store.open()
        await put(store, change("a"), change("a", 2), deletion("a", 3))
        await store.write([change("b"), change("a", 4)])
        await store.restore([change("c"), change("c", 2)])
        await store.restore([change("c", 3)])
        assert await store.version("Patient", "a", 1) is not None
        assert (await store.history(HistoryPlan("Patient", "a"))).matches
    finally:
        pymongo.monitoring._LISTENERS.command_listeners.remove(listener)
        await store.close()
        mongo.drop(database)
    assert len(heard) >= 6
    assert all("id" in each for each in heard), heard


@pytest.mark.skipif(
    not MONGOS,
    reason="sharding itself needs a genuine cluster: set FHIR_SERVER_TEST_MONGOS=mongodb://… to run"
    " this",
)
def test_on_a_cluster() -> None:
    """Sharded, then written, read, searched and purged as any other store."""
    database = new_database()

    async def work() -> None:
        store = MongoStore(MONGOS, database=database)
        await store.open()
        try:
            for _ in range(2):  # the second time changes nothing
                await store.shard(["Patient", "Task"], lambda _: None)
            await put(store, *(change(f"p{n}") for n in range(50)), change("p0", 2))
            await store.write([change("p1", 2), change("t", type="Task"), change("p0", 3)])
            assert len((await store.search(Plan("Patient", limit=100))).matches) == 50
            assert len((await store.history(HistoryPlan("Patient", "p0"))).matches) == 3
            assert await store.purge("Patient", "p0", history_only=False) == 3
        finally:
            await store.close()

    try:
        asyncio.run(work())
        with pymongo.MongoClient[dict[str, Any]](MONGOS) as client:
            found = {each["_id"] for each in client.config.collections.find()}
        names = {"Patient", "Patient_history", "Task", "Task_history"}
        assert {f"{database}.{name}" for name in names} <= found
    finally:
        with pymongo.MongoClient[dict[str, Any]](MONGOS) as client:
            client.drop_database(database)
