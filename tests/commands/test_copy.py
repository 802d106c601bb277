"""`fhir-server copy` as a process, also killed in the middle."""

from __future__ import annotations

import asyncio
import signal
import subprocess
import sys
import time
from collections.abc import Awaitable, Callable, Iterator
from pathlib import Path
from typing import TypeVar

import pytest

from fhir_server.backends import build_store
from fhir_server.commands.client import Client
from fhir_server.commands.copying import NOTE, compare_all, count, name_of
from fhir_server.settings import Settings
from fhir_server.storage.base import Json, Store
from tests.commands.calling import call
from tests.commands.test_cli import run
from tests.contract.changes import change, deletion, put
from tests.processes import Server
from tests.stores import Mongo, new_database

pytestmark = pytest.mark.xdist_group("commands")
TOTAL = 1608  # versions of a store filled with 1,200
T = TypeVar("T")


def on(address: str, work: Callable[[Store], Awaitable[T]]) -> T:
    async def opened() -> T:
        store = build_store(Settings(store=address))
        await store.open()
        try:
            return await work(store)
        finally:
            await store.close()

    return asyncio.run(opened())


async def same(one: Store, other: str) -> str:
    target = build_store(Settings(store=other))
    await target.open()
    try:
        return await compare_all(one, target, lambda _: None)
    finally:
        await target.close()


async def fill(store: Store, referrals: int) -> None:
    """Versions, deletions, a purged history and decimals, over two types."""
    await put(store, change("gone"), deletion("gone", 2), change("old"), change("old", 2))
    await store.purge("Patient", "old", history_only=True)
    await put(
        store, change("twice"), deletion("twice", 2), change("twice", 3, name=[{"text": "王"}])
    )
    names = [f"t{n:05}" for n in range(referrals)]
    for start in range(0, referrals, 200):
        some = names[start : start + 200]
        await store.write([change(id, type="Task", status="draft") for id in some])
        await store.write([change(id, 2, type="Task", status="requested") for id in some[::3]])


@pytest.fixture(scope="module")
def source(tmp_path_factory: pytest.TempPathFactory) -> str:
    address = f"sqlite:{tmp_path_factory.mktemp('copy') / 'source.db'}"
    on(address, lambda store: fill(store, 1200))
    return address


@pytest.fixture
def database(mongo: Mongo) -> Iterator[str]:
    name = new_database()
    yield mongo.uri.replace("/?", f"/{name}?")
    mongo.drop(name)


def test_to_mongodb_and_back(database: str, tmp_path: Path) -> None:
    first, last = f"sqlite:{tmp_path / 'first.db'}", f"sqlite:{tmp_path / 'last.db'}"
    on(first, lambda store: fill(store, 40))
    there = call("copy", first, database, "--compare")
    assert there.returncode == 0, there.stderr
    assert "agree" in there.stdout
    back = call("copy", database, last, "--compare")
    assert back.returncode == 0, back.stderr
    assert on(first, lambda store: same(store, last)) == ""
    with Server(store=last) as server, Client(server.fhir) as client:
        _, found = client.send("GET", "Task?status=requested&_total=accurate&_count=1")
        assert found["total"] == 14, "index entries are there"
        assert client.send("GET", "Patient/gone")[0] == 410
        _, history = client.send("GET", "Patient/twice/_history")
        assert len(history["entry"]) == 3


