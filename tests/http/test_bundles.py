"""batch and transaction. Spec: http://hl7.org/fhir/R4/http.html#transaction"""

from __future__ import annotations

from typing import Any

import pytest

from .conftest import Api, code_of

pytestmark = pytest.mark.anyio
Json = dict[str, Any]
URN = "urn:uuid:{:08d}-0000-4000-8000-000000000000"
PATIENT: Json = {"resourceType": "Patient", "identifier": [{"system": "urn:test", "value": "1"}]}


def post(resource: Json, number: int = 0, **request: str) -> Json:
    made = {"resource": resource, "request": {"method": "POST", "url": resource["resourceType"],
                                              **request}}  # fmt: skip
    return {"fullUrl": URN.format(number), **made} if number else made


def put(resource: Json, **request: str) -> Json:
    url = f"{resource['resourceType']}/{resource['id']}"
    return {"resource": resource, "request": {"method": "PUT", "url": url, **request}}


def condition(subject: str, **more: Any) -> Json:
    return {"resourceType": "Condition", "subject": {"reference": subject}, **more}


async def test_references_are_rewritten_wherever_they_stand(both: Api) -> None:
    urn = URN.format(1)
    div = f'<div xmlns="http://www.w3.org/1999/xhtml"><a href="{urn}">x</a></div>'
    resource = condition(
        urn,
        text={"status": "generated", "div": div},
        extension=[{"url": "urn:x", "valueUri": urn}, {"url": "urn:y", "valueString": urn}],
        identifier=[{"system": "urn:ietf:rfc:3986", "value": urn}],
        contained=[{"resourceType": "Condition", "id": "c", "subject": {"reference": urn}}],
        evidence=[{"detail": [{"reference": "#c"}, {"reference": urn}]}],
    )
    answer = await both.bundle("transaction", post(resource, 2), post(PATIENT, 1))
    assert answer.status_code == 200, answer.text
    entries = answer.json()["entry"]
    assert [e["response"]["status"] for e in entries] == ["201 Created"] * 2
    at, patient = (e["response"]["location"].split("/_history")[0] for e in entries)
    assert patient.startswith("Patient/")
    stored = (await both.get(f"/fhir/{at}")).json()
    assert stored["subject"]["reference"] == patient
    assert stored["contained"][0]["subject"]["reference"] == patient
    assert [d["reference"] for d in stored["evidence"][0]["detail"]] == ["#c", patient]
    assert stored["extension"][0]["valueUri"] == patient
    assert f'href="{patient}"' in stored["text"]["div"]
    # A string that only looks like the address of an entry is somebody's data.
    assert stored["extension"][1]["valueString"] == urn
    assert stored["identifier"][0]["value"] == urn
    assert await both.ids(f"Condition?subject={patient}") == [stored["id"]]


async def test_all_or_nothing(both: Api) -> None:
    await both.update({"resourceType": "Patient", "id": "old"})
    answer = await both.bundle(
        "transaction",
        post(PATIENT),
        put({"resourceType": "Patient", "id": "old", "active": True}),
        put({"resourceType": "Patient", "id": "x"}, ifMatch='W/"3"'),
    )
    assert (answer.status_code, code_of(answer)) == (412, "version-conflict")
    assert await both.ids("Patient") == ["old"]
    assert "active" not in (await both.get("/fhir/Patient/old")).json()


async def test_a_wrong_resource_is_named_by_its_entry(api: Api) -> None:
    wrong = {"resourceType": "Patient", "gender": "M", "foo": 1}
    answer = await api.bundle("transaction", post(PATIENT), post(wrong))
    assert answer.status_code == 422
    places = [i["expression"][0] for i in answer.json()["issue"]]
    assert places == ["Bundle.entry[1].resource.gender", "Bundle.entry[1].resource.foo"]
    assert await api.ids("Patient") == []


async def test_every_method_in_its_order(both: Api) -> None:
    await both.update({"resourceType": "Patient", "id": "gone"})
    answer = await both.bundle(
        "transaction",
        {"request": {"method": "GET", "url": "Patient/new"}},
        put({"resourceType": "Patient", "id": "new"}),
        {"request": {"method": "GET", "url": "Patient?_id=new,gone"}},
        {"request": {"method": "DELETE", "url": "Patient/gone"}},
    )
    assert answer.status_code == 200, answer.text
    read, made, found, deleted = answer.json()["entry"]
    assert read["resource"]["id"] == "new"
    assert made["response"]["status"] == "201 Created"
    assert [e["resource"]["id"] for e in found["resource"]["entry"]] == ["new"]
    assert deleted["response"]["status"] == "204 No Content"


