"""One statement that fills all tables: a view of the writing connection with triggers.

The sqlite3 module gives up the interpreter lock while SQLite works and takes it back after each
statement. With a busy event loop every taking back is a wait, so a batch of many statements is
slow however little it does; a single large one is not.
"""

from __future__ import annotations

import sqlite3
from typing import Any

# Number of the kind in the inbox, and what fills its row up to WIDTH.
KINDS: dict[str, tuple[int, tuple[None, ...]]] = {
    "token": (1, (None,) * 3),
    "string": (2, (None,) * 3),
    "reference": (3, (None,) * 2),
    "date": (4, (None,) * 3),
    "uri": (5, (None,) * 4),
    "number": (6, (None,) * 3),
}
WIDTH = 8
SIZES = (
    16,
    32,
    64,
    128,
    256,
    512,
    1024,
    2048,
)  # rows of one statement; a short menu stays prepared
LARGEST = SIZES[-1]
FILLER = (-1,) + (None,) * (WIDTH - 1)

# Columns: kind, rid, then the entry (pid first) or the resource.
_TARGETS = {
    0: "INSERT INTO resource VALUES (NEW.a, NEW.b, NEW.c, NEW.d, NEW.e, NEW.f, NEW.g)",
    1: "INSERT OR IGNORE INTO token (rid, pid, system, value) VALUES (NEW.a, NEW.b, NEW.c, NEW.d)",
    2: "INSERT OR IGNORE INTO string (rid, pid, folded, exact) VALUES (NEW.a, NEW.b, NEW.c, NEW.d)",
    3: "INSERT OR IGNORE INTO reference (rid, pid, type, id, url)"
    " VALUES (NEW.a, NEW.b, NEW.c, NEW.d, NEW.e)",
    4: "INSERT OR IGNORE INTO date (rid, pid, low, high) VALUES (NEW.a, NEW.b, NEW.c, NEW.d)",
    5: "INSERT OR IGNORE INTO uri (rid, pid, value) VALUES (NEW.a, NEW.b, NEW.c)",
    6: "INSERT OR IGNORE INTO number (rid, pid, low, high) VALUES (NEW.a, NEW.b, NEW.c, NEW.d)",
}
_STATEMENTS = {
    size: "INSERT INTO inbox VALUES " + ",".join(["(?,?,?,?,?,?,?,?)"] * size) for size in SIZES
}


def open_inbox(db: sqlite3.Connection) -> None:
    """Make the view and its triggers; they belong to this connection alone."""
    columns = ", ".join(f"NULL AS {name}" for name in "abcdefg")
    db.execute(f"CREATE TEMP VIEW inbox AS SELECT -1 AS kind, {columns}")
    for kind, statement in _TARGETS.items():
        db.execute(
            f"CREATE TEMP TRIGGER inbox_{kind} INSTEAD OF INSERT ON inbox"
            f" WHEN NEW.kind = {kind} BEGIN {statement}; END"
        )


def pour(db: sqlite3.Connection, rows: list[tuple[Any, ...]]) -> None:
    """Write rows of WIDTH values. More than LARGEST need a transaction around them."""
    for start in range(0, len(rows), LARGEST):
        some = rows[start : start + LARGEST]
        size = next(each for each in SIZES if each >= len(some))
        args = [value for row in some for value in row]
        args += FILLER * (size - len(some))
        db.execute(_STATEMENTS[size], args)
