"""Law: whatever happens in whatever order, a search by a parameter of a client's own either says
that it is not ready, or finds exactly what the resources hold; in the end it is ready.

Two servers share a store; both write, add, change and remove parameters, index anew, end and die.
"""

from __future__ import annotations

import asyncio
import itertools
import tempfile
import time
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Any
from unittest import mock

from hypothesis import example, given, settings
from hypothesis import strategies as st

from fhir_server.app import build_service, build_store
from fhir_server.errors import FhirError
from fhir_server.exchange import index_note
from fhir_server.exchange.index_note import unfinished
from fhir_server.exchange.reindexing import Reindexer
from fhir_server.exchange.searching import compile_search
from fhir_server.exchange.writing import change, deletion
from fhir_server.settings import Settings
from fhir_server.storage.base import Conflict

Json = dict[str, Any]
PATIENTS, PARAMETERS = 6, 3
CODES = ("village", "place")
Values = Callable[[Json], list[str]]
# An expression, its type, and what it finds in an address, said once more by hand.
EXPRESSIONS: list[tuple[str, str, Values]] = [
    ("Patient.address.city", "string", lambda a: [a["city"]]),
    ("Patient.address.where(use = 'home').city", "string",
     lambda a: [a["city"]] if a["use"] == "home" else []),
    ("Patient.address.use", "token", lambda a: [a["use"]]),
    ("Patient.address.district", "string", lambda a: [a["district"]] if "district" in a else []),
]  # fmt: skip
WORDS = ("a", "b", "home", "work")
ADDRESSES: list[Json] = [
    {"use": "home", "city": "a"},
    {"use": "work", "city": "a", "district": "b"},
    {"use": "work", "city": "b"},
    {"use": "home", "city": "b", "district": "a"},
]


class Node:
    """One server, without HTTP."""

    def __init__(self, path: Path) -> None:
        given = Settings(store=f"sqlite:{path}")
        self.store = build_store(given)
        self.service = build_service(given, self.store)
        self.reindexer = Reindexer(self.service.upkeep)

    async def open(self) -> None:
        await self.store.open()
        await self.reindexer.open()

    async def close(self) -> None:
        await self.reindexer.close()
        await self.store.close()

    async def kill(self) -> None:
        """As if the process were gone: nothing is said to the others."""
        assert self.reindexer._running is not None
        self.reindexer._running.cancel()
        await asyncio.wait([self.reindexer._running])
        index_note._living.discard(self.service.upkeep.note.me)
        await self.store.close()

    async def put(self, resource: Json | None, resource_type: str, id: str) -> None:
        """Create or update; None deletes."""
        while True:
            current = await self.service.store.current(resource_type, id)
            version = current.version + 1 if current else 1
            if resource is None:
                if current is None or current.deleted:
                    return
                new = deletion(resource_type, id, version)
            else:
                new = change(self.service, resource, id, version, "PUT")
            try:
                await self.service.store.write([new])
                return
            except Conflict:
                continue


