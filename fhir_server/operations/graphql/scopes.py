"""Which fields a FHIR GraphQL query may select where. Spec: http://hl7.org/fhir/R4/graphql.html

A scope is a type of the definitions by its path (`Patient`, `HumanName`, `Patient.contact`), or one
of GraphQL's own: `Query` (the system level), `Connection:Type` and `Edge:Type`.
"""

from __future__ import annotations

from dataclasses import dataclass
from difflib import get_close_matches

from ...definitions import Definitions

QUERY = "Query"
ANY = "Resource"
LIST_ARGS = frozenset({"fhirpath", "_count", "_offset"})
TEXT_FIELDS = ("first", "previous", "next", "last")
NUMBER_FIELDS = ("count", "offset", "pagesize")


@dataclass(frozen=True)
class Field:
    """`scope` is that of its selections, "" for a leaf. `args` are the names it takes; None where
    they are search parameters, which the search checks. `kind`: element, sibling (`_birthDate`),
    resource (of a Reference), type, read, list, connection, edges, plain."""

    name: str
    kind: str
    scope: str = ""
    many: bool = False
    args: frozenset[str] | None = frozenset()
    required: str = ""


class Scopes:
    def __init__(self, definitions: Definitions) -> None:
        self._definitions = definitions

    def field(self, scope: str, name: str) -> Field | None:
        if scope == QUERY:
            return self._search(name, "") or self._read(name)
        head, _, inner = scope.partition(":")
        if head == "Connection":
            if name in TEXT_FIELDS or name in NUMBER_FIELDS:
                return Field(name, "plain")
            return Field(name, "edges", f"Edge:{inner}", many=True) if name == "edges" else None
        if head == "Edge":
            if name in ("mode", "score"):
                return Field(name, "plain")
            return Field(name, "plain", inner) if name == "resource" else None
        return self._element(scope, name)

    def _read(self, name: str) -> Field | None:
        if not self._definitions.is_resource(name):
            return None
        return Field(name, "read", name, args=frozenset({"id"}), required="id")

    def _search(self, name: str, required: str) -> Field | None:
        for suffix, kind in (("List", "list"), ("Connection", "connection")):
            type_ = name.removesuffix(suffix)
            # `List` is a resource type as well: `List(id: …)` reads one, `ListList` searches.
            if type_ != name and self._definitions.is_resource(type_):
                scope = type_ if kind == "list" else f"Connection:{type_}"
                return Field(name, kind, scope, kind == "list", None, required)
        return None

    def _element(self, scope: str, name: str) -> Field | None:
        definition = self._definitions.type(scope)
        if definition is None:
            return None
        resource = scope == ANY or self._definitions.is_resource(scope)
        if name == "resourceType":
            return Field(name, "plain") if resource else None
        if scope == "Reference" and name == "resource":
            return Field(name, "resource", ANY, args=frozenset({"optional", "type"}))
        key = name.removeprefix("_")
        found = definition.keys.get(key)
        if found is None:
            return self._search(name, "_reference") if resource and scope != ANY else None
        element, ref = found
        primitive = ref.code in self._definitions.primitives
        args: frozenset[str] = LIST_ARGS if element.many else frozenset()
        if name != key:
            return Field(name, "sibling", "Element", element.many) if primitive else None
        if primitive:
            return Field(name, "element", "", element.many, args)
        inside = self._definitions.type(ref.code)
        if element.many and inside is not None:
            args |= {
                k for k, (_, t) in inside.keys.items() if t.code in self._definitions.primitives
            }
        return Field(name, "element", ref.code, element.many, args)

    def is_type(self, name: str) -> bool:
        return self._definitions.type(name) is not None or name == QUERY

    def fits(self, condition: str, scope: str) -> bool:
        """May a fragment on `condition` apply where `scope` is selected from?"""
        if ":" in scope or scope == QUERY:
            return condition == scope
        is_a = self._definitions.is_a
        return is_a(condition, scope) or is_a(scope, condition)

    def is_a(self, name: str, wanted: str) -> bool:
        return self._definitions.is_a(name, wanted)

    def near(self, scope: str, name: str) -> list[str]:
        """Names that may have been meant."""
        definition = self._definitions.type(scope)
        known: list[str] = list(definition.keys) if definition else []
        if scope == QUERY or self._definitions.is_resource(scope):
            for each in self._definitions.resource_types:
                known += [f"{each}List", f"{each}Connection"]
                known += [each] if scope == QUERY else []
        if ":" in scope:
            known = ["edges", *NUMBER_FIELDS, *TEXT_FIELDS, "mode", "score", "resource"]
        return get_close_matches(name, known, 3, 0.7)
