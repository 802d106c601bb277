"""update, also as create."""

from __future__ import annotations

import asyncio
from weakref import WeakValueDictionary

from ..errors import FhirError
from ..exchange import Call, Reply
from ..exchange.provenance import commit
from ..exchange.writing import change, check, expected_version, pause, same_content, stored
from ..model.ids import is_id
from ..storage.base import Conflict, Stored

# Writers of one resource in this process queue here instead of colliding in the store.
_queues: WeakValueDictionary[tuple[str, str], asyncio.Lock] = WeakValueDictionary()


def queue(resource_type: str, id: str) -> asyncio.Lock:
    """The lock of one resource; it lives while somebody holds or awaits it."""
    lock = _queues.get((resource_type, id))
    if lock is None:
        lock = _queues[(resource_type, id)] = asyncio.Lock()
    return lock


async def update(call: Call) -> Reply:
    """A new version of a resource, or the first under an id that the client chose.

    The same content again makes no new version. Without If-Match the last writer wins, and every
    version is in the history.

    Spec: http://hl7.org/fhir/R4/http.html#update and #upsert
    Errors: id-invalid, id-missing, id-mismatch, version-etag, version-conflict, structure-*.
    """
    if not is_id(call.id):
        raise FhirError("id-invalid", call.resource_type)
    resource = check(call.service, call.resource, call.resource_type)
    if "id" not in resource:
        raise FhirError("id-missing", call.resource_type + ".id")
    if resource["id"] != call.id:
        raise FhirError("id-mismatch", call.resource_type + ".id")
    wanted = expected_version(call.if_match)
    lock = queue(call.resource_type, call.id)
    async with lock:
        for attempt in range(1, 100):
            current = await call.service.store.current(call.resource_type, call.id)
            check_version(call, current, wanted)
            if current is not None and not current.deleted and same_content(current, resource):
                return Reply.written_as(200, current)
            version = current.version + 1 if current else 1
            new = change(call.service, resource, call.id, version, "PUT")
            try:
                await commit(call, [new])
            except Conflict:
                await pause(attempt)
                continue
            fresh = current is None or current.deleted
            return Reply.written_as(201 if fresh else 200, stored(new))
    raise AssertionError("pause() ends the loop")


def check_version(call: Call, current: Stored | None, wanted: int | None) -> None:
    """Errors: version-conflict, also where there is nothing to match."""
    must_exist = wanted is not None or call.if_match.strip() == "*"
    if not must_exist:
        return
    if current is None or current.deleted or (wanted is not None and current.version != wanted):
        raise FhirError("version-conflict", call.resource_type)
