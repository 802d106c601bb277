"""A load generator that costs little itself: raw HTTP/1.1 over kept connections."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field


@dataclass
class Figures:
    """Units: `rate` in requests per second, `latencies` in seconds."""

    count: int = 0
    seconds: float = 0.0
    errors: int = 0
    latencies: list[float] = field(default_factory=list)

    @property
    def rate(self) -> float:
        return self.count / self.seconds

    def percentile(self, share: float) -> float:
        ordered = sorted(self.latencies)
        return ordered[min(int(len(ordered) * share), len(ordered) - 1)]


@dataclass(frozen=True)
class Time:
    """From `stop` on it is over where there were `least` requests, and at `latest` anyway."""

    stop: float
    least: int
    latest: float

    def is_over(self, now: float, count: int) -> bool:
        return now >= self.stop and (count >= self.least or now >= self.latest)


class _Connection(asyncio.Protocol):
    """Sends the next request as soon as an answer is complete."""

    def __init__(self, requests: Iterator[bytes], figures: Figures, time: Time) -> None:
        self._requests, self._figures, self._time = requests, figures, time
        self._buffer = bytearray()
        self._sent = 0.0
        self.done: asyncio.Future[None] = asyncio.get_running_loop().create_future()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self._transport = transport
        self._next()

    def _next(self) -> None:
        self._sent = time.perf_counter()
        if self._time.is_over(self._sent, self._figures.count):
            self._transport.close()
            if not self.done.done():
                self.done.set_result(None)
            return
        self._transport.write(next(self._requests))

    def data_received(self, data: bytes) -> None:
        self._buffer += data
        head = self._buffer.find(b"\r\n\r\n")
        if head < 0:
            return
        at = self._buffer.find(b"content-length: ", 0, head)
        length = int(self._buffer[at + 16 : self._buffer.find(b"\r\n", at)]) if at >= 0 else 0
        if len(self._buffer) < head + 4 + length:
            return
        if self._buffer[9:10] != b"2":
            self._figures.errors += 1
        self._figures.count += 1
        self._figures.latencies.append(time.perf_counter() - self._sent)
        self._buffer.clear()
        self._next()

    def connection_lost(self, exc: Exception | None) -> None:
        if not self.done.done():
            self.done.set_result(None)


async def run(
    port: int, make: Callable[[], Iterator[bytes]], *, seconds: float, clients: int, least: int = 0
) -> Figures:
    """Each client sends its own endless stream of requests for the given time, or longer for so
    many requests, but not more than five times as long."""
    figures = Figures()
    loop = asyncio.get_running_loop()
    start = time.perf_counter()
    stop = Time(start + seconds, least, start + 5 * seconds)
    pending = []
    for _ in range(clients):
        _, protocol = await loop.create_connection(
            lambda: _Connection(make(), figures, stop), "127.0.0.1", port
        )
        pending.append(protocol.done)
    await asyncio.gather(*pending)
    figures.seconds = time.perf_counter() - start
    return figures


def load(
    port: int,
    make: Callable[[], Iterator[bytes]],
    seconds: float,
    clients: int = 16,
    least: int = 0,
) -> Figures:
    """As `run`. Errors: RuntimeError where an answer was not a success."""
    figures = asyncio.run(run(port, make, seconds=seconds, clients=clients, least=least))
    if figures.errors:
        raise RuntimeError(f"{figures.errors} of {figures.count} answers were not 2xx")
    return figures


def request(method: str, path: str, body: bytes = b"", **headers: str) -> bytes:
    lines = [f"{method} {path} HTTP/1.1", "Host: 127.0.0.1", "Accept: application/fhir+json"]
    if body:
        lines += ["Content-Type: application/fhir+json", f"Content-Length: {len(body)}"]
    lines += [f"{name.replace('_', '-')}: {value}" for name, value in headers.items()]
    return "\r\n".join(lines).encode() + b"\r\n\r\n" + body
