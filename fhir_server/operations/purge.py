"""$purge of a patient and $purge-history: content forgotten for good, by the administrator."""

from __future__ import annotations

from ..errors import FhirError
from ..exchange import Call, Reply
from ..exchange.call import Json
from ..exchange.compartments import parameters_of
from ..exchange.graph import targets
from ..exchange.operation import ANY, Operation, Values
from ..exchange.searching import Key, key
from ..model.canonical import operation_definition
from ..storage.base import Stored

STEP = 500  # resources looked at together
# Who looked at a record has to stay known after it is gone.
KEPT = frozenset({"AuditEvent"})


async def purge_patient(call: Call, values: Values) -> Reply:
    """Forget a Patient, deleted or not, with its compartment: all resources and all versions.

    A resource that belongs to another Patient too is kept and named, as are AuditEvents, silently.
    What was deleted before has no place in a compartment: `$purge-history` on it. The Patient goes
    last, so that a purge that was cut short can be asked for again.

    Spec: OperationDefinition patient-purge in profiles/.
    Errors: admin-required, read-unknown.
    """
    store = call.service.store
    patient = await store.current("Patient", call.id)
    if patient is None:
        raise FhirError("read-unknown", "Patient")
    kept: dict[Key, None] = {}
    gone = versions = 0
    while True:
        found = await _members(call, key(patient), kept)
        if not found:
            break
        ours = []
        for each in found:
            if _is_shared(call, each):
                kept[key(each)] = None
            else:
                ours.append(key(each))
        signed = await _signatures(call, ours)
        for one in [*signed, *ours]:
            versions += await store.purge(*one, history_only=False)
            gone += 1
    versions += await store.purge("Patient", call.id, history_only=False)
    parameter: list[Json] = [
        {"name": "resources", "valueInteger": gone + 1},
        {"name": "versions", "valueInteger": versions},
        *({"name": "kept", "valueReference": {"reference": f"{t}/{i}"}} for t, i in kept),
    ]
    return Reply.of(200, {"resourceType": "Parameters", "parameter": parameter})


async def _members(call: Call, patient: Key, kept: dict[Key, None]) -> list[Stored]:
    ways = parameters_of(call.service, "Patient")
    ways = {t: codes for t, codes in ways.items() if t not in KEPT}
    found = await call.service.store.pointers(ways, [patient], limit=STEP + len(kept))
    return await call.service.store.many([k for k in found if k not in kept and k != patient])


def _is_shared(call: Call, found: Stored) -> bool:
    """Does it belong to another Patient as well? Another Patient always does."""
    if found.resource_type == "Patient":
        return True
    known = call.service.registry.of(found.resource_type)
    named = {
        k
        for code in parameters_of(call.service, "Patient")[found.resource_type]
        for k in call.service.indexer.references(found.resource, known[code])
        if k[0] == "Patient"
    }
    return bool(named - {("Patient", call.id)})


async def _signatures(call: Call, ours: list[Key]) -> list[Key]:
    """Provenances of nothing but what goes now."""
    store, going = call.service.store, set(ours)
    found = await store.pointers({"Provenance": ("target",)}, ours, limit=10 * STEP)
    return [
        key(each)
        for each in await store.many([k for k in found if k not in going])
        if {(t.type, t.id) for t in targets({"target": each.resource["target"]}, call.base)}
        <= going
    ]


async def purge_history(call: Call, values: Values) -> Reply:
    """Forget the versions before the current one, which stays; of a deleted resource all content.

    Spec: OperationDefinition resource-purge-history in profiles/.
    Errors: admin-required, read-unknown.
    """
    store = call.service.store
    if await store.current(call.resource_type, call.id) is None:
        raise FhirError("read-unknown", call.resource_type)
    versions = await store.purge(call.resource_type, call.id, history_only=True)
    parameter = [{"name": "versions", "valueInteger": versions}]
    return Reply.of(200, {"resourceType": "Parameters", "parameter": parameter})


PATIENT = Operation(
    code="purge",
    definition=operation_definition("patient-purge"),
    resource_types=("Patient",),
    levels=("instance",),
    run=purge_patient,
    affects_state=True,
    admin=True,
    description=("彻底清除患者的全部资料", "forget a patient for good"),
)
HISTORY = Operation(
    code="purge-history",
    definition=operation_definition("resource-purge-history"),
    resource_types=(ANY,),
    levels=("instance",),
    run=purge_history,
    affects_state=True,
    admin=True,
    description=("彻底清除历史版本", "forget the versions before the current one"),
)
