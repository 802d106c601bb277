"""The order of matches, and pages that stay stable while others write."""

from __future__ import annotations

import pytest

from fhir_server.search.query import read_cursor, write_cursor
from fhir_server.storage.base import Change, Store
from fhir_server.storage.plan import Match, Plan, Sort
from fhir_server.storage.plan import Test as Row
from tests.contract.changes import change, put
from tests.contract.naive import Memory


def task(number: int, updated: int, /, **index: list[tuple[object, ...]]) -> Change:
    return change(f"t{number}", type="Task", index=index, updated=updated)


# Ids are in order of creation, so every store has one default order. Several have equal keys,
# some have no entry, some have several.
ROWS = [
    task(0, 300, date=[("due", 50, 60)], token=[("s", "", "b")]),
    task(1, 100, date=[("due", 10, 20), ("due", 90, 95)]),
    task(2, 200, token=[("s", "", "a")]),
    task(3, 200, date=[("due", 50, 70)], token=[("s", "", "a")]),
    task(4, 400, date=[("due", -5, 0)], number=[("n", -0.5, 1.0)]),
    task(5, 500),
    task(6, 600, string=[("w", "张", "张")], number=[("n", 2.0, 2.0)]),
    task(7, 50, string=[("w", "b", "B"), ("w", "𠮷", "𠮷")]),
    task(8, 51, string=[("w", "￥", "￥")], uri=[("u", "urn:b")]),
    task(9, 52, uri=[("u", "urn:a")], reference=[("f", "P", "9", "")]),
]
SORTS: dict[str, tuple[tuple[Sort, ...], str]] = {
    "none": ((), "0 1 2 3 4 5 6 7 8 9"),
    "_id": ((Sort("_id", ""),), "0 1 2 3 4 5 6 7 8 9"),
    "-_id": ((Sort("_id", "", True),), "9 8 7 6 5 4 3 2 1 0"),
    "_lastUpdated": ((Sort("_lastUpdated", ""),), "7 8 9 1 2 3 0 4 5 6"),
    "-_lastUpdated": ((Sort("_lastUpdated", "", True),), "6 5 4 0 2 3 1 9 8 7"),
    "date": ((Sort("due", "date"),), "4 1 0 3 2 5 6 7 8 9"),
    "-date": ((Sort("due", "date", True),), "1 0 3 4 2 5 6 7 8 9"),
    "token": ((Sort("s", "token"),), "2 3 0 1 4 5 6 7 8 9"),
    "-token": ((Sort("s", "token", True),), "0 2 3 1 4 5 6 7 8 9"),
    "string by code point": ((Sort("w", "string"),), "7 6 8 0 1 2 3 4 5 9"),
    "-string by code point": ((Sort("w", "string", True),), "7 8 6 0 1 2 3 4 5 9"),
    "number": ((Sort("n", "number"),), "4 6 0 1 2 3 5 7 8 9"),
    "uri": ((Sort("u", "uri"),), "9 8 0 1 2 3 4 5 6 7"),
    "reference": ((Sort("f", "reference"),), "9 0 1 2 3 4 5 6 7 8"),
    "unknown": ((Sort("x", "token"),), "0 1 2 3 4 5 6 7 8 9"),
    "token, -date": ((Sort("s", "token"), Sort("due", "date", True)), "3 2 0 1 4 5 6 7 8 9"),
    "-token, -_lastUpdated": (
        (Sort("s", "token", True), Sort("_lastUpdated", "", True)),
        "0 2 3 6 5 4 1 9 8 7",
    ),
    "date, token, -_id": (
        (Sort("due", "date"), Sort("s", "token"), Sort("_id", "", True)),
        "4 1 3 0 2 9 8 7 6 5",
    ),
    "the same twice": (
        (Sort("_lastUpdated", ""), Sort("_lastUpdated", "", True)),
        "7 8 9 1 2 3 0 4 5 6",
    ),
    "_id before another": ((Sort("_id", "", True), Sort("s", "token")), "9 8 7 6 5 4 3 2 1 0"),
}


async def walk(store: Store, plan: Plan) -> list[list[str]]:
    """The ids of all pages; the cursor goes through the text of a paging link."""
    pages = []
    while True:
        page = await store.search(plan)
        pages.append([each.id for each in page.matches])
        if page.after is None:
            return pages
        after = read_cursor(write_cursor(page.after), len(plan.sort))
        plan = Plan(plan.resource_type, plan.where, plan.sort, plan.limit, after)


async def test_order_and_pages(store: Store) -> None:
    await put(store, *ROWS)
    memory = Memory({})
    memory.write(ROWS)
    for name, (sort, expected) in SORTS.items():
        ids = [f"t{n}" for n in expected.split()]
        assert memory.search(Plan("Task", sort=sort)) == ids, f"{name}: the table is wrong"
        for limit in (1, 3, 10, 20):
            pages = await walk(store, Plan("Task", sort=sort, limit=limit))
            assert pages == [ids[i : i + limit] for i in range(0, 10, limit)], (name, limit)


@pytest.mark.parametrize("sort", [(), (Sort("due", "date"),), (Sort("_lastUpdated", "", True),)])
async def test_pages_stay_stable_while_others_write(store: Store, sort: tuple[Sort, ...]) -> None:
    """What was there all the time is seen exactly once, whatever comes and goes meanwhile."""

    def referral(number: int, version: int = 1, status: str = "active") -> None:
        index = {"token": [("s", "", status)], "date": [("due", number, number + 1)]}
        changes.append(
            change(f"t{number:02}", version, type="Task", index=index, updated=1000 - number)
        )

    changes: list[Change] = []
    for number in range(10, 30):
        referral(number)
    await put(store, *changes)
    active = (Match("s", "token", ((Row("value", "=", "active"),),)),)
    plan = Plan("Task", active, sort, 5)
    seen: list[str] = []
    for step in range(10):
        page = await store.search(plan)
        seen += [each.id for each in page.matches]
        if page.after is None:
            break
        changes.clear()
        referral(step)  # before the page
        referral(30 + step)  # behind it
        referral(10 + step * 5, 2, "completed")  # leaves, where it was seen already
        await put(store, *changes)
        plan = Plan("Task", active, sort, 5, page.after)
    stayed = [f"t{n}" for n in range(10, 30)]
    assert [each for each in seen if each in stayed] == stayed
    assert len(set(seen)) == len(seen)
