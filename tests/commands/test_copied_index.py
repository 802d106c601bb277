"""`fhir-server copy` takes a client's own search parameters along: the copy finds by them at once,
or says that it cannot yet; it never finds only some."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Any

import pytest

from fhir_server.settings import Settings
from tests.commands.calling import call
from tests.http.conftest import Api, code_of, each_store, open_api

__all__ = ["each_store"]  # a fixture
pytestmark = [pytest.mark.anyio, pytest.mark.xdist_group("commands")]
Json = dict[str, Any]
VILLAGE: Json = {
    "resourceType": "SearchParameter", "id": "village", "status": "active", "name": "village",
    "url": "http://example.org/SearchParameter/village", "description": "where a patient lives",
    "code": "village", "base": ["Patient"], "type": "string", "expression": "Patient.address.city",
}  # fmt: skip
QUERY = "Patient?village=青石"


def patient(id: str, city: str = "青石镇", state: str = "白水县") -> Json:
    return {"resourceType": "Patient", "id": id, "address": [{"city": city, "state": state}]}


async def copied(source: str, target: str) -> None:
    done = await asyncio.to_thread(call, "copy", source, target, "--compare")
    assert done.returncode == 0, done.stderr


async def ready(api: Api, query: str = QUERY) -> list[str]:
    """The matches, once the index is made."""
    for _ in range(200):
        answer = await api.get(f"/fhir/{query}")
        if answer.status_code == 200:
            return await api.ids(query)
        assert code_of(answer) == "search-pending"
        await asyncio.sleep(0.05)
    raise AssertionError("it never became ready")


async def test_a_copy_is_searched_by_the_sources_own_parameters(
    tmp_path: Path, each_store: Settings, anyio_backend: str
) -> None:
    source, target = f"sqlite:{tmp_path / 'a.db'}", each_store.store
    async for api in open_api(Settings(store=source)):
        for each in (patient("p1"), VILLAGE, patient("p2"), patient("p3", "红土乡")):
            assert (await api.update(each)).status_code == 201
        assert await ready(api) == ["p1", "p2"]
    await copied(source, target)
    async for api in open_api(Settings(store=target)):
        assert sorted(await api.ids(QUERY)) == ["p1", "p2"], "at once: the entries came along"
    # What came since goes with its entries, too, although a server has run on the copy.
    async for api in open_api(Settings(store=source)):
        await api.update(patient("p4"))
        await api.update(patient("p1", "红土乡"))
    await copied(source, target)
    async for api in open_api(Settings(store=target)):
        assert sorted(await api.ids(QUERY)) == ["p2", "p4"]


async def test_a_parameter_that_changed_between_two_copies_is_indexed_anew(tmp_path: Path) -> None:
    source, target = f"sqlite:{tmp_path / 'a.db'}", f"sqlite:{tmp_path / 'b.db'}"
    async for api in open_api(Settings(store=source)):
        await api.update(patient("p1"))
    await copied(source, target)
    async for api in open_api(Settings(store=source)):
        await api.update(VILLAGE)
        await api.update(patient("p2"))
        assert await ready(api) == ["p1", "p2"]
    await copied(source, target)
    async for api in open_api(Settings(store=target)):
        assert await ready(api) == ["p1", "p2"], "p1 was copied before the parameter came"
    async for api in open_api(Settings(store=source)):
        await api.update({**VILLAGE, "expression": "Patient.address.state"})
        assert await ready(api, "Patient?village=白水") == ["p1", "p2"]
    await copied(source, target)
    async for api in open_api(Settings(store=target)):
        assert await ready(api, "Patient?village=白水") == ["p1", "p2"]
        assert await api.ids(QUERY) == []
