"""Who points to a resource, and which values a parameter has."""

from __future__ import annotations

import sqlite3
from collections.abc import Mapping, Sequence
from typing import Any

from ...model.json import encode
from ..base import Stored
from ..plan import Kind, Value
from .pages import COLUMNS
from .params import Params
from .searching import stored
from .sql import one_of

AT_ONCE = 200  # targets of one statement
# Lists as JSON: the text of the statement is always the same, so it stays prepared.
POINTERS = """SELECT type, id FROM resource WHERE rid IN (
  SELECT rid FROM json_each(?) t CROSS JOIN reference r
  ON r.id = json_extract(t.value, '$[1]') AND r.url = '' AND r.type = json_extract(t.value, '$[0]')
  AND r.pid IN (SELECT value FROM json_each(?)))
  AND method <> 'DELETE' LIMIT ?"""
FIELDS: dict[str, tuple[str, ...]] = {"token": ("value", "system"), "uri": ("value",)}


def read_pointers(
    db: sqlite3.Connection,
    params: Params,
    codes: Mapping[str, Sequence[str]],
    targets: Sequence[tuple[str, str]],
    limit: int,
) -> list[tuple[str, str]]:
    pids = _listed(params.many(db, codes))
    out: dict[tuple[str, str], None] = {}
    for start in range(0, len(targets), AT_ONCE):
        args = (_listed(targets[start : start + AT_ONCE]), pids, max(0, limit - len(out)))
        out.update(dict.fromkeys(db.execute(POINTERS, args)))
    return list(out)


def _listed(values: Sequence[Any]) -> str:
    # As text: SQLite takes JSON in a blob for something else.
    return encode(values).decode()


def read_values(
    db: sqlite3.Connection,
    params: Params,
    resource_types: Sequence[str],
    kind: Kind,
    code: str,
    limit: int,
) -> list[tuple[Value, ...]]:
    names = FIELDS[kind]
    row, marks = f"({', '.join(names)})", ", ".join("?" * len(names))
    # One step of the index for each distinct value, however many resources have it.
    query = (
        f"SELECT {', '.join(names)} FROM {kind} WHERE pid = ? AND {row} > ({marks})"
        f" ORDER BY {', '.join(names)} LIMIT 1"
    )
    out: dict[tuple[Value, ...], None] = {}
    for each in resource_types:
        pid, last = params.known(db, each, code), ("",) * len(names)
        while pid >= 0 and len(out) < limit:
            found = db.execute(query, (pid, *last)).fetchone()
            if found is None:
                break
            last = found
            out[tuple(reversed(found))] = None
    return list(out)


def read_referrers(
    db: sqlite3.Connection,
    resource_type: str,
    code: str,
    targets: Sequence[tuple[str, str]],
    *,
    params: Params,
    limit: int,
) -> list[Stored]:
    """The first `limit` in order of creation; of each target no more than so many are looked at."""
    pid = params.known(db, resource_type, code)
    query = (
        "SELECT rid FROM reference WHERE pid = ? AND id = ? AND url = '' AND type = ?"
        " ORDER BY rid LIMIT ?"
    )
    rids: set[int] = set()
    if pid >= 0:
        for target, id in dict.fromkeys(targets):
            rids.update(row[0] for row in db.execute(query, (pid, id, target, limit)))
    if not rids:
        return []
    some = one_of("rid", sorted(rids)[:limit])
    found = db.execute(f"SELECT {COLUMNS} FROM resource WHERE {some.text} ORDER BY rid", some.args)
    return [stored(row) for row in found]
