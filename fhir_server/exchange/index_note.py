"""What the processes of one store tell each other about the search index, as a note in it.

Shape: {"epoch", "parameters": {url: {"print", "types", "waits"}},
"types": {resource type: {"epoch", "state", "done", "total", "cursor"}},
"processes": {name: {"epoch", "host", "pid"}}, "worker", "until"}

`epoch` counts the changes of what is indexed, and the requests to index anew. A parameter can be
searched when it `waits` for none of its `types`. A type whose "state" is "building" is being gone
through since its "epoch", `done` of `total` resources (None: not counted), the next page begins
behind `cursor`. A process indexes by all parameters since its "epoch". `worker` is the process that
goes through the types until, in microseconds since 1970, `until`.
"""

from __future__ import annotations

import os
import socket
import uuid
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from ..model.dates import now
from ..model.json import canonical
from ..storage.base import Store

Json = dict[str, Any]
NOTE = "search-index"
LEASE = 30_000_000  # microseconds after which the work of a silent process is taken over
Wanted = Mapping[str, tuple[str, Sequence[str]]]  # url to fingerprint and types
_living: set[str] = set()  # names within this process


class Moved(Exception):
    """The note is of another epoch than what was based on it."""


class IndexNote:
    """The note, read and edited. `me` names this process."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self.me = uuid.uuid4().hex
        self._here: Json = {"host": _host(), "pid": os.getpid()}

    async def read(self) -> Json:
        return _whole(await self._store.note(NOTE))

    async def edit(self, change: Callable[[Json], None]) -> Json:
        """The note after `change`, which may run several times, as other processes edit it too."""
        while True:
            before = await self._store.note(NOTE)
            note = _whole(before)
            change(note)
            if before is not None and canonical(note) == canonical(before):
                return note
            if await self._store.set_note(NOTE, note, instead_of=before):
                return note

    async def announce(self, epoch: int, wanted: Wanted) -> Json:
        """These parameters are wanted, and no others. Errors: Moved."""

        def change(note: Json) -> None:
            if note["epoch"] != epoch:
                raise Moved
            known = note["parameters"]
            kept = {u: row for u, row in known.items() if _print(wanted, u) == row["print"]}
            new = {u: each for u, each in wanted.items() if u not in kept}
            touched = {t for _, types in new.values() for t in types}
            touched |= {t for u, row in known.items() if u not in kept for t in row["types"]}
            if not new and len(kept) == len(known):
                return
            fresh = {
                u: {"print": text, "types": [*types], "waits": [*types]}
                for u, (text, types) in new.items()
            }
            note["parameters"] = {**kept, **fresh}
            _begin(note, touched)

        return await self.edit(change)

    async def ask(self, types: Sequence[str]) -> Json:
        """The entries of all resources of these types are to be made anew."""
        return await self.edit(lambda note: _begin(note, types))

    async def ack(self, epoch: int, gone: Sequence[str] = ()) -> Json:
        """This process indexes by all parameters of the epoch; some others are no more."""
        _living.add(self.me)

        def change(note: Json) -> None:
            said = note["processes"].get(self.me, {"epoch": -1})["epoch"]
            note["processes"][self.me] = {"epoch": max(epoch, said), **self._here}
            for name, row in list(note["processes"].items()):
                if name != self.me and (name in gone or self._ended(name, row)):
                    del note["processes"][name]

        return await self.edit(change)

    async def leave(self) -> None:
        """This process ends."""
        _living.discard(self.me)

        def change(note: Json) -> None:
            note["processes"].pop(self.me, None)
            if note["worker"] == self.me:
                note["worker"], note["until"] = "", 0

        await self.edit(change)

    async def take(self) -> bool:
        """Become the one that works, unless another is at it."""

        def change(note: Json) -> None:
            worker = note["worker"]
            at_work = worker in note["processes"] and note["until"] >= now()
            if worker == self.me or not at_work:
                note["worker"], note["until"] = self.me, now() + LEASE

        return bool((await self.edit(change))["worker"] == self.me)

    async def tell(self, resource_type: str, epoch: int, **facts: object) -> bool:
        """Progress on a type. False where this process shall not go on with it: another has taken
        over, or it has to be gone through from its beginning."""

        def change(note: Json) -> None:
            row = note["types"].get(resource_type)
            if note["worker"] == self.me and row is not None and row["epoch"] == epoch:
                note["types"][resource_type] = {**row, **facts}
                note["until"] = now() + LEASE

        note = await self.edit(change)
        return bool(note["worker"] == self.me and note["types"][resource_type]["epoch"] == epoch)

    async def finish(self, resource_type: str, epoch: int, done: int) -> Json:
        """All resources of the type have their entries, unless it has to be begun again."""

        def change(note: Json) -> None:
            row = note["types"].get(resource_type)
            if row is None or row["epoch"] != epoch:
                return
            done_row = {**row, "state": "ready", "done": done, "total": done, "cursor": None}
            note["types"][resource_type] = done_row
            note["parameters"] = {
                url: {**each, "waits": [t for t in each["waits"] if t != resource_type]}
                for url, each in note["parameters"].items()
            }

        return await self.edit(change)

    def _ended(self, name: str, row: Json) -> bool:
        """Is it a process of this machine that is no more?"""
        if row["host"] != self._here["host"] or os.name != "posix":
            return False
        if row["pid"] == self._here["pid"]:
            return name not in _living  # an earlier one, as in a container that started again
        try:
            os.kill(row["pid"], 0)
        except ProcessLookupError:
            return True
        except OSError:
            return False
        return False


def _host() -> str:
    """Where a process number means one process."""
    try:
        space = os.stat("/proc/self/ns/pid").st_ino
    except OSError:
        space = 0
    return f"{socket.gethostname()}/{space}"


def unfinished(note: Json) -> list[str]:
    """The types that are to be gone through, those first for which a parameter waits."""
    types = [t for t, row in note["types"].items() if row["state"] != "ready"]
    waited = {t for row in note["parameters"].values() for t in row["waits"]}
    return sorted(types, key=lambda t: (t not in waited, note["types"][t]["epoch"], t))


def progress(note: Json, url: str) -> tuple[int, int]:
    """How many resources have their entries of a parameter that waits, and of how many."""
    row = note["parameters"][url]
    done = total = 0
    for each in row["types"]:
        of = note["types"].get(each, {"done": 0, "total": 0})
        total += of["total"] or of["done"]
        done += of["done"] if each in row["waits"] else of["total"] or 0
    return done, total


def _begin(note: Json, types: Sequence[str] | set[str]) -> None:
    note["epoch"] += 1
    row = {"epoch": note["epoch"], "state": "building", "done": 0, "total": None, "cursor": None}
    note["types"].update({each: dict(row) for each in sorted(types)})


def _print(wanted: Wanted, url: str) -> str | None:
    return wanted[url][0] if url in wanted else None


def _whole(found: Json | None) -> Json:
    empty: Json = {
        "epoch": 0, "parameters": {}, "types": {}, "processes": {}, "worker": "", "until": 0,
    }  # fmt: skip
    note = {**empty, **(found or {})}
    return {k: dict(v) if isinstance(v, dict) else v for k, v in note.items()}
