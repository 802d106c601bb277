"""The processes of a server are killed while they index for a new search parameter."""

from __future__ import annotations

import json
import os
import signal
import time
import urllib.error
import urllib.request
from pathlib import Path
from typing import Any

import pytest

from tests.processes import Server

pytestmark = pytest.mark.slow
HEAD = {"Content-Type": "application/fhir+json", "Connection": "close"}
COUNT = 6000
PARAMETER = {
    "resourceType": "SearchParameter", "url": "http://example.org/village", "name": "village",
    "status": "active", "description": "x", "code": "village", "base": ["Patient"],
    "type": "token", "expression": "Patient.address.city",
}  # fmt: skip


def send(url: str, body: Any = None) -> tuple[int, Any]:
    """A connection of its own, so that any of the processes may answer."""
    content = json.dumps(body).encode() if body is not None else None
    request = urllib.request.Request(url, data=content, headers=HEAD)
    try:
        with urllib.request.urlopen(request, timeout=60) as answer:
            return answer.status, json.load(answer)
    except urllib.error.HTTPError as answer:
        return answer.code, json.load(answer)


def patients(count: int) -> dict[str, Any]:
    resource = {"resourceType": "Patient", "address": [{"city": "qingshi"}]}
    entry = {"request": {"method": "POST", "url": "Patient"}, "resource": resource}
    return {"resourceType": "Bundle", "type": "transaction", "entry": [entry] * count}


def done(status: Any) -> int:
    parts = [r["part"] for r in status.get("parameter", ()) if r["name"] == "type"]
    return sum(p["valueInteger"] for row in parts for p in row if p["name"] == "done")


def kill(server: Server) -> None:
    """All processes at once, without a chance to say anything."""
    own = server.process.pid
    children = Path(f"/proc/{own}/task/{own}/children").read_text("ascii").split()
    for pid in (*map(int, children), own):
        os.kill(pid, signal.SIGKILL)
    server.process.wait()


def test_it_is_gone_on_with_after_a_kill(tmp_path: Path) -> None:
    """Never a part of the matches: all, or that it is not ready."""
    store = f"sqlite:{tmp_path / 'fhir.db'}"
    query = "Patient?village=qingshi&_total=accurate&_count=0"
    with Server(store=store, FHIR_SERVER_WORKERS="2") as server:
        for _ in range(COUNT // 1000):
            assert send(server.fhir, patients(1000))[0] == 200
        assert send(f"{server.fhir}/SearchParameter", PARAMETER)[0] == 201
        while True:
            code, status = send(f"{server.fhir}/$reindex-status")
            assert code == 202, "all is done before the kill: more patients are needed"
            if done(status) > 0:
                break
            time.sleep(0.01)
        kill(server)
    with Server(store=store, FHIR_SERVER_WORKERS="2") as server:
        late = send(server.fhir, patients(1))[0]
        assert late == 200
        deadline = time.monotonic() + 60
        while (found := send(f"{server.fhir}/{query}"))[0] != 200:
            assert found[1]["issue"][0]["details"]["coding"][0]["code"] == "search-pending"
            assert time.monotonic() < deadline
            time.sleep(0.02)
        for _ in range(10):  # whichever process answers
            assert send(f"{server.fhir}/{query}")[1]["total"] == COUNT + 1
        _, status = send(f"{server.fhir}/$reindex-status")
        assert done(status) in (COUNT, COUNT + 1)
