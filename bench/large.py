"""`make bench-large`: the same searches on 20,000 and on 200,000 referrals, in one run.

What counts: each figure as a ratio to the bare Starlette route of the same run, and how much a
search slows down as the data grows tenfold. BENCH_REFERRALS names other sizes ("2000,20000"),
BENCH_STORE a MongoDB address to measure instead of SQLite, BENCH_FOLDER keeps the SQLite files.
"""

from __future__ import annotations

import asyncio
import os
import random
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import NamedTuple
from urllib.parse import quote

from fhir_server.app import build_service, build_store
from fhir_server.settings import Settings

from . import samples, servers
from .__main__ import load, same
from .load import Figures, request
from .population import Known, Population, fill
from .report import machine, put

SIZES = [int(n) for n in os.environ.get("BENCH_REFERRALS", "20000,200000").split(",")]
SECONDS = float(os.environ.get("BENCH_SECONDS", "3"))
STORE = os.environ.get("BENCH_STORE", "")
Stream = Callable[[], Iterator[bytes]]


class Row(NamedTuple):
    """One measurement; `ratio` to the bare route before and after it."""

    name: str
    clients: int
    figures: Figures
    ratio: float


def streams(known: Known) -> dict[str, Stream]:
    """Each search with parameters that differ from request to request; `_has` is not there yet."""
    pick = random.Random(7)
    patients = pick.sample(known.patients, min(2000, len(known.patients)))

    def each(form: str, values: list[str]) -> Stream:
        return same(*(request("GET", form.format(quote(v, safe=""))) for v in values))

    return {
        "read": each("/fhir/ServiceRequest/{}", known.requests),
        "search by identifier": each("/fhir/ServiceRequest?identifier={}", known.numbers),
        "search by patient, newest first": each(
            "/fhir/ServiceRequest?subject=Patient/{}&_sort=-authored&_count=10", patients
        ),
        "search by patient and date": each(
            "/fhir/ServiceRequest?subject=Patient/{}&authored=ge2025-01-01&_sort=authored", patients
        ),
        "chain: subject.identifier": same(
            *(
                request("GET", f"/fhir/ServiceRequest?subject.identifier=999{n:014d}")
                for n in range(min(500, len(known.patients)))
            )
        ),
        "_revinclude: referral with its Task": each(
            "/fhir/ServiceRequest?_id={}&_revinclude=Task:focus", known.requests
        ),
        "status with sort, first page": same(
            request("GET", "/fhir/ServiceRequest?status=active&_sort=-authored&_count=20")
        ),
        "history of one": each("/fhir/ServiceRequest/{}/_history", known.requests),
        "Patient/$everything": each("/fhir/Patient/{}/$everything?_count=50", patients),
        "$referral-history": each("/fhir/Patient/{}/$referral-history", patients),
        "create": samples.creates,
        "transaction of 20": samples.transactions,
    }


def measure(store: str, known: Known) -> tuple[list[Row], float]:
    """All streams with 1 and 16 clients; memory of the server process at the end, MB."""
    rows: list[Row] = []
    with servers.bare() as bare, servers.on(store) as (port, pid):
        baseline = same(request("GET", "/bare/1"))
        load(bare, baseline, 1)
        for name, stream in streams(known).items():
            for clients in (1, 16):
                before = load(bare, baseline, SECONDS / 3, clients)
                load(port, stream, SECONDS / 6, clients)
                found = load(port, stream, SECONDS, clients)
                after = load(bare, baseline, SECONDS / 3, clients)
                ratio = found.rate / ((before.rate + after.rate) / 2)
                rows.append(Row(name, clients, found, ratio))
        return rows, servers.memory(pid)


async def _prepare(store: str, population: Population) -> tuple[int, float]:
    settings = Settings(store=store)
    opened = build_store(settings)
    await opened.open()
    try:
        return await fill(build_service(settings, opened), population)
    finally:
        await opened.close()


def run(folder: Path) -> str:
    lines = []
    medians: dict[tuple[str, int], list[float]] = {}
    table = []
    for size in SIZES:
        store = STORE or f"sqlite:{folder / f'{size}.db'}"
        population = Population(size)
        count, seconds = asyncio.run(_prepare(store, population))
        lines.append(
            f"- {size:,} referrals: {count:,} resources loaded in {seconds:.0f} s"
            f" ({count / seconds:,.0f} a second, durable, in transactions of 400)."
        )
        rows, memory = measure(store, population.known)
        lines.append(f"- Memory of the server process with {size:,} referrals: {memory:.0f} MB.")
        for row in rows:
            p50, p95, p99 = (row.figures.percentile(p) * 1000 for p in (0.5, 0.95, 0.99))
            medians.setdefault((row.name, row.clients), []).append(p50)
            table.append(
                f"| {row.name} | {size:,} | {row.clients} | {row.figures.rate:,.0f} |"
                f" {row.ratio:.2f} | {p50:.2f} | {p95:.2f} | {p99:.2f} |"
            )
    if len(SIZES) > 1:
        lines.append("")
        lines.append(f"p50 with {SIZES[-1]:,} against {SIZES[0]:,} referrals (budget: 1.5 times):")
        lines.append("")
        for (name, clients), values in medians.items():
            if clients == 1:
                lines.append(f"- {name}: {values[-1] / values[0]:.2f}")
    head = (
        "| what | referrals | clients | requests/s | ratio to the bare route | p50 ms | p95 ms |"
        " p99 ms |\n|---|---|---|---|---|---|---|---|"
    )
    return "\n".join([head, *table, "", *lines])


def main() -> None:
    kept = os.environ.get("BENCH_FOLDER")
    with tempfile.TemporaryDirectory() as temporary:
        text = run(Path(kept or temporary))
    where = "MongoDB" if STORE else "SQLite on its disk"
    intro = f"{machine()}, {where}, one server process."
    put("large figures", f"{intro}\n\n{text}", title="With many referrals")
    print(text)


if __name__ == "__main__":
    main()
