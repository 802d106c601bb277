"""The result of a job as a note of the store, and back."""

from __future__ import annotations

import asyncio
import zlib
from base64 import b64decode, b64encode

from ..errors import FhirError, Issue, define
from .call import Json, Reply

define(
    "async-too-large", "too-costly", 422,
    "结果过大，无法保留；请缩小范围，或分页同步检索",
    "the result is too large to be kept; narrow the request, or page through it synchronously",
)  # fmt: skip

ASIDE = 256 * 1024  # bytes; a thread compresses more than that, so that others need not wait
# Units: characters, of the compressed body. A document of MongoDB holds 16 MiB.
MAX_TEXT = 14 * 1024 * 1024


async def pack(reply: Reply) -> Json:
    """Errors: async-too-large."""
    body = reply.body or b""
    text = await asyncio.to_thread(_text, body) if len(body) > ASIDE else _text(body)
    if len(text) > MAX_TEXT:
        raise FhirError("async-too-large")
    return {
        "status": reply.status,
        "headers": reply.headers,
        "location": reply.location,
        "media_type": reply.media_type,
        "body": text,
    }


def failed(error: FhirError) -> Json:
    """The arguments of a message as text, as they will be shown."""
    issues = [
        {
            "code": each.code,
            "at": each.at,
            "args": {name: str(value) for name, value in each.args.items()},
            "severity": each.severity,
        }
        for each in error.issues
    ]
    return {"issues": issues, "headers": error.headers}


async def unpack(kept: Json) -> Reply:
    """Errors: the one with which the job has failed."""
    if "issues" in kept:
        error = FhirError.of(Issue(**each) for each in kept["issues"])
        error.headers |= kept["headers"]
        raise error
    text = kept["body"]
    body = await asyncio.to_thread(_bytes, text) if len(text) > ASIDE else _bytes(text)
    return Reply(
        kept["status"],
        body or None,
        location=kept["location"],
        headers=dict(kept["headers"]),
        media_type=kept["media_type"],
    )


def size_of(packed: Json) -> int:
    return len(packed.get("body", ""))


def _text(body: bytes) -> str:
    return b64encode(zlib.compress(body, 1)).decode()


def _bytes(text: str) -> bytes:
    return zlib.decompress(b64decode(text))
