"""Code systems of the embedded file, over HTTP: loaded once, used everywhere."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest

from fhir_server.settings import Settings
from fhir_server.terminology.file import load, remove
from fhir_server.terminology.loaders import KINDS, Options
from tests.http.conftest import FHIR, Api, code_of, open_api
from tests.http.terms import call, codes, parts, values
from tests.terminology.icd_sample import CLINICAL, clinical, write_csv

Json = dict[str, Any]
ICD = "urn:oid:2.16.156.10011.2.3.3.11"
SET = "http://x.org/vs/icd"
VALUE_SET: Json = {
    "resourceType": "ValueSet", "id": "icd", "url": SET, "status": "active",
    "compose": {"include": [{"system": ICD, "filter": [
        {"property": "concept", "op": "is-a", "value": "I00-I99"}]}]},
}  # fmt: skip
PROFILE: Json = {
    "resourceType": "StructureDefinition", "id": "coded", "url": "http://x.org/coded",
    "name": "Coded", "status": "active", "kind": "resource", "abstract": False,
    "type": "Condition", "derivation": "constraint",
    "baseDefinition": "http://hl7.org/fhir/StructureDefinition/Condition",
    "differential": {"element": [
        {"id": "Condition.code", "path": "Condition.code", "min": 1,
         "binding": {"strength": "required", "valueSet": SET}}]},
}  # fmt: skip


@pytest.fixture
async def here(tmp_path: Path, anyio_backend: str) -> AsyncIterator[Api]:
    settings = Settings(
        store=f"sqlite:{tmp_path / 'fhir.db'}", terminology_file=str(tmp_path / "terms.db")
    )
    async for client in open_api(settings):
        yield client


def bring(tmp_path: Path, count: int = 200) -> None:
    """Another process loads while the server runs."""
    table = tmp_path / "icd.csv"
    write_csv(table, CLINICAL, clinical(count))
    source = KINDS["icd10-clinical"].read([table], Options())
    load(tmp_path / "terms.db", source.header, source.rows, grace=0)


async def test_what_is_loaded_is_of_use_at_once(here: Api, tmp_path: Path) -> None:
    lookup = {"system": ICD, "code": "I10.x00"}
    before = await call(here, "CodeSystem/$lookup", **lookup)
    assert (before.status_code, code_of(before)) == (422, "code-system-unknown")
    bring(tmp_path)
    after = await call(here, "CodeSystem/$lookup", **lookup)
    assert values(after)["display"] == "原发性高血压"
    assert [p["value"] for p in parts(after, "property") if p["code"] == "parent"] == ["I10.x"]
    remove(tmp_path / "terms.db", ICD, grace=0)
    gone = await call(here, "CodeSystem/$lookup", **lookup)
    assert code_of(gone) == "code-system-unknown"


async def test_every_operation_on_it(here: Api, tmp_path: Path) -> None:
    bring(tmp_path)
    assert (await here.update(VALUE_SET)).status_code == 201
    whole = f"{ICD}?fhir_vs"
    for typed in ("原发性高血压", "yuanfaxinggaoxueya", "yfxgxy", "i10.x00"):
        found = codes(await call(here, "ValueSet/$expand", url=whole, filter=typed))
        assert "I10.x00" in found, typed
    page = await call(here, "ValueSet/$expand", url=whole, offset=190, count=20)
    assert page.json()["expansion"]["total"] == 200
    assert len(codes(page)) == 10
    assert codes(await call(here, "ValueSet/icd/$expand")) == ["I10.x00", "I10.x00x002"]
    isa = await call(here, "ValueSet/$expand", url=f"{whole}=isa/I10")
    assert codes(isa) == ["I10.x00", "I10.x00x002"]
    path = "ValueSet/icd/$validate-code"
    assert values(await call(here, path, system=ICD, code="I10.x00"))["result"] is True
    assert values(await call(here, path, system=ICD, code="i10.X00"))["result"] is True
    assert values(await call(here, path, system=ICD, code="A17.000"))["result"] is False
    assert values(await call(here, path, system=ICD, code="I10"))["result"] is False
    related = await call(
        here, "CodeSystem/$subsumes", system=ICD, codeA="I10.x00", codeB="I10.x00x002"
    )
    assert values(related) == {"outcome": "subsumes"}
    group = await call(here, "CodeSystem/$subsumes", system=ICD, codeA="I10", codeB="I10.x00")
    assert values(group) == {"outcome": "subsumes"}  # I10 is no row of the table
    wrong = values(await call(here, "CodeSystem/$validate-code", url=ICD, code="Q99.999"))
    assert wrong["result"] is False
    found = (await here.get("/fhir/metadata?mode=terminology")).json()
    assert {"uri": ICD, "version": [{"code": "2.0", "isDefault": True}], "subsumption": True} in (
        found["codeSystem"]
    )


async def test_a_search_goes_by_it(here: Api, tmp_path: Path) -> None:
    bring(tmp_path)
    assert (await here.update(VALUE_SET)).status_code == 201
    for id, code in (("c1", "I10.x00x002"), ("c2", "A17.000")):
        condition = {"resourceType": "Condition", "id": id, "subject": {"reference": "Patient/p"},
                     "code": {"coding": [{"system": ICD, "code": code}]}}  # fmt: skip
        assert (await here.update(condition)).status_code == 201
    assert await here.ids(f"Condition?code:below={ICD}|I10") == ["c1"]
    assert await here.ids(f"Condition?code:in={SET}") == ["c1"]
    assert await here.ids(f"Condition?code:not-in={SET}") == ["c2"]


async def test_a_required_binding_is_truly_checked_once_it_is_loaded(
    here: Api, tmp_path: Path
) -> None:
    for resource in (VALUE_SET, PROFILE):
        assert (await here.update(resource)).status_code == 201, resource["id"]

    async def errors(code: str) -> list[str]:
        condition = {"resourceType": "Condition", "subject": {"reference": "Patient/p"},
                     "meta": {"profile": ["http://x.org/coded"]},
                     "code": {"coding": [{"system": ICD, "code": code}]}}  # fmt: skip
        answer = await here.post("/fhir/Condition/$validate", json=condition, headers=FHIR)
        return [
            each["details"]["coding"][0]["code"]
            for each in answer.json()["issue"]
            if each["severity"] == "error"
        ]

    assert await errors("Q99.999") == []  # nothing here knows
    bring(tmp_path)
    assert await errors("I10.x00") == []
    assert "valid-required-code" in await errors("A17.000")  # a code, but not of the value set
    assert "valid-unknown-code" in await errors("Q99.999")


async def test_a_broken_file_is_said_and_refuses_no_write(here: Api, tmp_path: Path) -> None:
    (tmp_path / "terms.db").write_bytes(b"no database, and longer than a header of one" * 50)
    answer = await call(here, "CodeSystem/$lookup", system=ICD, code="I10.x00")
    assert (answer.status_code, code_of(answer)) == (503, "terminology-file")
    condition = {"resourceType": "Condition", "subject": {"reference": "Patient/p"},
                 "code": {"coding": [{"system": ICD, "code": "I10.x00"}]}}  # fmt: skip
    checked = await here.post("/fhir/Condition/$validate", json=condition, headers=FHIR)
    assert checked.status_code == 200
    created = await here.create(condition)
    assert created.status_code == 201, created.text
