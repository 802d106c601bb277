"""`make bench`: measure in one run, print, and write docs/performance.md."""

from __future__ import annotations

import os
import tempfile
import time
from datetime import UTC, datetime
from pathlib import Path
from statistics import median
from typing import NamedTuple

from fhir_server.commands.client import Client
from fhir_server.definitions import Definitions
from fhir_server.mapping import load_forms

from . import samples, servers, stages
from .load import Figures, load, request
from .report import machine, put
from .streams import Make, each, same

SECONDS = float(os.environ.get("BENCH_SECONDS", "4"))
CLIENTS = 16
ROOT = Path(__file__).parent.parent
FORM = {
    "患者姓名": "张三", "性别": "男", "年龄": 56, "档案编号": "37012610320100123",
    "家庭住址": "示例县青石镇第三村", "存根/联系电话": "13800000000", "年月日": "2026-11-20",
    "转入单位": "示例县人民医院", "科室": "心血管内科", "接诊医生": "李四",
    "转诊医生(签字)": "王五", "初步印象": "不稳定型心绞痛",
    "主要现病史(转出原因)": "反复胸闷、胸痛3天，加重1天", "主要既往史": "高血压病史10年",
    "治疗经过": "口服阿司匹林、硝酸甘油", "转出单/联系电话": "0537-1234567",
    "机构名称": "青石镇卫生院",
}  # fmt: skip


def prepare(port: int) -> list[str]:
    """500 patients with 10 referrals each; the ids of some referrals."""
    client = Client(f"http://127.0.0.1:{port}/fhir")
    for start in range(0, 5000, 500):
        entries = []
        for number in range(start, start + 500):
            id = f"b{number}"
            resource = samples.service_request(f"p{number // 10}", number, id)
            entry_request = {"method": "PUT", "url": f"ServiceRequest/{id}"}
            entries.append({"resource": resource, "request": entry_request})
        bundle = {"resourceType": "Bundle", "type": "transaction", "entry": entries}
        status, _ = client.send("POST", "", bundle)
        if status != 200:
            raise RuntimeError(f"preparation failed: {status}")
    client.close()
    catch_up(port)
    return [f"b{number}" for number in range(0, 5000, 7)]


def catch_up(port: int) -> None:
    """Wait until the words of all texts are indexed, which is done when nothing else is."""
    client = Client(f"http://127.0.0.1:{port}/fhir")
    while client.send("GET", "Patient?_content=x")[0] == 503:
        pass  # such a search waits, or asks for patience
    client.close()


class Measured(NamedTuple):
    """`processor`: of the server, all threads, for one request; `later`: after the answers, for
    the words of what was written. Units: microseconds."""

    figures: Figures
    processor: float
    later: float


def measure() -> dict[str, Measured]:
    """All HTTP figures; the baseline before and after, since the machine is not quiet."""
    out: dict[str, Measured] = {}
    with (
        tempfile.TemporaryDirectory() as folder,
        servers.bare() as bare,
        servers.on(f"sqlite:{folder}/bench.db") as fhir,
    ):
        ids = prepare(fhir[0])
        baseline = same(request("GET", "/bare/1"))
        patients = [f"p{n}" for n in range(500)]
        load(bare[0], baseline, 1)
        for name, server, stream in (
            ("bare Starlette route", bare, baseline),
            ("read", fhir, each("ServiceRequest/{}", ids)),
            ("search, 10 matches", fhir, each("ServiceRequest?subject=Patient/{}", patients)),
            ("bare Starlette route, again", bare, baseline),
            ("create", fhir, samples.creates),
            ("update", fhir, lambda: samples.updates(ids)),
            ("transaction of 20", fhir, samples.transactions),
            ("bare Starlette route, at the end", bare, baseline),
        ):
            load(server[0], stream, 0.5)
            out[name] = _measured(server, stream, CLIENTS, writes=name in WRITING)
        name = "transaction of 20, one client"
        out[name] = _measured(fhir, samples.transactions, 1, writes=True)
    with (
        tempfile.TemporaryDirectory() as folder,
        servers.on(f"sqlite:{folder}/bench.db", validation="declared") as fhir,
    ):
        load(fhir[0], samples.creates, 0.5)
        name = "create, validated as by default"
        out[name] = _measured(fhir, samples.creates, CLIENTS, writes=True)
    return out


