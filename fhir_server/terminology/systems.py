"""What a code system answers, wherever its concepts lie; and how filters read it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol, TypeAlias

from ..errors import FhirError
from ..fhirpath.errors import FhirPathError
from ..fhirpath.patterns import search
from . import failures  # noqa: F401  # its rows
from .matching import TextFilter

Json: TypeAlias = dict[str, Any]

OPERATORS = ("=", "is-a", "descendent-of", "is-not-a", "regex", "in", "not-in", "generalizes",
             "exists")  # fmt: skip
# Properties that say what lies above a concept. Spec: codesystem.html#defined-props
UP = frozenset({"parent", "subsumedBy", "partOf"})
# "deprecated" does not mean inactive. Spec: valueset-definitions.html#ValueSet.compose.inactive
_INACTIVE = frozenset({"retired", "inactive"})
Filter: TypeAlias = tuple[str, str, str]  # property, op, value


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

    @property
    def designations(self) -> list[Json]:
        found: list[Json] = self.raw.get("designation", [])
        return found

    @property
    def texts(self) -> list[str]:
        """The display and all designations."""
        return [self.display, *(str(d.get("value", "")) for d in self.designations)]


def read_concept(raw: Json) -> Concept:
    """A concept of a resource, without those below it."""
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


@dataclass(frozen=True, slots=True)
class Selection:
    """Which concepts of a code system are wanted, and which page of them.

    `count` None: all. `text`: in the order of how well it fits, else in that of the system.
    """

    filters: tuple[Filter, ...] = ()
    text: TextFilter | None = None
    active_only: bool = False
    selectable_only: bool = False
    offset: int = 0
    count: int | None = None


class System(Protocol):
    """One version of a code system. `header` is its resource without the concepts."""

    url: str
    version: str
    content: str
    case_sensitive: bool
    header: Json

    @property
    def complete(self) -> bool:
        """Are all its codes here?"""

    def __len__(self) -> int: ...

    def __contains__(self, code: object) -> bool: ...

    def get(self, code: str) -> Concept | None:
        """By code, in another case, too, where the system says that case does not count."""

    def codes(self) -> Iterable[str]: ...

    def above(self, code: str) -> set[str]:
        """The code and all that subsume it; those that are no concepts count."""

    def below(self, code: str) -> set[str]: ...

    def parents(self, code: str) -> Sequence[str]: ...

    def children(self, code: str) -> Sequence[str]: ...

    def filtered(self, name: str, operator: str, value: str) -> set[str]:
        """The codes that satisfy one filter. Errors: terminology-filter.

        Spec: http://hl7.org/fhir/R4/valueset-filter-operator.html
        """

    def select(self, selection: Selection) -> tuple[int, list[Concept]]:
        """How many there are, and a page of them. Errors: terminology-filter."""


FindSystem: TypeAlias = Callable[[str, str], "System | None"]


def values_of(system: System, concept: Concept, name: str) -> Iterator[str]:
    """A property of a concept as text; `code`, `concept` and `display` count as ones."""
    if name in ("code", "concept"):
        yield concept.code
    elif name == "display":
        yield concept.display
    elif name in UP:
        yield from system.parents(concept.code)
    elif name == "child":
        yield from system.children(concept.code)
    for each in concept.properties.get(name, ()):
        yield as_text(each)


def as_text(value: Any) -> str:
    if value is True or value is False:
        return "true" if value else "false"
    if type(value) is dict:
        return str(value.get("code", ""))
    return str(value)


def satisfies(system: System, concept: Concept, wanted: Filter) -> bool:
    """One filter on one concept. Errors: terminology-filter."""
    name, operator, value = wanted
    code = concept.code
    if operator == "is-a":
        return value in system.above(code)
    if operator == "descendent-of":
        return code != value and value in system.above(code)
    if operator == "is-not-a":
        return value not in system.above(code)
    if operator == "generalizes":
        return code in system.above(value)
    held = values_of(system, concept, name)
    if operator in ("in", "not-in"):
        listed = {v.strip() for v in value.split(",")}
        return any(v in listed for v in held) is (operator == "in")
    if operator == "exists":
        return any(True for _ in held) is (value == "true")
    if operator == "=":
        return value in held
    if operator == "regex":
        return any(matches(each, value) for each in held)
    raise FhirError("terminology-filter", expected=" ".join(OPERATORS))


def matches(text: str, pattern: str) -> bool:
    """Errors: terminology-filter for a pattern that cannot be matched safely."""
    try:
        return search(text, pattern, full=True)
    except FhirPathError:
        raise FhirError("terminology-filter", expected=" ".join(OPERATORS)) from None


def relation(system: System, a: str, b: str) -> str:
    """Spec: http://hl7.org/fhir/R4/valueset-concept-subsumption-outcome.html"""
    if a == b:
        return "equivalent"
    a_above_b, b_above_a = a in system.above(b), b in system.above(a)
    if a_above_b and b_above_a:  # a cycle says that they are the same
        return "equivalent"
    return "subsumes" if a_above_b else "subsumed-by" if b_above_a else "not-subsumed"
