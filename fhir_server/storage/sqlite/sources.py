"""From where a search takes its resources, one by one and in which order."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from ..plan import Clause, Plan, Sort
from .dates import Dates
from .lower import Lowering, Row
from .matching import STREAMS
from .sets import Lead, Sets
from .sql import Sql, join

# Columns of an index table that tell two entries of a resource apart, in the order of its index;
# the first is what a sort goes by.
ORDERED: dict[str, tuple[str, ...]] = {
    "token": ("value", "system"),
    "string": ("folded", "exact"),
    "reference": ("id", "url", "type"),
    "date": ("low", "high"),
    "uri": ("value",),
    "number": ("low", "high"),
}


@dataclass(slots=True)
class Source:
    """A FROM clause with the conditions it needs. `row`: the resource at hand.

    `key`: an expression for the first sort key, by which an index holds the rows in order. `sets`:
    of clauses in `rest`, to look into.
    """

    table: Sql
    row: Row
    where: list[Sql]
    rest: tuple[Clause, ...]
    label: str
    key: str = ""
    ordered: bool = False  # rows come in order of creation
    facts: dict[str, int] = field(default_factory=dict)
    sets: Mapping[Clause, Sql] = field(default_factory=dict)


def from_set(lead: Lead) -> Source:
    whole = lead.set.sql.text
    distinct = whole if lead.set.unique else f"SELECT DISTINCT rid FROM ({whole})"
    facts = {"entries": lead.set.size}
    table = Sql(f"({distinct}) s", lead.set.sql.args)
    return Source(table, Row("s.rid"), [], lead.rest, lead.set.label, facts=facts, sets=lead.near())


def from_type(resource_type: str, rest: tuple[Clause, ...]) -> Source:
    """All living resources of a type, in order of creation."""
    where = [Sql("r.type = ? AND r.method <> 'DELETE'", [resource_type])]
    table = Sql("resource r INDEXED BY resource_live", [])
    return Source(table, Row("r.rid", "r"), where, rest, "order of creation", ordered=True)


def from_stream(plan: Plan, sets: Sets) -> Source | None:
    """A clause whose entries an index holds in order of creation; None where there is none."""
    for place, clause in enumerate(plan.where):
        rows = sets.stream(plan.resource_type, clause)
        if rows is None:
            continue
        rest = plan.where[:place] + plan.where[place + 1 :]
        kind, code = clause.kind, clause.code  # type: ignore[union-attr]
        label = f"{code} ({kind}), in order of creation"
        columns = ("pid", *STREAMS[kind])
        if len(rows) == 1:
            fixed = " AND ".join(f"s.{c} = ?" for c in columns)
            table, where = Sql(f"{kind} s", []), [Sql(fixed, list(rows[0]))]
        else:
            fixed = " AND ".join(f"{c} = ?" for c in columns)
            seek, args = _seek(plan)
            parts = [Sql(f"SELECT rid FROM {kind} WHERE {fixed}{seek}", [*r, *args]) for r in rows]
            merged = join(parts or [Sql("SELECT rid FROM resource WHERE 0", [])], " UNION ")
            down = " DESC" if plan.backward else ""
            table, where = Sql(f"({merged.text} ORDER BY 1{down}) s", merged.args), []
        return Source(table, Row("s.rid"), where, rest, label, ordered=True)
    return None


def _seek(plan: Plan) -> tuple[str, list[object]]:
    """Where a page by order of creation begins, inside each part of a union."""
    if plan.sort or plan.after is None:
        return "", []
    return f" AND rid {'<' if plan.backward else '>'} ?", [plan.after[-1]]


def from_sort(plan: Plan, lowering: Lowering, dates: Dates) -> Source | None:
    """All resources that have the first sort key, in its order; None where no index has it.

    Of several entries of a resource only the one that counts is taken.
    """
    resource_type, sort = plan.resource_type, plan.sort[0]
    if sort.code in ("_id", "_lastUpdated"):
        index, column = {
            "_id": ("resource_key", "r.id"),
            "_lastUpdated": ("resource_updated", "r.updated"),
        }[sort.code]
        where = [Sql("r.type = ? AND r.method <> 'DELETE'", [resource_type])]
        table = Sql(f"resource r INDEXED BY {index}", [])
        label = f"in order of {sort.code}"
        return Source(table, Row("r.rid", "r"), where, plan.where, label, key=column)
    columns = ORDERED.get(sort.kind)
    if columns is None:
        return None
    pid = lowering.param_id(resource_type, sort.code)
    label = f"in order of {sort.code} ({sort.kind})"
    if sort.kind == "date" and dates.single(pid):
        # One entry a resource: it counts, and clauses on it say where the order begins.
        where, rest = dates.bounds(plan, pid)
        where = [Sql("s.pid = ?", [pid]), *where]
        return Source(Sql("date s", []), Row("s.rid"), where, rest, label, key="s.low")
    compare = ">" if sort.descending else "<"
    other, own = (", ".join(f"{a}{c}" for c in columns) for a in ("+y.", "s."))
    other = f"({other})" if len(columns) > 1 else other
    own = f"({own})" if len(columns) > 1 else own
    where = [
        Sql("s.pid = ?", [pid]),
        Sql(
            f"NOT EXISTS (SELECT 1 FROM {sort.kind} y WHERE y.rid = s.rid AND y.pid = ?"
            f" AND {other} {compare} {own})",
            [pid],
        ),
    ]
    # Not the index by resource, whatever SQLite believes of it: this order is what is wanted.
    table = Sql(f"{sort.kind} s", [])
    return Source(table, Row("s.rid"), where, plan.where, label, key=f"s.{columns[0]}")


def without_key(resource_type: str, sort: Sort, lowering: Lowering, row: Row) -> Sql:
    """The resource has no entry of the sort parameter."""
    pid = lowering.param_id(resource_type, sort.code)
    text = f"NOT EXISTS (SELECT 1 FROM {sort.kind} y WHERE y.rid = {row.rid} AND y.pid = ?)"
    return Sql(text, [pid])