def _measured(server: tuple[int, int], stream: Make, clients: int, *, writes: bool) -> Measured:
    """What is done later is done before the next measurement begins."""
    port, pid = server
    begin = servers.processor_seconds(pid)
    figures = load(port, stream, SECONDS, clients)
    end = servers.processor_seconds(pid)
    if writes:
        catch_up(port)
    later = servers.processor_seconds(pid) - end
    each = 1_000_000 / figures.count
    return Measured(figures, (end - begin) * each, later * each)


def forms() -> float:
    """Conversions a second on one core, checks included."""
    form = load_forms()["national-up"]
    now = datetime.now(UTC)
    form.to_bundle(FORM, now=now)
    best = 0.0
    for _ in range(5):
        start = time.perf_counter()
        for number in range(500):
            form.to_bundle({**FORM, "年龄": 20 + number % 60}, now=now)
        best = max(best, 500 / (time.perf_counter() - start))
    return best


def definitions() -> tuple[int, float, float]:
    """Size in bytes, milliseconds to open, milliseconds to read all types."""
    path = ROOT / "fhir_server" / "definitions" / "r4.zip"
    start = time.perf_counter()
    found = Definitions(path)
    opened = time.perf_counter()
    for name in found.kinds:
        found.type(name)
    return (path.stat().st_size, (opened - start) * 1000, (time.perf_counter() - opened) * 1000)


WRITING = frozenset(("create", "update", "transaction of 20"))
BUDGETS = {"read": 0.6, "create": 0.2, "search, 10 matches": 0.25}


def report(measured: dict[str, Measured]) -> str:
    bare = [each for name, each in measured.items() if name.startswith("bare")]
    rate = median(each.figures.rate for each in bare)
    least = median(each.processor for each in bare)
    lines = [
        "| what | requests/s | ratio to the bare route | budget | p50 ms | p99 ms |"
        " processor µs | ratio | later µs |",
        "|---|---|---|---|---|---|---|---|---|",
    ]
    for name, (figures, processor, later) in measured.items():
        budget = f"≥ {BUDGETS[name]}" if name in BUDGETS else ""
        lines.append(
            f"| {name} | {figures.rate:,.0f} | {figures.rate / rate:.2f} | {budget} |"
            f" {figures.percentile(0.5) * 1000:.2f} | {figures.percentile(0.99) * 1000:.2f} |"
            f" {processor:.0f} | {least / processor:.2f} | {f'{later:.0f}' if later else ''} |"
        )
    one = measured["transaction of 20, one client"]
    waited = one.figures.percentile(0.5) * 1000
    size, opened, all_types = definitions()
    return "\n".join(
        [
            *lines,
            "",
            f"- A transaction of 20 takes {waited:.2f} ms from request to answer with one client,"
            f" {one.processor / 1000:.2f} ms of them on a processor (budget: 5 ms of server time).",
            f"- Form conversion: {forms():,.0f} forms a second on one core (budget: 2,000).",
            f"- Definitions: {size:,} bytes; {opened:.1f} ms to open, {all_types:.0f} ms to read"
            " every type (a server reads each type when it first meets it).",
        ]
    )


def main() -> None:
    measured = measure()
    text = report(measured)
    when = f"{machine()}, SQLite on its disk, one server process,"
    where = f"{CLIENTS} clients on the same machine."
    put("figures", f"{when}\n{where}\n\n{text}", title="Figures")
    used = [measured[name].processor for name in ("create", "search, 10 matches")]
    profile = stages.report(*used)
    put("profile", profile, title="Where the time goes")
    print(text, profile, sep="\n\n")


if __name__ == "__main__":
    main()
