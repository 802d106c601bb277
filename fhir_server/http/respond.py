"""Replies and failures as ASGI messages."""

from __future__ import annotations

import gzip
from email.utils import formatdate
from functools import lru_cache
from typing import Any

from ..errors import FhirError
from ..exchange import Reply
from ..exchange.outcomes import information, outcome
from ..model.json import encode, pretty
from .asgi import Request, Send

GZIP_FROM = 1024  # bytes; below, the header costs more than it saves
VARY = (b"vary", b"Accept, Accept-Encoding")
RETRY_AFTER = {503: "5", 409: "1"}


@lru_cache(4096)
def _http_date(seconds: int) -> bytes:
    return formatdate(seconds, usegmt=True).encode()


def headers_of(request: Request, reply: Reply) -> list[tuple[bytes, bytes]]:
    """ETag, Last-Modified, Location and what the reply brings itself."""
    out: list[tuple[bytes, bytes]] = []
    found = reply.stored
    if found is not None:
        out.append((b"etag", b'W/"%d"' % found.version))
        out.append((b"last-modified", _http_date(found.updated // 1_000_000)))
    if reply.location:
        out.append((b"location", f"{request.base}/{reply.location}".encode()))
    if reply.headers:
        out += [(name.lower().encode(), value.encode()) for name, value in reply.headers.items()]
    return out


def body_of(request: Request, reply: Reply) -> bytes:
    """The body after Prefer (for writes) and `_pretty`."""
    body = reply.body
    if reply.written:
        wanted = request.prefer.get("return")
        if wanted == "minimal":
            return b""
        if wanted == "OperationOutcome":
            body = encode(information("informational", "已保存", "stored", request.language))
    if body is None:
        return b""
    return pretty(body) if request.pretty else body


@lru_cache(64)
def _content_type(media_type: str) -> tuple[bytes, bytes]:
    return b"content-type", media_type.encode() + b"; charset=utf-8"


@lru_cache(4)
def _compressed_once(body: bytes) -> bytes:
    """For the one large answer that is the same every time: the CapabilityStatement."""
    return gzip.compress(body, 6, mtime=0)


async def respond(
    request: Request,
    send: Send,
    status: int,
    body: bytes,
    media_type: str,
    headers: list[tuple[bytes, bytes]],
) -> None:
    """Send a whole answer, compressed where the client takes it; HEAD without the body."""
    if body:
        headers.append(_content_type(media_type))
        if len(body) >= GZIP_FROM:
            headers.append(VARY)
            if b"gzip" in request.header(b"accept-encoding"):
                large = request.scope["path"].endswith("/metadata")
                body = _compressed_once(body) if large else gzip.compress(body, 5, mtime=0)
                headers.append((b"content-encoding", b"gzip"))
    if status != 204:
        headers.append((b"content-length", b"%d" % len(body)))
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": b"" if request.method == "HEAD" else body})


async def respond_reply(request: Request, send: Send, reply: Reply) -> None:
    await respond(
        request,
        send,
        reply.status,
        body_of(request, reply),
        reply.media_type or request.media_type,
        headers_of(request, reply),
    )


async def respond_error(request: Request, send: Send, error: FhirError) -> None:
    """The failure as an OperationOutcome in the client's language."""
    resource: dict[str, Any] = outcome(error.issues, request.language)
    headers = [(n.lower().encode(), v.encode()) for n, v in error.headers.items()]
    if error.status in RETRY_AFTER:
        headers.append((b"retry-after", RETRY_AFTER[error.status].encode()))
    body = encode(resource)
    await respond(
        request, send, error.status, pretty(body) if request.pretty else body,
        request.media_type, headers,
    )  # fmt: skip
