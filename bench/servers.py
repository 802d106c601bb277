"""The processes that are measured: the bare Starlette route, and this server on SQLite."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

BODY = b'{"resourceType":"ServiceRequest","text":"' + b"x" * 1500 + b'"}'


async def _bare(_: Request) -> Response:
    return Response(BODY, media_type="application/fhir+json")


app = Starlette(routes=[Route("/bare/{id}", _bare)])


def free_port() -> int:
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return int(one.getsockname()[1])


@contextmanager
def process(command: list[str], port: int, **environment: str) -> Iterator[int]:
    """Run a server until the block ends; its process id."""
    env = {**os.environ, **environment}
    with subprocess.Popen(command, env=env, stdout=subprocess.DEVNULL) as running:
        try:
            _wait(port)
            yield running.pid
        finally:
            running.terminate()
            running.wait(20)


def _wait(port: int) -> None:
    for _ in range(1200):
        try:
            socket.create_connection(("127.0.0.1", port), 0.2).close()
        except OSError:
            time.sleep(0.05)
        else:
            return
    raise RuntimeError("the server did not start")


@contextmanager
def bare() -> Iterator[tuple[int, int]]:
    """The bare route: its port and its process id."""
    port = free_port()
    command = [sys.executable, "-m", "uvicorn", "bench.servers:app", "--port", str(port)]
    with process(
        [*command, "--no-access-log", "--log-level", "error", "--no-server-header"], port
    ) as pid:
        yield port, pid


@contextmanager
def on(store: str, workers: int = 1, validation: str = "structure") -> Iterator[tuple[int, int]]:
    """This server on a store: its port and its process id."""
    port = free_port()
    command = [sys.executable, "-m", "fhir_server.cli", "serve"]
    settings = {
        "PORT": str(port),
        "HOST": "127.0.0.1",
        "FHIR_SERVER_STORE": store,
        "FHIR_SERVER_WORKERS": str(workers),
        "FHIR_SERVER_VALIDATION": validation,
    }
    with process(command, port, **settings) as pid:
        yield port, pid


def memory(pid: int) -> list[float]:
    """What each process that serves holds for itself, without mapped files; Linux only.

    Units: MB. With several workers the process that was started only watches over them.
    """
    return [_own_memory(each) for each in serving(pid)]


def serving(pid: int) -> list[int]:
    """The processes that answer requests: its workers, or itself."""
    children = Path(f"/proc/{pid}/task/{pid}/children").read_text("ascii").split()
    return [int(each) for each in children if _is_worker(int(each))] or [pid]


def _is_worker(pid: int) -> bool:
    return b"resource_tracker" not in Path(f"/proc/{pid}/cmdline").read_bytes()


def _own_memory(pid: int) -> float:
    rows = Path(f"/proc/{pid}/status").read_text("ascii").splitlines()
    found = [int(row.split()[1]) for row in rows if row.startswith("RssAnon:")]
    return found[0] / 1024 if found else 0.0


def processor_seconds(pid: int) -> float:
    """Processor time that a process has used, all threads together."""
    # The clock of another process, as clock_getcpuclockid(3) names it: /proc counts in 10 ms.
    return time.clock_gettime((~pid << 3) | 2)
