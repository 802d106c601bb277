"""The clause Match on each kind of index entry, as a set of resources and as a filter of one."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from ...errors import FhirError
from ..plan import Kind, Match, Test
from .composites import COLUMNS as COMPOSITE_COLUMNS
from .composites import fill_tests, place_test
from .schema import COLUMNS, DAY_AND_HOUR
from .sql import Sql, both, either, join, lower_test

Tests = tuple[Test, ...]
RANGES = {"<", "<=", ">", ">="}
MOST_SELECTS = 64  # alternatives that are looked up one by one; more are tested on every entry

# The columns by which entries of a parameter are found; each begins an index of its own.
LEADING: dict[str, tuple[str, ...]] = {
    "token": ("value",),
    "string": ("folded",),
    "pinyin": ("value",),
    "reference": ("id",),
    "date": ("low",),
    "uri": ("value",),
    "number": ("low",),
    "quantity": ("base", "low"),
    "position": ("latitude",),
    "composite": ("p0t0",),
}
MAIN = {"token": "value", "reference": "id", "uri": "value", "string": "folded", "pinyin": "value"}


@dataclass(frozen=True, slots=True)
class Span:
    """An interval [low, high] of two columns, and the index of those entries which are wide."""

    low: str
    high: str
    index: str  # partial, on (…, high)
    wide: str  # its condition
    slack: int  # what `high - low` is at most for all others


SPANS: dict[str, tuple[Span, ...]] = {
    "date": (
        Span("low", "high", "date_wide", f"high - low > {DAY_AND_HOUR}", DAY_AND_HOUR),
    ),
    "number": (Span("low", "high", "number_wide", "high > low", 0),),
    "quantity": (
        Span("base_low", "base_high", "quantity_wide", "base_high > base_low", 0),
        Span("low", "high", "", "", 0),
    ),
}  # fmt: skip


def match_set(clause: Match, pid: int) -> tuple[Sql, bool] | None:
    """`SELECT rid …`, and whether an index leads to the entries.

    A resource may come several times. None for a negated clause.
    """
    if clause.negate:
        return None
    groups = _groups(clause)
    if len(groups) > MOST_SELECTS:
        tests = either([both([lower_test(t.field, t) for t in g]) for g in groups])
        return _select(clause, pid, "", tests), False
    selects: list[Sql] = []
    indexed = True
    for group in groups:
        leading = LEADING.get(clause.kind, ())
        group = _implied(clause.kind, group)
        split = _split(clause, pid, group)
        indexed &= not group or bool(split) or any(_leads(t, leading) for t in group)
        plain = both([lower_test(t.field, t) for t in group])
        selects += split or [_select(clause, pid, "", plain)]
    if not selects:
        return Sql("SELECT rid FROM resource WHERE 0", []), True
    return join(selects, " UNION ALL "), indexed


def match_filter(clause: Match, pid: int, rid: str, alias: str) -> Sql:
    """A condition on the resource whose row number is the expression `rid`."""
    # `+` keeps the look-up by resource: it has few entries, whatever the values.
    groups = [
        both([lower_test(f"+{alias}.{t.field}", t) for t in group]) for group in _groups(clause)
    ]
    no = "NOT " if clause.negate else ""
    kinds = _kinds(clause, alias + ".")
    text = f"{no}EXISTS (SELECT 1 FROM {clause.kind} {alias} WHERE {alias}.rid = {rid}"
    tests = either(groups)
    return Sql(
        f"{text} AND {alias}.pid = ?{kinds.text} AND {tests.text})",
        [pid, *kinds.args, *tests.args],
    )


def _groups(clause: Match) -> list[Tests]:
    """The alternatives over columns of the table. Errors: store-not-supported."""
    if clause.kind == "composite":
        placed = [tuple(place_test(clause.parts, t) for t in group) for group in clause.any_of]
        return [fill_tests(clause.parts, group) for group in placed]
    columns = COLUMNS.get(clause.kind, ())[1:-1]
    if not columns or any(t.field not in columns for group in clause.any_of for t in group):
        raise FhirError("store-not-supported")
    return merge_values(MAIN.get(clause.kind, ""), clause.any_of)


def merge_values(main: str, any_of: Sequence[Tests]) -> list[Tests]:
    """Alternatives that differ only in one value of the main field, as one list of values."""
    if len(any_of) < 2:
        return list(any_of)
    merged: dict[Tests, list[Test]] = {}
    out: list[Tests] = []
    for group in any_of:
        fixed = [t for t in group if t.field == main and t.operator in ("=", "in")]
        if len(fixed) == 1:
            merged.setdefault(tuple(t for t in group if t is not fixed[0]), []).append(fixed[0])
        else:
            out.append(group)
    for rest, same in merged.items():
        values = [v for t in same for v in (t.value if isinstance(t.value, tuple) else (t.value,))]
        test = same[0] if len(same) == 1 else Test(main, "in", tuple(values))
        out.append((test, *rest))
    return out


def _implied(kind: str, group: Tests) -> Tests:
    """An interval begins before it ends: what bounds its end from above bounds its beginning."""
    more: list[Test] = []
    for span in SPANS.get(kind, ()):
        ends = [t for t in group if t.field == span.high and t.operator in ("<", "<=", "=")]
        if ends and not any(t.field == span.low and t.operator in ("<", "<=", "=") for t in group):
            operator = "<" if ends[0].operator == "<" else "<="
            more.append(Test(span.low, operator, ends[0].value))  # type: ignore[arg-type]
    return (*group, *more)


def _split(clause: Match, pid: int, group: Tests) -> list[Sql]:
    """Two looks for what ends after a moment: the short entries begin not long before it, the long
    ones have an index by their end. Nothing where that does not apply."""
    for span in SPANS.get(clause.kind, ()):
        after = [t for t in group if t.field == span.high and t.operator in (">", ">=")]
        begun = any(t.field == span.low and t.operator in (">", ">=", "=") for t in group)
        if not after or begun or not span.index:
            continue
        end = after[0]
        assert not isinstance(end.value, str | tuple)
        short = (*group, Test(span.low, ">=", end.value - span.slack))
        return [
            _select(clause, pid, "", both([lower_test(t.field, t) for t in short])),
            _select(
                clause, pid, f" INDEXED BY {span.index}",
                both([Sql(span.wide, []), *(lower_test(_beside(t, span), t) for t in group)]),
            ),
        ]  # fmt: skip
    return []


def _beside(test: Test, span: Span) -> str:
    """A test of the beginning must not lure SQLite away from the index of the ends."""
    return f"+{span.low}" if test.field == span.low else test.field


def _leads(test: Test, leading: tuple[str, ...]) -> bool:
    return test.field in leading and (
        test.operator in ("=", "in", "starts") or test.operator in RANGES
    )


def _select(clause: Match, pid: int, index: str, tests: Sql) -> Sql:
    kinds = _kinds(clause, "")
    return Sql(
        f"SELECT rid FROM {clause.kind}{index} WHERE pid = ?{kinds.text} AND {tests.text}",
        [pid, *kinds.args, *tests.args],
    )


def _kinds(clause: Match, prefix: str) -> Sql:
    if clause.kind != "composite":
        return Sql("", [])
    return Sql(f" AND {prefix}kinds = ?", [",".join(clause.parts)])


# The columns that, all fixed, leave the entries of one parameter in order of creation.
STREAMS: dict[Kind, tuple[str, ...]] = {
    "token": ("value", "system"),
    "reference": ("id", "url", "type"),
    "uri": ("value",),
    "pinyin": ("value",),
}
Systems = Callable[[int, str], list[str]]


def is_unique(clause: Match) -> bool:
    """All columns of the key but the row number are fixed."""
    if len(clause.any_of) != 1 or clause.kind not in STREAMS:
        return False
    return sorted(t.field for t in clause.any_of[0] if t.operator == "=") == sorted(
        STREAMS[clause.kind]
    )


def fixed_rows(clause: Match, pid: int, systems: Systems) -> list[tuple[int | str, ...]] | None:
    """The alternatives as (pid, all columns of STREAMS); None where they are not of that kind.

    `systems` gives the systems which a value of a token parameter has.
    """
    columns = STREAMS.get(clause.kind)
    if clause.negate or columns is None:
        return None
    out: dict[tuple[int | str, ...], None] = {}
    for group in clause.any_of:
        tests = {t.field: str(t.value) for t in group if t.operator == "="}
        if len(tests) != len(group):
            return None
        if clause.kind == "token" and list(tests) == ["value"]:
            for system in systems(pid, tests["value"]):
                out[pid, tests["value"], system] = None
        elif set(tests) == set(columns):
            out[(pid, *(tests[c] for c in columns))] = None
        elif clause.kind == "reference" and set(tests) == {"id", "url"} and tests["id"] == "":
            out[pid, "", tests["url"], ""] = None
        else:
            return None
    return list(out)


assert len(COMPOSITE_COLUMNS) == 21
