"""A clause that nothing can satisfy finds nothing, whatever index the search begins with."""

from __future__ import annotations

import pytest

from fhir_server.storage.plan import Kind, Match, OfType, Plan
from fhir_server.storage.plan import Test as Row
from tests.sqlite.conftest import Open, fill

ODD = Match("code", "token", ((Row("system", "=", ""), Row("value", "=", "odd")),))
CASES: list[tuple[Kind, str, str, str]] = [  # kind, code, a field that is one of none, another one
    ("date", "date", "low", "high"),
    ("string", "name", "folded", "exact"),
    ("token", "code", "value", "system"),
]


@pytest.mark.parametrize("beside", [(), (ODD,)], ids=["alone", "beside another"])
@pytest.mark.parametrize(("kind", "code", "field", "other"), CASES)
async def test_one_of_none(
    open_store: Open, kind: Kind, code: str, field: str, other: str, beside: tuple[Match, ...]
) -> None:
    store = await open_store()
    await fill(store, 40)
    least = 0 if kind == "date" else ""
    for none in ((Row(field, "in", ()), Row(other, ">=", least)), (Row(field, "in", ()),)):
        where = (Match(code, kind, (none,)), *beside)
        page = await store.search(Plan("Observation", where, total=True))
        assert (page.matches, page.total) == ([], 0)
    some = Match(code, kind, ((Row(other, ">=", least),),))
    page = await store.search(Plan("Observation", (some, *beside), total=True))
    assert page.total == (20 if beside else 40)


async def test_another_type(open_store: Open) -> None:
    store = await open_store()
    await fill(store, 4)
    for types, total in ((("Patient",), 0), (("Observation",), 4)):
        page = await store.search(Plan("Observation", (OfType(types),), total=True))
        assert page.total == total
