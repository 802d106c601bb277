"""create, plain and conditional."""

from __future__ import annotations

from urllib.parse import urlencode

from ..exchange import Call, Reply
from ..exchange.provenance import commit
from ..exchange.searching import find_one
from ..exchange.writing import change, check, pause, stored
from ..model.ids import new_id
from ..search.query import EDGE
from ..storage.base import Conflict


async def create(call: Call) -> Reply:
    """A new resource with an id of the server; with criteria only where nothing matches them.

    Criteria come in If-None-Exist, or in the query string as some clients send them.

    Spec: http://hl7.org/fhir/R4/http.html#create and #ccreate
    Errors: structure-*, type-mismatch, duplicate-found, criteria-empty, search-*.
    """
    resource = check(call.service, call.resource, call.resource_type)
    criteria = call.if_none_exist or urlencode([p for p in call.pairs if p[0] not in EDGE])
    if not criteria:
        new = change(call.service, resource, new_id(), 1, "POST")
        await commit(call, [new])
        return Reply.written_as(201, stored(new))
    for attempt in range(1, 100):
        found, guard = await find_one(call.service, call.resource_type, criteria)
        if found is not None:
            return Reply.written_as(200, found)
        new = change(call.service, resource, new_id(), 1, "POST")
        try:
            await commit(call, [new], [guard])
        except Conflict:  # another client was first; the next look finds its resource
            await pause(attempt)
            continue
        return Reply.written_as(201, stored(new))
    raise AssertionError("pause() ends the loop")
