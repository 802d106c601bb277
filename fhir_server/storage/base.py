"""What every store does. Stores know no FHIRPath and no HTTP; callers know no database."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal, Protocol, TypeAlias, runtime_checkable

from ..model.json import decode_stored, encode
from ..model.references import encoded_references, references_in
from .feed import Committed, Feed
from .plan import Clause, Cursor, Kind, Plan, Value

Json = dict[str, Any]
Method = Literal["POST", "PUT", "DELETE"]


class Stored:
    """One version of one resource, or the tombstone of a deletion.

    `body` (JSON bytes) and `resource` (a dict) are two faces of the same content; each store fills
    the one it has and the other is made when somebody asks. Units: `updated` counts microseconds
    since 1970 in UTC.
    """

    __slots__ = ("_body", "_resource", "id", "method", "resource_type", "updated", "version")

    def __init__(
        self,
        resource_type: str,
        id: str,
        version: int,
        updated: int,
        *,
        body: bytes | None = None,
        resource: Json | None = None,
        method: str = "PUT",
    ) -> None:
        self.resource_type = resource_type
        self.id = id
        self.version = version
        self.updated = updated
        self.method = method
        self._body = body
        self._resource = resource

    @property
    def deleted(self) -> bool:
        return self.method == "DELETE"

    @property
    def body(self) -> bytes:
        if self._body is None:
            self._body = encode(self._resource)
        return self._body

    @property
    def resource(self) -> Json:
        if self._resource is None:
            self._resource = decode_stored(self.body)
        return self._resource

    @property
    def references(self) -> list[str]:
        """The text of every `reference` in it, in order, from the face that is there."""
        if self._body is not None:
            return encoded_references(self._body)
        return list(references_in(self._resource))


@dataclass(slots=True)
class Change:
    """One resource to be written as its version `version`.

    `version` is the number this write makes; the write happens only if the current version (a
    tombstone counts) is `version - 1`, and 1 demands that the id was never used. `index` holds the
    entries of `search/index.py`, grouped by kind (see `plan.KINDS`). A deletion has neither
    resource nor index. Units: `updated` in microseconds since 1970, UTC.
    """

    method: Method
    resource_type: str
    id: str
    version: int
    updated: int
    resource: Json | None = None
    body: bytes | None = None
    index: Mapping[str, Sequence[tuple[Any, ...]]] = field(default_factory=dict)
    new_id: bool = False  # the id was made by this server for this very change
    indexed_by: int = -1  # `Indexer.generation` when `index` was made


@dataclass(slots=True, frozen=True)
class Guard:
    """A condition that must still hold when the batch commits: `plan` finds nothing.

    `key` names the condition: two writers with an equal key can never both commit with neither
    seeing the other's resources.
    """

    key: str
    plan: Plan


@dataclass(slots=True, frozen=True)
class Unreferenced:
    """A condition that must still hold when the batch commits: nothing outside of it points to
    `targets`, pairs of type and id, by one of `params`, the reference parameters by resource type.

    `strict`: it holds against each batch with `Present`, too: of a batch that deletes a resource
    and one that comes to point to it, at most one commits. Otherwise a database without
    transactions may check it before the write.
    """

    targets: tuple[tuple[str, str], ...]
    params: Mapping[str, Sequence[str]]
    strict: bool = False


@dataclass(slots=True, frozen=True)
class Present:
    """A condition that must still hold when the batch commits: `targets`, none of which the batch
    itself writes, are there and not deleted."""

    targets: tuple[tuple[str, str], ...]


Requirement: TypeAlias = Guard | Unreferenced | Present


class Conflict(Exception):
    """The batch was not written: what it was based on has changed. The caller reads again.

    Shape: `resource_type`, `id` name the first resource whose version did not fit; a guard that
    found something names the resource it found and has its key in `guard`. There, `Unreferenced`
    names what points to a target, `Present` a target that is not there.
    """

    def __init__(self, resource_type: str, id: str, guard: str = "") -> None:
        super().__init__(resource_type, id, guard)
        self.resource_type, self.id, self.guard = resource_type, id, guard


@dataclass(slots=True)
class Page:
    """One page of matches in the plan's order.

    `after` leads to the next page and is None on the last; `before` leads, with `backward`, to the
    previous one and is None on the first. `total` only where the plan asked.
    """

    matches: list[Stored]
    after: Cursor | None = None
    total: int | None = None
    before: Cursor | None = None


# The entries of kind text of a resource, (code, words); see storage/plan.py. Given to a store when
# it is made, which calls it when it writes, or later: the index of words may lag behind a write as
# long as every search that asks for words sees all that was written before it.
Texts: TypeAlias = Callable[[Json], Sequence[tuple[str, str]]]


@dataclass(slots=True, frozen=True)
class HistoryPlan:
    """Versions of one resource, of a type (`id` ""), or of all (`resource_type` "").

    Newest first unless `ascending`: those of one resource by version, else by `updated`, ties by
    type, id and version. Units: microseconds since 1970, UTC; `since` <= updated < `until`. `at`
    [low, high) keeps the versions that were current at some moment of it: written before its end
    and not replaced until its beginning; a deletion counts as a version.

    `after`: the page begins behind this version, or with `backward` ends before it; it is the
    `history_cursor` of a version, the same on every store. `limit` 0 asks only for the total.
    `most`: beyond so many versions the total is not counted, and None; 0 counts them all.
    """

    resource_type: str = ""
    id: str = ""
    limit: int = 50
    since: int | None = None
    until: int | None = None
    at: tuple[int, int] | None = None
    ascending: bool = False
    after: Cursor | None = None
    total: bool = False
    backward: bool = False
    most: int = 0

    @property
    def order(self) -> tuple[str, ...]:
        """The fields of a version that order the page, and that make up a cursor."""
        return ("version",) if self.id else ("updated", "resource_type", "id", "version")


def history_cursor(plan: HistoryPlan, found: Stored) -> Cursor:
    return tuple(getattr(found, name) for name in plan.order)


def history_page(plan: HistoryPlan, found: list[Stored], total: int | None) -> Page:
    """A page from up to one version more than its limit, in the direction of the reading."""
    more = len(found) > plan.limit
    found = found[: plan.limit]
    if plan.backward:
        found.reverse()
    if not found:
        return Page([], None, total, None)
    first, last = history_cursor(plan, found[0]), history_cursor(plan, found[-1])
    came = plan.after is not None
    ahead, behind = (came, more) if plan.backward else (more, came)
    return Page(found, last if ahead else None, total, first if behind else None)


@runtime_checkable
class Store(Protocol):
    """Spec: the contract suite in tests/contract runs on each implementation.

    Errors of every method: store-down, when the database cannot be reached in time.
    """

    name: str

    async def open(self) -> None:
        """Connect, create tables or collections and indexes. Errors: store-down."""

    async def close(self) -> None: ...

    async def ready(self) -> dict[str, Any]:
        """Facts for /ready: {"store": "mongodb", "transactions": True}. Errors: store-down."""

    async def current(self, resource_type: str, id: str) -> Stored | None:
        """The current version, maybe a tombstone; None when the id was never used."""

    async def version(self, resource_type: str, id: str, version: int) -> Stored | None: ...

    async def history(self, plan: HistoryPlan) -> Page:
        """A page of versions; what an unfinished write left behind is not among them.

        Errors: search-too-costly.
        """

    async def search(self, plan: Plan) -> Page:
        """Errors: store-not-supported for a plan beyond `capabilities`; search-too-costly where it
        takes more time or looks at more entries than one search may; search-busy."""

    async def explain(self, plan: Plan) -> Json:
        """How the database runs this search. Errors: as `search`.

        Shape: `store`, its name; `index`, the names of the indexes used; `plan`, the database's own
        plan as lines. SQLite, which runs the search once: `sql`, its statements, with `?` for each
        value; `lead`, where they begin, and of how many entries. MongoDB: `collection` and
        `pipeline` of the main query; `before`, those of the queries that come before it.
        """

    async def many(self, keys: Sequence[tuple[str, str]]) -> list[Stored]:
        """The current versions of (type, id) pairs, without tombstones, in no special order."""

    async def referrers(
        self, resource_type: str, param: str, targets: Sequence[tuple[str, str]], *, limit: int
    ) -> list[Stored]:
        """Resources of a type whose reference parameter points to one of the targets."""

    async def pointers(
        self,
        params: Mapping[str, Sequence[str]],
        targets: Sequence[tuple[str, str]],
        *,
        limit: int,
    ) -> list[tuple[str, str]]:
        """(type, id) of the resources that point to one of the targets, in no special order.

        `params` are the reference parameters that count, by resource type. Cheap for types that
        have no such resource.
        """

    async def values(
        self, resource_types: Sequence[str], kind: Kind, code: str, *, limit: int
    ) -> list[tuple[Value, ...]]:
        """The distinct index entries of a parameter of kind token or uri, without the code."""

    async def write(self, changes: Sequence[Change], guards: Sequence[Requirement] = ()) -> None:
        """Write all changes or none, durably.

        Errors: Conflict, when a version or a guard does not fit; store-no-transaction, when more
        than one change or any guard is given and the database has no transactions; store-full;
        store-too-large.
        """

    async def purge(self, resource_type: str, id: str, *, history_only: bool) -> int:
        """Forget a resource for good with all its versions, or only those before the current one.

        Returns how many versions are gone. The id is as one that was never used afterwards. Where
        it is cut short, purging again does the rest.
        """

    async def reindex(self, changes: Sequence[Change]) -> int:
        """Replace the index entries of resources that still have the version of their change.

        Nothing else of a resource changes, and no version is made. Returns how many still had it.
        """

    async def restore(self, changes: Sequence[Change]) -> None:
        """Put versions there as they are, whatever comes before them: the highest of a resource is
        its current one, the others are its history. What is there already stays.

        For the copy of another store; nobody else may write meanwhile. Cut short, it may be
        repeated.
        """

    def changes(self, after: str = "") -> Feed:
        """What is committed from now on, or behind a token of the feed; see storage/feed.py."""

    async def note(self, key: str) -> Json | None:
        """What `set_note` kept: facts of this program about the store, no resources."""

    async def set_note(self, key: str, value: Json, *, instead_of: Json | None) -> bool:
        """Keep a note where the present one is still `instead_of` (None: there is none).

        False where another process was first; nothing has changed then.
        """

    async def drop_note(self, key: str) -> None:
        """Forget a note, if there is one."""

    # The records and fields of a plan that it understands, and "transactions"; the kinds of index
    # entries that it keeps, "text" only where it was given `Texts`.
    capabilities: frozenset[str]
    kinds: frozenset[str]


__all__ = [
    "Change",
    "Clause",
    "Committed",
    "Conflict",
    "Feed",
    "Guard",
    "HistoryPlan",
    "Json",
    "Page",
    "Present",
    "Requirement",
    "Store",
    "Stored",
    "Texts",
    "Unreferenced",
    "history_cursor",
    "history_page",
]
