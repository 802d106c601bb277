"""Document Bundles. Spec: http://hl7.org/fhir/R4/documents.html"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from ..errors import FhirError, define
from ..model.dates import instant
from ..model.json import encode
from ..model.references import Target
from ..storage.base import Stored
from .attempts import Decision, carry_out
from .call import Call, Json, Reply, Service
from .graph import targets_of
from .searching import Key, key
from .writing import change

define(
    "document-missing",
    "not-found",
    422,
    "文档引用的资源不在本服务器上：{expected}",
    "the document refers to a resource that is not on this server: {expected}",
)
MAX_ENTRIES = 3000


async def referenced(service: Service, first: Stored, base: str) -> list[Stored]:
    """All that a resource refers to, directly or not, in the order of the references. A reference
    that names a version brings that version.

    Errors: document-missing where `first` itself names what is not here; search-too-costly.
    """
    seen: dict[Key, None] = {key(first): None}
    out: list[Stored] = []
    front = [first]
    while front:
        wanted: dict[Key, Target] = {}
        for each in front:
            for target in targets_of(each, base):
                if (target.type, target.id) not in seen:
                    wanted.setdefault((target.type, target.id), target)
        seen.update(dict.fromkeys(wanted))
        if len(seen) > MAX_ENTRIES:
            raise FhirError("search-too-costly", first.resource_type)
        found = await resolve(service, wanted.values())
        if front == [first]:
            for k, target in wanted.items():
                if k not in found:
                    raise FhirError("document-missing", first.resource_type, expected=target.type)
        front = [found[k] for k in wanted if k in found]
        out += front
    return out


async def resolve(service: Service, wanted: Iterable[Target]) -> dict[Key, Stored]:
    """The resources that targets name, without those that are not here or deleted."""
    rows = list(wanted)
    current = [(t.type, t.id) for t in rows if not t.version]
    found = {key(each): each for each in await service.store.many(current)}
    for target in rows:
        if target.version.isascii() and target.version.isdigit():
            number = int(target.version[:18])
            each = await service.store.version(target.type, target.id, number)
            if each is not None and not each.deleted:
                found[key(each)] = each
    return found


def document(
    base: str, identifier: Json, moment: int, entries: Sequence[Stored], **more: object
) -> Json:
    """Shape: `entries` begin with the Composition. Units: `moment` microseconds since 1970."""
    return {
        "resourceType": "Bundle",
        **more,
        "identifier": identifier,
        "type": "document",
        "timestamp": instant(moment),
        "entry": [
            {"fullUrl": f"{base}/{each.resource_type}/{each.id}", "resource": each.resource}
            for each in entries
        ],
    }


async def answer(call: Call, bundle: Json, *, persist: bool) -> Reply:
    """The Bundle; where it is kept, with its place. Kept twice under one id, it stays as it is.

    Errors: write-contended, and as of the store.
    """
    reply = Reply(200, encode(bundle))
    if not persist:
        return reply
    id = str(bundle["id"])
    reply.location = f"Bundle/{id}/_history/1"

    async def decide() -> Decision:
        there = await call.service.store.current("Bundle", id) is not None
        return Decision(reply, () if there else [change(call.service, bundle, id, 1, "PUT")])

    return await carry_out(call, decide)
