"""Replies and failures as ASGI messages."""

from __future__ import annotations

import gzip
from email.utils import formatdate
from typing import Any

from ..errors import FhirError
from ..exchange import Reply
from ..exchange.outcomes import information, outcome
from ..model.json import encode, pretty
from .asgi import Request, Send

GZIP_FROM = 1024  # bytes; below, the header costs more than it saves
RETRY_AFTER = {503: "5", 409: "1"}


def headers_of(request: Request, reply: Reply) -> list[tuple[bytes, bytes]]:
    """ETag, Last-Modified, Location and what the reply brings itself."""
    out: list[tuple[bytes, bytes]] = []
    if reply.stored is not None:
        out.append((b"etag", b'W/"%d"' % reply.stored.version))
        modified = formatdate(reply.stored.updated // 1_000_000, usegmt=True)
        out.append((b"last-modified", modified.encode()))
    if reply.location:
        out.append((b"location", f"{request.base}/{reply.location}".encode()))
    for name, value in reply.headers.items():
        out.append((name.lower().encode(), value.encode()))
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
        headers.append((b"content-type", media_type.encode() + b"; charset=utf-8"))
        if len(body) >= GZIP_FROM:
            headers.append((b"vary", b"Accept, Accept-Encoding"))
            if b"gzip" in request.header(b"accept-encoding"):
                body = gzip.compress(body, 5, mtime=0)
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
        request.media_type,
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
