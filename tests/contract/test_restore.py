"""Versions of another store put there as they are. Spec: `Store.restore` in storage/base.py"""

from __future__ import annotations

from dataclasses import replace
from itertools import permutations

from fhir_server.storage.base import Change, HistoryPlan, Store
from fhir_server.storage.plan import Match, Plan
from fhir_server.storage.plan import Test as Row
from tests.contract.changes import change, deletion, put, read_versions


def life() -> list[Change]:
    """Three versions of a, a deleted b, and c, whose beginning was purged."""
    index = {"token": [("x", "", "1")]}
    return [
        change("a", index=index, note="1"),
        change("a", 2, note="2"),
        change("b", index=index),
        change("a", 3, index=index, note="3"),
        deletion("b", 2),
        change("c", 7, index=index, note="7"),
        change("c", 8, note="8"),
    ]


async def found(store: Store) -> list[str]:
    plan = Plan("Patient", (Match("x", "token", ((Row("value", "=", "1"),),)),))
    return [each.id for each in (await store.search(plan)).matches]


async def names(store: Store) -> list[tuple[str, int, int, str]]:
    page = await store.history(HistoryPlan(limit=100, ascending=True))
    return [(each.id, each.version, each.updated, each.method) for each in page.matches]


async def test_in_any_cut_and_order_and_twice(store: Store) -> None:
    versions = life()
    wanted = [(v.id, v.version, v.updated, v.method) for v in versions]
    for cut in (1, 3, 7):
        for start in range(0, len(versions), cut):
            await store.restore(versions[start : start + cut])
        assert await names(store) == wanted
    assert await found(store) == ["a"]
    (last, *older) = await read_versions(store, "a")
    assert [each.resource["note"] for each in (last, *older)] == ["3", "2", "1"]
    current = await store.current("Patient", "b")
    assert current is not None
    assert current.deleted
    # It goes on from there as if it had always been here.
    await store.write([change("c", 9, note="9")])
    assert [each.version for each in await read_versions(store, "c")] == [9, 8, 7]


async def test_each_order_of_three_versions(store: Store) -> None:
    for number, order in enumerate(permutations(range(1, 4))):
        id = f"p{number}"
        for version in order:
            await store.restore([change(id, version, note=str(version))])
        assert [each.resource["note"] for each in await read_versions(store, id)] == ["3", "2", "1"]


async def test_what_is_there_stays(store: Store) -> None:
    await put(store, change("a", note="mine"), change("a", 2, note="mine"))
    await store.restore([change("a", note="theirs"), change("a", 2, note="theirs")])
    notes = [each.resource["note"] for each in await read_versions(store, "a")]
    assert notes[0] == "mine"
    assert len(notes) == 2


async def test_the_feed_tells_what_is_current(store: Store) -> None:
    async with store.changes() as feed:
        await store.restore([replace(each) for each in life()])
        told: dict[str, int] = {}
        while told != {"a": 3, "b": 2, "c": 8}:
            one = await feed.next(20)
            assert one is not None
            told[one.id] = max(one.version, told.get(one.id, 0))
