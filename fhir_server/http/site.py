"""The address of this server as a client knows it, also behind a reverse proxy.

Spec: RFC 7239 (Forwarded); X-Forwarded-Proto, -Host, -Port and -Prefix as proxies send them
"""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Mapping
from functools import lru_cache

_HOST = re.compile(r"(?:[A-Za-z0-9][A-Za-z0-9.\-]{0,252}|\[[0-9A-Fa-f:.]{2,45}\])").fullmatch
_PORT = re.compile(r"[0-9]{1,5}").fullmatch
_PREFIX = re.compile(r"(?:/[A-Za-z0-9._~\-]+)*/?").fullmatch
_PAIR = re.compile(r'\s*([A-Za-z]+)\s*=\s*(?:"((?:[^"\\]|\\.)*)"|([^;,\s"]*))\s*([;,]|$)')
_DEFAULT_PORT = {"http": "80", "https": "443"}

Headers = Mapping[bytes, bytes]
Network = ipaddress.IPv4Network | ipaddress.IPv6Network


class Site:
    """`public_url` is the FHIR address if the settings give one; `trusted` lists the addresses and
    networks of proxies whose headers are believed, separated by commas; `*` for any."""

    def __init__(self, public_url: str = "", trusted: str = "127.0.0.1, ::1") -> None:
        self._public_url = public_url
        names = [each.strip() for each in trusted.split(",") if each.strip()]
        self._anybody = "*" in names
        self._networks = tuple(networks(",".join(n for n in names if n != "*")))
        self._trusts = lru_cache(4096)(self._check)

    def base(self, scheme: str, client: str, headers: Headers) -> str:
        """The FHIR address without the last slash. `client` is the peer's address."""
        if self._public_url:
            return self._public_url
        host = headers.get(b"host", b"localhost").decode("latin-1")
        prefix = ""
        if (b"forwarded" in headers or b"x-forwarded-host" in headers
                or b"x-forwarded-proto" in headers or b"x-forwarded-prefix" in headers
                or b"x-forwarded-port" in headers) and self._trusts(client):  # fmt: skip
            scheme, host, prefix = _forwarded(scheme, host, headers)
        return f"{scheme}://{host}{prefix}/fhir"

    def _check(self, client: str) -> bool:
        if self._anybody:
            return True
        try:
            address = ipaddress.ip_address(client.partition("%")[0])
        except ValueError:
            return False
        mapped = getattr(address, "ipv4_mapped", None)
        return any((mapped or address) in network for network in self._networks)


def networks(text: str) -> list[Network]:
    """Addresses and networks separated by commas. Errors: ValueError."""
    parts = [part.strip() for part in text.split(",") if part.strip()]
    return [ipaddress.ip_network(part, strict=False) for part in parts]


def _first(headers: Headers, name: bytes) -> str:
    """Of several proxies, what the one nearest to the client has said."""
    return headers.get(name, b"").decode("latin-1").partition(",")[0].strip()


def _forwarded(scheme: str, host: str, headers: Headers) -> tuple[str, str, str]:
    """(scheme, host, prefix of the path); what is no such thing changes nothing."""
    pairs = forwarded_pairs(headers.get(b"forwarded", b"").decode("latin-1"))
    wanted = (pairs.get("proto") or _first(headers, b"x-forwarded-proto")).lower()
    scheme = wanted if wanted in _DEFAULT_PORT else scheme
    name = pairs.get("host") or _first(headers, b"x-forwarded-host")
    port = "" if "host" in pairs else _first(headers, b"x-forwarded-port")
    host = _host(name, port, scheme) or _host(host, port, scheme) or host
    prefix = _first(headers, b"x-forwarded-prefix")
    if not prefix.startswith("/") or len(prefix) > 200 or _PREFIX(prefix) is None:
        prefix = ""
    return scheme, host, prefix.rstrip("/")


def _host(text: str, port: str, scheme: str) -> str:
    """A host with the port that is not the scheme's own; "" where it is none."""
    name, colon, own = text.rpartition(":")
    if not colon or "]" in own:
        name, own = text, ""
    own = own or port
    if _HOST(name) is None or (own and _PORT(own) is None):
        return ""
    return name if own in ("", _DEFAULT_PORT.get(scheme)) else f"{name}:{own}"


def forwarded_pairs(header: str) -> dict[str, str]:
    """The first element of a Forwarded header: {"proto": "https", "host": "…"}."""
    out: dict[str, str] = {}
    match = _PAIR.match(header)
    while match:
        value = match[3] if match[2] is None else re.sub(r"\\(.)", r"\1", match[2])
        out.setdefault(match[1].lower(), value)
        match = _PAIR.match(header, match.end()) if match[4] == ";" else None
    return out
