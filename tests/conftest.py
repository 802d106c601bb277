"""Shared by all tests. Databases start when the first test asks for one."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.stores import Mongo, replica_set, standalone


@pytest.fixture(scope="session")
def anyio_backend() -> str:
    return "asyncio"


@pytest.fixture(scope="session")
def mongo(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Mongo]:
    """A replica set of one node."""
    with replica_set(tmp_path_factory.mktemp("mongo")) as server:
        yield server


@pytest.fixture(scope="session")
def mongo_standalone(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Mongo]:
    with standalone(tmp_path_factory.mktemp("standalone")) as server:
        yield server
