"""Every search that an index can serve is served by one: no table is read from end to end, and the
work does not grow with what is stored beside the matches."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest

from fhir_server.storage.plan import (
    AnyOf,
    Chain,
    Clause,
    Has,
    Ids,
    Kind,
    Match,
    Near,
    Plan,
    Sort,
    Updated,
)
from fhir_server.storage.plan import Test as Row
from fhir_server.storage.sqlite import SqliteStore, searching
from fhir_server.storage.sqlite.schema import COLUMNS
from tests.contract.changes import change, texts_of

COUNT = 4_000  # more than a set that is small
DAY = 86_400_000_000
WHOLE = re.compile(r"^\s*SCAN (\S+)(?! USING)")


def match(code: str, kind: Kind, *groups: tuple[tuple[str, str, Any], ...], **more: Any) -> Match:
    return Match(code, kind, tuple(tuple(Row(*t) for t in g) for g in groups), **more)  # type: ignore[arg-type]


def referral(n: int) -> Any:
    day = n * DAY
    return change(
        f"r{n}",
        type="ServiceRequest",
        index={
            "token": [("status", "", "rare" if n % 100 == 0 else "active"), ("id", "s", f"n{n}")],
            "string": [("name", f"name {n}", f"Name {n}")],
            "pinyin": [("name", f"p{n}")],
            "reference": [("subject", "Patient", f"p{n % 500}", "")],
            "date": [("authored", day, day + DAY), ("period", day, day + 40 * DAY)],
            "uri": [("url", f"http://x/{n}")],
            "number": [("rank", float(n), float(n))],
            "quantity": [("value", n, n, "u", "mg", n / 1000, n / 1000, "g")],
            "position": [("near", n % 80, n % 170)],
            "composite": [("pair", ("token", "s", f"c{n}"), ("date", day, day + DAY))],
            "text": [("_text", f" 转 诊 w{n} ")],
        },
    )


@pytest.fixture(scope="module")
async def store(
    tmp_path_factory: pytest.TempPathFactory, anyio_backend: str
) -> AsyncIterator[SqliteStore]:
    folder: Path = tmp_path_factory.mktemp("indexes")
    found = SqliteStore(str(folder / "fhir.db"), texts=texts_of)
    await found.open()
    for start in range(0, COUNT, 1000):
        await found.write([referral(n) for n in range(start, start + 1000)])
    people = [
        change(f"p{n}", index={"token": [("id", "s", f"n{n}")], "date": [("birth", n, n + 1)]})
        for n in range(500)
    ]
    await found.write(people)
    yield found
    await found.close()


PAIR: tuple[Kind, ...] = ("token", "date")
WINDOW = (
    match("authored", "date", (("low", ">=", 500 * DAY),), (("high", ">", 501 * DAY),)),
    match("authored", "date", (("low", "<", 503 * DAY),)),
)
RARE = match("status", "token", (("value", "=", "rare"),))
NUMBER = match("id", "token", (("value", "=", "n7"), ("system", "=", "s")))
NEWEST = (Sort("authored", "date", True),)
# The clauses, and the index table that leads.
CLAUSES: dict[str, tuple[Clause, ...]] = {
    "token": (NUMBER,),
    "token of several": (match("id", "token", *((("value", "=", f"n{n}"),) for n in range(20))),),
    "string": (match("name", "string", (("folded", "starts", "name 77"),)),),
    "string, exact": (match("name", "string", (("folded", "=", "x"), ("exact", "=", "X"))),),
    "pinyin": (match("name", "pinyin", (("value", "starts", "p77"),)),),
    "reference": (match("subject", "reference", (("id", "=", "p7"), ("url", "=", ""))),),
    "date": (match("authored", "date", (("low", ">=", 7 * DAY), ("high", "<=", 8 * DAY))),),
    "date, until": (match("authored", "date", (("low", "<", 7 * DAY),)),),
    "date, a window": WINDOW,
    "period": (match("period", "date", (("low", "<", 5 * DAY), ("high", ">", 4 * DAY))),),
    "uri": (match("url", "uri", (("value", "=", "http://x/7"),)),),
    "uri, below": (match("url", "uri", (("value", "starts", "http://x/77"),)),),
    "number": (match("rank", "number", (("low", ">=", 7.0), ("high", "<=", 8.0))),),
    "quantity": (
        match("value", "quantity", (("base", "=", "g"), ("base_low", "<", 0.01))),
        match("value", "quantity", (("base", "=", "g"), ("base_high", ">", 0.001))),
    ),
    "position": (Near("near", 7, 7, 10_000),),
    "composite": (match("pair", "composite", (("0.value", "=", "c7"),), parts=PAIR),),
    "text": (match("_text", "text", (("words", "within", "w77"),)),),
    "ids": (Ids(("r1", "r2")),),
    "moment": (Updated(((Row("at", "<", 1),),)),),
    "chain": (Chain("subject", "Patient", (NUMBER,)),),
    "any of": (AnyOf(((NUMBER,), (Ids(("r1",)),))),),
}
SORTS: dict[str, tuple[Sort, ...]] = {
    "in order of creation": (),
    "newest first": NEWEST,
    "last updated first": (Sort("_lastUpdated", "", True),),
    "by id": (Sort("_id", ""),),
}


async def lines(store: SqliteStore, plan: Plan) -> list[str]:
    told = await store.explain(plan)
    found: list[str] = told["plan"]
    return found


def read_whole(plan: list[str]) -> list[str]:
    """Tables that are read from end to end; what a statement has made itself is small."""
    tables = {"resource", "r", "x", "text", *COLUMNS}
    return [line for line in plan if (found := WHOLE.match(line)) and found[1] in tables]


@pytest.mark.parametrize("sort", SORTS)
@pytest.mark.parametrize("name", CLAUSES)
async def test_no_table_is_read_whole(store: SqliteStore, name: str, sort: str) -> None:
    plan = Plan("ServiceRequest", CLAUSES[name], SORTS[sort], total=True)
    told = await lines(store, plan)
    assert told
    assert not read_whole(told), told


def test_a_table_that_is_read_whole_is_seen() -> None:
    assert read_whole(["  SCAN resource", "SCAN p", "SEARCH x USING INDEX y (a=?)"]) == [
        "  SCAN resource"
    ]


async def test_the_source_of_a_reference(store: SqliteStore) -> None:
    told = await store.explain(Plan("Patient", (Has("ServiceRequest", "subject", (NUMBER,)),)))
    assert not read_whole(told["plan"])
    assert told["lead"] == "ServiceRequest.subject →: 1"


@pytest.mark.parametrize("backward", [False, True])
@pytest.mark.parametrize("sort", ["newest first", "last updated first"])
async def test_a_page_in_order_sorts_nothing(store: SqliteStore, sort: str, backward: bool) -> None:
    """The page ends when it is full, whatever there is beyond it."""
    plan = Plan("ServiceRequest", sort=SORTS[sort], limit=5, backward=backward)
    told = await lines(store, plan)
    assert not any("TEMP B-TREE" in line for line in told), told
    page = await store.search(plan)
    first = COUNT - 5 if not backward else 0
    assert {each.id for each in page.matches} == {f"r{n}" for n in range(first, first + 5)}


async def test_two_ends_of_a_window_are_one_interval(store: SqliteStore) -> None:
    """From a date and until a date: only what lies between is looked at, though there is much
    before and after."""
    told = await store.explain(Plan("ServiceRequest", WINDOW, limit=50))
    assert told["lead"].startswith("authored (date): ")
    assert int(told["lead"].rpartition(" ")[2]) < 20
    page = await store.search(Plan("ServiceRequest", WINDOW, NEWEST, limit=50))
    assert [each.id for each in page.matches] == ["r502", "r501", "r500"]


@pytest.mark.parametrize("descending", [False, True])
async def test_an_order_begins_with_the_interval(
    store: SqliteStore, descending: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(searching, "SMALL", 2)  # the window is no small set
    sort = (Sort("authored", "date", descending),)
    plan = Plan("ServiceRequest", WINDOW, sort, limit=2)
    told = await store.explain(plan)
    assert "in order of authored" in told["lead"]
    assert any("low>" in line and "low<" in line for line in told["plan"]), told["plan"]
    page = await store.search(plan)
    assert [each.id for each in page.matches] == (
        ["r502", "r501"] if descending else ["r500", "r501"]
    )


async def test_a_parameter_with_two_dates_is_no_interval(store: SqliteStore) -> None:
    """One entry may satisfy one clause and another the other."""
    await store.write(
        [
            change(
                "two", type="Basic", index={"date": [("d", 10, 11), ("d", 90, 91)]}
            ),
            change("one", type="Basic", index={"date": [("d", 50, 51)]}),
        ]
    )  # fmt: skip
    where = (match("d", "date", (("low", "<", 20),)), match("d", "date", (("high", ">", 80),)))
    page = await store.search(Plan("Basic", where, (Sort("d", "date"),)))
    assert [each.id for each in page.matches] == ["two"]
