"""What takes the short way is read and answered as uvicorn itself would.

Spec: RFC 9112
"""

from __future__ import annotations

import asyncio
from typing import Any, NamedTuple

import pytest
import uvicorn
from hypothesis import given
from hypothesis import strategies as st
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol
from uvicorn.server import ServerState

from fhir_server.http.direct import HEAD_BYTES, Cycle, write_head
from fhir_server.http.protocol import Protocol

DATE = (b"date", b"today")
ANSWERS: dict[str, list[dict[str, Any]]] = {
    "/whole": [{"headers": [(b"content-length", b"4"), (b"x-a", b"b")]}, {"body": b"abcd"}],
    "/empty": [{"headers": [(b"content-length", b"0")]}, {"body": b""}],
    "/parts": [
        {"headers": [(b"content-length", b"4")]},
        {"body": b"ab", "more_body": True},
        {"body": b"cd"},
    ],
    "/stream": [{"headers": [(b"x-a", b"b")]}, {"body": b"ab", "more_body": True}, {"body": b""}],
    "/close": [
        {"headers": [(b"content-length", b"2"), (b"connection", b"close")]},
        {"body": b"x!"},
    ],
    "/none": [{"status": 204, "headers": []}, {"body": b""}],
    "/split": [{"headers": [(b"content-length", b"0"), (b"x-a", b"b\r\nx-b: c")]}, {"body": b""}],
    "/short": [{"headers": [(b"content-length", b"9")]}, {"body": b"x"}],
}


class Transport(asyncio.Transport):
    def __init__(self) -> None:
        super().__init__({"peername": ("127.0.0.1", 1), "sockname": ("127.0.0.1", 2)})
        self.written = b""
        self.closed = False

    def write(self, data: bytes | bytearray | memoryview) -> None:
        self.written += bytes(data)

    def close(self) -> None:
        self.closed = True

    def is_closing(self) -> bool:
        return self.closed

    def pause_reading(self) -> None: ...

    def resume_reading(self) -> None: ...

    def can_write_eof(self) -> bool:
        return False


class Seen(NamedTuple):
    """What the application saw of each request, and what went out."""

    requests: list[tuple[dict[str, Any], bytes]]
    written: bytes
    closed: bool
    direct: bool


async def run(kind: type[HttpToolsProtocol], *pieces: bytes) -> Seen:
    requests: list[tuple[dict[str, Any], bytes]] = []

    async def app(scope: Any, receive: Any, send: Any) -> None:
        body, more = b"", True
        while more:
            message = await receive()
            body, more = body + message["body"], message["more_body"]
        requests.append(({k: v for k, v in scope.items() if k != "state"}, body))
        start, *rest = ANSWERS.get(scope["path"], ANSWERS["/whole"])
        await send({"type": "http.response.start", "status": 200, **start})
        for each in rest:
            await send({"type": "http.response.body", **each})

    config = uvicorn.Config(app, http=kind, log_config=None, access_log=False, lifespan="off")
    config.load()
    state = ServerState()
    state.default_headers = [DATE]
    transport = Transport()
    protocol = kind(config=config, server_state=state, app_state={})
    protocol.connection_made(transport)
    for piece in pieces:
        protocol.data_received(piece)
        await asyncio.sleep(0)
    await asyncio.gather(*state.tasks)
    await asyncio.sleep(0)
    await asyncio.gather(*state.tasks)  # a request that waited for the answer to another
    direct = type(protocol.cycle) is Cycle
    protocol.connection_lost(None)
    return Seen(requests, transport.written, transport.closed, direct)


def request(line: str, *headers: str, body: str = "") -> bytes:
    return "\r\n".join([line, *headers, "", body]).encode("latin-1")


