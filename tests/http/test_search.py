"""Searches through the API. Spec: http://hl7.org/fhir/R4/search.html"""

from __future__ import annotations

from typing import Any
from urllib.parse import quote

import pytest

from .conftest import FHIR, Api, code_of

pytestmark = pytest.mark.anyio
Json = dict[str, Any]


def coded(system: str, code: str) -> Json:
    return {"coding": [{"system": system, "code": code}]}


def request(id: str, **more: Any) -> Json:
    base = {"resourceType": "ServiceRequest", "id": id, "status": "active", "intent": "order",
            "subject": {"reference": "Patient/p1"}}  # fmt: skip
    return {**base, **more}


RESOURCES: list[Json] = [
    {"resourceType": "Patient", "id": "p1", "name": [{"text": "张三", "family": "张",
     "given": ["三"]}], "birthDate": "1970-05-01", "gender": "male", "active": True,
     "identifier": [{"system": "urn:a", "value": "1"}, {"value": "x,y"}]},
    {"resourceType": "Patient", "id": "p2", "name": [{"text": "José Müller"}], "birthDate": "1980",
     "gender": "female", "identifier": [{"system": "urn:b", "value": "1"}],
     "meta": {"profile": ["http://example.org/p"], "tag": [{"system": "urn:t", "code": "t1"}]}},
    {"resourceType": "Patient", "id": "p3", "name": [{"text": "张三丰"}],
     "managingOrganization": {"reference": "Organization/o1"}, "deceasedBoolean": False},
    {"resourceType": "Organization", "id": "o1", "name": "县人民医院"},
    request("r1", authoredOn="2026-11-20", category=[coded("urn:c", "up")]),
    request("r2", authoredOn="2026-11-21T10:00:00+08:00", category=[coded("urn:c", "down")],
            status="completed", basedOn=[{"reference": "ServiceRequest/r1"}],
            subject={"reference": "Patient/p2"}),
    request("r3", authoredOn="2026-11", subject={"reference": "http://other/fhir/Patient/p1"},
            instantiatesCanonical=["http://example.org/plan|1.0"]),
    request("r4", occurrencePeriod={"start": "2026-11-01", "end": "2026-11-10"},
            subject={"reference": "Patient/p3/_history/1"}),
    {"resourceType": "Task", "id": "t1", "status": "requested", "intent": "order",
     "focus": {"reference": "ServiceRequest/r1"}},
    {"resourceType": "Task", "id": "t2", "status": "draft", "intent": "order",
     "focus": {"reference": "ServiceRequest/r2"}},
]  # fmt: skip

