"""Several server processes on one port and one store (FHIR_SERVER_WORKERS)."""

from __future__ import annotations

import concurrent.futures
import json
import time
import urllib.request
from pathlib import Path

import pytest

from tests.processes import Server

pytestmark = pytest.mark.slow
HEAD = {"Content-Type": "application/fhir+json", "Connection": "close"}


def send(url: str, body: dict[str, object] | None = None) -> tuple[int, dict[str, object]]:
    """A connection of its own, so that any of the processes may answer."""
    content = json.dumps(body).encode() if body is not None else None
    request = urllib.request.Request(url, data=content, headers=HEAD)
    with urllib.request.urlopen(request, timeout=30) as answer:
        return answer.status, json.load(answer)


def test_two_processes_serve_one_store(tmp_path: Path) -> None:
    """Every write is there for every process; both end with the server."""
    store = f"sqlite:{tmp_path / 'fhir.db'}"
    with Server(store=store, FHIR_SERVER_WORKERS="2") as server:
        with concurrent.futures.ThreadPoolExecutor(8) as pool:
            patients = [{"resourceType": "Patient", "birthDate": "1950-01-01"}] * 60
            made = list(pool.map(lambda each: send(f"{server.fhir}/Patient", each), patients))
            assert [status for status, _ in made] == [201] * 60
            ids = {str(found["id"]) for _, found in made}
            reads = list(pool.map(lambda id: send(f"{server.fhir}/Patient/{id}"), ids))
        assert {str(found["id"]) for _, found in reads} == ids
        _, page = send(f"{server.fhir}/Patient?birthdate=1950-01-01&_total=accurate&_count=0")
        assert page["total"] == 60
        children = Path(f"/proc/{server.process.pid}/task/{server.process.pid}/children")
        started = children.read_text("ascii").split() if children.exists() else []
    assert server.process.poll() == 0
    deadline = time.monotonic() + 10
    while any(Path(f"/proc/{pid}").exists() for pid in started):
        assert time.monotonic() < deadline, "a process outlives the server"
        time.sleep(0.05)
