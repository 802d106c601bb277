"""Runs the exchanges of the guide against a server of its own and writes down what it answers.

python -m tools.record_exchange [NAME...]    writes profiles/exchange/NAME.answers.json

Ids and times differ from run to run: an id that a step keeps becomes its name in braces, and each
time that the server made becomes the same one. A test runs the same and compares.
"""

from __future__ import annotations

import asyncio
import json
import re
import sys
import tempfile
from pathlib import Path
from typing import Any

import httpx2

from fhir_server.app import create_app
from fhir_server.guide.exchange import Exchange, Step, fill, load_exchanges
from fhir_server.model.canonical import BASE
from fhir_server.settings import Settings

FOLDER = Path(__file__).parent.parent / "profiles" / "exchange"
EXAMPLES = FOLDER.parent / "package" / "example"
PROFILE = f"{BASE}/StructureDefinition/referral-task"
SITE = "http://fhir.example.cn"
SHOWN = ("content-type", "etag", "location", "content-location")
INSTANT = "2026-11-20T09:30:00.000+08:00"
TIMES = {"lastUpdated", "lastModified", "timestamp"}
_UUID = re.compile(r"\b[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}\b")
Json = dict[str, Any]


async def prepare(client: httpx2.AsyncClient, exchange: Exchange) -> None:
    """Put the examples on the server that it begins with, and the profiles if it has none."""
    await provide_profiles(client)
    for reference in exchange.before:
        body = (EXAMPLES / f"{reference.replace('/', '-')}.json").read_bytes()
        answer = await client.put(
            f"/fhir/{reference}", content=body, headers={"content-type": "application/fhir+json"}
        )
        assert answer.status_code in (200, 201), f"{reference}: {answer.text}"


async def provide_profiles(client: httpx2.AsyncClient) -> None:
    found = await client.get(f"/fhir/StructureDefinition?url={PROFILE}&_summary=count")
    if found.json()["total"]:
        return
    entries = []
    for path in sorted(EXAMPLES.parent.glob("StructureDefinition-*.json")):
        resource = json.loads(path.read_bytes())
        resource.pop("snapshot", None)  # the server makes its own
        url = f"StructureDefinition/{resource['id']}"
        entries.append({"resource": resource, "request": {"method": "PUT", "url": url}})
    bundle = {"resourceType": "Bundle", "type": "batch", "entry": entries}
    answer = await client.post(
        "/fhir", json=bundle, headers={"content-type": "application/fhir+json"}
    )
    statuses = {e["response"]["status"][:3] for e in answer.json()["entry"]}
    assert statuses <= {"200", "201"}, statuses


async def play(client: httpx2.AsyncClient, exchange: Exchange) -> list[Json]:
    """Every step in turn. The answers in the shape of the file."""
    await prepare(client, exchange)
    names: dict[str, str] = {}
    out = []
    for number, step in enumerate(exchange.steps, 1):
        answer = await send(client, step, names)
        said = f"{exchange.name}, step {number}: {answer.status_code}\n{answer.text}"
        assert answer.status_code == step.status, said
        keep(step, answer, names)
        out.append(written(answer, names))
    return out


async def send(client: httpx2.AsyncClient, step: Step, names: dict[str, str]) -> httpx2.Response:
    body = None if step.body is None else fill(json.dumps(step.body, ensure_ascii=False), names)
    # Without these headers a client would add its own.
    headers = {"accept": "application/fhir+json", "accept-encoding": "identity", **step.headers}
    return await client.request(step.method, fill(step.path, names), content=body, headers=headers)


def keep(step: Step, answer: httpx2.Response, names: dict[str, str]) -> None:
    if not step.keep:
        return
    found = [answer.headers.get("location", "")]
    body = answer.json() if answer.content else {}
    found += [e.get("response", {}).get("location", "") for e in body.get("entry", ())]
    for name, wanted in step.keep.items():
        kind, _, nth = wanted.partition(" ")
        ids = [m[1] for text in found if (m := re.search(rf"\b{kind}/([^/]+)", text))]
        names[name] = ids[int(nth or 1) - 1]


def written(answer: httpx2.Response, names: dict[str, str]) -> Json:
    """What is written down of an answer, with stable ids and times."""
    headers = {_title(k): answer.headers[k] for k in SHOWN if k in answer.headers}
    body = settled(answer.json()) if answer.content else None
    row = {"status": f"{answer.status_code} {answer.reason_phrase}".strip(), "headers": headers}
    text = json.dumps({**row, "body": body}, ensure_ascii=False)
    for name, id in sorted(names.items(), key=lambda n: -len(n[1])):
        text = text.replace(id, f"{{{name}}}")
    found: Json = json.loads(_UUID.sub("{id}", text))
    return found


def settled(value: Any, key: str = "") -> Any:
    """With one time for all that the server stamped; `lastModified` of a Task is the client's."""
    if isinstance(value, dict):
        mine = value.get("resourceType") == "Task"
        return {k: v if mine and k == "lastModified" else settled(v, k) for k, v in value.items()}
    if isinstance(value, list):
        return [settled(v, key) for v in value]
    return INSTANT if key in TIMES and isinstance(value, str) else value


def _title(name: str) -> str:
    return "ETag" if name == "etag" else name.title()


async def record(exchange: Exchange) -> list[Json]:
    """On a fresh store, with the server's own default of validation."""
    with tempfile.TemporaryDirectory() as folder:
        app = create_app(Settings(store=f"sqlite:{folder}/fhir.db", public_url=f"{SITE}/fhir"))
        transport = httpx2.ASGITransport(app=app)
        async with (
            app.router.lifespan_context(app),
            httpx2.AsyncClient(transport=transport, base_url=SITE) as client,
        ):
            return await play(client, exchange)


def main() -> None:
    for exchange in load_exchanges(FOLDER):
        if len(sys.argv) > 1 and exchange.name not in sys.argv[1:]:
            continue
        answers = asyncio.run(record(exchange))
        text = json.dumps(answers, ensure_ascii=False, indent=1)
        (FOLDER / f"{exchange.name}.answers.json").write_text(text + "\n", "utf-8")
        print(f"{exchange.name}: {len(answers)} steps")


if __name__ == "__main__":
    main()