# A query, and the ids of its matches in order of creation.
CASES = [
    ("Patient", ["p1", "p2", "p3"]),
    # token: search.html#token
    ("Patient?identifier=1", ["p1", "p2"]),
    ("Patient?identifier=urn:a|1", ["p1"]),
    ("Patient?identifier=urn:a|", ["p1"]),
    ("Patient?identifier=|1", []),
    ("Patient?identifier=urn:a|2", []),
    (r"Patient?identifier=x\,y", ["p1"]),
    ("Patient?identifier=urn:a|1,urn:b|1", ["p1", "p2"]),
    ("Patient?identifier=urn:a|1&identifier=urn:b|1", []),
    ("Patient?gender=male,female", ["p1", "p2"]),
    ("Patient?gender=http://hl7.org/fhir/administrative-gender|male", ["p1"]),
    ("Patient?gender:not=male", ["p2", "p3"]),
    ("Patient?active=true", ["p1"]),
    ("Patient?deceased=false", ["p1", "p2", "p3"]),
    ("Patient?gender:missing=true", ["p3"]),
    ("Patient?gender:missing=false", ["p1", "p2"]),
    ("Patient?_tag=urn:t|t1", ["p2"]),
    ("Patient?_profile=http://example.org/p", ["p2"]),
    ("ServiceRequest?status=http://hl7.org/fhir/request-status|completed", ["r2"]),
    # string: search.html#string
    ("Patient?name=张", ["p1", "p3"]),
    ("Patient?name=张三", ["p1", "p3"]),
    ("Patient?name:exact=张三", ["p1"]),
    ("Patient?name=三", ["p1"]),
    ("Patient?name:contains=三丰", ["p3"]),
    ("Patient?name=jose", ["p2"]),
    ("Patient?name=JOSÉ mul", ["p2"]),
    ("Patient?name:exact=José Müller", ["p2"]),
    ("Patient?name:exact=jose müller", []),
    ("Patient?name=müller", []),
    ("Patient?name:contains=MULLER", ["p2"]),
    # date: search.html#date
    ("Patient?birthdate=1970-05-01", ["p1"]),
    ("Patient?birthdate=1970", ["p1"]),
    ("Patient?birthdate=1980-01", []),
    ("Patient?birthdate=lt1975", ["p1"]),
    ("Patient?birthdate=ge1970-05-01", ["p1", "p2"]),
    ("Patient?birthdate=gt1970-05-01", ["p2"]),
    ("ServiceRequest?authored=2026-11-20", ["r1"]),
    ("ServiceRequest?authored=2026-11", ["r1", "r2", "r3"]),
    ("ServiceRequest?authored=2026-11-21T02:00:00Z", ["r2"]),
    ("ServiceRequest?authored=2026-11-21T10:00:00%2B08:00", ["r2"]),
    ("ServiceRequest?authored=sa2026-11-20", ["r2"]),
    ("ServiceRequest?authored=ge2026-11-20&authored=lt2026-11-21", ["r1", "r3"]),
    ("ServiceRequest?authored=ne2026-11-20", ["r2", "r3"]),
    ("ServiceRequest?occurrence=2026-11", ["r4"]),
    ("ServiceRequest?occurrence=eb2026-11-12", ["r4"]),
    # reference: search.html#reference
    ("ServiceRequest?subject=Patient/p1", ["r1"]),
    ("ServiceRequest?subject=p1", ["r1"]),
    ("ServiceRequest?subject:Patient=p1", ["r1"]),
    ("ServiceRequest?subject:Group=p1", []),
    ("ServiceRequest?subject=http://other/fhir/Patient/p1", ["r3"]),
    ("ServiceRequest?patient=p2", ["r2"]),
    ("ServiceRequest?subject=Patient/p3", ["r4"]),
    ("ServiceRequest?based-on=ServiceRequest/r1", ["r2"]),
    ("ServiceRequest?instantiates-canonical=http://example.org/plan", ["r3"]),
    ("ServiceRequest?instantiates-canonical=http://example.org/plan|1.0", ["r3"]),
    ("ServiceRequest?subject=Patient/p1,Patient/p2", ["r1", "r2"]),
    # chains: search.html#chaining
    ("ServiceRequest?subject.name=张", ["r1", "r4"]),
    ("ServiceRequest?subject:Patient.gender=female", ["r2"]),
    ("ServiceRequest?subject.identifier=urn:a|1", ["r1"]),
    ("ServiceRequest?patient._id=p2", ["r2"]),
    ("Patient?organization.name=县", ["p3"]),
    ("Task?focus:ServiceRequest.status=completed", ["t2"]),
    # _id, _lastUpdated
    ("Patient?_id=p2", ["p2"]),
    ("Patient?_id=p2,p1,none", ["p1", "p2"]),
    ("Patient?_lastUpdated=gt2020", ["p1", "p2", "p3"]),
    ("Patient?_lastUpdated=lt2020", []),
    # order: search.html#sort
    ("Patient?_sort=birthdate", ["p1", "p2", "p3"]),
    ("Patient?_sort=-birthdate", ["p2", "p1", "p3"]),
    ("Patient?_sort=-_id", ["p3", "p2", "p1"]),
    ("ServiceRequest?_sort=-authored,status", ["r2", "r1", "r3", "r4"]),
    ("ServiceRequest?_sort=status,-authored", ["r1", "r3", "r4", "r2"]),
]


async def load(api: Api) -> None:
    entries = [
        {"resource": r, "request": {"method": "PUT", "url": f"{r['resourceType']}/{r['id']}"}}
        for r in RESOURCES
    ]
    answer = await api.bundle("transaction", *entries)
    assert answer.status_code == 200, answer.text


def encoded(query: str) -> str:
    return quote(query, safe="?=&|:/.,$%-_")


async def test_matches(both: Api) -> None:
    await load(both)
    wrong = []
    for query, expected in CASES:
        found = await both.ids(encoded(query))
        if found != expected:
            wrong.append((query, expected, found))
    assert not wrong


async def test_post_search(api: Api) -> None:
    await load(api)
    body = "identifier=urn%3Aa%7C1"
    headers = {"content-type": "application/x-www-form-urlencoded"}
    answer = await api.post("/fhir/Patient/_search", content=body, headers=headers)
    assert [e["resource"]["id"] for e in answer.json()["entry"]] == ["p1"]
    refused = await api.post("/fhir/Patient/_search", json={}, headers=FHIR)
    assert (refused.status_code, code_of(refused)) == (415, "media-unsupported")


INCLUDES = [
    ("ServiceRequest?_id=r1&_include=ServiceRequest:subject", ["Patient/p1"]),
    ("ServiceRequest?_id=r1&_include=ServiceRequest:subject:Group", []),
    ("ServiceRequest?_id=r2&_include=ServiceRequest:based-on&_include=ServiceRequest:subject",
     ["Patient/p2", "ServiceRequest/r1"]),
    ("ServiceRequest?_id=r1&_revinclude=Task:focus", ["Task/t1"]),
    ("ServiceRequest?_revinclude=Task:focus", ["Task/t1", "Task/t2"]),
    ("ServiceRequest?_id=r1&_revinclude=ServiceRequest:based-on", ["ServiceRequest/r2"]),
    ("ServiceRequest?_id=r1&_revinclude=Encounter:based-on", []),
]  # fmt: skip


