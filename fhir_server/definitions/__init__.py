"""The R4 (4.0.1) definitions as compact facts, loaded lazily by type.

`r4.zip` is made by tools/build_definitions.py from the official hl7.fhir.r4.core package.
"""

from __future__ import annotations

import zipfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property, lru_cache
from pathlib import Path
from typing import Any

import msgspec

FHIR_VERSION = "4.0.1"


@dataclass(frozen=True, slots=True)
class TypeRef:
    """A type an element may have. `code` is a type name, or the path of a nested type such as
    `Patient.contact`; `targets` are the resource types a Reference or canonical may point to."""

    code: str
    targets: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Invariant:
    """A constraint of the specification as FHIRPath, errata applied."""

    key: str
    severity: str
    expression: str


@dataclass(frozen=True, slots=True)
class Element:
    """One child of a type. `max` None means unbounded; `content` marks a contentReference."""

    name: str
    min: int
    max: int | None
    types: tuple[TypeRef, ...]
    choice: bool = False
    content: bool = False
    strength: str = ""
    value_set: str = ""
    summary: bool = False
    modifier: bool = False
    max_length: int | None = None
    invariants: tuple[Invariant, ...] = ()

    @property
    def many(self) -> bool:
        return self.max != 1

    def json_names(self) -> Iterator[tuple[str, TypeRef]]:
        """JSON property names with their types: one each for a choice such as value[x]."""
        for each in self.types:
            if self.choice:
                yield self.name + each.code[:1].upper() + each.code[1:], each
            else:
                yield self.name, each


@dataclass(frozen=True)
class Type:
    """A resource type, a datatype, or a nested type (`path` with dots)."""

    path: str
    kind: str
    base: str
    abstract: bool
    elements: Mapping[str, Element]
    invariants: tuple[Invariant, ...] = ()

    @cached_property
    def keys(self) -> dict[str, tuple[Element, TypeRef]]:
        """Every JSON property name (without the _siblings) with its element and type."""
        return {k: (e, t) for e in self.elements.values() for k, t in e.json_names()}


@dataclass(frozen=True)
class SearchParameter:
    """Spec: http://hl7.org/fhir/R4/searchparameter.html"""

    code: str
    type: str
    base: tuple[str, ...]
    expression: str
    target: tuple[str, ...]
    url: str
    component: tuple[tuple[str, str], ...] = field(default=())


class Definitions:
    """Read access to the file. Unknown names give None; a broken file raises at once."""

    def __init__(self, path: Path) -> None:
        self._archive = zipfile.ZipFile(path)
        self._types: dict[str, Type | None] = {}
        index = self._load("index.json")
        self.kinds: dict[str, str] = {name: row[0] for name, row in index.items()}
        self.bases: dict[str, str] = {name: row[1] for name, row in index.items()}
        self.abstract = frozenset(name for name, row in index.items() if row[2])
        self.resource_types = tuple(
            name for name, row in index.items() if row[0] == "resource" and not row[2]
        )
        self._resource_set = frozenset(self.resource_types)
        self.primitives = frozenset(n for n, row in index.items() if row[0] == "primitive")

    def _load(self, name: str) -> Any:
        return msgspec.json.decode(self._archive.read(name))

    def is_resource(self, name: str) -> bool:
        """Is this a concrete resource type of R4?"""
        return name in self._resource_set

    def type(self, path: str) -> Type | None:
        """By type name or nested path: "Patient", "HumanName", "string", "Patient.contact"."""
        try:
            return self._types[path]
        except KeyError:
            pass
        root = path.partition(".")[0]
        if root in self.kinds:
            self._read_type(root)
        return self._types.setdefault(path, None)

    def _read_type(self, root: str) -> None:
        fact = self._load(f"types/{root}.json")
        for path, row in fact["paths"].items():
            self._types[path] = Type(
                path=path,
                kind=fact["kind"] if path == root else "nested",
                base=row["base"],
                abstract=fact["abstract"],
                elements={n: _element(n, e) for n, e in row["elements"].items()},
                invariants=_invariants(row["constraints"]),
            )

    def base_of(self, name: str) -> str:
        """The type a type specialises; "" at the top. A nested path has the base of its element."""
        if "." in name:
            found = self.type(name)
            return found.base if found else ""
        return self.bases.get(name, "")

    def is_a(self, name: str, wanted: str) -> bool:
        """Is `name` the type `wanted` or derived from it?"""
        while name:
            if name == wanted:
                return True
            name = self.base_of(name)
        return False

    @cached_property
    def value_sets(self) -> dict[str, dict[str, list[str]]]:
        """Codes of the required value sets that can be listed. Shape: {url: {system: [code]}}."""
        return self._load("value-sets.json")  # type: ignore[no-any-return]

    def codes(self, value_set: str) -> frozenset[str] | None:
        """The codes of a required value set, whatever their system; None where not listed."""
        found = self.value_sets.get(value_set)
        return None if found is None else frozenset(c for cs in found.values() for c in cs)

    @cached_property
    def search_parameters(self) -> tuple[SearchParameter, ...]:
        return tuple(
            SearchParameter(
                code=p["code"],
                type=p["type"],
                base=tuple(p.get("base", ())),
                expression=p.get("expression", ""),
                target=tuple(p.get("target", ())),
                url=p["url"],
                component=tuple((d, e) for d, e in p.get("component", ())),
            )
            for p in self._load("search-parameters.json")
        )

    @cached_property
    def compartments(self) -> dict[str, dict[str, list[str]]]:
        """Shape: {"Patient": {"ServiceRequest": ["subject", "performer"]}}."""
        return self._load("compartments.json")  # type: ignore[no-any-return]


def _element(name: str, row: dict[str, Any]) -> Element:
    strength, value_set = row.get("binding", ("", ""))
    return Element(
        name=name,
        min=row["min"],
        max=row["max"],
        types=tuple(TypeRef(t[0], tuple(t[1:])) for t in row["types"]),
        choice=row.get("choice", False),
        content=row.get("content", False),
        strength=strength,
        value_set=value_set,
        summary=row.get("summary", False),
        modifier=row.get("modifier", False),
        max_length=row.get("maxLength"),
        invariants=_invariants(row.get("constraints", ())),
    )


def _invariants(rows: Any) -> tuple[Invariant, ...]:
    return tuple(Invariant(r["key"], r["severity"], r["expression"]) for r in rows)


@lru_cache(1)
def r4() -> Definitions:
    """The definitions that ship with the package."""
    return Definitions(Path(__file__).with_name("r4.zip"))
