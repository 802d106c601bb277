"""Tables of the embedded store, and how a connection is opened."""

from __future__ import annotations

import sqlite3

from ...errors import FhirError
from .composites import COLUMNS as COMPOSITE
from .feed import EPOCH, LOG
from .near import add_distance
from .words import SCHEMA as WORDS

VERSION = 3

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

# What is longer than a day (25 hours: a clock may be put back) is rare, and has an index by its
# end; so a search for what ends after a moment looks at few entries that began before it.
DAY_AND_HOUR = 25 * 3_600_000_000

# Since version 2. A composite has columns for up to three parts, see composites.py.
SCHEMA_2 = f"""
CREATE INDEX date_wide ON date (pid, high) WHERE high - low > {DAY_AND_HOUR};
CREATE INDEX number_wide ON number (pid, high) WHERE high > low;
CREATE TABLE pinyin (
  pid INTEGER NOT NULL, value TEXT NOT NULL, rid INTEGER NOT NULL,
  PRIMARY KEY (pid, value, rid)) STRICT, WITHOUT ROWID;
CREATE INDEX pinyin_rid ON pinyin (rid, pid);
CREATE TABLE quantity (
  pid INTEGER NOT NULL, base TEXT NOT NULL, base_low REAL NOT NULL, base_high REAL NOT NULL,
  low REAL NOT NULL, high REAL NOT NULL, system TEXT NOT NULL, unit TEXT NOT NULL,
  rid INTEGER NOT NULL,
  PRIMARY KEY (pid, base, base_low, base_high, low, high, system, unit, rid)) STRICT, WITHOUT ROWID;
CREATE INDEX quantity_rid ON quantity (rid, pid);
CREATE INDEX quantity_low ON quantity (pid, low);
CREATE INDEX quantity_wide ON quantity (pid, base, base_high) WHERE base_high > base_low;
CREATE TABLE position (
  pid INTEGER NOT NULL, latitude REAL NOT NULL, longitude REAL NOT NULL, rid INTEGER NOT NULL,
  PRIMARY KEY (pid, latitude, longitude, rid)) STRICT, WITHOUT ROWID;
CREATE INDEX position_rid ON position (rid, pid);
CREATE TABLE composite (
  rid INTEGER NOT NULL, pid INTEGER NOT NULL, kinds TEXT NOT NULL,
  {", ".join(f"{c} {'TEXT' if c[2] == 't' else 'ANY'}" for c in COMPOSITE)}) STRICT;
CREATE INDEX composite_key ON composite (pid, p0t0, p1t0, p1n0);
CREATE INDEX composite_rid ON composite (rid, pid);
"""

# Resources of an older file, which lack entries of the kinds that are new with version 2.
BEHIND = """
CREATE TABLE IF NOT EXISTS behind (rid INTEGER PRIMARY KEY) STRICT;
INSERT INTO behind SELECT rid FROM resource WHERE method <> 'DELETE';
"""

# Since version 3. The newest first, those of one moment in order of creation: the order of a page
# that is sorted by `-date` or `-_lastUpdated`. `several`: parameters of which some resource has, or
# had, two dates. Columns stand in the order of the key: where they do not, `PRAGMA quick_check` of
# SQLite 3.40 looks at the wrong column of a table WITHOUT ROWID and finds a NULL that is not there.
SCHEMA_3 = """
CREATE TABLE IF NOT EXISTS behind (rid INTEGER PRIMARY KEY) STRICT;
ALTER TABLE date RENAME TO date_2;
CREATE TABLE date (
  pid INTEGER NOT NULL, low INTEGER NOT NULL, rid INTEGER NOT NULL, high INTEGER NOT NULL,
  PRIMARY KEY (pid, low DESC, rid, high)) STRICT, WITHOUT ROWID;
INSERT INTO date SELECT pid, low, rid, high FROM date_2 ORDER BY pid, low DESC, rid, high;
CREATE TABLE several (pid INTEGER PRIMARY KEY) STRICT;
INSERT INTO several SELECT DISTINCT pid FROM (
  SELECT pid FROM date_2 GROUP BY rid, pid HAVING count(*) > 1);
DROP TABLE date_2;
CREATE INDEX date_rid ON date (rid, pid);
DROP INDEX resource_updated;
CREATE INDEX resource_updated ON resource (type, updated DESC) WHERE method <> 'DELETE';
"""
SCHEMA_3 += f"CREATE INDEX date_wide ON date (pid, high) WHERE high - low > {DAY_AND_HOUR};"

