"""Replies and failures as ASGI messages."""

from __future__ import annotations

import asyncio
from email.utils import formatdate
from functools import lru_cache
from typing import Any

from ..errors import FhirError
from ..exchange import Reply
from ..exchange.outcomes import information, outcome
from ..model.json import decode_stored, encode, pretty
from ..xml import Xml
from .asgi import Request, Send
from .encodings import COMPRESS, choose, compress
from .negotiate import FHIR_JSON

COMPRESS_FROM = 1024  # bytes; below, the header costs more than it saves
ASIDE = 256 * 1024  # bytes of JSON; a thread turns more than that into XML
VARY = (b"vary", b"Accept, Accept-Encoding")
DOWN, CONTENDED = b"5", b"1"  # seconds of Retry-After
RETURNS = frozenset({"minimal", "representation", "OperationOutcome"})
BODILESS = frozenset({204, 304})
Headers = list[tuple[bytes, bytes]]


@lru_cache(4096)
def _http_date(seconds: int) -> bytes:
    return formatdate(seconds, usegmt=True).encode()


def headers_of(request: Request, reply: Reply) -> Headers:
    """ETag, Last-Modified, Location and what the reply brings itself."""
    out: Headers = []
    found = reply.stored
    if found is not None:
        out.append((b"etag", b'W/"%d"' % found.version))
        out.append((b"last-modified", _http_date(found.updated // 1_000_000)))
    if reply.location:
        out.append((b"location", f"{request.base}/{reply.location}".encode()))
    if reply.written and request.prefer.get("return") in RETURNS:
        out.append((b"preference-applied", f"return={request.prefer['return']}".encode()))
    if reply.headers:
        out += [(name.lower().encode(), value.encode()) for name, value in reply.headers.items()]
    return out


def body_of(request: Request, reply: Reply) -> bytes:
    """The body after Prefer (for writes), in JSON as the store has it."""
    if reply.written:
        wanted = request.prefer.get("return")
        if wanted == "minimal":
            return b""
        if wanted == "OperationOutcome":
            return encode(information("informational", *reply.said, request.language))
    return reply.body or b""


@lru_cache(64)
def _content_type(media_type: str) -> tuple[bytes, bytes]:
    return b"content-type", media_type.encode() + b"; charset=utf-8"


# For the one large answer that is the same every time: the CapabilityStatement.
@lru_cache(8)
def _compressed_once(encoding: str, body: bytes) -> bytes:
    return COMPRESS[encoding](body)


@lru_cache(8)
def _written_once(xml: Xml, body: bytes, indent: bool) -> bytes:
    return xml.write(decode_stored(body), pretty=indent)


class Responder:
    """Sends replies in the format that the request asks for."""

    def __init__(self, xml: Xml) -> None:
        self._xml = xml

    async def reply(self, request: Request, send: Send, reply: Reply) -> None:
        """Errors: xml-unwritable, before anything is sent."""
        body = body_of(request, reply)
        media_type = request.media_type
        if reply.media_type:  # no FHIR resource: it goes out as it is
            media_type = reply.media_type
        elif body and (request.xml or request.pretty):
            body = await self._rendered(request, body)
        status = 200 if body and reply.status == 204 else reply.status
        await respond(request, send, status, body, media_type, headers_of(request, reply))

    async def _rendered(self, request: Request, body: bytes) -> bytes:
        if not request.xml:
            return pretty(body)
        if is_metadata(request):
            return _written_once(self._xml, body, request.pretty)
        if len(body) > ASIDE:
            return await asyncio.to_thread(self._write, body, request.pretty)
        return self._write(body, request.pretty)

    def _write(self, body: bytes, indent: bool) -> bytes:
        return self._xml.write(decode_stored(body), pretty=indent)

    async def error(self, request: Request, send: Send, error: FhirError) -> None:
        """The failure as an OperationOutcome in the client's language."""
        resource: dict[str, Any] = outcome(error.issues, request.language)
        headers = [(n.lower().encode(), v.encode()) for n, v in error.headers.items()]
        if error.status in (429, 503) or error.code == "write-contended":
            headers.append((b"retry-after", CONTENDED if error.status == 409 else DOWN))
        media_type = request.media_type
        if request.xml:
            body = self._xml.write(resource, pretty=request.pretty)
        else:
            body = pretty(encode(resource)) if request.pretty else encode(resource)
        if error.code == "xml-unwritable":
            body, media_type = encode(resource), FHIR_JSON
        await respond(request, send, error.status, body, media_type, headers)


def is_metadata(request: Request) -> bool:
    path: str = request.scope["path"]
    return path.endswith("/metadata")


async def respond(
    request: Request, send: Send, status: int, body: bytes, media_type: str, headers: Headers
) -> None:
    """Send a whole answer, compressed where the client takes it; HEAD without the body."""
    headers += ((b"x-request-id", request.id), VARY)
    if status in BODILESS:
        body = b""
    elif body:
        headers.append(_content_type(media_type))
        if len(body) >= COMPRESS_FROM:
            accepted = request.header(b"accept-encoding")
            encoding = choose(accepted) if accepted else ""
            if encoding:
                once = is_metadata(request)
                body = _compressed_once(encoding, body) if once else await compress(encoding, body)
                headers.append((b"content-encoding", encoding.encode()))
    if status not in BODILESS:
        headers.append((b"content-length", b"%d" % len(body)))
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": b"" if request.method == "HEAD" else body})
