"""The server as a process of its own, for what only a process shows."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import time
from pathlib import Path
from types import TracebackType

START_SECONDS = 60


def free_port() -> int:
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        port: int = one.getsockname()[1]
        return port


class Server:
    """`fhir-server serve` on a free port until the block ends. `fhir` is its FHIR address."""

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
        self.process: subprocess.Popen[bytes]

    def __enter__(self) -> Server:
        command = [sys.executable, "-m", "fhir_server.cli", "serve"]
        self.process = subprocess.Popen(
            command, env=self._environment, cwd=self._folder, stdout=subprocess.DEVNULL
        )
        deadline = time.monotonic() + START_SECONDS
        while True:
            try:
                socket.create_connection(("127.0.0.1", self.port), 1).close()
            except OSError:
                assert self.process.poll() is None, "the server ended at once"
                assert time.monotonic() < deadline, "the server did not start"
                time.sleep(0.05)
            else:
                return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if self.process.poll() is None:
            self.process.terminate()
            try:
                self.process.wait(20)
            except subprocess.TimeoutExpired:
                self.process.kill()
                self.process.wait()
