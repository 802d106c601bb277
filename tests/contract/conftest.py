"""`store` is every store in turn, open and empty."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from fhir_server.storage.base import Store
from fhir_server.storage.mongodb import MongoStore
from fhir_server.storage.sqlite import SqliteStore
from tests.contract.changes import texts_of
from tests.stores import Mongo, new_database

STORES = ("sqlite", "mongodb-pymongo", "mongodb-motor")


@asynccontextmanager
async def opened(request: pytest.FixtureRequest, folder: Path) -> AsyncIterator[Store]:
    """The store that the fixture's parameter names."""
    if request.param == "sqlite":
        store: Store = SqliteStore(str(folder / "fhir.db"), texts=texts_of)
        await store.open()
        yield store
        await store.close()
        return
    mongo: Mongo = request.getfixturevalue("mongo")
    database = new_database()
    store = MongoStore(mongo.uri, database=database, driver=request.param.partition("-")[2])
    await store.open()
    yield store
    await store.close()
    mongo.drop(database)


@pytest.fixture(params=STORES)
async def store(
    request: pytest.FixtureRequest, tmp_path: Path, anyio_backend: str
) -> AsyncIterator[Store]:
    async with opened(request, tmp_path) as found:
        yield found
