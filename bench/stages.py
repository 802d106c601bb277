"""Where the processor time of a create and of a search goes, stage by stage, in this process."""

from __future__ import annotations

import asyncio
import tempfile
import time
from collections.abc import Awaitable, Callable, Iterable
from dataclasses import dataclass

from fhir_server.app import build_service, build_store
from fhir_server.exchange import Call, Service
from fhir_server.exchange.writing import change
from fhir_server.interactions.search import search
from fhir_server.model.ids import new_id
from fhir_server.model.json import decode_object
from fhir_server.settings import Settings
from fhir_server.storage.base import Change

from . import samples

GROUP = 16  # creations in one commit, as 16 clients make them
ROUNDS = 60
PATIENTS = 200


@dataclass(frozen=True)
class Stage:
    name: str
    micros: float


def _best(action: Callable[[], object], count: int = 200) -> float:
    """Microseconds of one call; the best of some rounds, since other programs disturb."""
    best = float("inf")
    for _ in range(7):
        start = time.thread_time()
        for _ in range(count):
            action()
        best = min(best, time.thread_time() - start)
    return best / count * 1_000_000


async def _best_of(action: Callable[[], Awaitable[object]], each: int) -> tuple[float, float]:
    """As `_best`, of one of `each`: on the event loop, and in other threads meanwhile."""
    rounds = []
    for _ in range(ROUNDS):
        mine, all_ = time.thread_time(), time.process_time()
        await action()
        mine, all_ = time.thread_time() - mine, time.process_time() - all_
        rounds.append((mine, all_ - mine))
    middle = sorted(rounds)[ROUNDS // 4]
    return middle[0] / each * 1_000_000, middle[1] / each * 1_000_000


def _change(service: Service, number: int) -> Change:
    resource = samples.service_request(f"p{number % PATIENTS}", number)
    return change(service, resource, new_id(), 1, "POST")


async def _create(service: Service) -> list[Stage]:
    body = samples.encoded(samples.service_request("p1", 1_000_001))
    resource = decode_object(body)
    indexing = _best(lambda: service.indexer.entries(resource))
    numbers = iter(range(10_000_000))

    async def write() -> None:
        some = [_change(service, next(numbers)) for _ in range(GROUP)]
        await asyncio.gather(*(service.store.write([each]) for each in some))

    making = _best(lambda: _change(service, 1))
    for _ in range(PATIENTS * 10 // GROUP):  # ten referrals of each patient
        await write()
    writing, committing = await _best_of(write, GROUP)
    return [
        Stage("JSON to a dict, duplicate keys refused", _best(lambda: decode_object(body))),
        Stage(
            "structural validation",
            _best(lambda: service.structure.check(resource, "ServiceRequest")),
        ),
        Stage("index entries", indexing),
        Stage(
            "id, time, JSON",
            _best(lambda: change(service, resource, new_id(), 1, "POST")) - indexing,
        ),
        Stage("rows into SQLite", writing - making),
        Stage("commit, in its own thread", committing),
    ]


async def _search(service: Service) -> list[Stage]:
    pairs = [[("subject", f"Patient/p{n}")] for n in range(PATIENTS)]
    compiler, store = service.compiler, service.store

    async def all_(action: Callable[[list[tuple[str, str]]], Awaitable[object]]) -> float:
        async def each() -> None:
            for one in pairs:
                await action(one)

        return (await _best_of(each, PATIENTS))[0]

    async def plan(one: list[tuple[str, str]]) -> None:
        compiler.compile("ServiceRequest", one, lenient=False)

    async def page(one: list[tuple[str, str]]) -> None:
        await store.search(compiler.compile("ServiceRequest", one, lenient=False).plan)

    async def answer(one: list[tuple[str, str]]) -> None:
        await search(Call(service, "http://127.0.0.1/fhir", "ServiceRequest", pairs=one))

    compiling, paging, answering = [await all_(each) for each in (plan, page, answer)]
    return [
        Stage("parameters to a plan", compiling),
        Stage("plan to SQL, SQLite, rows", paging - compiling),
        Stage("Bundle of the stored texts", answering - paging),
    ]


async def _measure() -> tuple[list[Stage], list[Stage]]:
    with tempfile.TemporaryDirectory() as folder:
        settings = Settings(store=f"sqlite:{folder}/stages.db")
        store = build_store(settings)
        await store.open()
        try:
            service = build_service(settings, store)
            return await _create(service), await _search(service)
        finally:
            await store.close()


def _table(title: str, stages: Iterable[Stage], whole: float) -> list[str]:
    """`whole`: the server's processor time for one request over HTTP, in microseconds."""
    rows = list(stages)
    rest = max(0.0, whole - sum(each.micros for each in rows))
    rows.append(Stage("HTTP, event loop, routes, everything else", rest))
    return [
        f"| {title} | µs | share |",
        "|---|---|---|",
        *(f"| {each.name} | {each.micros:.0f} | {each.micros / whole:.0%} |" for each in rows),
        f"| **all** | {whole:.0f} | |",
        "",
    ]


def report(create: float, search: float) -> str:
    creating, searching = asyncio.run(_measure())
    return "\n".join(
        [*_table("create", creating, create), *_table("search, 10 matches", searching, search)]
    )
