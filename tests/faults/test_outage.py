"""MongoDB is stopped under load and comes back: 503 meanwhile, and nothing has to be restarted."""

from __future__ import annotations

import http.client
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.processes import Json, Server, exchange, wait_for
from tests.stores import Mongo, server

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("kill")]
OUTAGE_SECONDS = 6
LIMIT_SECONDS = 5
PATIENT: Json = {"resourceType": "Patient", "id": "a", "gender": "female"}
TRANSACTION: Json = {
    "resourceType": "Bundle", "type": "transaction",
    "entry": [
        {"resource": {"resourceType": "Patient"}, "request": {"method": "POST", "url": "Patient"}},
        {"resource": {"resourceType": "Patient"}, "request": {"method": "POST", "url": "Patient"}},
    ],
}  # fmt: skip
CALLS: dict[str, tuple[str, str, Json | None]] = {
    "read": ("GET", "/fhir/Patient/a", None),
    "search": ("GET", "/fhir/Patient?gender=female&_total=accurate", None),
    "history": ("GET", "/fhir/Patient/a/_history", None),
    "create": ("POST", "/fhir/Patient", {"resourceType": "Patient"}),
    "update": ("PUT", "/fhir/Patient/a", PATIENT),
    "transaction": ("POST", "/fhir", TRANSACTION),
    "batch": ("POST", "/fhir", {**TRANSACTION, "type": "batch"}),
    "everything": ("GET", "/fhir/Patient/a/$everything", None),
    "ready": ("GET", "/ready", None),
}


@dataclass
class Seen:
    """One answer. Units: seconds on the monotonic clock."""

    what: str
    began: float
    took: float
    status: int
    retry_after: str | None


class Caller(threading.Thread):
    """Makes one call over and over, on one connection where that stays."""

    def __init__(self, server: Server, what: str, stop: threading.Event) -> None:
        super().__init__(daemon=True)
        self._server, self.what, self._stop_it = server, what, stop
        self.seen: list[Seen] = []
        self.lost = 0

    def works_since(self, instant: float) -> bool:
        return any(each.status < 300 and each.began > instant for each in list(self.seen))

    def run(self) -> None:
        connection = self._server.connect()
        while not self._stop_it.is_set():
            began = time.monotonic()
            try:
                answer = exchange(connection, *CALLS[self.what])
            except (OSError, http.client.HTTPException):
                self.lost += 1
                connection.close()
                continue
            status, retry = answer.status, answer.headers.get("Retry-After")
            if self.what == "batch" and status == 200:
                # A batch answers for itself; each entry says how it went.
                status = max(int(e["response"]["status"][:3]) for e in answer.body["entry"])
                retry = "in the entry" if status == 503 else retry
            took = time.monotonic() - began
            self.seen.append(Seen(self.what, began, took, status, retry))
            time.sleep(0.02)
        connection.close()


@pytest.fixture
def away(tmp_path: Path) -> Iterator[tuple[Mongo, Server]]:
    """A MongoDB that nobody else uses, and a FHIR server on it."""
    mongo = server(tmp_path)
    mongo.start()
    with Server(store=mongo.address("away")) as found:
        yield mongo, found
    mongo.stop()


def test_mongodb_is_stopped_and_started_again_under_load(away: tuple[Mongo, Server]) -> None:
    mongo, fhir = away
    assert fhir.call("PUT", "/fhir/Patient/a", PATIENT).status == 201
    stop = threading.Event()
    callers = [Caller(fhir, what, stop) for what in CALLS]
    for each in callers:
        each.start()
    wait_for(lambda: all(len(each.seen) > 3 for each in callers), "the load runs")
    mongo.stop()
    stopped = time.monotonic()
    time.sleep(OUTAGE_SECONDS)
    started = time.monotonic()
    mongo.start()
    back = time.monotonic()

    def resumed() -> bool:
        return all(each.works_since(back) for each in callers)

    wait_for(resumed, "it resumes by itself")
    stop.set()
    for caller in callers:
        caller.join(30)
        assert caller.lost == 0, "no connection is cut"
        assert {each.status for each in caller.seen} <= {200, 201, 503}
        slowest = max(caller.seen, key=lambda each: each.took)
        assert slowest.took < LIMIT_SECONDS, (slowest, slowest.began - stopped)
        during = [s for s in caller.seen if stopped + 0.5 < s.began + s.took < started]
        assert during, caller.what
        for each in during:
            assert each.status == 503, each
            assert each.retry_after, each
    assert "request failed" not in fhir.log()
