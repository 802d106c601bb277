"""`make bench-large`: the same requests on 20,000 and on 200,000 referrals, in one run.

What counts: each figure as a ratio to the bare Starlette route of the same run, and how much a
search slows down as the data grows tenfold. `python -m bench.large --help` tells the options; with
`--keep FOLDER` the stores are made once and measured again from then on.
"""

from __future__ import annotations

import argparse
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import NamedTuple

from . import servers
from .kept import filled
from .load import Figures, load, request
from .population import Known
from .report import machine, put
from .streams import Stream, same, streams

HEAD = (
    "| what | referrals | workers | clients | requests/s | ratio to the bare route |"
    " p50 ms | p95 ms | p99 ms | processor µs |\n|---|---|---|---|---|---|---|---|---|---|"
)
LEAST = 100  # requests, lest the first ones, which meet pages nobody read yet, are what is measured
GROWTH = 1.5  # budget: p50 of an indexed search, for ten times the data
MEMORY = 200  # budget: MB of a worker
# Requests a second of HAPI FHIR 8.8 on PostgreSQL on such a machine, warm, 16 clients, 4,000
# referrals; the aim is ten times as many.
HAPI = {
    "by identifier": 290,
    "by patient, newest first": 130,
    "chain: subject.identifier": 120,
    "_revinclude: a referral with its Task": 117,
    "Patient/$everything": 81,
}


class Row(NamedTuple):
    """One measurement; `ratio` to the bare route before and after it. `processor`: seconds that the
    serving processes used for a request."""

    stream: Stream
    referrals: int
    workers: int
    clients: int
    figures: Figures
    ratio: float
    processor: float

    @property
    def p50(self) -> float:
        return self.figures.percentile(0.5)

    def __str__(self) -> str:
        times = " | ".join(f"{self.figures.percentile(p) * 1000:.2f}" for p in (0.5, 0.95, 0.99))
        return (
            f"| {self.stream.name} | {self.referrals:,} | {self.workers} | {self.clients} |"
            f" {self.figures.rate:,.0f} | {self.ratio:.2f} | {times} | {self.processor * 1e6:.0f} |"
        )


@dataclass
class Measured:
    """`memory`: that of each serving process at the end, MB. `failed`: streams without figures."""

    rows: list[Row] = field(default_factory=list)
    memory: list[float] = field(default_factory=list)
    failed: list[str] = field(default_factory=list)


def measure(store: str, size: int, known: Known, workers: int, asked: Asked) -> Measured:
    """With one process all streams with 1 and 16 clients, with more some of them with 16."""
    out = Measured()
    baseline, seconds = same(request("GET", "/bare/1")), asked.seconds
    with servers.bare() as (bare, _), servers.on(store, workers) as (port, pid):
        load(bare, baseline, 0.5)
        for stream in streams(known, port):
            if (workers > 1 and not stream.workers) or asked.only not in stream.name:
                continue
            for clients in (1, 16) if workers == 1 else (16,):
                before = load(bare, baseline, seconds / 5, clients)
                try:
                    load(port, stream.make, seconds / 2, clients, LEAST)
                    used = _processor(pid)
                    found = load(port, stream.make, seconds, clients, LEAST)
                    used = (_processor(pid) - used) / found.count
                except RuntimeError as error:
                    out.failed.append(f"- Not measured: {stream.name}, {clients} clients: {error}.")
                    continue
                after = load(bare, baseline, seconds / 5, clients)
                ratio = found.rate / ((before.rate + after.rate) / 2)
                out.rows.append(Row(stream, size, workers, clients, found, ratio, used))
                print(out.rows[-1], flush=True)
        out.memory = servers.memory(pid)
    return out


def _processor(pid: int) -> float:
    return sum(map(servers.processor_seconds, servers.serving(pid)))


