"""Which resource a write is for: by its id, or by the criteria of a conditional interaction.

Spec: http://hl7.org/fhir/R4/http.html#cond-update and the sections beside it
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from ..errors import FhirError, define
from ..model.ids import new_id
from ..storage.base import Change, Guard, Stored
from .call import Call, Json, Service
from .patching import Patch
from .reading import live
from .searching import Key, find_one, matching
from .writing import change, check, deletion, same_content

define(
    "criteria-id", "value", 400,
    "资源中的 id 与条件所匹配资源的 id 不同",
    "the id in the resource is not that of the resource that the criteria match",
)  # fmt: skip
define(
    "criteria-id-used", "conflict", 409,
    "资源中的 id 已被另一个不符合条件的资源使用",
    "the id in the resource belongs to another resource, which the criteria do not match",
)  # fmt: skip
define(
    "criteria-many", "multiple-matches", 412,
    "条件匹配的资源过多，一次最多删除 {limit} 个（FHIR_SERVER_MAX_CONDITIONAL_DELETES）",
    "the criteria match too many resources; at most {limit} may be deleted at once"
    " (FHIR_SERVER_MAX_CONDITIONAL_DELETES)",
)  # fmt: skip


@dataclass(slots=True)
class Target:
    """The resource of a write as it stands now, maybe a tombstone, maybe nothing yet.

    `guard` holds where criteria found nothing: it keeps them from finding something by the commit.
    """

    resource_type: str
    id: str
    current: Stored | None = None
    guard: Guard | None = None
    made_id: bool = False  # the id is new and this server's

    @property
    def live(self) -> Stored | None:
        return None if self.current is None or self.current.deleted else self.current

    @property
    def guards(self) -> list[Guard]:
        return [self.guard] if self.guard else []


async def by_id(service: Service, resource_type: str, id: str) -> Target:
    return Target(resource_type, id, await service.store.current(resource_type, id))


async def to_create(service: Service, resource_type: str, pairs: Sequence[Key]) -> Target:
    """Errors: duplicate-found, criteria-*, search-*."""
    found, guard = await find_one(service, resource_type, pairs)
    if found is not None:
        return Target(resource_type, found.id, found)
    return Target(resource_type, new_id(), None, guard, made_id=True)


async def to_update(
    service: Service, resource_type: str, pairs: Sequence[Key], resource: Json
) -> Target:
    """Nothing found: a new resource, under the id that the client gives, if it does.

    Spec: http://hl7.org/fhir/R4/http.html#cond-update
    Errors: criteria-id, criteria-id-used, duplicate-found, criteria-*, search-*.
    """
    target = await to_create(service, resource_type, pairs)
    given = resource.get("id")
    if given is None or given == target.id:
        return target
    if target.current is not None:
        raise FhirError("criteria-id", f"{resource_type}.id")
    own = await by_id(service, resource_type, given)
    if own.live is not None:
        raise FhirError("criteria-id-used", f"{resource_type}.id")
    own.guard = target.guard
    return own


async def to_patch(service: Service, resource_type: str, pairs: Sequence[Key]) -> Target:
    """Errors: read-unknown, duplicate-found, criteria-*, search-*."""
    found, _ = await find_one(service, resource_type, pairs)
    return Target(resource_type, live(found, resource_type).id, found)


async def to_delete(service: Service, resource_type: str, pairs: Sequence[Key]) -> list[Target]:
    """As many as may be deleted at once. Errors: duplicate-found, criteria-*, search-*."""
    limit = service.limits.conditional_deletes
    found, _ = await matching(service, resource_type, pairs, limit + 1)
    if len(found) > limit:
        if limit == 1:
            raise FhirError("duplicate-found", resource_type)
        raise FhirError("criteria-many", resource_type, limit=limit)
    return [Target(resource_type, each.id, each) for each in found]


def check_id(resource_type: str, id: str, resource: Json) -> None:
    """Is the body of an update for this address? Errors: id-missing, id-mismatch."""
    if "id" not in resource:
        raise FhirError("id-missing", resource_type + ".id")
    if resource["id"] != id:
        raise FhirError("id-mismatch", resource_type + ".id")


def written(service: Service, target: Target, resource: Json) -> Change | None:
    """The next version of the target; None where it has this content already."""
    if target.live is not None and same_content(target.live, resource):
        return None
    version = target.current.version + 1 if target.current else 1
    return change(service, resource, target.id, version, "POST" if target.made_id else "PUT")


async def patched(call: Call, target: Target, patch: Patch) -> Json:
    """The target's content after the patch, valid as after an update.

    Errors: read-unknown, read-deleted, patch-*, structure-*.
    """
    resource_type = target.resource_type
    resource = patch.apply(live(target.current, resource_type).resource)
    return await check(call, resource, resource_type)


def deleted(target: Target) -> Change | None:
    """None where nothing is there to delete."""
    if target.live is None:
        return None
    return deletion(target.resource_type, target.id, target.live.version + 1)
