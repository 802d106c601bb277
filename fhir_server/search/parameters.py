"""The search parameters of each resource type, compiled on first use.

Spec: http://hl7.org/fhir/R4/searchparameter-registry.html
"""

from __future__ import annotations

import re
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from typing import Any, Protocol

from .. import fhirpath
from ..definitions import Definitions, SearchParameter
from ..storage.plan import Kind

KINDS: dict[str, Kind] = {
    "token": "token",
    "reference": "reference",
    "string": "string",
    "date": "date",
    "uri": "uri",
    "number": "number",
    "quantity": "quantity",
    "composite": "composite",
    "special": "position",  # Location.near is the only special one with an expression
}
# Handled by the query compiler itself, from the resource's own row.
OWN = {"_id": "token", "_lastUpdated": "date"}
# Strings that hold the name of an institution or a part of a person's, found by `:pinyin` too.
INSTITUTIONS = ("Organization", "Location", "HealthcareService", "InsurancePlan", "Endpoint")
NAMED = frozenset((each, "name") for each in INSTITUTIONS)
NAME_PARTS = frozenset({"family", "given"})
_PATH = re.compile(r"[A-Za-z]+(?:\.[a-z][A-Za-z]*)+").fullmatch
_RESOURCE = "%resource."

# Handled by the query compiler too; they are of every type. Spec: search.html#all
SPECIAL = {"_text": "string", "_content": "string", "_filter": "special", "_has": "special",
           "_in": "reference", "_list": "special"}  # fmt: skip

Select = Callable[[dict[str, Any]], list[tuple[Any, str]]]


class Searched(Protocol):
    """What the tests of a value need to know of a parameter, or of a part of a composite one."""

    @property
    def code(self) -> str: ...
    @property
    def kind(self) -> Kind: ...
    @property
    def targets(self) -> tuple[str, ...]: ...
    @property
    def systems(self) -> frozenset[str]: ...


@dataclass(frozen=True)
class Component:
    """One part of a composite parameter.

    `select` takes the focus and its type, or the resource where the expression begins there.
    """

    code: str
    kind: Kind
    targets: tuple[str, ...]
    systems: frozenset[str]
    whole: bool
    select: Callable[[Any, str], list[tuple[Any, str]]]


@dataclass(frozen=True)
class Parameter:
    """One search parameter on one resource type.

    `systems` are the code systems that a `code` element takes its codes from: a search may name
    one although the resource does not. `types` are the types its elements may have. `paths` say
    the same as `select`, for an expression that is nothing but paths.
    """

    code: str
    kind: Kind
    resource_type: str
    targets: tuple[str, ...]
    url: str
    expression: str
    select: Select | None = None
    systems: frozenset[str] = frozenset()
    types: tuple[str, ...] = ()
    parts: tuple[Component, ...] = ()
    paths: tuple[fhirpath.Branch, ...] | None = None

    @property
    def pinyin(self) -> bool:
        """Are its entries also kept as Chinese names are read?"""
        return self.kind == "string" and (
            "HumanName" in self.types
            or (self.resource_type, self.code) in NAMED
            or (self.code in NAME_PARTS and ".name." in self.expression)
        )


class Registry:
    """Parameters by type and code. The R4 set is complete; `Resource` parameters go to all."""

    def __init__(self, definitions: Definitions) -> None:
        self._definitions = definitions
        self._by_type: dict[str, list[SearchParameter]] = {}
        self._by_url: dict[str, SearchParameter] = {}
        self._compiled: dict[str, dict[str, Parameter]] = {}
        for each in definitions.search_parameters:
            self._by_url[each.url.rpartition("/")[2]] = each
            if each.type in KINDS and each.expression and each.code not in OWN:
                for base in each.base:
                    self._by_type.setdefault(base, []).append(each)

    def of(self, resource_type: str) -> dict[str, Parameter]:
        """All indexed parameters of a type by code; `_id` and `_lastUpdated` are not among them."""
        found = self._compiled.get(resource_type)
        if found is None:
            found = self._compiled[resource_type] = self._compile(resource_type)
        return found

    def names(self, resource_type: str) -> list[str]:
        """What a client may search by, sorted."""
        return sorted([*self.of(resource_type), *OWN, *SPECIAL])

    def _compile(self, resource_type: str) -> dict[str, Parameter]:
        out: dict[str, Parameter] = {}
        for base in ("Resource", "DomainResource", resource_type):
            if self._definitions.is_a(resource_type, base):
                for each in self._by_type.get(base, ()):
                    # R4 publishes one example whose expression is of another type than its base.
                    with suppress(fhirpath.OtherTypeError):
                        out[each.code] = self._parameter(each, resource_type)
        return out

    def _parameter(self, each: SearchParameter, resource_type: str) -> Parameter:
        expression = fhirpath.compile(each.expression, resource_type)
        return Parameter(
            code=each.code,
            kind=KINDS[each.type],
            resource_type=resource_type,
            targets=each.target,
            url=each.url,
            expression=each.expression,
            select=expression.select,
            paths=expression.paths,
            systems=self._systems(each.expression, resource_type),
            types=tuple(t for t in expression.types if t),
            parts=tuple(
                self._component(named, text, resource_type, expression.types)
                for named, text in each.component
            ),
        )

    def _component(
        self, named: str, text: str, resource_type: str, focus: tuple[str, ...]
    ) -> Component:
        """A part is searched as the parameter that it names."""
        other = self._by_url[named]
        text = text.replace("as(DateTime)", "as(dateTime)")  # as R4 spells it once
        whole = text.startswith(_RESOURCE)
        types = (resource_type,) if whole else focus
        expression = f"{resource_type}.{text.removeprefix(_RESOURCE)}" if whole else text
        compiled = {t: fhirpath.compile(expression, t).select for t in types}
        select = next(iter(compiled.values())) if len(compiled) == 1 else None

        def by_type(value: Any, type_name: str) -> list[tuple[Any, str]]:
            run = select or compiled.get(type_name)
            return run(value) if run is not None else []

        systems = frozenset(
            s for t in types for s in self._systems(expression if whole else f"{t}.{text}", t)
        )
        return Component(other.code, KINDS[other.type], other.target, systems, whole, by_type)

    def _systems(self, expression: str, resource_type: str) -> frozenset[str]:
        """The systems of the value set bound to a plain path such as `ServiceRequest.status`."""
        for part in expression.split("|"):
            path = part.strip()
            if not path.startswith(resource_type + ".") or not _PATH(path):
                continue
            holder, _, name = path.rpartition(".")
            definition = self._definitions.type(holder)
            element = definition.elements.get(name) if definition else None
            if element is not None and element.types[0].code == "code" and element.value_set:
                return frozenset(self._definitions.value_sets.get(element.value_set, ()))
        return frozenset()
