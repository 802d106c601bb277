"""Documents as people see them in a MongoDB shell.

Current versions lie in the collection of their type, older ones in `<Type>_history`:

    {_id: "01a2…", version: 3, updated: 1795104000000000, method: "PUT", deleted: false,
     write: "…", resource: {resourceType: "ServiceRequest", …},
     index: {token: [{code: "status", system: "", value: "active"}], reference: […], …}}

`updated` is in microseconds since 1970, UTC. `write` names the attempt that wrote the version, by
which a retry after a lost answer recognises its own work.
"""

from __future__ import annotations

from typing import Any

from ...model.json import decode_stored, encode
from ..base import Change, Stored
from ..plan import KINDS

Json = dict[str, Any]
# What a page needs; index entries stay in the database.
FIELDS = {"index": 0}


def document(change: Change, write: str, *, as_text: bool = False) -> Json:
    """`as_text`: the resource as its JSON text, for numbers that BSON cannot hold."""
    content: Json = {}
    if change.resource is not None:
        content = (
            {"json": encode(change.resource).decode()} if as_text else {"resource": change.resource}
        )
    return {
        "_id": change.id,
        "version": change.version,
        "updated": change.updated,
        "method": change.method,
        "deleted": change.method == "DELETE",
        "write": write,
        **content,
        "index": {
            kind: [dict(zip(("code", *KINDS[kind]), row, strict=True)) for row in rows]
            for kind, rows in change.index.items()
        },
    }


def history_document(current: Json) -> Json:
    """The version a write replaces, as it lies in the history. Its _id makes writing it twice
    harmless."""
    kept = {k: v for k, v in current.items() if k not in ("_id", "index", "deleted")}
    return {"_id": f"{current['_id']}/{current['version']}", "id": current["_id"], **kept}


def stored(resource_type: str, found: Json) -> Stored:
    """From a current document or one of the history."""
    resource = found.get("resource")
    if resource is None and "json" in found:
        resource = decode_stored(found["json"].encode())
    return Stored(
        resource_type,
        found.get("id") or found["_id"],
        found["version"],
        found["updated"],
        resource=resource,
        method=found["method"],
    )
