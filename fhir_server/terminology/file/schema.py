"""The tables of the embedded terminology file.

`system` lists the code systems; each has tables of its own, named by its number, so that a new
edition comes and an old one goes in one commit, and whoever reads meanwhile sees one of the two.
"""

from __future__ import annotations

import sqlite3
from pathlib import Path

from ..systems import matches

VERSION = 1
BUSY_SECONDS = 10.0
INACTIVE, ABSTRACT, UNLISTED = 1, 2, 4  # flags; UNLISTED: no concept, but codes lie below it

REGISTER = """
CREATE TABLE IF NOT EXISTS system (
  n INTEGER PRIMARY KEY, url TEXT NOT NULL, version TEXT NOT NULL, kind TEXT NOT NULL,
  count INTEGER NOT NULL, loaded TEXT NOT NULL, header TEXT NOT NULL, gone INTEGER NOT NULL
) STRICT
"""
# Shape: raw is the concept as JSON where there is more than code and display.
TABLES = """
CREATE TABLE concept_{n} (
  id INTEGER PRIMARY KEY, code TEXT NOT NULL COLLATE {case} UNIQUE, display TEXT NOT NULL,
  folded TEXT NOT NULL, flags INTEGER NOT NULL, raw BLOB
) STRICT;
CREATE TABLE edge_{n} (
  child INTEGER NOT NULL, parent INTEGER NOT NULL, PRIMARY KEY (child, parent)
) STRICT, WITHOUT ROWID;
CREATE TABLE above_{n} (
  above INTEGER NOT NULL, below INTEGER NOT NULL, PRIMARY KEY (above, below)
) STRICT, WITHOUT ROWID;
CREATE TABLE property_{n} (
  name TEXT NOT NULL, value TEXT NOT NULL, id INTEGER NOT NULL, PRIMARY KEY (name, value, id)
) STRICT, WITHOUT ROWID;
CREATE VIRTUAL TABLE words_{n} USING fts5 (
  code, words, syllables, initials, content = '', columnsize = 0, prefix = 1, tokenize = 'ascii'
)
"""
INDEXES = """
CREATE INDEX folded_{n} ON concept_{n} (folded);
CREATE INDEX edge_parent_{n} ON edge_{n} (parent, child);
CREATE INDEX above_below_{n} ON above_{n} (below, above)
"""
NAMES = ("concept", "edge", "above", "property", "words")


class FileError(Exception):
    """What is wrong with the file or a load, in Chinese and English."""


def connect(path: Path, *, create: bool) -> sqlite3.Connection:
    """A connection in autocommit mode. Errors: FileError."""
    if create:
        path.parent.mkdir(parents=True, exist_ok=True)
    mode = "rwc" if create else "rw"
    try:
        db = sqlite3.connect(
            f"{path.resolve().as_uri()}?mode={mode}",
            uri=True,
            timeout=BUSY_SECONDS,
            isolation_level=None,
            check_same_thread=False,
            cached_statements=256,
        )
        found = db.execute("PRAGMA user_version").fetchone()[0]
        if found > VERSION:
            db.close()
            raise FileError(f"{path} 由更新的程序写成 / was written by a newer program")
        if create:
            db.execute("PRAGMA synchronous = FULL")
        if create and not found:
            db.execute("PRAGMA journal_mode = WAL")
            db.execute(REGISTER)
            db.execute(f"PRAGMA user_version = {VERSION}")
        db.execute("PRAGMA mmap_size = 2147418112")
        db.create_function("matches", 2, matches, deterministic=True)
    except sqlite3.Error as error:
        raise failure(error) from error
    return db


def failure(error: sqlite3.Error) -> FileError:
    """What SQLite reported."""
    if getattr(error, "sqlite_errorcode", 0) & 0xFF == sqlite3.SQLITE_BUSY:
        return FileError(
            "另有载入正在进行，请稍后再试 / another load is under way; try again later"
        )
    return FileError(f"术语文件无法使用 / the terminology file cannot be used: {error}")


def drop(db: sqlite3.Connection, n: int) -> None:
    """The tables of one code system; within a transaction of the caller."""
    for name in NAMES:
        db.execute(f"DROP TABLE IF EXISTS {name}_{n}")
    db.execute("DELETE FROM system WHERE n = ?", (n,))
