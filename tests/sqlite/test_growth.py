"""What a search costs does not follow what is stored beside its matches: the searches of `make
bench-large`, in steps of SQLite's machine, which no other program on this machine can change."""

from __future__ import annotations

import itertools
import statistics
from collections.abc import AsyncIterator
from dataclasses import dataclass, replace
from pathlib import Path
from urllib.parse import parse_qsl, unquote, urlsplit

import pytest

from bench.kept import words_ready
from bench.population import Known, Population, fill
from bench.streams import Stream, searches
from fhir_server.app import build_service, build_store
from fhir_server.exchange.call import Service
from fhir_server.exchange.searching import compile_search
from fhir_server.settings import Settings
from fhir_server.storage.sqlite import SqliteStore, budget, searching
from fhir_server.storage.sqlite.budget import Budget
from fhir_server.storage.sqlite.searching import Search

SIZES = (300, 3000)
GROWTH = 1.5
LIMIT = 5  # matches of a page, of which there are enough in the small store
PAGE = 6_000  # steps: of some hundred resources that are tested for a page
ASKED = 40  # requests of a stream


def query_of(request: bytes) -> tuple[str, list[tuple[str, str]]]:
    """The resource type and the parameters of a search."""
    parts = urlsplit(request.split(b" ")[1].decode())
    return unquote(parts.path.removeprefix("/fhir/")), parse_qsl(parts.query)


@dataclass
class Region:
    """A store with so many referrals."""

    store: SqliteStore
    service: Service
    known: Known

    async def steps(self, request: bytes) -> tuple[int, int]:
        """What the store does for the matches of a search, and how many there are."""
        resource_type, pairs = query_of(request)
        query = await compile_search(self.service, resource_type, pairs)
        db, whole = self.store._db, 10**9
        assert db is not None
        counted = Budget(whole)
        with counted.on(db):
            plan = replace(query.plan, limit=min(LIMIT, query.plan.limit))
            page = Search(db, self.store._known(db), counted).page(plan)
        found = len(page.matches) + (page.total or 0)
        return (whole - counted.looks) * budget.STEPS, found

    async def cost(self, stream: Stream) -> float:
        requests = itertools.islice(stream.make(), ASKED)
        told = [await self.steps(each) for each in requests]
        assert any(found for _, found in told) or ":missing" in stream.name, "nothing is found"
        return statistics.fmean(steps for steps, _ in told)


@pytest.fixture(scope="module")
async def regions(
    tmp_path_factory: pytest.TempPathFactory, anyio_backend: str
) -> AsyncIterator[list[Region]]:
    found = []
    for size in SIZES:
        path = Path(tmp_path_factory.mktemp("growth")) / f"{size}.db"
        settings = Settings(store=f"sqlite:{path}")
        store = build_store(settings)
        assert isinstance(store, SqliteStore)
        await store.open()
        service, population = build_service(settings, store), Population(size)
        await fill(service, population)
        await words_ready(store)
        found.append(Region(store, service, population.known))
    yield found
    for each in found:
        await each.store.close()


@pytest.fixture(autouse=True)
def small(monkeypatch: pytest.MonkeyPatch) -> None:
    """So few are not walked whole, and so often is counted."""
    monkeypatch.setattr(searching, "SMALL", 25)
    monkeypatch.setattr(budget, "STEPS", 20)


NAMES = [(each.name, each.scales) for each in searches(Known(["p"], ["r"], ["n"]))]


@pytest.mark.parametrize("name", [name for name, scales in NAMES if scales])
async def test_it_does_not_grow(regions: list[Region], name: str) -> None:
    before, after = [
        await region.cost(next(s for s in searches(region.known) if s.name == name))
        for region in regions
    ]
    assert after < before * GROWTH + PAGE, f"{before:,.0f} steps, then {after:,.0f}"


async def test_what_has_to_look_at_everything_is_seen_to_grow(regions: list[Region]) -> None:
    """The control: these are said to be without a bound."""
    for name in [name for name, scales in NAMES if "nearly all" in name]:
        before, after = [
            await region.cost(next(s for s in searches(region.known) if s.name == name))
            for region in regions
        ]
        assert after > before * GROWTH + PAGE, (name, before, after)
