"""search on one resource type, in a compartment, and on the whole system."""

from __future__ import annotations

from ..errors import FhirError, define
from ..exchange import Call, Reply
from ..exchange.bundles import address, bundle, entries_of, outcome_entry
from ..exchange.compartments import parameters_of
from ..exchange.explaining import explanation
from ..exchange.including import included
from ..exchange.outcomes import outcome
from ..exchange.searching import compile_search
from ..model.json import encode
from ..search import Query, write_backward, write_cursor
from ..search.query import CURSOR
from ..storage.base import Page
from ..storage.plan import AnyOf, Clause, Ids, Match, OfType, Test

define(
    "compartment-type",
    "not-supported",
    400,
    "此类型不在该分区中；其中有：{expected}",
    "the type is not in this compartment, which holds: {expected}",
)


async def search(call: Call) -> Reply:
    """One page of matches with what they include.

    `total` is there when it was asked for, or when the page holds all matches anyway.

    Spec: http://hl7.org/fhir/R4/http.html#search, #vsearch
    Errors: search-*, terminology-*, compartment-type, parameter-value, store-not-supported.
    """
    service = call.service
    types, where = _inside(call)
    query = await compile_search(
        service, call.resource_type, call.pairs, lenient=call.lenient, types=types, where=where
    )
    if query.explain:
        return Reply.of(200, await explanation(service, query))
    page = await service.store.search(query.plan)
    entries = entries_of(call.base, page.matches, "match")
    if query.includes or query.revincludes:
        extra = await included(service, query, page.matches)
        entries += entries_of(call.base, extra, "include")
    if query.ignored:
        entries.append(outcome_entry(encode(outcome(query.ignored))))
    total = page.total
    if total is None and page.after is None and query.plan.after is None:
        total = None if query.plan.backward else len(page.matches)
    links = _links(call, query, page)
    return Reply(200, bundle("searchset", entries, total=total, links=links))


def _links(call: Call, query: Query, page: Page) -> list[tuple[str, str]]:
    """self, and the other pages as far as they are known. Spec: http.html#paging"""
    parts = [*(call.compartment or ()), call.resource_type or ("*" if call.compartment else "")]
    path = "/".join([call.base, *(p for p in parts if p)])
    used = query.used
    here = [pair for pair in call.pairs if pair[0] == CURSOR]
    links = [("self", address(path, used + here))]
    if here or page.after is not None or page.before is not None:
        links.append(("first", address(path, used)))
    if page.before is not None:
        links.append(("previous", address(path, [*used, (CURSOR, write_backward(page.before))])))
    if page.after is not None:
        links.append(("next", address(path, [*used, (CURSOR, write_cursor(page.after))])))
    if page.total is not None and page.after is not None:
        links.append(("last", address(path, [*used, (CURSOR, write_backward(None))])))
    return links


def _inside(call: Call) -> tuple[tuple[str, ...], tuple[Clause, ...]]:
    """The types of a compartment that are searched, and the clauses that put them there.

    Spec: http://hl7.org/fhir/R4/compartmentdefinition.html. Errors: compartment-type.
    """
    if call.compartment is None:
        return (), ()
    focus, id = call.compartment
    ways = parameters_of(call.service, focus)
    if call.resource_type:
        if call.resource_type not in (*ways, focus):
            raise FhirError("compartment-type", expected=", ".join(sorted({*ways, focus})))
        return (), (_points(focus, id, call.resource_type, ways.get(call.resource_type, ())),)
    groups: dict[Clause, list[str]] = {}
    for each in sorted({*ways, focus}):
        groups.setdefault(_points(focus, id, each, ways.get(each, ())), []).append(each)
    inside = AnyOf(tuple((OfType(tuple(types)), clause) for clause, types in groups.items()))
    return tuple(sorted({*ways, focus})), (inside,)


def _points(focus: str, id: str, resource_type: str, codes: tuple[str, ...]) -> Clause:
    """One of the reference parameters leads to the focus, or the resource is the focus itself."""
    here = (Test("id", "=", id), Test("url", "=", ""), Test("type", "=", focus))
    ways: list[tuple[Clause, ...]] = [(Match(code, "reference", (here,)),) for code in codes]
    if resource_type == focus:
        ways.append((Ids((id,)),))
    return ways[0][0] if len(ways) == 1 else AnyOf(tuple(ways))
