"""`store` is every store in turn, open and empty."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from fhir_server.storage.base import Store
from fhir_server.storage.mongodb import MongoStore
from fhir_server.storage.sqlite import SqliteStore
from tests.stores import Mongo, new_database

STORES = ("sqlite", "mongodb-pymongo", "mongodb-motor")


@pytest.fixture(params=STORES)
async def store(
    request: pytest.FixtureRequest, tmp_path: Path, anyio_backend: str
) -> AsyncIterator[Store]:
    if request.param == "sqlite":
        found: Store = SqliteStore(str(tmp_path / "fhir.db"))
        await found.open()
        yield found
        await found.close()
        return
    mongo: Mongo = request.getfixturevalue("mongo")
    database = new_database()
    found = MongoStore(mongo.uri, database=database, driver=request.param.partition("-")[2])
    await found.open()
    yield found
    await found.close()
    mongo.drop(database)
