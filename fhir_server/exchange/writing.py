"""From a client's resource to a change for the store."""

from __future__ import annotations

import asyncio
import random
from typing import Literal

import msgspec

from ..errors import FhirError, define
from ..model.dates import instant, now
from ..model.json import encode
from ..storage.base import Change, Stored
from .call import Call, Json, Service
from .operation import check_admin
from .profiles import POLICIES
from .subset import is_marked

define(
    "validation-policy",
    "value",
    400,
    "X-Validation 应为 {expected} 之一",
    "X-Validation must be one of {expected}",
)

MAX_TRIES = 50
# Sorted keys: the order of properties has no meaning; digits of a decimal do.
_canonical = msgspec.json.Encoder(decimal_format="number", order="sorted").encode


async def check(call: Call, resource: Json | None, resource_type: str) -> Json:
    """The one place where a resource from outside is validated before it is written.

    What a server has left of a resource (`_summary`, `_elements`) is refused: it would overwrite
    the whole one. Spec: http://hl7.org/fhir/R4/search.html#summary
    How much is validated, `profiles` decides, or the header X-Validation of an administrator.
    Errors: json-empty, type-missing, type-mismatch, structure-*, valid-*, subsetted,
    admin-required.
    """
    if resource is None:
        raise FhirError("json-empty")
    found = resource.get("resourceType")
    if found is None:
        raise FhirError("type-missing")
    if found != resource_type:
        raise FhirError("type-mismatch", "resourceType", expected=resource_type)
    if call.validation:
        check_admin(call)
        if call.validation not in POLICIES:
            raise FhirError("validation-policy", "X-Validation", expected=" ".join(POLICIES))
    issues = await call.service.profiles.check(resource, call.validation)
    if issues:
        raise FhirError.of(issues)
    if is_marked(resource):
        raise FhirError("subsetted", resource_type + ".meta.tag")
    return resource


def change(
    service: Service,
    resource: Json,
    id: str,
    version: int,
    method: Literal["POST", "PUT"],
) -> Change:
    """The resource with its id, version and time set, encoded and indexed."""
    updated = now()
    service.profiles.written(resource["resourceType"])
    meta = {**resource.get("meta", {}), "versionId": str(version), "lastUpdated": instant(updated)}
    # The first three come first, whatever the client sent: a key keeps the place it got first.
    full: Json = {"resourceType": "", "id": id, "meta": meta}
    full.update(resource)
    full["id"], full["meta"] = id, meta
    return Change(
        method,
        full["resourceType"],
        id,
        version,
        updated,
        resource=full,
        body=encode(full),
        index=service.indexer.entries(full),
        new_id=method == "POST",
        indexed_by=service.indexer.generation,
    )


def deletion(resource_type: str, id: str, version: int) -> Change:
    return Change("DELETE", resource_type, id, version, now())


def stored(change: Change) -> Stored:
    """What the store holds once the change is committed."""
    return Stored(
        change.resource_type,
        change.id,
        change.version,
        change.updated,
        body=change.body,
        resource=change.resource,
        method=change.method,
    )


def same_content(old: Stored, new: Json) -> bool:
    """Equal but for id, versionId and lastUpdated."""
    return _canonical(_content(old.resource)) == _canonical(_content(new))


def _content(resource: Json) -> Json:
    meta = {
        k: v for k, v in resource.get("meta", {}).items() if k not in ("versionId", "lastUpdated")
    }
    out = {k: v for k, v in resource.items() if k not in ("id", "meta")}
    return {**out, "meta": meta} if meta else out


async def pause(attempt: int) -> None:
    """Between two tries of a contended write. Errors: write-contended after too many."""
    if attempt >= MAX_TRIES:
        raise FhirError("write-contended")
    await asyncio.sleep(random.uniform(0, 0.002 * min(attempt, 10)))
