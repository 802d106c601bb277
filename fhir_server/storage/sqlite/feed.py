"""The change feed from the file itself.

Every change takes the next number of one sequence, inside the transaction that writes it; there is
one transaction at a time, so a number that can be read has no smaller one still to come. A creation
needs no row for it: its number is that of its row in `resource`. All other changes have a row in
`log`. Spec: storage/feed.py
"""

from __future__ import annotations

import asyncio
import re
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
# Which way the numbers went. A copy that is put back goes another way from there on, with numbers
# that have been given before; `renew_epoch` tells the two apart.
EPOCH = (
    "INSERT OR IGNORE INTO note"
    " VALUES ('feed-epoch', json_object('epoch', lower(hex(randomblob(4)))))"
)
PURGED = "INSERT INTO log VALUES (?, ?, 0, ?, ?, ?)"
POLL = 0.1  # seconds between two looks at the file
AT_ONCE = 100  # changes read at once, in well under a millisecond
_TOKEN = re.compile(r"s1\.([0-9a-f]{8})\.([0-9]{1,18})")

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
        self._epoch, self._read = "", 0
        self.token = after

    async def open(self) -> None:
        if self._epoch:
            return
        own, last = self._run(_epoch), self._run(last_number)
        epoch, number = _parts(self.token) if self.token else (own, last)
        if epoch != own or number > last:
            # A token of another file, or the file was put back from a backup.
            raise FhirError("feed-gone")
        self._epoch, self._read = own, number  # all up to here is told or in `_ahead`
        self.token = self._token(number)

    async def next(self, seconds: float) -> Committed | None:
        end = time.monotonic() + seconds
        await self.open()
        while not self._ahead:
            self._run(self._fill)
            left = end - time.monotonic()
            if not self._ahead and left <= 0:
                self.token = self._token(self._read)
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
        self._ahead.extend(map(self._committed, rows))
        self._read = rows[-1][0] if len(rows) == AT_ONCE else last

    def _committed(self, row: tuple[Any, ...]) -> Committed:
        number, resource_type, id, version, updated, method = row
        kind = kind_of(method, version) if version else "purge"
        return Committed(kind, resource_type, id, version, updated, self._token(number))

    def _token(self, number: int) -> str:
        return f"s1.{self._epoch}.{number}"

    async def close(self) -> None:
        self._ahead.clear()


def last_number(db: sqlite3.Connection) -> int:
    return int(db.execute(LAST).fetchone()[0])


def _epoch(db: sqlite3.Connection) -> str:
    query = "SELECT json_extract(value, '$.epoch') FROM note WHERE key = 'feed-epoch'"
    return str(db.execute(query).fetchone()[0])


def renew_epoch(db: sqlite3.Connection) -> None:
    """In a copy of the file. Tokens of the file are refused by it from now on."""
    db.execute("DELETE FROM note WHERE key = 'feed-epoch'")
    db.execute(EPOCH)


def _parts(token: str) -> tuple[str, int]:
    """Epoch and number. Errors: feed-token."""
    found = _TOKEN.fullmatch(token)
    if found is None:
        raise FhirError("feed-token")
    return found[1], int(found[2])
