"""Documents as people see them in a MongoDB shell. Spec: docs/mongodb.md

Current versions lie in the collection of their type, older ones in `<Type>_history`:

    {_id: "01a2…", version: 3, updated: 1795104000000000, method: "PUT", deleted: false,
     write: "…", resource: {resourceType: "ServiceRequest", …},
     index: {token: [{code: "status", system: "", value: "active"}], reference: […], …}}

`updated` is in microseconds since 1970, UTC. `write` names the attempt that wrote the version, by
which a retry after a lost answer recognises its own work.
"""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

import bson
from bson.codec_options import CodecOptions, TypeCodec, TypeDecoder, TypeRegistry
from bson.decimal128 import Decimal128
from bson.int64 import Int64
from bson.raw_bson import DEFAULT_RAW_BSON_OPTIONS, RawBSONDocument

from ...errors import FhirError
from ...model.json import decode_stored, encode
from ..base import Change, Stored
from .entries import entry_of

Json = dict[str, Any]
# MongoDB takes documents of 16 MiB; a little is kept back for the key of the history.
MAX_BYTES = 16 * 1024 * 1024 - 4096
# What a page needs; index entries stay in the database.
FIELDS = {"index": 0}


class DecimalCodec(TypeCodec):
    """A FHIR decimal as Decimal128, which keeps its digits: 1.50 stays 1.50."""

    python_type = Decimal
    bson_type = Decimal128

    def transform_python(self, value: Decimal) -> Decimal128:
        # More than 34 digits, or an exponent out of range, would be rounded or, where only zeros
        # are lost, silently shortened.
        packed = Decimal128(value)
        if packed.to_decimal().as_tuple() != value.as_tuple():
            raise ArithmeticError
        return packed

    def transform_bson(self, value: Decimal128) -> Decimal:
        return value.to_decimal()


class LongDecoder(TypeDecoder):
    """Integers beyond 32 bits come back as plain int, which JSON encoders know."""

    bson_type = Int64

    def transform_bson(self, value: Int64) -> int:
        return int(value)


OPTIONS: CodecOptions[Json] = CodecOptions(
    type_registry=TypeRegistry([DecimalCodec(), LongDecoder()])
)
# For documents that are only passed on.
RAW: CodecOptions[RawBSONDocument] = DEFAULT_RAW_BSON_OPTIONS


def pack(change: Change, write: str) -> RawBSONDocument:
    """The document of a change, encoded. Errors: store-too-large."""
    try:
        packed = bson.encode(_document(change, write, change.resource), codec_options=OPTIONS)
    except ArithmeticError:
        # A number that BSON cannot hold: the resource is kept as its JSON text, which loses none.
        packed = bson.encode(_document(change, write, None), codec_options=OPTIONS)
    return _sized(packed)


def _document(change: Change, write: str, resource: Json | None) -> Json:
    content: Json = {}
    if resource is not None:
        content = {"resource": resource}
    elif change.resource is not None:
        content = {"json": encode(change.resource).decode()}
    return {
        "_id": change.id,
        "version": change.version,
        "updated": change.updated,
        "method": change.method,
        "deleted": change.method == "DELETE",
        "write": write,
        **content,
        "index": index_of(change),
    }


def index_of(change: Change) -> Json:
    """The index entries of a change as they lie in its document."""
    return {kind: [entry_of(kind, row) for row in rows] for kind, rows in change.index.items()}


def past(current: Mapping[str, Any]) -> RawBSONDocument:
    """The version that a write replaces, as it lies in the history.

    Its _id makes writing it twice harmless. Index entries are for the current version only.
    """
    kept = {k: v for k, v in current.items() if k not in ("_id", "index", "deleted")}
    key = past_key(current["_id"], current["version"])
    return _sized(bson.encode({"_id": key, "id": current["_id"], **kept}))


def past_key(id: str, version: int) -> str:
    return f"{id}/{version}"


def past_filter(id: str, version: int) -> Json:
    """Names a document of the history, with `id` so that a sharded cluster asks one shard only."""
    return {"_id": past_key(id, version), "id": id}


def _sized(packed: bytes) -> RawBSONDocument:
    if len(packed) > MAX_BYTES:
        raise FhirError("store-too-large", limit=MAX_BYTES)
    return RawBSONDocument(packed, RAW)


def unpack(resource_type: str, found: Json) -> Stored:
    """From a current document or one of the history."""
    resource = found.get("resource")
    if resource is None and "json" in found:
        resource = decode_stored(found["json"].encode())
    return Stored(
        resource_type,
        found["id"] if "id" in found else found["_id"],
        found["version"],
        found["updated"],
        resource=resource,
        method=found["method"],
    )
