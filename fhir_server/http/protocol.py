"""How long and how large the head of a request may be, and how long a client may pause.

uvicorn bounds neither: a client that sends half a request, or never reads its answer, would keep a
connection and its memory for as long as it likes.
"""

from __future__ import annotations

import asyncio
from typing import Any

from ..errors import FhirError, define
from ..exchange.outcomes import outcome
from ..model.json import encode
from .direct import HEAD_BYTES, DirectProtocol

LINGER_SECONDS = 1.0  # to read on after a refusal: hanging up on unread bytes would erase it
WHOLE = 10  # pauses' worth of time for a whole request
REASONS = {400: b"Bad Request", 408: b"Request Timeout", 431: b"Request Header Fields Too Large"}

define(
    "http-invalid", "structure", 400,
    "不是有效的 HTTP 请求；地址中的中文等字符须百分号编码",
    "not a valid HTTP request; Chinese and other characters in the address must be percent-encoded",
)  # fmt: skip
define(
    "http-timeout", "timeout", 408,
    "请求没有在 {seconds} 秒内继续发送", "the request was not continued within {seconds} seconds",
)  # fmt: skip
define(
    "http-head-too-large", "too-long", 431,
    "地址和请求头过大，最多 {limit} 字节；长的检索请用 POST _search",
    "address and headers are too large, at most {limit} bytes; send a long search by POST _search",
)  # fmt: skip


class Protocol(DirectProtocol):
    """One connection. `pause_seconds` is set before the server starts.

    No timer runs while a request is answered that came in one piece, as nearly all do.
    """

    pause_seconds = 30.0
    _pause: asyncio.TimerHandle | None = None
    _write_pause: asyncio.TimerHandle | None = None
    _refused = False
    _head = 0
    _until = 0.0

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        super().connection_made(transport)
        self._wait()

    def connection_lost(self, exc: Exception | None) -> None:
        self._no_longer_wait()
        if self._write_pause is not None:
            self._write_pause.cancel()
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        if self._refused:
            return
        if self._pause is not None:
            self._no_longer_wait()
        super().data_received(data)
        if self._open and not self.transport.is_closing():
            if self.loop.time() > self._until:
                self._late()
            else:
                self._wait()

    def on_message_begin(self) -> None:
        self._head = 0
        self._until = self.loop.time() + WHOLE * self.pause_seconds
        super().on_message_begin()

    def on_url(self, url: bytes) -> None:
        self._count(len(url))
        super().on_url(url)

    def on_header(self, name: bytes, value: bytes) -> None:
        self._count(len(name) + len(value))
        super().on_header(name, value)

    def _count(self, size: int) -> None:
        self._head += size
        if self._head > HEAD_BYTES:
            raise ValueError  # which the parser reports as an invalid request

    def send_400_response(self, msg: str) -> None:
        self._open = False
        if self._head > HEAD_BYTES:
            self._refuse(FhirError("http-head-too-large", limit=HEAD_BYTES))
        else:
            self._refuse(FhirError("http-invalid"))

    def _wait(self) -> None:
        self._pause = self.loop.call_later(self.pause_seconds, self._late)

    def _no_longer_wait(self) -> None:
        if self._pause is not None:
            self._pause.cancel()
            self._pause = None

    def _late(self) -> None:
        """The client has paused for too long, unless it is this server that does not read."""
        self._pause = None
        if self.flow.read_paused:
            self._wait()
        elif not self._open:  # nothing has come on a new connection
            self.transport.close()
        else:
            self._open = False
            self._refuse(FhirError("http-timeout", seconds=f"{self.pause_seconds:g}"))

    def _refuse(self, error: FhirError) -> None:
        """Answer outside of the application, where no answer has begun, and hang up."""
        cycle = self.cycle
        if cycle is None or cycle.response_complete or not cycle.response_started:
            body = encode(outcome(error.issues, "zh"))
            head = (
                b"HTTP/1.1 %d %s\r\ncontent-type: application/fhir+json; charset=utf-8\r\n"
                b"content-length: %d\r\nconnection: close\r\n\r\n"
            )
            self.transport.write(head % (error.status, REASONS[error.status], len(body)) + body)
            if self.transport.can_write_eof():
                self._refused = True
                self.transport.write_eof()
                self.loop.call_later(LINGER_SECONDS, self.transport.close)
                return
        self.transport.close()

    def pause_writing(self) -> None:
        super().pause_writing()
        self._write_pause = self.loop.call_later(self.pause_seconds, self._unread)

    def resume_writing(self) -> None:
        if self._write_pause is not None:
            self._write_pause.cancel()
            self._write_pause = None
        super().resume_writing()

    def _unread(self) -> None:
        self._write_pause = None
        self.transport.abort()


def protocol(pause_seconds: float) -> Any:
    """The class of connections for uvicorn. Units: seconds."""
    Protocol.pause_seconds = pause_seconds
    return Protocol
