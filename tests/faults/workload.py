"""Clients that write through the HTTP API until the server is killed under them, and remember what
was acknowledged."""

from __future__ import annotations

import http.client
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from tests.processes import Server, exchange

Json = dict[str, Any]
HEADERS = {"Prefer": "return=representation"}
SYSTEM = "urn:test:number"
CLIENTS = 12
PARTS = 4  # entries of a transaction


@dataclass
class Record:
    """What the clients know. Shape of `written`: number to the acknowledged resources, each as
    (type, id, version)."""

    written: dict[str, list[tuple[str, str, int]]] = field(default_factory=dict)
    tried: dict[str, int] = field(default_factory=dict)
    statuses: list[int] = field(default_factory=list)
    lock: threading.Lock = field(default_factory=threading.Lock)


def patient(number: str) -> Json:
    return {
        "resourceType": "Patient",
        "identifier": [{"system": SYSTEM, "value": number}],
        "gender": "unknown",
    }


def transaction(number: str) -> Json:
    """A Bundle whose resources all carry the number."""
    entries = [
        {"resource": patient(number), "request": {"method": "POST", "url": "Patient"}}
        for _ in range(PARTS)
    ]
    return {"resourceType": "Bundle", "type": "transaction", "entry": entries}


def key_of(resource: Json) -> tuple[str, str, int]:
    return resource["resourceType"], resource["id"], int(resource["meta"]["versionId"])


class Client(threading.Thread):
    """Creates, updates and transactions in turn, until told to stop. A lost connection or a 503
    acknowledges nothing."""

    def __init__(self, server: Server, record: Record, name: str, stop: threading.Event) -> None:
        super().__init__(daemon=True)
        self._server, self._record, self._prefix, self._stop_it = server, record, name, stop

    def run(self) -> None:
        connection = self._server.connect()
        count = 0
        while not self._stop_it.is_set():
            count += 1
            try:
                self._one(connection, f"{self._prefix}-{count}", count)
            except (OSError, http.client.HTTPException):
                connection.close()
                time.sleep(0.02)
        connection.close()

    def _one(self, connection: http.client.HTTPConnection, number: str, count: int) -> None:
        bundle = count % 3 == 0
        self._record.tried[number] = PARTS if bundle else 1
        body = transaction(number) if bundle else patient(number)
        path = "/fhir" if bundle else "/fhir/Patient"
        status, _, answer = exchange(connection, "POST", path, body, HEADERS)
        self._note(number, status, answer)
        if not bundle and status == 201 and count % 3 == 1:
            update = {**answer, "gender": "female"}
            path = f"/fhir/Patient/{answer['id']}"
            status, _, answer = exchange(connection, "PUT", path, update, HEADERS)
            self._note(number, status, answer)

    def _note(self, number: str, status: int, answer: Any) -> None:
        with self._record.lock:
            self._record.statuses.append(status)
        if status in (200, 201):
            resources = (
                [each["resource"] for each in answer["entry"]] if "entry" in answer else [answer]
            )
            self._record.written[number] = list(map(key_of, resources))


def write_until(
    server: Server, record: Record, acknowledged: int, then: Callable[[], None]
) -> None:
    """Run the clients, do `then` in the midst of their writes, and let them go on for a moment."""
    stop = threading.Event()
    clients = [Client(server, record, f"c{n}", stop) for n in range(CLIENTS)]
    for each in clients:
        each.start()
    deadline = time.monotonic() + 60
    while len(record.statuses) < acknowledged:
        assert time.monotonic() < deadline, "too few answers"
        time.sleep(0.005)
    then()
    time.sleep(0.3)
    stop.set()
    for each in clients:
        each.join(30)
        assert not each.is_alive()


def check(server: Server, record: Record) -> None:
    """Every acknowledged write is there complete, and no transaction by half."""
    connection = server.connect()

    def get(path: str) -> Any:
        status, _, answer = exchange(connection, "GET", path)
        assert status == 200, (path, status)
        return answer

    for number, parts in record.tried.items():
        found = get(f"/fhir/Patient?identifier={SYSTEM}|{number}&_count=10")
        ids = {each["resource"]["id"] for each in found.get("entry", [])}
        assert len(ids) in (0, parts), f"{len(ids)} of {parts} of a write are there"
        known = record.written.get(number, [])
        assert len(known) in (0, parts)
        assert {id for _, id, _ in known} <= ids
        for resource_type, id, version in known:
            current = get(f"/fhir/{resource_type}/{id}")
            now = int(current["meta"]["versionId"])
            # An update that was not acknowledged may have happened all the same.
            assert now in (version, version + 1)
            assert current["identifier"] == [{"system": SYSTEM, "value": number}]
            history = get(f"/fhir/{resource_type}/{id}/_history")
            versions = [int(e["resource"]["meta"]["versionId"]) for e in history["entry"]]
            assert versions == list(range(now, 0, -1))
            assert [e["resource"]["gender"] for e in history["entry"]][-1] == "unknown"
    connection.close()
