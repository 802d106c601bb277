"""`_include` and `_revinclude` as records. Spec: http://hl7.org/fhir/R4/search.html#include"""

from __future__ import annotations

from dataclasses import dataclass

from ..definitions import Definitions
from ..errors import FhirError, define
from .parameters import Parameter, Registry

define(
    "search-include-names",
    "not-supported",
    400,
    "{source} 的引用参数为：{expected}",
    "the reference parameters of {source} are: {expected}",
)
ITERATE = frozenset({"iterate", "recurse"})


@dataclass(frozen=True, slots=True)
class Include:
    """References of `source`, maybe to one target. No source: of any type; no parameter: all.

    `iterate`: also from what was included.
    """

    source: str
    parameter: Parameter | None
    target: str = ""
    iterate: bool = False

    def parameters(self, registry: Registry, resource_type: str) -> list[Parameter]:
        """Those of one source type that it follows."""
        if self.source and self.source != resource_type:
            return []
        if self.parameter is not None:
            return [self.parameter]
        known = registry.of(resource_type).values()
        return [p for p in known if p.kind == "reference" and self._fits(p)]

    def _fits(self, parameter: Parameter) -> bool:
        return not self.target or not parameter.targets or self.target in parameter.targets


def parse_include(
    definitions: Definitions,
    registry: Registry,
    name: str,
    value: str,
    sources: tuple[str, ...] = (),
) -> Include:
    """`*`, `Source:*`, `Source:parameter`, `Source:parameter:Target`.

    `sources`: the types that are searched, one of which must be the source unless it iterates.
    Errors: search-modifier, search-include, search-include-names, search-pending.
    """
    base, _, modifier = name.partition(":")
    if modifier and modifier not in ITERATE:
        raise FhirError("search-modifier", base, expected="iterate")
    iterate = bool(modifier)
    if value == "*":
        return Include("", None, "", iterate)
    source, _, rest = value.partition(":")
    code, _, target = rest.partition(":")
    if not code or not definitions.is_resource(source):
        raise FhirError("search-include", base)
    if sources and not iterate and source not in sources:
        raise FhirError("search-include", base)
    parameter = None
    if code != "*":
        known = {c: p for c, p in registry.of(source).items() if p.kind == "reference"}
        parameter = known.get(code)
        if parameter is None:
            registry.check_waiting(source, code)
            expected = ", ".join(sorted(known)) or "-"
            raise FhirError("search-include-names", base, source=source, expected=expected)
    possible = parameter.targets if parameter else ()
    if target and not (target in possible if possible else definitions.is_resource(target)):
        raise FhirError("search-include", base)
    return Include(source, parameter, target, iterate)
