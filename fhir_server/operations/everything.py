"""$everything of Patient, Encounter and ServiceRequest."""

from __future__ import annotations

from typing import Any

from ..errors import FhirError
from ..exchange import Call, Reply
from ..exchange.bundles import address, bundle, entries_of
from ..exchange.care import SCOPE, Scope
from ..exchange.compartments import (
    Part,
    compartment_page,
    cursor_of,
    read_mark,
    supporting,
    write_mark,
)
from ..exchange.operation import In, Operation, Values
from ..exchange.paging import PAGE, count_of, next_link
from ..exchange.reading import live
from ..exchange.referral import collect
from ..exchange.searching import key
from ..model.canonical import operation_definition
from ..search.query import MAX_COUNT
from ..storage.base import Stored
from ..storage.plan import Cursor, Plan

FOCI = 200  # patients looked at for one page of Patient/$everything


async def everything(call: Call, values: Values) -> Reply:
    """The resource with its compartment, as far as `start`, `end`, `_since` and `_type` reach, and
    with who and what it refers to; at the type level that of each Patient in turn.

    Pages go by type, then by creation. Supporting resources come with the page that needs them.

    Spec: http://hl7.org/fhir/R4/operation-patient-everything.html, -encounter-everything.html
    Errors: read-unknown, read-deleted, parameter-*, search-page, search-too-costly.
    """
    scope = Scope.of(call.service, values)
    limit, mark = _limit(values), read_mark(values.one("_cursor"))
    if not call.id:
        return await _of_all(call, values, scope, limit, mark)
    focus = await focus_of(call)
    part = await compartment_page(call.service, focus, scope, limit, mark)
    extra = await supporting(call.service, focus, part.matches, scope, call.base)
    return _page(call, values, OPERATIONS[call.resource_type], part, extra)


async def _of_all(
    call: Call, values: Values, scope: Scope, limit: int, mark: list[Any] | None
) -> Reply:
    """Shape of the mark: ["*", [the cursor before the patient], [the mark within it] or null]."""
    service, part = call.service, Part()
    before, inner = _split(mark)
    extra: dict[tuple[str, str], Stored] = {}
    for _ in range(FOCI):
        page = await service.store.search(Plan("Patient", limit=1, after=before))
        part.after = None
        if not page.matches:
            break
        room = limit - len(part.matches)
        one = await compartment_page(service, page.matches[0], scope, room, inner)
        part.matches += one.matches
        shown = await supporting(service, page.matches[0], one.matches, scope, call.base)
        extra.update({key(each): each for each in shown})
        inner = one.after
        if inner is None:
            if page.after is None:
                break
            before = page.after
        part.after = ["*", list(before or ()), inner]
        if len(part.matches) >= limit:
            break
    unique = {key(each): each for each in part.matches}
    part.matches = list(unique.values())
    rest = [each for k, each in extra.items() if k not in unique]
    return _page(call, values, OPERATIONS["Patient"], part, rest)


def _split(mark: list[Any] | None) -> tuple[Cursor | None, list[Any] | None]:
    """Errors: search-page."""
    if mark is None:
        return None, None
    if len(mark) != 3 or mark[0] != "*" or not isinstance(mark[1], list):
        raise FhirError("search-page", "_cursor")
    if mark[2] is not None and not isinstance(mark[2], list):
        raise FhirError("search-page", "_cursor")
    return cursor_of(mark[1]), mark[2]


async def of_referral(call: Call, values: Values) -> Reply:
    """One referral with its chain and all that belongs to it.

    Spec: OperationDefinition service-request-everything in profiles/. Errors: as everything.
    """
    scope = Scope.of(call.service, values)
    limit, mark = _limit(values), read_mark(values.one("_cursor"))
    focus = await focus_of(call)
    found = await collect(call.service, focus, call.base, audit="AuditEvent" in scope.types)
    members = scope.keep(call.service, found.members[1:], care=True)
    members = [*scope.keep(call.service, [focus], care=False), *sorted(members, key=key)]
    around = scope.keep(call.service, found.supporting, care=False)
    # The place is that of the last resource shown: nothing is lost where one is added before it.
    if mark is not None:
        last = (mark[0], str(mark[1]) if len(mark) > 1 else "")
        members = [each for each in members if each is not focus and key(each) > last]
    part = Part(members[:limit])
    if len(members) > limit > 0:
        end = part.matches[-1]
        part.after = ["", ""] if end is focus else list(key(end))
    named = {key(each) for each in part.matches}
    extra = [each for each in around if key(each) not in named] if part.after is None else []
    return _page(call, values, REFERRAL, part, extra)


async def focus_of(call: Call) -> Stored:
    """Errors: read-unknown, read-deleted."""
    current = await call.service.store.current(call.resource_type, call.id)
    return live(current, call.resource_type)


def _limit(values: Values) -> int:
    """Errors: parameter-value."""
    limit = count_of(values, MAX_COUNT)
    if limit == 0:
        raise FhirError("parameter-value", name="_count", expected=f"1..{MAX_COUNT}")
    return limit


def _page(
    call: Call, values: Values, operation: Operation, part: Part, extra: list[Stored]
) -> Reply:
    path = "/".join(p for p in (call.base, call.resource_type, call.id, "$everything") if p)
    links = [("self", address(path, call.pairs))]
    if part.after is not None:
        links.append(next_link(path, call, operation, values, write_mark(part.after)))
    entries = entries_of(call.base, part.matches, "match")
    entries += entries_of(call.base, extra, "include")
    # The total is known only where there is one page: R4 wants it without included resources.
    whole = part.after is None and not values.one("_cursor")
    total = len(part.matches) if whole else None
    return Reply(200, bundle("searchset", entries, total=total, links=links))


_IN: dict[str, In] = {**SCOPE, **PAGE}
OPERATIONS = {
    name: Operation(
        code="everything",
        definition=f"http://hl7.org/fhir/OperationDefinition/{name}-everything",
        resource_types=(name,),
        levels=levels,
        run=everything,
        parameters=_IN,
        description=(f"{name} 的全部资料", f"all that is known of the {name}"),
    )
    for name, levels in (("Patient", ("type", "instance")), ("Encounter", ("instance",)))
}
REFERRAL = Operation(
    code="everything",
    definition=operation_definition("service-request-everything"),
    resource_types=("ServiceRequest",),
    levels=("instance",),
    run=of_referral,
    parameters=_IN,
    description=("一次转诊的全部资料", "all that belongs to a referral"),
)
