"""create, plain and conditional."""

from __future__ import annotations

from ..exchange import Call, Reply
from ..exchange.attempts import Decision, carry_out
from ..exchange.searching import criteria_pairs
from ..exchange.targets import to_create, written
from ..exchange.writing import change, check, stored
from ..model.ids import new_id
from ..search.query import EDGE


async def create(call: Call) -> Reply:
    """A new resource with an id of the server; with criteria only where nothing matches them.

    Criteria come in If-None-Exist, or in the query string as some clients send them.

    Spec: http://hl7.org/fhir/R4/http.html#create and #ccreate
    Errors: structure-*, type-mismatch, duplicate-found, criteria-*, search-*.
    """
    service, resource_type = call.service, call.resource_type
    resource = await check(call, call.resource, resource_type)
    pairs = [p for p in call.pairs if p[0] not in EDGE]
    if call.if_none_exist:
        pairs = criteria_pairs(resource_type, call.if_none_exist)

    async def decide() -> Decision:
        if not pairs:
            new = change(service, resource, new_id(), 1, "POST")
            return Decision(Reply.written_as(201, stored(new)), [new])
        target = await to_create(service, resource_type, pairs)
        if target.current is not None:
            return Decision(Reply.written_as(200, target.current))
        made = written(service, target, resource)
        assert made is not None
        return Decision(Reply.written_as(201, stored(made)), [made], target.guards)

    return await carry_out(call, decide)
