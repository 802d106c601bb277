"""Entries of kind composite as rows of one wide table.

A part has three columns of text and four of numbers; what is searched first comes first, so that
one index on (first text of part 0, first text of part 1, first number of part 1) serves all.
"""

from __future__ import annotations

from typing import Any

from ...errors import FhirError
from ..plan import KINDS, Kind, Test

PARTS, TEXTS, NUMBERS = 3, 3, 4
# Where each field of a part lies. A column of numbers holds the integers of dates, and floats.
SLOTS: dict[str, dict[str, str]] = {
    "token": {"value": "t0", "system": "t1"},
    "string": {"folded": "t0", "exact": "t1"},
    "pinyin": {"value": "t0"},
    "reference": {"id": "t0", "type": "t1", "url": "t2"},
    "date": {"low": "n0", "high": "n1"},
    "uri": {"value": "t0"},
    "number": {"low": "n0", "high": "n1"},
    "quantity": {
        "base": "t0", "unit": "t1", "system": "t2",
        "base_low": "n0", "base_high": "n1", "low": "n2", "high": "n3",
    },
    "position": {"latitude": "n0", "longitude": "n1"},
}  # fmt: skip
COLUMNS = tuple(
    f"p{part}{kind}{n}"
    for part in range(PARTS)
    for kind, count in (("t", TEXTS), ("n", NUMBERS))
    for n in range(count)
)


def pack(entry: tuple[Any, ...]) -> tuple[Any, ...]:
    """An entry as (code, kinds of the parts, *COLUMNS)."""
    parts = entry[1:]
    values: list[Any] = []
    for place in range(PARTS):
        row: dict[str, Any] = dict.fromkeys(("t0", "t1", "t2"), "")
        if place < len(parts):
            kind, fields = parts[place][0], parts[place][1:]
            for name, value in zip(KINDS[kind], fields, strict=True):
                row[SLOTS[kind][name]] = value
        values += [row.get(c[2:]) for c in COLUMNS[: TEXTS + NUMBERS]]
    return entry[0], ",".join(part[0] for part in parts), *values


def place_test(parts: tuple[Kind, ...], test: Test) -> Test:
    """The test of a field `part.field` as a test of a column. Errors: store-not-supported."""
    place, _, name = test.field.partition(".")
    kind = parts[int(place)] if place.isdigit() and int(place) < len(parts) else ""
    slot = SLOTS.get(kind, {}).get(name)
    if slot is None:
        raise FhirError("store-not-supported")
    return Test(f"p{place}{slot}", test.operator, test.value)


def fill_tests(parts: tuple[Kind, ...], tests: tuple[Test, ...]) -> tuple[Test, ...]:
    """With a first part that is fixed, the empty first text of a second part of numbers, so that
    the index goes on to its number."""
    fixed = any(t.field == "p0t0" and t.operator in ("=", "in") for t in tests)
    if fixed and len(parts) > 1 and "t0" not in SLOTS[parts[1]].values():
        return (*tests, Test("p1t0", "=", ""))
    return tests
