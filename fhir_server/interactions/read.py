"""read and vread."""

from __future__ import annotations

from ..errors import FhirError
from ..exchange import Call, Reply


async def read(call: Call) -> Reply:
    """The current version of one resource.

    Spec: http://hl7.org/fhir/R4/http.html#read
    Errors: read-unknown, read-deleted.
    """
    found = await call.service.store.current(call.resource_type, call.id)
    if found is None:
        raise FhirError("read-unknown", call.resource_type)
    if found.method == "DELETE":
        raise FhirError("read-deleted", call.resource_type)
    return Reply(200, found.body, found)


async def vread(call: Call) -> Reply:
    """One version of one resource.

    Spec: http://hl7.org/fhir/R4/http.html#vread
    Errors: version-unknown, read-deleted for the version that is the deletion.
    """
    number = call.version
    if not number.isascii() or not number.isdigit() or len(number) > 15:
        raise FhirError("version-unknown", call.resource_type)
    found = await call.service.store.version(call.resource_type, call.id, int(number))
    if found is None:
        raise FhirError("version-unknown", call.resource_type)
    if found.method == "DELETE":
        raise FhirError("read-deleted", call.resource_type)
    return Reply(200, found.body, found)
