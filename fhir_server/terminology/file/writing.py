"""Code systems into the embedded file: all of one in one commit, so a kill leaves the old one."""

from __future__ import annotations

import sqlite3
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path
from typing import Any, TypeAlias

from ...model.dates import instant, now
from ...model.json import encode
from ...model.text import fold
from ..systems import as_text, read_concept
from .schema import (
    ABSTRACT,
    INACTIVE,
    INDEXES,
    TABLES,
    UNLISTED,
    FileError,
    connect,
    drop,
    failure,
)
from .words import indexed

Json: TypeAlias = dict[str, Any]
Progress: TypeAlias = Callable[[int], None]
BATCH = 1000
# Seconds for which a replaced edition stays, for those who have just begun to read it.
GRACE = 2.0


@dataclass(frozen=True, slots=True)
class Row:
    """One concept. `parents` are codes, which need not be concepts."""

    code: str
    display: str
    parents: tuple[str, ...] = ()
    definition: str = ""
    designations: tuple[Json, ...] = ()
    properties: tuple[Json, ...] = ()

    @property
    def raw(self) -> Json:
        """As in a CodeSystem."""
        more = (
            ("definition", self.definition),
            ("designation", list(self.designations)),
            ("property", list(self.properties)),
        )
        base: Json = {"code": self.code, "display": self.display}
        return {**base, **{name: value for name, value in more if value}}


@dataclass(frozen=True, slots=True)
class Link:
    """One code lies below another; either need not be a concept."""

    child: str
    parent: str


@dataclass(frozen=True, slots=True)
class Header:
    """What is told of a code system. `properties`: their codes with types."""

    kind: str
    url: str
    version: str
    title: str
    content: str = "complete"
    case_sensitive: bool = True
    language: str = ""
    properties: tuple[tuple[str, str], ...] = field(default=())

    @property
    def resource(self) -> Json:
        """The CodeSystem without its concepts."""
        rows = (
            ("url", self.url),
            ("version", self.version),
            ("language", self.language),
            ("title", self.title),
            ("property", [{"code": code, "type": kind} for code, kind in self.properties]),
        )
        out: Json = {"resourceType": "CodeSystem", "status": "active", "content": self.content,
                     "caseSensitive": self.case_sensitive, "hierarchyMeaning": "is-a"}  # fmt: skip
        return {**out, **{name: value for name, value in rows if value}}


def load(
    path: Path,
    header: Header,
    rows: Iterable[Row | Link],
    progress: Progress = lambda done: None,
    *,
    grace: float = GRACE,
) -> int:
    """Put a code system into the file, in place of the same version of it. The number of codes.

    Of rows with the same code the first counts, with the parents of all. Errors: FileError, where
    another load is under way or there is no row.
    """
    with closing(connect(path, create=True)) as db:
        with _commit(db):
            old = [n for (n,) in db.execute("SELECT n FROM system WHERE gone = 1")]
            for n in old:  # what a load that was cut short has left
                drop(db, n)
            n = db.execute("SELECT coalesce(max(n), 0) + 1 FROM system").fetchone()[0]
            count = _Writer(db, n, header, progress).write(rows)
            if not count:
                raise FileError("没有可载入的行 / there is no row to load")
            old = _retire(db, header.url, header.version)
            db.execute(
                "INSERT INTO system VALUES (?, ?, ?, ?, ?, ?, ?, 0)",
                (n, header.url, header.version, header.kind, count, instant(now()),
                 encode(header.resource).decode()),
            )  # fmt: skip
        _drop_later(db, old, grace)
    return count


def remove(path: Path, url: str, version: str = "", *, grace: float = GRACE) -> int:
    """Take versions of a code system away; without a version all. How many. Errors: FileError."""
    if not path.is_file():
        return 0
    with closing(connect(path, create=True)) as db:
        with _commit(db):
            old = _retire(db, url, version or None)
        _drop_later(db, old, grace)
    return len(old)


def _retire(db: sqlite3.Connection, url: str, version: str | None) -> list[int]:
    rows = db.execute(
        "SELECT n FROM system WHERE gone = 0 AND url = ? AND (? IS NULL OR version = ?)",
        (url, version, version),
    ).fetchall()
    db.executemany("UPDATE system SET gone = 1 WHERE n = ?", rows)
    return [n for (n,) in rows]


