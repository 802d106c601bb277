"""update, by id and conditional, also as create."""

from __future__ import annotations

from urllib.parse import urlencode

from ..errors import FhirError
from ..exchange import Call, Reply
from ..exchange.attempts import Decision, carry_out_in_turn
from ..exchange.preconditions import check_preconditions
from ..exchange.targets import by_id, check_id, to_update, written
from ..exchange.writing import check, stored
from ..model.ids import is_id


async def update(call: Call) -> Reply:
    """A new version of a resource, or the first under an id that the client chose.

    The same content again makes no new version. Without If-Match the last writer wins, and every
    version is in the history. With `If-None-Match: *` it only creates. On a type, the criteria in
    the query string name the resource.

    Spec: http://hl7.org/fhir/R4/http.html#update, #upsert and #cond-update
    Errors: id-invalid, id-missing, id-mismatch, version-etag, version-conflict, version-exists,
    structure-*, criteria-*, duplicate-found.
    """
    service, resource_type = call.service, call.resource_type
    if call.id and not is_id(call.id):
        raise FhirError("id-invalid", resource_type)
    resource = await check(call, call.resource, resource_type)
    if call.id:
        check_id(resource_type, call.id, resource)

    async def decide() -> Decision:
        if call.id:
            target = await by_id(service, resource_type, call.id)
        else:
            target = await to_update(service, resource_type, call.pairs, resource)
        check_preconditions(
            target.current,
            if_match=call.if_match,
            if_none_match=call.if_none_match,
            at=resource_type,
        )
        new = written(service, target, resource)
        if new is None:
            assert target.current is not None
            return Decision(Reply.written_as(200, target.current))
        status = 201 if target.live is None else 200
        return Decision(Reply.written_as(status, stored(new)), [new], target.guards)

    return await carry_out_in_turn(call, call.id or urlencode(call.pairs), decide)
