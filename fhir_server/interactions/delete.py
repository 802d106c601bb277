"""delete, by id and conditional."""

from __future__ import annotations

from urllib.parse import urlencode

from ..exchange import Call, Reply
from ..exchange.attempts import Decision, carry_out_in_turn
from ..exchange.integrity import CASCADE, wants_cascade, with_referrers
from ..exchange.preconditions import check_preconditions
from ..exchange.targets import Target, by_id, deleted, to_delete
from ..exchange.writing import stored


async def delete(call: Call) -> Reply:
    """Mark a resource as deleted; its versions stay. A second time has no effect.

    With criteria: what they match, one resource, or several up to the configured limit. What
    others refer to stays, unless these are to go with it (`_cascade=delete`).

    Spec: http://hl7.org/fhir/R4/http.html#delete and #3.1.0.7.1
    Errors: version-etag, version-conflict, criteria-*, duplicate-found, delete-referenced,
    cascade-off, cascade-many.
    """
    return await carry_out_in_turn(call, call.id or urlencode(call.pairs), lambda: _decide(call))


async def _decide(call: Call) -> Decision:
    targets = await _targets(call)
    changes = [each for each in map(deleted, targets) if each is not None]
    only = targets[0].current if len(targets) == 1 else None  # of several, none is the answer
    if changes and (call.id or len(changes) == 1):
        only = stored(changes[0])
    return Decision(Reply.deleted(only, len(changes)), changes)


async def _targets(call: Call) -> list[Target]:
    """Preconditions are about one resource, so that several do not meet any."""
    service, resource_type = call.service, call.resource_type
    if call.id:
        targets = [await by_id(service, resource_type, call.id)]
    else:
        pairs = [pair for pair in call.pairs if pair[0] != CASCADE]
        targets = await to_delete(service, resource_type, pairs)
    current = targets[0].current if len(targets) == 1 else None
    check_preconditions(
        current, if_match=call.if_match, if_none_match=call.if_none_match, at=resource_type
    )
    return await with_referrers(service, targets) if wants_cascade(call.pairs) else targets
