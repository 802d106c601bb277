"""Who points to a resource, and which values a parameter has, on each store."""

from __future__ import annotations

from fhir_server.storage.base import Store
from tests.contract.changes import change, deletion, put

P0, P1 = ("Patient", "p0"), ("Patient", "p1")


def pointing(code: str, id: str, kind: str = "Patient") -> dict[str, list[tuple[str, ...]]]:
    return {"reference": [(code, kind, id, "")]}


async def fill(store: Store) -> None:
    await put(
        store,
        change("p0"),
        change("t0", type="Task", index=pointing("patient", "p0")),
        change("t1", type="Task", index=pointing("patient", "p1")),
        change("t2", type="Task", index=pointing("focus", "p0")),
        change("t3", type="Task", index=pointing("patient", "p0", "Group")),
        change("e0", type="Encounter", index=pointing("subject", "p0")),
        change("e1", type="Encounter", index=pointing("subject", "p0")),
        deletion("e1", 2, type="Encounter"),
    )


BOTH = {"Task": ("patient",), "Encounter": ("subject",)}
CASES = [
    ({"Task": ("patient",)}, [P0], {("Task", "t0")}),
    ({"Task": ("patient", "focus")}, [P0], {("Task", "t0"), ("Task", "t2")}),
    (BOTH, [P0], {("Task", "t0"), ("Encounter", "e0")}),
    ({"Task": ("patient",)}, [P0, P1], {("Task", "t0"), ("Task", "t1")}),
    ({"Task": ("patient",), "Basic": ("subject",)}, [("Group", "p0")], {("Task", "t3")}),
    ({"Basic": ("subject",)}, [P0], set()),
    ({"Task": ("patient",)}, [], set()),
]


async def test_pointers_are_found_by_parameter_and_target(store: Store) -> None:
    await fill(store)
    for params, targets, expected in CASES:
        found = await store.pointers(params, targets, limit=10)
        assert set(found) == expected, (params, targets)
    assert len(await store.pointers({"Task": ("patient", "focus")}, [P0, P1], limit=2)) == 2


async def test_values_are_distinct(store: Store) -> None:
    tags = [("_tag", "s", "a"), ("_tag", "s", "b"), ("_tag", "", "a"), ("other", "s", "z")]
    uris = [("_profile", "http://x"), ("_profile", "http://y")]
    await put(
        store,
        change("p0", index={"token": tags, "uri": uris}),
        change("p1", index={"token": tags[:1], "uri": uris[:1]}),
        change("o0", type="Observation", index={"token": [("_tag", "t", "c")]}),
    )
    types = ["Observation", "Patient", "Basic"]
    found = await store.values(types, "token", "_tag", limit=10)
    assert sorted(found) == [("", "a"), ("s", "a"), ("s", "b"), ("t", "c")]
    assert len(await store.values(types, "token", "_tag", limit=2)) == 2
    assert sorted(await store.values(types, "uri", "_profile", limit=9)) == [
        ("http://x",),
        ("http://y",),
    ]
