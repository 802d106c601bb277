"""What runs where: each record of a plan, the MongoDB query it becomes, and the index for it."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Any

import pytest

from fhir_server.storage.base import Json
from fhir_server.storage.mongodb import MongoStore
from fhir_server.storage.mongodb.entries import GRAM, grams, phrase_of
from fhir_server.storage.plan import (
    AnyOf,
    Chain,
    Clause,
    Has,
    Ids,
    Match,
    Near,
    Not,
    Plan,
    Sort,
    Updated,
)
from fhir_server.storage.plan import Test as Row
from tests.contract.changes import change
from tests.stores import Mongo, new_database, only_genuine


def words(resource: Json) -> list[tuple[str, str]]:
    return [("_text", f" {' '.join(resource['note'])} ")] if "note" in resource else []


@pytest.fixture(scope="module")
async def store(mongo: Mongo, anyio_backend: str) -> AsyncIterator[MongoStore]:
    found = MongoStore(mongo.uri, database=new_database(), texts=words)
    await found.open()
    coded = {"token": [("code", "", "1")], "reference": [("s", "Patient", "a", "")]}
    ends = [change(type[0], type=type, index=coded) for type in ("Task", "Observation")]
    await found.write([change("a"), *ends])
    yield found
    await found.close()
    mongo.drop(found._database)


CODE = (Match("code", "token", ((Row("value", "=", "1"),),)),)
PHRASE = Match("_text", "text", ((Row("words", "within", "转 诊"),),))
# A clause; the stages of the main query, with what is in its filter; queries before it; its index.
# `$lookup` is a join, and it runs in the database. Nothing is joined, filtered or sorted in Python.
QUERY, LOOKUP = ["$match"], ["$match", "$sort", "$set", "$lookup", "$match"]
RUNS: dict[str, tuple[Clause, list[str], str, int, str]] = {
    "Match": (CODE[0], QUERY, "$elemMatch", 0, "token"),
    "Match, negated": (Match("code", "token", ((),), True), QUERY, "$nor", 0, "-"),
    "Match of a phrase": (PHRASE, QUERY, "$all", 0, "text"),
    "Near": (Near("near", 1, 2, 3), QUERY, "$geoWithin", 0, "position"),
    "Ids": (Ids(("a",)), QUERY, "_id", 0, "_id_"),
    "Updated": (Updated(((Row("at", ">", 1),),)), QUERY, "updated", 0, "updated"),
    "AnyOf": (AnyOf((CODE, (Ids(("a",)),))), QUERY, "$or", 0, "token"),
    "Not": (Not(CODE), QUERY, "$nor", 0, "-"),
    "Chain, few ends": (Chain("s", "Task", CODE), QUERY, "index.reference", 1, "referenced"),
    "Has, few sources": (Has("Observation", "s", CODE), QUERY, "_id", 1, "_id_"),
    "Chain, many ends": (Chain("s", "Task", CODE), LOOKUP, "ids0", 1, "-"),
    "Has, many sources": (
        Has("Observation", "s", CODE),
        ["$match", "$sort", "$lookup", "$match"],
        "index.reference.id",
        1,
        "-",
    ),
    "Chain of Has": (
        Chain("s", "Task", (Has("Observation", "s", CODE),)),
        QUERY,
        "index.reference",
        2,
        "referenced",
    ),
}
PAGE = ["$sort", "$limit", "$unset"]


@pytest.mark.parametrize("name", RUNS)
async def test_what_runs_where(
    store: MongoStore, name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    clause, stages, inside, before, _ = RUNS[name]
    named = 0 if "many" in name else 1000
    monkeypatch.setattr("fhir_server.storage.mongodb.searching.MAX_NAMED", named)
    told = await store.explain(Plan("Patient", (clause,)))
    assert (told["store"], told["collection"]) == ("mongodb", "Patient")
    # Where something is joined, in order, so that the joins end when the page is full.
    page = PAGE[1:] if "$sort" in stages else PAGE
    assert [next(iter(each)) for each in told["pipeline"]] == stages + page
    assert inside in str(told["pipeline"])
    assert len(told["before"]) == before
    assert told["plan"]


@only_genuine
@pytest.mark.parametrize("name", [name for name, row in RUNS.items() if row[-1] != "-"])
async def test_the_index_of_a_clause(store: MongoStore, name: str) -> None:
    clause, *_, index = RUNS[name]
    told = await store.explain(Plan("Patient", (clause,)))
    assert index in told["index"]


ORDERS: dict[str, tuple[Plan, list[str]]] = {
    "by a parameter": (Plan("Patient", sort=(Sort("x", "date"),)), ["$set", "$set", *PAGE]),
    "by the moment of update": (Plan("Patient", sort=(Sort("_lastUpdated", ""),)), PAGE),
    "behind a cursor": (Plan("Patient", after=("a",)), ["$match", *PAGE]),
    "of several types": (
        Plan("", types=("Patient", "Task")),
        ["$sort", "$limit", "$set", "$unset", "$unionWith", "$sort", "$limit"],
    ),
}


@pytest.mark.parametrize("name", ORDERS)
async def test_the_order_is_the_databases(store: MongoStore, name: str) -> None:
    plan, stages = ORDERS[name]
    told = await store.explain(plan)
    assert [next(iter(each)) for each in told["pipeline"]] == ["$match", *stages]


async def test_words_are_indexed_when_they_are_written(store: MongoStore, mongo: Mongo) -> None:
    await store.write([change("w", note=["转", "诊", "单"])])
    assert [each.id for each in (await store.search(Plan("Patient", (PHRASE,)))).matches] == ["w"]
    with mongo.client() as client:
        found: Any = client[store._database]["Patient"].find_one({"_id": "w"})
    (entry,) = found["index"]["text"]
    assert entry["grams"] == ["转", "诊", "单", "转 诊", "诊 单"]
    await store.write([change("w", 2, note=["转", "院"])])
    assert (await store.search(Plan("Patient", (PHRASE,)))).matches == []


LONG = "x" * GRAM
PHRASES = [  # words searched; what the index finds; what verifies it
    ("诊", ["诊"], None),
    ("转 诊", ["转 诊"], None),
    ("转 诊 单", ["转 诊", "诊 单"], " 转 诊 单 "),
    (LONG + "y", [LONG], f" {LONG}y "),
]


@pytest.mark.parametrize(("searched", "found", "verified"), PHRASES)
def test_phrase(searched: str, found: list[str], verified: str | None) -> None:
    condition = phrase_of(searched)
    assert condition["grams"] == {"$all": found}
    assert set(found) <= set(grams(f" a {searched} b "))
    if verified is None:
        assert "words" not in condition
    else:
        assert condition["words"]["$regex"].replace("\\", "") == verified


async def test_a_place_that_is_not_on_earth_is_stored_and_never_near(store: MongoStore) -> None:
    index = {"position": [("near", 91.0, 0.0), ("near", 0.0, 181.0)]}
    await store.write([change("nowhere", index=index)])
    page = await store.search(Plan("Patient", (Near("near", 0, 0, 3e7),)))
    assert page.matches == []


async def test_an_index_of_an_earlier_version_is_dropped(mongo: Mongo) -> None:
    database = new_database()
    with mongo.client() as client:
        client[database]["Patient"].create_index("index.reference.code", name="reference")
        client[database]["Patient_history"].insert_one({})
        store = MongoStore(mongo.uri, database=database)
        await store.open()
        await store.close()
        names = set(client[database]["Patient"].index_information())
        client.drop_database(database)
    assert "referenced" in names
    assert "reference" not in names
