"""Clauses as sets of resources, and which set is the smallest: with it a search begins.

A set is counted up to a limit, never further. A set inside another (the ends of a chain, the
sources of `_has`) is used only where it is small itself, so that no count costs more than a few
thousand steps of an index.
"""

from __future__ import annotations

import sqlite3
from dataclasses import dataclass, field

from ..plan import AnyOf, Chain, Clause, Has, Ids, Match, Near, OfType, Updated
from .dates import Dates
from .lower import Lowering, Row
from .matching import fixed_rows, is_unique, match_set
from .near import near_set
from .sql import Sql, both, join, lower_test, one_of
from .words import words_set

FEW_TESTED = 100  # resources that are tested one by one, without any set made for it
NEAR = 4  # so many times a set may be as large as the one that leads, to be made for it
MOST_SYSTEMS = 16  # of one code of one parameter, to be read in order of creation


@dataclass(slots=True)
class Set:
    """`SELECT rid …` of living resources of one type. A resource may come several times.

    `indexed`: an index leads to the entries, so that counting up to a limit is cheap. `unique`:
    each comes once.
    """

    sql: Sql
    label: str
    indexed: bool = True
    size: int = -1  # as far as counted
    unique: bool = False


def nothing(label: str = "nothing") -> Set:
    return Set(Sql("SELECT rid FROM resource WHERE 0", []), label, size=0)


@dataclass(slots=True)
class Lead:
    """The set a search begins with, and the clauses that are left to test. `known`: all sets that
    were counted to their ends."""

    set: Set
    rest: tuple[Clause, ...]
    known: dict[Clause, Set] = field(default_factory=dict)

    def near(self) -> dict[Clause, Sql]:
        """Sets that are not much larger than this one. To look into them, made once, is less than
        to look each resource up."""
        if self.set.size < FEW_TESTED:
            return {}
        most = self.set.size * NEAR
        return {clause: each.sql for clause, each in self.known.items() if each.size <= most}


