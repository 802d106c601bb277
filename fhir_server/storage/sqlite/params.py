"""Search parameters have numbers in the file, so that index rows are short."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Mapping, Sequence


class Params:
    """Numbers of search parameters: resource type → code → pid, as in table `param`."""

    def __init__(self) -> None:
        self._ids: dict[str, dict[str, int]] = {}
        self._last = -1  # the highest that was read from the file
        self._several: set[int] = set()

    def load(self, db: sqlite3.Connection) -> None:
        ids: dict[str, dict[str, int]] = {}
        last = 0
        for name, pid in db.execute("SELECT name, pid FROM param ORDER BY pid"):
            resource_type, _, code = name.partition(".")
            ids.setdefault(resource_type, {})[code] = last = pid
        self._ids, self._last = ids, last

    def of(self, resource_type: str) -> dict[str, int]:
        """The numbers that are known already."""
        return self._ids.setdefault(resource_type, {})

    def forget(self) -> None:
        self._ids, self._last = {}, -1
        self._several.clear()

    def note_several(self, db: sqlite3.Connection, pids: Iterable[int]) -> None:
        """Some resource has more than one date for these, inside the writer's transaction."""
        for pid in set(pids) - self._several:
            db.execute("INSERT OR IGNORE INTO several VALUES (?)", (pid,))
            self._several.add(pid)

    def many(self, db: sqlite3.Connection, codes: Mapping[str, Sequence[str]]) -> list[int]:
        """The numbers of parameters by type, without those that no resource ever had; one look
        into the file, however many they are."""
        if db.execute("SELECT coalesce(max(pid), 0) FROM param").fetchone()[0] != self._last:
            self.load(db)
        ids, none = self._ids, dict[str, int]()
        found = (ids.get(t, none).get(code) for t, each in codes.items() for code in each)
        return [pid for pid in found if pid is not None]

    def known(self, db: sqlite3.Connection, resource_type: str, code: str) -> int:
        """-1 where no resource ever had an entry of the parameter."""
        ids = self.of(resource_type)
        found = ids.get(code)
        if found is None:
            name = f"{resource_type}.{code}"
            row = db.execute("SELECT pid FROM param WHERE name = ?", (name,)).fetchone()
            if row is None:
                return -1
            found = ids[code] = row[0]
        return found

    def make(self, db: sqlite3.Connection, resource_type: str, code: str) -> int:
        """Inside the writer's transaction."""
        found = self.known(db, resource_type, code)
        if found < 0:
            cursor = db.execute("INSERT INTO param (name) VALUES (?)", (f"{resource_type}.{code}",))
            found = self.of(resource_type)[code] = int(cursor.lastrowid or 0)
        return found
