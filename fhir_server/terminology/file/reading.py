"""The embedded file read: code systems whose concepts stay where they are."""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeAlias

from ...errors import FhirError
from ...model.json import decode_stored
from ...model.versions import version_key
from ..systems import Concept, Filter, Selection, read_concept
from .conditions import Conditions
from .schema import ABSTRACT, INACTIVE, UNLISTED, FileError, connect, failure
from .words import query_of

Json: TypeAlias = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Listed:
    """What the register says of a code system."""

    n: int
    url: str
    version: str
    kind: str
    count: int
    loaded: str
    header: Json


class TermFile:
    """All code systems of the file. What another process loads is seen at the next look.

    A file that is not there is an empty one.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self._db: sqlite3.Connection | None = None
        self._file: tuple[int, int] | None = None
        self._seen = -1
        self._systems: list[FileSystem] = []

    def find(self, url: str, version: str) -> FileSystem | None:
        """By version; without one the latest. Errors: terminology-file."""
        found = [s for s in self._known() if s.url == url and version in ("", s.version)]
        return max(found, key=lambda s: version_key(s.version), default=None)

    def listed(self) -> list[tuple[str, str]]:
        """(url, version) of each. Errors: terminology-file."""
        return [(s.url, s.version) for s in self._known()]

    def rows(self) -> list[Listed]:
        """For who looks after the file. Errors: FileError."""
        return [s.listed for s in self._look()]

    def _known(self) -> list[FileSystem]:
        """Errors: terminology-file."""
        try:
            return self._look()
        except FileError:
            raise FhirError("terminology-file") from None

    def close(self) -> None:
        if self._db is not None:
            self._db.close()
        self._db, self._file, self._seen, self._systems = None, None, -1, []

    def _look(self) -> list[FileSystem]:
        """Errors: FileError for a file that cannot be read."""
        try:
            state = os.stat(self._path)
        except OSError:
            self.close()
            return []
        file = (state.st_dev, state.st_ino)
        if self._db is None or file != self._file:
            self.close()
            self._db, self._file = connect(self._path, create=False), file
            self._db.execute("PRAGMA query_only = ON")
        try:
            seen = self._db.execute("PRAGMA data_version").fetchone()[0]
            if seen != self._seen:
                self._systems, self._seen = _systems(self._db), seen
        except sqlite3.Error as error:
            self.close()
            raise failure(error) from error
        return self._systems


def _systems(db: sqlite3.Connection) -> list[FileSystem]:
    if not db.execute("SELECT 1 FROM sqlite_master WHERE name = 'system'").fetchone():
        return []
    rows = db.execute(
        "SELECT n, url, version, kind, count, loaded, header FROM system WHERE gone = 0 ORDER BY n"
    )
    return [
        FileSystem(db, Listed(n, url, version, kind, count, loaded, decode_stored(header.encode())))
        for n, url, version, kind, count, loaded, header in rows
    ]


class FileSystem:
    """One code system of the file; see terminology.systems.System."""

    def __init__(self, db: sqlite3.Connection, listed: Listed) -> None:
        self._db, self.listed, self._n = db, listed, listed.n
        self.url, self.version, self.header = listed.url, listed.version, listed.header
        self.content: str = listed.header["content"]
        self.case_sensitive: bool = listed.header["caseSensitive"]

    @property
    def complete(self) -> bool:
        return self.content == "complete"

    def __len__(self) -> int:
        return self.listed.count

    def __contains__(self, code: object) -> bool:
        found = self.get(code) if isinstance(code, str) else None
        return found is not None and found.code == code

    def get(self, code: str) -> Concept | None:
        rows = self._run(
            f"SELECT code, display, raw FROM concept_{self._n} WHERE code = ? AND flags < ?",
            (code, UNLISTED),
        )
        return _concept(*rows[0]) if rows else None

    def _run(self, statement: str, values: Sequence[Any] = ()) -> list[Any]:
        """Errors: terminology-file, also where this edition has just been taken away."""
        try:
            return self._db.execute(statement, values).fetchall()
        except sqlite3.Error:
            raise FhirError("terminology-file") from None

    def codes(self) -> Iterable[str]:
        return self._column(
            f"SELECT code FROM concept_{self._n} WHERE flags < {UNLISTED} ORDER BY id"
        )

    def above(self, code: str) -> set[str]:
        return {code, *self._along("above", "above", "below", code)}

    def below(self, code: str) -> set[str]:
        return {code, *self._along("above", "below", "above", code)}

    def parents(self, code: str) -> Sequence[str]:
        return self._along("edge", "parent", "child", code)

    def children(self, code: str) -> Sequence[str]:
        return self._along("edge", "child", "parent", code)

    def _along(self, table: str, wanted: str, given: str, code: str) -> list[str]:
        n = self._n
        return self._column(
            f"SELECT c.code FROM {table}_{n} t JOIN concept_{n} c ON c.id = t.{wanted}"
            f" WHERE t.{given} = (SELECT id FROM concept_{n} WHERE code = ?) ORDER BY c.id",
            code,
        )

    def _column(self, statement: str, *values: Any) -> list[str]:
        return [row[0] for row in self._run(statement, values)]

    def filtered(self, name: str, operator: str, value: str) -> set[str]:
        """Errors: terminology-filter."""
        where = self._conditions([(name, operator, value)])
        found = f"SELECT c.code FROM concept_{self._n} c WHERE {where.text}"
        return set(self._column(found, *where.values))

    def select(self, selection: Selection) -> tuple[int, list[Concept]]:
        """Errors: terminology-filter."""
        query = query_of(selection.text) if selection.text is not None else ""
        where = self._conditions(selection.filters, few=bool(query))
        if selection.active_only:
            where.add(f"c.flags & {INACTIVE} = 0")
        if selection.selectable_only:
            where.add(f"c.flags & {ABSTRACT} = 0")
        count = -1 if selection.count is None else selection.count
        if query and selection.text is not None:
            return self._by_text(where, selection.text.text, query, selection.offset, count)
        source = f"concept_{self._n} c"
        total = self.listed.count if where.bare else self._count(source, where.text, where.values)
        rows = self._rows(f"{source} WHERE {where.text} ORDER BY c.id", where.values)
        return total, rows(selection.offset, count)

    def _by_text(
        self, where: Conditions, typed: str, query: str, offset: int, count: int
    ) -> tuple[int, list[Concept]]:
        """First what begins with the very text, by an index; then the others in their order.

        What begins with it fits (see matching.py), so the second part is what is left. It is read
        only as far as the page goes.
        """
        n = self._n
        words = f"words_{n} w"
        match = f"words_{n} MATCH ?"
        if where.bare:  # all that is indexed is a concept
            total = self._count(words, match, [query])
        else:
            joined = f"{words} CROSS JOIN concept_{n} c ON c.id = w.rowid"
            total = self._count(joined, f"{match} AND {where.text}", [query, *where.values])
        if not count:
            return total, []
        begins = "c.folded >= ? AND c.folded < ?"
        bounds = [typed, typed + "\U0010ffff"]
        first = f"concept_{n} c WHERE {begins} AND {where.text}"
        given = [*bounds, *where.values]
        ahead = self._count(f"concept_{n} c", f"{begins} AND {where.text}", given)
        found: list[Concept] = []
        if offset < ahead:
            ordered = self._rows(f"{first} ORDER BY c.folded <> ?, c.id", [*given, typed])
            found = ordered(offset, count)
        left = -1 if count < 0 else count - len(found)
        if left:
            rest = self._rows(
                f"{words} CROSS JOIN concept_{n} c ON c.id = w.rowid WHERE {match}"
                f" AND NOT ({begins}) AND {where.text} ORDER BY w.rowid",
                [query, *bounds, *where.values],
            )
            found += rest(max(0, offset - ahead), left)
        return total, found

    def _rows(self, source: str, values: Sequence[Any]) -> Callable[[int, int], list[Concept]]:
        def page(offset: int, count: int) -> list[Concept]:
            rows = self._run(
                f"SELECT c.code, c.display, c.raw FROM {source} LIMIT ? OFFSET ?",
                (*values, count, offset),
            )
            return [_concept(*row) for row in rows]

        return page

    def _count(self, source: str, where: str, values: Sequence[Any]) -> int:
        statement = f"SELECT count(*) FROM {source} WHERE {where}"
        found: int = self._run(statement, values)[0][0]
        return found

    def _conditions(self, filters: Sequence[Filter], *, few: bool = False) -> Conditions:
        where = Conditions(self._n, few=few)
        for each in filters:
            where.filter(*each)
        return where


def _concept(code: str, display: str, raw: bytes | None) -> Concept:
    if raw is None:
        return Concept(code, display, {}, {"code": code, "display": display})
    return read_concept(decode_stored(raw))
