"""The search parameters of each resource type, compiled on first use.

Spec: http://hl7.org/fhir/R4/searchparameter-registry.html
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from typing import Any, Protocol

from .. import fhirpath
from ..definitions import Definitions, SearchParameter
from ..errors import FhirError, define
from ..storage.plan import Kind

define(
    "search-pending",
    "transient",
    400,
    "此检索参数的索引正在建立（已完成 {done}/{total}），完成后方可使用，请稍后再试",
    "this search parameter is still being indexed ({done} of {total} resources); try again later",
)
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

R4 = "http://hl7.org/fhir/SearchParameter/"
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
    """Parameters by type and code. The R4 set is complete; `Resource` parameters go to all.

    A client's own parameter is indexed as soon as `use` names it, and searched when all that was
    there before has been indexed, too. `generation` grows with every change, for who keeps what
    was made from the parameters.
    """

    def __init__(self, definitions: Definitions) -> None:
        self._definitions = definitions
        self._by_type: dict[str, list[SearchParameter]] = {}
        self._by_url: dict[str, SearchParameter] = {}
        self._compiled: dict[str, dict[str, Parameter]] = {}
        self._usable: dict[str, dict[str, Parameter]] = {}
        self._waiting: dict[str, tuple[int, int]] = {}
        self._pointing: dict[str, dict[str, tuple[str, ...]]] = {}
        self.custom: Mapping[str, SearchParameter] = {}  # by url
        self.generation = 0
        for each in definitions.search_parameters:
            self._by_url[each.url.removeprefix(R4)] = each
            if each.type in KINDS and each.expression and each.code not in OWN:
                for base in each.base:
                    self._by_type.setdefault(base, []).append(each)

    def of(self, resource_type: str) -> dict[str, Parameter]:
        """What a type can be searched by, by code; `_id` and `_lastUpdated` are not among them."""
        if not self._waiting:
            return self.indexed(resource_type)
        found = self._usable.get(resource_type)
        if found is None:
            known = self.indexed(resource_type).items()
            found = {code: each for code, each in known if each.url not in self._waiting}
            self._usable[resource_type] = found
        return found

    def indexed(self, resource_type: str) -> dict[str, Parameter]:
        """All parameters for which a resource of the type gets entries, by code."""
        found = self._compiled.get(resource_type)
        if found is None:
            found = self._compiled[resource_type] = self._compile(resource_type)
        return found

    def use(
        self, custom: Mapping[str, SearchParameter], waiting: Mapping[str, tuple[int, int]]
    ) -> None:
        """These checked parameters of clients, by url, and no others. Those that are `waiting` are
        not searched yet: how many resources have their entries, and of how many."""
        changed = self.custom != custom
        if changed or self._waiting.keys() != waiting.keys():
            self.custom = dict(custom)
            self.generation += 1
            self._usable.clear()
            self._pointing.clear()
            if changed:
                self._compiled.clear()
        self._waiting = dict(waiting)

    def check_waiting(self, resource_type: str, code: str) -> None:
        """Errors: search-pending for a parameter whose entries are still being made."""
        found = self.indexed(resource_type).get(code) if self._waiting else None
        if found is not None and found.url in self._waiting:
            done, total = self._waiting[found.url]
            raise FhirError("search-pending", code, done=done, total=total)

    def is_published(self, url: str) -> bool:
        """Is it the canonical address of one of R4's own?"""
        return url.startswith(R4) and url.removeprefix(R4) in self._by_url

    def published(self, resource_type: str, code: str) -> SearchParameter | None:
        """R4's own parameter of a type."""
        for base in self._bases(resource_type):
            for each in self._by_type.get(base, ()):
                if each.code == code:
                    return each
        return None

    def named(self, url: str, custom: Mapping[str, SearchParameter]) -> SearchParameter | None:
        """A parameter by its canonical address; R4's own are named without their beginning, too."""
        return custom.get(url) or self._by_url.get(url.removeprefix(R4))

    def types_of(self, each: SearchParameter) -> list[str]:
        """The resource types that get entries of a parameter."""
        types = self._definitions.resource_types
        return [t for t in types if set(self._bases(t)) & set(each.base)]

    def pointing(self, target: str) -> dict[str, tuple[str, ...]]:
        """Which reference parameters of which types may point to a type; none is compiled."""
        found = self._pointing.get(target)
        if found is None:
            out: dict[str, list[str]] = {}
            own = [p for url, p in self.custom.items() if url not in self._waiting]
            for each in (*self._definitions.search_parameters, *own):
                if each.type == "reference" and (not each.target or target in each.target):
                    for base in each.base if each not in own else self.types_of(each):
                        out.setdefault(base, []).append(each.code)
            found = {base: tuple(codes) for base, codes in sorted(out.items())}
            self._pointing[target] = found
        return found

    def _bases(self, resource_type: str) -> list[str]:
        every = ("Resource", "DomainResource", resource_type)
        return [b for b in every if self._definitions.is_a(resource_type, b)]

    def names(self, resource_type: str) -> list[str]:
        """What a client may search by, sorted."""
        return sorted([*self.of(resource_type), *OWN, *SPECIAL])

    def _compile(self, resource_type: str) -> dict[str, Parameter]:
        out: dict[str, Parameter] = {}
        for base in self._bases(resource_type):
            own = (each for each in self.custom.values() if base in each.base)
            for each in (*self._by_type.get(base, ()), *own):
                # R4 publishes one example whose expression is of another type than its base.
                with suppress(fhirpath.OtherTypeError):
                    out[each.code] = self._parameter(each, resource_type)
        return out

    def _parameter(self, each: SearchParameter, resource_type: str) -> Parameter:
        expression = fhirpath.compile(each.expression, resource_type)
        own = each.url in self.custom
        return Parameter(
            code=each.code,
            kind=KINDS[each.type],
            resource_type=resource_type,
            targets=each.target,
            url=each.url,
            expression=each.expression,
            select=_careful(expression.select) if own else expression.select,
            # What may fail is no part of the walk that all share.
            paths=None if own else expression.paths,
            systems=self._systems(each.expression, resource_type),
            types=tuple(t for t in expression.types if t),
            parts=self.components(each, resource_type, self.custom),
        )

    def components(
        self, each: SearchParameter, resource_type: str, custom: Mapping[str, SearchParameter]
    ) -> tuple[Component, ...]:
        """The parts of a composite parameter. Errors: FhirPathError."""
        if not each.component:
            return ()
        focus = fhirpath.compile(each.expression, resource_type).types
        return tuple(
            self._component(self._part(named, custom), text, resource_type, focus)
            for named, text in each.component
        )

    def _part(self, url: str, custom: Mapping[str, SearchParameter]) -> SearchParameter:
        found = self.named(url, custom)
        assert found is not None  # a parameter is checked before it is used
        return found

    def _component(
        self, other: SearchParameter, text: str, resource_type: str, focus: tuple[str, ...]
    ) -> Component:
        """A part is searched as the parameter that it names."""
        text = text.replace("as(DateTime)", "as(dateTime)")  # as R4 spells it once
        whole = text.startswith(_RESOURCE)
        types = (resource_type,) if whole else focus
        expression = f"{resource_type}.{text.removeprefix(_RESOURCE)}" if whole else text
        compiled = {t: fhirpath.compile(expression, t).select for t in types}
        select = next(iter(compiled.values())) if len(compiled) == 1 else None

        def by_type(value: Any, type_name: str) -> list[tuple[Any, str]]:
            run = select or compiled.get(type_name)
            try:
                return run(value) if run is not None else []
            except fhirpath.FhirPathError:
                return []  # as in `_careful`

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


def _careful(select: Select) -> Select:
    """An expression that has no meaning for the data of one resource finds nothing in it."""

    def found(resource: dict[str, Any]) -> list[tuple[Any, str]]:
        try:
            return select(resource)
        except fhirpath.FhirPathError:
            return []

    return found
