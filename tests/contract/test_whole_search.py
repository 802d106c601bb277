"""The rest of the plan's records, as a table: new kinds, positions, the other end of references,
several types, pages backward. Each record has a row that matches something."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path

import pytest

from fhir_server.storage.base import Change, Store
from fhir_server.storage.plan import (
    AnyOf,
    Chain,
    Clause,
    Has,
    Ids,
    Kind,
    Match,
    Near,
    Not,
    Plan,
    Sort,
)
from fhir_server.storage.plan import Test as Row
from tests.contract.changes import change, deletion, put
from tests.contract.conftest import STORES, opened
from tests.contract.naive import Memory

INFINITE = float("inf")
PRESSURE: tuple[Kind, ...] = ("token", "quantity")


def observation(place: int, /, **index: list[tuple[object, ...]]) -> Change:
    return change(f"o{place}", type="Observation", index=index, updated=2_000 + place)


def pressure(code: str, low: float, high: float) -> tuple[object, ...]:
    quantity = ("quantity", low, high, "http://unitsofmeasure.org", "mm[Hg]", low, high, "Pa")
    return ("code-value", ("token", "http://loinc.org", code), quantity)


LIBRARY = [
    change(
        "p0",
        index={
            "pinyin": [("name", "zhangsan"), ("name", "zs")],
            "position": [("near", 39.9042, 116.4074)],  # Beijing
            "text": [("_text", " 转 诊 患 者 copd "), ("_content", " 张 三 ")],
        },
        updated=1_001,
    ),
    change(
        "p1",
        index={
            "position": [("near", 31.2304, 121.4737)],  # Shanghai
            "text": [("_text", " 患 者 转 院 诊 断 ")],
        },
        updated=1_002,
    ),
    change("p2", index={"position": [("near", -17.7134, 179.9)]}, updated=1_003),
    observation(
        0,
        quantity=[("value", 5.4, 5.4, "u", "mmol/L", 5.4, 5.4, "mmol/L")],
        composite=[pressure("8480-6", 150.0, 150.0), pressure("8462-4", 80.0, 80.0)],
        reference=[("subject", "Patient", "p0", "")],
        token=[("status", "", "final")],
    ),
    observation(
        1,
        quantity=[("value", 60.0, INFINITE, "u", "mg", 0.06, INFINITE, "g")],
        composite=[pressure("8480-6", 80.0, 80.0), pressure("8462-4", 150.0, 150.0)],
        reference=[("subject", "Patient", "p0", ""), ("performer", "Patient", "p1", "")],
        token=[("status", "", "preliminary")],
    ),
    observation(2, reference=[("subject", "Group", "p2", ""), ("subject", "", "", "http://x/p2")]),
    change(
        "l0",
        type="List",
        index={"reference": [("item", "Observation", "o0", "")]},
        updated=3_000,
    ),
    observation(3, reference=[("subject", "Patient", "p2", "")]),
]
LATER = [deletion("o3", 2, type="Observation")]


@pytest.fixture(scope="module", params=STORES)
async def library(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory, anyio_backend: str
) -> AsyncIterator[Store]:
    folder: Path = tmp_path_factory.mktemp("whole")
    async with opened(request, folder) as store:
        if "Has" not in store.capabilities:
            pytest.skip(f"{store.name} does not say that it can")
        await put(store, *LIBRARY, *LATER)
        yield store


def one(
    code: str, kind: Kind, *tests: tuple[str, str, object], parts: tuple[Kind, ...] = ()
) -> Match:
    return Match(code, kind, (tuple(Row(*t) for t in tests),), parts=parts)  # type: ignore[arg-type]


def status(value: str) -> Match:
    return one("status", "token", ("value", "=", value))


def systolic(*tests: tuple[str, str, object]) -> Match:
    code = ("0.value", "=", "8480-6")
    return one("code-value", "composite", code, *tests, parts=PRESSURE)


def text(phrase: str) -> Match:
    return one("_text", "text", ("words", "within", phrase))


BEIJING = (39.9042, 116.4074)
CASES: dict[str, tuple[str, tuple[Clause, ...], str]] = {
    "pinyin in full": ("Patient", (one("name", "pinyin", ("value", "starts", "zhang")),), "p0"),
    "pinyin initials": ("Patient", (one("name", "pinyin", ("value", "=", "zs")),), "p0"),
    "quantity": (
        "Observation",
        (one("value", "quantity", ("low", "<=", 5.4), ("high", ">=", 5.4)),),
        "o0",
    ),
    "quantity without an end": (
        "Observation",
        (one("value", "quantity", ("high", ">", 1e9)),),
        "o1",
    ),
    "quantity in another unit": (
        "Observation",
        (one("value", "quantity", ("base", "=", "g"), ("base_low", ">", 0.05)),),
        "o1",
    ),
    "composite": ("Observation", (systolic(("1.low", ">", 100)),), "o0"),
    "composite: parts of one entry": ("Observation", (systolic(("1.low", "=", 80)),), "o1"),
    "composite of other parts": (
        "Observation",
        (one("code-value", "composite", ("0.value", "=", "8480-6"), parts=("token", "string")),),
        "",
    ),
    "composite present": (
        "Observation",
        (Match("code-value", "composite", ((),), parts=PRESSURE),),
        "o0 o1",
    ),
    "a word": ("Patient", (text("诊"),), "p0 p1"),
    "a word of Latin letters": ("Patient", (text("copd"),), "p0"),
    "no part of a word": ("Patient", (text("cop"),), ""),
    "a phrase": ("Patient", (text("转 诊"),), "p0"),
    "a phrase of four": ("Patient", (text("诊 患 者 copd"),), "p0"),
    "a phrase whose pairs are elsewhere": ("Patient", (text("转 院 转"),), ""),
    "a phrase in another order": ("Patient", (text("诊 转"),), ""),
    "a word of another parameter": ("Patient", (text("张"),), ""),
    "in": ("Observation", (one("status", "token", ("value", "in", ("final", "x"))),), "o0"),
    "in, one of none": ("Observation", (one("status", "token", ("value", "in", ())),), ""),
    "near": ("Patient", (Near("near", *BEIJING, 1_000),), "p0"),
    "near, on the spot": ("Patient", (Near("near", *BEIJING, 1),), "p0"),
    "near, 1068 km from Shanghai": ("Patient", (Near("near", *BEIJING, 1_060_000),), "p0"),
    "near, 1068 km reach Shanghai": ("Patient", (Near("near", *BEIJING, 1_075_000),), "p0 p1"),
    "near, beyond the date line": ("Patient", (Near("near", -17.7134, -179.9, 30_000),), "p2"),
    "near, half the Earth": ("Patient", (Near("near", *BEIJING, 21_000_000),), "p0 p1 p2"),
    "not near": ("Patient", (Not((Near("near", *BEIJING, 1_000),)),), "p1 p2"),
    "has": ("Patient", (Has("Observation", "subject", (status("final"),)),), "p0"),
    "has, by another parameter": ("Patient", (Has("Observation", "performer", ()),), "p1"),
    "has, a tombstone does not count": (
        "Patient",
        (Has("Observation", "subject", (Ids(("o3",)),)),),
        "",
    ),
    "has, of another type": ("Patient", (Has("Observation", "subject", (Ids(("o2",)),)),), ""),
    "has not": ("Patient", (Not((Has("Observation", "subject", ()),)),), "p1 p2"),
    "has, has": ("Patient", (Has("Observation", "subject", (Has("List", "item", ()),)),), "p0"),
    "has inside a chain": (
        "Observation",
        (Chain("subject", "Patient", (Has("Observation", "performer", ()),)),),
        "",
    ),
    "a chain inside has": (
        "Patient",
        (Has("Observation", "performer", (Chain("subject", "Patient", (Ids(("p0",)),)),)),),
        "p1",
    ),
    "on a list": ("Observation", (Has("List", "item", (Ids(("l0",)),)),), "o0"),
    "not all of two": ("Observation", (Not((status("final"), Ids(("o0", "o1")))),), "o1 o2"),
    "not of nothing": ("Observation", (Not(()),), ""),
    "not not": ("Observation", (Not((Not((status("final"),)),)),), "o0"),
    "any of, with has and near": (
        "Patient",
        (AnyOf(((Has("Observation", "performer", ()),), (Near("near", *BEIJING, 9),))),),
        "p0 p1",
    ),
}


@pytest.mark.parametrize("name", CASES)
@pytest.mark.parametrize("named", [1000, 0], ids=["short", "long"])
async def test_search(
    library: Store, name: str, named: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("fhir_server.storage.sqlite.searching.SMALL", named + 1)
    monkeypatch.setattr("fhir_server.storage.mongodb.searching.MAX_NAMED", named)
    resource_type, where, expected = CASES[name]
    page = await library.search(Plan(resource_type, where, total=True))
    assert [each.id for each in page.matches] == expected.split()
    assert page.total == len(expected.split())


@pytest.mark.parametrize("name", CASES)
def test_the_table_agrees_with_the_words_of_the_plan(name: str) -> None:
    memory = Memory({})
    memory.write(LIBRARY + LATER)
    resource_type, where, expected = CASES[name]
    assert memory.search(Plan(resource_type, where)) == expected.split()


async def test_several_types(library: Store) -> None:
    """Each match says of which type it is; an empty tuple asks for every type."""
    some = await library.search(Plan("", types=("List", "Patient"), total=True))
    assert sorted((each.resource_type, each.id) for each in some.matches) == [
        ("List", "l0"),
        *(("Patient", f"p{n}") for n in range(3)),
    ]
    assert some.total == 4
    every = await library.search(Plan("", limit=0))
    assert every.total == 7
    newest = Plan("", sort=(Sort("_lastUpdated", "", True),), limit=3)
    page = await library.search(newest)
    assert [each.id for each in page.matches] == ["l0", "o2", "o1"]
    assert page.after is not None
    rest = await library.search(replace(newest, after=page.after, limit=9))
    assert [each.id for each in rest.matches] == ["o0", "p2", "p1", "p0"]
    never = await library.search(Plan("", types=("Appointment",), total=True))
    assert (never.matches, never.total) == ([], 0)


async def test_the_same_id_in_two_types(store: Store) -> None:
    """The tie of a page between two resources of one id is broken by their type."""
    # A store of its own: the library is everybody's, and nobody writes to it.
    if "Has" not in store.capabilities:
        pytest.skip(f"{store.name} does not say that it can")
    await put(store, change("twin", type="Task"), change("twin", type="Basic"))
    plan = Plan("", (Ids(("twin",)),), limit=1, types=("Task", "Basic"))
    first = await store.search(plan)
    second = await store.search(replace(plan, after=first.after))
    assert {each.resource_type for each in first.matches + second.matches} == {"Task", "Basic"}
    assert second.after is None
    back = await store.search(replace(plan, after=second.before, backward=True))
    assert [each.resource_type for each in back.matches] == [first.matches[0].resource_type]


async def test_the_previous_page(library: Store) -> None:
    plan = Plan("Observation", sort=(Sort("_id", "", True),), limit=2)
    first = await library.search(plan)
    assert first.before is None
    second = await library.search(replace(plan, after=first.after))
    assert [each.id for each in second.matches] == ["o0"]
    assert second.after is None
    back = await library.search(replace(plan, after=second.before, backward=True))
    assert [each.id for each in back.matches] == ["o2", "o1"]
    assert back.before is None
    assert back.after is not None
    last = await library.search(replace(plan, backward=True))
    assert [each.id for each in last.matches] == ["o1", "o0"]
    assert (last.before is None, last.after) == (False, None)