HOST = "Host: x"
USUAL = [
    request("GET /whole HTTP/1.1", HOST),
    request("GET /whole?a=b|c,d&e=%E4%B8%AD HTTP/1.1", HOST, "ACCEPT:  a/b", "X-A:", "x-a: 2"),
    request("GET /who%6Ce? HTTP/1.1", HOST, "Connection: Keep-Alive"),
    request("HEAD /whole HTTP/1.1", HOST),
    request("POST /whole HTTP/1.1", HOST, "Content-Length: 3", body="{}\n"),
    request("DELETE /none HTTP/1.1", HOST),
    *(request(f"GET {path} HTTP/1.1", HOST) for path in ANSWERS),
]
UNUSUAL = [
    request("GET /whole HTTP/1.0", HOST),
    request("GET /whole HTTP/1.1", HOST, "Connection: close"),
    request("GET //whole HTTP/1.1", HOST),
    request("GET http://x/whole HTTP/1.1", HOST),
    request("GET /whole#a HTTP/1.1", HOST),
    request("GET /中 HTTP/1.1".encode().decode("latin-1"), HOST),
    request("GET /whole HTTP/1.1", HOST, "X-A: é"),
    request("GET /whole HTTP/1.1", HOST, "X-A : b"),
    request("GET /whole HTTP/1.1", HOST, "X-A: b", " folded"),
    request("OPTIONS /whole HTTP/1.1", HOST),
    request("GET /whole HTTP/1.1", HOST, "X-A: b "),
    request(
        "POST /whole HTTP/1.1", HOST, "Transfer-Encoding: chunked", body="2\r\nab\r\n0\r\n\r\n"
    ),
    request("POST /whole HTTP/1.1", HOST, "Content-Length: 2", "Expect: 100-continue", body="ab"),
    request("GET /whole HTTP/1.1", HOST, "Connection: Upgrade", "Upgrade: h2c"),
    request("POST /whole HTTP/1.1", HOST, "Content-Length: 2", "Content-Length: 2", body="ab"),
    request("GET /whole HTTP/1.1", HOST) * 2,
    b"\r\n" + request("GET /whole HTTP/1.1", HOST),
]


@pytest.mark.parametrize("sent", USUAL)
async def test_the_usual_request_takes_the_short_way(sent: bytes) -> None:
    expected, found = await run(HttpToolsProtocol, sent), await run(Protocol, sent)
    assert found.direct
    assert expected.requests
    assert found[:3] == expected[:3]


@pytest.mark.parametrize("sent", UNUSUAL)
async def test_every_other_request_goes_the_long_way(sent: bytes) -> None:
    expected, found = await run(HttpToolsProtocol, sent), await run(Protocol, sent)
    assert not found.direct
    assert found.requests == expected.requests
    if expected.requests:  # a refusal has a text of its own
        assert found[:3] == expected[:3]


@pytest.mark.parametrize("sent", USUAL)
async def test_a_request_in_two_pieces_is_the_same_request(sent: bytes) -> None:
    whole = await run(Protocol, sent)
    for at in range(1, len(sent), 7):
        assert (await run(Protocol, sent[:at], sent[at:]))[:3] == whole[:3]


async def test_both_ways_follow_one_another_on_a_connection() -> None:
    sent = [*USUAL[:5], USUAL[0] * 3, USUAL[4][:9], USUAL[4][9:], *USUAL[:2]]
    expected, found = await run(HttpToolsProtocol, *sent), await run(Protocol, *sent)
    assert len(found.requests) == 11
    assert found[:3] == expected[:3]


async def test_the_limit_of_the_head_holds_for_what_comes_at_once() -> None:
    found = await run(Protocol, request("GET /whole HTTP/1.1", HOST, "X-A: " + "a" * HEAD_BYTES))
    assert not found.requests
    assert found.written.startswith(b"HTTP/1.1 431 ")


LINES = st.text(st.sampled_from('Ab-_1:;,/ \t\r\n\x00\x7f\xe9"()'), max_size=12)


@given(
    path=st.text(st.sampled_from('a/%4?#;|"<\\ \t\xe9'), max_size=8),
    lines=st.lists(LINES, max_size=3),
    length=st.sampled_from(["", "Content-Length: 1", "content-length:1 ", "Content-Length: 01"]),
)
def test_whatever_comes_is_read_as_by_uvicorn(path: str, lines: list[str], length: str) -> None:
    sent = request(f"GET /{path} HTTP/1.1", HOST, *lines, length or "A: b", body="x" * bool(length))

    async def both() -> tuple[Seen, Seen]:
        return await run(HttpToolsProtocol, sent), await run(Protocol, sent)

    expected, found = asyncio.run(both())
    if found.direct:
        assert found[:3] == expected[:3]


def test_a_header_that_holds_another_has_no_short_way() -> None:
    length = (b"content-length", b"0")
    assert write_head(200, [length, (b"a", b"b")]) == (
        b"HTTP/1.1 200 OK\r\ncontent-length: 0\r\na: b\r\n\r\n", 0,
    )  # fmt: skip
    assert write_head(200, [length, (b"a", b"b\r\nc: d")]) is None
    assert write_head(200, [length, (b"a", b"b\nc: d")]) is None
