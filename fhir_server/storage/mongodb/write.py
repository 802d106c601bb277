"""Writes that survive a crash at any point.

One resource needs no transaction. A create is one insert. An update first copies the old version
into the history, which does no harm if it is all that happens, then replaces the current document
only where its version is still the expected one. Several changes, or a guard, go into one
transaction of a replica set.
"""

from __future__ import annotations

import asyncio
import hashlib
import random
import time
from collections.abc import Awaitable, Callable, Sequence
from decimal import DecimalException
from typing import Any

from bson.errors import InvalidDocument
from pymongo.errors import DuplicateKeyError, OperationFailure, PyMongoError
from pymongo.read_concern import ReadConcern
from pymongo.read_preferences import ReadPreference
from pymongo.write_concern import WriteConcern

from ...errors import FhirError
from ...model.ids import new_id
from ..base import Change, Conflict, Guard
from .documents import Json, document, history_document
from .driver import settle

RETRY_SECONDS = 20.0  # how long writers that collide are tried again
GUARDS = "_guards"
Collection = Callable[[str], Any]
# Does a guard's plan find something now, inside the transaction? Its (type, id).
Find = Callable[[Guard, Any], Awaitable[tuple[str, str] | None]]


async def write_one(collection: Collection, change: Change) -> None:
    """Errors: Conflict, and what the driver raises."""
    write = new_id()
    if change.version == 1:
        await _insert(collection, change, write)
    else:
        await _replace(collection, change, write, None)


async def _encoded(change: Change, write: str, run: Callable[[Json], Awaitable[Any]]) -> Any:
    try:
        return await run(document(change, write))
    except (DecimalException, OverflowError, InvalidDocument):
        # A number beyond 34 digits or 64 bits: kept as text rather than rounded or refused.
        return await run(document(change, write, as_text=True))


async def _insert(collection: Collection, change: Change, write: str) -> None:
    target = collection(change.resource_type)
    try:
        await _encoded(change, write, target.insert_one)
    except DuplicateKeyError:
        if not await _is_ours(target, change, write):
            raise Conflict(change.resource_type, change.id) from None


async def _replace(collection: Collection, change: Change, write: str, session: Any) -> None:
    target, history = (
        collection(change.resource_type),
        collection(change.resource_type + "_history"),
    )
    expected = {"_id": change.id, "version": change.version - 1}
    old = await target.find_one(expected, session=session)
    if old is None:
        raise Conflict(change.resource_type, change.id)
    past = history_document(old)
    await history.replace_one({"_id": past["_id"]}, past, upsert=True, session=session)

    async def replace(new: Json) -> Any:
        return await target.replace_one(expected, new, session=session)

    result = await _encoded(change, write, replace)
    if result.matched_count == 0 and not await _is_ours(target, change, write):
        raise Conflict(change.resource_type, change.id)


async def _is_ours(target: Any, change: Change, write: str) -> bool:
    """Did an earlier try of this very write succeed, and only its answer was lost?"""
    found = await target.find_one({"_id": change.id, "write": write}, {"_id": 1})
    return found is not None


async def write_all(
    client: Any,
    collection: Collection,
    changes: Sequence[Change],
    guards: Sequence[Guard],
    find: Find,
) -> None:
    """One transaction, tried again where it collided with another.

    Errors: Conflict, write-contended, and what the driver raises.
    """

    async def body(session: Any) -> None:
        for guard in guards:
            await _hold(collection(GUARDS), guard, session)
            found = await find(guard, session)
            if found is not None:
                raise Conflict(found[0], found[1], guard.key)
        fresh = [c for c in changes if c.version == 1]
        for change in changes:
            if change.version > 1:
                await _replace(collection, change, write, session)
        await _insert_many(collection, fresh, write, session)

    write = new_id()
    session = await settle(client.start_session())
    try:
        await _run(session, body)
    finally:
        await session.end_session()


async def _hold(guards: Any, guard: Guard, session: Any) -> None:
    """Touch the document of the condition: of two transactions that do, one has to start again
    and then sees what the other wrote."""
    key = hashlib.sha256(guard.key.encode()).hexdigest()
    await guards.update_one({"_id": key}, {"$inc": {"held": 1}}, upsert=True, session=session)


async def _insert_many(
    collection: Collection, changes: Sequence[Change], write: str, session: Any
) -> None:
    by_type: dict[str, list[Change]] = {}
    for change in changes:
        by_type.setdefault(change.resource_type, []).append(change)
    for resource_type, some in by_type.items():
        target = collection(resource_type)
        ids = [c.id for c in some]
        used = await target.find_one({"_id": {"$in": ids}}, {"_id": 1}, session=session)
        if used is not None:
            raise Conflict(resource_type, used["_id"])
        for change in some:

            async def insert(new: Json, target: Any = target) -> Any:
                return await target.insert_one(new, session=session)

            await _encoded(change, write, insert)


async def _run(session: Any, body: Callable[[Any], Awaitable[None]]) -> None:
    deadline = time.monotonic() + RETRY_SECONDS
    while True:
        await settle(
            session.start_transaction(
                read_concern=ReadConcern("snapshot"),
                write_concern=WriteConcern("majority", j=True),
                read_preference=ReadPreference.PRIMARY,
            )
        )
        try:
            await body(session)
        except BaseException as error:
            await _abort(session)
            if _again(error, "TransientTransactionError") and time.monotonic() < deadline:
                await asyncio.sleep(random.uniform(0.001, 0.03))
                continue
            if _again(error, "TransientTransactionError") and isinstance(error, OperationFailure):
                raise FhirError("write-contended") from error
            raise
        if await _commit(session, deadline):
            return


async def _commit(session: Any, deadline: float) -> bool:
    """False where the transaction has to be run again. A commit may be sent twice."""
    while True:
        try:
            await session.commit_transaction()
        except PyMongoError as error:
            if time.monotonic() >= deadline:
                raise
            if _again(error, "UnknownTransactionCommitResult"):
                await asyncio.sleep(0.05)
                continue
            if _again(error, "TransientTransactionError"):
                return False
            raise
        return True


async def _abort(session: Any) -> None:
    if session.in_transaction:
        try:
            await session.abort_transaction()
        except PyMongoError:
            return  # the server ends it by itself


def _again(error: BaseException, label: str) -> bool:
    # An unreachable server is not waited for here: the client gets its 503 in time.
    return isinstance(error, PyMongoError) and error.has_error_label(label) and not error.timeout
