"""docs/mongodb.md names the indexes that are made, with their keys."""

from __future__ import annotations

import re
from pathlib import Path

from pymongo import IndexModel

from fhir_server.storage.base import Store
from fhir_server.storage.mongodb import MongoStore
from fhir_server.storage.mongodb.layout import CURRENT, GUARDS, HELD, HISTORY, PAST
from fhir_server.storage.plan import Match, Plan
from fhir_server.storage.plan import Test as Row
from tests.contract.changes import change
from tests.stores import Mongo, new_database

DOCUMENT = Path(__file__).parents[2] / "docs" / "mongodb.md"
ROW = re.compile(r"^\| `(\w+)` \| (.+?) \| .+ \|$", re.MULTILINE)


def described(index: IndexModel) -> tuple[str, str]:
    """Name and keys, as a row of the document has them."""
    document = index.document
    kinds, fields = set(), []
    for key, way in document["key"].items():
        parts = key.split(".", 2)
        name = parts[-1] if parts[0] == "index" else key
        if parts[0] == "index":
            kinds.add(parts[1])
        name = "`_id`" if name == "_id" else name
        fields.append({-1: f"-{name}", "2dsphere": f"{name} (2dsphere)"}.get(way, name))
    (kind,) = kinds or {""}
    return document["name"], (f"`{kind}`: " if kind else "") + ", ".join(fields)


def test_every_index_stands_in_the_document() -> None:
    text = DOCUMENT.read_text("utf-8")
    section = text[text.index("## Indexes") : text.index("## What runs where")]
    tables = [ROW.findall(each) for each in section.split("| index |")[1:]]
    assert tables == [[described(index) for index in some] for some in (CURRENT, PAST, HELD)]


async def test_they_are_what_a_collection_gets(mongo: Mongo, anyio_backend: str) -> None:
    database = new_database()
    store: Store = MongoStore(mongo.uri, database=database)
    await store.open()
    await store.write([change("a")])
    await store.search(Plan("Patient", (Match("x", "token", ((Row("value", "=", "1"),),)),)))
    await store.close()
    with mongo.client() as client:
        found = {
            name: set(client[database][name].index_information()) - {"_id_"}
            for name in client[database].list_collection_names()
        }
    mongo.drop(database)
    made = {"Patient": CURRENT, "Patient" + HISTORY: PAST, GUARDS: HELD}
    assert found == {name: {each.document["name"] for each in some} for name, some in made.items()}
