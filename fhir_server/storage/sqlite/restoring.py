"""Versions of another store, as they are. Spec: `Store.restore` in storage/base.py"""

from __future__ import annotations

from collections.abc import Sequence

from ..base import Change
from .writer import Batch

_OLDER = "INSERT OR IGNORE INTO history VALUES (?, ?, ?, ?, ?, ?)"
_CURRENT = "SELECT rid, version FROM resource WHERE type = ? AND id = ?"


def restore(batch: Batch, changes: Sequence[Change]) -> None:
    """Inside the transaction of the batch."""
    tops: dict[tuple[str, str], Change] = {}
    for each in changes:
        key = each.resource_type, each.id
        if key not in tops or tops[key].version < each.version:
            tops[key] = each
    older: list[tuple[object, ...]] = []
    for each in changes:
        key = each.resource_type, each.id
        rid, there = batch.db.execute(_CURRENT, key).fetchone() or (None, 0)
        if each is tops[key] and each.version > there:
            # The version that is there goes into the history when the batch is written.
            batch.add([each], [rid])
        elif each.version != there:
            older.append((*key, each.version, each.updated, each.method, each.body))
    batch.flush()
    batch.db.executemany(_OLDER, older)
