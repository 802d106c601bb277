"""Searches over resources in memory: indexed, compiled, and evaluated by the words of the plan."""

from __future__ import annotations

import asyncio
from typing import Any

from fhir_server.definitions import r4
from fhir_server.definitions.library import r4_library
from fhir_server.model.json import decode_object, encode
from fhir_server.search import Compiler, Indexer, Registry, Terms, TermsNeeded, texts
from fhir_server.storage.base import Change
from fhir_server.terminology import LibrarySource, ResourcesSource, Terminology
from tests.contract.naive import Memory

Json = dict[str, Any]
REGISTRY = Registry(r4())
INDEXER = Indexer(REGISTRY, "http://here/fhir")
COMPILER = Compiler(r4(), REGISTRY, "http://here/fhir")


def terminology(resources: list[Json]) -> Terminology:
    sources = [ResourcesSource(resources), LibrarySource(r4_library())]
    return Terminology(sources, "http://here/fhir")


class Library:
    """Resources that can be searched. `updated` counts up from `start`."""

    def __init__(self, resources: list[Json], start: int = 1_795_000_000_000_000) -> None:
        self.memory = Memory({})
        self.terminology = terminology(resources)
        for place, resource in enumerate(resources):
            decoded = decode_object(encode(resource))
            index = {**INDEXER.entries(decoded), "text": texts(decoded)}
            key = resource["resourceType"], resource["id"]
            change = Change("POST", *key, 1, start + place, decoded, index=index)
            self.memory.write([change])

    def search(self, query: str) -> list[str]:
        """Shape of `query`: `Type?name=value&…`, not encoded. Ids in order."""
        resource_type, _, rest = query.partition("?")
        pairs = [(n, v) for n, _, v in (p.partition("=") for p in rest.split("&") if p)]
        return self.pairs(resource_type, pairs)

    def pairs(self, resource_type: str, pairs: list[tuple[str, str]]) -> list[str]:
        terms = Terms()
        while True:
            try:
                plan = COMPILER.compile(resource_type, pairs, terms=terms).plan
                return self.memory.search(plan)
            except TermsNeeded as needed:
                asyncio.run(terms.learn(needed.request, self.terminology))
