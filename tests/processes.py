"""The server as a process of its own, for what only a process shows."""

from __future__ import annotations

import http.client
import json
import os
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Mapping
from pathlib import Path
from types import TracebackType
from typing import Any, NamedTuple

START_SECONDS = 60
FHIR_JSON = "application/fhir+json"
Json = dict[str, Any]


def free_port() -> int:
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        port: int = one.getsockname()[1]
        return port


class Answer(NamedTuple):
    """What a server answered; `body` decoded where it is JSON, None where it is empty."""

    status: int
    headers: http.client.HTTPMessage
    body: Any


def exchange(
    connection: http.client.HTTPConnection,
    method: str,
    path: str,
    body: Json | None = None,
    headers: Mapping[str, str] | None = None,
) -> Answer:
    """One request on a connection that stays open. Errors: OSError, HTTPException."""
    content = json.dumps(body).encode() if body is not None else None
    given = {"Content-Type": FHIR_JSON} if content else {}
    connection.request(method, path, content, {**given, **(headers or {})})
    answer = connection.getresponse()
    text = answer.read()
    is_json = "json" in answer.headers.get("content-type", "")
    return Answer(answer.status, answer.headers, json.loads(text) if text and is_json else text)


def wait_for(what: Callable[[], bool], text: str, seconds: float = START_SECONDS) -> float:
    """Look again and again until it is so. Returns how long it took. Units: seconds."""
    began = time.monotonic()
    while not what():
        assert time.monotonic() - began < seconds, text
        time.sleep(0.02)
    return time.monotonic() - began


class Server:
    """`fhir-server serve` on a port of its own, which stays the same when it is started again.

    Within a `with` block it runs until the end of the block. `site` is its address, `fhir` its
    FHIR address; `settings` are environment variables.
    """

    def __init__(self, *, store: str, folder: Path | None = None, **settings: str) -> None:
        self.port = free_port()
        self.site = f"http://127.0.0.1:{self.port}"
        self.fhir = f"{self.site}/fhir"
        self._environment = {
            **os.environ,
            "HOST": "127.0.0.1",
            "PORT": str(self.port),
            "FHIR_SERVER_STORE": store,
            **settings,
        }
        self._folder = folder
        self._log = tempfile.TemporaryFile()  # noqa: SIM115 - as long as the server
        self.process: subprocess.Popen[bytes]

    def __enter__(self) -> Server:
        self.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.stop()
        self._log.close()

    def start(self) -> None:
        """Returns when it takes connections."""
        command = [sys.executable, "-m", "fhir_server.cli", "serve"]
        self.process = subprocess.Popen(
            command, env=self._environment, cwd=self._folder, stdout=self._log
        )
        wait_for(self._listens, "the server did not start")

    def _listens(self) -> bool:
        assert self.process.poll() is None, "the server ended at once"
        try:
            socket.create_connection(("127.0.0.1", self.port), 1).close()
        except OSError:
            return False
        return True

    def kill(self) -> None:
        """As by `kill -9`."""
        self.process.send_signal(signal.SIGKILL)
        self.process.wait()

    def stop(self) -> None:
        """As an operator does, and with patience."""
        if self.process.poll() is None:
            self.process.terminate()
            try:
                self.process.wait(20)
            except subprocess.TimeoutExpired:
                self.process.kill()
                self.process.wait()

    def log(self) -> str:
        """What it has printed so far."""
        return os.pread(self._log.fileno(), 1 << 24, 0).decode("utf-8", "replace")

    def connect(self, timeout: float = 30) -> http.client.HTTPConnection:
        return http.client.HTTPConnection("127.0.0.1", self.port, timeout=timeout)

    def call(
        self,
        method: str,
        path: str,
        body: Json | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> Answer:
        """One request on a connection of its own. Errors: OSError, HTTPException."""
        connection = self.connect()
        try:
            return exchange(connection, method, path, body, headers)
        finally:
            connection.close()

    def is_ready(self) -> bool:
        try:
            return self.call("GET", "/ready").status == 200
        except (OSError, http.client.HTTPException):
            return False

    def wait_ready(self, seconds: float = START_SECONDS) -> float:
        """Units: seconds."""
        return wait_for(self.is_ready, "the server is not ready", seconds)
