"""history of one resource."""

from __future__ import annotations

from ..errors import FhirError
from ..exchange import Call, Reply
from ..exchange.bundles import address, bundle, history_entry

DEFAULT_COUNT = 50
MAX_COUNT = 1000


async def history(call: Call) -> Reply:
    """All versions, newest first, deletions included.

    Spec: http://hl7.org/fhir/R4/http.html#history. Not supported yet: `_since`, `_at`.
    Errors: read-unknown, search-unknown, parameter-value, search-page.
    """
    known = dict(call.pairs)
    for name in known:
        if name not in ("_count", "_cursor", "_format", "_pretty"):
            raise FhirError("search-unknown", resource_type="_history", expected="_count")
    limit = _number(known.get("_count"), "_count", DEFAULT_COUNT)
    before = _number(known.get("_cursor"), "_cursor", None)
    store = call.service.store
    total = await store.history_count(call.resource_type, call.id)
    if not total:
        raise FhirError("read-unknown", call.resource_type)
    limit = min(limit or 0, MAX_COUNT)
    found = await store.history(call.resource_type, call.id, limit=limit + 1, before=before)
    path = f"{call.base}/{call.resource_type}/{call.id}/_history"
    links = [("self", address(path, call.pairs))]
    if len(found) > limit > 0:
        found = found[:limit]
        kept = [p for p in call.pairs if p[0] != "_cursor"]
        links.append(("next", address(path, [*kept, ("_cursor", str(found[-1].version))])))
    entries = [history_entry(call.base, each) for each in found[:limit]]
    return Reply(200, bundle("history", entries, total=total, links=links))


def _number(text: str | None, name: str, default: int | None) -> int | None:
    if text is None:
        return default
    if not text.isascii() or not text.isdigit() or len(text) > 9:
        raise FhirError("parameter-value", name=name, expected=f"0..{MAX_COUNT}")
    return int(text)
