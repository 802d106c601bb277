"""A resource or one of its versions, or the failure that says why there is none."""

from __future__ import annotations

from ..errors import FhirError
from ..storage.base import Stored
from .call import Service


def live(found: Stored | None, at: str) -> Stored:
    """What was found, unless it is nothing or a tombstone. Errors: read-unknown, read-deleted."""
    if found is None:
        raise FhirError("read-unknown", at)
    if found.method == "DELETE":
        raise FhirError("read-deleted", at)
    return found


async def version_of(service: Service, resource_type: str, id: str, text: str) -> Stored:
    """The version that a client names. Errors: version-unknown, read-deleted for a deletion."""
    # Bounded before it is a number: more digits than that no version has.
    if not text.isascii() or not text.isdigit() or len(text) > 15:
        raise FhirError("version-unknown", resource_type)
    found = await service.store.version(resource_type, id, int(text))
    if found is None:
        raise FhirError("version-unknown", resource_type)
    return live(found, resource_type)