async def test_a_read_that_fails_fails_all(api: Api) -> None:
    read = {"request": {"method": "GET", "url": "Patient/none"}}
    answer = await api.bundle("transaction", post(PATIENT), read)
    assert (answer.status_code, code_of(answer)) == (404, "read-unknown")
    assert await api.ids("Patient") == []


async def test_conditional_create_and_reference(both: Api) -> None:
    once = {"ifNoneExist": "identifier=urn:test|1"}
    entries = [post(PATIENT, 1, **once), post(condition(URN.format(1)), 2)]
    first = (await both.bundle("transaction", *entries)).json()["entry"]
    second = (await both.bundle("transaction", *entries)).json()["entry"]
    assert first[0]["response"]["status"] == "201 Created"
    assert second[0]["response"]["status"] == "200 OK"
    assert first[0]["response"]["location"] == second[0]["response"]["location"]
    by_search = post(condition("Patient?identifier=urn:test|1"))
    third = await both.bundle("transaction", by_search)
    assert third.status_code == 200, third.text
    patient = first[0]["response"]["location"].split("/_history")[0]
    assert len(await both.ids(f"Condition?subject={patient}")) == 3


async def test_the_same_condition_twice_is_one_resource(api: Api) -> None:
    once = {"ifNoneExist": "identifier=urn:test|1"}
    answer = await api.bundle("transaction", post(PATIENT, 1, **once), post(PATIENT, 2, **once))
    places = {e["response"]["location"] for e in answer.json()["entry"]}
    assert len(places) == 1
    assert len(await api.ids("Patient")) == 1


REFUSED = [
    ("no such entry", [post(condition(URN.format(9)))], 400, "bundle-reference"),
    ("no match", [post(condition("Patient?identifier=urn:test|none"))], 412, "bundle-conditional"),
    ("written twice", [put({"resourceType": "Patient", "id": "a"}),
                       put({"resourceType": "Patient", "id": "a", "active": True})], 400,
     "bundle-duplicate"),
    ("fullUrl twice", [post(PATIENT, 1), post(PATIENT, 1)], 400, "bundle-fullurl"),
    ("no request", [{"resource": PATIENT}], 400, "bundle-entry"),
    ("empty entry", [{}], 422, "structure-empty"),
    ("no resource", [{"request": {"method": "POST", "url": "Patient"}}], 400, "bundle-resource"),
    ("a strange method", [{"request": {"method": "COPY", "url": "Patient/1"}}], 422,
     "structure-code"),
    ("no patch", [{"request": {"method": "PATCH", "url": "Patient/1"}}], 400, "bundle-resource"),
    ("another type", [{**post(PATIENT), "request": {"method": "POST", "url": "Observation"}}], 422,
     "type-mismatch"),
    ("another server", [{**post(PATIENT), "request": {"method": "POST",
                                                      "url": "http://other/Patient"}}], 400,
     "bundle-url"),
    ("entry that is none", [7], 422, "structure-type"),
]  # fmt: skip


@pytest.mark.parametrize(
    ("entries", "status", "code"), [r[1:] for r in REFUSED], ids=[r[0] for r in REFUSED]
)
async def test_refused(api: Api, entries: list[Json], status: int, code: str) -> None:
    answer = await api.bundle("transaction", post(PATIENT), *entries)
    assert (answer.status_code, code_of(answer)) == (status, code), answer.text
    assert await api.ids("Patient") == []


@pytest.mark.parametrize("kind", ["collection", "document", "", None])
async def test_only_batch_and_transaction(api: Api, kind: str | None) -> None:
    body = {"resourceType": "Bundle", "type": kind}
    answer = await api.post("/fhir", json=body, headers={"content-type": "application/fhir+json"})
    assert (answer.status_code, code_of(answer)) == (400, "bundle-type")


async def test_entries_of_a_batch_fail_alone(both: Api) -> None:
    answer = await both.bundle(
        "batch",
        post(PATIENT),
        post({"resourceType": "Patient", "foo": 1}),
        {"request": {"method": "GET", "url": "Patient/none"}},
        {"request": {"method": "GET", "url": "Patient?identifier=urn:test|1"}},
    )
    statuses = [e["response"]["status"] for e in answer.json()["entry"]]
    assert statuses == ["201 Created", "422 Unprocessable Entity", "404 Not Found", "200 OK"]
    outcome = answer.json()["entry"][1]["response"]["outcome"]
    assert outcome["issue"][0]["expression"] == ["Patient.foo"]
    assert len(answer.json()["entry"][3]["resource"]["entry"]) == 1


async def test_representation_in_the_answer(api: Api) -> None:
    answer = await api.bundle("transaction", post(PATIENT), prefer="return=representation")
    assert answer.json()["entry"][0]["resource"]["resourceType"] == "Patient"


async def test_an_empty_transaction(api: Api) -> None:
    answer = await api.bundle("transaction")
    assert answer.status_code in (200, 422)
