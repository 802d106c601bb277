"""$validate, and what a write is validated against.

Spec: http://hl7.org/fhir/R4/resource-operation-validate.html
"""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest

from fhir_server.settings import Settings

from .conftest import FHIR, Api, code_of, open_api

Json = dict[str, Any]
PROFILE: Json = {
    "resourceType": "StructureDefinition",
    "url": "http://example.org/StructureDefinition/named",
    "version": "1.2",
    "name": "Named",
    "status": "active",
    "kind": "resource",
    "abstract": False,
    "type": "Patient",
    "baseDefinition": "http://hl7.org/fhir/StructureDefinition/Patient",
    "derivation": "constraint",
    "differential": {"element": [{"id": "Patient.name", "path": "Patient.name", "min": 1}]},
}
BARE: Json = {"resourceType": "Patient", "active": True}
NAMED: Json = {**BARE, "name": [{"text": "张三"}]}
CLAIMS: Json = {"meta": {"profile": [PROFILE["url"]]}}


@pytest.fixture
async def strict(tmp_path: Path, anyio_backend: str) -> AsyncIterator[Api]:
    """As the server is by default."""
    settings = Settings(
        store=f"sqlite:{tmp_path / 'fhir.db'}", validation="declared", admin_token="secret"
    )
    async for client in open_api(settings):
        yield client


def errors(outcome: Json) -> list[str]:
    """Message id and expression of each error."""
    return [
        f"{i['details']['coding'][0]['code']} {i['expression'][0]}"
        for i in outcome["issue"]
        if i["severity"] == "error"
    ]


async def validate(
    api: Api, resource: Json, query: str = "", where: str = "/fhir/$validate"
) -> Json:
    answer = await api.post(
        where + query, json=resource, headers={"content-type": "application/fhir+json"}
    )
    assert answer.status_code == 200, answer.text
    found: Json = answer.json()
    assert found["resourceType"] == "OperationOutcome"
    return found


WRONG = [  # resource, the one error; the first is the positive control
    (NAMED, []),
    ({**BARE, "gender": "m"}, ["structure-code Patient.gender"]),
    ({**BARE, "birthDate": "2026-02-30"}, ["structure-primitive Patient.birthDate"]),
    ({**BARE, "contact": [{"gender": "male"}]}, ["valid-invariant Patient.contact[0]"]),
    ({**BARE, "nmae": []}, ["structure-unknown Patient.nmae"]),
    (
        {**BARE, "managingOrganization": {"reference": "Patient/1"}},
        ["valid-target Patient.managingOrganization"],
    ),
    ({"resourceType": "Patint"}, ["structure-resource Resource"]),
]


@pytest.mark.parametrize(("resource", "expected"), WRONG)
async def test_errors_with_their_expressions(api: Api, resource: Json, expected: list[str]) -> None:
    found = await validate(api, resource)
    assert errors(found) == expected
    assert "张三" not in str(found)


async def test_wrapped_in_parameters_with_a_profile(api: Api) -> None:
    assert (await api.create(PROFILE)).status_code == 201
    wrapped = {
        "resourceType": "Parameters",
        "parameter": [
            {"name": "profile", "valueUri": PROFILE["url"]},
            {"name": "resource", "resource": BARE},
        ],
    }
    found = await validate(api, wrapped, where="/fhir/Patient/$validate")
    assert errors(found) == ["valid-min Patient.name"]
    issue = next(i for i in found["issue"] if i["severity"] == "error")
    assert {"url": "http://hl7.org/fhir/StructureDefinition/operationoutcome-issue-source",
            "valueString": f"{PROFILE['url']}|1.2"} in issue["extension"]  # fmt: skip
    assert issue["details"]["text"] == "缺少必填元素，至少 1 个"
    named = {
        **wrapped,
        "parameter": [wrapped["parameter"][0], {"name": "resource", "resource": NAMED}],
    }
    assert errors(await validate(api, named)) == []


async def test_line_and_column_of_the_body(api: Api) -> None:
    body = b'{"resourceType": "Patient",\n  "name": [{"given": ["a", 1]}]}'
    answer = await api.post(
        "/fhir/Patient/$validate", content=body, headers={"content-type": "application/fhir+json"}
    )
    issue = answer.json()["issue"][0]
    assert issue["expression"] == ["Patient.name[0].given[1]"]
    assert issue["location"] == ["Line[2] Column[28]"]


async def test_a_stored_resource(api: Api) -> None:
    id = (await api.create({**BARE, "contact": [{"gender": "male"}]})).json()["id"]
    answer = await api.get(f"/fhir/Patient/{id}/$validate")
    assert errors(answer.json()) == ["valid-invariant Patient.contact[0]"]
    assert (await api.get("/fhir/Patient/none/$validate")).status_code == 404


NOTHING = {"resourceType": "Parameters", "parameter": [{"name": "mode", "valueCode": "create"}]}
REFUSED = [  # address, body, status, code
    ("/fhir/Patient/$validate", {"resourceType": "Organization"}, 422, "type-mismatch"),
    ("/fhir/Patient/$validate?mode=all", BARE, 400, "validate-mode"),
    ("/fhir/Patient/$validate?colour=red", BARE, 400, "parameter-unknown"),
    ("/fhir/$validate", NOTHING, 400, "validate-nothing"),
]  # fmt: skip


@pytest.mark.parametrize(("address", "body", "status", "code"), REFUSED)
async def test_refusals(api: Api, address: str, body: Json, status: int, code: str) -> None:
    answer = await api.post(address, json=body, headers={"content-type": "application/fhir+json"})
    assert (answer.status_code, code_of(answer)) == (status, code)


