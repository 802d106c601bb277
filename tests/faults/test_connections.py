"""Clients that stop in the midst of a request, never read, or send too much; and a server that is
stopped under load."""

from __future__ import annotations

import json
import socket
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.faults.workload import Record, check, write_until
from tests.processes import Server, wait_for

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("kill")]
PAUSE_SECONDS = 0.5
HEAD = b"POST /fhir/Patient HTTP/1.1\r\nHost: a\r\nContent-Type: application/fhir+json\r\n"
PATIENT = b'{"resourceType":"Patient"}'


@pytest.fixture(scope="module")
def patient_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    store = f"sqlite:{tmp_path_factory.mktemp('slow') / 'fhir.db'}"
    with Server(store=store, FHIR_SERVER_CLIENT_SECONDS=str(PAUSE_SECONDS)) as server:
        yield server


def begin(server: Server, sent: bytes) -> socket.socket:
    connection = socket.create_connection(("127.0.0.1", server.port), timeout=30)
    connection.sendall(sent)
    return connection


def rest_of(connection: socket.socket) -> bytes:
    """All that comes until the server hangs up."""
    parts = []
    with connection:
        while part := connection.recv(65536):
            parts.append(part)
    return b"".join(parts)


STOPS = {  # what is sent, and the status of the answer; 0: none
    "nothing is sent": (b"", 0),
    "half a request line": (b"GET /fhir/Pat", 408),
    "half the headers": (HEAD + b"Content-Length: 26\r\n", 408),
    "no body": (HEAD + b"Content-Length: 26\r\n\r\n", 408),
    "half a body": (HEAD + b"Content-Length: 26\r\n\r\n" + PATIENT[:10], 408),
    "half a chunked body": (HEAD + b'Transfer-Encoding: chunked\r\n\r\n5\r\n{"res', 408),
    "half of a second request": (
        HEAD + b"Content-Length: 26\r\n\r\n" + PATIENT + b"GET /fhir/",
        201,
    ),
}


@pytest.mark.parametrize("what", STOPS)
def test_a_client_that_stops_is_told_and_hung_up_on(patient_server: Server, what: str) -> None:
    sent, status = STOPS[what]
    before = patient_server.call("GET", "/fhir/Patient?_count=0&_total=accurate").body["total"]
    connection = begin(patient_server, sent)
    began = time.monotonic()
    got = rest_of(connection)
    assert time.monotonic() - began < PAUSE_SECONDS + 4
    assert got[9:12].decode() == (str(status) if status else "")
    if status == 408:
        outcome = json.loads(got.partition(b"\r\n\r\n")[2])
        assert outcome["issue"][0]["code"] == "timeout"
        assert outcome["issue"][0]["details"]["text"]
    after = patient_server.call("GET", "/fhir/Patient?_count=0&_total=accurate").body["total"]
    assert after - before == (status == 201), "half a resource is not stored"


def test_a_client_that_sends_a_byte_at_a_time_has_a_limit(patient_server: Server) -> None:
    """Ten pauses for the whole request."""
    connection = begin(patient_server, HEAD + b"Content-Length: 1000\r\n\r\n")
    began = time.monotonic()
    try:
        while time.monotonic() - began < 30:
            connection.sendall(b" ")
            time.sleep(PAUSE_SECONDS / 3)
            connection.settimeout(0.001)
            try:
                if connection.recv(9) is not None:
                    break
            except TimeoutError:
                continue
    except OSError:
        pass
    assert 9 * PAUSE_SECONDS < time.monotonic() - began < 9 * PAUSE_SECONDS + 5
    connection.close()


def test_a_slow_client_that_goes_on_is_served(patient_server: Server) -> None:
    connection = begin(patient_server, HEAD[:40])
    for part in (HEAD[40:], b"Content-Length: 26\r\n\r\n", PATIENT[:9], PATIENT[9:]):
        time.sleep(PAUSE_SECONDS / 2)
        connection.sendall(part)
    assert connection.recv(65536)[9:12] == b"201"
    connection.close()


