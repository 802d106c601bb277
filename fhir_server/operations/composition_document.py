"""$document: a Composition with all it refers to, as a document Bundle."""

from __future__ import annotations

from ..errors import FhirError
from ..exchange import Call, Reply
from ..exchange.documents import MAX_ENTRIES, answer, document, referenced
from ..exchange.operation import In, Operation, Values
from ..exchange.parameters import resource_id
from ..exchange.reading import live
from ..exchange.searching import key
from ..model.dates import now
from ..model.ids import new_id


async def composition_document(call: Call, values: Values) -> Reply:
    """The Composition first, then what it refers to directly or not, then the Provenances of these.

    Spec: http://hl7.org/fhir/R4/composition-operation-document.html
    Not supported: `graph`; a Composition on another server.
    Errors: read-unknown, read-deleted, document-missing, parameter-*, search-too-costly.
    """
    if call.id and values.one("id"):
        raise FhirError("parameter-unknown", operation="$document", expected="persist")
    id = call.id or values.one("id", "")
    if not id:
        raise FhirError("parameter-missing", name="id")
    id = resource_id("id", id.removeprefix(call.base + "/"), "Composition")
    store = call.service.store
    composition = live(await store.current("Composition", id), "Composition")
    entries = [composition, *await referenced(call.service, composition, call.base)]
    known = {key(each) for each in entries}
    signed = await store.pointers({"Provenance": ("target",)}, list(known), limit=MAX_ENTRIES)
    entries += sorted(await store.many([k for k in signed if k not in known]), key=key)
    name, persist = new_id(), bool(values.one("persist"))
    identifier = {"system": "urn:ietf:rfc:3986", "value": f"urn:uuid:{name}"}
    bundle = document(call.base, identifier, now(), entries, id=name)
    return await answer(call, bundle, persist=persist)


OPERATION = Operation(
    code="document",
    definition="http://hl7.org/fhir/OperationDefinition/Composition-document",
    resource_types=("Composition",),
    levels=("type", "instance"),
    run=composition_document,
    parameters={
        "id": In("uri", "类型层面必填：Composition 的 id / the Composition, at type level"),
        "persist": In("boolean", "是否保存为 Bundle / keep it as a Bundle"),
    },
    description=("由 Composition 生成文档 Bundle", "a document Bundle of a Composition"),
)
