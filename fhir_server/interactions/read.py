"""read and vread."""

from __future__ import annotations

from ..exchange import Call, Reply
from ..exchange.reading import live, version_of


async def read(call: Call) -> Reply:
    """The current version of one resource.

    Spec: http://hl7.org/fhir/R4/http.html#read
    Errors: read-unknown, read-deleted.
    """
    current = await call.service.store.current(call.resource_type, call.id)
    found = live(current, call.resource_type)
    return Reply(200, found.body, found)


async def vread(call: Call) -> Reply:
    """One version of one resource.

    Spec: http://hl7.org/fhir/R4/http.html#vread
    Errors: version-unknown, read-deleted for the version that is the deletion.
    """
    found = await version_of(call.service, call.resource_type, call.id, call.version)
    return Reply(200, found.body, found)
