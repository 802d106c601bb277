"""Clauses inside clauses, deeper than a parser's stack: every store follows them to the end."""

from __future__ import annotations

import pytest

from fhir_server.storage.base import Store
from fhir_server.storage.plan import AnyOf, Chain, Clause, Has, Match, Not, Plan
from fhir_server.storage.plan import Test as Row
from tests.contract.changes import change, put
from tests.contract.naive import Memory

LENGTH = 24
# Task 0 points to task 1, that to task 2, and so on; the last is done.
ROWS = [
    change(
        f"t{n:02}",
        type="Task",
        index={
            "reference": [("next", "Task", f"t{n + 1:02}", "")],
            "token": [("status", "", "done" if n == LENGTH - 1 else "open")],
        },
    )
    for n in range(LENGTH)
]


def status(value: str) -> Match:
    return Match("status", "token", ((Row("value", "=", value),),))


def chain(depth: int, end: Clause) -> Clause:
    return Chain("next", "Task", (chain(depth - 1, end),)) if depth else end


def has(depth: int, end: Clause) -> Clause:
    return Has("Task", "next", (has(depth - 1, end),)) if depth else end


def excluded(depth: int, end: Clause) -> Clause:
    return Not((excluded(depth - 1, end),)) if depth else end


def grouped(depth: int, end: Clause) -> Clause:
    return AnyOf(((grouped(depth - 1, end), Not(())), (Not(()),))) if depth else end


def mixed(depth: int, end: Clause) -> Clause:
    if not depth:
        return end
    inner = mixed(depth - 1, end)
    return Not((AnyOf(((Chain("next", "Task", (inner,)),), (Has("Task", "next", (inner,)),))),))


SHAPES = {"chain": chain, "has": has, "not": excluded, "any of": grouped, "mixed": mixed}


@pytest.mark.parametrize("shape", SHAPES)
@pytest.mark.parametrize("end", ["done", "open"])
async def test_depth(store: Store, shape: str, end: str, monkeypatch: pytest.MonkeyPatch) -> None:
    if store.name != "sqlite":
        pytest.skip("bounded by what an aggregation may nest; see docs/limits.md")
    await put(store, *ROWS)
    memory = Memory({})
    memory.write(ROWS)
    for depth in (1, 2, 3, 5, 8, 12, 20) if shape != "mixed" else (1, 2, 3, 4):
        plan = Plan("Task", (SHAPES[shape](depth, status(end)),), limit=100, total=True)
        expected = memory.search(plan)
        for small in (1000, 1):
            monkeypatch.setattr("fhir_server.storage.sqlite.searching.SMALL", small)
            page = await store.search(plan)
            assert [each.id for each in page.matches] == expected, depth
            assert page.total == len(expected)
    assert memory.search(Plan("Task", (chain(3, status("done")),))) == ["t20"]  # control
