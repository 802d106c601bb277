"""Bundles put together from stored JSON bytes, without decoding the resources.

Entries are pieces that are joined once, since a page is much to copy; a comma begins each entry.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from urllib.parse import urlencode

from ..model.dates import instant, now
from ..model.json import encode
from ..storage.base import Stored

Pairs = Sequence[tuple[str, str]]
_plain = re.compile(r"[A-Za-z0-9_.\-:|,/$]*").fullmatch


def entries_of(base: str, found: Iterable[Stored], mode: str) -> list[bytes]:
    """Entries of a searchset. `mode`: match, include."""
    start = b',{"fullUrl":' + encode(base + "/")[:-1]
    end = b',"search":{"mode":"%b"}}' % mode.encode()
    out: list[bytes] = []
    for each in found:
        # A type and an id have no character that JSON escapes.
        name = f'{each.resource_type}/{each.id}","resource":'
        out += (start, name.encode(), each.body, end)
    return out


def outcome_entry(outcome: bytes) -> bytes:
    """What went on during the search. Spec: search.html#outcome"""
    return b',{"resource":%b,"search":{"mode":"outcome"}}' % outcome


def history_entry(base: str, found: Stored) -> bytes:
    """One version. Spec: http://hl7.org/fhir/R4/http.html#history"""
    path = f"{found.resource_type}/{found.id}"
    status = (
        "204 No Content" if found.deleted else "201 Created" if found.version == 1 else "200 OK"
    )
    url = found.resource_type if found.method == "POST" else path
    facts = {
        "request": {"method": found.method, "url": url},
        "response": {
            "status": status,
            "etag": f'W/"{found.version}"',
            "lastModified": instant(found.updated),
        },
    }
    resource = b"" if found.deleted else b'"resource":%b,' % found.body
    return b',{"fullUrl":%b,%b%b' % (encode(f"{base}/{path}"), resource, encode(facts)[1:])


def bundle(
    kind: str,
    entries: Sequence[bytes],
    *,
    total: int | None = None,
    links: Sequence[tuple[str, str]] = (),
) -> bytes:
    """Shape of `links`: (relation, url). No empty `entry`, which some clients refuse."""
    parts = [
        b'{"resourceType":"Bundle","meta":{"lastUpdated":"%b"},"type":"%b"'
        % (instant(now()).encode(), kind.encode())
    ]
    if total is not None:
        parts.append(b',"total":%d' % total)
    if links:
        parts.append(b',"link":' + encode([{"relation": r, "url": u} for r, u in links]))
    if entries:
        parts += (b',"entry":[', entries[0][1:], *entries[1:], b"]")
    parts.append(b"}")
    return b"".join(parts)


def address(path: str, pairs: Pairs) -> str:
    """A link with its parameters; `:`, `|`, `,`, `$` and `/` stay readable."""
    if not pairs:
        return path
    if all(_plain(value) and _plain(name) for name, value in pairs):
        return f"{path}?{'&'.join([f'{name}={value}' for name, value in pairs])}"
    return f"{path}?{urlencode(list(pairs), safe=':|,/$')}"
