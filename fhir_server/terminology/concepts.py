"""A CodeSystem resource as concepts with what lies above and below each.

Spec: http://hl7.org/fhir/R4/codesystem.html
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from functools import cached_property
from typing import Any, TypeAlias

from ..errors import FhirError
from .systems import (
    OPERATORS,
    UP,
    Concept,
    Filter,
    Selection,
    read_concept,
    satisfies,
    values_of,
)

Json: TypeAlias = dict[str, Any]


class CodeSystem:
    """Read from a resource once. A code that occurs twice counts once, with all its parents.

    `supplements`: CodeSystems with further designations and properties of the same codes.
    """

    def __init__(self, resource: Json, supplements: Sequence[Json] = ()) -> None:
        self.url: str = resource.get("url", "")
        self.version: str = resource.get("version", "")
        self.content: str = resource.get("content", "")
        self.case_sensitive: bool = resource.get("caseSensitive", True)
        self.header: Json = {k: v for k, v in resource.items() if k != "concept"}
        self.supplements = [_canonical(each) for each in supplements]
        self.concepts: dict[str, Concept] = {}
        self._parents: dict[str, dict[str, None]] = {}
        self._children: dict[str, dict[str, None]] = {}
        more = _added(supplements)
        # A stack, since the nesting is the client's.
        held = resource.get("concept", ())
        waiting: list[tuple[Json, str]] = [(each, "") for each in reversed(held)]
        while waiting:
            raw, parent = waiting.pop()
            self._read(raw, parent, more)
            waiting += [(c, raw.get("code", "")) for c in reversed(raw.get("concept", ()))]

    def _read(self, raw: Json, parent: str, more: Mapping[str, Json]) -> None:
        added = more.get(raw.get("code", ""))
        if added is not None:
            kept = {n: [*raw.get(n, ()), *added[n]] for n in ("designation", "property")}
            raw = {**raw, **{n: values for n, values in kept.items() if values}}
        concept = read_concept(raw)
        self.concepts.setdefault(concept.code, concept)
        above = [parent] if parent else []
        for name in UP:
            above += [v for v in concept.properties.get(name, ()) if isinstance(v, str)]
        for each in above:
            self._link(each, concept.code)
        for each in concept.properties.get("child", ()):
            if isinstance(each, str):
                self._link(concept.code, each)

    def _link(self, parent: str, child: str) -> None:
        self._parents.setdefault(child, {})[parent] = None
        self._children.setdefault(parent, {})[child] = None

    @property
    def complete(self) -> bool:
        return self.content == "complete"

    def __len__(self) -> int:
        return len(self.concepts)

    def __contains__(self, code: object) -> bool:
        return code in self.concepts

    def get(self, code: str) -> Concept | None:
        found = self.concepts.get(code)
        if found is None and not self.case_sensitive:
            found = self._folded.get(code.lower())
        return found

    @cached_property
    def _folded(self) -> dict[str, Concept]:
        return {c.code.lower(): c for c in reversed(self.concepts.values())}

    def codes(self) -> Iterable[str]:
        return self.concepts

    def below(self, code: str) -> set[str]:
        """The code and all that it subsumes; cycles do no harm."""
        return _closure(code, self._children)

    def above(self, code: str) -> set[str]:
        """The code and all that subsume it."""
        return _closure(code, self._parents)

    def parents(self, code: str) -> Sequence[str]:
        return tuple(self._parents.get(code, ()))

    def children(self, code: str) -> Sequence[str]:
        return tuple(self._children.get(code, ()))

    def filtered(self, name: str, operator: str, value: str) -> set[str]:
        """The codes that satisfy one filter. Errors: terminology-filter.

        Spec: http://hl7.org/fhir/R4/valueset-filter-operator.html
        """
        every = set(self.concepts)
        if operator == "is-a":
            return self.below(value) & every
        if operator == "descendent-of":
            return (self.below(value) - {value}) & every
        if operator == "is-not-a":
            return every - self.below(value)
        if operator == "generalizes":
            return self.above(value) & every
        if operator == "=" and name in UP:
            return set(self._children.get(value, ())) & every
        if operator not in OPERATORS:
            raise FhirError("terminology-filter", expected=" ".join(OPERATORS))
        wanted: Filter = (name, operator, value)
        return {c for c, concept in self.concepts.items() if satisfies(self, concept, wanted)}

    def select(self, selection: Selection) -> tuple[int, list[Concept]]:
        """How many there are, and a page of them. Errors: terminology-filter."""
        found = list(self.concepts.values())
        for each in selection.filters:
            codes = self.filtered(*each)
            found = [c for c in found if c.code in codes]
        if selection.active_only:
            found = [c for c in found if not c.inactive]
        if selection.selectable_only:
            found = [c for c in found if not c.abstract]
        text = selection.text
        if text is not None:
            found = [c for c in found if text.fits(c.code, c.texts)]
            found.sort(key=lambda c: text.rank(c.display))
        end = None if selection.count is None else selection.offset + selection.count
        return len(found), found[selection.offset : end]


def _canonical(resource: Json) -> str:
    version = resource.get("version")
    return f"{resource.get('url', '')}|{version}" if version else str(resource.get("url", ""))


def _added(supplements: Sequence[Json]) -> dict[str, Json]:
    """What supplements say of each code. Shape: {code: {"designation": […], "property": […]}}."""
    out: dict[str, Json] = {}
    for supplement in supplements:
        waiting = list(supplement.get("concept", ()))
        while waiting:
            raw = waiting.pop()
            waiting += raw.get("concept", ())
            kept = out.setdefault(raw.get("code", ""), {"designation": [], "property": []})
            kept["designation"] += raw.get("designation", ())
            kept["property"] += raw.get("property", ())
    return out


def _closure(start: str, steps: Mapping[str, Iterable[str]]) -> set[str]:
    seen = {start}
    waiting = [start]
    while waiting:
        for each in steps.get(waiting.pop(), ()):
            if each not in seen:
                seen.add(each)
                waiting.append(each)
    return seen


__all__ = ["CodeSystem", "Concept", "values_of"]
