"""Batches are written whole or not at all; guards hold under concurrency."""

from __future__ import annotations

import asyncio

import pytest

from fhir_server.storage.base import Change, Conflict, Guard, Store
from fhir_server.storage.plan import Match, Plan, Sort
from fhir_server.storage.plan import Test as Row
from tests.contract.changes import change, count_versions, deletion, put, read_versions


def by_number(number: str, **more: object) -> Plan:
    tests = (Row("system", "=", "urn:转诊单号"), Row("value", "=", number))
    return Plan("ServiceRequest", (Match("identifier", "token", (tests,)),), **more)  # type: ignore[arg-type]


def referral(id: str, number: str, version: int = 1) -> Change:
    index = {"token": [("identifier", "urn:转诊单号", number)]}
    return change(id, version, type="ServiceRequest", index=index)


async def ids(store: Store, plan: Plan) -> list[str]:
    return [each.id for each in (await store.search(plan)).matches]


async def test_a_batch_writes_all(store: Store) -> None:
    await put(store, change("old"), change("gone"), change("back"), deletion("back", 2))
    await store.write(
        [
            referral("r", "1"),
            change("old", 2, note="new"),
            deletion("gone", 2),
            change("back", 3),
            *(change(f"t{n}", type="Task") for n in range(20)),
        ]
    )
    assert await ids(store, by_number("1")) == ["r"]
    versions = {}
    for id in ("old", "gone", "back"):
        history = await read_versions(store, id, 10)
        versions[id] = [(each.version, each.deleted) for each in history]
    assert versions == {
        "old": [(2, False), (1, False)],
        "gone": [(2, True), (1, False)],
        "back": [(3, False), (2, True), (1, False)],
    }
    assert (await store.search(Plan("Task", limit=0))).total == 20


async def test_a_batch_that_fails_at_its_last_change_writes_nothing(store: Store) -> None:
    await put(store, change("old"), change("stale"), change("stale", 2))
    changes = [change("old", 2), *(change(f"t{n}", type="Task") for n in range(50))]
    with pytest.raises(Conflict) as caught:
        await store.write([*changes, change("stale", 2)])
    assert (caught.value.resource_type, caught.value.id) == ("Patient", "stale")
    assert await count_versions(store, "old") == 1
    assert (await store.search(Plan("Task", limit=0))).total == 0
    await store.write(changes)  # the positive control: without it all is well
    assert (await store.search(Plan("Task", limit=0))).total == 50


async def test_the_first_change_that_does_not_fit_is_named(store: Store) -> None:
    await put(store, change("used"), change("b"))
    with pytest.raises(Conflict) as caught:
        await store.write([change("fresh"), change("used"), change("b", 3)])
    assert caught.value.id == "used"


async def test_an_empty_batch(store: Store) -> None:
    await store.write([])


async def test_a_guard_that_finds_nothing_lets_the_batch_pass(store: Store) -> None:
    await store.write([referral("r", "1")], [Guard("1", by_number("1"))])
    assert await ids(store, by_number("1")) == ["r"]


@pytest.mark.parametrize("more", [{}, {"limit": 2}, {"limit": 0}, {"sort": (Sort("_id", ""),)}])
async def test_a_guard_that_finds_something_stops_the_batch(
    store: Store, more: dict[str, object]
) -> None:
    await store.write([referral("first", "1")])
    with pytest.raises(Conflict) as caught:
        await store.write([referral("r", "1")], [Guard("key", by_number("1", **more))])
    found = caught.value
    assert (found.resource_type, found.id, found.guard) == ("ServiceRequest", "first", "key")
    assert await ids(store, by_number("1")) == ["first"]


async def test_one_of_several_guards_stops_the_batch(store: Store) -> None:
    await store.write([referral("first", "2")])
    guards = [Guard(n, by_number(n)) for n in "312"]
    with pytest.raises(Conflict) as caught:
        await store.write([referral("r", "3"), referral("s", "1")], guards)
    assert caught.value.guard == "2"
    assert await ids(store, Plan("ServiceRequest")) == ["first"]


async def test_a_guard_without_changes(store: Store) -> None:
    await store.write([], [Guard("1", by_number("1"))])
    await store.write([referral("r", "1")])
    with pytest.raises(Conflict):
        await store.write([], [Guard("1", by_number("1"))])


async def test_a_guard_does_not_see_what_was_deleted(store: Store) -> None:
    await put(store, referral("r", "1"), deletion("r", 2, type="ServiceRequest"))
    await store.write([referral("s", "1")], [Guard("1", by_number("1"))])
    assert await ids(store, by_number("1")) == ["s"]


async def test_of_64_guarded_creates_exactly_one_commits(store: Store) -> None:
    results = await asyncio.gather(
        *(
            store.write([referral(f"r{n}", "7"), change(f"p{n}")], [Guard("7", by_number("7"))])
            for n in range(64)
        ),
        return_exceptions=True,
    )
    won = [n for n, each in enumerate(results) if each is None]
    lost = [each for each in results if isinstance(each, Conflict)]
    assert (len(won), len(lost)) == (1, 63)
    assert await ids(store, by_number("7")) == [f"r{won[0]}"]
    assert {(each.id, each.guard) for each in lost} == {(f"r{won[0]}", "7")}
    assert (await store.search(Plan("Patient", limit=0))).total == 1


async def test_guards_with_different_keys_do_not_disturb_each_other(store: Store) -> None:
    await asyncio.gather(
        *(
            store.write([referral(f"r{n}", str(n))], [Guard(str(n), by_number(str(n)))])
            for n in range(12)
        )
    )
    assert (await store.search(Plan("ServiceRequest", limit=0))).total == 12


async def test_of_batches_that_update_the_same_resources_one_wins(store: Store) -> None:
    await put(store, change("a", note=-1), change("b", note=-1))
    pairs = [[change("a", 2, note=n), change("b", 2, note=n)] for n in range(8)]
    results = await asyncio.gather(
        *(store.write(pair if n % 2 else pair[::-1]) for n, pair in enumerate(pairs)),
        return_exceptions=True,
    )
    assert sorted(type(each).__name__ for each in results) == ["Conflict"] * 7 + ["NoneType"]
    won = results.index(None)
    for id in ("a", "b"):
        history = await read_versions(store, id, 9)
        assert [(each.version, each.resource["note"]) for each in history] == [(2, won), (1, -1)]


async def test_single_writes_beside_batches(store: Store) -> None:
    """Writers with and without a transaction on one resource: nothing is lost."""
    await store.write([change("a", notes=[])])

    async def add(number: int) -> None:
        while True:
            found = await store.current("Patient", "a")
            assert found is not None
            mine = change("a", found.version + 1, notes=[*found.resource["notes"], number])
            more = [change(f"t{number}", type="Task")] if number % 2 else []
            try:
                await store.write([mine, *more])
                return
            except Conflict:
                await asyncio.sleep(0.002 * number)

    await asyncio.gather(*map(add, range(10)))
    found = await store.current("Patient", "a")
    assert found is not None
    assert (found.version, sorted(found.resource["notes"])) == (11, list(range(10)))
    assert await count_versions(store, "a") == 11
    assert (await store.search(Plan("Task", limit=0))).total == 5