@dataclass
class World:
    """Two nodes and what is true."""

    folder: Path
    nodes: list[Node] = field(default_factory=list)
    patients: dict[int, Json] = field(default_factory=dict)
    parameters: dict[int, tuple[str, int]] = field(default_factory=dict)  # code, expression

    async def open(self) -> None:
        self.nodes = [Node(self.folder / "fhir.db"), Node(self.folder / "fhir.db")]
        for each in self.nodes:
            await each.open()

    async def step(self, op: tuple[Any, ...]) -> None:
        kind, which = op[:2]
        node = self.nodes[which]
        match kind:
            case "patient":
                self.patients[op[2]] = ADDRESSES[op[3]]
                resource = {"resourceType": "Patient", "address": [ADDRESSES[op[3]]]}
                await node.put(resource, "Patient", f"p{op[2]}")
            case "delete":
                self.patients.pop(op[2], None)
                await node.put(None, "Patient", f"p{op[2]}")
            case "parameter":
                await self._parameter(node, *op[2:])
            case "retire":
                self.parameters.pop(op[2], None)
                await node.put({**_parameter(op[2], "x", 0), "status": "retired"}, *_key(op[2]))
            case "remove":
                self.parameters.pop(op[2], None)
                await node.put(None, *_key(op[2]))
            case "reindex":
                await node.service.upkeep.ask(["Patient"])
            case "rest":
                await asyncio.sleep(0.02)
            case "restart" | "kill":
                await (node.close() if kind == "restart" else node.kill())
                self.nodes[which] = Node(self.folder / "fhir.db")
                await self.nodes[which].open()

    async def _parameter(self, node: Node, number: int, code: int, expression: int) -> None:
        if any(n != number and c == CODES[code] for n, (c, _) in self.parameters.items()):
            return  # taken; tests/http/test_custom_search.py has what is refused
        resource = _parameter(number, CODES[code], expression)
        self.parameters[number] = CODES[code], expression
        await node.put(resource, *_key(number))

    async def compare(self, *, ready: bool) -> None:
        known = dict(self.parameters.values())
        for node in self.nodes:
            for code in CODES:
                for word in WORDS:
                    found = await self._search(node, code, word)
                    if found in ("search-pending", "search-unknown"):
                        assert not ready or code not in known, code
                        assert code in known or found == "search-unknown"
                    else:
                        assert code in known, code
                        assert found == self._naive(known[code], word), (code, word)

    def _naive(self, expression: int, word: str) -> list[str]:
        _, kind, values = EXPRESSIONS[expression]
        holds = str.startswith if kind == "string" else str.__eq__
        return sorted(
            f"p{n}" for n, a in self.patients.items() if any(holds(v, word) for v in values(a))
        )

    async def _search(self, node: Node, code: str, word: str) -> Any:
        try:
            query = await compile_search(
                node.service, "Patient", [(code, word), ("_count", "1000")]
            )
        except FhirError as error:
            return error.code
        page = await node.service.store.search(query.plan)
        return sorted(each.id for each in page.matches)

    async def settle(self) -> None:
        deadline = time.monotonic() + 30
        while unfinished(await self.nodes[0].service.upkeep.note.read()):
            assert time.monotonic() < deadline
            await asyncio.sleep(0.005)


def _key(number: int) -> tuple[str, str]:
    return "SearchParameter", f"s{number}"


def _parameter(number: int, code: str, expression: int) -> Json:
    text, kind, _ = EXPRESSIONS[expression]
    return {
        "resourceType": "SearchParameter", "id": f"s{number}", "url": f"http://x/s{number}",
        "name": "x", "description": "x", "status": "active", "code": code, "base": ["Patient"],
        "type": kind, "expression": text,
    }  # fmt: skip


def _ops() -> st.SearchStrategy[tuple[Any, ...]]:
    node, patient = st.integers(0, 1), st.integers(0, PATIENTS - 1)
    parameter = st.integers(0, PARAMETERS - 1)
    return st.one_of(
        st.tuples(st.just("patient"), node, patient, st.integers(0, len(ADDRESSES) - 1)),
        st.tuples(st.just("delete"), node, patient),
        st.tuples(
            st.just("parameter"), node, parameter, st.integers(0, 1),
            st.integers(0, len(EXPRESSIONS) - 1),
        ),
        st.tuples(st.sampled_from(["retire", "remove"]), node, parameter),
        st.tuples(st.sampled_from(["reindex", "rest", "restart", "kill"]), node),
    )  # fmt: skip


@contextmanager
def impatient() -> Iterator[None]:
    """Small batches, so that much happens in the middle of a pass."""
    with (
        mock.patch("fhir_server.exchange.reindexing.POLL", 0.01),
        mock.patch("fhir_server.exchange.reindexing.BATCH", 2),
        mock.patch("fhir_server.exchange.reindexing.TOLD", 0.0),
    ):
        yield


async def in_world(act: Callable[[World], Awaitable[None]]) -> None:
    with tempfile.TemporaryDirectory() as folder:
        world = World(Path(folder))
        await world.open()
        try:
            await act(world)
        finally:
            for each in world.nodes:
                await each.close()


async def run(ops: list[tuple[Any, ...]], world: World) -> None:
    for op in ops:
        await world.step(op)
        await world.compare(ready=False)
    await world.settle()
    # A parameter is known as ready to each within POLL; the search itself asks.
    await world.compare(ready=True)


SOME: list[tuple[Any, ...]] = [("patient", n % 2, n, n % 4) for n in range(PATIENTS)]


