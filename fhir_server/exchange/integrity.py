"""Referential integrity: what others point to stays, and references lead somewhere.

Spec: http://hl7.org/fhir/R4/http.html#delete and http://hl7.org/fhir/R4/references.html
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from ..errors import FhirError, Issue, define
from ..model.references import parse_reference
from ..storage.base import Change, Guard, Present, Unreferenced
from .call import Call, Service
from .graph import pointing
from .rewriting import texts
from .searching import Key
from .targets import Target

# They tell what was done to a resource, and have to outlive it.
RECORDS = frozenset({"Provenance", "AuditEvent"})
NAMED = 20  # referrers in one message
CASCADE = "_cascade"

define(
    "delete-referenced", "conflict", 409,
    "仍有资源引用它，不能删除：{names}。请先删除或更改它们，或用 _cascade=delete 一并删除",
    "other resources refer to it: {names}. Delete or change them first, or delete them along with"
    " it by _cascade=delete",
)  # fmt: skip
define(
    "reference-missing", "not-found", 422,
    "引用的资源不存在", "the resource that is referred to does not exist",
)  # fmt: skip
define(
    "cascade-many", "conflict", 409,
    "级联删除最多涉及 {limit} 个资源（FHIR_SERVER_MAX_CASCADE）",
    "a cascading delete may take at most {limit} resources (FHIR_SERVER_MAX_CASCADE)",
)  # fmt: skip
define(
    "cascade-off", "forbidden", 403,
    "此服务器不允许级联删除", "this server does not allow cascading deletes",
)  # fmt: skip


def wants_cascade(pairs: Iterable[Key]) -> bool:
    """Does a delete ask for `_cascade=delete`? Errors: parameter-value."""
    values = {value for name, value in pairs if name == CASCADE}
    if not values <= {"delete", "none"}:
        raise FhirError("parameter-value", CASCADE, name=CASCADE, expected="delete, none")
    return "delete" in values


async def with_referrers(service: Service, roots: Sequence[Target]) -> list[Target]:
    """What is to be deleted, what points to that, what points to these, and so on.

    Errors: cascade-off, cascade-many.
    """
    limit = service.limits.cascade
    if not limit:
        raise FhirError("cascade-off")
    out = list(roots)
    seen = {(each.resource_type, each.id) for each in roots}
    front = [(each.resource_type, each.id) for each in roots if each.live is not None]
    while front:
        found = await _pointers(service, front, limit + len(seen) + 1)
        fresh = [key for key in found if key not in seen]
        if len(out) + len(fresh) > limit:
            raise FhirError("cascade-many", limit=limit)
        seen.update(fresh)
        stored = await service.store.many(fresh)
        out += [Target(each.resource_type, each.id, each) for each in stored]
        front = fresh
    return out


async def conditions(call: Call, changes: Sequence[Change]) -> list[Guard | Unreferenced | Present]:
    """What must hold when the changes commit; looked at now, so that a failure can be named.

    Errors: delete-referenced, reference-missing.
    """
    service = call.service
    if service.integrity == "off":
        return []
    written = {(each.resource_type, each.id) for each in changes if each.method != "DELETE"}
    gone = [(each.resource_type, each.id) for each in changes if each.method == "DELETE"]
    strict = service.integrity == "write"
    out: list[Guard | Unreferenced | Present] = []
    if gone:
        await _check_deleted(service, changes, gone)
        out.append(Unreferenced(tuple(gone), _params(service, gone), strict))
    if strict:
        targets = await _check_written(call, changes, written)
        if targets:
            out.append(Present(tuple(targets)))
    return out


def _params(service: Service, keys: Iterable[Key]) -> dict[str, tuple[str, ...]]:
    """Parameters that may point to the types of some resources."""
    out: dict[str, dict[str, None]] = {}
    for target in dict.fromkeys(key[0] for key in keys):
        for source, codes in pointing(service, target, without=RECORDS).items():
            out.setdefault(source, {}).update(dict.fromkeys(codes))
    return {source: tuple(codes) for source, codes in out.items()}


async def _pointers(service: Service, keys: Sequence[Key], limit: int) -> list[Key]:
    return await service.store.pointers(_params(service, keys), keys, limit=limit)


async def _check_deleted(service: Service, changes: Sequence[Change], gone: list[Key]) -> None:
    """Errors: delete-referenced, also for what the same batch writes."""
    own = {(each.resource_type, each.id) for each in changes}
    found = await _pointers(service, gone, len(own) + NAMED + 1)
    found = sorted(key for key in found if key not in own) + _own_referrers(changes, set(gone))
    if found:
        names = ", ".join(f"{name}/{id}" for name, id in found[:NAMED])
        more = " …" if len(found) > NAMED else ""
        raise FhirError("delete-referenced", gone[0][0], names=names + more)


def _own_referrers(changes: Sequence[Change], gone: set[Key]) -> list[Key]:
    return [
        (each.resource_type, each.id)
        for each in changes
        if each.resource_type not in RECORDS
        and any((row[1], row[2]) in gone for row in each.index.get("reference", ()))
    ]


async def _check_written(
    call: Call, changes: Sequence[Change], written: set[Key]
) -> dict[Key, None]:
    """The resources that the changes refer to. Errors: reference-missing, with every place."""
    places: dict[Key, list[str]] = {}
    for each in changes:
        for path, target in _references(call, each):
            if target not in written:
                places.setdefault(target, []).append(path)
    there = {(f.resource_type, f.id) for f in await call.service.store.many(list(places))}
    missing = [at for target, found in places.items() if target not in there for at in found]
    if missing:
        raise FhirError.of([Issue("reference-missing", at) for at in missing[:NAMED]])
    return dict.fromkeys(places)


def _references(call: Call, change: Change) -> Iterable[tuple[str, Key]]:
    """Each literal reference of a resource to one of this server, with its place.

    What a Bundle carries is of its time and place: a document that came from elsewhere, or of what
    was deleted since, is kept as it is. Spec: http://hl7.org/fhir/R4/bundle.html#references
    """
    if change.resource is None or change.resource_type == "Bundle":
        return
    for path, owner, name in texts(change.resource, change.resource_type, lambda _: True):
        if name == "reference":
            target = parse_reference(owner[name], call.base)
            if target is not None and target.id:
                yield path, (target.type, target.id)
