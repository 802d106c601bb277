"""A query string as a plan with its result parameters.

Spec: http://hl7.org/fhir/R4/search.html
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from ..definitions import Definitions
from ..errors import FhirError, Issue, define
from ..storage.plan import SORT_FIELDS, AnyOf, Clause, Kind, OfType, Plan, Sort
from .clauses import Clauses
from .cursors import CURSOR, read_cursor, read_place, write_cursor
from .includes import Include, parse_include
from .limits import MAX_INCLUDES, MAX_PARAMETERS, MAX_SORTS, over
from .parameters import OWN, Registry
from .terms import Terms

define(
    "search-contained",
    "not-supported",
    400,
    "不支持检索被包含的资源；_contained 只能为 false",
    "contained resources are not searched; _contained can only be false",
)
MAX_COUNT = 1000
DEFAULT_COUNT = 20
# Handled by the HTTP edge; they say nothing about which resources match.
EDGE = frozenset({"_format", "_pretty", "_summary", "_elements"})
INCLUDES = ("_include", "_revinclude")
RESULT = (*INCLUDES, "_contained", "_containedType", "_count", "_explain", "_sort", "_total",
          "_totalMethod", CURSOR)  # fmt: skip
EVERY = "Resource"  # stands for all types in a search of the whole system

Pairs = Sequence[tuple[str, str]]
Result = dict[str, list[tuple[str, str]]]


@dataclass(slots=True)
class Query:
    """A parsed search. `used` is what the self link repeats; `ignored` names what lenient
    handling left out."""

    plan: Plan
    includes: list[Include] = field(default_factory=list)
    revincludes: list[Include] = field(default_factory=list)
    used: list[tuple[str, str]] = field(default_factory=list)
    ignored: list[Issue] = field(default_factory=list)
    explain: bool = False


class Compiler:
    """Query strings to plans, of one type, of several, or of all."""

    def __init__(self, definitions: Definitions, registry: Registry, base_url: str = "") -> None:
        self._definitions = definitions
        self.registry = registry
        self._base_url = base_url

    def compile(
        self,
        resource_type: str,
        pairs: Pairs,
        *,
        lenient: bool = False,
        terms: Terms | None = None,
        types: tuple[str, ...] = (),
        where: tuple[Clause, ...] = (),
    ) -> Query:
        """Shape of `pairs`: decoded (name, value) in the order of the query string.

        `resource_type` "" searches the types of `_type`, else `types`, else all. `where` holds
        besides what the pairs say, as in a compartment.

        Errors: search-unknown, search-modifier, search-value, search-prefix, search-chain,
        search-has, search-filter, search-operator, search-sort, search-include, search-page,
        search-limit, search-contained, parameter-value; TermsNeeded.
        """
        if len(pairs) > MAX_PARAMETERS:
            raise over("parameters", MAX_PARAMETERS)
        clauses = self._clauses(terms)
        named = (resource_type,) if resource_type else self._named(pairs, types)
        used: list[tuple[str, str]] = []
        ignored: list[Issue] = []
        found: list[Clause] = []
        result: Result = {}
        for name, value in pairs:
            if name in EDGE:
                used.append((name, value))  # the next page is to look like this one
                continue
            base = name.partition(":")[0]
            try:
                if base in RESULT:
                    result.setdefault(base, []).append((name, value))
                elif base == "_type" and not resource_type:
                    pass
                elif value:
                    found.append(self._clause(clauses, named, name, value))
                else:
                    clauses.known(named[0] if named else EVERY, name)
            except FhirError as error:
                if not (lenient and error.code == "search-unknown"):
                    raise
                ignored.append(Issue("search-ignored", error.issues[0].at, {}, "warning"))
                continue
            if base != CURSOR:
                used.append((name, value))
        query = self._query((*where, *found), result, named)
        query.used, query.ignored = used, ignored
        return query

    def criteria(
        self, resource_type: str, pairs: Pairs, terms: Terms | None = None
    ) -> tuple[Clause, ...]:
        """Clauses of a conditional interaction or reference. Errors: also criteria-empty."""
        compiling = self._clauses(terms)
        clauses = tuple(
            compiling.clause(resource_type, n, v) for n, v in pairs if n not in EDGE and v.strip()
        )
        if not clauses:
            raise FhirError("criteria-empty", resource_type)
        return clauses

    def clause(self, resource_type: str, name: str, text: str) -> Clause:
        """One `name=value` pair by itself."""
        return self._clauses(None).clause(resource_type, name, text)

    def _clauses(self, terms: Terms | None) -> Clauses:
        return Clauses(self._definitions, self.registry, self._base_url, terms or Terms())

    def _named(self, pairs: Pairs, types: tuple[str, ...]) -> tuple[str, ...]:
        """The types of `_type`, which may narrow those of a compartment."""
        stated = [v for n, v in pairs if n == "_type" and v]
        if not stated:
            return types
        names = dict.fromkeys(t for v in stated for t in v.split(",") if t)
        if not names or not all(map(self._definitions.is_resource, names)):
            raise FhirError("search-value", "_type", expected="resource types (Patient,Task)")
        kept = tuple(t for t in names if not types or t in types)
        if not kept:
            raise FhirError("search-value", "_type", expected=", ".join(types))
        return kept

    def _clause(self, clauses: Clauses, named: tuple[str, ...], name: str, value: str) -> Clause:
        """Of several types: what it means for each of them."""
        if len(named) == 1:
            return clauses.clause(named[0], name, value)
        if name.partition(":")[0] in OWN or name.startswith("_") or not named:
            return clauses.clause(EVERY, name, value)
        groups: dict[Clause, list[str]] = {}
        for each in named:
            groups.setdefault(clauses.clause(each, name, value), []).append(each)
        if len(groups) == 1:
            return next(iter(groups))
        return AnyOf(tuple((OfType(tuple(t)), clause) for clause, t in groups.items()))

    def _query(self, where: tuple[Clause, ...], result: Result, named: tuple[str, ...]) -> Query:
        """A plan of the clauses, and what the result parameters say. Errors: as `compile`."""
        resource_type = named[0] if len(named) == 1 else ""
        types = () if resource_type else named
        if not result:
            return Query(Plan(resource_type, where, limit=DEFAULT_COUNT, types=types))
        for name, given in result.items():
            for full, _ in given:
                if ":" in full and name not in INCLUDES:
                    raise FhirError("search-modifier", name, expected="-")
        values = defaultdict[str, list[str]](list)
        values.update({name: [v for _, v in given if v] for name, given in result.items()})
        _check_contained(values)
        limit = _count(values["_count"])
        total = _total(values)
        sort = tuple(
            self._sort(named, key) for value in values["_sort"] for key in value.split(",") if key
        )
        if len(sort) > MAX_SORTS:
            raise over("sorts", MAX_SORTS, "_sort")
        cursors = values[CURSOR]
        after, backward = (
            read_place(cursors[-1], len(sort), several=not resource_type)
            if cursors
            else (None, False)
        )
        counted = total != "none" or limit == 0
        plan = Plan(resource_type, where, sort, limit, after, counted, types, backward)
        forward, reverse = (result.get(name, ()) for name in INCLUDES)
        if len(forward) + len(reverse) > MAX_INCLUDES:
            raise over("includes", MAX_INCLUDES, "_include")
        return Query(
            plan,
            [self._include(n, v, named) for n, v in forward if v],
            [self._include(n, v, ()) for n, v in reverse if v],
            explain=bool(values["_explain"]) and values["_explain"][-1] in ("true", "1"),
        )

    def _include(self, name: str, value: str, sources: tuple[str, ...]) -> Include:
        return parse_include(self._definitions, self.registry, name, value, sources)

    def _sort(self, named: tuple[str, ...], key: str) -> Sort:
        descending, code = key.startswith("-"), key.removeprefix("-")
        if code in OWN:
            return Sort(code, "", descending)
        kinds: set[Kind | None] = set()
        for each in named or (EVERY,):
            parameter = self.registry.of(each).get(code)
            if parameter is None:
                self.registry.check_waiting(each, code)
            kinds.add(parameter.kind if parameter else None)
        kind = kinds.pop()
        if kinds or kind is None or kind not in SORT_FIELDS:
            raise FhirError("search-sort", "_sort", expected=self._sortable(named))
        return Sort(code, kind, descending)

    def _sortable(self, named: tuple[str, ...]) -> str:
        known = self.registry.of(named[0] if named else EVERY).values()
        return ", ".join(sorted([*OWN, *(p.code for p in known if p.kind in SORT_FIELDS)]))


def _check_contained(values: Mapping[str, list[str]]) -> None:
    """Errors: search-contained."""
    if values["_containedType"] or any(v != "false" for v in values["_contained"]):
        raise FhirError("search-contained", "_contained")


def _total(values: Mapping[str, list[str]]) -> str:
    """`_totalMethod` is what fhirpy sends, with `count` for `accurate`."""
    stated = values["_total"] or ["accurate" if v == "count" else v for v in values["_totalMethod"]]
    total = stated[-1] if stated else "none"
    if total not in ("none", "estimate", "accurate"):
        raise FhirError("parameter-value", name="_total", expected="none, estimate, accurate")
    return total


def _count(values: list[str]) -> int:
    if not values:
        return DEFAULT_COUNT
    if not re.fullmatch(r"[0-9]{1,9}", values[-1]):
        raise FhirError("parameter-value", name="_count", expected=f"0..{MAX_COUNT}")
    return min(int(values[-1]), MAX_COUNT)


__all__ = ["CURSOR", "EDGE", "Compiler", "Include", "Query", "read_cursor", "write_cursor"]
