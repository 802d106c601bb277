"""Pieces of SQL with their arguments, and single tests on a column."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from ...errors import FhirError
from ...model.json import encode
from ..plan import Test, Value

COMPARISONS = {"=": "=", "!=": "<>", "<": "<", "<=": "<=", ">": ">", ">=": ">="}
FEW = 8  # values of a list that become a `?` each; more go in as one JSON array


@dataclass(slots=True)
class Sql:
    """Text with its arguments in order."""

    text: str
    args: list[Any]


def false() -> Sql:
    """No literal: SQLite leaves out what is joined to one, and with it the condition of the
    partial index that a source names; then it finds "no query solution"."""
    return Sql("?", [0])


def join(parts: Sequence[Sql], by: str) -> Sql:
    return Sql(by.join(p.text for p in parts), [a for p in parts for a in p.args])


def both(parts: Sequence[Sql]) -> Sql:
    """All of them; none: true."""
    return join(parts, " AND ") if parts else Sql("1", [])


def either(parts: Sequence[Sql]) -> Sql:
    """One of them; none: false. A balanced tree: SQLite bounds the depth of an expression."""
    if len(parts) > 8:
        middle = len(parts) // 2
        parts = [either(parts[:middle]), either(parts[middle:])]
    if not parts:
        return false()
    if len(parts) == 1:
        return Sql(f"({parts[0].text})", parts[0].args)
    return (lambda found: Sql(f"({found.text})", found.args))(join(parts, " OR "))


def one_of(column: str, values: Sequence[Value]) -> Sql:
    """The column has one of the values, however many they are."""
    distinct = list(dict.fromkeys(values))
    if not distinct:
        return false()
    plain = all(isinstance(v, int) or (isinstance(v, str) and "\0" not in v) for v in distinct)
    if len(distinct) > FEW and plain:
        return Sql(f"{column} IN (SELECT value FROM json_each(?))", [encode(distinct).decode()])
    if len(distinct) <= FEW:
        # A short menu of lengths keeps statements prepared.
        size = next(n for n in (1, 2, 4, FEW) if n >= len(distinct))
        distinct += distinct[-1:] * (size - len(distinct))
    return Sql(f"{column} IN ({','.join('?' * len(distinct))})", distinct)


def lower_test(column: str, test: Test) -> Sql:
    """Errors: store-not-supported."""
    operator, value = test.operator, test.value
    if operator in COMPARISONS:
        return Sql(f"{column} {COMPARISONS[operator]} ?", [value])
    if operator == "in":
        assert isinstance(value, tuple)
        return one_of(column, value)
    if operator == "starts":
        # A range, which the index serves; LIKE would need a collation.
        return starts(column, str(value))
    if operator == "ends":
        text = str(value)
        return Sql(f"substr({column}, ?) = ?", [-len(text), text]) if text else Sql("1", [])
    if operator == "contains":
        return Sql(f"instr({column}, ?) > 0", [value])
    if operator == "within":
        return Sql(f"instr({column}, ?) > 0", [f" {value} "])
    raise FhirError("store-not-supported")


def starts(column: str, prefix: str) -> Sql:
    """From the prefix up to the next text of its length that does not begin with it."""
    for length in range(len(prefix), 0, -1):
        last = ord(prefix[length - 1])
        if last < 0x10FFFF:
            after = 0xE000 if last == 0xD7FF else last + 1  # no text holds a surrogate
            end = prefix[: length - 1] + chr(after)
            return Sql(f"({column} >= ? AND {column} < ?)", [prefix, end])
    return Sql(f"{column} >= ?", [prefix])
