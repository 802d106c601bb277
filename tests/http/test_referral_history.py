"""$referral-history beyond its forms: spellings of a citizen id, linked Patients, the chain."""

from __future__ import annotations

from typing import Any

from fhir_server.model.canonical import code_system
from tests.http.conftest import FHIR, Api

Json = dict[str, Any]
CDA, HL7_CHINA = "urn:oid:2.16.156.10011.1.3", "urn:oid:2.16.840.1.113883.2.23.1.19.1"
ID = "11010519491231002X"


def patient(id: str, **more: Any) -> Json:
    return {"resourceType": "Patient", "id": id, **more}


def referral(id: str, subject: str, day: str, direction: str = "up", **more: Any) -> Json:
    category = {"system": code_system("referral-category"), "code": f"{direction}-referral"}
    return {
        "resourceType": "ServiceRequest",
        "id": id,
        "status": "active",
        "intent": "order",
        "subject": {"reference": f"Patient/{subject}"},
        "category": [{"coding": [category]}],
        "authoredOn": day,
        **more,
    }


def by_mode(bundle: Json, mode: str) -> list[str]:
    return [e["resource"]["id"] for e in bundle.get("entry", []) if e["search"]["mode"] == mode]


async def load(api: Api) -> None:
    link = {"other": {"reference": "Patient/new"}, "type": "replaced-by"}
    for each in (
        patient("new", identifier=[{"system": CDA, "value": ID}]),
        patient("old", link=[link]),
        patient("china", identifier=[{"system": HL7_CHINA, "value": ID.lower()}]),
        patient("other", identifier=[{"system": "http://x.org/card", "value": ID}]),
        referral("r-new", "new", "2026-11-01"),
        referral("r-old", "old", "2026-11-02"),
        referral("r-china", "china", "2026-11-03"),
        referral("r-other", "other", "2026-11-04"),
        referral(
            "r-back", "new", "2026-11-05", "down", basedOn=[{"reference": "ServiceRequest/r-old"}]
        ),
        {
            "resourceType": "Task", "id": "t-old", "status": "accepted", "intent": "order",
            "focus": {"reference": "ServiceRequest/r-old"},
        },
    ):  # fmt: skip
        answer = await api.update(each)
        assert answer.status_code == 201, answer.text


async def test_one_person_under_any_of_its_numbers_and_patients(both: Api) -> None:
    await load(both)
    history = "/fhir/Patient/$referral-history?identifier="
    everything = ["r-back", "r-china", "r-old", "r-new"]
    for asked in (f"{CDA}|{ID}", f"{HL7_CHINA}|{ID}", f"{CDA}|{ID.lower()}"):
        found = (await both.get(history + asked)).json()
        assert by_mode(found, "match") == everything, asked
    found = (await both.get(history + ID)).json()  # whatever the system
    assert by_mode(found, "match") == ["r-back", "r-other", *everything[1:]]
    for id in ("new", "old"):  # linked, either way; `china` is not known to be the same
        found = (await both.get(f"/fhir/Patient/{id}/$referral-history")).json()
        assert by_mode(found, "match") == ["r-back", "r-old", "r-new"]


async def test_posted_parameters_page_by_plain_links(both: Api) -> None:
    await load(both)
    body = {
        "resourceType": "Parameters",
        "parameter": [
            {"name": "identifier", "valueIdentifier": {"system": CDA, "value": ID}},
            {"name": "direction", "valueCode": "up"},
            {"name": "_count", "valueInteger": 1},
        ],
    }
    answer = await both.post("/fhir/Patient/$referral-history", json=body, headers=FHIR)
    page, seen = answer.json(), []
    while True:
        assert page["total"] == 3
        seen += by_mode(page, "match")
        following = [link["url"] for link in page["link"] if link["relation"] == "next"]
        if not following:
            break
        page = (await both.get(following[0])).json()
    assert seen == ["r-china", "r-old", "r-new"]


async def test_a_page_brings_the_chain_and_its_task(both: Api) -> None:
    await load(both)
    page = (await both.get("/fhir/Patient/new/$referral-history?direction=down")).json()
    assert by_mode(page, "match") == ["r-back"]
    assert sorted(by_mode(page, "include")) == ["r-old", "t-old"]