def growth(rows: list[Row], sizes: Sequence[int]) -> list[str]:
    """How much each search slows down with the data, with one client."""
    small, large = sizes[0], sizes[-1]
    one = {(r.stream.name, r.referrals): r for r in rows if r.workers == r.clients == 1}
    many = {(r.stream.name, r.referrals): r for r in rows if r.workers == 1 < r.clients}
    lines = [
        f"With {small:,} and with {large:,} referrals; p50 with one client, processor time of a"
        " request with 16, which says more where other programs run. Bounded by an index: a page"
        f" costs what it shows (budget: {GROWTH} times). Not bounded: it looks at all that it"
        " counts or excludes.",
        "",
        f"| what | p50 ms, {small:,} | {large:,} | times | processor µs, {small:,} | {large:,} |"
        " times | bounded |",
        "|---|---|---|---|---|---|---|---|",
    ]
    for (name, size), row in one.items():
        before = one.get((name, small))
        used = [many[(name, each)].processor for each in (small, large) if (name, each) in many]
        if size != large or before is None or len(used) < 2 or row.stream.writes:
            continue
        slower, more = row.p50 / before.p50, used[1] / used[0]
        lines.append(
            f"| {name} | {before.p50 * 1e3:.2f} | {row.p50 * 1e3:.2f} | {slower:.2f} |"
            f" {used[0] * 1e6:.0f} | {used[1] * 1e6:.0f} | {more:.2f} |"
            f" {'yes' if row.stream.scales else 'no'} |"
        )
    return lines


def beside_hapi(rows: list[Row], size: int) -> list[str]:
    lines = [
        f"Requests a second with 16 clients and {size:,} referrals, beside HAPI FHIR 8.8 on"
        " PostgreSQL with 4,000 on such a machine (the aim is ten times):",
        "",
    ]
    for row in rows:
        if row.referrals == size and row.clients == 16 and row.stream.name in HAPI:
            other = HAPI[row.stream.name]
            lines.append(
                f"- {row.stream.name}, {row.workers} at work: {row.figures.rate:,.0f} to {other}:"
                f" {row.figures.rate / other:.1f} times"
            )
    return lines


@dataclass(frozen=True)
class Asked:
    """The options of the command line."""

    sizes: tuple[int, ...]
    workers: tuple[int, ...]
    seconds: float
    only: str
    store: str
    keep: Path | None
    dry: bool


def run(folder: Path, asked: Asked) -> str:
    lines: list[str] = []
    table: list[Row] = []
    for size in asked.sizes:
        with filled(size, asked.store, folder, asked.keep is not None) as found:
            lines.append(found.said)
            for workers in asked.workers:
                measured = measure(found.store, size, found.known, workers, asked)
                table += measured.rows
                each = ", ".join(f"{megabytes:.0f} MB" for megabytes in measured.memory)
                lines.append(
                    f"- Memory of each worker at the end, {size:,} referrals, {workers} at work:"
                    f" {each} (budget: {MEMORY} MB)."
                )
                lines += measured.failed
    sections = [HEAD, *map(str, table), "", *lines, ""]
    if len(asked.sizes) > 1:
        sections += [*growth(table, asked.sizes), ""]
    return "\n".join([*sections, *beside_hapi(table, asked.sizes[-1])])


def _asked() -> Asked:
    parser = argparse.ArgumentParser(prog="python -m bench.large", description=__doc__)
    option = parser.add_argument
    option("--sizes", default="20000,200000", help="numbers of referrals")
    option("--workers", default="1,2", help="numbers of server processes")
    option("--seconds", type=float, default=1.5, help="of each measurement")
    option("--only", default="", help="part of the name of what is measured")
    option("--store", default="", help="address of a MongoDB, to measure it instead of SQLite")
    option("--keep", type=Path, help="folder in which the stores stay for the next time")
    option("--dry", action="store_true", help="only print; docs/performance.md stays as it is")
    given = parser.parse_args()
    sizes, workers = (tuple(map(int, each.split(","))) for each in (given.sizes, given.workers))
    return Asked(sizes, workers, given.seconds, given.only, given.store, given.keep, given.dry)


def main() -> None:
    asked = _asked()
    with tempfile.TemporaryDirectory() as temporary:
        folder = asked.keep or Path(temporary)
        folder.mkdir(parents=True, exist_ok=True)
        text = run(folder, asked)
    where = "MongoDB" if asked.store else "SQLite on its disk"
    intro = f"{machine()}, {where}; clients and servers share the machine."
    print(text)
    if not asked.dry:
        name = "large figures on MongoDB" if asked.store else "large figures"
        put(name, f"{intro}\n\n{text}", title=name.capitalize())


if __name__ == "__main__":
    main()
