"""kill -9 in the middle of writes: what was acknowledged is there, of the rest no half.

Spec: fhir_server/storage/base.py, `Store.write`
"""

from __future__ import annotations

import signal
import sqlite3
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest

from fhir_server.commands.client import Client, Unreachable
from tests.processes import Server

Json = dict[str, Any]
CREATES, TRANSACTIONS, KILL_AFTER = 2000, 200, 900


def patient(number: int) -> Json:
    return {"resourceType": "Patient", "identifier": [{"system": "urn:kill", "value": str(number)}],
            "name": [{"text": f"病人{number}"}]}  # fmt: skip


def transaction(number: int) -> Json:
    entries = [
        {"resource": {"resourceType": "Basic", "code": {"text": "x"},
                      "identifier": [{"system": "urn:batch", "value": str(number)}]},
         "request": {"method": "POST", "url": "Basic"}}
        for _ in range(10)
    ]  # fmt: skip
    return {"resourceType": "Bundle", "type": "transaction", "entry": entries}


class Writers:
    """Sends creates, updates and transactions until the server dies; remembers what it was told."""

    def __init__(self, client: Client) -> None:
        self.client = client
        self.created: dict[str, int] = {}
        self.updated: dict[str, int] = {}
        self.transactions: set[int] = set()
        self._lock = threading.Lock()
        self.reached = threading.Event()

    def write(self, number: int) -> None:
        try:
            if number % 10 == 9:
                status, _ = self.client.send("POST", "", transaction(number))
                if status == 200:
                    with self._lock:
                        self.transactions.add(number)
                return
            self._create(number)
        except Unreachable:
            return

    def _create(self, number: int) -> None:
        status, made = self.client.send("POST", "Patient", patient(number))
        if status != 201:
            return
        with self._lock:
            self.created[made["id"]] = number
            if len(self.created) >= KILL_AFTER:
                self.reached.set()
        if number % 5 == 0:
            status, _ = self.client.send("PUT", f"Patient/{made['id']}", {**made, "active": True})
            if status == 200:
                with self._lock:
                    self.updated[made["id"]] = number


@pytest.mark.slow
def test_nothing_acknowledged_is_lost(tmp_path: Path) -> None:
    store = f"sqlite:{tmp_path / 'fhir.db'}"
    with Server(store=store) as server, Client(server.fhir) as client:
        writers = Writers(client)
        with ThreadPoolExecutor(16) as pool:
            pending = [pool.submit(writers.write, n) for n in range(CREATES)]
            assert writers.reached.wait(60)
            server.kill()
            for each in pending:
                each.result()
    assert KILL_AFTER <= len(writers.created) < CREATES, "the kill was in the middle"
    assert writers.updated
    assert writers.transactions
    with Server(store=store) as server, Client(server.fhir) as client:
        check(client, writers)
    database = sqlite3.connect(tmp_path / "fhir.db")
    assert database.execute("PRAGMA integrity_check").fetchone() == ("ok",)
    database.close()


def check(client: Client, writers: Writers) -> None:
    for id, number in writers.created.items():
        status, found = client.send("GET", f"Patient/{id}")
        assert status == 200
        expected = patient(number)
        assert {k: found[k] for k in expected} == expected
        _, matches = client.send("GET", f"Patient?identifier=urn:kill|{number}")
        assert [e["resource"]["id"] for e in matches["entry"]] == [id]
    for id in writers.updated:
        _, history = client.send("GET", f"Patient/{id}/_history")
        versions = [e["resource"]["meta"]["versionId"] for e in history["entry"]]
        assert versions == ["2", "1"]
    # Every transaction is whole or absent; the acknowledged ones are whole.
    found_counts = {}
    for number in range(9, CREATES, 10):
        _, matches = client.send("GET", f"Basic?identifier=urn:batch|{number}&_count=100")
        found_counts[number] = len(matches.get("entry", []))
    assert set(found_counts.values()) <= {0, 10}
    assert writers.transactions <= {n for n, count in found_counts.items() if count == 10}


@pytest.mark.slow
@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_signal_ends_it_cleanly(tmp_path: Path, number: signal.Signals) -> None:
    store = f"sqlite:{tmp_path / 'fhir.db'}"
    with Server(store=store) as server, Client(server.fhir) as client:
        status, made = client.send("POST", "Patient", patient(1))
        assert status == 201
        client.close()
        server.process.send_signal(number)
        assert server.process.wait(15) == 0
    with Server(store=store) as server, Client(server.fhir) as client:
        assert client.send("GET", f"Patient/{made['id']}")[0] == 200


@pytest.mark.slow
def test_a_start_is_fast(tmp_path: Path) -> None:
    store = f"sqlite:{tmp_path / 'fhir.db'}"
    with Server(store=store):
        pass
    start = time.monotonic()
    with Server(store=store) as server, Client(server.fhir) as client:
        status, _ = client.send("GET", "metadata")
        assert status == 200
        # Under 3 s for a person; the bound leaves room for a machine busy with other tests.
        assert time.monotonic() - start < 10


@pytest.mark.slow
def test_two_processes_share_a_file(tmp_path: Path) -> None:
    store = f"sqlite:{tmp_path / 'fhir.db'}"
    with (
        Server(store=store) as one,
        Server(store=store) as two,
        Client(one.fhir) as first,
        Client(two.fhir) as second,
    ):
        clients = [first, second]

        def send(number: int) -> int:
            return clients[number % 2].send("POST", "Patient", patient(number))[0]

        with ThreadPoolExecutor(8) as pool:
            statuses = list(pool.map(send, range(120)))
        assert statuses == [201] * 120
        _, found = clients[0].send("GET", "Patient?_count=0")
        assert found["total"] == 120
