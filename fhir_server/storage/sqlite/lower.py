"""A search plan as SQL.

A clause has two forms: as a set (`SELECT rid …`, for the one clause that leads the search) and as
a filter on a row of `resource` that is already at hand. Which clause leads is decided by the store,
which counts the smallest set first.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from ...errors import FhirError
from ..plan import AnyOf, Chain, Clause, Cursor, Ids, Match, Plan, Sort, Test, Updated

# The number of a search parameter of a resource type, as in table `param`.
ParamId = Callable[[str, str], int]
COMPARISONS = {"=", "<", "<=", ">", ">="}


@dataclass(slots=True)
class Sql:
    """Text with its arguments in order."""

    text: str
    args: list[Any]


def join(parts: list[Sql], by: str) -> Sql:
    return Sql(by.join(p.text for p in parts), [a for p in parts for a in p.args])


class Lowering:
    """Lowers clauses of one resource type. Errors: store-not-supported."""

    def __init__(self, resource_type: str, param_id: ParamId) -> None:
        self.type = resource_type
        self.param_id = param_id

    def as_set(self, clause: Clause) -> Sql | None:
        """`SELECT rid …` without a reference to an outer row; None for a negated clause."""
        if isinstance(clause, Match):
            return None if clause.negate else self._match_set(clause)
        if isinstance(clause, Ids):
            if clause.negate:
                return None
            marks = ",".join("?" * len(clause.ids))
            return Sql(
                f"SELECT rid FROM resource WHERE type = ? AND id IN ({marks})",
                [self.type, *clause.ids],
            )
        if isinstance(clause, Chain):
            return self._chain_set(clause)
        if isinstance(clause, Updated):
            tests = _any(clause.any_of, lambda t: _test("updated", t))
            text = (
                f"SELECT rid FROM resource WHERE type = ? AND method <> 'DELETE' AND {tests.text}"
            )
            return Sql(text, [self.type, *tests.args])
        if isinstance(clause, AnyOf):
            return self._any_set(clause)
        raise FhirError("store-not-supported")

    def as_filter(self, clause: Clause, row: str) -> Sql:
        """A condition on the row of `resource` that has the alias `row`."""
        if isinstance(clause, Match):
            return self._match_filter(clause, row)
        if isinstance(clause, Ids):
            marks = ",".join("?" * len(clause.ids))
            no = "NOT " if clause.negate else ""
            return Sql(f"{row}.id {no}IN ({marks})", list(clause.ids))
        if isinstance(clause, Updated):
            return _any(clause.any_of, lambda t: _test(f"{row}.updated", t))
        if isinstance(clause, Chain):
            return self._chain_filter(clause, row)
        if not isinstance(clause, AnyOf):
            raise FhirError("store-not-supported")
        groups = [self.all_of(group, row) for group in clause.groups]
        inner = join(groups, " OR ")
        return Sql(f"({inner.text or '0'})", inner.args)

    def all_of(self, clauses: tuple[Clause, ...], row: str) -> Sql:
        inner = join([self.as_filter(c, row) for c in clauses], " AND ")
        return Sql(f"({inner.text or '1'})", inner.args)

    def _match_set(self, clause: Match) -> Sql:
        tests = _any(clause.any_of, lambda t: _test(_column(clause.kind, t.field), t))
        text = f"SELECT rid FROM {clause.kind} WHERE pid = ? AND {tests.text}"
        return Sql(text, [self.param_id(self.type, clause.code), *tests.args])

    def _match_filter(self, clause: Match, row: str) -> Sql:
        tests = _any(clause.any_of, lambda t: _test("x." + _column(clause.kind, t.field), t))
        no = "NOT " if clause.negate else ""
        text = (
            f"{no}EXISTS (SELECT 1 FROM {clause.kind} x"
            f" WHERE x.rid = {row}.rid AND x.pid = ? AND {tests.text})"
        )
        return Sql(text, [self.param_id(self.type, clause.code), *tests.args])

    def _chain_set(self, clause: Chain) -> Sql:
        inner = Lowering(clause.target, self.param_id)
        where, args = ["t.type = ?", "t.method <> 'DELETE'"], [clause.target]
        for each in clause.where:
            part = inner.as_set(each)
            if part is not None:
                where.append(f"t.rid IN ({part.text})")
            else:
                part = inner.as_filter(each, "t")
                where.append(part.text)
            args += part.args
        text = (
            "SELECT rid FROM reference WHERE pid = ? AND url = '' AND type = ? AND id IN"
            f" (SELECT t.id FROM resource t WHERE {' AND '.join(where)})"
        )
        return Sql(text, [self.param_id(self.type, clause.code), clause.target, *args])

    def _chain_filter(self, clause: Chain, row: str) -> Sql:
        target = row + "c"  # a chain inside a chain gets an alias of its own
        inner = Lowering(clause.target, self.param_id).all_of(clause.where, target)
        text = (
            f"EXISTS (SELECT 1 FROM reference f JOIN resource {target}"
            f" ON {target}.type = f.type AND {target}.id = f.id AND {target}.method <> 'DELETE'"
            f" WHERE f.rid = {row}.rid AND f.pid = ? AND f.type = ? AND f.url = ''"
            f" AND {inner.text})"
        )
        return Sql(text, [self.param_id(self.type, clause.code), clause.target, *inner.args])

    def _any_set(self, clause: AnyOf) -> Sql | None:
        parts = [Sql("SELECT rid FROM resource WHERE 0", [])]
        for group in clause.groups:
            part = self.as_set(group[0]) if len(group) == 1 else None
            if part is None:
                return None
            parts.append(part)
        return join(parts, " UNION ")

    def sort_key(self, sort: Sort, row: str) -> Sql:
        if sort.code == "_id":
            return Sql(f"{row}.id", [])
        if sort.code == "_lastUpdated":
            return Sql(f"{row}.updated", [])
        column = _column(sort.kind, sort.field)
        extreme = "max" if sort.descending else "min"
        text = f"(SELECT {extreme}({column}) FROM {sort.kind} WHERE rid = {row}.rid AND pid = ?)"
        return Sql(text, [self.param_id(self.type, sort.code)])


def _column(kind: str, field: str) -> str:
    from .schema import COLUMNS

    if kind not in COLUMNS or field not in COLUMNS[kind]:
        raise FhirError("store-not-supported")
    return field


def _any(any_of: tuple[tuple[Test, ...], ...], lower: Callable[[Test], Sql]) -> Sql:
    groups = []
    for group in any_of:
        inner = join([lower(test) for test in group], " AND ")
        groups.append(Sql(f"({inner.text or '1'})", inner.args))
    if not groups:
        return Sql("0", [])
    if len(groups) == 1:
        return groups[0]
    either = join(groups, " OR ")
    return Sql(f"({either.text})", either.args)


def _test(column: str, test: Test) -> Sql:
    if test.operator in COMPARISONS:
        return Sql(f"{column} {test.operator} ?", [test.value])
    if test.operator == "!=":
        return Sql(f"{column} <> ?", [test.value])
    if test.operator == "starts":
        # A range, which the index serves; LIKE would need a collation.
        return _starts(column, str(test.value))
    if test.operator == "contains":
        return Sql(f"instr({column}, ?) > 0", [test.value])
    raise FhirError("store-not-supported")


# The columns that, all fixed, leave the entries of one parameter in order of creation.
STREAMS = {
    "token": ("system", "value"),
    "reference": ("type", "id", "url"),
    "uri": ("value",),
}


def lower_stream(plan: Plan, lowering: Lowering) -> Sql | None:
    """The page of a plan that one index holds in its order, whatever the number of matches.

    None for any other plan: one clause, one alternative, and every column of its index fixed.
    """
    if len(plan.where) != 1 or plan.sort or plan.total or not plan.limit:
        return None
    clause = plan.where[0]
    if not isinstance(clause, Match) or clause.negate or len(clause.any_of) != 1:
        return None
    tests = {test.field: test.value for test in clause.any_of[0] if test.operator == "="}
    columns = STREAMS.get(clause.kind, ("",))
    if len(clause.any_of[0]) != len(columns) or any(c not in tests for c in columns):
        return None
    fixed = "".join(f" AND x.{column} = ?" for column in columns)
    args: list[Any] = [lowering.param_id(plan.resource_type, clause.code)]
    args += [tests[column] for column in columns]
    if plan.after is not None:
        fixed += " AND x.rid > ?"
        args.append(plan.after[-1])
    text = (
        "SELECT r.type, r.id, r.version, r.updated, r.method, r.body, x.rid"
        f" FROM {clause.kind} x CROSS JOIN resource r ON r.rid = x.rid"
        f" WHERE x.pid = ?{fixed} AND r.method <> 'DELETE' ORDER BY x.rid LIMIT ?"
    )
    return Sql(text, [*args, plan.limit + 1])


def lower_page(plan: Plan, lowering: Lowering, lead: Sql | None, rest: tuple[Clause, ...]) -> Sql:
    """The statement of one page: columns of `resource`, then the sort keys, then rid."""
    where, args = _where(plan, lowering, lead, rest)
    keys = [lowering.sort_key(sort, "r") for sort in plan.sort]
    columns = "".join(f", {key.text} AS k{i}" for i, key in enumerate(keys))
    order = "".join(
        f"k{i} IS NULL, k{i} {'DESC' if sort.descending else 'ASC'}, "
        for i, sort in enumerate(plan.sort)
    )
    key_args = [a for key in keys for a in key.args]
    inner = (
        "SELECT r.type, r.id, r.version, r.updated, r.method, r.body"
        f"{columns}, r.rid AS rid FROM resource r WHERE {where}"
    )
    if not plan.sort:
        if plan.after is not None:
            inner += " AND r.rid > ?"
            args.append(plan.after[-1])
        return Sql(f"{inner} ORDER BY r.rid LIMIT ?", [*args, plan.limit + 1])
    if plan.after is None:
        return Sql(f"{inner} ORDER BY {order}rid LIMIT ?", [*key_args, *args, plan.limit + 1])
    seek = _after(plan.sort, plan.after)
    text = f"SELECT * FROM ({inner}) WHERE {seek.text} ORDER BY {order}rid LIMIT ?"
    return Sql(text, [*key_args, *args, *seek.args, plan.limit + 1])


def _starts(column: str, prefix: str) -> Sql:
    """From the prefix up to the next text of its length that does not begin with it."""
    for length in range(len(prefix), 0, -1):
        last = ord(prefix[length - 1])
        if last < 0x10FFFF:
            after = 0xE000 if last == 0xD7FF else last + 1  # no text holds a surrogate
            end = prefix[: length - 1] + chr(after)
            return Sql(f"({column} >= ? AND {column} < ?)", [prefix, end])
    return Sql(f"{column} >= ?", [prefix])


def lower_total(plan: Plan, lowering: Lowering, lead: Sql | None, rest: tuple[Clause, ...]) -> Sql:
    where, args = _where(plan, lowering, lead, rest)
    return Sql(f"SELECT count(*) FROM resource r WHERE {where}", args)


def _where(
    plan: Plan, lowering: Lowering, lead: Sql | None, rest: tuple[Clause, ...]
) -> tuple[str, list[Any]]:
    parts = [lowering.as_filter(clause, "r") for clause in rest]
    if lead is not None:
        # `+` keeps the planner from leading with the type when the set is the better start.
        head = Sql(f"r.rid IN ({lead.text}) AND +r.type = ?", [*lead.args, plan.resource_type])
    else:
        head = Sql("r.type = ?", [plan.resource_type])
    both = join([head, Sql("r.method <> 'DELETE'", []), *parts], " AND ")
    return both.text, both.args


def _after(sorts: tuple[Sort, ...], cursor: Cursor) -> Sql:
    """Rows behind the cursor: each key equal so far and the next one further, nulls last."""
    choices: list[Sql] = []
    equal: list[Sql] = []
    for i, sort in enumerate(sorts):
        value = cursor[i]
        if value is not None:
            beyond = "<" if sort.descending else ">"
            further = Sql(f"(k{i} {beyond} ? OR k{i} IS NULL)", [value])
            choices.append(join([*equal, further], " AND "))
            equal = [*equal, Sql(f"k{i} = ?", [value])]
        else:
            equal = [*equal, Sql(f"k{i} IS NULL", [])]
    choices.append(join([*equal, Sql("rid > ?", [cursor[-1]])], " AND "))
    either = join([Sql(f"({c.text})", c.args) for c in choices], " OR ")
    return Sql(f"({either.text})", either.args)
