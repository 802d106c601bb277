"""Whatever a client sends, it is never the server's fault: no 5xx, and each refusal is an
OperationOutcome that says what was expected and holds nothing of what was received.

Spec: http://hl7.org/fhir/R4/http.html#Status-Codes; fhir_server/errors.py

FHIR_SERVER_TEST_FUZZ=100000 sends more, FHIR_SERVER_TEST_FUZZ_FROM=5000 begins with that number.
"""

from __future__ import annotations

import gzip
import http.client
import json
import os
import socket
import time
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple
from xml.etree import ElementTree

import pytest

from tests.processes import Server
from tests.stores import Mongo, new_database

from .requests import Sent, first_requests, request
from .values import CANARY

pytestmark = pytest.mark.slow
COUNT = int(os.environ.get("FHIR_SERVER_TEST_FUZZ", "2500"))
FIRST = int(os.environ.get("FHIR_SERVER_TEST_FUZZ_FROM", "0"))
SHARE = {"sqlite": 1.0, "mongodb": 0.1}  # what the store adds is little, and takes long
SLOW_SECONDS = 10
FHIR = "{http://hl7.org/fhir}"


class Got(NamedTuple):
    status: int
    media_type: str
    body: bytes
    seconds: float


class Wire:
    """One kept connection that sends bytes as they are."""

    def __init__(self, server: Server) -> None:
        self._port = server.port
        self._socket: socket.socket | None = None

    def send(self, sent: Sent) -> Got:
        if self._socket is None:
            self._socket = socket.create_connection(("127.0.0.1", self._port), timeout=60)
        began = time.monotonic()
        self._socket.sendall(sent.wire())
        answer = http.client.HTTPResponse(self._socket, method=sent.method)
        answer.begin()
        body = answer.read()
        if answer.headers.get("content-encoding") == "gzip":
            body = gzip.decompress(body)
        media_type = answer.headers.get("content-type", "").partition(";")[0]
        if answer.will_close:
            self.close()
        return Got(answer.status, media_type, body, time.monotonic() - began)

    def close(self) -> None:
        if self._socket is not None:
            self._socket.close()
            self._socket = None


def texts_of(got: Got) -> list[str]:
    """The texts of the issues. Errors: whatever, where it is no OperationOutcome or problem."""
    if got.media_type.endswith("xml"):
        root = ElementTree.fromstring(got.body)
        assert root.tag == FHIR + "OperationOutcome"
        return [e.get("value", "") for e in root.findall(f"{FHIR}issue/{FHIR}details/{FHIR}text")]
    found = json.loads(got.body)
    if got.media_type == "application/problem+json":
        assert found["status"] == got.status
        return [each["message"] for each in found["errors"]]
    assert found["resourceType"] == "OperationOutcome"
    assert all(each["severity"] and each["code"] for each in found["issue"])
    return [each["details"]["text"] for each in found["issue"]]


def fault(sent: Sent, got: Got) -> str:
    """What is wrong with an answer; "" if nothing."""
    if got.status >= 500:
        return "the server's fault"
    if got.seconds > SLOW_SECONDS:
        return "slow"
    if got.status < 400 or sent.method == "HEAD":
        return ""
    if CANARY.encode() in got.body:
        return "it holds what was sent"
    try:
        texts = texts_of(got)
    except Exception as error:
        return f"no OperationOutcome: {type(error).__name__}"
    return "" if texts and all(texts) else "no text"


@pytest.fixture(scope="module", params=["sqlite", "mongodb"])
def served(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[tuple[Server, float]]:
    """With which share of the requests."""
    share = SHARE[request.param]
    if request.param == "sqlite":
        store: Path = tmp_path_factory.mktemp("fuzz") / "fhir.db"
        with Server(store=f"sqlite:{store}", FHIR_SERVER_VALIDATION="structure") as server:
            yield server, share
        return
    mongo: Mongo = request.getfixturevalue("mongo")
    database = new_database()
    with Server(store=mongo.address(database), FHIR_SERVER_VALIDATION="structure") as server:
        yield server, share
    mongo.drop(database)


def test_no_request_is_the_servers_fault(served: tuple[Server, float]) -> None:
    server, share = served
    wire = Wire(server)
    made = [wire.send(each).status for each in first_requests()]
    assert set(made) == {201}, "valid resources are taken"
    statuses: Counter[int] = Counter()
    faults: list[str] = []
    for number in range(FIRST, FIRST + int(COUNT * share)):
        sent = request(number)
        try:
            got = wire.send(sent)
        except (OSError, http.client.HTTPException) as error:
            wire.close()
            faults.append(f"{number} {sent.method}: no answer, {type(error).__name__}")
            continue
        statuses[got.status] += 1
        wrong = fault(sent, got)
        if wrong:
            faults.append(f"{number} {sent.method} {sent.target[:80]}: {got.status} {wrong}")
    wire.close()
    log = server.log()
    assert not faults, "\n".join([*faults[:20], log[-3000:]])
    assert CANARY not in log, "the log holds what was sent"
    assert {200, 201, 204, 400, 404, 405, 406, 415, 422} <= set(statuses), statuses