@settings(max_examples=25)
@given(st.lists(_ops(), max_size=14))
@example([*SOME, ("parameter", 0, 0, 0, 0), ("kill", 0), ("patient", 1, 0, 2), ("rest", 1)])
@example([*SOME, ("parameter", 0, 0, 0, 0), ("parameter", 1, 0, 0, 2), ("parameter", 0, 0, 0, 3)])
@example([*SOME, ("parameter", 0, 0, 0, 0), ("remove", 1, 0), ("parameter", 0, 1, 0, 2)])
def test_a_search_finds_all_or_says_that_it_is_not_ready(ops: list[tuple[Any, ...]]) -> None:
    with impatient():
        asyncio.run(in_world(partial(run, [*SOME, *ops])))


def test_writes_at_once_with_a_new_parameter_leave_no_gap() -> None:
    """Both servers write without a pause while a parameter comes, changes and goes."""

    async def stress(world: World) -> None:
        ending = False

        async def writer(which: int) -> None:
            # No more patients than a page can show, however fast the machine.
            for i in itertools.count():
                if ending:
                    return
                await world.step(("patient", which % 2, which + 4 * (i % 500), (i + i // 500) % 3))

        writers = [asyncio.create_task(writer(n)) for n in range(4)]
        for op in [
            ("parameter", 0, 0, 0, 0), ("parameter", 1, 0, 0, 1), ("remove", 0, 0),
            ("parameter", 1, 1, 0, 3),
        ]:  # fmt: skip
            await world.step(op)
            await asyncio.sleep(0.1)
        ending = True
        await asyncio.gather(*writers)
        await world.settle()
        assert len(world.patients) > 50
        await world.compare(ready=True)

    with impatient():
        asyncio.run(in_world(stress))


def test_a_write_under_way_holds_up_the_work_on_what_was_there() -> None:
    """Its entries were made without the parameter; it must be over before all is gone through."""

    async def scene(world: World) -> None:
        one, two = world.nodes
        inner, held = two.store.write, asyncio.Event()

        async def slow(*given: Any) -> None:
            await held.wait()
            await inner(*given)

        with mock.patch.object(two.store, "write", slow):
            writing = asyncio.create_task(world.step(("patient", 1, 0, 0)))
            await asyncio.sleep(0.01)
            await world.step(("parameter", 0, 0, 0, 0))
            await asyncio.sleep(0.2)
            assert await world._search(one, "village", "a") == "search-pending"
            held.set()
            await writing
        await world.settle()
        await world.compare(ready=True)
        assert await world._search(one, "village", "a") == ["p0"]

    with impatient(), mock.patch("fhir_server.exchange.upkeep.AGREE", 0.05):
        asyncio.run(in_world(scene))


def test_a_server_that_did_not_look_looks_before_it_writes() -> None:
    """One whose event loop stood still, and whom the others have given up."""

    async def scene(world: World) -> None:
        one, two = world.nodes
        assert two.reindexer._running is not None
        two.reindexer._running.cancel()
        await world.step(("parameter", 0, 0, 0, 0))
        assert await world._search(one, "village", "a") == "search-pending"
        await asyncio.sleep(0.3)  # GRACE is over
        assert await world._search(one, "village", "a") == []
        await world.step(("patient", 1, 0, 0))
        assert await world._search(one, "village", "a") == ["p0"]
        note = await one.service.upkeep.note.read()
        assert len(note["processes"]) == 2

    with (
        impatient(),
        mock.patch("fhir_server.exchange.upkeep.AGREE", 0.05),
        mock.patch("fhir_server.exchange.upkeep.LEASE", 0.1),
        mock.patch("fhir_server.exchange.upkeep.GRACE", 0.2),
    ):
        asyncio.run(in_world(scene))


def test_work_goes_on_where_a_killed_server_was() -> None:
    async def scene(world: World) -> None:
        for op in SOME:
            await world.step(op)
        one, two = world.nodes
        # The second does no work; the first dies in the middle of its own.
        with mock.patch.object(two.reindexer, "_work", mock.AsyncMock()):
            await world.step(("parameter", 0, 0, 0, 0))
            while True:
                row = (await one.service.upkeep.note.read())["types"]["Patient"]
                if row["done"]:
                    break
                await asyncio.sleep(0)
            await world.step(("kill", 0))
        with mock.patch.object(two.reindexer, "_work", mock.AsyncMock()):
            await world.settle()
        row = (await two.service.upkeep.note.read())["types"]["Patient"]
        assert (row["done"], row["total"]) == (PATIENTS, PATIENTS)
        await world.compare(ready=True)

    with impatient():
        asyncio.run(in_world(scene))
