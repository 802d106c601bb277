"""Content-Encoding: gzip, br, zstd and deflate, of answers and of request bodies.

Spec: RFC 9110 section 8.4, RFC 9659 (window of zstd), RFC 7694 (encodings of a request)
"""

from __future__ import annotations

import asyncio
import gzip
import sys
import zlib
from collections.abc import Callable
from functools import lru_cache
from typing import Any

import brotli

from ..errors import FhirError, define

if sys.version_info >= (3, 14):
    from compression import zstd
else:
    from backports import zstd

define(
    "body-encoding", "structure", 400,
    "请求体无法按 Content-Encoding 解压", "the body cannot be decompressed by its Content-Encoding",
)  # fmt: skip

# Units: bytes. Beyond it a thread compresses and decompresses, so that others need not wait.
ASIDE = 256 * 1024
_compressor = zstd.ZstdCompressor(3)  # a new one costs four times what a page takes
MAX_MEMBERS = 1000  # gzip members or zstd frames in one body
WINDOW: dict[int, int] = {int(zstd.DecompressionParameter.window_log_max): 23}  # 8 MiB, RFC 9659


class TooLargeError(Exception):
    """More than the limit comes out."""


def _gzip(body: bytes) -> bytes:
    return gzip.compress(body, 5, mtime=0)


def _brotli(body: bytes) -> bytes:
    compressed: bytes = brotli.compress(body, quality=4)
    return compressed


def _zstd(body: bytes) -> bytes:
    if len(body) > ASIDE:  # in a thread, where the shared one would make others wait
        return zstd.compress(body, 3)
    return _compressor.compress(body, zstd.ZstdCompressor.FLUSH_FRAME)


def _deflate(body: bytes) -> bytes:
    return zlib.compress(body, 5)


def _joined(body: bytes, limit: int, machine_of: Callable[[], Any], most: int) -> bytes:
    """What comes out of one member (gzip) or frame (zstd) after the other, at most so many.

    Errors: ValueError where it is cut off or has more of them; TooLargeError; what the machine
    raises.
    """
    parts: list[bytes] = []
    size = members = 0
    while body:
        members += 1
        if members > most:
            raise ValueError("too many members")
        machine = machine_of()
        part: bytes = machine.decompress(body, max_length=limit - size + 1)
        size += len(part)
        if size > limit:
            raise TooLargeError
        if not machine.eof:
            raise ValueError("cut off")
        parts.append(part)
        body = machine.unused_data
    return b"".join(parts)


def _from_gzip(body: bytes, limit: int) -> bytes:
    return _joined(body, limit, lambda: zlib.decompressobj(31), MAX_MEMBERS)


def _from_deflate(body: bytes, limit: int) -> bytes:
    """With the header of zlib, as the standard says, or without it, as some clients send it."""
    has_header = len(body) > 1 and body[0] & 15 == 8 and int.from_bytes(body[:2], "big") % 31 == 0
    return _joined(body, limit, lambda: zlib.decompressobj(15 if has_header else -15), 1)


def _from_zstd(body: bytes, limit: int) -> bytes:
    return _joined(body, limit, lambda: zstd.ZstdDecompressor(options=WINDOW), MAX_MEMBERS)


def _from_brotli(body: bytes, limit: int) -> bytes:
    machine = brotli.Decompressor()
    parts: list[bytes] = []
    size = 0
    part = machine.process(body, output_buffer_limit=limit + 1)
    while True:
        size += len(part)
        parts.append(part)
        if size > limit:
            raise TooLargeError
        if machine.is_finished():
            return b"".join(parts)
        if not part:
            raise ValueError("cut off")
        part = machine.process(b"", output_buffer_limit=limit + 1)


# The order breaks ties between what a client takes equally.
COMPRESS: dict[str, Callable[[bytes], bytes]] = {
    "zstd": _zstd,
    "br": _brotli,
    "gzip": _gzip,
    "deflate": _deflate,
}
DECOMPRESS: dict[str, Callable[[bytes, int], bytes]] = {
    "gzip": _from_gzip,
    "x-gzip": _from_gzip,
    "br": _from_brotli,
    "zstd": _from_zstd,
    "deflate": _from_deflate,
}
KNOWN = "gzip, br, zstd, deflate"


@lru_cache(256)
def choose(accept_encoding: bytes) -> str:
    """The encoding of the answer, "" for none. Spec: RFC 9110 section 12.5.3"""
    named: dict[str, float] = {}
    for part in accept_encoding.decode("latin-1").split(","):
        name, _, parameter = part.partition(";")
        key, _, value = parameter.partition("=")
        try:
            quality = float(value) if key.strip().lower() == "q" else 1.0
        except ValueError:
            quality = 0.0
        named[name.strip().lower().removeprefix("x-")] = quality
    others = named.get("*", 0.0)
    # One that costs the client more to take than plain text is not taken.
    least = named.get("identity", 0.0)
    best, found = 0.0, ""
    for name in COMPRESS:
        quality = named.get(name, others)
        if quality > best and quality >= least:
            best, found = quality, name
    return found


async def compress(encoding: str, body: bytes) -> bytes:
    if len(body) > ASIDE:
        return await asyncio.to_thread(COMPRESS[encoding], body)
    return COMPRESS[encoding](body)


async def decompress(header: str, body: bytes, limit: int) -> bytes:
    """A body without its Content-Encoding. Units: `limit` in bytes of the result.

    Errors: media-encoding, body-too-large, body-encoding.
    """
    names = [n.strip().lower() for n in header.split(",") if n.strip().lower() != "identity"]
    if len(names) > 2 or any(name not in DECOMPRESS for name in names):
        error = FhirError("media-encoding", expected=KNOWN)
        error.headers["Accept-Encoding"] = KNOWN  # RFC 7694
        raise error
    for name in reversed(names):
        try:
            if len(body) > ASIDE:
                body = await asyncio.to_thread(DECOMPRESS[name], body, limit)
            else:
                body = DECOMPRESS[name](body, limit)
        except TooLargeError:
            raise FhirError("body-too-large", limit=limit) from None
        except (ValueError, EOFError, zlib.error, brotli.error, zstd.ZstdError):
            raise FhirError("body-encoding") from None
    return body
