"""How operations are called: methods, levels, parameters. One file an operation beside this."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from fhir_server.settings import Settings
from tests.http.conftest import FHIR, Api, code_of, open_api

Json = dict[str, Any]
PATIENT = {"resourceType": "Patient", "id": "p1", "gender": "male"}
NARRATIVE = {"status": "generated", "div": '<div xmlns="http://www.w3.org/1999/xhtml">x</div>'}
TAG = {"system": "http://x.org/tags", "code": "a"}


def parameters(*each: Json) -> Json:
    return {"resourceType": "Parameters", "parameter": list(each)}


META = parameters({"name": "meta", "valueMeta": {"tag": [TAG]}})

# method, path, body, status, code. The first rows are the positive controls.
CALLS: list[tuple[str, str, Any, int, str]] = [
    ("GET", "Patient/p1/$meta", None, 200, ""),
    ("HEAD", "Patient/p1/$meta", None, 200, ""),
    ("POST", "Patient/p1/$meta", None, 200, ""),
    ("POST", "Patient/p1/$meta-add", META, 200, ""),
    ("POST", "Patient/p1/$meta?_format=json&_pretty=true", None, 200, ""),
    ("PUT", "Patient/p1/$meta", PATIENT, 405, "method-unsupported"),
    ("GET", "Patient/p1/$meta-add", None, 405, "method-unsupported"),
    ("GET", "Patient/$meta-add", None, 404, "operation-unknown"),
    ("GET", "Patient/p1/$nonsense", None, 404, "operation-unknown"),
    ("GET", "$versions/x", None, 404, "route-unknown"),
    ("GET", "Nothing/p1/$meta", None, 404, "type-unknown"),
    ("GET", "Patient/p1/_history/1/x/$meta", None, 404, "route-unknown"),
    ("GET", "Patient/p1/$meta?x=1", None, 400, "parameter-unknown"),
    ("GET", "Patient/none/$meta", None, 404, "read-unknown"),
    ("GET", "Patient/p1/_history/9/$meta", None, 404, "version-unknown"),
    ("GET", "Patient/p1/_history/x/$meta", None, 404, "version-unknown"),
    ("GET", f"Patient/p1/_history/{'9' * 5000}/$meta", None, 404, "version-unknown"),
    ("POST", "Patient/p1/$meta-add", None, 400, "parameter-missing"),
    ("POST", "Patient/p1/$meta-add?meta=x", None, 400, "parameter-complex"),
    ("POST", "Patient/p1/$meta-add", PATIENT, 422, "type-mismatch"),
    ("POST", "Patient/p1/$meta-add", {"parameter": []}, 422, "type-missing"),
    (
        "POST",
        "Patient/p1/$meta-add",
        parameters({"name": "meta", "valueString": "x"}),
        400,
        "parameter-value",
    ),
    (
        "POST",
        "Patient/p1/$meta-add",
        parameters({"name": "meta", "valueMeta": {"x": 1}}),
        422,
        "structure-unknown",
    ),
    (
        "POST",
        "Patient/p1/$meta-add",
        parameters(META["parameter"][0], META["parameter"][0]),
        400,
        "parameter-twice",
    ),
]


@pytest.mark.parametrize(("method", "path", "body", "status", "code"), CALLS)
async def test_a_call(api: Api, method: str, path: str, body: Any, status: int, code: str) -> None:
    await api.update(PATIENT)
    answer = await api.request(method, f"/fhir/{path}", json=body, headers=FHIR if body else {})
    assert answer.status_code == status, answer.text
    if code:
        assert code_of(answer) == code


async def test_an_unknown_parameter_is_refused_with_the_list(api: Api) -> None:
    answer = await api.get("/fhir/Patient/$referral-history?x=1")
    assert "identifier, status, direction" in answer.json()["issue"][0]["diagnostics"]
    lenient = await api.get(
        "/fhir/Patient/$referral-history?identifier=a|b&x=1", headers={"Prefer": "handling=lenient"}
    )
    assert lenient.status_code == 200


async def test_meta_over_its_life(both: Api) -> None:
    await both.update({**PATIENT, "meta": {"tag": [{**TAG, "code": "b"}]}})
    add = {"tag": [TAG, {**TAG, "code": "b", "display": "again"}], "profile": ["http://x.org/p"]}
    body = parameters({"name": "meta", "valueMeta": add})
    stale = await both.post(
        "/fhir/Patient/p1/$meta-add", json=body, headers={**FHIR, "If-Match": 'W/"9"'}
    )
    assert (stale.status_code, code_of(stale)) == (412, "version-conflict")
    added = await both.post(
        "/fhir/Patient/p1/$meta-add", json=body, headers={**FHIR, "If-Match": 'W/"1"'}
    )
    meta = added.json()["parameter"][0]["valueMeta"]
    assert (meta["versionId"], meta["profile"]) == ("2", ["http://x.org/p"])
    assert [t["code"] for t in meta["tag"]] == ["b", "a"]
    again = await both.post("/fhir/Patient/p1/$meta-add", json=body, headers=FHIR)
    assert again.json()["parameter"][0]["valueMeta"]["versionId"] == "2"  # nothing new to write
    assert await both.ids("Patient?_tag=http://x.org/tags|a") == ["p1"]
    for path in ("Patient/$meta", "$meta"):
        whole = (await both.get(f"/fhir/{path}")).json()["parameter"][0]["valueMeta"]
        assert whole["tag"] == [TAG, {**TAG, "code": "b"}]
        assert "http://x.org/p" in whole["profile"]
    gone = await both.post("/fhir/Patient/p1/$meta-delete", json=body, headers=FHIR)
    meta = gone.json()["parameter"][0]["valueMeta"]
    assert (meta["versionId"], "tag" in meta, "profile" in meta) == ("3", False, False)
    old = await both.get("/fhir/Patient/p1/_history/2/$meta")
    assert old.json()["parameter"][0]["valueMeta"]["versionId"] == "2"
    empty = (await both.get("/fhir/Observation/$meta")).json()
    assert empty["parameter"] == [{"name": "return"}]


async def test_meta_add_says_nothing_that_is_not_so(tmp_path: Path, anyio_backend: str) -> None:
    """A profile is claimed where it is kept to; what a server has left of a resource is no tag."""
    profile = "http://hl7.org/fhir/StructureDefinition/vitalsigns"
    observation = {"resourceType": "Observation", "id": "o1", "status": "final",
                   "code": {"text": "x"}, "text": NARRATIVE}  # fmt: skip
    settings = Settings(store=f"sqlite:{tmp_path / 'fhir.db'}", validation="declared")
    async for api in open_api(settings):
        assert (await api.update(observation)).status_code == 201
        subsetted = {"system": "http://terminology.hl7.org/CodeSystem/v3-ObservationValue",
                     "code": "SUBSETTED"}  # fmt: skip
        for meta, status in (
            ({"tag": [TAG]}, 200),
            ({"profile": ["http://hl7.org/fhir/StructureDefinition/Observation"]}, 200),
            ({"profile": [profile]}, 422),
            ({"tag": [subsetted]}, 422),
        ):
            body = parameters({"name": "meta", "valueMeta": meta})
            path = "/fhir/Observation/o1/$meta-add"
            answer = await api.post(path, json=body, headers=FHIR)
            assert answer.status_code == status, answer.text
        assert (await api.get("/fhir/Observation/o1")).headers["etag"] == 'W/"3"'


async def test_versions(api: Api) -> None:
    found = (await api.get("/fhir/$versions")).json()
    assert found["parameter"][0] == {"name": "version", "valueCode": "4.0"}
    plain = await api.get("/fhir/$versions", headers={"Accept": "application/json"})
    assert plain.json() == {"versions": ["4.0"], "default": "4.0"}


async def test_operations_run_in_a_batch(both: Api) -> None:
    await both.update(PATIENT)
    entries = [
        {"request": {"method": "GET", "url": "Patient/p1/$meta"}},
        {"request": {"method": "POST", "url": "Patient/p1/$meta-add"}, "resource": META},
        {"request": {"method": "POST", "url": "$versions"}},
        {"request": {"method": "GET", "url": "Patient/p1/$nothing"}},
    ]
    answer = (await both.bundle("batch", *entries)).json()
    assert [e["response"]["status"][:3] for e in answer["entry"]] == ["200", "200", "200", "404"]


async def test_metadata_lists_operations_where_they_work(api: Api) -> None:
    rest = (await api.get("/fhir/metadata")).json()["rest"][0]
    system = {o["name"] for o in rest["operation"]}
    assert {"meta", "versions"} <= system
    assert "meta-add" not in system
    patient = next(r for r in rest["resource"] if r["type"] == "Patient")
    names = [o["name"] for o in patient["operation"]]
    assert {"meta", "meta-add", "meta-delete", "referral-history"} <= set(names)
    assert len(names) == len(set(names))
