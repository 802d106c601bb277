"""$snapshot: a profile with its snapshot, made from its differential."""

from __future__ import annotations

from ..errors import FhirError, define
from ..exchange import Call, Reply
from ..exchange.operation import In, Operation, Values
from ..exchange.reading import live
from ..validation.snapshot import SnapshotError, generate

define(
    "snapshot-broken",
    "invalid",
    422,
    "无法生成快照：{reason}",
    "no snapshot can be made: {reason}",
)
define(
    "snapshot-unknown",
    "not-found",
    404,
    "此处没有该 StructureDefinition",
    "this StructureDefinition is not known here",
)


async def snapshot(call: Call, values: Values) -> Reply:
    """The StructureDefinition given, named by its canonical, or stored under the id.

    Spec: http://hl7.org/fhir/R4/structuredefinition-operation-snapshot.html
    Errors: read-unknown, read-deleted, snapshot-unknown, snapshot-broken, parameter-missing.
    """
    profiles = call.service.profiles
    given = values.one("definition")
    url = values.one("url")
    if call.id:
        current = await call.service.store.current(call.resource_type, call.id)
        given = live(current, call.resource_type).resource
    elif given is None and url:
        given = await profiles.ask(lambda validator: validator.scope.profile(url))
        if given is None:
            raise FhirError("snapshot-unknown", "url")
    if given is None:
        raise FhirError("parameter-missing", name="definition | url")
    if given.get("resourceType") != "StructureDefinition":
        raise FhirError("type-mismatch", "resourceType", expected="StructureDefinition")
    definition = given
    try:
        made = await profiles.ask(lambda validator: generate(validator.compiler, definition))
    except SnapshotError as error:
        raise FhirError("snapshot-broken", "StructureDefinition", reason=str(error)) from None
    return Reply.of(200, made)


OPERATION = Operation(
    code="snapshot",
    definition="http://hl7.org/fhir/OperationDefinition/StructureDefinition-snapshot",
    resource_types=("StructureDefinition",),
    levels=("type", "instance"),
    run=snapshot,
    parameters={
        "definition": In("Resource", "有差异部分的 profile / a profile with its differential"),
        "url": In("string", "已知 profile 的 canonical / the canonical of a known profile"),
    },
    description=("由差异部分生成快照", "a snapshot from the differential"),
)
