"""One resource's life: created, read, updated, deleted, created again; and who loses a race."""

from __future__ import annotations

import asyncio
import itertools
from dataclasses import replace

import pytest

from fhir_server.storage.base import Conflict, HistoryPlan, Store
from tests.contract.changes import change, count_versions, deletion, put, read_versions


async def test_an_unknown_id_is_none(store: Store) -> None:
    assert await store.current("Patient", "a") is None
    assert await store.version("Patient", "a", 1) is None
    assert await read_versions(store, "a", 10) == []
    assert await count_versions(store, "a") == 0


async def test_a_created_resource_is_read(store: Store) -> None:
    written = change("a", gender="female")
    await store.write([written])
    found = await store.current("Patient", "a")
    assert found is not None
    assert (found.resource_type, found.id, found.version) == ("Patient", "a", 1)
    assert (found.updated, found.method, found.deleted) == (written.updated, "POST", False)
    assert found.resource == written.resource
    assert found.body == written.body
    assert type(found.version) is type(found.updated) is int
    assert await store.current("Observation", "a") is None


async def test_versions_and_history_newest_first(store: Store) -> None:
    await put(store, *(change("a", n, note=n) for n in range(1, 6)), change("b"))
    history = await read_versions(store, "a", 10)
    assert [each.version for each in history] == [5, 4, 3, 2, 1]
    assert [each.resource["note"] for each in history] == [5, 4, 3, 2, 1]
    assert [each.method for each in history] == ["PUT"] * 4 + ["POST"]
    assert await count_versions(store, "a") == 5
    for number in range(1, 6):
        found = await store.version("Patient", "a", number)
        assert found is not None
        assert (found.version, found.resource["note"]) == (number, number)
    assert await store.version("Patient", "a", 6) is None
    assert await store.version("Patient", "a", 0) is None
    assert await store.version("Patient", "a", 2**70) is None


async def test_history_in_pages(store: Store) -> None:
    await put(store, *(change("a", n) for n in range(1, 6)))
    pages = []
    plan = HistoryPlan("Patient", "a", limit=2)
    while True:
        page = await store.history(plan)
        pages.append([each.version for each in page.matches])
        if page.after is None:
            break
        plan = replace(plan, after=page.after)
    assert pages == [[5, 4], [3, 2], [1]]


async def test_a_deleted_resource_leaves_a_tombstone(store: Store) -> None:
    await put(store, change("a"), deletion("a", 2))
    found = await store.current("Patient", "a")
    assert found is not None
    assert (found.deleted, found.version, found.method) == (True, 2, "DELETE")
    assert await store.many([("Patient", "a")]) == []
    history = await read_versions(store, "a", 10)
    assert [(each.version, each.deleted) for each in history] == [(2, True), (1, False)]


async def test_a_deleted_resource_comes_back_as_a_further_version(store: Store) -> None:
    await put(store, change("a"), deletion("a", 2), change("a", 3, gender="male"))
    found = await store.current("Patient", "a")
    assert found is not None
    assert (found.deleted, found.version, found.resource["gender"]) == (False, 3, "male")
    assert await count_versions(store, "a") == 3


CONFLICTS = [  # versions there are, version that is written. The first is the positive control.
    (1, 2, False),
    (0, 1, False),
    (1, 1, True),  # the id was used
    (1, 3, True),
    (2, 2, True),
    (0, 2, True),
]


@pytest.mark.parametrize(("there", "written", "conflict"), CONFLICTS)
@pytest.mark.parametrize("batch", [False, True])
async def test_conflict(
    store: Store, there: int, written: int, conflict: bool, batch: bool
) -> None:
    await put(store, *(change("a", n) for n in range(1, there + 1)))
    changes = [change("a", written)] + [change("other")] * batch
    if not conflict:
        await store.write(changes)
        return
    with pytest.raises(Conflict) as caught:
        await store.write(changes)
    assert (caught.value.resource_type, caught.value.id) == ("Patient", "a")
    assert caught.value.guard == ""
    assert await count_versions(store, "a") == there
    assert await store.current("Patient", "other") is None


async def test_a_deleted_id_is_used(store: Store) -> None:
    await put(store, change("a"), deletion("a", 2))
    with pytest.raises(Conflict):
        await store.write([change("a", 1)])
    with pytest.raises(Conflict):
        await store.write([deletion("a", 2)])


async def test_a_loser_leaves_nothing_in_the_history(store: Store) -> None:
    await put(store, change("a", 1, note="first"))
    results = await asyncio.gather(
        *(store.write([change("a", 2, note=n)]) for n in range(8)), return_exceptions=True
    )
    assert sorted(type(each).__name__ for each in results) == ["Conflict"] * 7 + ["NoneType"]
    won = results.index(None)
    history = await read_versions(store, "a", 10)
    assert [(each.version, each.resource["note"]) for each in history] == [(2, won), (1, "first")]
    assert await count_versions(store, "a") == 2


async def test_no_update_is_lost_among_32_writers(store: Store) -> None:
    await store.write([change("a", 1, notes=[])])

    async def add(number: int) -> None:
        while True:
            found = await store.current("Patient", "a")
            assert found is not None
            notes = [*found.resource["notes"], number]
            try:
                await store.write([change("a", found.version + 1, notes=notes)])
                return
            except Conflict:
                await asyncio.sleep(0.002 * (number % 8))

    await asyncio.gather(*map(add, range(32)))
    found = await store.current("Patient", "a")
    assert found is not None
    assert found.version == 33
    assert sorted(found.resource["notes"]) == list(range(32))
    history = await read_versions(store, "a", 100)
    assert [each.version for each in history] == list(range(33, 0, -1))
    for newer, older in itertools.pairwise(history):
        assert newer.resource["notes"][:-1] == older.resource["notes"]


async def test_many_leaves_out_tombstones_and_unknown_ids(store: Store) -> None:
    await put(store, change("a"), change("b"), deletion("b", 2), change("a", type="Task"))
    keys = [("Patient", "a"), ("Patient", "b"), ("Patient", "c"), ("Task", "a"), ("Group", "a")]
    found = await store.many(keys)
    assert sorted((each.resource_type, each.id) for each in found) == [
        ("Patient", "a"),
        ("Task", "a"),
    ]
    assert await store.many([]) == []
