"""What a batch demands of the state it is written on, checked inside its transaction."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from ..base import Change, Conflict, Guard, Present, Requirement, Unreferenced
from ..plan import Plan
from .params import Params
from .pointers import read_pointers

Key = tuple[str, str]


@dataclass(frozen=True, slots=True)
class Requirements:
    """`find` runs a guard's plan and names what it finds."""

    params: Params
    find: Callable[[sqlite3.Connection, Plan], Key | None]

    def check(self, db: sqlite3.Connection, each: Requirement, changes: Sequence[Change]) -> None:
        """Errors: Conflict."""
        if isinstance(each, Guard):
            found, name = self.find(db, each.plan), each.key
        elif isinstance(each, Unreferenced):
            found, name = self._referrer(db, each, changes), "unreferenced"
        else:
            found, name = _absent(db, each), "present"
        if found is not None:
            raise Conflict(found[0], found[1], name)

    def _referrer(
        self, db: sqlite3.Connection, each: Unreferenced, changes: Sequence[Change]
    ) -> Key | None:
        own = {(change.resource_type, change.id) for change in changes}
        found = read_pointers(db, self.params, each.params, each.targets, len(own) + 1)
        return next((key for key in found if key not in own), None)


def _absent(db: sqlite3.Connection, each: Present) -> Key | None:
    query = (
        "WITH wanted (type, id) AS (SELECT json_extract(value, '$[0]'), json_extract(value, '$[1]')"
        " FROM json_each(?)) SELECT type, id FROM wanted WHERE NOT EXISTS (SELECT 1 FROM resource r"
        " WHERE r.type = wanted.type AND r.id = wanted.id AND r.method <> 'DELETE') LIMIT 1"
    )
    found: Key | None = db.execute(query, (json.dumps(each.targets),)).fetchone()
    return found
