"""$reindex and $reindex-status: index entries made anew, and how far that is."""

from __future__ import annotations

from ..errors import FhirError
from ..exchange import Call, Reply
from ..exchange.call import Json
from ..exchange.index_note import progress, unfinished
from ..exchange.operation import ANY, In, Operation, Values
from ..model.canonical import operation_definition

STATUS = "$reindex-status"


async def reindex(call: Call, values: Values) -> Reply:
    """Make the index entries of one resource anew at once, or in the background those of a type, of
    several, or of all. Searches go on meanwhile, by the entries there are.

    Spec: OperationDefinition reindex in profiles/, http://hl7.org/fhir/R4/async.html
    Errors: admin-required, read-unknown, type-unknown, parameter-unknown.
    """
    upkeep = call.service.upkeep
    if call.resource_type and values.all("type"):
        raise FhirError("parameter-unknown", operation="$reindex", expected="-")
    if call.id:
        found = await call.service.store.current(call.resource_type, call.id)
        if found is None or found.deleted:
            raise FhirError("read-unknown", call.resource_type)
        done = await upkeep.store.renew([found])
        return Reply.of(200, _parameters([{"name": "done", "valueInteger": done}]))
    types = [call.resource_type] if call.resource_type else values.all("type")
    known = call.service.definitions.resource_types
    if not set(types) <= set(known):
        raise FhirError("type-unknown", "type")
    note = await upkeep.ask(types or known)
    reply = Reply.of(202, _status(call, note))
    reply.headers["Content-Location"] = f"{call.base}/{STATUS}"
    return reply


async def reindex_status(call: Call, values: Values) -> Reply:
    """How far the search index is: each parameter of a client's own, each type that is or was gone
    through. 202 while there is work to do, then 200.

    Spec: OperationDefinition reindex-status in profiles/, http://hl7.org/fhir/R4/async.html
    """
    note = await call.service.upkeep.note.read()
    types = unfinished(note)
    reply = Reply.of(202 if types else 200, _status(call, note))
    if types:
        rows = [note["types"][t] for t in types]
        done = sum(row["done"] for row in rows)
        total = sum(row["total"] or row["done"] for row in rows)
        reply.headers["X-Progress"] = f"{done}/{total} ({', '.join(types[:5])})"
        reply.headers["Retry-After"] = "1"
    return reply


def _status(call: Call, note: Json) -> Json:
    rows = []
    for url, row in note["parameters"].items():
        done, total = progress(note, url)
        state = "building" if row["waits"] else "ready"
        rows.append(_row("parameter", {"name": "url", "valueUri": url}, state, done, total))
    for id, issues in call.service.upkeep.refused.items():
        issue = issues[0]
        reference = {"reference": f"SearchParameter/{id}"}
        parts = [
            {"name": "resource", "valueReference": reference},
            {"name": "state", "valueCode": "refused"},
            {"name": "reason", "valueString": f"{issue.text('zh')} / {issue.text('en')}"},
        ]
        rows.append({"name": "parameter", "part": parts})
    for name, row in note["types"].items():
        total = row["total"] if row["total"] is not None else row["done"]
        of = {"name": "name", "valueCode": name}
        rows.append(_row("type", of, row["state"], row["done"], total))
    return _parameters(rows)


def _row(kind: str, of: Json, state: str, done: int, total: int) -> Json:
    parts = [
        of,
        {"name": "state", "valueCode": state},
        {"name": "done", "valueInteger": done},
        {"name": "total", "valueInteger": total},
    ]
    return {"name": kind, "part": parts}


def _parameters(rows: list[Json]) -> Json:
    return {"resourceType": "Parameters", **({"parameter": rows} if rows else {})}


OPERATION = Operation(
    code="reindex",
    definition=operation_definition("resource-reindex"),
    resource_types=(ANY,),
    levels=("system", "type", "instance"),
    run=reindex,
    affects_state=True,
    parameters={"type": In("code", "资源类型 / resource types", many=True, commas=True)},
    admin=True,
    description=("重建检索索引", "make the search index anew"),
)
STATUS_OPERATION = Operation(
    code="reindex-status",
    definition=operation_definition("system-reindex-status"),
    resource_types=(),
    levels=("system",),
    run=reindex_status,
    description=("检索索引的进度", "how far the search index is"),
)
