"""$everything of Patient, Encounter and ServiceRequest."""

from __future__ import annotations

from typing import Any

import pytest

from fhir_server.definitions import r4
from fhir_server.exchange.care import CARE_DATES
from tests.http.conftest import FHIR, Api, code_of

Json = dict[str, Any]


def ref(to: str) -> Json:
    return {"reference": to}


def resource(kind: str, id: str, **content: Any) -> Json:
    return {"resourceType": kind, "id": id, **content}


P1 = ref("Patient/p1")
ORDER = {"status": "active", "intent": "order"}
TASK = {"status": "accepted", "intent": "order"}
OBS = {"status": "final", "code": {"text": "x"}}
AGENT = [{"who": ref("Practitioner/d1")}]
DAY = "2026-11-20T08:00:00+08:00"
LIBRARY = [
    resource("Organization", "county", partOf=ref("Organization/group")),
    resource("Organization", "group", name="医共体"),
    resource("Practitioner", "d1"),
    resource("Practitioner", "unused"),
    resource("PractitionerRole", "role", practitioner=ref("Practitioner/d1"),
             organization=ref("Organization/county")),
    resource("Patient", "p1", managingOrganization=ref("Organization/county")),
    resource("Patient", "p2"),
    resource("Encounter", "e1", status="finished", subject=P1, period={"start": "2026-11-01",
             "end": "2026-11-02"}, **{"class": {"code": "AMB"}}, basedOn=[ref("ServiceRequest/up")],
             diagnosis=[{"condition": ref("Condition/c1")}]),
    resource("Encounter", "e2", status="finished", subject=ref("Patient/p2"),
             **{"class": {"code": "AMB"}}),
    resource("Condition", "c1", subject=P1, recordedDate="2026-11-01"),
    resource("Observation", "o1", subject=P1, encounter=ref("Encounter/e1"),
             effectiveDateTime="2026-11-01", performer=[ref("PractitionerRole/role")], **OBS),
    resource("Observation", "o2", subject=P1, effectiveDateTime="2025-01-01", **OBS),
    resource("Observation", "o3", subject=ref("Patient/p2"), **OBS),
    resource("Observation", "o4", subject=P1, **OBS),
    resource("ServiceRequest", "up", subject=P1, authoredOn="2026-11-01",
             requester=ref("PractitionerRole/role"), supportingInfo=[ref("Composition/doc")],
             reasonReference=[ref("Condition/c1")], **ORDER),
    resource("ServiceRequest", "down", subject=P1, authoredOn="2026-11-10",
             basedOn=[ref("ServiceRequest/up")], **ORDER),
    resource("ServiceRequest", "apart", subject=P1, authoredOn="2026-11-10", **ORDER),
    resource("Composition", "doc", status="final", type={"text": "转诊单"}, subject=P1,
             date="2026-11-01", author=[ref("PractitionerRole/role")], title="转诊单"),
    resource("Provenance", "sign", target=[ref("Composition/doc")], recorded=DAY, agent=AGENT),
    resource("Task", "t1", focus=ref("ServiceRequest/up"), **{"for": P1}, **TASK),
    resource("Task", "t2", partOf=[ref("Task/t1")], **TASK),
    resource("Task", "other", focus=ref("ServiceRequest/apart"), **TASK),
    resource("QuestionnaireResponse", "visit", status="completed",
             basedOn=[ref("ServiceRequest/down")], authored=DAY),
    resource("Communication", "say", status="completed", partOf=[ref("Task/t2")], sent=DAY),
    resource("AuditEvent", "read", type={"code": "rest"}, recorded=DAY,
             agent=[{"requestor": True}], source={"observer": ref("Organization/county")},
             entity=[{"what": ref("ServiceRequest/up")}]),
]  # fmt: skip
COMPARTMENT = {"p1", "e1", "c1", "o1", "o2", "o4", "up", "down", "apart", "doc", "t1"}
SUPPORTING = {"county", "group", "role", "d1"}
REFERRAL = {"up", "down", "t1", "t2", "doc", "sign", "e1", "c1", "visit", "say"}


def path(each: Json) -> str:
    return f"{each['resourceType']}/{each['id']}"


async def load(api: Api) -> None:
    entries = [
        {"resource": each, "request": {"method": "PUT", "url": path(each)}}
        for each in LIBRARY
    ]  # fmt: skip
    answer = await api.bundle("transaction", *entries)
    assert answer.status_code == 200, answer.text


def ids(bundle: Json, mode: str = "") -> set[str]:
    found = [e["resource"]["id"] for e in bundle.get("entry", ())
             if not mode or e["search"]["mode"] == mode]  # fmt: skip
    assert len(found) == len(set(found))
    return set(found)


