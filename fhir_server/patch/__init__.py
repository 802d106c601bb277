"""Patches: pure functions from a resource and a patch to the patched resource.

Spec: http://hl7.org/fhir/R4/http.html#patch and http://hl7.org/fhir/R4/fhirpatch.html
"""

from .fhirpath_patch import apply_fhirpath_patch
from .json_patch import apply_json_patch
from .merge_patch import apply_merge_patch
from .xml_patch import apply_xml_patch

__all__ = ["apply_fhirpath_patch", "apply_json_patch", "apply_merge_patch", "apply_xml_patch"]