LARGE = {
    "a header": b"GET /fhir/metadata HTTP/1.1\r\nHost: a\r\nX-A: " + b"a" * 100_000 + b"\r\n\r\n",
    "headers": b"GET /fhir/metadata HTTP/1.1\r\n" + b"X-A: aaaa\r\n" * 20_000 + b"\r\n",
    "the address": b"GET /fhir/Patient?name=" + b"a" * 100_000 + b" HTTP/1.1\r\nHost: a\r\n\r\n",
}


@pytest.mark.parametrize("what", LARGE)
def test_the_head_of_a_request_has_a_limit(patient_server: Server, what: str) -> None:
    got = rest_of(begin(patient_server, LARGE[what]))
    assert got[9:12] == b"431"
    assert json.loads(got.partition(b"\r\n\r\n")[2])["issue"][0]["code"] == "too-long"


@pytest.mark.parametrize(
    "line", [b"\xff\xff", "GET /fhir/Patient?name=张三 HTTP/1.1".encode(), b"FOO /"]
)
def test_what_is_no_http_is_told_so(patient_server: Server, line: bytes) -> None:
    got = rest_of(begin(patient_server, line + b"\r\n\r\n"))
    assert got[9:12] == b"400"
    assert json.loads(got.partition(b"\r\n\r\n")[2])["resourceType"] == "OperationOutcome"


def test_a_client_that_does_not_read_its_answer_is_hung_up_on(patient_server: Server) -> None:
    """Its answer does not stay in memory."""
    note = {"resourceType": "Basic", "code": {"text": "转诊" * 200_000}}
    for _ in range(12):
        assert patient_server.call("POST", "/fhir/Basic", note).status == 201
    before = settled(patient_server)
    with socket.socket() as connection:
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        connection.connect(("127.0.0.1", patient_server.port))
        connection.sendall(b"GET /fhir/Basic?_count=100 HTTP/1.1\r\nHost: a\r\n\r\n")
        wait_for(lambda: open_files(patient_server) > before, "the server has not accepted it")
        held = open_files(patient_server)
        wait_for(lambda: open_files(patient_server) < held, "the connection stays", 15)


def settled(server: Server) -> int:
    """Open files, when those of earlier connections are gone."""
    seen = [open_files(server)]
    while len(seen) < 5 or len(set(seen[-5:])) > 1:
        time.sleep(0.1)
        seen.append(open_files(server))
    return seen[-1]


def open_files(server: Server) -> int:
    return sum(1 for _ in Path(f"/proc/{server.process.pid}/fd").iterdir())


def memory(server: Server) -> float:
    """Resident memory. Units: MB."""
    pages = int(Path(f"/proc/{server.process.pid}/statm").read_text("ascii").split()[1])
    return pages * 4096 / 1e6


def test_broken_connections_leave_nothing_behind(patient_server: Server) -> None:
    """300 clients go away in the midst of 1 MB each."""
    half = HEAD + b"Content-Length: 2000000\r\n\r\n" + b" " * 1_000_000

    def broken(count: int) -> None:
        for _ in range(count // 10):
            some = [begin(patient_server, half) for _ in range(10)]
            for each in some:
                each.close()

    broken(50)
    time.sleep(0.5)
    files, before = open_files(patient_server), memory(patient_server)
    broken(300)
    wait_for(lambda: open_files(patient_server) <= files, "connections stay open", 10)
    assert memory(patient_server) - before < 30
    assert "Traceback" not in patient_server.log()


@pytest.mark.parametrize("workers", ["1", "2"])
def test_sigterm_under_load_loses_nothing(tmp_path: Path, workers: str) -> None:
    """Running requests are answered to the end; then the server is gone, with exit code 0."""
    store = f"sqlite:{tmp_path / 'fhir.db'}"
    record = Record()
    server = Server(store=store, FHIR_SERVER_WORKERS=workers)
    with server:

        def end() -> None:
            server.process.terminate()
            assert server.process.wait(15) == 0

        write_until(server, record, 150, end)
        assert set(record.statuses) <= {200, 201}
        assert "Traceback" not in server.log()
        server.start()
        check(server, record)
