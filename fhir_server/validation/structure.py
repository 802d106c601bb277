"""Structural validation alone, for every write: no profile, no invariant, no code system.

It checks unknown elements, JSON types, cardinality, choices, the pairing of primitives with their
`_siblings`, primitive formats, and codes of required bindings.

Spec: http://hl7.org/fhir/R4/json.html and http://hl7.org/fhir/R4/datatypes.html
"""

from __future__ import annotations

from typing import Any, TypeAlias

from ..definitions import Definitions
from ..errors import Issue
from .base import Base

Json: TypeAlias = dict[str, Any]
MAX_ISSUES = 100


class Structure:
    """The compiled structural checks of all R4 types, made on first use of each type."""

    def __init__(self, definitions: Definitions) -> None:
        self.definitions = definitions
        self._base = Base(definitions)

    def check(self, resource: Json, resource_type: str) -> list[Issue]:
        """All findings in a resource, at most MAX_ISSUES of them, in FHIRPath locations.

        Shape: the resource as decoded from JSON, with `resourceType` equal to `resource_type`.
        """
        found = self._base.check(resource_type)(resource, resource, None)
        if not found:
            return []
        issues = [Issue(code, resource_type + at, args) for at, code, args, _ in found[:MAX_ISSUES]]
        if len(found) > MAX_ISSUES:
            issues.append(Issue("structure-many", resource_type, {"limit": MAX_ISSUES}))
        return issues
