"""One request as this server looks at it, straight from the ASGI scope."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any, TypeAlias
from urllib.parse import parse_qsl

from ..errors import FhirError
from .encodings import decompress
from .negotiate import FHIR_JSON, XMLS, language, preferences
from .site import Site
from .tracing import request_id

Scope: TypeAlias = MutableMapping[str, Any]
Message: TypeAlias = MutableMapping[str, Any]
Receive: TypeAlias = Callable[[], Awaitable[Message]]
Send: TypeAlias = Callable[[Message], Awaitable[None]]


# Headers that say how a request is sent and what becomes of its answer, not what is asked for.
PLAIN = frozenset(
    (b"host", b"accept", b"accept-encoding", b"connection", b"content-encoding", b"content-length",
     b"content-type", b"transfer-encoding", b"user-agent", b"x-request-id")
)  # fmt: skip


class Request:
    """Header access, parameters and body of one request."""

    __slots__ = (
        "_headers", "_id", "_receive", "_site", "media_type", "method", "pairs", "pretty", "scope",
    )  # fmt: skip

    def __init__(self, scope: Scope, receive: Receive, site: Site) -> None:
        self.scope = scope
        self._receive = receive
        self._site = site
        headers = scope["headers"]
        self._headers: dict[bytes, bytes] = dict(headers)
        if len(self._headers) != len(headers):
            self._headers = _joined(headers)
        self._id = b""
        self.method: str = scope["method"]
        self.media_type = FHIR_JSON
        self.pretty = False
        self.pairs: list[tuple[str, str]] = []

    @property
    def base(self) -> str:
        """The FHIR address as the client knows it, without the last slash."""
        client = self.scope.get("client")
        return self._site.base(self.scope["scheme"], client[0] if client else "", self._headers)

    @property
    def id(self) -> bytes:
        """X-Request-Id: the client's, or one of ours."""
        if not self._id:
            self._id = request_id(self._headers.get(b"x-request-id"))
        return self._id

    @property
    def xml(self) -> bool:
        """Does the client get XML?"""
        return self.media_type in XMLS

    def has(self, name: bytes) -> bool:
        return name in self._headers

    def header(self, name: bytes) -> bytes:
        return self._headers.get(name, b"")

    def text(self, name: bytes) -> str:
        """A header as text; "" where it is missing."""
        value = self._headers.get(name)
        return value.decode("latin-1") if value else ""

    @property
    def is_plain(self) -> bool:
        """Are there only headers that ask for nothing?"""
        return PLAIN.issuperset(self._headers)

    @property
    def has_body(self) -> bool:
        return (
            self.header(b"content-length") not in (b"", b"0")
            or b"transfer-encoding" in self._headers
        )

    @property
    def language(self) -> str:
        return language(self.text(b"accept-language"))

    @property
    def prefer(self) -> dict[str, str]:
        header = self._headers.get(b"prefer")
        return preferences(header.decode("latin-1")) if header else {}

    @property
    def credential(self) -> str:
        """The token of `X-Admin-Token` or of `Authorization: Bearer`; "" where there is none."""
        token = self.text(b"x-admin-token")
        if not token:
            scheme, _, rest = self.text(b"authorization").partition(" ")
            token = rest.strip() if scheme.lower() == "bearer" else ""
        return token

    def read_query(self) -> None:
        """Fill `pairs`. Errors: parameter-value where it is not UTF-8."""
        query = self.scope["query_string"]
        if query:
            self.pairs = parse_pairs(query)

    def parameter(self, name: str, default: str = "") -> str:
        for key, value in self.pairs:
            if key == name:
                return value
        return default

    async def body(self, limit: int) -> bytes:
        """The whole body, decompressed. Units: `limit` in bytes, before and after.

        Errors: body-too-large, media-encoding, body-encoding.
        """
        raw = await self._raw(limit)
        encoding = self._headers.get(b"content-encoding")
        return await decompress(encoding.decode("latin-1"), raw, limit) if encoding else raw

    async def _raw(self, limit: int) -> bytes:
        length = self.header(b"content-length")
        if length.isdigit() and int(length) > limit:
            raise FhirError("body-too-large", limit=limit)
        message = await self._receive()
        if message["type"] == "http.disconnect":
            raise ConnectionAbortedError
        body: bytes = message.get("body", b"")
        if not message.get("more_body", False):
            if len(body) > limit:
                raise FhirError("body-too-large", limit=limit)
            return body
        parts, size = [body], len(body)
        while message.get("more_body", False):
            message = await self._receive()
            if message["type"] == "http.disconnect":
                raise ConnectionAbortedError
            part = message.get("body", b"")
            size += len(part)
            if size > limit:
                raise FhirError("body-too-large", limit=limit)
            parts.append(part)
        return b"".join(parts)


def _joined(headers: list[tuple[bytes, bytes]]) -> dict[bytes, bytes]:
    """A header that comes several times means the list of its values. Spec: RFC 9110 section 5.3"""
    out: dict[bytes, bytes] = {}
    for name, value in headers:
        out[name] = out[name] + b", " + value if name in out else value
    return out


def parse_pairs(text: bytes) -> list[tuple[str, str]]:
    """Form-encoded pairs in order. Errors: parameter-value where they are not UTF-8."""
    if b"%" not in text and b"+" not in text and text.isascii():
        parts = [part.partition("=") for part in text.decode().split("&") if part]
        pairs = [(name, value) for name, _, value in parts]
    else:
        try:
            pairs = parse_qsl(
                text.decode("utf-8"), keep_blank_values=True, errors="strict", max_num_fields=1000
            )
        except (UnicodeDecodeError, ValueError):
            raise FhirError(
                "parameter-value", name="?", expected="UTF-8, application/x-www-form-urlencoded"
            ) from None
    return _understood(pairs) if b"_totalMethod" in text else pairs


def _understood(pairs: list[tuple[str, str]]) -> list[tuple[str, str]]:
    """fhirpy counts with `_totalMethod`, Aidbox's word for `_total`."""
    return [
        ("_total", "accurate" if value == "count" else value)
        if name == "_totalMethod"
        else (name, value)
        for name, value in pairs
    ]
