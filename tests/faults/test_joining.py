"""What arrives on the socket, byte by byte, where head and body are written in one piece."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.processes import Server

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    folder: Path = tmp_path_factory.mktemp("protocol")
    with Server(store=f"sqlite:{folder / 'fhir.db'}") as running:
        yield running


def exchange(server: Server, sent: bytes) -> bytes:
    """All that the server answers until it closes the connection."""
    with socket.create_connection(("127.0.0.1", server.port), 10) as one:
        one.sendall(sent)
        received = b""
        while some := one.recv(65536):
            received += some
        return received


def request(line: str, *headers: str, body: bytes = b"") -> bytes:
    return "\r\n".join([f"{line} HTTP/1.1", "Host: x", *headers, "", ""]).encode() + body


LAST = request("GET /fhir/Patient/none", "Connection: close")


def test_answers_to_requests_sent_at_once_come_in_their_order(server: Server) -> None:
    sent = request("GET /fhir/metadata?_elements=status") + request("GET /fhir/Patient/none")
    answers = exchange(server, sent * 3 + LAST).split(b"HTTP/1.1 ")[1:]
    statuses = [answer.split(b" ", 1)[0] for answer in answers]
    assert statuses == [b"200", b"404"] * 3 + [b"404"]
    for answer in answers:
        head, _, body = answer.partition(b"\r\n\r\n")
        length = [row for row in head.lower().split(b"\r\n") if row.startswith(b"content-length")]
        assert int(length[0].split(b":")[1]) == len(body)


def test_an_answer_without_a_body_is_not_kept_back(server: Server) -> None:
    answers = exchange(server, request("HEAD /fhir/metadata") + LAST).split(b"HTTP/1.1 ")[1:]
    assert answers[0].startswith(b"200 ")
    assert answers[0].endswith(b"\r\n\r\n")
    assert len(answers) == 2


@pytest.mark.parametrize("line", ["HEAD /fhir/metadata", "DELETE /fhir/Patient/none"])
def test_an_answer_without_a_body_does_not_wait_for_the_next_request(
    server: Server, line: str
) -> None:
    with socket.create_connection(("127.0.0.1", server.port), 5) as one:
        one.sendall(request(line))
        received = one.recv(65536)
    assert received.startswith(b"HTTP/1.1 20")
    assert received.endswith(b"\r\n\r\n")


def test_a_client_that_waits_for_leave_gets_it(server: Server) -> None:
    body = b'{"resourceType":"Patient"}'
    headers = ("Content-Type: application/fhir+json", f"Content-Length: {len(body)}")
    sent = request("POST /fhir/Patient", *headers, "Expect: 100-continue", body=body) + LAST
    answers = exchange(server, sent).split(b"HTTP/1.1 ")[1:]
    assert [answer[:3] for answer in answers] == [b"100", b"201", b"404"]


def test_what_is_no_http_is_refused(server: Server) -> None:
    assert exchange(server, b"no http at all\r\n\r\n").startswith(b"HTTP/1.1 400 ")