@pytest.mark.parametrize("kind", ["sqlite", "mongodb"])
def test_killed_in_the_middle_it_goes_on(
    kind: str, source: str, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    target = f"sqlite:{tmp_path / 'target.db'}"
    if kind == "mongodb":
        target = request.getfixturevalue("database")
    command = [sys.executable, "-m", "fhir_server.cli", "copy", source, target]
    command += ["--page", "10" if kind == "sqlite" else "50"]
    kills, read = 0, 0
    while kills < 2:
        with subprocess.Popen(command, stderr=subprocess.DEVNULL, stdout=subprocess.DEVNULL) as it:
            deadline = time.monotonic() + 120
            while it.poll() is None and progress(target) <= read:
                assert time.monotonic() < deadline
                time.sleep(0.02)
            if it.poll() is not None:
                break
            it.send_signal(signal.SIGKILL)
        kills, before, read = kills + 1, read, progress(target)
        assert read > before
        assert kills > 1 or 0 < read < TOTAL, "killed in the middle"
    assert kills, "it was killed at least once"
    last = run("copy", source, target, "--compare")
    assert last.returncode == 0, last.stderr
    total = on(source, count)
    assert on(target, count) == total == TOTAL
    again = run("copy", source, target)
    assert again.returncode == 0, again.stderr
    assert on(target, count) == total, "copied twice, nothing is there twice"


def progress(target: str) -> int:
    """Versions that the copy says it has read."""
    if target.startswith("sqlite:") and not Path(target.removeprefix("sqlite:")).exists():
        return 0
    try:
        note: Json | None = on(target, lambda store: store.note(NOTE))
    except Exception:
        return 0
    return int(note["read"]) if note else 0


def test_what_came_since_is_copied_by_the_next_run(tmp_path: Path) -> None:
    source, target = f"sqlite:{tmp_path / 'a.db'}", f"sqlite:{tmp_path / 'b.db'}"
    on(source, lambda store: put(store, change("a"), change("b")))
    assert call("copy", source, target).returncode == 0
    on(source, lambda store: put(store, change("a", 2), deletion("b", 2), change("c")))
    assert call("copy", source, target, "--compare").returncode == 0
    assert on(target, count) == 5


def test_a_copy_of_a_source_that_is_written_to(tmp_path: Path) -> None:
    """What was being written while it was read is there after the next run at the latest."""
    source, target = f"sqlite:{tmp_path / 'a.db'}", f"sqlite:{tmp_path / 'b.db'}"
    on(source, lambda store: fill(store, 1000))

    async def write(store: Store) -> None:
        late = change("late", type="Task")
        early = change("early", type="Task", updated=late.updated - 30_000_000)
        await put(store, late)
        assert await asyncio.to_thread(call, "copy", source, target)
        await put(store, early)  # visible after the copy passed its time
        assert (await asyncio.to_thread(call, "copy", source, target, "--compare")).returncode == 0

    on(source, write)


def test_refusals(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FHIR_SERVER_MONGODB_TIMEOUT_MS", "300")

    def at(name: str) -> str:
        return f"sqlite:{tmp_path / name}"

    for name in ("a.db", "b.db"):
        on(at(name), lambda store: put(store, change("x"), change("y")))
    missing = call("copy", at("none.db"), at("c.db"))
    assert (missing.returncode, "none.db" in missing.stderr) == (2, True)
    full = call("copy", at("a.db"), at("b.db"))
    assert (full.returncode, "other data" in full.stderr) == (2, True)
    itself = call("copy", at("a.db"), at("a.db"))
    assert (itself.returncode, "the same" in itself.stderr) == (2, True)
    assert call("copy", at("a.db"), at("c.db")).returncode == 0  # the positive control
    other = call("copy", at("b.db"), at("c.db"))
    assert (other.returncode, "another store" in other.stderr) == (2, True)
    on(at("c.db"), lambda store: put(store, change("z")))
    written = call("copy", at("a.db"), at("c.db"))
    assert (written.returncode, "written to" in written.stderr) == (2, True)
    away = run("copy", at("a.db"), "mongodb://127.0.0.1:9/x")
    assert (away.returncode, "Traceback" in away.stderr) == (1, False)


NAMES = [
    ("mongodb://u:secret@b:2,a:1/fhir?replicaSet=x", "mongodb://a:1,b:2/fhir"),
    ("mongodb://a", "mongodb://a/fhir"),
    ("mongodb+srv://u:p@cluster/x", "mongodb://cluster/x"),
]


@pytest.mark.parametrize(("address", "name"), NAMES)
def test_the_name_of_a_source_holds_no_password(address: str, name: str) -> None:
    assert name_of(address) == name
