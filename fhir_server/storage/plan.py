"""A search as plain records that each store lowers into its own query language.

The records are closed: a store handles each of them or answers `store-not-supported`. A resource
matches when every clause holds.

Index entries, made by `search/index.py`, are rows of one kind; the first value of each is the code
of the search parameter:

    token      (code, system, value)            system "" where there is none
    string     (code, folded, exact)            folded: case, accents and width removed
    reference  (code, type, id, url)            local: type and id; else url, with type "" and id ""
    date       (code, low, high)                [low, high) in microseconds since 1970, UTC
    uri        (code, value)
    number     (code, low, high)                [low, high] as float

Spec: http://hl7.org/fhir/R4/search.html
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, TypeAlias

KINDS: dict[str, tuple[str, ...]] = {
    "token": ("system", "value"),
    "string": ("folded", "exact"),
    "reference": ("type", "id", "url"),
    "date": ("low", "high"),
    "uri": ("value",),
    "number": ("low", "high"),
}

Kind: TypeAlias = Literal["token", "string", "reference", "date", "uri", "number"]
Operator: TypeAlias = Literal["=", "!=", "<", "<=", ">", ">=", "starts", "contains"]
Value: TypeAlias = str | int | float


@dataclass(frozen=True, slots=True)
class Test:
    """One comparison of one field of an index entry. "starts" and "contains" take plain text."""

    field: str
    operator: Operator
    value: Value


@dataclass(frozen=True, slots=True)
class Match:
    """Some single index entry of the parameter satisfies one of the alternatives.

    Outer tuple of `any_of`: any of; inner tuple: all of, on the same entry. An empty inner tuple
    is satisfied by any entry, so `any_of=((),)` means that the parameter is present. `negate`:
    no entry satisfies any alternative (also when there is no entry at all).
    """

    code: str
    kind: Kind
    any_of: tuple[tuple[Test, ...], ...]
    negate: bool = False


@dataclass(frozen=True, slots=True)
class Ids:
    """The resource's own id is one of these."""

    ids: tuple[str, ...]
    negate: bool = False


@dataclass(frozen=True, slots=True)
class Updated:
    """`meta.lastUpdated` satisfies one of the alternatives; field "at" in microseconds, UTC."""

    any_of: tuple[tuple[Test, ...], ...]


@dataclass(frozen=True, slots=True)
class Chain:
    """The reference parameter `code` points to a resource of `target` that matches `where`."""

    code: str
    target: str
    where: tuple[Clause, ...]


@dataclass(frozen=True, slots=True)
class AnyOf:
    """At least one of the groups holds; in a group all clauses hold."""

    groups: tuple[tuple[Clause, ...], ...]


Clause: TypeAlias = Match | Ids | Updated | Chain | AnyOf


@dataclass(frozen=True, slots=True)
class Sort:
    """One key of the order.

    By `_id` or `_lastUpdated` (kind ""), or by a parameter's field: token value, string folded,
    date low, uri value, reference id, number low. A resource with several entries sorts by its
    lowest (ascending) or highest (descending); one without an entry comes last in both directions.
    """

    code: str
    kind: Kind | Literal[""]
    descending: bool = False

    @property
    def field(self) -> str:
        return SORT_FIELDS[self.kind]


SORT_FIELDS: dict[str, str] = {
    "": "",
    "token": "value",
    "string": "folded",
    "reference": "id",
    "date": "low",
    "uri": "value",
    "number": "low",
}

# Where a page begins: the sort values of the last resource before it (None: had no entry), then
# its tie-breaker. Only the store that made a cursor reads it.
Cursor: TypeAlias = tuple[Value | None, ...]


@dataclass(frozen=True, slots=True)
class Plan:
    """A type search. `limit` 0 asks only for the total.

    Ties, and a plan without `sort`, are ordered by the moment of creation (SQLite: row number;
    MongoDB: `_id`, which is time-ordered where the server made it), so that pages stay stable
    while others write.
    """

    resource_type: str
    where: tuple[Clause, ...] = ()
    sort: tuple[Sort, ...] = ()
    limit: int = 20
    after: Cursor | None = None
    total: bool = False
