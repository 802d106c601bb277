"""Random index entries and random plans: every store answers as the words of the plan do."""

from __future__ import annotations

import asyncio
import os
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from fhir_server.storage.base import Change, Store
from fhir_server.storage.plan import Plan
from tests.contract.changes import change, deletion
from tests.contract.naive import Memory
from tests.contract.strategies import BASIC, EVERY, libraries, plans

TIMES = int(os.environ.get("FHIR_SERVER_TEST_TIMES", "1"))  # more examples, where there is time


def changes(library: list[tuple[str, str, Any, int]], version: int) -> list[Change]:
    out = []
    for t, i, index, updated in library:
        if index is None and version > 1:
            out.append(deletion(i, version, type=t))
        else:
            out.append(change(i, version, type=t, index=index or {}, updated=updated))
    return out


async def walk(store: Store, plan: Plan) -> tuple[list[list[str]], list[int]]:
    """The ids of all pages in the order of the plan, and the totals that the pages gave."""
    pages: list[list[str]] = []
    totals: list[int] = []
    while True:
        page = await store.search(plan)
        pages.append([each.id for each in page.matches])
        totals += [page.total] if page.total is not None else []
        after = page.before if plan.backward else page.after
        if after is None:
            return pages, totals
        plan = replace(plan, after=after, total=False)


async def agree(store: Store, memory: Memory, plan: Plan) -> None:
    expected = memory.search(plan)
    pages, totals = await walk(store, replace(plan, total=True))
    assert [each for page in pages for each in page] == expected, plan
    assert all(len(page) == plan.limit for page in pages[:-1]), plan
    assert totals == [len(expected)], plan
    if "backward" in store.capabilities:
        back, _ = await walk(store, replace(plan, backward=True))
        assert [each for page in reversed(back) for each in page] == expected, plan


@pytest.mark.parametrize("named", [1000, 4, 1], ids=["short sets", "some", "long sets"])
async def test_differential(store: Store, named: int, monkeypatch: pytest.MonkeyPatch) -> None:
    if store.name == "mongodb" and named == 4:
        pytest.skip("as with other numbers")
    # SQLite begins with a set below this size, and otherwise goes along an index in order.
    monkeypatch.setattr("fhir_server.storage.sqlite.searching.SMALL", named)
    if named == 4:  # as if a set were large: the order of an index is tried, other sets are made
        monkeypatch.setattr("fhir_server.storage.sqlite.searching.SORTED", 0)
        monkeypatch.setattr("fhir_server.storage.sqlite.sets.FEW_TESTED", 0)
    # MongoDB follows a chain whose end has many resources from its beginning.
    monkeypatch.setattr("fhir_server.storage.mongodb.searching.MAX_NAMED", named)
    await compare(store)


@pytest.mark.parametrize("steps", [20, 300], ids=["at once", "later"])
async def test_differential_in_threads(
    store: Store, steps: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What the event loop gives up goes to a thread, which tries the order of an index first."""
    if store.name != "sqlite":
        pytest.skip("MongoDB has no such threads")
    monkeypatch.setattr("fhir_server.storage.sqlite.budget.STEPS", steps)
    monkeypatch.setattr("fhir_server.storage.sqlite.store.INLINE_LOOKS", 0)
    monkeypatch.setattr("fhir_server.storage.sqlite.searching.SMALL", 1)
    monkeypatch.setattr("fhir_server.storage.sqlite.searching.SORTED", 0)
    monkeypatch.setattr("fhir_server.storage.sqlite.sets.FEW_TESTED", 0)
    await compare(store)


async def compare(store: Store) -> None:
    """With the naive evaluation, for random resources and plans."""
    versions = [0]
    memory = Memory({})
    kinds = EVERY if "Has" in store.capabilities else BASIC
    count = (40 if store.name == "sqlite" else 12) * TIMES

    @settings(
        max_examples=count,
        deadline=None,
        database=None,
        suppress_health_check=list(HealthCheck),
    )
    @given(libraries(kinds), st.lists(plans(kinds), min_size=6, max_size=12))
    async def agrees(library: list[Any], asked: list[Plan]) -> None:
        versions[0] += 1
        batch = changes(library, versions[0])
        await store.write(batch)
        memory.write(batch)
        for plan in asked:
            await agree(store, memory, plan)

    await run(agrees)


async def run(property: Any) -> None:
    """A Hypothesis property that is a coroutine, inside the running loop."""
    loop = asyncio.get_running_loop()
    inner = property.hypothesis.inner_test

    def in_loop(*args: Any, **kwargs: Any) -> None:
        asyncio.run_coroutine_threadsafe(inner(*args, **kwargs), loop).result()

    property.hypothesis.inner_test = in_loop
    await asyncio.to_thread(property)
