"""A file of an older program is brought up to date; one of a newer program is refused."""

from __future__ import annotations

import sqlite3
import threading
from pathlib import Path

import pytest

from fhir_server.errors import FhirError
from fhir_server.model.json import encode
from fhir_server.storage.plan import Match, Plan, Sort
from fhir_server.storage.plan import Test as Row
from fhir_server.storage.sqlite import SqliteStore
from fhir_server.storage.sqlite.schema import STEPS, VERSION, connect, create
from tests.contract.changes import change
from tests.sqlite.conftest import Open


def old_file(path: Path, version: int) -> None:
    db = sqlite3.connect(path)
    for step in STEPS[:version]:
        db.executescript(step)
    db.execute("INSERT INTO param VALUES (1, 'Patient.birthdate'), (2, 'Patient.death-date')")
    for n in range(1, 4):
        body = encode({"resourceType": "Patient", "id": f"p{n}", "words": [["_text", " old "]]})
        db.execute(
            "INSERT INTO resource VALUES (?, 'Patient', ?, 1, ?, 'POST', ?)", (n, f"p{n}", n, body)
        )
        db.execute("INSERT INTO date (pid, low, high, rid) VALUES (1, ?, ?, ?)", (n, n + 1, n))
    db.execute("INSERT INTO date (pid, low, high, rid) VALUES (2, 1, 2, 1), (2, 5, 6, 1)")
    db.execute(f"PRAGMA user_version = {version}")
    db.commit()
    db.close()


def unlike(path: Path) -> list[str]:
    """Tables whose columns do not stand in the order of their key, see schema.py."""
    db = sqlite3.connect(path)
    tables = "SELECT name FROM pragma_table_list WHERE wr AND schema = 'main'"
    found = []
    for (name,) in db.execute(tables).fetchall():
        key = [row[5] for row in db.execute(f"PRAGMA table_info({name})") if row[5]]
        if key != sorted(key):
            found.append(name)
    db.close()
    return found


async def test_columns_stand_in_the_order_of_the_key(open_store: Open, tmp_path: Path) -> None:
    """Otherwise `PRAGMA quick_check` of SQLite 3.40 calls a good file damaged, and with it
    `fhir-server backup`."""
    await open_store()
    path = tmp_path / "fhir.db"
    assert unlike(path) == []
    db = sqlite3.connect(path)
    db.execute("CREATE TABLE x (a INT, b INT, PRIMARY KEY (b, a)) WITHOUT ROWID")
    db.close()
    assert unlike(path) == ["x"]  # control


async def test_a_good_file_is_found_good(open_store: Open, tmp_path: Path) -> None:
    store = await open_store()
    dates = [("birthdate", n, n + 9) for n in range(20)]
    await store.write([change(f"p{n}", index={"date": dates}) for n in range(200)])
    await store.close()
    db = sqlite3.connect(tmp_path / "fhir.db")
    for check in ("quick_check", "integrity_check"):
        assert db.execute(f"PRAGMA {check}").fetchall() == [("ok",)]
    db.close()


@pytest.mark.parametrize("version", range(1, VERSION))
async def test_an_older_file(open_store: Open, tmp_path: Path, version: int) -> None:
    old_file(tmp_path / "fhir.db", version)
    store: SqliteStore = await open_store()
    newest = Plan("Patient", sort=(Sort("birthdate", "date", True),))
    assert [each.id for each in (await store.search(newest)).matches] == ["p3", "p2", "p1"]
    # Words are made from what is there.
    words = Plan("Patient", (Match("_text", "text", ((Row("words", "within", "old"),),)),))
    assert len((await store.search(words)).matches) == 3
    # p1 has two dates of death, so these are no interval of one.
    both = tuple(
        Match("death-date", "date", ((Row("low", operator, value),),))  # type: ignore[arg-type]
        for operator, value in (("<", 2), (">", 4))
    )
    assert [each.id for each in (await store.search(Plan("Patient", both))).matches] == ["p1"]
    await store.write([change("p1", 2), change("new")])
    assert len((await store.search(Plan("Patient"))).matches) == 4


async def test_what_an_older_file_lacks_is_told_until_it_is_indexed_anew(
    open_store: Open, tmp_path: Path
) -> None:
    old_file(tmp_path / "fhir.db", 1)
    store: SqliteStore = await open_store()
    ready = await store.ready()
    assert ready["warning"].startswith("3 resources")
    assert "$reindex" in ready["warning"]
    await store.write([change("p1", 2)])
    assert (await store.ready())["warning"].startswith("2 resources")
    await store.purge("Patient", "p2", history_only=False)
    entries = {"pinyin": [("name", "zs")]}
    assert await store.reindex([change("p3", index=entries)]) == 1
    assert "warning" not in await store.ready()
    zs = Match("name", "pinyin", ((Row("value", "=", "zs"),),))
    assert [each.id for each in (await store.search(Plan("Patient", (zs,)))).matches] == ["p3"]


async def test_a_newer_file(open_store: Open, tmp_path: Path) -> None:
    db = sqlite3.connect(tmp_path / "fhir.db")
    db.execute(f"PRAGMA user_version = {VERSION + 1}")
    db.close()
    with pytest.raises(FhirError) as caught:
        await open_store()
    assert caught.value.code == "store-schema"
    db = sqlite3.connect(tmp_path / "fhir.db")
    assert db.execute("SELECT count(*) FROM sqlite_master").fetchone() == (0,)  # untouched
    db.close()


async def test_a_file_of_this_version_needs_nothing(open_store: Open) -> None:
    assert await (await open_store()).ready() == {"store": "sqlite", "transactions": True}


@pytest.mark.parametrize(("version", "waits"), [(2, True), (VERSION, False)])
def test_who_finds_an_older_file_waits_for_the_one_that_brings_it_up_to_date(
    tmp_path: Path, version: int, waits: bool
) -> None:
    """That may take longer than any writer should; for an ordinary writer it waits no longer."""
    path = str(tmp_path / "fhir.db")
    if version == VERSION:
        with connect(path, busy_seconds=1) as db:
            create(db)
        db.close()
    else:
        old_file(tmp_path / "fhir.db", version)
    holder = connect(path, busy_seconds=1)
    holder.execute("PRAGMA journal_mode = WAL")
    holder.execute("BEGIN IMMEDIATE")
    ended: list[str] = []

    def opens() -> None:
        db = connect(path, busy_seconds=0.05)
        try:
            create(db)
            patience = db.execute("PRAGMA busy_timeout").fetchone()[0]
            ended.append(f"version {db.execute('PRAGMA user_version').fetchone()[0]}, {patience}")
        except sqlite3.OperationalError as error:
            ended.append(str(error))
        finally:
            db.close()

    thread = threading.Thread(target=opens)
    thread.start()
    thread.join(0.5)
    assert thread.is_alive() is waits
    holder.execute("ROLLBACK")
    holder.close()
    thread.join(30)
    assert ended == ([f"version {VERSION}, 50"] if waits else ["database is locked"])
