"""Many clients that begin at the same moment, each on a connection of its own."""

from __future__ import annotations

import http.client
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

from tests.processes import Server, exchange

T = TypeVar("T")


def at_once(
    server: Server, count: int, act: Callable[[http.client.HTTPConnection, int], T]
) -> list[T]:
    """What each of `count` clients brings back, in their order."""
    gate = threading.Barrier(count)

    def one(number: int) -> T:
        connection = server.connect(60)
        try:
            exchange(connection, "GET", "/health")  # connected before the start
            gate.wait(60)
            return act(connection, number)
        finally:
            connection.close()

    with ThreadPoolExecutor(count) as pool:
        return list(pool.map(one, range(count)))
