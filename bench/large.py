"""`make bench-large`: the same requests on 20,000 and on 200,000 referrals, in one run.

What counts: each figure as a ratio to the bare Starlette route of the same run, and how much a
search slows down as the data grows tenfold. BENCH_REFERRALS names other sizes ("2000,20000"),
BENCH_STORE a MongoDB address to measure instead of SQLite, BENCH_FOLDER keeps the SQLite files.
"""

from __future__ import annotations

import asyncio
import os
import tempfile
from dataclasses import dataclass, field
from pathlib import Path
from typing import NamedTuple

from fhir_server.app import build_service, build_store
from fhir_server.errors import FhirError
from fhir_server.settings import Settings
from fhir_server.storage.base import Store
from fhir_server.storage.plan import Match, Plan, Test

from . import servers
from .load import Figures, load, request
from .population import Known, Population, fill
from .report import machine, put
from .streams import Stream, same, streams

SIZES = [int(n) for n in os.environ.get("BENCH_REFERRALS", "20000,200000").split(",")]
SECONDS = float(os.environ.get("BENCH_SECONDS", "1.5"))
STORE = os.environ.get("BENCH_STORE", "")
HEAD = (
    "| what | referrals | workers | clients | requests/s | ratio to the bare route |"
    " p50 ms | p95 ms | p99 ms |\n|---|---|---|---|---|---|---|---|---|"
)


class Row(NamedTuple):
    """One measurement; `ratio` to the bare route before and after it."""

    stream: Stream
    referrals: int
    workers: int
    clients: int
    figures: Figures
    ratio: float

    @property
    def p50(self) -> float:
        return self.figures.percentile(0.5)

    def __str__(self) -> str:
        times = " | ".join(f"{self.figures.percentile(p) * 1000:.2f}" for p in (0.5, 0.95, 0.99))
        return (
            f"| {self.stream.name} | {self.referrals:,} | {self.workers} | {self.clients} |"
            f" {self.figures.rate:,.0f} | {self.ratio:.2f} | {times} |"
        )


@dataclass
class Measured:
    """`memory`: that of each serving process at the end, MB. `failed`: streams without figures."""

    rows: list[Row] = field(default_factory=list)
    memory: list[float] = field(default_factory=list)
    failed: list[str] = field(default_factory=list)


def measure(store: str, size: int, known: Known, workers: int) -> Measured:
    """With one process all streams with 1 and 16 clients, with more some of them with 16."""
    out = Measured()
    baseline = same(request("GET", "/bare/1"))
    with servers.bare() as (bare, _), servers.on(store, workers) as (port, pid):
        load(bare, baseline, 0.5)
        for stream in streams(known):
            if workers > 1 and not stream.workers:
                continue
            for clients in (1, 16) if workers == 1 else (16,):
                before = load(bare, baseline, SECONDS / 5, clients)
                try:
                    load(port, stream.make, SECONDS / 5, clients)
                    found = load(port, stream.make, SECONDS, clients)
                except RuntimeError as error:
                    out.failed.append(f"- Not measured: {stream.name}, {clients} clients: {error}.")
                    continue
                after = load(bare, baseline, SECONDS / 5, clients)
                ratio = found.rate / ((before.rate + after.rate) / 2)
                out.rows.append(Row(stream, size, workers, clients, found, ratio))
        out.memory = servers.memory(pid)
    return out


async def _prepare(store: str, population: Population) -> tuple[int, float]:
    settings = Settings(store=store)
    opened = build_store(settings)
    await opened.open()
    try:
        found = await fill(build_service(settings, opened), population)
        await _words_ready(opened)
        return found
    finally:
        await opened.close()


async def _words_ready(store: Store) -> None:
    """A search for words waits until all are indexed, or says that there are more to come."""
    words = Match("_content", "text", ((Test("words", "within", " x "),),))
    while True:
        try:
            await store.search(Plan("Patient", (words,), limit=1))
            return
        except FhirError as error:
            if error.code == "store-not-supported":
                return
            if error.code != "search-words-behind":
                raise


def growth(rows: list[Row]) -> list[str]:
    """How much each search slows down with the data."""
    lines = [f"p50 with {SIZES[-1]:,} against {SIZES[0]:,} referrals (budget: 1.5 times):", ""]
    one = {(r.stream.name, r.referrals): r for r in rows if r.workers == r.clients == 1}
    for (name, size), row in one.items():
        if size == SIZES[-1] and row.stream.scales and (name, SIZES[0]) in one:
            lines.append(f"- {name}: {row.p50 / one[(name, SIZES[0])].p50:.2f}")
    return lines


def run(folder: Path) -> str:
    lines: list[str] = []
    table: list[Row] = []
    for size in SIZES:
        store = STORE or f"sqlite:{folder / f'{size}.db'}"
        population = Population(size)
        count, seconds = asyncio.run(_prepare(store, population))
        lines.append(
            f"- {size:,} referrals: {count:,} resources loaded in {seconds:.0f} s"
            f" ({count / seconds:,.0f} a second, durable, in transactions of 400)."
        )
        for workers in (1, 2):
            found = measure(store, size, population.known, workers)
            table += found.rows
            each = ", ".join(f"{megabytes:.0f} MB" for megabytes in found.memory)
            lines.append(
                f"- Memory of each worker at the end, {size:,} referrals, {workers} at work: {each}"
                " (budget: 200 MB)."
            )
            lines += found.failed
    if len(SIZES) > 1:
        lines += ["", *growth(table)]
    return "\n".join([HEAD, *map(str, table), "", *lines])


def main() -> None:
    kept = os.environ.get("BENCH_FOLDER")
    with tempfile.TemporaryDirectory() as temporary:
        text = run(Path(kept or temporary))
    where = "MongoDB" if STORE else "SQLite on its disk"
    intro = f"{machine()}, {where}; clients and servers share the machine."
    put("large figures", f"{intro}\n\n{text}", title="With many referrals")
    print(text)


if __name__ == "__main__":
    main()