async def test_includes(both: Api) -> None:
    await load(both)
    for query, expected in INCLUDES:
        entries = (await both.get(f"/fhir/{query}")).json()["entry"]
        found = sorted(
            f"{e['resource']['resourceType']}/{e['resource']['id']}"
            for e in entries
            if e["search"]["mode"] == "include"
        )
        assert found == expected, query


REFUSED = [
    ("Patient?foo=1", "search-unknown", "identifier"),
    ("Patient?foo", "search-unknown", "birthdate"),
    ("Patient?_foo=1", "search-unknown", "_id"),
    ("Patient?name:above=x", "search-modifier", "exact contains pinyin missing"),
    ("Patient?birthdate=x", "search-value", "date"),
    ("Patient?birthdate=1970-13-01", "search-value", "date"),
    ("Patient?birthdate=1970-02-30", "search-value", "date"),
    ("Patient?birthdate=xx1970", "search-prefix", "eq ne gt"),
    ("Patient?identifier=a|b|c", "search-value", "system|code"),
    ("Patient?gender:missing=maybe", "search-value", "true, false"),
    ("Patient?_sort=foo", "search-sort", "birthdate"),
    ("Patient?_count=-1", "parameter-value", "0..1000"),
    ("Patient?_count=x", "parameter-value", "0..1000"),
    ("Patient?_total=some", "parameter-value", "none, estimate, accurate"),
    ("Patient?_include=Patient", "search-include", "SourceType"),
    ("Patient?_include=Patient:name", "search-include-names", "general-practitioner"),
    ("Patient?_include=Nothing:name", "search-include", "SourceType"),
    ("Patient?_revinclude=Task:foo", "search-include-names", "focus"),
    ("Patient?_cursor=x", "search-page", "search again"),
    ("Patient?_cursor=WzEsMl0", "search-page", "search again"),
    ("Patient?name.foo=1", "search-chain", "reference-parameter"),
    ("ServiceRequest?subject.foo=1", "search-unknown", "identifier"),
    ("ServiceRequest?subject:Observation=1", "search-modifier", "Patient"),
    ("ServiceRequest?subject=%20", "search-value", "reference"),
    ("Patient?name=%FF", "parameter-value", "UTF-8"),
]


@pytest.mark.parametrize(("query", "code", "hint"), REFUSED)
async def test_refused(api: Api, query: str, code: str, hint: str) -> None:
    answer = await api.get(f"/fhir/{query}")
    assert (answer.status_code, code_of(answer)) == (400, code)
    assert hint in answer.json()["issue"][0]["diagnostics"]


async def test_lenient_handling_says_what_it_ignored(api: Api) -> None:
    await load(api)
    answer = await api.get("/fhir/Patient?foo=1&_id=p1", headers={"prefer": "handling=lenient"})
    entries = answer.json()["entry"]
    assert [e["search"]["mode"] for e in entries] == ["match", "outcome"]
    assert entries[1]["resource"]["issue"][0]["expression"] == ["foo"]
    assert "foo" not in answer.json()["link"][0]["url"]


async def test_total_and_count(api: Api) -> None:
    await load(api)
    none = (await api.get("/fhir/Patient?_count=0")).json()
    assert (none["total"], "entry" in none) == (3, False)
    some = (await api.get("/fhir/Patient?_count=2")).json()
    assert ("total" in some, len(some["entry"])) == (False, 2)
    assert (await api.get("/fhir/Patient?_count=2&_total=accurate")).json()["total"] == 3
    assert (await api.get("/fhir/Patient")).json()["total"] == 3


@pytest.mark.parametrize("sort", ["", "&_sort=birthdate", "&_sort=-_lastUpdated,name"])
async def test_pages_stay_stable_while_others_write(both: Api, sort: str) -> None:
    async def put(number: int) -> None:
        patient = {"resourceType": "Patient", "id": f"s{number:02d}",
                   "birthDate": f"19{50 + number % 7}-01-01", "name": [{"text": "某"}]}  # fmt: skip
        await both.update(patient)

    for number in range(12):
        await put(number)
    seen: list[str] = []
    url, fresh = f"/fhir/Patient?_count=5{sort}", 12
    while url:
        page = (await both.get(url)).json()
        seen += [e["resource"]["id"] for e in page["entry"]]
        url = next((link["url"] for link in page["link"] if link["relation"] == "next"), "")
        if fresh < 18:
            await put(fresh)
            fresh += 1
    assert len(seen) == len(set(seen))
    assert {f"s{n:02d}" for n in range(12)} <= set(seen)


async def test_an_update_moves_the_index(both: Api) -> None:
    await load(both)
    await both.update({"resourceType": "Patient", "id": "p1", "name": [{"text": "李四"}]})
    assert await both.ids(encoded("Patient?name=张")) == ["p3"]
    assert await both.ids(encoded("Patient?name=李")) == ["p1"]
    await both.delete("/fhir/Patient/p1?_cascade=delete")  # referrals point to it
    assert await both.ids(encoded("Patient?name=李")) == []
