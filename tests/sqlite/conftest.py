"""Stores on files of their own, with many small resources."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from pathlib import Path
from typing import Any, TypeAlias

import pytest

from fhir_server.storage.sqlite import SqliteStore
from tests.contract.changes import change, texts_of

Open: TypeAlias = Callable[..., Any]


@pytest.fixture
async def open_store(tmp_path: Path, anyio_backend: str) -> AsyncIterator[Open]:
    """A function that opens a store on the file of this test, with its settings."""
    opened: list[SqliteStore] = []

    async def start(**settings: Any) -> SqliteStore:
        store = SqliteStore(str(tmp_path / "fhir.db"), **{"texts": texts_of, **settings})
        await store.open()
        opened.append(store)
        return store

    yield start
    for each in opened:
        await each.close()


async def fill(store: SqliteStore, count: int, *, type: str = "Observation") -> None:
    """Each has a name that no index can find by its middle, and one of two codes."""
    for start in range(0, count, 1000):
        await store.write(
            [
                change(
                    f"{type[0].lower()}{n}",
                    type=type,
                    index={
                        "string": [("name", f"name {n:06d} of many", f"Name {n:06d} of many")],
                        "token": [("code", "", "odd" if n % 2 else "even")],
                        "date": [("date", n, n + 1)],
                    },
                )
                for n in range(start, min(start + 1000, count))
            ]
        )
