"""$document and $referral-package."""

from __future__ import annotations

from typing import Any

from fhir_server.model.references import parse_reference
from tests.http.conftest import FHIR, Api, code_of
from tests.http.test_everything import REFERRAL, load, ref, resource

Json = dict[str, Any]


def names(bundle: Json) -> list[str]:
    return [e["resource"]["id"] for e in bundle["entry"]]


def check_document(bundle: Json) -> None:
    """Spec: http://hl7.org/fhir/R4/bundle.html, bdl-9, bdl-10, bdl-11, bdl-7"""
    assert bundle["type"] == "document"
    assert bundle["identifier"]["system"]
    assert bundle["identifier"]["value"]
    assert bundle["timestamp"]
    assert bundle["entry"][0]["resource"]["resourceType"] == "Composition"
    urls = [e["fullUrl"] for e in bundle["entry"]]
    assert len(urls) == len(set(urls))
    for each in bundle["entry"]:
        found = each["resource"]
        assert each["fullUrl"] == f"http://test/fhir/{found['resourceType']}/{found['id']}"


async def test_document(both: Api) -> None:
    await load(both)
    bundle = (await both.get("/fhir/Composition/doc/$document")).json()
    check_document(bundle)
    expected = ["doc", "p1", "role", "county", "d1", "group", "sign"]
    assert sorted(names(bundle)) == sorted(expected)
    assert names(bundle)[0] == "doc"
    again = (await both.get("/fhir/Composition/$document?id=doc")).json()
    assert names(again) == names(bundle)
    assert again["identifier"] != bundle["identifier"]


async def test_document_is_kept_where_asked(both: Api) -> None:
    await load(both)
    answer = await both.get("/fhir/Composition/doc/$document?persist=true")
    place = answer.headers["location"]
    kept = (await both.get(place)).json()
    assert kept["identifier"] == answer.json()["identifier"]
    assert kept["id"] == answer.json()["id"]
    body = {"resourceType": "Parameters",
            "parameter": [{"name": "persist", "valueBoolean": False}]}  # fmt: skip
    loose = await both.post("/fhir/Composition/doc/$document", json=body, headers=FHIR)
    assert "location" not in loose.headers


async def test_document_takes_the_version_a_reference_names(api: Api) -> None:
    await load(api)
    await api.update(resource("Patient", "p1", gender="female"))
    doc = resource(
        "Composition", "v", status="final", type={"text": "x"}, date="2026", title="x",
        subject=ref("Patient/p1/_history/1"), author=[ref("Practitioner/d1")],
    )  # fmt: skip
    await api.update(doc)
    bundle = (await api.get("/fhir/Composition/v/$document")).json()
    assert bundle["entry"][1]["resource"]["meta"]["versionId"] == "1"


async def test_document_refusals(api: Api) -> None:
    await load(api)
    lost = resource(
        "Composition", "lost", status="final", type={"text": "x"}, date="2026", title="x",
        subject=ref("Patient/nowhere"), author=[ref("Practitioner/d1")],
    )  # fmt: skip
    await api.update(lost)
    for path, status, code in (
        ("Composition/$document", 400, "parameter-missing"),
        ("Composition/$document?id=a%20b", 400, "parameter-value"),
        ("Composition/doc/$document?id=doc", 400, "parameter-unknown"),
        ("Composition/doc/$document?graph=http://x", 400, "parameter-unknown"),
        ("Composition/none/$document", 404, "read-unknown"),
        ("Composition/lost/$document", 422, "document-missing"),
        ("ServiceRequest/none/$referral-package", 404, "read-unknown"),
    ):
        answer = await api.get(f"/fhir/{path}")
        assert (answer.status_code, code_of(answer)) == (status, code), path


PACKAGE = "/fhir/ServiceRequest/up/$referral-package"


async def test_package_holds_the_referral_with_its_versions(both: Api) -> None:
    await load(both)
    bundle = (await both.get(PACKAGE)).json()
    check_document(bundle)
    assert set(names(bundle)[1:]) == REFERRAL | {"p1", "county", "group", "role", "d1"}
    held = {(e["resource"]["resourceType"], e["resource"]["id"]): e["resource"]["meta"]["versionId"]
            for e in bundle["entry"][1:]}  # fmt: skip
    composition = bundle["entry"][0]["resource"]
    listed = [parse_reference(r["reference"]) for s in composition["section"] for r in s["entry"]]
    assert {(t.type, t.id): t.version for t in listed if t} == held
    stored = await both.post("/fhir/Bundle", json=bundle, headers=FHIR)
    assert stored.status_code == 201, stored.text


async def test_package_of_a_pin_is_the_same_to_the_byte(both: Api) -> None:
    await load(both)
    first = await both.get(PACKAGE)
    pinned = first.json()["link"][0]["url"]
    task = (await both.get("/fhir/Task/t1")).json()
    await both.update({**task, "status": "completed"})
    await both.delete("/fhir/Communication/say")
    await both.update(resource("Task", "t3", status="draft", intent="order",
                               focus=ref("ServiceRequest/up")))  # fmt: skip
    for _ in range(2):
        assert (await both.get(pinned)).content == first.content
    newer = (await both.get(PACKAGE)).json()
    assert set(names(newer)[1:]) >= {"t1", "t3"}
    assert "say" not in names(newer)
    kept = await both.get(pinned + "&persist=true")
    assert kept.content == first.content
    again = await both.get(pinned + "&persist=true")
    assert kept.headers["location"] == again.headers["location"]
    assert (await both.get(kept.headers["location"])).json()["entry"] == first.json()["entry"]


async def test_a_pin_opens_nothing_else(api: Api) -> None:
    from fhir_server.operations.referral_package import Pin

    await load(api)
    pin = Pin.read((await api.get(PACKAGE)).json()["link"][0]["url"].partition("pin=")[2])
    rows = list(pin.rows)
    forged = [
        [],
        [*rows, ("Patient", "p2", 1)],  # not connected with the referral
        rows[1:],
        [("ServiceRequest", "apart", 1)],
        [*rows, rows[0]],
        [*rows, ("Nothing", "x", 1)],
        [*rows, ("Patient", "p1/x", 1)],
    ]
    for each in forged:
        text = Pin.of(pin.moment, [_Row(*row) for row in each]).text  # type: ignore[misc]
        answer = await api.get(PACKAGE, params={"pin": text})
        assert (answer.status_code, code_of(answer)) == (400, "package-pin"), each
    for text in ("x", "eJw", "AAAA", "é", Pin.of(2**70, []).text):
        answer = await api.get(PACKAGE, params={"pin": text})
        assert (answer.status_code, code_of(answer)) == (400, "package-pin"), text
    gone = Pin.of(pin.moment, [_Row(*rows[0]), _Row("Task", "t1", 9)]).text  # type: ignore[list-item]
    answer = await api.get(PACKAGE, params={"pin": gone})
    assert (answer.status_code, code_of(answer)) == (410, "package-gone")


class _Row:
    def __init__(self, resource_type: str, id: str, version: int) -> None:
        self.resource_type, self.id, self.version = resource_type, id, version
