"""The type of the resource that a reference names, without looking it up.

Spec: http://hl7.org/fhir/R4/references.html#Reference
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any


def stated_type(raw: Any, is_resource: Callable[[str], bool]) -> str:
    """From `Reference.type`, else from the text; "" for a urn:uuid without a type."""
    text = raw
    if type(raw) is dict:
        stated = raw.get("type")
        if type(stated) is str:
            name = stated.rpartition("/")[2]
            if is_resource(name):
                return name
        text = raw.get("reference")
    if type(text) is not str:
        return ""
    parts = text.partition("#")[0].split("/")
    if len(parts) > 3 and parts[-2] == "_history":
        parts = parts[:-2]
    if len(parts) > 1 and is_resource(parts[-2]):
        return parts[-2]
    return ""