class Sets:
    """Sets of one search on one connection. `most`: a set of so many is not small any more."""

    def __init__(
        self, db: sqlite3.Connection, lowering: Lowering, most: int, *, scans: bool
    ) -> None:
        self._db, self._lowering, self.most, self._scans = db, lowering, most, scans
        self._dates = Dates(db, lowering.param_id)

    def smallest(self, resource_type: str, where: tuple[Clause, ...]) -> Lead | None:
        """None where no clause has a small set."""
        where = self._dates.merged(resource_type, where)
        best: tuple[int, Set] | None = None
        known: dict[Clause, Set] = {}
        for place, clause in enumerate(where):
            each = self.of(resource_type, clause)
            if each is None or not (each.indexed or self._scans):
                continue
            if each.size < 0:
                self.count(each)
            if each.size < self.most:
                known[clause] = each
            if best is None or each.size < best[1].size:
                best = place, each
            if each.size < self.most // 10:
                break  # small enough; looking on would cost more than it saves
        if best is None or best[1].size >= self.most:
            return None
        place, found = best
        if found.size > FEW_TESTED and not found.unique:
            # A code that has one system comes once for a resource.
            rows = self.stream(resource_type, where[place])
            found.unique = rows is not None and len(rows) == 1
        return Lead(found, where[:place] + where[place + 1 :], known)

    def count(self, each: Set) -> None:
        query = Sql(f"SELECT count(*) FROM ({each.sql.text} LIMIT ?)", [*each.sql.args, self.most])
        whole = self._lowering.statement(query)
        each.size = self._db.execute(whole.text, whole.args).fetchone()[0]

    def of(self, resource_type: str, clause: Clause) -> Set | None:
        """None where the clause excludes instead of naming, or names too many by way of others."""
        match clause:
            case Match():
                pid = self._lowering.param_id(resource_type, clause.code)
                label = f"{clause.code} ({clause.kind})"
                if pid < 0 and not clause.negate:  # no resource ever had such an entry
                    return nothing(label)
                found = (words_set if clause.kind == "text" else match_set)(clause, pid)
                if found is None:
                    return None
                return Set(found[0], label, found[1], unique=is_unique(clause))
            case Near():
                pid = self._lowering.param_id(resource_type, clause.code)
                return Set(near_set(clause, pid), f"{clause.code} (position)")
            case Ids():
                return None if clause.negate else self._ids(resource_type, clause)
            case OfType():
                return None if resource_type in clause.types else nothing()
            case Updated():
                return self._updated(resource_type, clause)
            case Chain():
                return self._chain(resource_type, clause)
            case Has():
                return self._has(resource_type, clause)
            case AnyOf():
                return self._any_of(resource_type, clause)
            case _:
                return None

    def _inner(self, resource_type: str, where: tuple[Clause, ...]) -> str | None:
        """The name of the set of (rid, id) for which all clauses hold, if one of them is small; ""
        where one is empty."""
        lead = self.smallest(resource_type, where)
        if lead is None:
            return None
        if not lead.set.size:
            return ""
        rest = self._lowering.all_of(resource_type, lead.rest, Row("t.rid", "t"))
        text = (
            f"SELECT t.rid, t.id FROM resource t WHERE t.rid IN ({lead.set.sql.text})"
            f" AND t.method <> 'DELETE' AND {rest.text}"
        )
        return self._lowering.name(Sql(text, [*lead.set.sql.args, *rest.args]))

    def _ids(self, resource_type: str, clause: Ids) -> Set:
        ids = one_of("id", clause.ids)
        text = (
            f"SELECT rid FROM resource INDEXED BY resource_key WHERE type = ? AND {ids.text}"
            " AND method <> 'DELETE'"
        )
        return Set(Sql(text, [resource_type, *ids.args]), "_id")

    def _updated(self, resource_type: str, clause: Updated) -> Set:
        head = "SELECT rid FROM resource WHERE type = ? AND method <> 'DELETE' AND "
        parts = []
        for group in clause.any_of:
            tests = both([lower_test("updated", t) for t in group])
            parts.append(Sql(head + tests.text, [resource_type, *tests.args]))
        if not parts:
            return nothing()
        return Set(join(parts, " UNION ALL "), "_lastUpdated")

    def _chain(self, resource_type: str, clause: Chain) -> Set | None:
        pid = self._lowering.param_id(resource_type, clause.code)
        label = f"{clause.code} → {clause.target}"
        ends = self._inner(clause.target, clause.where) if pid >= 0 else ""
        if not ends:
            return None if ends is None else nothing(label)
        text = (
            f"SELECT x.rid FROM reference x WHERE x.pid = ? AND x.id IN (SELECT id FROM {ends})"
            " AND x.url = '' AND x.type = ?"
        )
        return Set(Sql(text, [pid, clause.target]), label)

    def _has(self, resource_type: str, clause: Has) -> Set | None:
        pid = self._lowering.param_id(clause.source, clause.code)
        label = f"{clause.source}.{clause.code} →"
        sources = self._inner(clause.source, clause.where) if pid >= 0 else ""
        if not sources:
            return None if sources is None else nothing(label)
        text = (
            "SELECT r.rid FROM resource r WHERE r.type = ? AND r.id IN (SELECT x.id FROM"
            f" reference x WHERE x.rid IN (SELECT rid FROM {sources}) AND x.pid = ?"
            " AND +x.type = ? AND +x.url = '') AND r.method <> 'DELETE'"
        )
        return Set(Sql(text, [resource_type, pid, resource_type]), label)

    def _any_of(self, resource_type: str, clause: AnyOf) -> Set | None:
        parts: list[Sql] = []
        labels: list[str] = []
        for group in clause.groups:
            lead = self.smallest(resource_type, group)
            if lead is None:
                return None
            if not lead.set.size:
                continue
            labels.append(lead.set.label)
            if not lead.rest and " UNION " not in lead.set.sql.text:
                parts.append(lead.set.sql)
                continue
            # Alias u, lest the condition meet an outer table of the same name.
            rest = self._lowering.all_of(resource_type, lead.rest, Row("u.rid", "u"))
            text = (
                f"SELECT u.rid FROM resource u WHERE u.rid IN ({lead.set.sql.text}) AND {rest.text}"
            )
            name = self._lowering.name(Sql(text, [*lead.set.sql.args, *rest.args]))
            parts.append(Sql(f"SELECT rid FROM {name}", []))
        if not parts:
            return nothing()
        return Set(_union(parts), " | ".join(labels))

    def stream(self, resource_type: str, clause: Clause) -> list[tuple[int | str, ...]] | None:
        """A clause whose entries lie in order of creation; see `matching.fixed_rows`."""
        if not isinstance(clause, Match) or len(clause.any_of) > MOST_SYSTEMS:
            return None
        pid = self._lowering.param_id(resource_type, clause.code)
        rows = fixed_rows(clause, pid, self._systems)
        return rows if rows is not None and len(rows) <= MOST_SYSTEMS else None

    def _systems(self, pid: int, value: str) -> list[str]:
        """The systems of a code, one step of the index for each; one more than are of use."""
        out: list[str] = []
        query = (
            "SELECT system FROM token WHERE pid = ? AND value = ? AND system > ?"
            " ORDER BY system LIMIT 1"
        )
        first = "SELECT 1 FROM token WHERE pid = ? AND value = ? AND system = '' LIMIT 1"
        if self._db.execute(first, (pid, value)).fetchone():
            out.append("")
        last = ""
        while len(out) <= MOST_SYSTEMS:
            row = self._db.execute(query, (pid, value, last)).fetchone()
            if row is None:
                break
            last = row[0]
            out.append(last)
        return out


def _union(parts: list[Sql]) -> Sql:
    """SQLite takes 500 terms in one compound."""
    if len(parts) <= 100:
        return join(parts, " UNION ALL ")
    halves = [_union(parts[: len(parts) // 2]), _union(parts[len(parts) // 2 :])]
    nested = [Sql(f"SELECT rid FROM ({h.text})", h.args) for h in halves]
    return join(nested, " UNION ALL ")