async def test_an_unknown_profile_is_an_error_only_where_asked_for(api: Api) -> None:
    unknown = "http://example.org/StructureDefinition/none"
    found = await validate(api, {**NAMED, "meta": {"profile": [unknown]}})
    assert errors(found) == []
    assert any(i["severity"] == "warning" and "none" in i["diagnostics"] for i in found["issue"])
    found = await validate(api, NAMED, f"?profile={unknown}")
    assert errors(found) == ["valid-profile-unknown Patient"]


async def test_a_write_is_checked_against_what_it_claims(both: Api) -> None:
    """A profile that was just stored counts at once, and no longer once it has changed."""
    assert (await both.create({**PROFILE, "id": "named"})).status_code == 201
    found = await validate(both, {**BARE, **CLAIMS})
    assert errors(found) == ["valid-min Patient.name"]
    stored = (await both.get(f"/fhir/StructureDefinition?url={PROFILE['url']}")).json()
    id = stored["entry"][0]["resource"]["id"]
    relaxed = {**PROFILE, "id": id, "differential": {"element": [{"path": "Patient"}]}}
    assert (await both.update(relaxed)).status_code == 200
    assert errors(await validate(both, {**BARE, **CLAIMS})) == []


async def test_declared_is_the_default(strict: Api) -> None:
    assert Settings().validation == "declared"
    assert (await strict.create(PROFILE)).status_code == 201
    assert (await strict.create(BARE)).status_code == 201
    refused = await strict.create({**BARE, **CLAIMS})
    assert (refused.status_code, code_of(refused)) == (422, "valid-min")
    assert (await strict.create({**NAMED, **CLAIMS})).status_code == 201
    invariant = await strict.create({"resourceType": "Organization"})
    assert (invariant.status_code, code_of(invariant)) == (422, "valid-invariant")


async def test_nothing_of_a_transaction_is_kept_where_one_entry_is_wrong(strict: Api) -> None:
    entries = [
        {"resource": NAMED, "request": {"method": "POST", "url": "Patient"}},
        {"resource": {"resourceType": "Organization"},
         "request": {"method": "POST", "url": "Organization"}},
    ]  # fmt: skip
    answer = await strict.bundle("transaction", *entries)
    assert (answer.status_code, code_of(answer)) == (422, "valid-invariant")
    assert answer.json()["issue"][0]["expression"] == ["Bundle.entry[1].resource"]
    assert (await strict.get("/fhir/Patient?_summary=count")).json()["total"] == 0


async def test_an_administrator_may_choose(strict: Api) -> None:
    wrong = {"resourceType": "Organization"}
    admin = {"X-Admin-Token": "secret", "X-Validation": "structure"}
    assert (await strict.create(wrong, **{"X-Validation": "off"})).status_code == 403
    assert (await strict.create(wrong, **admin)).status_code == 201
    unknown = {"X-Admin-Token": "secret", "X-Validation": "some"}
    answer = await strict.create(wrong, **unknown)
    assert (answer.status_code, code_of(answer)) == (400, "validation-policy")


async def test_required_profiles(tmp_path: Path, anyio_backend: str) -> None:
    settings = Settings(
        store=f"sqlite:{tmp_path / 'fhir.db'}",
        validation="required",
        required_profiles=f"Patient={PROFILE['url']}",
    )
    async for api in open_api(settings):
        assert (await api.create(PROFILE)).status_code == 201
        refused = await api.create(NAMED)
        assert (refused.status_code, code_of(refused)) == (422, "valid-profile-required")
        assert (await api.create({**NAMED, **CLAIMS})).status_code == 201
        assert (
            await api.create({"resourceType": "Basic", "code": {"text": "a"}})
        ).status_code == 201


async def test_a_broken_profile_is_refused_with_its_reason(strict: Api) -> None:
    broken = {
        **PROFILE,
        "differential": {"element": [{"id": "Patient.nose", "path": "Patient.nose", "min": 1}]},
    }
    answer = await strict.create(broken)
    assert (answer.status_code, code_of(answer)) == (422, "profile-broken")
    assert "Patient: no element nose" in answer.json()["issue"][0]["diagnostics"]


async def test_snapshot_of_what_is_stored_given_or_known(api: Api) -> None:
    """Spec: http://hl7.org/fhir/R4/structuredefinition-operation-snapshot.html"""
    stored = (await api.create(PROFILE)).json()
    derived = {
        **PROFILE,
        "url": PROFILE["url"] + "-2",
        "baseDefinition": PROFILE["url"],
        "differential": {"element": [{"id": "Patient.gender", "path": "Patient.gender", "min": 1}]},
    }
    answers = [
        await api.get(f"/fhir/StructureDefinition/{stored['id']}/$snapshot"),
        await api.get(f"/fhir/StructureDefinition/$snapshot?url={PROFILE['url']}"),
        await api.post("/fhir/StructureDefinition/$snapshot", json=derived, headers=FHIR),
    ]
    for answer in answers:
        assert answer.status_code == 200, answer.text
        rows = {e["id"]: e for e in answer.json()["snapshot"]["element"]}
        assert rows["Patient.name"]["min"] == 1
        assert rows["Patient.contact.name"]["type"] == [{"code": "HumanName"}]
    assert rows["Patient.gender"]["min"] == 1
    broken = {**derived, "baseDefinition": "http://example.org/none"}
    answer = await api.post("/fhir/StructureDefinition/$snapshot", json=broken, headers=FHIR)
    assert (answer.status_code, code_of(answer)) == (422, "snapshot-broken")
    answer = await api.get("/fhir/StructureDefinition/$snapshot?url=http://example.org/none")
    assert (answer.status_code, code_of(answer)) == (404, "snapshot-unknown")
