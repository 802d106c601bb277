"""Another process writes to the file: what the store does meanwhile."""

from __future__ import annotations

import asyncio
import sqlite3
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from pathlib import Path

import pytest

from fhir_server.errors import FhirError
from fhir_server.storage.sqlite import SqliteStore

from .changes import change


@asynccontextmanager
async def opened(path: Path, busy_seconds: float) -> AsyncIterator[SqliteStore]:
    store = SqliteStore(str(path), busy_seconds=busy_seconds)
    await store.open()
    try:
        yield store
    finally:
        await store.close()


@contextmanager
def locked(path: Path) -> Iterator[sqlite3.Connection]:
    """As if another process were in the middle of a write."""
    other = sqlite3.connect(path, isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    try:
        yield other
    finally:
        other.close()


async def test_a_write_waits_for_another_process_and_reads_go_on(tmp_path: Path) -> None:
    async with opened(tmp_path / "a.db", 30) as store:
        await store.write([change("p1")])
        with locked(tmp_path / "a.db") as other:
            waiting = [asyncio.create_task(store.write([change(f"w{i}")])) for i in range(5)]
            for _ in range(20):
                assert await store.current("Patient", "p1") is not None
                await asyncio.sleep(0.005)
            assert not any(each.done() for each in waiting)
            other.execute("COMMIT")
            await asyncio.gather(*waiting)
        for i in range(5):
            assert await store.current("Patient", f"w{i}") is not None


async def test_after_too_long_a_wait_the_write_fails_and_the_next_succeeds(tmp_path: Path) -> None:
    async with opened(tmp_path / "a.db", 0.05) as store:
        with locked(tmp_path / "a.db"):
            with pytest.raises(FhirError) as failure:
                await store.write([change("p1")])
            assert failure.value.code == "store-down"
        assert await store.current("Patient", "p1") is None
        await store.write([change("p1")])
        assert await store.current("Patient", "p1") is not None


async def test_what_waits_is_written_before_the_store_closes(tmp_path: Path) -> None:
    async with opened(tmp_path / "a.db", 30) as store:
        waiting = [asyncio.create_task(store.write([change(f"p{i}")])) for i in range(9)]
        await asyncio.sleep(0)
    await asyncio.gather(*waiting)
    async with opened(tmp_path / "a.db", 30) as store:
        for i in range(9):
            assert await store.current("Patient", f"p{i}") is not None
