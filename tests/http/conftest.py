"""The application in this process, on a store of its own for each test."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from typing import Any

import httpx2
import pytest

from fhir_server.app import create_app
from fhir_server.settings import Settings
from tests.stores import Mongo, new_database

Json = dict[str, Any]
FHIR = {"content-type": "application/fhir+json"}


class Api(httpx2.AsyncClient):
    """A client with the few shapes that most tests need."""

    async def create(self, resource: Json, **headers: str) -> httpx2.Response:
        return await self.post(
            f"/fhir/{resource['resourceType']}", json=resource, headers={**FHIR, **headers}
        )

    async def update(self, resource: Json, **headers: str) -> httpx2.Response:
        path = f"/fhir/{resource['resourceType']}/{resource['id']}"
        return await self.put(path, json=resource, headers={**FHIR, **headers})

    async def bundle(self, kind: str, *entries: Json, **headers: str) -> httpx2.Response:
        body = {"resourceType": "Bundle", "type": kind, "entry": list(entries)}
        return await self.post("/fhir", json=body, headers={**FHIR, **headers})

    async def ids(self, query: str) -> list[str]:
        """The ids of the matches of a search, in order."""
        answer = await self.get(f"/fhir/{query}")
        assert answer.status_code == 200, answer.text
        entries = answer.json().get("entry", [])
        return [e["resource"]["id"] for e in entries if e["search"]["mode"] == "match"]


async def open_api(settings: Settings) -> AsyncIterator[Api]:
    """Without invariants and profiles unless asked for: most tests write the least that shows
    what they are about. On MongoDB the terminology is published where a test asks for it: that
    takes SecantusDB a second and more."""
    given = settings.model_fields_set
    if "validation" not in given:
        settings = settings.model_copy(update={"validation": "structure"})
    if "publish" not in given and settings.store.startswith("mongodb"):
        settings = settings.model_copy(update={"publish": "operations"})
    app = create_app(settings)
    transport = httpx2.ASGITransport(app=app)
    async with (
        app.router.lifespan_context(app),
        Api(transport=transport, base_url="http://test") as client,
    ):
        yield client


@pytest.fixture
async def api(tmp_path: Path, anyio_backend: str) -> AsyncIterator[Api]:
    """On SQLite."""
    async for client in open_api(Settings(store=f"sqlite:{tmp_path / 'fhir.db'}")):
        yield client


@pytest.fixture(params=["sqlite", "mongodb"])
def each_store(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Settings]:
    """The settings of a server on each store."""
    if request.param == "sqlite":
        yield Settings(store=f"sqlite:{tmp_path / 'fhir.db'}")
        return
    server: Mongo = request.getfixturevalue("mongo")
    database = new_database()
    yield Settings(store=server.address(database))
    server.drop(database)


@pytest.fixture
async def both(each_store: Settings, anyio_backend: str) -> AsyncIterator[Api]:
    """On each store."""
    async for client in open_api(each_store):
        yield client


def code_of(answer: httpx2.Response) -> str:
    """Our error code in an OperationOutcome."""
    body = answer.json()
    assert body["resourceType"] == "OperationOutcome", body
    found: str = body["issue"][0]["details"]["coding"][0]["code"]
    return found