CASES: list[tuple[str, set[str], set[str]]] = [
    ("Patient/p1", COMPARTMENT, SUPPORTING),
    ("Patient/p2", {"p2", "e2", "o3"}, set()),
    ("Patient/p1/$everything?_type=Observation", {"o1", "o2", "o4"}, set()),
    ("Patient/p1/$everything?_type=Encounter,Organization", {"e1"}, set()),
    ("Patient/p1/$everything?_type=Patient,Organization", {"p1"}, {"county", "group"}),
    ("Patient/p1/$everything?start=2026-01-01&end=2026-11-05",
     COMPARTMENT - {"o2", "down", "apart"}, SUPPORTING),
    ("Patient/p1/$everything?end=2025&_type=Observation", {"o2", "o4"}, set()),
    ("Patient/p1/$everything?_since=2099-01-01T00:00:00Z", set(), set()),
    ("Patient/p1/$everything?_since=2020-01-01T00:00:00Z", COMPARTMENT, SUPPORTING),
    ("Encounter/e1", {"e1", "o1"}, {"p1", "c1", "up", *SUPPORTING}),
    ("ServiceRequest/up", REFERRAL, {"p1", *SUPPORTING}),
    ("ServiceRequest/down", REFERRAL, {"p1", *SUPPORTING}),
    ("ServiceRequest/apart", {"apart", "other"}, {"p1", "county", "group"}),
    ("ServiceRequest/up/$everything?_type=Task,AuditEvent", {"t1", "t2", "read"}, set()),
    ("ServiceRequest/up/$everything?end=2026-11-05&_type=ServiceRequest,Composition",
     {"up", "doc"}, set()),
]  # fmt: skip


async def test_what_everything_is(both: Api) -> None:
    await load(both)
    for path, matches, included in CASES:
        url = path if "$" in path else path + "/$everything"
        bundle = (await both.get(f"/fhir/{url}")).json()
        assert (ids(bundle, "match"), ids(bundle, "include")) == (matches, included), path
        assert bundle["total"] == len(matches)
        assert "next" not in {link["relation"] for link in bundle["link"]}


async def pages(api: Api, url: str) -> list[Json]:
    out = []
    while url:
        answer = await api.get(url)
        assert answer.status_code == 200, answer.text
        out.append(answer.json())
        assert len(out) < 50
        url = next((k["url"] for k in out[-1]["link"] if k["relation"] == "next"), "")
    return out


@pytest.mark.parametrize("count", [1, 2, 4])
@pytest.mark.parametrize(
    ("path", "expected"),
    [
        ("Patient/p1/$everything?", COMPARTMENT),
        ("Patient/p1/$everything?start=2020-01-01&", COMPARTMENT),
        ("Patient/$everything?", COMPARTMENT | {"p2", "e2", "o3"}),
        ("ServiceRequest/up/$everything?", REFERRAL),
    ],
)
async def test_pages_show_each_match_once(
    api: Api, path: str, expected: set[str], count: int
) -> None:
    await load(api)
    found = await pages(api, f"/fhir/{path}_count={count}")
    seen = [e["resource"]["id"] for page in found for e in page.get("entry", ())
            if e["search"]["mode"] == "match"]  # fmt: skip
    assert sorted(seen) == sorted(expected)
    assert all(len(ids(page, "match")) <= count for page in found)


async def test_pages_on_each_store_and_while_others_write(both: Api) -> None:
    await load(both)
    first = (await both.get("/fhir/Patient/$everything?_count=5")).json()
    await both.update(resource("Account", "late", status="active", subject=[P1]))
    following = next(k["url"] for k in first["link"] if k["relation"] == "next")
    rest = await pages(both, following)
    seen = ids(first, "match").union(*(ids(page, "match") for page in rest))
    assert COMPARTMENT | {"p2", "e2", "o3"} <= seen


REFUSED = [
    ("Patient/p1/$everything", 200, ""),
    ("Patient/none/$everything", 404, "read-unknown"),
    ("Patient/p1/$everything?_type=Nothing", 400, "parameter-value"),
    ("Patient/p1/$everything?start=yesterday", 400, "parameter-value"),
    ("Patient/p1/$everything?_since=2026", 400, "parameter-value"),
    ("Patient/p1/$everything?_count=0", 400, "parameter-value"),
    ("Patient/p1/$everything?_count=-1", 400, "parameter-value"),
    ("Patient/p1/$everything?name=x", 400, "parameter-unknown"),
    ("Patient/p1/$everything?_cursor=x", 400, "search-page"),
    ("Patient/p1/$everything?_cursor=WyJUYXNrIixbXV0", 400, "search-page"),
    ("Patient/$everything?_cursor=WyIqIl0", 400, "search-page"),
    ("Encounter/$everything", 404, "operation-unknown"),
    ("Observation/o1/$everything", 404, "operation-unknown"),
]


async def test_refusals(api: Api) -> None:
    await load(api)
    for path, status, code in REFUSED:
        answer = await api.get(f"/fhir/{path}")
        assert answer.status_code == status, path
        assert not code or code_of(answer) == code, path


async def test_posted_parameters(api: Api) -> None:
    await load(api)
    parameter = [
        {"name": "start", "valueDate": "2026-01-01"},
        {"name": "_type", "valueCode": "Observation"},
        {"name": "_type", "valueCode": "Task"},
        {"name": "_count", "valueInteger": 2},
    ]
    body = {"resourceType": "Parameters", "parameter": parameter}
    first = await api.post("/fhir/Patient/p1/$everything", json=body, headers=FHIR)
    following = next(k["url"] for k in first.json()["link"] if k["relation"] == "next")
    second = (await pages(api, following))[0]
    assert ids(first.json(), "match") | ids(second, "match") == {"o1", "o4", "t1"}


async def test_a_batch_may_ask_for_it(api: Api) -> None:
    await load(api)
    entry = {"request": {"method": "GET", "url": "Patient/p2/$everything"}}
    answer = (await api.bundle("batch", entry)).json()
    assert ids(answer["entry"][0]["resource"], "match") == {"p2", "e2", "o3"}


def test_dates_of_care_are_date_parameters() -> None:
    known = {(base, p.code) for p in r4().search_parameters if p.type == "date" for base in p.base}
    assert {(t, code) for t, codes in CARE_DATES.items() for code in codes} <= known
