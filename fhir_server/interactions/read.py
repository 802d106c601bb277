"""read and vread."""

from __future__ import annotations

from ..exchange import Call, Reply
from ..exchange.conditional import unchanged
from ..exchange.reading import live, version_of
from ..storage.base import Stored


async def read(call: Call) -> Reply:
    """The current version of one resource; 304 where the client has it already.

    Spec: http://hl7.org/fhir/R4/http.html#read and #cread
    Errors: read-unknown, read-deleted.
    """
    current = await call.service.store.current(call.resource_type, call.id)
    return _answer(call, live(current, call.resource_type))


async def vread(call: Call) -> Reply:
    """One version of one resource.

    Spec: http://hl7.org/fhir/R4/http.html#vread
    Errors: version-unknown, read-deleted for the version that is the deletion.
    """
    found = await version_of(call.service, call.resource_type, call.id, call.version)
    return _answer(call, found)


def _answer(call: Call, found: Stored) -> Reply:
    if (call.if_none_match or call.if_modified_since) and unchanged(call, found):
        return Reply(304, None, found)
    return Reply(200, found.body, found)
