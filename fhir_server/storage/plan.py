"""A search as plain records that each store lowers into its own query language.

The records are closed: a store handles each of them or answers `store-not-supported`. A resource
matches when every clause holds.

Index entries, made by `search/index.py`, are rows of one kind; the first value of each is the code
of the search parameter; no `low` is above its `high`:

    token      (code, system, value)            system "" where there is none
    string     (code, folded, exact)            folded: case, accents and width removed
    pinyin     (code, value)                    "zhangsan" and "zs" for 张三, lower case, no blanks
    reference  (code, type, id, url)            local: type and id; else url, with type "" and id ""
    date       (code, low, high)                [low, high) in microseconds since 1970, UTC
    uri        (code, value)
    number     (code, low, high)                [low, high] as float, maybe infinite
    quantity   (code, low, high, system, unit, base_low, base_high, base)
               low, high: as number, in the unit written; system and unit "" where there is none;
               base_low, base_high: in the canonical UCUM unit `base`; all of them as written with
               base "" where the unit is not one of UCUM
    position   (code, latitude, longitude)      degrees, WGS 84
    composite  (code, part, part[, part])       a part: (kind, *its fields as above without code)
    text       (code, words)                    words between blanks, one at each end: each CJK
               character is a word, so is each run of other letters or digits; folded

An entry may stand under a code with a modifier: `subject:identifier` (token: the identifier of a
Reference), `identifier:of-type` (token: system is `type system|type code`), `code:text` (string:
the text of a CodeableConcept, the display of a Coding). For a store they are codes as any.

Spec: http://hl7.org/fhir/R4/search.html
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, TypeAlias

KINDS: dict[str, tuple[str, ...]] = {
    "token": ("system", "value"),
    "string": ("folded", "exact"),
    "pinyin": ("value",),
    "reference": ("type", "id", "url"),
    "date": ("low", "high"),
    "uri": ("value",),
    "number": ("low", "high"),
    "quantity": ("low", "high", "system", "unit", "base_low", "base_high", "base"),
    "position": ("latitude", "longitude"),
    "composite": ("0", "1", "2"),
    "text": ("words",),
}

Kind: TypeAlias = Literal[
    "token", "string", "pinyin", "reference", "date", "uri", "number", "quantity", "position",
    "composite", "text",
]  # fmt: skip
# "in": the field is one of a tuple of values. "within" (text): the words of the value, one blank
# between two and none at its ends, occur next to each other.
Operator: TypeAlias = Literal[
    "=", "!=", "<", "<=", ">", ">=", "in", "starts", "ends", "contains", "within"
]  # fmt: skip
Value: TypeAlias = str | int | float


@dataclass(frozen=True, slots=True)
class Test:
    """One comparison of one field of an index entry.

    "starts", "ends" and "contains" take plain text.

    On an entry of kind composite the field is `part.field`, such as `1.low`.
    """

    field: str
    operator: Operator
    value: Value | tuple[Value, ...]


@dataclass(frozen=True, slots=True)
class Match:
    """Some single index entry of the parameter satisfies one of the alternatives.

    Outer tuple of `any_of`: any of; inner tuple: all of, on the same entry. An empty inner tuple
    is satisfied by any entry, so `any_of=((),)` means that the parameter is present. `negate`:
    no entry satisfies any alternative (also when there is no entry at all). `parts` names the
    kinds of the parts where `kind` is composite.
    """

    code: str
    kind: Kind
    any_of: tuple[tuple[Test, ...], ...]
    negate: bool = False
    parts: tuple[Kind, ...] = ()


@dataclass(frozen=True, slots=True)
class Near:
    """An entry of kind position lies within a distance, over the surface of a sphere.

    Units: degrees; `metres` on a sphere of EARTH_RADIUS metres.
    """

    code: str
    latitude: float
    longitude: float
    metres: float


EARTH_RADIUS = 6_378_100.0  # metres, as MongoDB's $centerSphere is documented


@dataclass(frozen=True, slots=True)
class Ids:
    """The resource's own id is one of these."""

    ids: tuple[str, ...]
    negate: bool = False


@dataclass(frozen=True, slots=True)
class OfType:
    """The resource's type is one of these; for plans of several types."""

    types: tuple[str, ...]


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
class Has:
    """A resource of `source` that matches `where` points here with its reference parameter `code`.

    Serves `_has`, `_list` (List, item) and `_in`. Spec: http://hl7.org/fhir/R4/search.html#has
    """

    source: str
    code: str
    where: tuple[Clause, ...]


@dataclass(frozen=True, slots=True)
class AnyOf:
    """At least one of the groups holds; in a group all clauses hold. No group: nothing matches."""

    groups: tuple[tuple[Clause, ...], ...]


@dataclass(frozen=True, slots=True)
class Not:
    """The clauses do not all hold."""

    where: tuple[Clause, ...]


Clause: TypeAlias = Match | Near | Ids | OfType | Updated | Chain | Has | AnyOf | Not


@dataclass(frozen=True, slots=True)
class Sort:
    """One key of the order.

    By `_id` or `_lastUpdated` (kind ""), or by a parameter's field: token value, string folded,
    date low, uri value, reference id, number low, quantity base_low. A resource with several
    entries sorts by its lowest (ascending) or highest (descending); one without an entry comes last
    in both directions.
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
    "quantity": "base_low",
}

# Where a page begins: the sort values of the last resource before it (None: had no entry), then
# its tie-breaker. Only the store that made a cursor reads it.
Cursor: TypeAlias = tuple[Value | None, ...]


@dataclass(frozen=True, slots=True)
class Plan:
    """A search of one type, or of several at once.

    `types` names them where `resource_type` is ""; an empty tuple then means every type. `limit` 0
    asks only for the total.

    Ties, and a plan without `sort`, are ordered by the moment of creation (SQLite: row number;
    MongoDB: `_id`, which is time-ordered where the server made it), so that pages stay stable
    while others write; a search of several types on MongoDB is ordered by `_id`, then by type.

    `after`: the page begins behind this cursor, None at the beginning. `backward`: the page ends
    before this cursor instead, None at the end of all matches; its matches still come in the
    order of the plan. `fresh`: what was written before is seen, as the primary of a replica set
    has it.
    """

    resource_type: str
    where: tuple[Clause, ...] = ()
    sort: tuple[Sort, ...] = ()
    limit: int = 20
    after: Cursor | None = None
    total: bool = False
    types: tuple[str, ...] = ()
    backward: bool = False
    fresh: bool = False
