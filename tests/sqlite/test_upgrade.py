"""A file that the program of version 2 wrote, with versions, a deletion and several dates of one
parameter: after it is brought up to date, everything that reads or writes a file works on it.

files/version-2.db.gz was written by that program over HTTP: 12 Patients, 30 ServiceRequests (10 of
them updated, one deleted), 3 Goals with two due dates each, 3 Observations.
"""

from __future__ import annotations

import gzip
import json
import sqlite3
from pathlib import Path

import pytest

from fhir_server.storage.sqlite.schema import VERSION, connect, create
from tests.commands.calling import call
from tests.processes import Server
from tests.sqlite.test_schema import unlike

FILE = Path(__file__).parent / "files" / "version-2.db.gz"
TOKEN = "s1.dfe6fcbf.68"  # of the feed, given by the program of version 2 at its end
PERIOD = "occurrence=ge2026-01-10&occurrence=lt2026-03-01"


@pytest.fixture
def old(tmp_path: Path) -> Path:
    path = tmp_path / "fhir.db"
    path.write_bytes(gzip.decompress(FILE.read_bytes()))
    return path


def ids(server: Server, query: str) -> list[str]:
    answer = server.call("GET", f"/fhir/{query}")
    assert answer.status == 200, answer.body
    return [each["resource"]["id"] for each in answer.body.get("entry", ())]


def test_the_file_is_of_version_2(old: Path) -> None:
    with sqlite3.connect(old) as db:
        assert db.execute("PRAGMA user_version").fetchone() == (2,)
        assert db.execute("SELECT count(*) FROM date").fetchone() == (75,)
    db.close()


def test_it_is_brought_up_to_date(old: Path) -> None:
    db = sqlite3.connect(old)
    before = set(db.execute("SELECT pid, low, high, rid FROM date"))
    db.close()
    db = connect(str(old), busy_seconds=1)
    create(db)
    assert db.execute("PRAGMA user_version").fetchone() == (VERSION,)
    assert set(db.execute("SELECT pid, low, high, rid FROM date")) == before
    several = "SELECT name FROM several JOIN param USING (pid)"
    assert db.execute(several).fetchall() == [("Goal.target-date",)]
    assert db.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
    db.close()
    assert unlike(old) == []


def test_what_reads_and_writes_works_on_it(old: Path) -> None:
    with Server(store=f"sqlite:{old}", FHIR_SERVER_ADMIN_TOKEN="x") as server:
        # Newest first; those of one moment, which are the updated ones, as they were created.
        newest = ids(server, "ServiceRequest?_sort=-authored&_count=14")
        assert newest == [*("r17", "r5", "r29"), *(f"r{n}" for n in range(1, 31, 3)), "r27"]
        assert ids(server, "ServiceRequest?identifier=urn:ref|r3") == ["r3"]
        window = ids(server, f"ServiceRequest?{PERIOD}&_count=100")
        # It began and ended after the 10th, and before March.
        assert len(window) == len(set(window)) > 10
        assert ids(server, "Goal?target-date=lt2026-02-01&target-date=gt2026-10-01") == ["g1"]
        assert ids(server, "Patient/p1/_history") == ["p1"]
        assert len(ids(server, "ServiceRequest/r1/_history")) == 2
        assert server.call("GET", "/fhir/ServiceRequest/r2").status == 410
        history = server.call("GET", "/fhir/ServiceRequest/_history?_count=100").body["entry"]
        assert len(history) == 30 + 10 + 1
        assert len(ids(server, "ServiceRequest?patient=p2&_revinclude=Task:focus")) > 0
        patient = {"resourceType": "Patient", "id": "new", "birthDate": "2001-01-01"}
        assert server.call("PUT", "/fhir/Patient/new", patient).status == 201
        assert ids(server, "Patient?_sort=-birthdate&_count=2") == ["new", "p12"]
        nothing = {"resourceType": "Parameters"}
        started = server.call("POST", "/fhir/$reindex", nothing, {"X-Admin-Token": "x"})
        assert started.status == 202, started.body
        status = f"/fhir{started.headers['content-location'].partition('/fhir')[2]}"
        server.wait_ready()
        while (found := server.call("GET", status)).status == 202:
            pass
        assert found.status == 200
        assert ids(server, "Patient?_sort=-birthdate&_count=2") == ["new", "p12"]
        assert ids(server, "ServiceRequest?_sort=-authored&_count=14") == newest
        assert ids(server, f"ServiceRequest?{PERIOD}&_count=100") == window


def test_the_commands_work_on_it(old: Path, tmp_path: Path) -> None:
    address = f"sqlite:{old}"
    since = call("changes", "--after", TOKEN, "--no-follow", "--store", address)
    assert (since.returncode, since.stdout) == (0, ""), since.stderr
    made = call("backup", tmp_path / "copy.db", "--store", address)
    assert made.returncode == 0, made.stderr
    out = tmp_path / "out"
    assert call("export", out, "--store", address, "--type", "Patient").returncode == 0
    manifest = json.loads((out / "export.json").read_text())
    assert {each["type"]: each["count"] for each in manifest["output"]} == {"Patient": 12}
    copied = call("copy", address, f"sqlite:{tmp_path / 'other.db'}", "--compare")
    assert copied.returncode == 0, copied.stderr
    assert "agree" in copied.stdout


def test_a_backup_of_it_before_it_was_opened(old: Path, tmp_path: Path) -> None:
    """`backup` opens no store: the copy is of the version that the file has."""
    made = call("backup", tmp_path / "copy.db", "--store", f"sqlite:{old}")
    assert made.returncode == 0, made.stderr
    with sqlite3.connect(tmp_path / "copy.db") as db:
        assert db.execute("PRAGMA user_version").fetchone() == (2,)
    db.close()
