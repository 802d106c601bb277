"""The feed of committed changes. Spec: storage/feed.py"""

from __future__ import annotations

import asyncio
from dataclasses import replace

import pytest

from fhir_server.errors import FhirError
from fhir_server.storage.base import Change, Committed, Feed, Guard, Store
from fhir_server.storage.feed import kind_of
from fhir_server.storage.mongodb import MongoStore
from fhir_server.storage.plan import Match, Plan
from fhir_server.storage.plan import Test as Row
from tests.contract.changes import change, deletion, put
from tests.stores import Mongo, new_database

Told = tuple[str, str, str, int]


def told(found: Committed) -> Told:
    return found.kind, found.resource_type, found.id, found.version


def expected(*changes: Change) -> list[Told]:
    return [(kind_of(c.method, c.version), c.resource_type, c.id, c.version) for c in changes]


async def read(feed: Feed, count: int) -> list[Committed]:
    """The next `count` changes; a test whose feed lacks one fails."""
    out: list[Committed] = []
    while len(out) < count:
        found = await feed.next(20)
        assert found is not None, f"after {len(out)} of {count}"
        out.append(found)
    return out


async def test_each_change_once_in_order_of_commits(store: Store) -> None:
    await put(store, change("before"))
    async with store.changes() as feed:
        some = [
            change("a"),
            change("b", type="Task"),
            change("a", 2),
            deletion("b", 2, type="Task"),
            change("b", 3, type="Task"),
        ]
        await put(store, *some)
        found = await read(feed, len(some))
        assert [told(each) for each in found] == expected(*some)
        assert [each.updated for each in found] == [each.updated for each in some]
        assert await feed.next(0) is None


async def test_an_iterator_waits_for_what_comes(store: Store) -> None:
    async with store.changes() as feed:
        token = feed.token

    async def first() -> Committed:
        async for found in store.changes(token):
            return found
        raise AssertionError("a feed does not end")

    waiting = asyncio.create_task(first())
    await asyncio.sleep(0.05)
    assert not waiting.done()
    await put(store, change("a"))
    assert told(await asyncio.wait_for(waiting, 20)) == ("create", "Patient", "a", 1)


async def test_a_batch_is_told_whole_and_a_refused_one_not_at_all(store: Store) -> None:
    await put(store, change("old"))
    async with store.changes() as feed:
        batch = [change("a"), change("old", 2), change("b", type="Task")]
        await store.write(batch)
        with pytest.raises(Exception, match="a"):
            await store.write([change("c"), change("a", 5)])
        holds = Guard("k", Plan("Patient", (Match("x", "token", ((Row("value", "=", "1"),),)),)))
        await store.write([change("d", index={"token": [("x", "", "1")]})], [holds])
        with pytest.raises(Exception, match="d"):
            await store.write([change("e")], [holds])
        await put(store, change("last"))
        found = [told(each) for each in await read(feed, 5)]
    assert sorted(found[:3]) == sorted(expected(*batch))
    assert found[3:] == expected(change("d"), change("last"))


async def test_it_goes_on_from_each_token(store: Store) -> None:
    async with store.changes() as feed:
        start = feed.token
        some = [change("a"), change("a", 2), change("b"), deletion("a", 3)]
        await put(store, *some)
        await store.write([change("c"), change("b", 2), change("d")])
        whole = await read(feed, 7)
    for number, token in enumerate([start, *(each.token for each in whole)]):
        async with store.changes(token) as again:
            assert await read(again, 7 - number) == whole[number:]


async def test_a_token_that_is_kept_as_a_note(store: Store) -> None:
    """What a consumer does: it deals with a change, then keeps the token."""
    async with store.changes() as feed:
        assert await store.set_note("consumer", {"token": feed.token}, instead_of=None)
    await put(store, change("a"), change("b"), change("c"))
    seen: list[str] = []
    while len(seen) < 3:  # a consumer that ends after each change and is started again
        kept = await store.note("consumer")
        assert kept is not None
        async with store.changes(kept["token"]) as feed:
            (found,) = await read(feed, 1)
        seen.append(found.id)
        assert await store.set_note("consumer", {"token": found.token}, instead_of=kept)
    assert seen == ["a", "b", "c"]


