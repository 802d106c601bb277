"""patch, by id and conditional."""

from __future__ import annotations

from urllib.parse import urlencode

from ..errors import FhirError
from ..exchange import Call, Reply
from ..exchange.attempts import Decision, carry_out_in_turn
from ..exchange.preconditions import check_preconditions
from ..exchange.reading import live
from ..exchange.targets import by_id, patched, to_patch, written
from ..exchange.writing import stored


async def patch(call: Call) -> Reply:
    """Change parts of a resource, all operations of the patch or none; checked as an update is.

    A patch that changes nothing makes no version.

    Spec: http://hl7.org/fhir/R4/http.html#patch and #cond-patch
    Errors: read-unknown, read-deleted, version-etag, version-conflict, version-exists, patch-*,
    structure-*, criteria-*, duplicate-found.
    """
    service, resource_type, change = call.service, call.resource_type, call.patch
    if change is None:
        raise FhirError("json-empty")

    async def decide() -> Decision:
        if call.id:
            target = await by_id(service, resource_type, call.id)
        else:
            target = await to_patch(service, resource_type, call.pairs)
        current = live(target.current, resource_type)
        check_preconditions(
            current, if_match=call.if_match, if_none_match=call.if_none_match, at=resource_type
        )
        new = written(service, target, await patched(call, target, change))
        if new is None:
            return Decision(Reply.written_as(200, current))
        return Decision(Reply.written_as(200, stored(new)), [new])

    return await carry_out_in_turn(call, call.id or urlencode(call.pairs), decide)
