"""What the product publishes is served, and follows its files."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import Any

import pytest

from fhir_server.exchange import conformance
from fhir_server.model.folders import data_folder
from fhir_server.settings import Settings
from tests.http.conftest import open_api

Json = dict[str, Any]
SEX = "urn:oid:2.16.156.10011.2.3.3.4"
ROUTE = "urn:oid:2.16.156.10011.2.3.1.270"
BASE = "http://referral.consortium.cn/fhir"


async def test_a_code_system_is_found_by_its_url(each_store: Settings) -> None:
    settings = each_store.model_copy(update={"publish": "all"})
    async for api in open_api(settings):
        found = (await api.get("/fhir/CodeSystem", params={"url": SEX})).json()
        assert [e["resource"]["id"] for e in found["entry"]] == ["gbt2261-sex"]
        assert await api.ids(f"CodeSystem?identifier=urn:ietf:rfc:3986|{SEX}") == ["gbt2261-sex"]
        # Two editions of one url, side by side.
        both = await api.ids(f"CodeSystem?url={ROUTE}&_sort=version")
        assert both == ["cv0900403-admission-route", "cv0900403-admission-route-2016"]
        assert await api.ids(f"CodeSystem?url={ROUTE}&version=2016") == both[1:]
        assert await api.ids(f"ValueSet?url={BASE}/ValueSet/referral-criterion") == [
            "referral-criterion"
        ]
        assert await api.ids("CodeSystem?code=A03&_elements=id") == ["clinical-department"]


async def test_operations_alone_when_the_setting_says_so(tmp_path: Path) -> None:
    settings = Settings(store=f"sqlite:{tmp_path / 'fhir.db'}", publish="operations")
    async for api in open_api(settings):
        assert await api.ids("CodeSystem") == []
        assert "patient-purge" in await api.ids("OperationDefinition")


@pytest.fixture
def files(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A hospital's copy of the folders, with two code systems."""
    folder = tmp_path / "product"
    kinds = folder / "terminology" / "CodeSystem"
    kinds.mkdir(parents=True)
    for name in ("gbt2261-sex", "referral-category"):
        shutil.copy(data_folder("terminology") / "CodeSystem" / f"{name}.json", kinds)
    monkeypatch.setattr(conformance, "data_folder", lambda name: folder / name)
    return kinds


async def test_a_file_that_has_changed_is_a_new_version(tmp_path: Path, files: Path) -> None:
    settings = Settings(store=f"sqlite:{tmp_path / 'fhir.db'}")
    path = files / "referral-category.json"

    async def versions() -> dict[str, str]:
        out = {}
        async for api in open_api(settings):
            entries = (await api.get("/fhir/CodeSystem?_count=50")).json()["entry"]
            out = {e["resource"]["id"]: e["resource"]["meta"]["versionId"] for e in entries}
        return out

    first = {"gbt2261-sex": "1", "referral-category": "1"}
    assert await versions() == first
    assert await versions() == first  # nothing has changed
    resource = json.loads(path.read_text("utf-8"))
    resource["concept"].append({"code": "visit", "display": "巡诊"})
    path.write_text(json.dumps(resource), "utf-8")
    assert await versions() == {**first, "referral-category": "2"}


async def test_what_a_client_deleted_is_there_again_after_a_start(
    tmp_path: Path, files: Path
) -> None:
    settings = Settings(store=f"sqlite:{tmp_path / 'fhir.db'}")
    async for api in open_api(settings):
        assert (await api.delete("/fhir/CodeSystem/gbt2261-sex")).status_code == 204
    async for api in open_api(settings):
        found = (await api.get("/fhir/CodeSystem/gbt2261-sex")).json()
        assert found["meta"]["versionId"] == "3"
