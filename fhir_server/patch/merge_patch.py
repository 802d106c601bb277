"""JSON Merge Patch: a part of a resource, null for what is to go.

Spec: https://www.rfc-editor.org/rfc/rfc7386. Clients such as fhirpy send it as application/json.
"""

from __future__ import annotations

from typing import Any

from ..errors import FhirError
from .bounds import Json, check_same, copied, count_values


def apply_merge_patch(resource: Json, patch: Any) -> Json:
    """The patched resource; neither argument is changed.

    Arrays are replaced as a whole. Errors: patch-document, patch-immutable, patch-too-large.
    """
    if type(patch) is not dict:
        raise FhirError("patch-document", expected="a JSON object (RFC 7386)")
    count_values(patch)
    return check_same(resource, _merged(copied(resource), copied(patch)))


def _merged(target: Any, patch: Any) -> Any:
    """RFC 7386, section 2."""
    if type(patch) is not dict:
        return patch
    out = target if type(target) is dict else {}
    for key, value in patch.items():
        if value is None:
            out.pop(key, None)
        else:
            out[key] = _merged(out.get(key), value)
    return out
