"""A plan answered on one connection: which source leads, its page, its total."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from functools import cmp_to_key, partial
from typing import Any

from ..base import Page, Stored
from ..plan import Clause, Match, Plan, Sort, Value
from .budget import Budget
from .dates import Dates
from .lower import Lowering, ParamId
from .pages import COLUMNS, encode_cursor, lower_page, lower_total
from .sets import Lead, Sets
from .sources import Source, from_set, from_sort, from_stream, from_type, without_key
from .sql import Sql, one_of

SMALL = 1000  # a set below this is walked whole, in about 2 ms
SMALL_IN_THREAD = 50_000
SORTED = 200  # a set below this is sorted at once; of a larger one the order of an index is tried
STEPS_A_ROW = 20  # of SQLite, to test a resource of a set and to sort it


# Kind of the index, backward, with a cursor → statement.
_STREAMS: dict[tuple[str, bool, bool], str] = {}


@dataclass(slots=True)
class Search:
    """One search on one connection. `thread`: it may take its time, so it counts further.

    `log` collects what ran, for `explain`.
    """

    db: sqlite3.Connection
    param_id: ParamId
    budget: Budget
    thread: bool = False
    log: list[tuple[Sql, str, int]] | None = None
    types: list[str] = field(default_factory=list)

    def page(self, plan: Plan) -> Page:
        """Errors: store-not-supported; SQLite's interruption where a budget is spent."""
        if _is_stream(plan):  # one statement sees one moment anyway
            rows = self._stream(plan) if self.log is None else None
            if rows is None:
                rows = _OneType(self, plan).rows(bodies=True)
            return _page(plan, rows, None)
        with reading(self.db):
            if not plan.resource_type:
                return self._several(plan)
            one = _OneType(self, plan)
            total = one.total() if plan.total or not plan.limit else None
            if not plan.limit:
                return Page([], None, total)
            return _page(plan, one.rows(bodies=True), total)

    def _stream(self, plan: Plan) -> list[Any] | None:
        """One run of an index: such statements differ in their values alone, so each is lowered
        once. None where it is not one run.
        """
        clause = plan.where[0]
        if not isinstance(clause, Match):
            return None
        sets = Sets(self.db, Lowering(self.param_id), SMALL, scans=False)
        found = sets.stream(plan.resource_type, clause)
        if found is None or len(found) != 1:
            return None
        after = () if plan.after is None else plan.after[-1:]
        shape = (clause.kind, plan.backward, bool(after))
        text = _STREAMS.get(shape)
        if text is None:
            source = from_stream(plan, sets)
            assert source is not None
            text = lower_page(plan, Lowering(self.param_id), source, bodies=True).text
            _STREAMS[shape] = text
        return self.db.execute(text, (*found[0], *after, plan.limit + 1)).fetchall()

    def first(self, plan: Plan) -> tuple[str, str] | None:
        """Type and id of some match."""
        page = self.page(replace(plan, limit=1, total=False, sort=(), after=None))
        return (page.matches[0].resource_type, page.matches[0].id) if page.matches else None

    def _several(self, plan: Plan) -> Page:
        """Each type for itself, then the first of all of them."""
        there = all_types(self.db)
        types = [t for t in there if not plan.types or t in plan.types]
        rows: list[Any] = []
        total = 0
        for each in types:
            one = _OneType(self, replace(plan, resource_type=each))
            if plan.total or not plan.limit:
                total += one.total()
            if plan.limit:
                rows += one.rows(bodies=False)
        known = total if plan.total or not plan.limit else None
        if not plan.limit:
            return Page([], None, known)
        rows.sort(key=cmp_to_key(partial(_compare, plan)))
        found = with_bodies(self.db, rows[: plan.limit + 1])
        return _page(plan, found, known)

    def run(self, sql: Sql, source: Source) -> list[Any]:
        rows = self.db.execute(sql.text, sql.args).fetchall()
        if self.log is not None:
            self.log.append((sql, source.label, source.facts.get("entries", -1)))
        return rows


