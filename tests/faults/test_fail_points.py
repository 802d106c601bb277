"""MongoDB fails in the midst of a request: no acknowledged write is lost, none is made twice.

The store's own reaction to each failure is in tests/mongodb/test_failures.py; this is what a
client of the FHIR server sees, under load.
"""

from __future__ import annotations

import http.client
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import pytest

from tests.faults.crowd import at_once
from tests.faults.fail_points import COMMITS, DOWN, failing
from tests.processes import Answer, Json, Server, exchange
from tests.stores import Mongo, new_database

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("kill")]
CLIENTS = 4
SYSTEM = "urn:test:fault"
Connection = http.client.HTTPConnection
KINDS = ("create", "conditional", "transaction")
MARK: Json = {"resourceType": "Basic", "id": "mark"}
FOREVER: Json = {"skip": 4}


@pytest.fixture(scope="module")
def fhir(mongo: Mongo) -> Iterator[Server]:
    database = new_database()
    with Server(store=mongo.address(database)) as found:
        found.wait_ready()
        first = {"resourceType": "Patient", "id": "first"}
        assert found.call("PUT", "/fhir/Patient/first", first).status == 201
        yield found
    mongo.drop(database)


# What fails, for how many commands, and how.
FAULTS: dict[str, tuple[list[str], int | Json, dict[str, Any]]] = {
    **{f"a write: {what}": (["insert", "update"], 2, how) for what, how in DOWN.items()},
    **{f"a commit: {what}": (["commitTransaction"], 2, how) for what, how in COMMITS.items()},
    "a read: the connection is cut": (["find", "aggregate"], 2, {"closeConnection": True}),
    "all writes but a few: it steps down": (["insert", "update"], FOREVER, DOWN["it steps down"]),
}


def patient(number: str, gender: str = "unknown") -> Json:
    identifier = [{"system": SYSTEM, "value": number}]
    return {"resourceType": "Patient", "identifier": identifier, "gender": gender}


def transaction(number: str) -> Json:
    request = {"method": "POST", "url": "Patient"}
    entries = [{"resource": patient(number), "request": request} for _ in range(2)]
    return {"resourceType": "Bundle", "type": "transaction", "entry": entries}


@dataclass
class Told:
    """What one client was told. Shape: number to how many resources it makes, and of those that
    were acknowledged to the version they have."""

    statuses: Counter[int] = field(default_factory=Counter)
    tried: dict[str, int] = field(default_factory=dict)
    acknowledged: dict[str, int] = field(default_factory=dict)


def write(connection: Connection, told: Told, kind: str, number: str) -> None:
    """One resource, or two, and of every single one a second version."""

    def send(method: str, path: str, body: Json, **headers: str) -> Answer:
        answer = exchange(connection, method, path, body, headers)
        told.statuses[answer.status] += 1
        assert answer.status != 503 or answer.headers["Retry-After"]
        return answer

    if kind == "transaction":
        told.tried[number] = 2
        if send("POST", "/fhir", transaction(number)).status == 200:
            told.acknowledged[number] = 1
        return
    told.tried[number] = 1
    criteria = {"If-None-Exist": f"identifier={SYSTEM}|{number}"}
    made = send(
        "POST", "/fhir/Patient", patient(number), **(criteria if kind == "conditional" else {})
    )
    if made.status != 201:
        return
    told.acknowledged[number] = 1
    changed = {**made.body, "gender": "male"}
    if send("PUT", f"/fhir/Patient/{made.body['id']}", changed).status == 200:
        told.acknowledged[number] = 2


def written_since(server: Server, instant: str) -> dict[str, list[int]]:
    """All versions of the patients by their number, as the history of the type has them."""
    found: dict[str, list[int]] = {}
    page = server.call("GET", f"/fhir/Patient/_history?_since={instant}&_count=1000").body
    assert all(link["relation"] != "next" for link in page["link"])
    for entry in page.get("entry", []):
        resource = entry["resource"]
        for each in resource.get("identifier", []):
            found.setdefault(each["value"], []).append(int(resource["meta"]["versionId"]))
    return found


@pytest.mark.parametrize("fault", FAULTS)
def test_nothing_is_lost_and_nothing_is_twice(fhir: Server, mongo: Mongo, fault: str) -> None:
    commands, mode, how = FAULTS[fault]
    mark = fhir.call("PUT", "/fhir/Basic/mark", {**MARK, "code": {"text": fault}})
    instant = mark.body["meta"]["lastUpdated"].replace("+", "%2B")

    def client(connection: Connection, who: int) -> Told:
        told = Told()
        for kind in KINDS:
            write(connection, told, kind, f"{kind}-{who}")
        return told

    with failing(mongo, commands, mode, **how):
        each_told = at_once(fhir, CLIENTS, client)
    found = written_since(fhir, instant)
    for told in each_told:
        assert set(told.statuses) <= {200, 201, 503}, told.statuses
        for number, count in told.tried.items():
            versions = Counter(found.get(number, ()))
            least = told.acknowledged.get(number, 0)
            # What was not acknowledged may be there or not, but never by half or twice.
            assert set(versions.values()) <= {count}, number
            assert set(range(1, least + 1)) <= set(versions), number
    if mode != FOREVER:
        assert sum(told.statuses[503] for told in each_told) == 0, "one failure is ridden out"
