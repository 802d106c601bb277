"""Random resources and random plans, as Hypothesis strategies. Shape: of few values, so that
entries and tests meet; among them what a query language could misread."""

from __future__ import annotations

from typing import Any

from hypothesis import strategies as st

from fhir_server.storage.plan import (
    KINDS,
    SORT_FIELDS,
    AnyOf,
    Chain,
    Clause,
    Has,
    Ids,
    Kind,
    Match,
    Near,
    Not,
    OfType,
    Plan,
    Sort,
    Updated,
)
from fhir_server.storage.plan import Test as Row

TYPES = ("Patient", "Task")
SLOTS = 5  # resources of each type; every example writes all of them anew
TEXTS = ["", "a", "a", "a", "A", "ab", "a.", "$a", "张", "张三", "𠮷", "\\", "%"]
IDS = {t: [f"{t.lower()}{n}" for n in range(SLOTS)] for t in TYPES}
CODES = ("x", "y-z", "one")  # no resource has two dates of the last
COMPOSITES: list[tuple[Kind, ...]] = [
    ("token", "quantity"),
    ("token", "date"),
    ("reference", "token", "string"),
]
CLOCK = 1_000  # added to each `updated`: 0 would ask the test's clock
BASIC: tuple[Kind, ...] = ("token", "string", "reference", "date", "uri", "number")
EVERY: tuple[Kind, ...] = tuple(KINDS)  # type: ignore[arg-type]

texts = st.sampled_from(TEXTS)
numbers = st.integers(-3, 3)
reals = st.sampled_from([-2.5, -1.0, 0.0, 0.5, 3.0, 1e300])
bounds = st.sampled_from([-2.5, 0.5, 3.0, float("inf"), float("-inf")])
words = st.lists(st.sampled_from(["a", "b", "转", "诊", "$a", "w" * 70, "w" * 71]), max_size=5)
ids = st.sampled_from([i for each in IDS.values() for i in each[:4]] + ["other"])
codes = st.sampled_from(CODES)
VALUES: dict[str, dict[str, st.SearchStrategy[Any]]] = {
    "token": {"system": texts, "value": texts},
    "string": {"folded": texts, "exact": texts},
    "pinyin": {"value": texts},
    "reference": {
        "type": st.sampled_from([*TYPES, *TYPES, ""]),
        "id": ids,
        "url": st.sampled_from(["", "", "", "http://x.org/a"]),
    },
    "date": {"low": numbers, "high": numbers},
    "uri": {"value": texts},
    "number": {"low": reals, "high": reals},
    "quantity": {
        "low": bounds,
        "high": bounds,
        "system": texts,
        "unit": texts,
        "base_low": bounds,
        "base_high": bounds,
        "base": texts,
    },
    # On a grid of 20 degrees; no searched distance is near a distance of two of them.
    "position": {
        "latitude": st.sampled_from([-90.0, -20.0, 0.0, 20.0]),
        "longitude": st.sampled_from([-180.0, 0.0, 20.0, 160.0]),
    },
    # No search for words finds an entry without any, and none is made.
    "text": {"words": words.filter(bool).map(lambda some: f" {' '.join(some)} ")},
}


@st.composite
def rows_of(draw: st.DrawFn, kind: Kind) -> tuple[Any, ...]:
    """An index entry without its code."""
    if kind != "composite":
        row = {field: draw(VALUES[kind][field]) for field in KINDS[kind]}
        for low, high in (("low", "high"), ("base_low", "base_high")):
            if low in row and row[low] > row[high]:  # an interval begins before it ends
                row[low], row[high] = row[high], row[low]
        return tuple(row.values())
    return tuple((part, *draw(rows_of(part))) for part in draw(st.sampled_from(COMPOSITES)))


@st.composite
def entries(draw: st.DrawFn, kinds: tuple[Kind, ...]) -> dict[str, list[tuple[Any, ...]]]:
    index: dict[str, dict[tuple[Any, ...], None]] = {}
    for kind in draw(st.lists(_kinds(kinds), min_size=2, max_size=12)):
        index.setdefault(kind, {})[draw(codes), *draw(rows_of(kind))] = None
    dates = index.get("date", {})
    for row in [row for row in dates if row[0] == "one"][1:]:
        del dates[row]
    return {kind: list(rows) for kind, rows in index.items()}


def _kinds(kinds: tuple[Kind, ...]) -> st.SearchStrategy[Kind]:
    return st.sampled_from((*kinds, "token", "reference", "reference"))


