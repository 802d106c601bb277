"""kill -9 of the primary of three nodes under load. Only a genuine mongod elects another one."""

from __future__ import annotations

import time
from collections.abc import Iterator
from pathlib import Path

import pymongo
import pytest
from pymongo.errors import PyMongoError

from tests.faults.workload import Record, check, write_until
from tests.processes import Server, free_port, wait_for
from tests.stores import MONGOD, Mongo

pytestmark = [
    pytest.mark.slow,
    pytest.mark.xdist_group("kill"),
    pytest.mark.skipif(
        not MONGOD,
        reason="the election of a primary among three nodes needs a genuine mongod: set"
        " FHIR_SERVER_TEST_MONGOD to its path",
    ),
]
NAME = "rs3"
RESUME_SECONDS = 15
BEFORE, AFTER = 200, 200  # answers


class Three:
    """A replica set of three processes, found by their ports."""

    def __init__(self, folder: Path) -> None:
        self.nodes: dict[int, Mongo] = {}
        for _ in range(3):
            port = free_port()
            data = folder / str(port)
            data.mkdir()
            command = [
                MONGOD, "--port", str(port), "--bind_ip", "127.0.0.1", "--dbpath", str(data),
                "--replSet", NAME,
            ]  # fmt: skip
            self.nodes[port] = Mongo(f"mongodb://127.0.0.1:{port}/", command)
        hosts = ",".join(f"127.0.0.1:{port}" for port in self.nodes)
        self.uri = f"mongodb://{hosts}/failover?replicaSet={NAME}"

    def start(self) -> None:
        for node in self.nodes.values():
            node.launch()
        members = [{"_id": i, "host": f"127.0.0.1:{port}"} for i, port in enumerate(self.nodes)]
        first = next(iter(self.nodes.values()))

        def initiated() -> bool:
            try:
                with pymongo.MongoClient(first.uri, directConnection=True) as client:
                    client.admin.command("replSetInitiate", {"_id": NAME, "members": members})
            except PyMongoError as error:
                return getattr(error, "code", 0) == 23  # AlreadyInitialized
            return True

        wait_for(initiated, "the replica set is not initiated")
        wait_for(lambda: self.primary() is not None, "no primary is elected")

    def primary(self) -> int | None:
        """Its port."""
        try:
            with pymongo.MongoClient(self.uri, serverSelectionTimeoutMS=500) as client:
                client.admin.command("ping")
                found = client.primary
        except PyMongoError:
            return None
        return found[1] if found else None

    def stop(self) -> None:
        for node in self.nodes.values():
            node.kill()


@pytest.fixture
def three(tmp_path: Path) -> Iterator[Three]:
    found = Three(tmp_path)
    try:
        found.start()
        yield found
    finally:
        found.stop()


@pytest.mark.parametrize("driver", ["pymongo", "motor"])
def test_writes_resume_after_the_primary_is_killed(three: Three, driver: str) -> None:
    """Within 15 s, without a restart; nothing acknowledged is lost, no client sees a 500."""
    record = Record()
    took: list[float] = []

    def kill_the_primary() -> None:
        port = three.primary()
        assert port is not None
        three.nodes[port].kill()
        killed = time.monotonic()
        wait_for(fhir.is_ready, "another primary is elected")
        done = record.statuses.count(201)
        wait_for(lambda: record.statuses.count(201) > done + AFTER // 4, "writes resume")
        took.append(time.monotonic() - killed)

    with Server(store=three.uri, FHIR_SERVER_MONGODB_DRIVER=driver) as fhir:
        fhir.wait_ready()
        write_until(fhir, record, BEFORE, kill_the_primary)
        assert set(record.statuses) <= {200, 201, 503}
        assert took[0] < RESUME_SECONDS
        check(fhir, record)
