"""Tables of the embedded store, and how a connection is opened."""

from __future__ import annotations

import sqlite3

from ...errors import FhirError
from .feed import LOG

VERSION = 1

# `rid` counts creations, so ordering by it is ordering by creation. Index tables hold their rows
# in search order (WITHOUT ROWID) and a second time by resource, for updates and for sorting.
# A tombstone keeps its row in `resource` and has no index rows.
SCHEMA = """
CREATE TABLE resource (
  rid INTEGER PRIMARY KEY, type TEXT NOT NULL, id TEXT NOT NULL, version INTEGER NOT NULL,
  updated INTEGER NOT NULL, method TEXT NOT NULL, body BLOB
) STRICT;
CREATE UNIQUE INDEX resource_key ON resource (type, id);
CREATE INDEX resource_live ON resource (type) WHERE method <> 'DELETE';
CREATE INDEX resource_updated ON resource (type, updated) WHERE method <> 'DELETE';
CREATE TABLE history (
  type TEXT NOT NULL, id TEXT NOT NULL, version INTEGER NOT NULL,
  updated INTEGER NOT NULL, method TEXT NOT NULL, body BLOB
) STRICT;
CREATE UNIQUE INDEX history_key ON history (type, id, version);
CREATE TABLE param (pid INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE) STRICT;
CREATE TABLE token (
  pid INTEGER NOT NULL, value TEXT NOT NULL, system TEXT NOT NULL, rid INTEGER NOT NULL,
  PRIMARY KEY (pid, value, system, rid)) STRICT, WITHOUT ROWID;
CREATE INDEX token_rid ON token (rid, pid);
CREATE TABLE string (
  pid INTEGER NOT NULL, folded TEXT NOT NULL, exact TEXT NOT NULL, rid INTEGER NOT NULL,
  PRIMARY KEY (pid, folded, exact, rid)) STRICT, WITHOUT ROWID;
CREATE INDEX string_rid ON string (rid, pid);
CREATE TABLE reference (
  pid INTEGER NOT NULL, id TEXT NOT NULL, url TEXT NOT NULL, type TEXT NOT NULL,
  rid INTEGER NOT NULL,
  PRIMARY KEY (pid, id, url, type, rid)) STRICT, WITHOUT ROWID;
CREATE INDEX reference_rid ON reference (rid, pid);
CREATE TABLE date (
  pid INTEGER NOT NULL, low INTEGER NOT NULL, high INTEGER NOT NULL, rid INTEGER NOT NULL,
  PRIMARY KEY (pid, low, high, rid)) STRICT, WITHOUT ROWID;
CREATE INDEX date_rid ON date (rid, pid);
CREATE TABLE uri (
  pid INTEGER NOT NULL, value TEXT NOT NULL, rid INTEGER NOT NULL,
  PRIMARY KEY (pid, value, rid)) STRICT, WITHOUT ROWID;
CREATE INDEX uri_rid ON uri (rid, pid);
CREATE TABLE number (
  pid INTEGER NOT NULL, low REAL NOT NULL, high REAL NOT NULL, rid INTEGER NOT NULL,
  PRIMARY KEY (pid, low, high, rid)) STRICT, WITHOUT ROWID;
CREATE INDEX number_rid ON number (rid, pid);
"""

# Columns of each index table in the order of the entries (see storage/plan.py), code first.
COLUMNS: dict[str, tuple[str, ...]] = {
    "token": ("pid", "system", "value", "rid"),
    "string": ("pid", "folded", "exact", "rid"),
    "reference": ("pid", "type", "id", "url", "rid"),
    "date": ("pid", "low", "high", "rid"),
    "uri": ("pid", "value", "rid"),
    "number": ("pid", "low", "high", "rid"),
}


# Facts about the store, and of no version: a file gets it when it is opened.
NOTES = "CREATE TABLE IF NOT EXISTS note (key TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT"
# The order of history over a type and over everything; a file of an older program gets them, too.
# Live resources of a type have theirs in resource_updated.
CHANGED = (
    "CREATE INDEX IF NOT EXISTS resource_gone ON resource (type, updated) WHERE method = 'DELETE'",
    "CREATE INDEX IF NOT EXISTS resource_changed ON resource (updated)",
    "CREATE INDEX IF NOT EXISTS history_changed ON history (updated)",
    "CREATE INDEX IF NOT EXISTS history_type ON history (type, updated)",
)


def connect(path: str, *, busy_seconds: float) -> sqlite3.Connection:
    """A connection in autocommit mode; transactions are begun by hand."""
    db = sqlite3.connect(
        path,
        timeout=busy_seconds,
        isolation_level=None,
        check_same_thread=False,
        cached_statements=512,
    )
    # FULL: a commit is on the disk before it is acknowledged, also when the power fails.
    db.execute("PRAGMA synchronous = FULL")
    # Every 16 MB: a page that many commits change goes back into the file once for all of them.
    db.execute("PRAGMA wal_autocheckpoint = 4000")
    db.execute("PRAGMA cache_size = -65536")
    db.execute("PRAGMA mmap_size = 268435456")
    db.execute("PRAGMA temp_store = MEMORY")
    return db


def create(db: sqlite3.Connection) -> None:
    """Make the tables where there are none. Errors: store-down for a file of another schema."""
    db.execute("PRAGMA journal_mode = WAL")
    db.execute("BEGIN IMMEDIATE")
    try:
        version = db.execute("PRAGMA user_version").fetchone()[0]
        if version == 0:
            for statement in SCHEMA.split(";\n"):
                if statement.strip():
                    db.execute(statement)
            db.execute(f"PRAGMA user_version = {VERSION}")
        elif version != VERSION:
            raise FhirError("store-schema", found=version, expected=VERSION)
        for statement in (NOTES, LOG, *CHANGED):
            db.execute(statement)
        db.execute("COMMIT")
    except BaseException:
        if db.in_transaction:
            db.execute("ROLLBACK")
        raise


def explain(error: sqlite3.Error) -> FhirError:
    """A row of the error table for what SQLite reported.

    Errors: raises `error` itself where it is a fault of this program, not of the storage.
    """
    code = getattr(error, "sqlite_errorcode", 0) & 0xFF
    if code in (0, sqlite3.SQLITE_ERROR, sqlite3.SQLITE_MISUSE, sqlite3.SQLITE_RANGE):
        raise error
    if code == sqlite3.SQLITE_FULL:
        return FhirError("store-full")
    if code == sqlite3.SQLITE_TOOBIG:
        return FhirError("store-too-large", limit=1_000_000_000)
    if code == sqlite3.SQLITE_INTERRUPT:
        return FhirError("search-too-costly")
    return FhirError("store-down")
