"""Nothing points to what a batch deletes; what a batch points to is there."""

from __future__ import annotations

import asyncio

import pytest

from fhir_server.errors import FhirError
from fhir_server.storage.base import Change, Conflict, Present, Store, Unreferenced
from fhir_server.storage.mongodb import MongoStore
from tests.contract.changes import change, deletion, put
from tests.stores import Mongo, new_database

P0 = ("Patient", "p0")
PARAMS = {"Task": ("for", "focus"), "Encounter": ("subject",)}


def task(id: str, target: str = "p0", version: int = 1) -> Change:
    return change(id, version, type="Task", index={"reference": [("for", "Patient", target, "")]})


def free(*targets: tuple[str, str], strict: bool = False) -> Unreferenced:
    return Unreferenced(targets or (P0,), PARAMS, strict)


@pytest.mark.parametrize("strict", [False, True])
async def test_what_is_pointed_to_stays(store: Store, strict: bool) -> None:
    await put(store, change("p0"), change("p1"), task("t0"))
    with pytest.raises(Conflict) as caught:
        await store.write([deletion("p0", 2)], [free(strict=strict)])
    found = caught.value
    assert (found.resource_type, found.id, found.guard) == ("Task", "t0", "unreferenced")
    await store.write([deletion("p1", 2)], [free(("Patient", "p1"), strict=strict)])
    # What the batch itself writes does not count: it may take the referrer along, or change it.
    await store.write(
        [deletion("p0", 2), deletion("t0", 2, type="Task"), task("t1", "p9")], [free(strict=strict)]
    )
    current = await store.current(*P0)
    assert current is not None
    assert current.deleted


async def test_only_the_named_parameters_point(store: Store) -> None:
    await put(store, change("p0"), task("t0"))
    await store.write([deletion("p0", 2)], [Unreferenced((P0,), {"Task": ("focus",)})])


async def test_what_is_demanded_is_there(store: Store) -> None:
    await put(store, change("p0"), change("gone"), deletion("gone", 2))
    await store.write([task("t0")], [Present((P0,))])
    for absent in (("Patient", "gone"), ("Patient", "never"), ("Group", "p0")):
        with pytest.raises(Conflict) as caught:
            await store.write([task("t1")], [Present((P0, absent))])
        found = caught.value
        assert (found.resource_type, found.id, found.guard) == (*absent, "present")
    assert await store.current("Task", "t1") is None


async def test_a_deletion_and_a_new_referrer_never_both_commit(store: Store) -> None:
    for n in range(6):
        p = ("Patient", f"p{n}")
        await put(store, change(p[1]))
        writes = [store.write([task(f"t{n}-{k}", p[1])], [Present((p,))]) for k in range(4)]
        delete = store.write([deletion(p[1], 2)], [free(p, strict=True)])
        *made, gone = await asyncio.gather(*writes[:2], *writes[2:], delete, return_exceptions=True)
        assert all(each is None or isinstance(each, Conflict) for each in (*made, gone)), made
        pointing = await store.pointers(PARAMS, [p], limit=9)
        assert len(pointing) == sum(each is None for each in made)
        current = await store.current(*p)
        assert current is not None
        assert current.deleted is (gone is None)
        assert not (current.deleted and pointing)


async def test_many_who_point_to_the_same_do_not_fail(store: Store) -> None:
    await put(store, change("p0"))
    await asyncio.gather(*(store.write([task(f"t{n}")], [Present((P0,))]) for n in range(24)))
    assert len(await store.pointers(PARAMS, [P0], limit=99)) == 24


async def test_a_standalone_server_checks_beforehand(
    mongo_standalone: Mongo, anyio_backend: str
) -> None:
    database = new_database()
    store = MongoStore(mongo_standalone.uri, database=database)
    await store.open()
    try:
        await put(store, change("p0"), change("p1"), task("t0"))
        with pytest.raises(Conflict):
            await store.write([deletion("p0", 2)], [free()])
        await store.write([deletion("p1", 2)], [free(("Patient", "p1"))])
        for changes, guards in (
            ([deletion("p0", 2)], [free(strict=True)]),
            ([task("t1")], [Present((P0,))]),
            ([deletion("p0", 2), deletion("t0", 2, type="Task")], [free()]),
        ):
            with pytest.raises(FhirError) as caught:
                await store.write(changes, guards)  # type: ignore[arg-type]
            assert caught.value.code == "store-no-transaction"
    finally:
        await store.close()
        mongo_standalone.drop(database)
