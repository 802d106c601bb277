"""History of a resource, of a type and of everything, and what purging leaves of it.

Spec: `HistoryPlan` in storage/base.py, http://hl7.org/fhir/R4/http.html#history
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from fhir_server.storage.base import Change, HistoryPlan, Store
from fhir_server.storage.mongodb import MongoStore
from fhir_server.storage.plan import Match, Plan
from tests.contract.changes import change, deletion, put
from tests.stores import Mongo

T = 1_795_104_000_000_000
Name = tuple[str, str, int]


def moment(number: int) -> int:
    return T + number * 1000


def life() -> list[Change]:
    """Versions of five resources of two types; several were written in the same moment."""
    gone = deletion("b", 2)
    gone.updated = moment(6)
    return [
        change("a", 1, updated=moment(1)),
        change("b", 1, updated=moment(1)),
        change("a", 1, type="Task", updated=moment(2)),
        change("a", 2, updated=moment(3)),
        change("c", 1, updated=moment(3)),
        change("b", 1, type="Task", updated=moment(3)),
        change("a", 3, updated=moment(5)),
        gone,
        change("a", 2, type="Task", updated=moment(6)),
        change("c", 2, updated=moment(9)),
    ]


def expected(plan: HistoryPlan, versions: list[Change]) -> list[Name]:
    """The specification's words, over all versions."""
    some = [
        v
        for v in versions
        if plan.resource_type in ("", v.resource_type)
        and plan.id in ("", v.id)
        and (plan.since is None or v.updated >= plan.since)
        and (plan.until is None or v.updated < plan.until)
        and (plan.at is None or _was_current(v, plan.at, versions))
    ]
    some.sort(
        key=lambda v: v.version if plan.id else (v.updated, v.resource_type, v.id, v.version),
        reverse=not plan.ascending,
    )
    return [(v.resource_type, v.id, v.version) for v in some]


def _was_current(v: Change, at: tuple[int, int], versions: list[Change]) -> bool:
    later = [
        w.updated
        for w in versions
        if (w.resource_type, w.id) == (v.resource_type, v.id) and w.version > v.version
    ]
    return v.updated < at[1] and all(each > at[0] for each in later)


LEVELS = [{"resource_type": "Patient", "id": "a"}, {"resource_type": "Patient"}, {}]
BOUNDS: list[dict[str, Any]] = [
    {},
    {"since": moment(3)},
    {"until": moment(3)},
    {"since": moment(2), "until": moment(6)},
    {"at": (moment(3), moment(3) + 1)},
    {"at": (moment(4), moment(6))},
    {"at": (0, moment(1))},
    {"at": (moment(20), moment(21)), "since": moment(6)},
]


def names(found: list[Any]) -> list[Name]:
    return [(each.resource_type, each.id, each.version) for each in found]


async def walk(store: Store, plan: HistoryPlan) -> list[Name]:
    """All pages forwards; then backwards, which must give the same."""
    pages, cursor = [], None
    while True:
        page = await store.history(replace(plan, after=cursor))
        assert (page.before is None) is (cursor is None or not page.matches)
        pages.append(page)
        cursor = page.after
        if cursor is None:
            break
    back, before = [pages[-1]], pages[-1].before
    while before is not None:
        page = await store.history(replace(plan, after=before, backward=True))
        back.insert(0, page)
        assert page.after is not None
        before = page.before
    forwards = [name for page in pages for name in names(page.matches)]
    assert [name for page in back for name in names(page.matches)] == forwards
    return forwards


async def test_every_level_bound_and_direction_in_pages(store: Store) -> None:
    await put(store, *life())
    for level in LEVELS:
        for bound in BOUNDS:
            for ascending in (False, True):
                plan = HistoryPlan(**level, **bound, ascending=ascending, limit=3)
                wanted = expected(plan, life())
                assert await walk(store, plan) == wanted, plan
                page = await store.history(replace(plan, total=True, limit=1))
                assert page.total == len(wanted), plan
    whole = await store.history(HistoryPlan(limit=100))
    assert len(whole.matches) == 10  # the positive control
    assert (whole.after, whole.before, whole.total) == (None, None, None)


async def test_versions_come_with_their_content(store: Store) -> None:
    await put(store, change("a", note=1), change("a", 2, note=2), deletion("a", 3))
    for plan in (HistoryPlan("Patient", "a"), HistoryPlan("Patient"), HistoryPlan()):
        found = (await store.history(plan)).matches
        assert [each.method for each in found] == ["DELETE", "PUT", "POST"]
        assert [each.resource["note"] for each in found[1:]] == [2, 1]


