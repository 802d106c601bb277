"""X-Provenance: who or what is behind a write, stored with it in one transaction.

Spec: http://hl7.org/fhir/R4/provenance.html#header
"""

from __future__ import annotations

from collections.abc import Sequence

from ..errors import FhirError, Issue, define
from ..model.ids import new_id
from ..model.json import decode_object
from ..storage.base import Change, Guard
from .call import Call, Json, Service
from .integrity import conditions
from .writing import change

define(
    "provenance-header", "invalid", 400,
    "请求头 X-Provenance 应为一行 JSON 的 Provenance 资源，不带 target",
    "the header X-Provenance must be a Provenance resource as one line of JSON, without target",
)  # fmt: skip


def read_provenance(service: Service, header: bytes) -> Json:
    """The resource in the header, valid but for its target, which the server fills in.

    Errors: provenance-header, followed by what is wrong with the resource.
    """
    try:
        resource = decode_object(header)
    except FhirError as error:
        raise _wrong(error.issues) from None
    if resource.get("resourceType") != "Provenance" or "target" in resource:
        raise _wrong([])
    issues = service.structure.check(with_targets(resource, ["Patient/x"]), "Provenance")
    if issues:
        raise _wrong(issues)
    return resource


def _wrong(issues: Sequence[Issue]) -> FhirError:
    return FhirError.of([Issue("provenance-header", "X-Provenance"), *issues])


def with_targets(resource: Json, targets: Sequence[str]) -> Json:
    return {**resource, "target": [{"reference": each} for each in targets]}


async def commit(call: Call, changes: Sequence[Change], guards: Sequence[Guard] = ()) -> None:
    """Write the changes of an interaction together with the Provenance that came with them.

    Its targets are the versions that this call makes; a call that makes none stores none. The rules
    of referential integrity hold for all of them.
    Errors: delete-referenced, reference-missing, and as of the store.
    """
    every = _with_provenance(call, changes)
    more = await conditions(call, every) if call.service.integrity != "off" else ()
    await call.service.store.write(every, [*guards, *more])


def _with_provenance(call: Call, changes: Sequence[Change]) -> Sequence[Change]:
    if call.provenance is None:
        return changes
    targets = [
        f"{each.resource_type}/{each.id}/_history/{each.version}"
        for each in changes
        if each.method != "DELETE"
    ]
    every = list(changes)
    if targets:
        resource = with_targets(call.provenance, targets)
        every.append(change(call.service, resource, new_id(), 1, "POST"))
    return every
