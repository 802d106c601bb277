"""The short way of a request that comes in one piece, as nearly all do, and of its answer.

uvicorn has a request parsed by a machine that calls back for each header, and looks at each header
of an answer with two patterns: a good part of what a read costs. What is in any way unusual (a body
in pieces or chunks, an upgrade, HTTP/1.0, a connection that is to close) goes uvicorn's way.
"""

from __future__ import annotations

import asyncio
import re
from collections.abc import Sequence
from typing import Any
from urllib.parse import unquote

from uvicorn.protocols.http.httptools_impl import STATUS_LINE, RequestResponseCycle

from .joining import JoiningProtocol

HEAD_BYTES = 64 * 1024  # address and headers together; a search of 50 KB belongs into POST _search
# Method, path, query and headers of a request as RFC 9112 has them, and nothing that it leaves
# open: characters beyond ASCII, blanks around a name or after a value, lines that are folded.
_HEAD = re.compile(
    rb"(GET|HEAD|POST|PUT|PATCH|DELETE) (/(?!/)[!$-;=@-Z_a-z~]*)(?:\?([!$-;=?-Z_a-z|~]*))?"
    rb" HTTP/1\.1\r\n((?:[A-Za-z0-9_-]+:(?:[\t -~]*[!-~])?\r\n)+)\r\n"
).match
_UNUSUAL = frozenset((b"transfer-encoding", b"expect", b"upgrade"))
Header = tuple[bytes, bytes]


def read_headers(block: bytes) -> tuple[list[Header], int] | None:
    """The headers and the length of the body; None where they ask for more than reading it."""
    out: list[Header] = []
    length = b""
    for line in block.split(b"\r\n"):
        name, _, value = line.partition(b":")
        name, value = name.lower(), value.lstrip(b" \t")
        if name == b"content-length":
            if length or not value.isdigit() or len(value) > 18:
                return None
            length = value
        elif name in _UNUSUAL or (name == b"connection" and value.lower() != b"keep-alive"):
            return None
        out.append((name, value))
    return out, int(length or 0)


def write_head(status: int, headers: Sequence[Header]) -> tuple[bytes, int] | None:
    """The head of an answer and the length of its body; None where it does not tell its length,
    says what becomes of the connection, or holds what would be read as another header.
    """
    found = dict(headers)
    length = found.get(b"content-length")
    if length is None or b"connection" in found or b"transfer-encoding" in found:
        return None
    lines = [b"%b: %b\r\n" % (name, value) for name, value in headers]
    head = b"%b%b\r\n" % (STATUS_LINE[status], b"".join(lines))
    ends = len(lines) + 2
    if head.count(b"\n") != ends or head.count(b"\r") != ends:
        return None
    return head, int(length)


class Cycle(RequestResponseCycle):
    """uvicorn's own, but for an answer whose body is one message: it leaves in one piece."""

    _kept = b""  # the head of such an answer

    async def send(self, message: Any) -> None:
        if self._kept:
            head, self._kept = self._kept, b""
            body = message.get("body", b"")
            whole = len(body) == self.expected_content_length and not message.get("more_body")
            if whole and not self.flow.write_paused and not self.disconnected:
                self.transport.write(head + body)
                self.response_complete = True
                self.message_event.set()
                if not self.keep_alive:  # the server has begun to shut down
                    self.transport.close()
                self.on_response()
                return
            self.transport.write(head)
        elif self._may_keep():
            headers = [*self.default_headers, *message.get("headers", ())]
            found = write_head(message["status"], headers) if "status" in message else None
            if found is not None:
                self._kept, self.expected_content_length = found
                self.response_started, self.chunked_encoding = True, False
                return
        await super().send(message)

    def _may_keep(self) -> bool:
        """Is the head of an answer next, and would a body follow?"""
        usual = self.keep_alive and not self.access_log and not self.disconnected
        return usual and not self.response_started and self.scope["method"] != "HEAD"


class DirectProtocol(JoiningProtocol):
    """A connection that reads the usual request itself."""

    _open = False  # a request has begun, in uvicorn's way, and is not all here

    def on_message_begin(self) -> None:
        self._open = True
        super().on_message_begin()

    def on_message_complete(self) -> None:
        self._open = False
        super().on_message_complete()

    def data_received(self, data: bytes) -> None:
        cycle = self.cycle
        if not self._open and (cycle is None or cycle.response_complete):
            found = _HEAD(data)
            if found is not None and self._take(found, data):
                return
        super().data_received(data)

    def _take(self, found: re.Match[bytes], data: bytes) -> bool:
        """Answer the request, if it is just what has come."""
        start = found.end()
        method, raw_path, query, block = found.groups()
        read = read_headers(block[:-2])
        if read is None or len(data) != start + read[1] or start > HEAD_BYTES:
            return False
        path = raw_path.decode("ascii")
        self.headers = read[0]
        self.scope = {
            "type": "http",
            "asgi": {"version": self.asgi_version, "spec_version": "2.3"},
            "http_version": "1.1",
            "server": self.server,
            "client": self.client,
            "scheme": self.scheme,  # type: ignore[typeddict-item]
            "method": method.decode("ascii"),
            "root_path": self.root_path,
            "path": self.root_path + (unquote(path) if "%" in path else path),
            "raw_path": self.root_path.encode("ascii") + raw_path,
            "query_string": query or b"",
            "headers": self.headers,
            "state": self.app_state.copy(),
        }
        self._unset_keepalive_if_required()
        self.cycle = self._cycle(data[start:])
        self._start_asgi_task(self.cycle, self.app)
        return True

    def _cycle(self, body: bytes) -> Cycle:
        here = asyncio.Event()
        here.set()
        cycle = Cycle(
            scope=self.scope,
            transport=self.transport,
            flow=self.flow,
            logger=self.logger,
            access_logger=self.access_logger,
            access_log=self.access_log,
            default_headers=self.server_state.default_headers,
            message_event=here,
            expect_100_continue=False,
            keep_alive=True,
            on_response=self.on_response_complete,
        )
        cycle.body, cycle.more_body = bytearray(body), False
        return cycle