class _OneType:
    """One plan of one type: the choice of its source, made once."""

    def __init__(self, search: Search, plan: Plan) -> None:
        self._dates = Dates(search.db, search.param_id)
        plan = replace(plan, where=self._dates.merged(plan.resource_type, plan.where))
        self._search, self._plan = search, plan
        self._lowering = Lowering(search.param_id)
        most = SMALL_IN_THREAD if search.thread else SMALL
        self._sets = Sets(search.db, self._lowering, most, scans=search.thread)
        self._lead: Lead | None = None
        self._stream: Source | None = None
        if _is_stream(plan):
            self._stream = from_stream(plan, self._sets)
        if self._stream is None:
            self._lead = self._sets.smallest(plan.resource_type, plan.where)

    def total(self) -> int:
        source = from_set(self._lead) if self._lead else self._everything()
        sql = lower_total(self._plan, self._lowering, source)
        return int(self._run(sql, source)[0][0])

    def _everything(self) -> Source:
        plan = replace(self._plan, after=None)
        stream = from_stream(plan, self._sets)
        if stream is not None:
            return stream
        for place, clause in enumerate(plan.where):
            found = self._sets.of(plan.resource_type, clause)
            if found is not None:
                rest = plan.where[:place] + plan.where[place + 1 :]
                return from_set(Lead(found, rest))
        return from_type(plan.resource_type, plan.where)

    def rows(self, *, bodies: bool) -> list[Any]:
        """The rows of the page and one more, in the order they are looked for."""
        plan, lead = self._plan, self._lead
        if lead is None:
            return self._along(bodies) if plan.sort else self._read(self._in_order(), bodies)
        found = None
        if plan.sort and lead.set.size > SORTED and from_sort(plan, self._lowering, self._dates):
            # In order, the page may be full long before the whole set would be sorted.
            steps = lead.set.size * STEPS_A_ROW
            found = self._search.budget.attempt(steps, lambda: self._along(bodies))
        return self._read(from_set(lead), bodies) if found is None else found

    def _along(self, bodies: bool) -> list[Any]:
        """In the order of the first sort key, by its index."""
        plan = self._plan
        source = from_sort(plan, self._lowering, self._dates)
        if source is not None and self._lead is not None:
            source.sets = self._lead.near()
        if source is None:
            return self._read(from_type(plan.resource_type, plan.where), bodies)
        if plan.sort[0].kind == "" or _asks_for(plan.sort[0], plan.where):
            return self._read(source, bodies)
        return self._with_and_without_key(source, bodies)

    def _run(self, sql: Sql, source: Source) -> list[Any]:
        return self._search.run(self._lowering.statement(sql), source)

    def _in_order(self) -> Source:
        plan = self._plan
        stream = self._stream or from_stream(plan, self._sets)
        return stream or from_type(plan.resource_type, plan.where)

    def _with_and_without_key(self, source: Source, bodies: bool) -> list[Any]:
        """Resources that have the first sort key come first, then those that have none."""
        plan = self._plan
        out: list[Any] = []
        lacks = plan.after is not None and plan.after[0] is None
        has = plan.after is not None and not lacks
        for null_key in (True, False) if plan.backward else (False, True):
            if (null_key and plan.backward and has) or (
                not null_key and not plan.backward and lacks
            ):
                continue
            if len(out) > plan.limit:
                break
            # A part that the cursor does not lie in is read from its beginning.
            inside = plan.after is not None and null_key is lacks
            part = plan if inside else replace(plan, after=None)
            out += self._part(part, source, null_key, bodies)
        return out[: plan.limit + 1]

    def _part(self, plan: Plan, source: Source, null_key: bool, bodies: bool) -> list[Any]:
        if not null_key:
            sql = lower_page(plan, self._lowering, source, bodies=bodies)
            return self._run(sql, source)
        other = from_stream(replace(plan, after=None), self._sets)
        other = other or from_type(plan.resource_type, plan.where)
        lack = without_key(plan.resource_type, plan.sort[0], self._lowering, other.row)
        sql = lower_page(plan, self._lowering, other, bodies=bodies, more=[lack], null_key=True)
        return self._run(sql, other)

    def _read(self, source: Source, bodies: bool) -> list[Any]:
        sql = lower_page(self._plan, self._lowering, source, bodies=bodies)
        return self._run(sql, source)


def _is_stream(plan: Plan) -> bool:
    """The index may have the page in its order: nothing to choose, nothing to count."""
    alone = len(plan.where) == 1 and not plan.sort and not plan.total
    return alone and bool(plan.resource_type and plan.limit)


def _asks_for(sort: Sort, where: tuple[Clause, ...]) -> bool:
    """What has no such entry is no match."""
    return any(
        isinstance(c, Match) and (c.code, c.kind, c.negate) == (sort.code, sort.kind, False)
        for c in where
    )


@contextmanager
def reading(db: sqlite3.Connection) -> Iterator[None]:
    """All statements see the same moment."""
    begun = not db.in_transaction  # a guard is asked inside the writer's transaction
    try:
        if begun:
            db.execute("BEGIN")
        yield
    finally:
        if begun and db.in_transaction:
            # A budget that is spent must not interrupt the end: the transaction would stay open,
            # and all later searches of this connection would see the moment of this one.
            db.set_progress_handler(None, 0)
            db.execute("COMMIT")


def all_types(db: sqlite3.Connection) -> list[str]:
    """One step of the index for each type."""
    out: list[str] = []
    query = "SELECT type FROM resource WHERE type > ? ORDER BY type LIMIT 1"
    while row := db.execute(query, (out[-1] if out else "",)).fetchone():
        out.append(row[0])
    return out


def with_bodies(db: sqlite3.Connection, rows: Sequence[tuple[Value | None, ...]]) -> list[Any]:
    rids = [row[-1] for row in rows if isinstance(row[-1], int)]
    some = one_of("rid", rids)
    found = db.execute(f"SELECT rid, {COLUMNS} FROM resource WHERE {some.text}", some.args)
    whole = {row[0]: row[1:] for row in found}
    return [(*whole[row[-1]], *row) for row in rows]


def _compare(plan: Plan, a: Sequence[Any], b: Sequence[Any]) -> int:
    way = -1 if plan.backward else 1
    for place, sort in enumerate(plan.sort):
        x, y = a[place], b[place]
        if x is None or y is None:
            found = (x is None) - (y is None)
        else:
            found = ((x > y) - (x < y)) * (-1 if sort.descending else 1)
        if found:
            return found * way
    return (a[-1] - b[-1]) * way  # type: ignore[no-any-return]


def _page(plan: Plan, rows: list[Any], total: int | None) -> Page:
    """`rows`: in the order they were looked for, which is from the end where `backward`."""
    further = len(rows) > plan.limit
    rows = rows[: plan.limit]
    if plan.backward:
        rows.reverse()
    page = Page([Stored(*row[:4], method=row[4], body=row[5]) for row in rows], None, total)
    come_from = plan.after is not None
    if not rows or not (further or come_from):
        return page
    first, last = _cursor(plan, rows[0]), _cursor(plan, rows[-1])
    if plan.backward:
        page.before = first if further else None
        page.after = last if come_from else None
    else:
        page.after = last if further else None
        page.before = first if come_from else None
    return page


def _cursor(plan: Plan, row: Any) -> Any:
    return encode_cursor(plan.sort, row[6:])


def stored(row: tuple[Any, ...]) -> Stored:
    return Stored(row[0], row[1], row[2], row[3], method=row[4], body=row[5])
