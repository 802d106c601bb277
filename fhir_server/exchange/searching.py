"""Pages of matches with what they include, for the search interaction and for operations."""

from __future__ import annotations

from collections.abc import Sequence
from urllib.parse import parse_qsl, urlsplit

from ..errors import FhirError
from ..search import Include, Query
from ..search.query import EDGE
from ..storage.base import Guard, Stored
from ..storage.plan import Plan
from .call import Service

MAX_INCLUDES = 1000  # included resources on one page
Key = tuple[str, str]


def key(found: Stored) -> Key:
    return found.resource_type, found.id


async def included(service: Service, query: Query, matches: Sequence[Stored]) -> list[Stored]:
    """What `_include` and `_revinclude` add to a page, each resource once.

    Spec: http://hl7.org/fhir/R4/search.html#include. Errors: search-too-costly.
    """
    seen = {key(each) for each in matches}
    out: list[Stored] = []
    wanted: dict[Key, None] = {}
    for include in query.includes:
        for match in matches:
            wanted.update(dict.fromkeys(references(service, include, match)))
    out += await service.store.many([k for k in wanted if k not in seen])
    seen.update(map(key, out))
    for include in query.revincludes:
        targets = [
            key(m) for m in matches if not include.target or m.resource_type == include.target
        ]
        found = await service.store.referrers(
            include.source, include.parameter.code, targets, limit=MAX_INCLUDES + 1
        )
        fresh = [each for each in found if key(each) not in seen]
        seen.update(map(key, fresh))
        out += fresh
    if len(out) > MAX_INCLUDES:
        raise FhirError("search-too-costly", "_revinclude")
    return out


def references(service: Service, include: Include, found: Stored) -> list[Key]:
    if include.source != found.resource_type:
        return []
    pairs = service.indexer.references(found.resource, include.parameter)
    return [p for p in pairs if not include.target or p[0] == include.target]


def criteria_pairs(resource_type: str, text: str) -> list[Key]:
    """The parameters of `identifier=x`, `?identifier=x`, `Patient?identifier=x` or a full URL.

    Errors: criteria-empty, type-mismatch.
    """
    parts = urlsplit(text.strip())
    query = parts.query
    if not query and "?" not in text:
        query, named = text.strip(), ""
    else:
        named = parts.path.rstrip("/").rpartition("/")[2]
    if named and named != resource_type:
        raise FhirError("type-mismatch", expected=resource_type)
    pairs = parse_qsl(query, keep_blank_values=True)
    if not pairs:
        raise FhirError("criteria-empty", resource_type)
    return pairs


async def matching(
    service: Service, resource_type: str, pairs: Sequence[Key], limit: int
) -> tuple[list[Stored], Guard]:
    """What conditional criteria match, and the guard that keeps anything from appearing.

    An unknown parameter is refused however the client wants it handled, and so is one without a
    value: ignoring either would widen what is written.
    Errors: criteria-empty, criteria-value, and as for search.
    """
    pairs = [pair for pair in pairs if pair[0] not in EDGE]
    if not all(value.strip() for _, value in pairs):
        raise FhirError("criteria-value", resource_type)
    where = service.compiler.criteria(resource_type, pairs)
    plan = Plan(resource_type, where, limit=limit, fresh=True)
    guard = Guard(f"{resource_type}?" + "&".join(f"{n}={v}" for n, v in sorted(pairs)), plan)
    return (await service.store.search(plan)).matches, guard


async def find_one(
    service: Service, resource_type: str, pairs: Sequence[Key]
) -> tuple[Stored | None, Guard]:
    """The one match of conditional criteria, and the guard that keeps a second from appearing.

    Spec: http://hl7.org/fhir/R4/http.html#ccreate. Errors: duplicate-found, and as `matching`.
    """
    found, guard = await matching(service, resource_type, pairs, 2)
    if len(found) > 1:
        raise FhirError("duplicate-found", resource_type)
    return (found[0] if found else None), guard