def _drop_later(db: sqlite3.Connection, old: list[int], grace: float) -> None:
    if not old:
        return
    time.sleep(grace)
    with _commit(db):
        for n in old:
            drop(db, n)


@contextmanager
def _commit(db: sqlite3.Connection) -> Iterator[None]:
    """Errors: FileError."""
    try:
        db.execute("BEGIN IMMEDIATE")
        yield
        db.execute("COMMIT")
    except sqlite3.Error as error:
        raise failure(error) from error
    finally:
        if db.in_transaction:
            db.execute("ROLLBACK")


class _Writer:
    def __init__(self, db: sqlite3.Connection, n: int, header: Header, progress: Progress) -> None:
        self._db, self._n, self._progress = db, n, progress
        self._exact = header.case_sensitive
        self._ids: dict[str, int] = {}
        case = "BINARY" if header.case_sensitive else "NOCASE"
        for statement in TABLES.format(n=n, case=case).split(";"):
            db.execute(statement)

    def write(self, rows: Iterable[Row | Link]) -> int:
        count, waiting = 0, iter(rows)
        edges: dict[tuple[str, str], None] = {}
        while batch := list(islice(waiting, BATCH)):
            count += self._concepts(batch, edges)
            self._progress(len(batch))
        self._edges(edges)
        for statement in INDEXES.format(n=self._n).split(";"):
            self._db.execute(statement)
        self._db.execute(
            f"INSERT INTO above_{self._n} WITH RECURSIVE up (above, below) AS ("
            f"SELECT id, id FROM concept_{self._n} UNION "
            f"SELECT e.parent, up.below FROM up JOIN edge_{self._n} e ON e.child = up.above) "
            "SELECT above, below FROM up ORDER BY above, below"
        )
        self._db.execute(f"INSERT INTO words_{self._n} (words_{self._n}) VALUES ('optimize')")
        return count

    def _key(self, code: str) -> str:
        # As SQLite's NOCASE: of ASCII only.
        return code if self._exact or not code.isascii() else code.lower()

    def _concepts(self, batch: list[Row | Link], edges: dict[tuple[str, str], None]) -> int:
        concepts: list[tuple[Any, ...]] = []
        words: list[tuple[Any, ...]] = []
        properties: dict[tuple[str, str, int], None] = {}
        for row in batch:
            if isinstance(row, Link):
                edges[row.child, row.parent] = None
                continue
            key = self._key(row.code)
            edges.update(dict.fromkeys((row.code, parent) for parent in row.parents))
            if key in self._ids:
                continue
            id = self._ids[key] = len(self._ids) + 1
            raw = row.raw
            concept = read_concept(raw)
            flags = INACTIVE * concept.inactive + ABSTRACT * concept.abstract
            more = encode(raw) if len(raw) > 2 else None
            concepts.append((id, row.code, row.display, fold(row.display), flags, more))
            words.append((id, *indexed(row.code, concept.texts)))
            for name, values in concept.properties.items():
                properties.update(dict.fromkeys((name, as_text(v), id) for v in values))
        n, run = self._n, self._db.executemany
        run(f"INSERT INTO concept_{n} VALUES (?, ?, ?, ?, ?, ?)", concepts)
        run(
            f"INSERT INTO words_{n} (rowid, code, words, syllables, initials)"
            " VALUES (?, ?, ?, ?, ?)",
            words,
        )
        run(f"INSERT INTO property_{n} VALUES (?, ?, ?)", list(properties))
        return len(concepts)

    def _edges(self, edges: dict[tuple[str, str], None]) -> None:
        """A code that is no concept gets a row of its own, which is never listed."""
        made: list[tuple[Any, ...]] = []
        pairs: dict[tuple[int, int], None] = {}
        for edge in edges:
            for code in edge:
                key = self._key(code)
                if key not in self._ids:
                    self._ids[key] = len(self._ids) + 1
                    made.append((self._ids[key], code, "", "", UNLISTED, None))
            child, parent = (self._ids[self._key(code)] for code in edge)
            if child != parent:
                pairs[child, parent] = None
        n, run = self._n, self._db.executemany
        run(f"INSERT INTO concept_{n} VALUES (?, ?, ?, ?, ?, ?)", made)
        run(f"INSERT INTO edge_{n} VALUES (?, ?)", list(pairs))
