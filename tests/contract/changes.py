"""Short ways to write changes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import count
from typing import Any

from fhir_server.model.json import encode
from fhir_server.storage.base import Change, HistoryPlan, Json, Method, Store, Stored

Index = Mapping[str, Sequence[tuple[Any, ...]]]
_clock = count(1_795_104_000_000_000, 1_000)


def change(
    id: str,
    version: int = 1,
    *,
    type: str = "Patient",
    index: Index | None = None,
    updated: int = 0,
    **content: Any,
) -> Change:
    """Version `version` of a resource; the content is what is not id and resourceType.

    Entries of kind text are in the content too: a store may make them later, by `texts_of`.
    """
    if index and index.get("text"):
        content["words"] = index["text"]
    resource = {"resourceType": type, "id": id, **content}
    method: Method = "POST" if version == 1 else "PUT"
    moment = updated or next(_clock)
    return Change(
        method,
        type,
        id,
        version,
        moment,
        resource=resource,
        body=encode(resource),
        index=index or {},
    )


def deletion(id: str, version: int, *, type: str = "Patient") -> Change:
    return Change("DELETE", type, id, version, next(_clock))


async def put(store: Store, *changes: Change) -> None:
    """One by one, so that ids need not be in order of creation for both stores to agree."""
    for each in changes:
        await store.write([each])


async def read_versions(store: Store, id: str, limit: int = 100) -> list[Stored]:
    """The history of a Patient, newest first."""
    return (await store.history(HistoryPlan("Patient", id, limit=limit))).matches


async def count_versions(store: Store, id: str) -> int:
    page = await store.history(HistoryPlan("Patient", id, limit=0))
    assert page.total is not None
    return page.total


def texts_of(resource: Json) -> list[tuple[str, str]]:
    """What the server makes from the content of a resource; here it is written into it."""
    return [(code, words) for code, words in resource.get("words", ())]
