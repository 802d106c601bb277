"""What keeps a store in order: entries anew without a new version, and notes about the store."""

from __future__ import annotations

import asyncio

from fhir_server.storage.base import Store
from fhir_server.storage.plan import Match, Plan
from fhir_server.storage.plan import Test as Row
from tests.contract.changes import change, deletion, put


def by(code: str, value: str) -> Plan:
    return Plan("Patient", (Match(code, "token", ((Row("value", "=", value),),)),))


async def ids(store: Store, plan: Plan) -> list[str]:
    return [each.id for each in (await store.search(plan)).matches]


async def test_new_entries_take_the_place_of_the_old(store: Store) -> None:
    old = {"token": [("gender", "", "male")], "date": [("birthdate", 1, 2)]}
    await put(store, change("a", index=old), change("b", index=old), change("b", 2, index=old))
    new = {"token": [("colour", "", "red"), ("gender", "", "female")]}
    before = await store.current("Patient", "a")
    count = await store.reindex(
        [change("a", 1, index=new), change("b", 1, index=new), change("never", 1, index=new)]
    )
    assert count == 1  # b has another version by now, and the third never was
    assert await ids(store, by("colour", "red")) == ["a"]
    assert await ids(store, by("gender", "male")) == ["b"]
    assert await ids(store, Plan("Patient", (Match("birthdate", "date", ((),)),))) == ["b"]
    after = await store.current("Patient", "a")
    assert before is not None
    assert after is not None
    assert (after.version, after.updated) == (before.version, before.updated)
    assert after.resource == before.resource
    # A later write replaces the entries as ever.
    await store.write([change("a", 2, index=old)])
    assert await ids(store, by("colour", "red")) == []
    assert await ids(store, by("gender", "male")) == ["a", "b"]


async def test_a_deleted_resource_gets_no_entries(store: Store) -> None:
    await put(store, change("a"), deletion("a", 2))
    assert await store.reindex([change("a", 1, index={"token": [("gender", "", "male")]})]) == 0
    assert await ids(store, by("gender", "male")) == []


async def test_entries_anew_and_writes_at_once(store: Store) -> None:
    """Whatever comes first, the entries are those of the current version in the end."""
    await put(store, *(change(f"p{n}") for n in range(20)))
    stale = {"token": [("gender", "", "male")]}
    fresh = {"token": [("gender", "", "female")]}
    await asyncio.gather(
        *(store.reindex([change(f"p{n}", 1, index=stale)]) for n in range(20)),
        *(store.write([change(f"p{n}", 2, index=fresh)]) for n in range(20)),
    )
    assert await ids(store, by("gender", "male")) == []
    assert len(await ids(store, by("gender", "female"))) == 20


async def test_a_note_changes_only_from_what_it_was(store: Store) -> None:
    assert await store.note("jobs") is None
    assert not await store.set_note("jobs", {"n": 1}, instead_of={"n": 0})
    assert await store.set_note("jobs", {"n": 1, "名": "张三"}, instead_of=None)
    assert not await store.set_note("jobs", {"n": 2}, instead_of=None)
    assert await store.note("jobs") == {"n": 1, "名": "张三"}
    assert await store.set_note("jobs", {"n": 2}, instead_of={"名": "张三", "n": 1})
    assert await store.note("jobs") == {"n": 2}
    assert await store.note("other") is None


async def test_of_two_that_change_a_note_one_wins(store: Store) -> None:
    await store.set_note("jobs", {"n": 0}, instead_of=None)
    won = await asyncio.gather(
        *(store.set_note("jobs", {"n": n}, instead_of={"n": 0}) for n in range(1, 9))
    )
    assert won.count(True) == 1
    assert await store.note("jobs") == {"n": won.index(True) + 1}
