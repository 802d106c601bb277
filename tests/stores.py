"""MongoDB servers for tests. Spec: docs/mongodb.md, "What was proven on what"

SecantusDB by default, as a process of its own. FHIR_SERVER_TEST_MONGOD names a genuine `mongod` to
start instead, FHIR_SERVER_TEST_MONGODB_URI a running replica set.
"""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
import sys
import time
import uuid
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pymongo
import pytest
from pymongo.errors import PyMongoError

from tests.processes import free_port

MONGOD = os.environ.get("FHIR_SERVER_TEST_MONGOD", "")
URI = os.environ.get("FHIR_SERVER_TEST_MONGODB_URI", "")
GENUINE = bool(MONGOD or URI)
START_SECONDS = 60
NOT_GENUINE = (
    "SecantusDB is not a genuine mongod: set FHIR_SERVER_TEST_MONGOD or"
    " FHIR_SERVER_TEST_MONGODB_URI to run this"
)
only_genuine = pytest.mark.skipif(not GENUINE, reason=NOT_GENUINE)


@dataclass
class Mongo:
    """A server. `process` is None where it was running before the tests."""

    uri: str
    command: list[str]
    process: subprocess.Popen[bytes] | None = None

    @property
    def genuine(self) -> bool:
        return GENUINE

    def client(self, **options: Any) -> pymongo.MongoClient[dict[str, Any]]:
        """A plain client for what a test looks at behind the store's back."""
        return pymongo.MongoClient(self.uri, serverSelectionTimeoutMS=10_000, **options)

    def address(self, database: str) -> str:
        """What FHIR_SERVER_STORE has to be for this database."""
        head, _, options = self.uri.partition("?")
        return f"{head.rstrip('/')}/{database}" + (f"?{options}" if options else "")

    def drop(self, database: str) -> None:
        with self.client() as client:
            client.drop_database(database)

    def start(self) -> None:
        self.launch()
        self._wait()

    def launch(self) -> None:
        """Start it, and do not wait until it answers."""
        self.process = subprocess.Popen(
            self.command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
        )

    def kill(self) -> None:
        """As by `kill -9`."""
        self._end(signal.SIGKILL)

    def stop(self) -> None:
        self._end(signal.SIGTERM)

    def _end(self, number: int) -> None:
        if self.process is not None:
            self.process.send_signal(number)
            try:
                self.process.wait(30)
            except subprocess.TimeoutExpired:
                self.process.kill()
                self.process.wait()
            self.process = None

    def _wait(self) -> None:
        deadline = time.monotonic() + START_SECONDS
        while True:
            try:
                options: dict[str, Any] = {"directConnection": True}
                with self.client(**options) as client:
                    client.admin.command("ping")
                    if "--replSet" in self.command:
                        self._initiate(client)
                return
            except PyMongoError:
                assert self.process is not None
                assert self.process.poll() is None, f"{self.command[0]} ended at once"
                assert time.monotonic() < deadline, f"{self.command[0]} is not ready"
                time.sleep(0.05)

    def _initiate(self, client: pymongo.MongoClient[dict[str, Any]]) -> None:
        hello = client.admin.command("hello")
        if "setName" not in hello:
            host = self.uri.split("/")[2]
            members = [{"_id": 0, "host": host}]
            client.admin.command("replSetInitiate", {"_id": "rs0", "members": members})
        if not hello["isWritablePrimary"]:
            raise PyMongoError("not yet")


def new_database() -> str:
    return f"test_{uuid.uuid4().hex[:16]}"


def server(folder: Path, *options: str, replicated: bool = True) -> Mongo:
    """Not started yet. Shape of `options`: further arguments of SecantusDB or mongod."""
    port = free_port()
    address = f"mongodb://127.0.0.1:{port}/"
    if MONGOD:
        command = [MONGOD, "--port", str(port), "--bind_ip", "127.0.0.1", "--dbpath", str(folder)]
        if replicated:
            more = ["--replSet", "rs0", "--setParameter", "enableTestCommands=1"]
            return Mongo(address + "?replicaSet=rs0", command + more)
        return Mongo(address, command)
    binary = str(Path(sys.executable).with_name("secantusd-py"))
    command = [binary, "--port", str(port), "--storage-path", str(folder), "--log-level", "ERROR"]
    command += ["--enable-test-commands", *options]
    if replicated:
        # SecantusDB does not answer a waiting `hello` when a fail point plays a step-down: poll.
        poll = "&serverMonitoringMode=poll&heartbeatFrequencyMS=500"
        return Mongo(address + "?replicaSet=secantus" + poll, command)
    return Mongo(address, [*command, "--standalone"])


@contextlib.contextmanager
def replica_set(folder: Path, *options: str) -> Iterator[Mongo]:
    if URI:
        yield Mongo(URI, [])
        return
    with _running(server(folder, *options)) as mongo:
        yield mongo


@contextlib.contextmanager
def standalone(folder: Path) -> Iterator[Mongo]:
    if URI and not MONGOD:
        pytest.skip(
            "a standalone server is started only with FHIR_SERVER_TEST_MONGOD or SecantusDB"
        )
    with _running(server(folder, replicated=False)) as mongo:
        yield mongo


@contextlib.contextmanager
def _running(mongo: Mongo) -> Iterator[Mongo]:
    mongo.start()
    try:
        yield mongo
    finally:
        mongo.stop()