# Columns of each index table in the order of the entries (see storage/plan.py), code first.
COLUMNS: dict[str, tuple[str, ...]] = {
    "token": ("pid", "system", "value", "rid"),
    "string": ("pid", "folded", "exact", "rid"),
    "reference": ("pid", "type", "id", "url", "rid"),
    "date": ("pid", "low", "high", "rid"),
    "uri": ("pid", "value", "rid"),
    "number": ("pid", "low", "high", "rid"),
    "pinyin": ("pid", "value", "rid"),
    "quantity": (
        "pid", "low", "high", "system", "unit", "base_low", "base_high", "base", "rid",
    ),
    "position": ("pid", "latitude", "longitude", "rid"),
    "composite": ("pid", "kinds", *COMPOSITE, "rid"),
}  # fmt: skip


# Facts about the store, and of no version: a file gets it when it is opened.
NOTES = "CREATE TABLE IF NOT EXISTS note (key TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT"
# The order of history over a type; that of older versions also over everything. A file of an older
# program gets them, too. Live resources have theirs in resource_updated.
CHANGED = (
    "CREATE INDEX IF NOT EXISTS resource_gone ON resource (type, updated) WHERE method = 'DELETE'",
    "DROP INDEX IF EXISTS resource_changed",
    "CREATE INDEX IF NOT EXISTS history_changed ON history (updated)",
    "CREATE INDEX IF NOT EXISTS history_type ON history (type, updated)",
)

# MB of pages that a connection keeps for itself: those it has changed, those still in the log, and
# those beyond what can be mapped. There may be six connections.
CACHE = 16


def connect(path: str, *, busy_seconds: float, cache: int = CACHE) -> sqlite3.Connection:
    """A connection in autocommit mode; transactions are begun by hand. Units: `cache` in MB."""
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
    db.execute(f"PRAGMA cache_size = {-1024 * cache}")
    # Pages of the file are read where the system keeps them, and belong to no process.
    db.execute("PRAGMA mmap_size = 2147418112")
    db.execute("PRAGMA temp_store = MEMORY")
    add_distance(db)
    return db


UPGRADE_SECONDS = 3600  # how long a process waits for another that brings the file up to date

# What leads from one version of the file to the next.
STEPS = (SCHEMA, SCHEMA_2 + WORDS + BEHIND, SCHEMA_3)


def create(db: sqlite3.Connection) -> None:
    """Make the tables where there are none, and those that an older file lacks.

    The resources of an older file have no entries of the kinds that are new with a version, until
    they are written or indexed anew. Errors: store-schema for the file of a newer program.
    """
    db.execute("PRAGMA journal_mode = WAL")
    _begin(db)
    try:
        version = _version(db)
        if version > VERSION:
            raise FhirError("store-schema", found=version, expected=VERSION)
        for step in STEPS[version:]:
            for statement in step.split(";\n"):
                if statement.strip():
                    db.execute(statement)
        if version != VERSION:
            db.execute(f"PRAGMA user_version = {VERSION}")
        for statement in (NOTES, EPOCH, LOG, *CHANGED):
            db.execute(statement)
        db.execute("COMMIT")
    except BaseException:
        if db.in_transaction:
            db.execute("ROLLBACK")
        raise


def _begin(db: sqlite3.Connection) -> None:
    """Of several processes one brings the file up to date, and the others wait until it has."""
    if not 0 < _version(db) < VERSION:
        db.execute("BEGIN IMMEDIATE")
        return
    patience = db.execute("PRAGMA busy_timeout").fetchone()[0]
    db.execute(f"PRAGMA busy_timeout = {UPGRADE_SECONDS * 1000}")
    try:
        db.execute("BEGIN IMMEDIATE")
    finally:
        db.execute(f"PRAGMA busy_timeout = {patience}")


def _version(db: sqlite3.Connection) -> int:
    return int(db.execute("PRAGMA user_version").fetchone()[0])


def is_busy(error: Exception) -> bool:
    """Does another process hold the lock that a statement needs?"""
    return getattr(error, "sqlite_errorcode", 0) & 0xFF == sqlite3.SQLITE_BUSY


def failure_of(error: sqlite3.Error) -> FhirError:
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
