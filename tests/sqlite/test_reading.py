"""The read transaction of a search ends, whatever happens to the search."""

from __future__ import annotations

import sqlite3
from pathlib import Path

import pytest

from fhir_server.storage.sqlite.searching import reading

WRITES = "INSERT INTO t VALUES (1)"


def count(db: sqlite3.Connection) -> int:
    found: int = db.execute("SELECT count(*) FROM t").fetchone()[0]
    return found


@pytest.mark.parametrize("spent", [False, True])
def test_a_spent_budget_leaves_no_transaction_open(tmp_path: Path, spent: bool) -> None:
    """It would interrupt the COMMIT; then all later searches saw the moment of the first."""
    path = f"{tmp_path}/a.db"
    writer, reader = (sqlite3.connect(path, isolation_level=None) for _ in range(2))
    writer.execute("PRAGMA journal_mode = WAL")
    writer.execute("CREATE TABLE t (a)")
    with reading(reader):
        assert count(reader) == 0
        if spent:
            reader.set_progress_handler(lambda: 1, 1)
            with pytest.raises(sqlite3.OperationalError, match="interrupted"):
                count(reader)
    assert not reader.in_transaction
    writer.execute(WRITES)
    assert count(reader) == 1
    writer.close()
    reader.close()
