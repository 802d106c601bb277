"""Random index entries and random plans: every store answers as the words of the plan do."""

from __future__ import annotations

import asyncio
import os
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from fhir_server.storage.base import Change, Store
from fhir_server.storage.plan import (
    KINDS,
    AnyOf,
    Chain,
    Clause,
    Ids,
    Kind,
    Match,
    Plan,
    Sort,
    Updated,
)
from fhir_server.storage.plan import Test as Row
from tests.contract.changes import change, deletion
from tests.contract.naive import Memory

TIMES = int(os.environ.get("FHIR_SERVER_TEST_TIMES", "1"))  # more examples, where there is time
TYPES = ("Patient", "Task")
SLOTS = 5  # resources of each type; every example writes all of them anew
# Few values, so that entries and tests meet; among them what a query language could misread.
TEXTS = ["", "a", "a", "a", "A", "ab", "a.", "$a", "张", "张三", "𠮷", "\\", "%"]
IDS = {t: [f"{t.lower()}{n}" for n in range(SLOTS)] for t in TYPES}
CODES = ("x", "y-z")

texts = st.sampled_from(TEXTS)
numbers = st.integers(-3, 3)
reals = st.sampled_from([-2.5, -1.0, 0.0, 0.5, 3.0, 1e300])
ids = st.sampled_from([i for each in IDS.values() for i in each[:4]] + ["other"])
VALUES: dict[str, dict[str, st.SearchStrategy[Any]]] = {
    "token": {"system": texts, "value": texts},
    "string": {"folded": texts, "exact": texts},
    "reference": {
        "type": st.sampled_from([*TYPES, *TYPES, ""]),
        "id": ids,
        "url": st.sampled_from(["", "", "", "http://x.org/a"]),
    },
    "date": {"low": numbers, "high": numbers},
    "uri": {"value": texts},
    "number": {"low": reals, "high": reals},
}
# The kinds that every store lowers; one that a store learns gets its values above.
kinds: st.SearchStrategy[Kind] = st.sampled_from((*VALUES, "token", "reference", "reference"))  # type: ignore[arg-type]
codes = st.sampled_from(CODES)


@st.composite
def entries(draw: st.DrawFn) -> dict[str, list[tuple[Any, ...]]]:
    index: dict[str, dict[tuple[Any, ...], None]] = {}
    for kind in draw(st.lists(kinds, min_size=2, max_size=12)):
        row = (draw(codes), *(draw(VALUES[kind][f]) for f in KINDS[kind]))
        index.setdefault(kind, {})[row] = None
    return {kind: list(rows) for kind, rows in index.items()}


@st.composite
def rows(draw: st.DrawFn, kind: Kind) -> Row:
    field = draw(st.sampled_from(KINDS[kind]))
    operators = ["=", "=", "=", "!=", "<", "<=", ">", ">="]
    if kind in ("token", "string", "uri"):
        operators += ["starts", "contains"]
    return Row(field, draw(st.sampled_from(operators)), draw(VALUES[kind][field]))  # type: ignore[arg-type]


@st.composite
def matches(draw: st.DrawFn) -> Match:
    kind = draw(kinds)
    group = st.lists(rows(kind), min_size=draw(st.sampled_from([0, 1, 1, 1])), max_size=2).map(
        tuple
    )
    any_of = draw(st.lists(group, min_size=1, max_size=2).map(tuple))
    return Match(draw(codes), kind, any_of, draw(st.sampled_from([False, False, True])))


moments = st.builds(
    Row, st.just("at"), st.sampled_from(["=", "!=", "<", "<=", ">", ">="]), st.integers(0, 6)
)
updated = st.builds(
    Updated,
    st.lists(st.lists(moments, max_size=2).map(tuple), min_size=1, max_size=2).map(tuple),
)
simple = matches() | st.builds(Ids, st.lists(ids, max_size=3).map(tuple), st.booleans()) | updated


def deeper(inner: st.SearchStrategy[Clause]) -> st.SearchStrategy[Clause]:
    group = st.lists(inner, min_size=1, max_size=2).map(tuple) | st.just(())
    chains = st.builds(Chain, codes, st.sampled_from(TYPES), group)
    return chains | chains | st.builds(AnyOf, st.lists(group, min_size=1, max_size=2).map(tuple))