async def test_the_token_moves_on_while_nothing_is_told(store: Store) -> None:
    """What is no change of a resource: notes, entries made anew, purged history."""
    await put(store, change("a"), change("a", 2))
    async with store.changes() as feed:
        assert await store.reindex([replace(change("a", 2), index={"token": [("x", "", "1")]})])
        assert await store.set_note("k", {}, instead_of=None)
        assert await store.purge("Patient", "a", history_only=True) == 1
        assert await feed.next(0.6) is None
        token = feed.token
    await put(store, change("b"))
    async with store.changes(token) as feed:
        assert [told(each) for each in await read(feed, 1)] == expected(change("b"))


async def test_a_purge_is_told_and_its_id_is_new_afterwards(store: Store) -> None:
    async with store.changes() as feed:
        await put(store, change("a"), change("a", 2), change("b"))
        first = await read(feed, 3)
        await store.purge("Patient", "a", history_only=False)
        await store.purge("Patient", "b", history_only=False)
        await put(store, change("b"), change("a"))
        found = await read(feed, 4)
    names = [("purge", "Patient", "a", 0), ("purge", "Patient", "b", 0)]
    assert [told(each) for each in found] == [*names, *expected(change("b"), change("a"))]
    assert all(each.updated > 0 for each in found)
    # From before the purge: what is gone may be left out, the rest and the purge are told.
    async with store.changes(first[0].token) as again:
        late: list[Told] = []
        while not late or (late[-1] != found[-1:] and told(found[-1]) not in late):
            late += [told(each) for each in await read(again, 1)]
    assert [each for each in late if each not in expected(change("a", 2), change("b"))][:2] == names


async def test_versions_whose_history_was_purged(store: Store) -> None:
    """The current version is told in any case."""
    async with store.changes() as feed:
        start = feed.token
    await put(store, change("a"), change("a", 2), change("a", 3), change("b"))
    await store.purge("Patient", "a", history_only=True)
    async with store.changes(start) as feed:
        found: list[Told] = []
        while not found or found[-1][2] != "b":
            found += [told(each) for each in await read(feed, 1)]
    assert found[-2:] == [("update", "Patient", "a", 3), ("create", "Patient", "b", 1)]


async def test_many_writers_and_no_gap(store: Store) -> None:
    async def write(writer: int) -> None:
        await store.write([change(f"w{writer}")])
        for version in range(2, 6):
            await store.write([change(f"w{writer}", version)])
            await asyncio.sleep(0)

    async with store.changes() as feed:
        writers = asyncio.gather(*map(write, range(8)))
        found = [told(each) for each in await read(feed, 40)]
        await writers
        assert await feed.next(0) is None
    assert len(set(found)) == 40
    for writer in range(8):
        assert [each[3] for each in found if each[2] == f"w{writer}"] == [1, 2, 3, 4, 5]


@pytest.mark.parametrize(
    "token",
    ["x", "m1.", "m1.!!", "m1.AAAA", "s1.", "s1.x", "s1.0a0b0c0d.x", "s1.0a0b0c0d.-1", "m1.中"],
)
async def test_what_is_no_token(store: Store, token: str) -> None:
    with pytest.raises(FhirError) as caught:
        async with store.changes(token) as feed:
            await feed.next(0)
    assert caught.value.code == "feed-token"


async def test_a_standalone_server_refuses(mongo_standalone: Mongo) -> None:
    for driver in ("pymongo", "motor"):
        store = MongoStore(mongo_standalone.uri, database=new_database(), driver=driver)
        await store.open()
        try:
            with pytest.raises(FhirError) as caught:
                await store.changes().open()
            assert (caught.value.code, caught.value.status) == ("feed-not-supported", 501)
        finally:
            await store.close()
