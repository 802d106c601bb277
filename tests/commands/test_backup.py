"""`fhir-server backup` and `fhir-server export` beside a server that writes."""

from __future__ import annotations

import json
import sqlite3
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from fhir_server.commands.client import Client
from fhir_server.storage.sqlite import backup
from tests.commands.calling import call
from tests.commands.test_changes import lines
from tests.commands.test_cli import run
from tests.commands.test_copy import count, on
from tests.contract.changes import change, deletion, put
from tests.processes import Server
from tests.stores import Mongo, new_database

pytestmark = pytest.mark.xdist_group("commands")


def test_a_backup_while_others_write(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """It ends, and holds the state of one moment: a batch is there whole or not at all."""
    store, target = tmp_path / "fhir.db", tmp_path / "copy.db"
    on(f"sqlite:{store}", lambda found: put(found, change("first", text={"div": "x" * 200_000})))
    monkeypatch.setattr(backup, "PAGES", 1)  # the slowest copy there is
    over, batches = threading.Event(), [0]

    async def write(found: Any) -> None:
        while not over.is_set():
            number = batches[0]
            await found.write([change(f"a{number}"), change(f"b{number}")])
            batches[0] += 1

    writer = threading.Thread(target=on, args=(f"sqlite:{store}", write))
    writer.start()
    during: list[int] = []

    def progress(*_: object) -> None:
        during.append(batches[0])
        time.sleep(0.001)  # on a busy machine the writer would not come to run

    try:
        while batches[0] < 3:
            pass
        size = backup.back_up(store, target, progress)
    finally:
        over.set()
        writer.join()
    assert during[-1] > during[0], "writers went on meanwhile"
    assert size == target.stat().st_size
    assert [each.name for each in tmp_path.glob("copy.db*")] == ["copy.db"]
    with sqlite3.connect(target) as db:
        ids = {row[0] for row in db.execute("SELECT id FROM resource")} - {"first"}
    db.close()
    whole = len(ids) // 2
    assert 3 <= whole <= during[0] + 1
    assert ids == {f"{name}{number}" for number in range(whole) for name in "ab"}


def test_backup_and_restore(tmp_path: Path) -> None:
    """As docs/deploy.md says, with a server that runs, and a consumer of the feed."""
    store, copies = tmp_path / "fhir.db", tmp_path / "copies"
    copies.mkdir()
    address = f"sqlite:{store}"
    patient = {"resourceType": "Patient", "id": "a"}
    with Server(store=address) as server, Client(server.fhir) as client:
        assert client.send("PUT", "Patient/a", patient)[0] == 201
        made = call("backup", copies, "--store", address)
        assert made.returncode == 0, made.stderr
        assert client.send("DELETE", "Patient/a")[0] in (200, 204)
    token = call("changes", "--now", "--store", address).stdout.strip()
    (copy,) = copies.iterdir()
    assert str(copy) == made.stdout.strip()
    for beside in (tmp_path / "fhir.db-wal", tmp_path / "fhir.db-shm"):
        beside.unlink(missing_ok=True)
    store.write_bytes(copy.read_bytes())
    with Server(store=address) as server, Client(server.fhir) as client:
        assert client.send("GET", "Patient/a")[0] == 200
        for _ in range(5):
            assert client.send("POST", "Patient", {"resourceType": "Patient"})[0] == 201
    refused = call("changes", "--no-follow", "--after", token, "--store", address)
    assert (refused.returncode, "read everything again" in refused.stderr) == (1, True)


def test_wrong_backups(tmp_path: Path) -> None:
    store = tmp_path / "fhir.db"
    on(f"sqlite:{store}", lambda found: put(found, change("a")))
    there = call("backup", store, "--store", f"sqlite:{store}")
    assert (there.returncode, "already" in there.stderr) == (2, True)
    mongo = call("backup", tmp_path / "x", "--store", "mongodb://a/b")
    assert (mongo.returncode, "mongodump" in mongo.stderr) == (2, True)
    nowhere = call("backup", tmp_path / "no" / "x.db", "--store", f"sqlite:{store}")
    assert (nowhere.returncode, "Traceback" in nowhere.stderr) == (1, False)
    damaged = tmp_path / "damaged.db"
    content = bytearray(store.read_bytes())
    for page in range(2, len(content) // 4096):
        content[page * 4096 : page * 4096 + 64] = b"\xff" * 64
    damaged.write_bytes(content)
    found = call("backup", tmp_path / "y.db", "--store", f"sqlite:{damaged}")
    assert found.returncode == 1
    assert not list(tmp_path.glob("y.db*")), "no copy that looks like one"
    assert call("backup", tmp_path / "z.db", "--store", f"sqlite:{store}").returncode == 0


@pytest.fixture(params=["sqlite", "mongodb"])
def address(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    if request.param == "sqlite":
        yield f"sqlite:{tmp_path / 'fhir.db'}"
        return
    mongo: Mongo = request.getfixturevalue("mongo")
    database = new_database()
    yield mongo.uri.replace("/?", f"/{database}?")
    mongo.drop(database)


def test_export_and_load(address: str, tmp_path: Path) -> None:
    """What is exported can be loaded; the feed goes on from there."""
    patients = [change(f"p{number:04}", active=True) for number in range(700)]
    on(address, lambda store: store.write(patients))
    on(address, lambda store: put(store, change("x"), deletion("x", 2), change("p0000", 2)))
    on(address, lambda store: put(store, change("t", type="Task", status="draft", intent="order")))
    out = tmp_path / "out"
    done = call("export", out, "--store", address)
    assert done.returncode == 0, done.stderr
    assert done.stdout.splitlines() == ["Patient 700", "Task 1"]
    manifest = json.loads((out / "export.json").read_text())
    assert {each["type"]: each["count"] for each in manifest["output"]} == {
        "Patient": 700,
        "Task": 1,
    }
    found = lines((out / "Patient.ndjson").read_text())
    assert sorted(each["id"] for each in found) == [f"p{number:04}" for number in range(700)]
    on(address, lambda store: put(store, change("later")))
    if address.startswith("sqlite"):
        since = call("changes", "--after", manifest["token"], "--no-follow", "--store", address)
        assert [each["id"] for each in lines(since.stdout)] == ["later"]
        with Server(store=f"sqlite:{tmp_path / 'other.db'}") as server:
            loaded = run("load", out, "--url", server.fhir)
            assert "loaded 701" in loaded.stdout, loaded.stderr
        assert call("export", out, "--store", address, "--type", "Nothing").returncode == 2
        some = call("export", tmp_path / "some", "--store", address, "--type", "Task")
        assert some.stdout.splitlines() == ["Task 1"]
    assert on(address, count) == 700 + 3 + 1 + 1
