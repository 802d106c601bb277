"""`explain` says how a search runs here, in words that hold no value of anybody's resource."""

from __future__ import annotations

import pytest

from fhir_server.storage.base import Store
from fhir_server.storage.plan import Chain, Clause, Has, Ids, Match, Plan, Sort, Updated
from fhir_server.storage.plan import Test as Row
from tests.contract.changes import change, put

CODE = Match("code", "token", ((Row("value", "=", "1"),),))
PLANS: dict[str, Plan] = {
    "match": Plan("Task", (CODE,)),
    "ids": Plan("Task", (Ids(("t1", "t2")),)),
    "moment": Plan("Task", (Updated(((Row("at", ">", 1),),)),)),
    "chain": Plan("Task", (Chain("for", "Patient", (CODE,)),)),
    "has": Plan("Patient", (Has("Task", "for", (CODE,)),)),
    "sort": Plan("Task", (CODE,), (Sort("_lastUpdated", "", True),)),
}


@pytest.mark.parametrize("name", PLANS)
async def test_explain(store: Store, name: str) -> None:
    entries: dict[str, list[tuple[object, ...]]] = {
        "token": [("code", "", "1")],
        "reference": [("for", "Patient", "p", "")],
    }
    await put(store, change("p", index=entries), change("t1", type="Task", index=entries))
    plan = PLANS[name]
    told = await store.explain(plan)
    assert told["store"] == store.name
    assert told["plan"]
    assert (await store.search(plan)).matches  # control
    if store.name == "sqlite":
        assert told["index"]
        assert told["lead"]
        assert "?" in told["sql"]
    else:
        assert told["collection"] == plan.resource_type
        assert told["pipeline"]


async def test_explain_of_a_type_that_has_nothing(store: Store) -> None:
    clauses: tuple[Clause, ...] = (CODE,)
    assert (await store.explain(Plan("Basic", clauses)))["store"] == store.name
    assert (await store.explain(Plan("", clauses)))["store"] == store.name
