"""`make bench-terminology`: load a made-up ICD-10 of 40,000 rows, and ask it; no store of patients.

Every figure of a question is of the whole operation as a client has it: parameters read, the answer
encoded; only the socket is not in it.
"""

from __future__ import annotations

import asyncio
import tempfile
import time
from collections.abc import Awaitable, Callable
from pathlib import Path

from fhir_server.app import build_service, build_store
from fhir_server.exchange import Call, Reply, Service
from fhir_server.interactions.dispatch import dispatch
from fhir_server.settings import Settings
from fhir_server.terminology.file import load
from fhir_server.terminology.loaders import KINDS, Options
from tests.terminology.icd_sample import CLINICAL, clinical, write_csv, write_xlsx

from .report import machine, put

ROWS = 40_000
ICD = KINDS["icd10-clinical"].url
VALUE_SET = "http://x.org/vs/all"
TIMES = 200
Ask = Callable[[], Awaitable[Reply]]
QUESTIONS: list[tuple[str, str, dict[str, str]]] = [
    *(
        (f"`$expand`, filter {typed}", "ValueSet/$expand",
         {"url": f"{ICD}?fhir_vs", "filter": typed, "count": "20"})
        for typed in ("高血压", "血压", "高", "慢性 出血", "gaoxueya", "gxy", "gx", "g", "I10")
    ),
    ("`$expand`, filter 糖尿病 within one chapter", "ValueSet/$expand",
     {"url": f"{ICD}?fhir_vs=isa/E00-E90", "filter": "糖尿病", "count": "20"}),
    ("`$expand`, page at 39,000", "ValueSet/$expand",
     {"url": f"{ICD}?fhir_vs", "offset": "39000", "count": "20"}),
    ("`ValueSet/$validate-code`", "ValueSet/$validate-code",
     {"url": f"{ICD}?fhir_vs=isa/I10", "system": ICD, "code": "I10.x00x002"}),
    ("`CodeSystem/$validate-code`", "CodeSystem/$validate-code", {"url": ICD, "code": "I10.x00"}),
    ("`$lookup`", "CodeSystem/$lookup", {"system": ICD, "code": "I10.x00"}),
    ("`$subsumes`", "CodeSystem/$subsumes",
     {"system": ICD, "codeA": "I10", "codeB": "I10.x00x002"}),
]  # fmt: skip


def loaded(path: Path, table: Path) -> tuple[int, float, float]:
    """Codes, seconds, and seconds of processor time."""
    began, used = time.perf_counter(), time.process_time()
    source = KINDS["icd10-clinical"].read([table], Options())
    count = load(path, source.header, source.rows, grace=0)
    return count, time.perf_counter() - began, time.process_time() - used


async def asked(service: Service, path: str, query: dict[str, str]) -> tuple[float, ...]:
    """Milliseconds of one question: the middle and the worst of many, and of processor time; bytes
    of the answer.
    """
    taken = []
    size, used = 0, time.process_time()
    for _ in range(TIMES):
        call = Call(service, "http://x/fhir", pairs=list(query.items()))
        began = time.perf_counter()
        reply = await dispatch("GET", path.split("/"), call)
        taken.append((time.perf_counter() - began) * 1000)
        size = len(reply.body or b"")
    used = (time.process_time() - used) / TIMES * 1000
    taken.sort()
    return taken[len(taken) // 2], taken[int(len(taken) * 0.99)], used, size


async def measure() -> str:
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        file = folder / "terms.db"
        write_xlsx(folder / "icd.xlsx", CLINICAL, clinical(ROWS))
        write_csv(folder / "icd.csv", CLINICAL, clinical(ROWS), "gb18030")
        lines = ["| load | codes | s | s of processor time |", "|---|---|---|---|"]
        for table in ("icd.xlsx", "icd.csv"):
            count, seconds, used = loaded(file, folder / table)
            lines.append(
                f"| {table.partition('.')[2].upper()} | {count:,} | {seconds:.1f} | {used:.1f} |"
            )
        settings = Settings(store=f"sqlite:{folder / 'fhir.db'}", terminology_file=str(file))
        store = build_store(settings)
        service = build_service(settings, store)
        await store.open()
        try:
            lines += ["", "| question | p50 ms | p99 ms | processor ms | bytes |"]
            lines.append("|---|---|---|---|---|")
            for title, path, query in QUESTIONS:
                middle, worst, used, size = await asked(service, path, query)
                lines.append(f"| {title} | {middle:.2f} | {worst:.2f} | {used:.2f} | {size:,} |")
        finally:
            await store.close()
        megabytes = file.stat().st_size / 1e6
    head = (
        f"{machine()}. The file takes {megabytes:.0f} MB: one edition, and room of the one before."
    )
    return head + "\n\n" + "\n".join(lines)


def main() -> None:
    text = asyncio.run(measure())
    print(text)
    put("terminology", text, title="Terminology")


if __name__ == "__main__":
    main()
