"""Writers that are under way at the same time share their commits."""

from __future__ import annotations

import asyncio

import pytest

from fhir_server.storage.sqlite.writer import MAX_HERE, Job, Writer
from tests.contract.changes import change
from tests.sqlite.conftest import Open

pytestmark = pytest.mark.anyio
ROUNDS = 30


@pytest.fixture
def commits(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """The number of changes of each commit."""
    out: list[int] = []
    commit = Writer._commit

    def counted(self: Writer, jobs: list[Job]) -> None:
        out.append(sum(len(job.changes) for job in jobs))
        commit(self, jobs)

    monkeypatch.setattr(Writer, "_commit", counted)
    return out


async def test_clients_that_came_apart_come_together(open_store: Open, commits: list[int]) -> None:
    """Else each half would wait for the commit of the other, and have one of its own."""
    store = await open_store(texts=None)

    async def client(name: str) -> None:
        for number in range(ROUNDS):
            await store.write([change(f"{name}-{number}")])
            await asyncio.sleep(0)  # the answer goes out, and the next request comes

    early = [asyncio.create_task(client(f"a{n}")) for n in range(4)]
    for _ in range(8):
        await asyncio.sleep(0)  # until their first commit is under way
    late = [asyncio.create_task(client(f"b{n}")) for n in range(4)]
    await asyncio.gather(*early, *late)
    assert sum(commits) == 8 * ROUNDS
    assert len(commits) < 1.5 * ROUNDS


async def test_one_client_need_not_wait_for_others(open_store: Open, commits: list[int]) -> None:
    store = await open_store(texts=None)
    for number in range(ROUNDS):
        await store.write([change(f"a{number}")])
    assert commits == [1] * ROUNDS


async def test_writers_that_keep_coming_hold_no_commit_up(
    open_store: Open, commits: list[int]
) -> None:
    store = await open_store(texts=None)

    async def keep_coming() -> None:
        for number in range(ROUNDS):
            await asyncio.sleep(0)
            writes.append(asyncio.create_task(store.write([change(f"small-{number}")])))

    large = [change(f"large-{n}") for n in range(MAX_HERE)]
    writes = [asyncio.create_task(store.write(large))]
    await keep_coming()
    await asyncio.gather(*writes)
    assert commits[0] < MAX_HERE + ROUNDS
    assert sum(commits) == MAX_HERE + ROUNDS
