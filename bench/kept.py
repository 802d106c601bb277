"""The stores that `make bench-large` measures: filled once, and again where nobody kept them."""

from __future__ import annotations

import asyncio
import json
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict
from pathlib import Path
from typing import NamedTuple
from urllib.parse import urlsplit, urlunsplit

from fhir_server.app import build_service, build_store
from fhir_server.errors import FhirError
from fhir_server.settings import Settings
from fhir_server.storage.base import Store
from fhir_server.storage.plan import Match, Plan, Test

from .population import Known, Population, fill


class Filled(NamedTuple):
    """`said`: how long it took, as a line of the report."""

    store: str
    known: Known
    said: str


@contextmanager
def filled(size: int, uri: str, folder: Path, keep: bool) -> Iterator[Filled]:
    """A store of `size` referrals. `uri`: of a MongoDB, "" for a SQLite file in the folder.

    What is kept is a store and a file of what is known of it; that is written last, so a store
    that lacks it was not finished, and is made anew. A SQLite file is measured on a copy, since the
    measurements write.
    """
    store = of_size(uri, size) if uri else f"sqlite:{folder / f'{size}.db'}"
    notes = folder / f"{size}{'-mongodb' if uri else ''}.json"
    if not notes.exists():
        drop(store)
        population = Population(size)
        count, seconds = asyncio.run(_fill(store, population))
        said = (
            f"- {size:,} referrals: {count:,} resources loaded in {seconds:.0f} s"
            f" ({count / seconds:,.0f} a second, durable, in transactions of 400)."
        )
        notes.write_text(json.dumps({"said": said, "known": asdict(population.known)}), "utf-8")
    found = json.loads(notes.read_text("utf-8"))
    measured = store
    try:
        if keep and not uri:
            measured = f"sqlite:{folder / 'measured.db'}"
            drop(measured)
            shutil.copyfile(path_of(store), path_of(measured))
        yield Filled(measured, Known(**found["known"]), found["said"])
    finally:
        if measured != store:
            drop(measured)
        if not keep:
            notes.unlink()
            drop(store)


def of_size(uri: str, size: int) -> str:
    """Each size has a database of its own."""
    parts = urlsplit(uri)
    database = parts.path.strip("/") or "fhir_bench"
    return urlunsplit(parts._replace(path=f"/{database}_{size}"))


def path_of(store: str) -> str:
    return store.removeprefix("sqlite:")


def drop(store: str) -> None:
    """What is there of it."""
    if store.startswith("sqlite:"):
        for end in ("", "-wal", "-shm"):
            Path(path_of(store) + end).unlink(missing_ok=True)
        return
    from pymongo import MongoClient

    with MongoClient[dict[str, object]](store) as client:
        client.drop_database(client.get_default_database().name)


async def _fill(store: str, population: Population) -> tuple[int, float]:
    settings = Settings(store=store)
    opened = build_store(settings)
    await opened.open()
    try:
        found = await fill(build_service(settings, opened), population)
        await words_ready(opened)
        return found
    finally:
        await opened.close()


async def words_ready(store: Store) -> None:
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
