"""The clauses of a plan as conditions on one resource.

A clause has two forms: as a condition on a resource that is already at hand (here), and as a set of
resources, with which a search begins (see sets.py).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import count

from ...errors import FhirError
from ..plan import AnyOf, Chain, Clause, Has, Ids, Match, Near, Not, OfType, Sort, Updated
from .matching import match_filter
from .near import near_filter
from .schema import COLUMNS
from .sql import Sql, both, either, false, lower_test, one_of
from .words import words_filter

# The number of a search parameter of a resource type, as in table `param`.
ParamId = Callable[[str, str], int]


@dataclass(frozen=True, slots=True)
class Row:
    """A resource at hand: an expression for its row number, and maybe its row in `resource`."""

    rid: str
    table: str = ""

    def column(self, name: str) -> str:
        if self.table:
            return f"{self.table}.{name}"
        return f"(SELECT {name} FROM resource WHERE rid = {self.rid})"


# SQLite's parser holds 100 symbols. A condition inside another takes about ten of them, and so
# many are left for conditions around the statement that a search makes of them.
DEEPEST = 40
NO_SETS: Mapping[Clause, Sql] = {}
_NAME = re.compile(r"\bw[0-9]+\b")


class Lowering:
    """Conditions on resources of any type, for one search. Errors: store-not-supported."""

    def __init__(self, param_id: ParamId) -> None:
        self.param_id = param_id
        self._numbers = count()
        self._depth = 0
        self._named: dict[str, Sql] = {}

    def name(self, sql: Sql) -> str:
        """A name for a statement, to be used inside others, which keeps these flat."""
        name = f"w{len(self._named)}"
        self._named[name] = sql
        return name

    def statement(self, sql: Sql) -> Sql:
        """The statement with what it names, in a WITH clause before it."""
        if not self._named:
            return sql
        used: dict[str, None] = {}
        waiting = _NAME.findall(sql.text)
        while waiting:
            name = waiting.pop()
            if name not in used:
                used[name] = None
                waiting += _NAME.findall(self._named[name].text)
        if not used:
            return sql
        # One may use only what was named before it.
        names = [name for name in self._named if name in used]
        heads = ", ".join(f"{name} AS ({self._named[name].text})" for name in names)
        args = [a for name in names for a in self._named[name].args]
        return Sql(f"WITH {heads} {sql.text}", [*args, *sql.args])

    @contextmanager
    def _inside(self, symbols: int) -> Iterator[None]:
        self._depth += symbols
        yield
        self._depth -= symbols

    def alias(self) -> str:
        """Conditions lie inside each other: each table gets a name of its own."""
        return f"x{next(self._numbers)}"

    def all_of(
        self,
        resource_type: str,
        clauses: tuple[Clause, ...],
        row: Row,
        sets: Mapping[Clause, Sql] = NO_SETS,
    ) -> Sql:
        """`sets`: of some clauses, to look into instead of testing them on the resource."""
        tests = []
        for clause in clauses:
            found = sets.get(clause)
            if found is None:
                tests.append(self.condition(resource_type, clause, row))
            else:  # `+` lest the set lead
                tests.append(Sql(f"+{row.rid} IN ({found.text})", found.args))
        return both(tests)

    def condition(self, resource_type: str, clause: Clause, row: Row) -> Sql:
        if self._depth > DEEPEST and isinstance(clause, Chain | Has | AnyOf | Not):
            return self._apart(resource_type, clause, row)
        match clause:
            case Match():
                pid = self.param_id(resource_type, clause.code)
                lower = words_filter if clause.kind == "text" else match_filter
                return lower(clause, pid, row.rid, self.alias())
            case Near():
                pid = self.param_id(resource_type, clause.code)
                return near_filter(clause, pid, row.rid, self.alias())
            case Ids():
                inner = one_of(row.column("id"), clause.ids)
                return Sql(f"NOT {inner.text}", inner.args) if clause.negate else inner
            case OfType():
                return Sql("1", []) if resource_type in clause.types else false()
            case Updated():
                moment = row.column("updated")
                return either([both([lower_test(moment, t) for t in g]) for g in clause.any_of])
            case Chain():
                return self._chain(resource_type, clause, row)
            case Has():
                return self._has(resource_type, clause, row)
            case AnyOf():
                with self._inside(6):
                    return either([self.all_of(resource_type, g, row) for g in clause.groups])
            case Not():
                with self._inside(2):
                    inner = self.all_of(resource_type, clause.where, row)
                return Sql(f"NOT ({inner.text})", inner.args)
            case _:
                raise FhirError("store-not-supported")

    def _apart(self, resource_type: str, clause: Clause, row: Row) -> Sql:
        """Too deep for the parser: all resources that satisfy the clause, under a name."""
        depth, self._depth = self._depth, 0
        inner = self.condition(resource_type, clause, Row("r.rid", "r"))
        self._depth = depth
        text = (
            "SELECT r.rid FROM resource r WHERE r.type = ? AND r.method <> 'DELETE'"
            f" AND {inner.text}"
        )
        name = self.name(Sql(text, [resource_type, *inner.args]))
        return Sql(f"{row.rid} IN (SELECT rid FROM {name})", [])

    def _chain(self, resource_type: str, clause: Chain, row: Row) -> Sql:
        reference, target = self.alias(), self.alias()
        with self._inside(10):
            inner = self.all_of(clause.target, clause.where, Row(f"{target}.rid", target))
        text = (
            f"EXISTS (SELECT 1 FROM reference {reference} CROSS JOIN resource {target}"
            f" ON {target}.type = ? AND {target}.id = {reference}.id"
            f" AND {target}.method <> 'DELETE' WHERE {reference}.rid = {row.rid}"
            f" AND {reference}.pid = ? AND +{reference}.type = ? AND +{reference}.url = ''"
            f" AND {inner.text})"
        )
        pid = self.param_id(resource_type, clause.code)
        return Sql(text, [clause.target, pid, clause.target, *inner.args])

    def _has(self, resource_type: str, clause: Has, row: Row) -> Sql:
        source = self.alias()
        with self._inside(10):
            inner = self.all_of(clause.source, clause.where, Row(f"{source}.rid"))
        # Only living resources have entries.
        text = (
            f"EXISTS (SELECT 1 FROM reference {source} WHERE {source}.pid = ?"
            f" AND {source}.id = {row.column('id')} AND {source}.url = ''"
            f" AND {source}.type = ? AND {inner.text})"
        )
        pid = self.param_id(clause.source, clause.code)
        return Sql(text, [pid, resource_type, *inner.args])

    def sort_key(self, resource_type: str, sort: Sort, row: Row) -> Sql:
        if sort.code == "_id":
            return Sql(row.column("id"), [])
        if sort.code == "_lastUpdated":
            return Sql(row.column("updated"), [])
        if sort.field not in COLUMNS.get(sort.kind, ()):
            raise FhirError("store-not-supported")
        extreme = "max" if sort.descending else "min"
        text = (
            f"(SELECT {extreme}(+{sort.field}) FROM {sort.kind} WHERE rid = {row.rid} AND pid = ?)"
        )
        return Sql(text, [self.param_id(resource_type, sort.code)])
