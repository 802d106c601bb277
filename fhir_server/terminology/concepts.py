"""A CodeSystem as concepts with what lies above and below each.

Spec: http://hl7.org/fhir/R4/codesystem.html
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, TypeAlias

from ..errors import FhirError
from ..fhirpath.errors import FhirPathError
from ..fhirpath.patterns import search
from . import failures  # noqa: F401  # its rows

Json: TypeAlias = dict[str, Any]

OPERATORS = ("=", "is-a", "descendent-of", "is-not-a", "regex", "in", "not-in", "generalizes",
             "exists")  # fmt: skip
# Properties that say what lies above a concept. Spec: codesystem.html#defined-props
_UP = frozenset({"parent", "subsumedBy", "partOf"})
_INACTIVE = frozenset({"retired", "inactive", "deprecated"})


@dataclass(frozen=True, slots=True)
class Concept:
    """`properties`: code to values. `raw` is the concept as in the resource, without children."""

    code: str
    display: str
    properties: Mapping[str, tuple[Any, ...]]
    raw: Json = field(repr=False, compare=False)

    @property
    def inactive(self) -> bool:
        status = self.properties.get("status", ())
        return True in self.properties.get("inactive", ()) or any(s in _INACTIVE for s in status)

    @property
    def abstract(self) -> bool:
        return True in self.properties.get("notSelectable", ())


class CodeSystem:
    """Read from a resource once. A code that occurs twice counts once, with all its parents."""

    def __init__(self, resource: Json) -> None:
        self.url: str = resource.get("url", "")
        self.version: str = resource.get("version", "")
        self.complete = resource.get("content") == "complete"
        self.case_sensitive: bool = resource.get("caseSensitive", True)
        self.concepts: dict[str, Concept] = {}
        self._parents: dict[str, set[str]] = {}
        self._children: dict[str, set[str]] = {}
        self._read(resource.get("concept", ()))

    def _read(self, concepts: Sequence[Json]) -> None:
        # A stack, since the nesting is the client's.
        waiting: list[tuple[Json, str]] = [(each, "") for each in reversed(concepts)]
        while waiting:
            raw, parent = waiting.pop()
            concept = _concept(raw)
            self.concepts.setdefault(concept.code, concept)
            above = [parent] if parent else []
            for name in _UP:
                above += [v for v in concept.properties.get(name, ()) if isinstance(v, str)]
            for each in above:
                self._link(each, concept.code)
            for each in concept.properties.get("child", ()):
                if isinstance(each, str):
                    self._link(concept.code, each)
            waiting += [(child, concept.code) for child in reversed(raw.get("concept", ()))]

    def _link(self, parent: str, child: str) -> None:
        self._parents.setdefault(child, set()).add(parent)
        self._children.setdefault(parent, set()).add(child)

    def below(self, code: str) -> set[str]:
        """The code and all that it subsumes; cycles do no harm."""
        return _closure(code, self._children)

    def above(self, code: str) -> set[str]:
        """The code and all that subsume it."""
        return _closure(code, self._parents)

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
        if operator in ("in", "not-in"):
            wanted = {v.strip() for v in value.split(",")}
            found = {c for c in every if wanted & set(self._values(c, name))}
            return found if operator == "in" else every - found
        if operator == "exists":
            found = {c for c in every if any(True for _ in self._values(c, name))}
            return found if value == "true" else every - found
        if operator == "=":
            if name in _UP:
                return self._children.get(value, set()) & every
            return {c for c in every if value in self._values(c, name)}
        if operator == "regex":
            return self._matching(name, value)
        raise FhirError("terminology-filter", expected=" ".join(OPERATORS))

    def _matching(self, name: str, pattern: str) -> set[str]:
        try:
            return {
                code
                for code in self.concepts
                if any(search(value, pattern, full=True) for value in self._values(code, name))
            }
        except FhirPathError:
            raise FhirError("terminology-filter", expected=" ".join(OPERATORS)) from None

    def _values(self, code: str, name: str) -> Iterator[str]:
        """A property of a concept as text; `code`, `concept` and `display` count as ones."""
        concept = self.concepts[code]
        if name in ("code", "concept"):
            yield code
        elif name == "display":
            yield concept.display
        elif name in _UP:
            yield from self._parents.get(code, ())
        elif name == "child":
            yield from self._children.get(code, ())
        for each in concept.properties.get(name, ()):
            yield _as_text(each)


def _as_text(value: Any) -> str:
    if value is True or value is False:
        return "true" if value else "false"
    if type(value) is dict:
        return str(value.get("code", ""))
    return str(value)


def _concept(raw: Json) -> Concept:
    properties: dict[str, list[Any]] = {}
    for each in raw.get("property", ()):
        for name, value in each.items():
            if name.startswith("value"):
                properties.setdefault(each.get("code", ""), []).append(value)
    return Concept(
        raw.get("code", ""),
        raw.get("display", ""),
        {name: tuple(values) for name, values in properties.items()},
        {k: v for k, v in raw.items() if k != "concept"},
    )


def _closure(start: str, steps: Mapping[str, Iterable[str]]) -> set[str]:
    seen = {start}
    waiting = [start]
    while waiting:
        for each in steps.get(waiting.pop(), ()):
            if each not in seen:
                seen.add(each)
                waiting.append(each)
    return seen
