"""An answer leaves in one piece: its head waits for its body.

uvicorn writes them one after the other, which costs a second system call and a second packet: a
tenth of a read.
"""

from __future__ import annotations

import asyncio
from typing import Any, cast

from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

END_OF_HEAD = b"\r\n\r\n"


class _Joining:
    """A transport that keeps the head of an answer until more of it is written."""

    __slots__ = ("_head", "_transport", "between", "is_closing", "pause_reading", "resume_reading")

    def __init__(self, transport: asyncio.Transport) -> None:
        self._transport = transport
        self._head = b""
        self.between = True  # no answer has begun that is not yet complete
        self.is_closing = transport.is_closing
        self.pause_reading = transport.pause_reading
        self.resume_reading = transport.resume_reading

    def write(self, data: bytes) -> None:
        if self._head:
            data, self._head = self._head + data, b""
        elif self.between and data[-4:] == END_OF_HEAD and data[:13] != b"HTTP/1.1 100 ":
            self._head, self.between = data, False
            return
        self._transport.write(data)

    def complete(self) -> None:
        """The answer is whole: that of a HEAD, and one without content, is its head alone."""
        self._flush()
        self.between = True

    def _flush(self) -> None:
        if self._head:
            head, self._head = self._head, b""
            self._transport.write(head)

    def write_eof(self) -> None:
        self._flush()
        self._transport.write_eof()

    def close(self) -> None:
        self._flush()
        self._transport.close()

    def __getattr__(self, name: str) -> Any:
        return getattr(self._transport, name)


class JoiningProtocol(HttpToolsProtocol):
    """uvicorn's own, on a transport that joins head and body."""

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        self._joining = _Joining(transport)
        super().connection_made(cast(asyncio.Transport, self._joining))

    def on_response_complete(self) -> None:
        self._joining.complete()
        super().on_response_complete()
