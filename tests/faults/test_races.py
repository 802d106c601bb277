"""Many clients write the same thing at the same moment.

Spec: http://hl7.org/fhir/R4/http.html#ccreate and #concurrency
"""

from __future__ import annotations

import http.client
from collections import Counter
from collections.abc import Callable

import pytest

from tests.faults.crowd import at_once
from tests.processes import Answer, Json, Server, exchange

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("races")]
CREATORS, WRITERS = 64, 32
SYSTEM = "urn:oid:2.16.156.1"
Connection = http.client.HTTPConnection
Create = Callable[[Connection, int, str], tuple[int, str]]


def patient(number: int, value: str) -> Json:
    """All with the identifier of the criteria; the family name tells whose it is."""
    identifier = [{"system": SYSTEM, "value": value}]
    return {
        "resourceType": "Patient", "identifier": identifier, "name": [{"family": f"张{number}"}],
    }  # fmt: skip


def spelled(number: int, value: str) -> str:
    """The same criteria in the ways that clients write them."""
    return (
        f"identifier={SYSTEM}|{value}",
        f"Patient?identifier={SYSTEM}%7C{value}",
        f"?identifier=urn%3Aoid%3A2.16.156.1%7C{value}",
    )[number % 3]


def create_where_absent(connection: Connection, number: int, value: str) -> tuple[int, str]:
    """(status, id)"""
    headers = {"If-None-Exist": spelled(number, value)}
    answer = exchange(connection, "POST", "/fhir/Patient", patient(number, value), headers)
    return answer.status, answer.body.get("id", "")


def create_in_transaction(connection: Connection, number: int, value: str) -> tuple[int, str]:
    """(status, id) of the patient it may create, beside a referral that refers to it."""
    request = {"method": "POST", "url": "Patient", "ifNoneExist": spelled(number, value)}
    subject = "urn:uuid:0b7e7d39-8c1a-4ae5-9b3c-5a1d3e0a0001"
    referral = {
        "resourceType": "ServiceRequest", "status": "active", "intent": "order",
        "subject": {"reference": subject},
    }  # fmt: skip
    entries = [
        {"fullUrl": subject, "resource": patient(number, value), "request": request},
        {"resource": referral, "request": {"method": "POST", "url": "ServiceRequest"}},
    ]
    bundle = {"resourceType": "Bundle", "type": "transaction", "entry": entries}
    answer = exchange(connection, "POST", "/fhir", bundle)
    if answer.status != 200:
        return answer.status, ""
    made = answer.body["entry"][0]["response"]
    return int(made["status"][:3]), made["location"].split("/")[-3]


@pytest.mark.parametrize("create", [create_where_absent, create_in_transaction])
def test_one_of_64_conditional_creates_makes_the_resource(crowded: Server, create: Create) -> None:
    """The others are told its id."""
    value = create.__name__
    answers = at_once(crowded, CREATORS, lambda *at: create(*at, value))
    found = crowded.call("GET", f"/fhir/Patient?{spelled(0, value)}&_total=accurate").body
    assert Counter(status for status, _ in answers) == {201: 1, 200: CREATORS - 1}
    assert found["total"] == 1
    ids = {found["entry"][0]["resource"]["id"]}
    assert {id for _, id in answers} == ids
    if create is create_in_transaction:  # what else each made is there, and refers to the one
        page = crowded.call("GET", "/fhir/ServiceRequest?_count=100").body
        subjects = [each["resource"]["subject"]["reference"] for each in page["entry"]]
        assert subjects == [f"Patient/{id}" for id in ids] * CREATORS


def versions_of(server: Server, path: str) -> dict[int, Json]:
    """The whole history, through all its pages."""
    found: dict[int, Json] = {}
    next_page: str | None = f"{path}/_history?_count=50"
    while next_page:
        page: Answer = server.call("GET", next_page)
        for entry in page.body["entry"]:
            resource = entry["resource"]
            assert int(resource["meta"]["versionId"]) not in found
            found[int(resource["meta"]["versionId"])] = resource
        links = {each["relation"]: each["url"] for each in page.body["link"]}
        next_page = links["next"].removeprefix(server.site) if "next" in links else None
    return found


def note(server: Server, path: str) -> None:
    """The resource that all write to: a counter in a Basic."""
    id = path.rpartition("/")[2]
    basic = {"resourceType": "Basic", "id": id, "code": {"text": "0"}}
    assert server.call("PUT", path, basic).status == 201


def test_no_update_with_if_match_is_lost(crowded: Server) -> None:
    """32 writers add one to a counter, each until it has succeeded: it ends at 32."""
    path = "/fhir/Basic/counter"

    def add(connection: Connection, _: int) -> Counter[int]:
        told: Counter[int] = Counter()
        while not told[200]:
            now = exchange(connection, "GET", path)
            count = int(now.body["code"]["text"])
            wanted = {**now.body, "code": {"text": str(count + 1)}}
            answer = exchange(connection, "PUT", path, wanted, {"If-Match": now.headers["ETag"]})
            told[answer.status] += 1
        return told

    note(crowded, path)
    told = sum(at_once(crowded, WRITERS, add), Counter[int]())
    versions = versions_of(crowded, path)
    assert set(told) == {200, 412}, "losers get 412, and there are losers"
    assert told[200] == WRITERS
    counts = {version: each["code"]["text"] for version, each in versions.items()}
    assert counts == {version: str(version - 1) for version in range(1, WRITERS + 2)}


def test_every_update_without_if_match_has_its_version(crowded: Server) -> None:
    path = "/fhir/Basic/board"

    def put(connection: Connection, number: int) -> tuple[int, int]:
        """(status, version)"""
        basic = {"resourceType": "Basic", "id": "board", "code": {"text": f"writer {number}"}}
        answer = exchange(connection, "PUT", path, basic)
        return answer.status, int(answer.headers["ETag"].strip('W/"'))

    note(crowded, path)
    answers = at_once(crowded, WRITERS, put)
    versions = versions_of(crowded, path)
    assert {status for status, _ in answers} == {200}
    assert sorted(versions) == list(range(1, WRITERS + 2)), "no gap"
    for number, (_, version) in enumerate(answers):
        assert versions[version]["code"]["text"] == f"writer {number}"