@st.composite
def tests(draw: st.DrawFn, kind: Kind, parts: tuple[Kind, ...], whole: bool) -> Row:
    prefix = ""
    if kind == "composite":
        place = draw(st.integers(0, len(parts) - 1))
        kind, prefix = parts[place], f"{place}."
    field = draw(st.sampled_from(KINDS[kind]))
    values = VALUES[kind][field]
    operators = ["=", "=", "=", "!=", "<", "<=", ">", ">="] + ["in"] * whole
    if kind in ("token", "string", "uri", "pinyin"):
        operators += ["starts", "contains"] + ["ends"] * whole
    if kind == "text":
        operators = ["within"] * 4 + ["="]
    operator = draw(st.sampled_from(operators))
    if operator == "in":
        value = draw(st.lists(values, max_size=3).map(tuple))
    elif operator == "within":
        value = draw(words.map(" ".join))
    else:
        value = draw(values)
    return Row(prefix + field, operator, value)  # type: ignore[arg-type]


@st.composite
def matches(draw: st.DrawFn, kinds: tuple[Kind, ...]) -> Match:
    kind = draw(_kinds(kinds))
    parts: tuple[Kind, ...] = draw(st.sampled_from(COMPOSITES)) if kind == "composite" else ()
    least = draw(st.sampled_from([0, 1, 1, 1]))
    one = tests(kind, parts, whole=kinds is EVERY)
    group = st.lists(one, min_size=least, max_size=2).map(tuple)
    any_of = draw(st.lists(group, min_size=1, max_size=2).map(tuple))
    return Match(draw(codes), kind, any_of, draw(st.sampled_from([False, False, True])), parts)


moments = st.builds(
    Row,
    st.just("at"),
    st.sampled_from(["=", "!=", "<", "<=", ">", ">="]),
    st.integers(CLOCK, CLOCK + 6),
)
updated = st.builds(
    Updated,
    st.lists(st.lists(moments, max_size=2).map(tuple), min_size=1, max_size=2).map(tuple),
)
near = st.builds(
    Near,
    codes,
    VALUES["position"]["latitude"],
    VALUES["position"]["longitude"],
    st.sampled_from([1.0, 1_000_000.0, 3_000_000.0, 9_000_000.0, 30_000_000.0]),
)


def clauses(kinds: tuple[Kind, ...]) -> st.SearchStrategy[Clause]:
    whole = kinds is EVERY
    simple: st.SearchStrategy[Clause] = matches(kinds) | updated
    simple |= st.builds(Ids, st.lists(ids, max_size=3).map(tuple), st.booleans())
    if whole:
        simple |= near
        types = st.lists(st.sampled_from([*TYPES, "Nothing"]), max_size=2).map(tuple)
        simple |= st.builds(OfType, types)

    def deeper(inner: st.SearchStrategy[Clause]) -> st.SearchStrategy[Clause]:
        group = st.lists(inner, min_size=1, max_size=2).map(tuple) | st.just(())
        chains: st.SearchStrategy[Clause] = st.builds(Chain, codes, st.sampled_from(TYPES), group)
        groups = st.lists(group, min_size=1, max_size=2).map(tuple)
        out = chains | chains | st.builds(AnyOf, groups)
        if whole:
            has = st.builds(Has, st.sampled_from(TYPES), codes, group)
            out |= has | has | st.builds(Not, group)
        return out

    return st.recursive(simple, deeper, max_leaves=4 if whole else 3)


def plans(kinds: tuple[Kind, ...]) -> st.SearchStrategy[Plan]:
    sortable = [kind for kind in kinds if kind in SORT_FIELDS]
    sorts = st.builds(Sort, codes, st.sampled_from(sortable), st.booleans()) | st.builds(
        Sort, st.sampled_from(["_id", "_lastUpdated"]), st.just(""), st.booleans()
    )
    types: list[tuple[str, tuple[str, ...]]] = [(each, ()) for each in TYPES]
    if kinds is EVERY:
        types += [("", ()), ("", TYPES), ("", ("Task", "Nothing"))]
    where = st.lists(clauses(kinds), min_size=1, max_size=2).map(tuple)

    def plan(names: Any, where: Any, sort: Any, limit: int) -> Plan:
        return Plan(names[0], where, sort, limit, types=names[1])

    order = st.lists(sorts, max_size=2).map(tuple)
    return st.builds(plan, st.sampled_from(types), where, order, st.sampled_from([2, 4]))


@st.composite
def libraries(
    draw: st.DrawFn, kinds: tuple[Kind, ...]
) -> list[tuple[str, str, dict[str, Any] | None, int]]:
    """Shape: type, id, index entries (None: deleted), updated."""
    some = st.none() | entries(kinds) | entries(kinds)
    return [(t, i, draw(some), CLOCK + draw(st.integers(0, 6))) for t in TYPES for i in IDS[t]]