clauses: st.SearchStrategy[Clause] = st.recursive(simple, deeper, max_leaves=3)
sorts = st.builds(Sort, codes, kinds, st.booleans()) | st.builds(
    Sort, st.sampled_from(["_id", "_lastUpdated"]), st.just(""), st.booleans()
)
plans = st.builds(
    Plan,
    st.sampled_from(TYPES),
    st.lists(clauses, min_size=1, max_size=2).map(tuple),
    st.lists(sorts, max_size=2).map(tuple),
    st.just(4),
)


@st.composite
def libraries(draw: st.DrawFn) -> list[tuple[str, str, dict[str, Any] | None, int]]:
    """Shape: type, id, index entries (None: deleted), updated."""
    return [
        (t, i, draw(st.none() | entries() | entries()), draw(st.integers(0, 6)))
        for t in TYPES
        for i in IDS[t]
    ]


def changes(library: list[tuple[str, str, Any, int]], version: int) -> list[Change]:
    out = []
    for t, i, index, updated in library:
        if index is None and version > 1:
            out.append(deletion(i, version, type=t))
        else:
            out.append(change(i, version, type=t, index=index or {}, updated=updated + 1_000))
    return out


async def answer(store: Store, plan: Plan) -> tuple[list[str], list[int]]:
    """The ids of all pages, and the totals that the pages gave."""
    found: list[str] = []
    totals: list[int] = []
    after = None
    while True:
        page = await store.search(
            Plan(plan.resource_type, plan.where, plan.sort, plan.limit, after, after is None)
        )
        found += [each.id for each in page.matches]
        totals += [page.total] if page.total is not None else []
        after = page.after
        if after is None:
            return found, totals


def shifted(clause: Clause) -> Clause:
    """Moments as `changes` writes them; 0 would ask the test's clock."""
    if isinstance(clause, Updated):
        groups = tuple(
            tuple(Row(t.field, t.operator, t.value + 1_000) for t in g)  # type: ignore[operator]
            for g in clause.any_of
        )
        return Updated(groups)
    if isinstance(clause, Chain):
        return Chain(clause.code, clause.target, tuple(map(shifted, clause.where)))
    if isinstance(clause, AnyOf):
        return AnyOf(tuple(tuple(map(shifted, group)) for group in clause.groups))
    return clause


@pytest.mark.parametrize("named", [1000, 1], ids=["short chains", "long chains"])
async def test_differential(store: Store, named: int, monkeypatch: pytest.MonkeyPatch) -> None:
    if store.name == "sqlite" and named == 1:
        pytest.skip("SQLite follows every chain in one way")
    # MongoDB follows a chain whose end has many resources from its beginning.
    monkeypatch.setattr("fhir_server.storage.mongodb.store.MAX_NAMED", named)
    versions = [0]
    memory = Memory({})
    count = (40 if store.name == "sqlite" else 12) * TIMES

    @settings(
        max_examples=count,
        deadline=None,
        database=None,
        suppress_health_check=list(HealthCheck),
    )
    @given(libraries(), st.lists(plans, min_size=6, max_size=12))
    async def agrees(library: list[Any], asked: list[Plan]) -> None:
        versions[0] += 1
        batch = changes(library, versions[0])
        await store.write(batch)
        memory.write(batch)
        for plan in asked:
            real = Plan(plan.resource_type, tuple(map(shifted, plan.where)), plan.sort, plan.limit)
            expected = memory.search(real)
            found, totals = await answer(store, real)
            assert found == expected, real
            assert totals == [len(expected)], real

    await run(agrees)


async def run(property: Any) -> None:
    """A Hypothesis property that is a coroutine, inside the running loop."""
    loop = asyncio.get_running_loop()
    inner = property.hypothesis.inner_test

    def in_loop(*args: Any, **kwargs: Any) -> None:
        asyncio.run_coroutine_threadsafe(inner(*args, **kwargs), loop).result()

    property.hypothesis.inner_test = in_loop
    await asyncio.to_thread(property)