async def test_only_the_total(store: Store) -> None:
    await put(store, *life())
    page = await store.history(HistoryPlan("Patient", limit=0))
    assert (page.matches, page.total, page.after) == ([], 7, None)


async def test_a_total_up_to_a_bound(store: Store) -> None:
    """What there is more of is not counted to its end."""
    await put(store, *life())
    for level in LEVELS:
        plan = HistoryPlan(**level, total=True, limit=1)
        whole = (await store.history(plan)).total
        assert whole is not None
        for most in (whole - 1, whole, whole + 1):
            page = await store.history(replace(plan, most=most))
            assert page.total == (whole if most == 0 or whole <= most else None), (level, most)
            assert len(page.matches) == 1


async def test_nothing_there(store: Store) -> None:
    for plan in (HistoryPlan("Patient", "x"), HistoryPlan("Group"), HistoryPlan()):
        page = await store.history(replace(plan, total=True))
        assert (page.matches, page.total) == ([], 0)


async def test_pages_stay_stable_while_others_write(store: Store) -> None:
    await put(store, *(change(f"p{n}", updated=moment(n)) for n in range(6)))
    first = await store.history(HistoryPlan("Patient", limit=3))
    await put(store, change("new", updated=moment(50)), change("p0", 2, updated=moment(51)))
    second = await store.history(HistoryPlan("Patient", limit=3, after=first.after))
    assert [each.id for each in first.matches + second.matches] == [
        f"p{n}" for n in range(5, -1, -1)
    ]


async def test_an_update_cut_short_shows_no_version_twice(mongo: Mongo, store: Store) -> None:
    if not isinstance(store, MongoStore):
        return  # SQLite updates in one transaction
    await put(store, change("a", 1, updated=moment(1)), change("b", 1, updated=moment(1)))
    await put(store, change("a", 2, updated=moment(2)))
    with mongo.client() as client:
        database = client[store._database]
        current = database["Patient"].find_one({"_id": "a"})
        assert current is not None
        del current["index"], current["deleted"]
        database["Patient_history"].insert_one({**current, "_id": "a/2", "id": "a"})
    for plan in (HistoryPlan("Patient", "a"), HistoryPlan("Patient"), HistoryPlan()):
        page = await store.history(replace(plan, total=True, limit=2))
        assert names(page.matches) == [("Patient", "a", 2), ("Patient", *(
            ("a", 1) if plan.id else ("b", 1)))]  # fmt: skip
        assert page.total == (2 if plan.id else 3)
    assert await walk(store, HistoryPlan(limit=1)) == [
        ("Patient", "a", 2), ("Patient", "b", 1), ("Patient", "a", 1)]  # fmt: skip


GENDER = {"token": [("gender", "", "male")]}
MALE = Plan("Patient", (Match("gender", "token", ((),)),))


@pytest.mark.parametrize("deleted", [False, True])
async def test_purging_a_history_leaves_the_current_version(store: Store, deleted: bool) -> None:
    last = deletion("a", 3) if deleted else change("a", 3, index=GENDER)
    await put(store, change("a"), change("a", 2), last, change("b"), change("b", 2))
    assert await store.purge("Patient", "a", history_only=True) == 2
    assert names((await store.history(HistoryPlan("Patient", "a"))).matches) == [
        ("Patient", "a", 3)
    ]
    assert await store.version("Patient", "a", 2) is None
    assert len((await store.history(HistoryPlan("Patient", "b"))).matches) == 2
    assert len((await store.search(MALE)).matches) == (0 if deleted else 1)
    await store.write([change("a", 4)])
    assert (await store.history(HistoryPlan("Patient", "a", total=True))).total == 2


async def test_purging_a_resource_leaves_nothing(store: Store) -> None:
    await put(store, change("a", index=GENDER), change("a", 2, index=GENDER), change("b"))
    assert await store.purge("Patient", "a", history_only=False) == 2
    assert await store.current("Patient", "a") is None
    assert await store.version("Patient", "a", 1) is None
    assert (await store.search(MALE)).matches == []
    assert names((await store.history(HistoryPlan())).matches) == [("Patient", "b", 1)]
    assert await store.purge("Patient", "a", history_only=False) == 0
    await store.write([change("a", 1, index=GENDER)])
    assert [each.id for each in (await store.search(MALE)).matches] == ["a"]


async def test_purging_what_was_never_there(store: Store) -> None:
    assert await store.purge("Group", "x", history_only=True) == 0
    assert await store.purge("Group", "x", history_only=False) == 0
