"""Every search of `make bench-large` begins with an index that bounds it: the keys of an index are
fixed, from the first one on, by what the filter asks of one entry.

SecantusDB's own plans are not those of MongoDB, so it is the filter that is looked at, against the
indexes of docs/mongodb.md.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping
from typing import Any

import pytest

from bench.population import Known, Population
from bench.streams import searches
from fhir_server.app import build_service, build_store
from fhir_server.exchange.call import Service
from fhir_server.exchange.searching import compile_search
from fhir_server.exchange.writing import change
from fhir_server.settings import Settings
from fhir_server.storage.base import Json
from fhir_server.storage.mongodb.layout import CURRENT
from tests.sqlite.test_growth import query_of
from tests.stores import Mongo, new_database

ONE = {"deleted", "code"}  # these alone bound nothing: one parameter's entries are all of them
FIXING = {"$eq", "$in", "$gt", "$gte", "$lt", "$lte", "$all", "$geoWithin"}
# What no index bounds, and what the first stage is then: all of a type.
WHOLE = {
    "newest first",
    "_sort by what few have",
    ":missing, of what nearly all have",
    ":missing, of what nearly none have",
    "_summary=count, all",
}


def is_bounded(condition: Mapping[str, Any]) -> bool:
    """Some index leads to few: all of `$and` may help, and each of `$or` must."""
    for field, value in condition.items():
        if field == "$and" and any(map(is_bounded, value)):
            return True
        if field == "$or" and value and all(map(is_bounded, value)):
            return True
        if field in ("_id", "updated") and _fixes(value):
            return True
        if isinstance(value, Mapping) and "$elemMatch" in value and _has_index(field, value):
            return True
    return False


def _has_index(path: str, value: Mapping[str, Any]) -> bool:
    entry = value["$elemMatch"]
    fixed = {f"{path}.{name}" for name, test in entry.items() if _fixes(test)}
    for index in CURRENT:
        keys = list(index.document["key"])
        led = 0
        while led < len(keys) and keys[led] in fixed:
            led += 1
        if set(keys[:led]) - {f"{path}.{name}" for name in ONE}:
            return True
    return False


def _fixes(test: Any) -> bool:
    return not isinstance(test, Mapping) or bool(FIXING & test.keys())


@pytest.fixture(scope="module")
async def service(mongo: Mongo, anyio_backend: str) -> AsyncIterator[tuple[Service, Known]]:
    database = new_database()
    store = build_store(Settings(store=mongo.address(database)))
    await store.open()
    population = Population(4)
    found = build_service(Settings(), store)
    some = {each["resourceType"]: each for each in population.resources()}
    await store.write([change(found, each, each["id"], 1, "POST") for each in some.values()])
    yield found, population.known
    await store.close()
    mongo.drop(database)


@pytest.mark.parametrize("name", [each.name for each in searches(Known(["p"], ["r"], ["n"]))])
async def test_a_search_begins_with_an_index(service: tuple[Service, Known], name: str) -> None:
    one, known = service
    stream = next(each for each in searches(known) if each.name == name)
    resource_type, pairs = query_of(next(stream.make()))
    plan = (await compile_search(one, resource_type, pairs)).plan
    told = await one.store.explain(plan)
    first = [each["pipeline"][0]["$match"] for each in told["before"]]
    first.append(told["pipeline"][0]["$match"])
    bounded = [is_bounded(each) for each in first]
    assert all(bounded) is (name not in WHOLE), first
    for stage in told["pipeline"]:
        if "$lookup" in stage:
            assert stage["$lookup"]["foreignField"] in ("_id", "index.reference.id")


CONDITIONS: list[tuple[Json, bool]] = [
    ({"index.token": {"$elemMatch": {"code": "a", "value": "b"}}}, True),  # control
    ({"index.token": {"$elemMatch": {"code": "a", "value": {"$in": ["b"]}}}}, True),
    ({"index.token": {"$elemMatch": {"code": "a"}}}, False),
    ({"index.token": {"$elemMatch": {"code": "a", "system": "b"}}}, False),
    ({"index.string": {"$elemMatch": {"code": "a", "folded": {"$regex": "b"}}}}, False),
    ({"index.reference": {"$elemMatch": {"code": "a", "id": "b"}}}, True),
    ({"index.reference": {"$elemMatch": {"code": "a", "type": "b"}}}, False),
    ({"deleted": False}, False),
    ({"$nor": [{"_id": "a"}]}, False),
    ({"$and": [{"deleted": False}, {"_id": {"$in": ["a"]}}]}, True),
    ({"$or": [{"deleted": False}, {"_id": {"$in": ["a"]}}]}, False),
    ({"_id": {"$nin": ["a"]}}, False),
]


@pytest.mark.parametrize(("condition", "bounded"), CONDITIONS)
def test_what_bounds(condition: Json, bounded: bool) -> None:
    assert is_bounded(condition) is bounded
