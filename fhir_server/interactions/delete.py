"""delete of one resource."""

from __future__ import annotations

from ..exchange import Call, Reply
from ..exchange.writing import deletion, expected_version, pause, stored
from ..storage.base import Conflict
from .update import check_version, queue


async def delete(call: Call) -> Reply:
    """Mark a resource as deleted; its versions stay. A second time has no effect.

    Spec: http://hl7.org/fhir/R4/http.html#delete
    Errors: version-etag, version-conflict.
    """
    wanted = expected_version(call.if_match)
    lock = queue(call.resource_type, call.id)
    async with lock:
        for attempt in range(1, 100):
            current = await call.service.store.current(call.resource_type, call.id)
            check_version(call, current, wanted)
            if current is None or current.deleted:
                return Reply(204, None, current)
            gone = deletion(call.resource_type, call.id, current.version + 1)
            try:
                await call.service.store.write([gone])
            except Conflict:
                await pause(attempt)
                continue
            return Reply(204, None, stored(gone))
    raise AssertionError("pause() ends the loop")
