"""Folders of a hospital with CodeSystem, ValueSet and ConceptMap files."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from fhir_server.model.json import encode
from fhir_server.settings import Settings
from tests.http.conftest import Api, open_api
from tests.http.terms import (
    CODE_SYSTEM,
    CONCEPT_MAP,
    MAP,
    SET,
    SYSTEM,
    VALUE_SET,
    call,
    codes,
    values,
)


@pytest.fixture
async def here(tmp_path: Path, anyio_backend: str) -> AsyncIterator[Api]:
    folder = tmp_path / "ours"
    for resource in (CODE_SYSTEM, VALUE_SET, CONCEPT_MAP):
        place = folder / resource["resourceType"]
        place.mkdir(parents=True)
        (place / f"{resource['id']}.json").write_bytes(encode(resource))
    (folder / "CodeSystem" / "broken.json").write_text("{", "utf-8")
    (folder / "CodeSystem" / "wrong.json").write_bytes(encode({**CODE_SYSTEM, "id": "x", "y": 1}))
    (folder / "ValueSet" / "nameless.json").write_text('{"resourceType": "ValueSet"}', "utf-8")
    settings = Settings(
        store=f"sqlite:{tmp_path / 'fhir.db'}", terminology=f"{folder}, {tmp_path / 'none'}"
    )
    async for client in open_api(settings.model_copy(update={"publish": "all"})):
        yield client


async def test_what_is_in_a_folder_serves_and_a_broken_file_hinders_nothing(here: Api) -> None:
    assert "I10" in codes(await call(here, "ValueSet/$expand", url=SET))
    found = values(await call(here, "CodeSystem/$lookup", system=SYSTEM, code="I10"))
    assert found["display"] == "原发性高血压"
    translated = await call(here, "ConceptMap/$translate", url=MAP, system=SYSTEM, code="I10")
    assert values(translated)["result"] is True


async def test_it_is_in_the_store_too(here: Api) -> None:
    assert await here.ids(f"CodeSystem?url={SYSTEM}") == ["disease"]
    assert (await here.get("/fhir/CodeSystem/x")).status_code == 404  # not sound
