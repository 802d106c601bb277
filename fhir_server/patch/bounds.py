"""What a patch may not change, and how much it may ask for."""

from __future__ import annotations

from typing import Any, TypeAlias

from ..errors import FhirError
from ..model.json import MAX_DEPTH, below, decode_stored, encode
from . import failures  # noqa: F401  # the rows of the errors below

Json: TypeAlias = dict[str, Any]
MAX_OPERATIONS = 1_000
MAX_VALUES = 1_000_000  # objects, arrays and scalars of the result


def copied(value: Any) -> Any:
    """A deep copy; the digits of decimals stay."""
    return decode_stored(encode(value))


def too_large() -> FhirError:
    return FhirError("patch-too-large", limit=MAX_VALUES, operations=MAX_OPERATIONS)


def count_values(value: Any) -> int:
    """Values in a tree. Errors: patch-too-large, json-too-deep; both before any harm is done."""
    total, depth, level = 0, 0, [value]
    while level:
        total += len(level)
        depth += 1
        if depth > MAX_DEPTH + 1:
            raise FhirError("json-too-deep", limit=MAX_DEPTH)
        if total > MAX_VALUES:
            raise too_large()
        level = below(level)
    return total


def check_same(before: Json, after: Any) -> Json:
    """The patched resource, if it is still the same one.

    Spec: http://hl7.org/fhir/R4/http.html#patch. A version_id that the patch left out is no change:
    the server sets it. Errors: patch-immutable, json-too-deep, patch-too-large.
    """
    name = str(before.get("resourceType", ""))
    if type(after) is not dict or after.get("resourceType") != before.get("resourceType"):
        raise FhirError("patch-immutable", f"{name}.resourceType".lstrip("."))
    if after.get("id") != before.get("id"):
        raise FhirError("patch-immutable", f"{name}.id")
    version = _version(after)
    if version is not None and version != _version(before):
        raise FhirError("patch-immutable", f"{name}.meta.versionId")
    count_values(after)
    return after


def _version(resource: Json) -> Any:
    meta = resource.get("meta")
    return meta.get("versionId") if type(meta) is dict else None
