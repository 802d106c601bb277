"""The change feed from the file itself.

Every change takes the next number of one sequence, inside the transaction that writes it; there is
one transaction at a time, so a number that can be read has no smaller one still to come. A creation
needs no row for it: its number is that of its row in `resource`. All other changes have a row in
`log`. Spec: storage/feed.py
"""

from __future__ import annotations

import asyncio
import sqlite3
import time
from collections import deque
from collections.abc import Callable
from typing import Any, TypeAlias

from ...errors import FhirError
from ..feed import Committed, Feed, kind_of

# Numbers are never given twice, for a purge, too, takes one.
LOG = """CREATE TABLE IF NOT EXISTS log (
  seq INTEGER PRIMARY KEY, rid INTEGER NOT NULL, version INTEGER NOT NULL,
  type TEXT, id TEXT, updated INTEGER) STRICT"""  # the last three only of a purge
LAST = (
    "SELECT max(coalesce((SELECT max(rid) FROM resource), 0),"
    " coalesce((SELECT max(seq) FROM log), 0))"
)
PURGED = "INSERT INTO log VALUES (?, ?, 0, ?, ?, ?)"
POLL = 0.1  # seconds between two looks at the file
AT_ONCE = 100  # changes read at once, in well under a millisecond
PREFIX = "s1."

_OLD = "LEFT JOIN history h ON h.type = r.type AND h.id = r.id"
# Each part comes in order from its table. What has neither a current nor an older row is purged.
_READ = f"""
SELECT r.rid, r.type, r.id, 1, coalesce(h.updated, r.updated), coalesce(h.method, r.method)
  FROM resource r {_OLD} AND r.version > 1 AND h.version = 1
  WHERE r.rid > ?1 AND (r.version = 1 OR h.version = 1)
UNION ALL
SELECT l.seq, coalesce(l.type, r.type), coalesce(l.id, r.id), l.version,
    coalesce(l.updated, h.updated, r.updated), coalesce(h.method, r.method)
  FROM log l LEFT JOIN resource r ON r.rid = l.rid {_OLD} AND h.version = l.version
  WHERE l.seq > ?1 AND (l.version = 0 OR r.version = l.version OR h.version = l.version)
ORDER BY 1 LIMIT ?2"""

Run: TypeAlias = Callable[[Callable[[sqlite3.Connection], Any]], Any]


class SqliteFeed(Feed):
    """`run` calls a function with a connection for reading."""

    def __init__(self, run: Run, after: str) -> None:
        self._run = run
        self._ahead: deque[Committed] = deque()
        last = run(last_number)
        self._read = _number(after) if after else last  # all up to here is told or in `_ahead`
        if self._read > last:
            # A token of another file, or the file was put back from a backup.
            raise FhirError("feed-gone")
        self.token = _token(self._read)

    async def next(self, seconds: float) -> Committed | None:
        end = time.monotonic() + seconds
        while not self._ahead:
            self._run(self._fill)
            left = end - time.monotonic()
            if not self._ahead and left <= 0:
                self.token = _token(self._read)
                return None
            if not self._ahead:
                await asyncio.sleep(min(POLL, left))
        found = self._ahead.popleft()
        self.token = found.token
        return found

    def _fill(self, db: sqlite3.Connection) -> None:
        db.execute("BEGIN")  # both statements see the same state
        try:
            last = last_number(db)
            if last == self._read:
                return
            rows = db.execute(_READ, (self._read, AT_ONCE)).fetchall()
        finally:
            db.execute("COMMIT")
        self._ahead.extend(map(_committed, rows))
        self._read = rows[-1][0] if len(rows) == AT_ONCE else last

    async def close(self) -> None:
        self._ahead.clear()


def last_number(db: sqlite3.Connection) -> int:
    return int(db.execute(LAST).fetchone()[0])


def _committed(row: tuple[Any, ...]) -> Committed:
    number, resource_type, id, version, updated, method = row
    kind = kind_of(method, version) if version else "purge"
    return Committed(kind, resource_type, id, version, updated, _token(number))


def _token(number: int) -> str:
    return f"{PREFIX}{number}"


def _number(token: str) -> int:
    """Errors: feed-token."""
    digits = token.removeprefix(PREFIX)
    if digits == token or not (digits.isascii() and digits.isdigit()) or len(digits) > 18:
        raise FhirError("feed-token")
    return int(digits)
