"""search on one resource type."""

from __future__ import annotations

from ..exchange import Call, Reply
from ..exchange.bundles import address, bundle, entries_of, outcome_entry
from ..exchange.outcomes import outcome
from ..exchange.searching import included
from ..model.json import encode
from ..search import write_cursor


async def search(call: Call) -> Reply:
    """One page of matches with what they include, as a searchset.

    `total` is there when it was asked for, or when the page holds all matches anyway.

    Spec: http://hl7.org/fhir/R4/http.html#search
    Errors: search-*, parameter-value, store-not-supported.
    """
    service = call.service
    query = service.compiler.compile(call.resource_type, call.pairs, lenient=call.lenient)
    page = await service.store.search(query.plan)
    entries = entries_of(call.base, page.matches, "match")
    if query.includes or query.revincludes:
        extra = await included(service, query, page.matches)
        entries += entries_of(call.base, extra, "include")
    if query.ignored:
        entries.append(outcome_entry(encode(outcome(query.ignored))))
    path = f"{call.base}/{call.resource_type}"
    links = [("self", address(path, _own(call, query.used)))]
    if page.after is not None:
        kept = [*query.used, ("_cursor", write_cursor(page.after))]
        links.append(("next", address(path, kept)))
    total = page.total
    if total is None and page.after is None and query.plan.after is None:
        total = len(page.matches)
    return Reply(200, bundle("searchset", entries, total=total, links=links))


def _own(call: Call, used: list[tuple[str, str]]) -> list[tuple[str, str]]:
    return used + [pair for pair in call.pairs if pair[0] == "_cursor"]
