"""`fhir-server load`: Bundles, NDJSON and single resources into a running server."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from rich.console import Console

from .client import Client, Unreachable, explain
from .exporting import MANIFEST
from .progress import bar

Json = dict[str, Any]
STEP = 100  # resources of one request


@dataclass(frozen=True, slots=True)
class Item:
    """One request: where it came from, and the Bundle to post."""

    source: str
    bundle: Json

    @property
    def key(self) -> str:
        text = json.dumps(self.bundle, sort_keys=True, ensure_ascii=False)
        return hashlib.sha256(text.encode()).hexdigest()


class BadFile(Exception):
    """A file that is no FHIR JSON. The text names it and the line, not its content."""


def files_of(paths: Sequence[Path]) -> list[Path]:
    """Files as given; a folder stands for the .json and .ndjson files in it, in order of name,
    without the list of an export."""
    out: list[Path] = []
    for path in paths:
        if path.is_dir():
            out += sorted(
                p
                for p in path.rglob("*")
                if p.suffix in (".json", ".ndjson") and p.name != MANIFEST
            )
        elif path.is_file():
            out.append(path)
        else:
            raise BadFile(f"没有此文件 / no such file: {path}")
    return out


def items_of(path: Path) -> Iterator[Item]:
    """The requests a file makes. Errors: BadFile."""
    if path.suffix == ".ndjson":
        yield from _from_lines(path)
        return
    resource = _parse(path.read_bytes(), str(path))
    yield from _from_resource(resource, str(path))


def _from_lines(path: Path) -> Iterator[Item]:
    batch: list[Json] = []
    first = 1
    with path.open("rb") as lines:
        for number, line in enumerate(lines, 1):
            if not line.strip():
                continue
            if not batch:
                first = number
            batch.append(_parse(line, f"{path}:{number}"))
            if len(batch) == STEP:
                yield Item(f"{path}:{first}", _batch(batch))
                batch = []
    if batch:
        yield Item(f"{path}:{first}", _batch(batch))


def _from_resource(resource: Json, source: str) -> Iterator[Item]:
    if resource["resourceType"] != "Bundle":
        yield Item(source, _batch([resource]))
        return
    if resource.get("type") in ("transaction", "batch"):
        yield Item(source, resource)
        return
    inside = [e["resource"] for e in resource.get("entry", ()) if "resource" in e]
    for start in range(0, len(inside), STEP):
        yield Item(f"{source} [{start}]", _batch(inside[start : start + STEP]))


def _parse(text: bytes, source: str) -> Json:
    try:
        found = json.loads(text)
    except ValueError:
        raise BadFile(f"不是有效的 JSON / not valid JSON: {source}") from None
    if not isinstance(found, dict) or "resourceType" not in found:
        raise BadFile(f"不是 FHIR 资源 / not a FHIR resource: {source}")
    return found


def _batch(resources: list[Json]) -> Json:
    """A resource with an id is put, so loading twice changes nothing; one without is posted."""
    return {
        "resourceType": "Bundle",
        "type": "batch",
        "entry": [{"resource": r, "request": _request(r)} for r in resources],
    }


def _request(resource: Json) -> Json:
    kind, id = resource["resourceType"], resource.get("id")
    if id is None:
        return {"method": "POST", "url": kind}
    return {"method": "PUT", "url": f"{kind}/{id}"}


class Loader:
    """Sends items, remembers what is done in the state file, and gathers what failed."""

    def __init__(self, client: Client, state: Path | None) -> None:
        self._client, self._state = client, state
        self.failures: list[str] = []
        self.loaded = 0
        self._done: set[str] = set()
        if state is not None and state.is_file():
            self._done = set(state.read_text().split())

    def send(self, item: Item) -> None:
        """Errors: Unreachable. A refused resource is a failure, and the others go on."""
        key = item.key
        if key in self._done:
            return
        status, answer = self._client.send("POST", "", item.bundle)
        before = len(self.failures)
        if status != 200:
            self.failures.append(f"{item.source}: {status} {explain(answer)}")
        else:
            self._count(item, answer)
        if len(self.failures) == before:
            self._remember(key)

    def _count(self, item: Item, answer: Json) -> None:
        for i, entry in enumerate(answer.get("entry", ())):
            response = entry.get("response", {})
            if str(response.get("status", "")).startswith("2"):
                self.loaded += 1
            else:
                text = explain(response.get("outcome", {}))
                self.failures.append(f"{item.source} +{i}: {response.get('status')} {text}")

    def _remember(self, key: str) -> None:
        self._done.add(key)
        if self._state is not None:
            with self._state.open("a") as out:
                out.write(key + "\n")


def load(
    client: Client, paths: Sequence[Path], *, state: Path | None, jobs: int, console: Console
) -> Loader:
    """Load files with a progress bar. Errors: BadFile, Unreachable."""
    loader = Loader(client, state)
    items = [item for path in files_of(paths) for item in items_of(path)]
    with bar(console) as progress, ThreadPoolExecutor(jobs) as pool:
        task = progress.add_task("载入 Loading", total=len(items))
        for _ in pool.map(loader.send, items):
            progress.advance(task)
    return loader


__all__ = ["BadFile", "Item", "Loader", "Unreachable", "files_of", "items_of", "load"]
