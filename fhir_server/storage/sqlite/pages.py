"""One page, or the count, of what a source gives: statements whose rows are (…, sort keys, rid)."""

from __future__ import annotations

import math
from collections.abc import Sequence

from ..plan import Cursor, Plan, Sort, Value
from .lower import Lowering
from .sources import Source
from .sql import Sql, both, either

COLUMNS = "type, id, version, updated, method, body"
# JSON, in which a cursor travels, has no infinite numbers.
INFINITE: dict[float, str] = {math.inf: "inf", -math.inf: "-inf"}


def lower_page(
    plan: Plan,
    lowering: Lowering,
    source: Source,
    *,
    bodies: bool,
    more: Sequence[Sql] = (),
    null_key: bool = False,
) -> Sql:
    """`null_key`: all resources lack the first sort key. `bodies`: with the columns of `resource`,
    and without them only keys and row number."""
    wheres = [*source.where, *more]
    if source.rest:
        wheres.append(_tests(plan, lowering, source))
    keys = _keys(plan, lowering, source, null_key)
    direct = not plan.sort or (len(keys) == 1 and bool(source.key or null_key))
    cursor = decode_cursor(plan)
    if cursor is not None:
        wheres += _first(plan, source, cursor, direct)
    where = both(wheres)
    columns = "".join(f"{key.text} AS k{i}, " for i, key in enumerate(keys))
    text = f"SELECT {columns}{source.row.rid} AS rid FROM {source.table.text} WHERE {where.text}"
    args = [a for key in keys for a in key.args] + source.table.args + where.args
    if cursor is not None and not direct:
        seek = beyond(plan, cursor)
        text, args = f"SELECT * FROM ({text}) WHERE {seek.text}", [*args, *seek.args]
    text += f" ORDER BY {order(plan, source, null_key)} LIMIT ?"
    args.append(plan.limit + 1)
    if not bodies:
        return Sql(text, args)
    names = "".join(f"p.k{i}, " for i in range(len(keys)))
    columns = ", ".join(f"r.{c}" for c in COLUMNS.split(", "))
    # The page is the outer loop: its order is kept.
    return Sql(
        f"SELECT {columns}, {names}p.rid FROM ({text}) p CROSS JOIN resource r ON r.rid = p.rid",
        args,
    )


def _tests(plan: Plan, lowering: Lowering, source: Source) -> Sql:
    return lowering.all_of(plan.resource_type, source.rest, source.row, source.sets)


def _keys(plan: Plan, lowering: Lowering, source: Source, null_key: bool) -> list[Sql]:
    keys = []
    for place, sort in enumerate(plan.sort):
        if place == 0 and null_key:
            keys.append(Sql("NULL", []))
        elif place == 0 and source.key:
            keys.append(Sql(source.key, []))
        else:
            keys.append(lowering.sort_key(plan.resource_type, sort, source.row))
    return keys


def _first(plan: Plan, source: Source, cursor: Cursor, direct: bool) -> list[Sql]:
    """Where the page begins, as far as an index can go there."""
    if not plan.sort or (direct and not source.key):
        sign = "<" if plan.backward else ">"
        return [Sql(f"{source.row.rid} {sign} ?", [cursor[-1]])]
    if not source.key or cursor[0] is None:
        return []
    sign = "<" if plan.sort[0].descending is not plan.backward else ">"
    first = Sql(f"{source.key} {sign}= ?", [cursor[0]])
    if not direct:
        return [first]
    tie = "<" if plan.backward else ">"
    then = Sql(f"({source.key} {sign} ? OR {source.row.rid} {tie} ?)", [cursor[0], cursor[-1]])
    return [first, then]


def order(plan: Plan, source: Source, null_key: bool) -> str:
    terms: list[str] = []
    for place, sort in enumerate(plan.sort):
        if place == 0 and null_key:
            continue
        way = "DESC" if sort.descending is not plan.backward else "ASC"
        nulls = " NULLS FIRST" if plan.backward else " NULLS LAST"
        if place == 0 and source.key:
            nulls = ""  # there are none, and the index has the order
        terms.append(f"k{place} {way}{nulls}")
    return ", ".join([*terms, "rid DESC" if plan.backward else "rid"])


def beyond(plan: Plan, cursor: Cursor) -> Sql:
    """Rows behind the cursor, or before it: each key equal so far and the next one further."""
    choices: list[Sql] = []
    equal: list[Sql] = []
    for place, sort in enumerate(plan.sort):
        key, value = f"k{place}", cursor[place]
        sign = "<" if sort.descending is not plan.backward else ">"
        if value is None:
            if plan.backward:
                choices.append(both([*equal, Sql(f"{key} IS NOT NULL", [])]))
            equal = [*equal, Sql(f"{key} IS NULL", [])]
            continue
        further = Sql(f"{key} {sign} ?", [value])
        if not plan.backward:
            further = either([further, Sql(f"{key} IS NULL", [])])
        choices.append(both([*equal, further]))
        equal = [*equal, Sql(f"{key} = ?", [value])]
    tie = "<" if plan.backward else ">"
    choices.append(both([*equal, Sql(f"rid {tie} ?", [cursor[-1]])]))
    return either(choices)


def lower_total(plan: Plan, lowering: Lowering, source: Source) -> Sql:
    wheres = list(source.where)
    if source.rest:
        wheres.append(_tests(plan, lowering, source))
    where = both(wheres)
    return Sql(
        f"SELECT count(*) FROM {source.table.text} WHERE {where.text}",
        [*source.table.args, *where.args],
    )


def encode_cursor(sorts: Sequence[Sort], row: Sequence[Value | None]) -> Cursor:
    """`row`: the sort keys and the row number."""
    if not any(sort.kind in ("number", "quantity") for sort in sorts):
        return tuple(row)
    return tuple(INFINITE.get(v, v) if isinstance(v, float) else v for v in row)


def decode_cursor(plan: Plan) -> Cursor | None:
    if plan.after is None:
        return None
    back = {text: value for value, text in INFINITE.items()}
    numeric = [sort.kind in ("number", "quantity") for sort in plan.sort]
    return tuple(
        back.get(value, value) if number and isinstance(value, str) else value
        for value, number in zip(plan.after, [*numeric, False], strict=False)
    )
