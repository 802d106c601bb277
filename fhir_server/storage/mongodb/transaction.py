"""The write of several resources, or under guards: one transaction of a replica set."""

from __future__ import annotations

import asyncio
import random
import time
from collections.abc import Awaitable, Callable, Sequence
from contextlib import nullcontext
from typing import Any, NamedTuple

import pymongo
from bson.raw_bson import RawBSONDocument
from pymongo import InsertOne, ReplaceOne
from pymongo.errors import BulkWriteError, ConnectionFailure, OperationFailure, PyMongoError
from pymongo.read_concern import ReadConcern
from pymongo.read_preferences import ReadPreference
from pymongo.write_concern import WriteConcern

from ...model.ids import new_id
from ..base import Change, Conflict, Requirement
from .documents import pack, past, past_filter
from .driver import settle
from .layout import Collections
from .requirements import Find, broken, hold
from .write import landed

SECONDS = 20.0  # how long a transaction that collides with others is tried again
ABORT_SECONDS = 0.5
DUPLICATE = 11000


async def write_all(
    client: Any,
    collections: Collections,
    changes: Sequence[Change],
    guards: Sequence[Requirement],
    find: Find,
    *,
    seconds: float,
) -> None:
    """Errors: Conflict, store-too-large, and what the driver raises.

    Units: for `seconds` a server that is away is tried again.
    """
    write = new_id()
    packed = [pack(change, write) for change in changes]
    session = await settle(client.start_session())

    async def body(doubt: bool) -> None:
        # Did the last commit succeed although its answer says otherwise?
        if doubt and changes and await landed(collections, changes[0], write):
            return
        await hold(collections, guards, session)
        olds = await _olds(collections, changes, session)
        for guard in guards:
            found = await broken(collections, guard, changes, find, session)
            if found is not None:
                raise Conflict(*found)
        await _write(collections, changes, packed, olds, session)

    try:
        await _run(session, body, seconds)
    finally:
        await session.end_session()


async def _olds(
    collections: Collections, changes: Sequence[Change], session: Any
) -> dict[tuple[str, str], RawBSONDocument]:
    """The documents that the changes replace. Errors: Conflict where a version does not fit."""
    ids: dict[str, list[str]] = {}
    for change in changes:
        ids.setdefault(change.resource_type, []).append(change.id)
    olds: dict[tuple[str, str], RawBSONDocument] = {}
    for resource_type, some in ids.items():
        cursor = collections.raw(resource_type).find({"_id": {"$in": some}}, session=session)
        for each in await cursor.to_list(None):
            olds[resource_type, each["_id"]] = each
    for change in changes:
        old = olds.get((change.resource_type, change.id))
        if change.version - 1 != (old["version"] if old is not None else 0):
            raise Conflict(change.resource_type, change.id)
    return olds


async def _write(
    collections: Collections,
    changes: Sequence[Change],
    packed: Sequence[RawBSONDocument],
    olds: dict[tuple[str, str], RawBSONDocument],
    session: Any,
) -> None:
    pasts: dict[str, list[Any]] = {}
    writes: dict[str, list[Any]] = {}
    for change, new in zip(changes, packed, strict=True):
        old = olds.get((change.resource_type, change.id))
        if old is None:
            write: Any = InsertOne(new)
        else:
            copy = past(old)
            kept: Any = ReplaceOne(past_filter(old["_id"], old["version"]), copy, upsert=True)
            pasts.setdefault(change.resource_type, []).append(kept)
            write = ReplaceOne({"_id": change.id, "version": change.version - 1}, new)
        writes.setdefault(change.resource_type, []).append(write)
    for resource_type, some in pasts.items():
        await collections.past(resource_type).bulk_write(some, session=session)
    for resource_type, some in writes.items():
        try:
            current = collections.current(resource_type)
            result = await current.bulk_write(some, session=session)
        except BulkWriteError as error:
            if not _is_duplicate(error):
                raise
            raise _conflict(changes, resource_type) from None
        if result.matched_count + result.inserted_count != len(some):
            raise _conflict(changes, resource_type)


def _conflict(changes: Sequence[Change], resource_type: str) -> Conflict:
    """Only where one batch writes a resource twice; the snapshot was looked at before."""
    return Conflict(resource_type, next(c.id for c in changes if c.resource_type == resource_type))


def _is_duplicate(error: BulkWriteError) -> bool:
    return any(each.get("code") == DUPLICATE for each in error.details.get("writeErrors", ()))


class Until(NamedTuple):
    """When to give up: colliding with other writers, or a server that is away. Monotonic clock."""

    contended: float
    away: float


async def _run(session: Any, body: Callable[[bool], Awaitable[None]], seconds: float) -> None:
    now = time.monotonic()
    until, tries, doubt = Until(now + SECONDS, now + seconds), 0, False
    while True:
        await settle(
            session.start_transaction(
                read_concern=ReadConcern("snapshot"),
                write_concern=WriteConcern("majority", j=True),
                read_preference=ReadPreference.PRIMARY,
            )
        )
        try:
            await body(doubt)
        except BaseException as error:
            await _abort(session, away=isinstance(error, ConnectionFailure))
            if not _again(error, "TransientTransactionError", until):
                raise
        else:
            if await _commit(session, until):
                return
            doubt = True
        tries += 1
        await asyncio.sleep(random.uniform(0.001, min(0.25, 0.01 * 1.4**tries)))


async def _commit(session: Any, until: Until) -> bool:
    """False where the transaction has to be run again. A commit may be sent twice."""
    while True:
        try:
            await session.commit_transaction()
        except PyMongoError as error:
            if _again(error, "UnknownTransactionCommitResult", until):
                await asyncio.sleep(0.05)
                continue
            if _again(error, "TransientTransactionError", until):
                return False
            raise
        return True


async def _abort(session: Any, *, away: bool) -> None:
    """A server that is there must hear of it, lest it holds the documents for others; one that is
    `away` is not waited for a second time, and ends the transaction by itself."""
    if session.in_transaction:
        try:
            with pymongo.timeout(ABORT_SECONDS) if away else nullcontext():
                await session.abort_transaction()
        except PyMongoError:
            return  # the server ends it by itself


def _again(error: BaseException, label: str, until: Until) -> bool:
    """Is it worth another try? What took the server too long once is not asked for again."""
    if not isinstance(error, PyMongoError) or error.timeout or not error.has_error_label(label):
        return False
    limit = until.contended if isinstance(error, OperationFailure) else until.away
    return time.monotonic() < limit
