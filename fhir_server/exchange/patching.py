"""A patch as it came: in the body of a PATCH, or as the resource of a Bundle's entry.

Spec: http://hl7.org/fhir/R4/http.html#patch
"""

from __future__ import annotations

from base64 import b64decode
from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, TypeAlias

from ..definitions import r4
from ..errors import FhirError, define
from ..model.json import decode
from ..patch import (
    apply_fhirpath_patch,
    apply_json_patch,
    apply_merge_patch,
    apply_xml_patch,
)
from ..patch.bounds import check_same
from ..xml import Xml

Json: TypeAlias = dict[str, Any]
JSON_PATCH = "application/json-patch+json"
XML_PATCH = "application/xml-patch+xml"
MERGE_PATCH = "application/merge-patch+json"
# As `/fhir/metadata` and the header Accept-Patch list them; FHIR types mean a FHIRPath Patch.
FORMATS = (JSON_PATCH, XML_PATCH, "application/fhir+json", "application/fhir+xml", MERGE_PATCH)
IN_BINARY = (JSON_PATCH, XML_PATCH, MERGE_PATCH)

define(
    "bundle-patch", "value", 400,
    "PATCH 的 entry 须为 Parameters（FHIRPath Patch），或 contentType 为 {expected} 的 Binary",
    "an entry with PATCH holds Parameters (FHIRPath Patch), or a Binary with the contentType"
    " {expected}",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Patch:
    """What is to be done to a resource, and the engine that does it."""

    engine: Callable[[Json, Any], Json]
    document: Any

    def apply(self, resource: Json) -> Json:
        """The patched resource; it is still to be validated. Errors: patch-*."""
        return self.engine(resource, self.document)


def read_patch(media_type: str, body: bytes) -> Patch:
    """A JSON Patch, XML Patch, merge patch, or a FHIRPath Patch in JSON, by the media type without
    its parameters.

    Plain `application/json` says little, so that the body decides: an array is a JSON Patch,
    Parameters are a FHIRPath Patch, and any other object is a merge patch, as fhirpy sends it.
    Errors: json-*, patch-document.
    """
    if media_type == XML_PATCH:
        return Patch(_xml_patch, body)
    document = decode(body)
    if media_type == JSON_PATCH:
        return Patch(apply_json_patch, document)
    if media_type == MERGE_PATCH:
        return Patch(apply_merge_patch, document)
    if media_type in ("application/json", "text/json"):
        if type(document) is list:
            return Patch(apply_json_patch, document)
        if type(document) is dict and document.get("resourceType") != "Parameters":
            return Patch(apply_merge_patch, document)
    return fhirpath_patch(document)


@lru_cache(1)
def _xml() -> Xml:
    return Xml(r4())


def _xml_patch(resource: Json, patch: bytes) -> Json:
    """Errors: patch-*, xml-*."""
    xml = _xml()
    return check_same(resource, xml.read(apply_xml_patch(xml.write(resource), patch)))


def fhirpath_patch(document: Any) -> Patch:
    """Errors: patch-document where it is no Parameters resource."""
    if type(document) is not dict or document.get("resourceType") != "Parameters":
        raise FhirError("patch-document", expected="a Parameters resource")
    return Patch(apply_fhirpath_patch, document)


def entry_patch(resource: Json, at: str) -> Patch:
    """Of an entry of a Bundle: Parameters, or a Binary with the patch as its data.

    Spec: http://hl7.org/fhir/R4/http.html#patch. Errors: bundle-patch, json-*.
    """
    if resource.get("resourceType") == "Parameters":
        return fhirpath_patch(resource)
    media_type = str(resource.get("contentType", "")).partition(";")[0].strip().lower()
    data = resource.get("data")
    wrong = FhirError("bundle-patch", f"{at}.resource", expected=", ".join(IN_BINARY))
    if resource.get("resourceType") != "Binary" or type(data) is not str:
        raise wrong
    if media_type not in IN_BINARY:
        raise wrong
    try:
        body = b64decode("".join(data.split()), validate=True)
    except ValueError:
        raise wrong from None
    return read_patch(media_type, body)
