"""The feed of a file that several processes write: complete, in order, from any moment."""

from __future__ import annotations

import asyncio
import sys
from pathlib import Path

from fhir_server.storage.base import Change, Committed, HistoryPlan
from fhir_server.storage.sqlite import SqliteStore

WRITERS, RESOURCES, VERSIONS = 3, 60, 3
WRITER = """
import asyncio, sys
from fhir_server.model.dates import now
from fhir_server.storage.base import Change
from fhir_server.storage.sqlite import SqliteStore

def version(id, number):
    method = "POST" if number == 1 else "PUT"
    return Change(method, "Patient", id, number, now(), resource={}, body=b"{}", new_id=number == 1)

async def write(store, id):
    for number in range(1, int(sys.argv[4]) + 1):
        await store.write([version(id, number)])

async def main():
    store = SqliteStore(sys.argv[1], busy_seconds=60)
    await store.open()
    for start in range(0, int(sys.argv[3]), 6):
        await asyncio.gather(*(write(store, f"{sys.argv[2]}-{start + n}") for n in range(6)))
    await store.close()

asyncio.run(main())
"""


async def _follow(path: str, start: str, count: int) -> list[Committed]:
    store = SqliteStore(path)
    await store.open()
    out: list[Committed] = []
    feed = store.changes(start)
    while len(out) < count:
        found = await feed.next(60)
        assert found is not None
        out.append(found)
        if len(out) % 50 == 0:  # as after a restart
            feed = store.changes(found.token)
    assert await feed.next(0) is None
    await store.close()
    return out


async def test_no_gap_while_three_processes_write(tmp_path: Path, anyio_backend: str) -> None:
    path = str(tmp_path / "fhir.db")
    store = SqliteStore(path)
    await store.open()
    async with store.changes() as feed:
        start = feed.token
    await store.write([Change("PUT", "Patient", "first", 1, 1, resource={}, body=b"{}")])
    sizes = [str(RESOURCES), str(VERSIONS)]
    writers = [
        await asyncio.create_subprocess_exec(sys.executable, "-c", WRITER, path, f"w{n}", *sizes)
        for n in range(WRITERS)
    ]
    total = WRITERS * RESOURCES * VERSIONS + 1
    # Two that read while it is written.
    found, again = await asyncio.gather(*(_follow(path, start, total) for _ in range(2)))
    assert [await each.wait() for each in writers] == [0] * WRITERS
    assert found == again
    names = [(each.id, each.version) for each in found]
    assert len(set(names)) == total
    for id, version in names:
        if version > 1:
            assert names.index((id, version - 1)) < names.index((id, version))
    page = await store.history(HistoryPlan(limit=0))
    assert page.total == total
    await store.close()
