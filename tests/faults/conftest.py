"""A store of its own for each test or module, as the address that a server process is given."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.processes import Server
from tests.stores import Mongo, new_database

STORES = ["sqlite", "mongodb"]


@contextmanager
def own_store(kind: str, request: pytest.FixtureRequest, folder: Path) -> Iterator[str]:
    if kind == "sqlite":
        yield f"sqlite:{folder / 'fhir.db'}"
        return
    server: Mongo = request.getfixturevalue("mongo")
    database = new_database()
    yield server.address(database)
    server.drop(database)


@pytest.fixture(params=STORES)
def store(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """Each store in turn."""
    with own_store(request.param, request, tmp_path) as address:
        yield address


@pytest.fixture(scope="module", params=[f"{store}-{count}" for store in STORES for count in "12"])
def crowded(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Server]:
    """A running server on each store, with one and with two worker processes."""
    kind, _, workers = request.param.partition("-")
    folder = tmp_path_factory.mktemp("crowded")
    with (
        own_store(kind, request, folder) as address,
        Server(store=address, FHIR_SERVER_WORKERS=workers) as server,
    ):
        yield server
