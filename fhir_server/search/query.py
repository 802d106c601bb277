"""A query string as a plan with its result parameters.

Spec: http://hl7.org/fhir/R4/search.html
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

import msgspec

from ..definitions import Definitions
from ..errors import FhirError, Issue
from ..model.ids import is_id
from ..model.text import from_link, to_link
from ..storage.plan import (
    SORT_FIELDS,
    AnyOf,
    Chain,
    Clause,
    Cursor,
    Ids,
    Match,
    Plan,
    Sort,
    Updated,
)
from .parameters import OWN, Parameter, Registry
from .values import COMPILERS, MODIFIERS, Tests, reference_tests, split, unescape, updated_tests

MAX_COUNT = 1000
DEFAULT_COUNT = 20
CURSOR = "_cursor"
# Handled by the HTTP edge; they say nothing about which resources match.
EDGE = frozenset({"_format", "_pretty", "_summary", "_elements"})
RESULT = ("_count", "_include", "_revinclude", "_sort", "_total", CURSOR)
_NAME = re.compile(r"([A-Za-z_][\w\-]*)(?::([\w\-]+))?(?:\.(.+))?").fullmatch

Pairs = Sequence[tuple[str, str]]


@dataclass(frozen=True, slots=True)
class Include:
    """`_include` and `_revinclude`: the reference parameter of `source`, maybe of one target."""

    source: str
    parameter: Parameter
    target: str = ""


@dataclass(slots=True)
class Query:
    """A parsed search. `used` is what the self link repeats; `ignored` names what lenient
    handling left out."""

    plan: Plan
    includes: list[Include] = field(default_factory=list)
    revincludes: list[Include] = field(default_factory=list)
    used: list[tuple[str, str]] = field(default_factory=list)
    ignored: list[Issue] = field(default_factory=list)


class Compiler:
    """Query strings of any resource type to plans."""

    def __init__(self, definitions: Definitions, registry: Registry, base_url: str = "") -> None:
        self._definitions = definitions
        self.registry = registry
        self._base_url = base_url

    def compile(self, resource_type: str, pairs: Pairs, *, lenient: bool = False) -> Query:
        """Shape of `pairs`: decoded (name, value) in the order of the query string.

        Errors: search-unknown, search-modifier, search-value, search-prefix, search-chain,
        search-sort, search-include, search-page, parameter-value.
        """
        clauses: list[Clause] = []
        query = Query(Plan(resource_type))
        result: dict[str, list[str]] = {name: [] for name in RESULT}
        for name, value in pairs:
            if name in EDGE:
                query.used.append((name, value))  # the next page is to look like this one
                continue
            base = name.partition(":")[0]
            try:
                if base in result:
                    result[base].append(value)
                elif value:
                    clauses.append(self.clause(resource_type, name, value))
                else:
                    self._known(resource_type, name)
            except FhirError as error:
                if not (lenient and error.code == "search-unknown"):
                    raise
                query.ignored.append(Issue("search-ignored", error.issues[0].at, {}, "warning"))
                continue
            if base != CURSOR:
                query.used.append((name, value))
        self._results(query, tuple(clauses), result)
        return query

    def criteria(self, resource_type: str, pairs: Pairs) -> tuple[Clause, ...]:
        """Clauses of a conditional interaction or reference. Errors: also criteria-empty."""
        clauses = tuple(
            self.clause(resource_type, n, v) for n, v in pairs if n not in EDGE and v.strip()
        )
        if not clauses:
            raise FhirError("criteria-empty", resource_type)
        return clauses

    def clause(self, resource_type: str, name: str, text: str) -> Clause:
        """One `name=value` pair; the values of a comma list are alternatives."""
        parsed = _NAME(name)
        if parsed is None:
            raise self._unknown(resource_type, name)
        code, modifier, chained = parsed[1], parsed[2] or "", parsed[3] or ""
        values = split(text, ",")
        if code in OWN:
            return self._own(code, modifier, chained, values)
        parameter = self.registry.of(resource_type).get(code)
        if parameter is None:
            raise self._unknown(resource_type, code)
        if chained:
            return self._chain(parameter, modifier, chained, text)
        return self._match(parameter, modifier, values)

    def _known(self, resource_type: str, name: str) -> None:
        """A parameter without a value restricts nothing, but must exist. Errors: search-unknown."""
        parsed = _NAME(name)
        code = parsed[1] if parsed else name
        if code not in OWN and code not in self.registry.of(resource_type):
            raise self._unknown(resource_type, code)

    def _own(self, code: str, modifier: str, chained: str, values: list[str]) -> Clause:
        if chained:
            raise FhirError("search-chain", code)
        if modifier and not (code == "_id" and modifier == "not"):
            raise FhirError("search-modifier", code, expected="not" if code == "_id" else "-")
        if code == "_lastUpdated":
            return Updated(tuple(row for v in values for row in updated_tests(v)))
        ids = tuple(unescape(v) for v in values)
        return Ids(tuple(i for i in ids if is_id(i)) or ("",), negate=modifier == "not")

    def _match(self, parameter: Parameter, modifier: str, values: list[str]) -> Clause:
        if modifier == "missing":
            if values not in (["true"], ["false"]):
                raise FhirError("search-value", parameter.code, expected="true, false")
            return Match(parameter.code, parameter.kind, ((),), negate=values == ["true"])
        self._check_modifier(parameter, modifier)
        any_of = tuple(row for v in values for row in self._tests(parameter, modifier, v))
        return Match(parameter.code, parameter.kind, any_of, negate=modifier == "not")

    def _check_modifier(self, parameter: Parameter, modifier: str) -> None:
        known = MODIFIERS.get(parameter.kind)
        if known is None:
            raise FhirError("store-not-supported", parameter.code)
        if parameter.kind == "reference":
            known = (*known, *self._targets(parameter))
        if modifier and modifier not in known:
            raise FhirError("search-modifier", parameter.code, expected=" ".join(known))

    def _tests(self, parameter: Parameter, modifier: str, value: str) -> Tests:
        if not value.strip():
            raise FhirError("search-value", parameter.code, expected=parameter.kind)
        if parameter.kind == "reference":
            return reference_tests(parameter, modifier, value, self._base_url)
        return COMPILERS[parameter.kind](parameter, modifier, value)

    def _targets(self, parameter: Parameter) -> tuple[str, ...]:
        return parameter.targets or self._definitions.resource_types

    def _chain(self, parameter: Parameter, target: str, chained: str, text: str) -> Clause:
        """`subject.name=…`, `subject:Patient.name=…`: one level. Spec: search.html#chaining"""
        code = chained.partition(":")[0]
        if parameter.kind != "reference" or "." in chained:
            raise FhirError("search-chain", parameter.code)
        possible = self._targets(parameter)
        if target and target not in possible:
            raise FhirError("search-modifier", parameter.code, expected=" ".join(possible))
        targets = [
            t
            for t in ((target,) if target else possible)
            if code in OWN or code in self.registry.of(t)
        ]
        if not targets:
            raise self._unknown(target or possible[0], code)
        chains = [Chain(parameter.code, t, (self.clause(t, chained, text),)) for t in targets]
        return chains[0] if len(chains) == 1 else AnyOf(tuple((c,) for c in chains))

    def _unknown(self, resource_type: str, at: str) -> FhirError:
        names = ", ".join([*self.registry.names(resource_type), *RESULT[:-1]])
        where = at if re.fullmatch(r"[\w\-]{1,64}", at) else ""
        return FhirError("search-unknown", where, resource_type=resource_type, expected=names)

    def _results(
        self, query: Query, clauses: tuple[Clause, ...], result: dict[str, list[str]]
    ) -> None:
        resource_type = query.plan.resource_type
        limit = _count(result["_count"])
        total = result["_total"][-1] if result["_total"] else "none"
        if total not in ("none", "estimate", "accurate"):
            raise FhirError("parameter-value", name="_total", expected="none, estimate, accurate")
        sort = tuple(
            self._sort(resource_type, key)
            for value in result["_sort"]
            for key in value.split(",")
            if key
        )
        query.plan = Plan(
            resource_type,
            clauses,
            sort,
            limit,
            read_cursor(result[CURSOR][-1], len(sort)) if result[CURSOR] else None,
            total != "none" or limit == 0,
        )
        query.includes = [self._include(v, resource_type) for v in result["_include"] if v]
        query.revincludes = [self._include(v, "") for v in result["_revinclude"] if v]

    def _sort(self, resource_type: str, key: str) -> Sort:
        descending, code = key.startswith("-"), key.removeprefix("-")
        if code in OWN:
            return Sort(code, "", descending)
        parameter = self.registry.of(resource_type).get(code)
        if parameter is None or parameter.kind not in SORT_FIELDS:
            names = ", ".join(self.registry.names(resource_type))
            raise FhirError("search-sort", "_sort", expected=names)
        return Sort(code, parameter.kind, descending)

    def _include(self, value: str, expected_source: str) -> Include:
        """`Source:parameter[:Target]`. Errors: search-include, search-unknown."""
        parts = value.split(":")
        source = parts[0]
        if (
            len(parts) not in (2, 3)
            or not self._definitions.is_resource(source)
            or (expected_source and source != expected_source)
        ):
            raise FhirError("search-include", "_include")
        parameter = self.registry.of(source).get(parts[1])
        if parameter is None or parameter.kind != "reference":
            raise FhirError("search-include", "_include")
        target = parts[2] if len(parts) == 3 else ""
        if target and target not in self._targets(parameter):
            raise FhirError("search-include", "_include")
        return Include(source, parameter, target)


def _count(values: list[str]) -> int:
    if not values:
        return DEFAULT_COUNT
    if not re.fullmatch(r"[0-9]{1,9}", values[-1]):
        raise FhirError("parameter-value", name="_count", expected=f"0..{MAX_COUNT}")
    return min(int(values[-1]), MAX_COUNT)


def write_cursor(cursor: Cursor) -> str:
    """A cursor as the text of a paging link."""
    return to_link(msgspec.json.encode(cursor))


def read_cursor(text: str, sorts: int) -> Cursor:
    """Errors: search-page."""
    try:
        value = msgspec.json.decode(from_link(text), type=tuple[str | int | float | None, ...])
    except (ValueError, msgspec.DecodeError):
        raise FhirError("search-page", CURSOR) from None
    if len(value) != sorts + 1 or value[-1] is None:
        raise FhirError("search-page", CURSOR)
    return value
