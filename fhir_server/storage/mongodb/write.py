"""The write of one resource, which survives a crash at any point without a transaction.

A create is one insert. An update first copies the old version into the history, which does no harm
if it is all that happens, then replaces the current document only where its version is still the
expected one. A deletion is an update that leaves a tombstone.
"""

from __future__ import annotations

import asyncio
import random
import time

from bson.raw_bson import RawBSONDocument
from pymongo.errors import AutoReconnect, DuplicateKeyError, OperationFailure

from ...model.ids import new_id
from ..base import Change, Conflict
from .documents import pack, past, past_filter
from .failures import WRITE_CONFLICT
from .layout import Collections

TRIES = 2  # of a write whose answer was lost; the driver has tried again by then, too


async def write_one(
    collections: Collections, change: Change, *, majority: bool, seconds: float
) -> None:
    """Errors: Conflict, store-too-large, and what the driver raises.

    Units: within `seconds` it is tried again, after a lost answer or beside a transaction that
    holds the document.
    """
    write = new_id()
    new = pack(change, write)
    deadline, lost = time.monotonic() + seconds, 0
    while True:
        try:
            if change.version == 1:
                await _insert(collections, change, new, write)
            else:
                await _replace(collections, change, new, write, majority=majority)
            return
        except AutoReconnect as error:
            lost += 1
            if lost >= TRIES or error.timeout or time.monotonic() > deadline:
                raise
        except OperationFailure as error:
            if error.code != WRITE_CONFLICT or time.monotonic() > deadline:
                raise
            await asyncio.sleep(random.uniform(0.001, 0.02))


async def _insert(
    collections: Collections, change: Change, new: RawBSONDocument, write: str
) -> None:
    try:
        await collections.current(change.resource_type).insert_one(new)
    except DuplicateKeyError:
        if not await landed(collections, change, write):
            raise Conflict(change.resource_type, change.id) from None


async def _replace(
    collections: Collections,
    change: Change,
    new: RawBSONDocument,
    write: str,
    *,
    majority: bool,
) -> None:
    expected = {"_id": change.id, "version": change.version - 1}
    # With "majority" a version that a failover took back cannot get into the history.
    old = await collections.raw(change.resource_type, majority=majority).find_one(expected)
    if old is not None:
        copy = past(old)
        try:
            history = collections.past(change.resource_type)
            name = past_filter(change.id, change.version - 1)
            await history.replace_one(name, copy, upsert=True)
        except DuplicateKeyError:
            pass  # another writer has just put the same version there
        current = collections.current(change.resource_type)
        result = await current.replace_one(expected, new)
        if result.matched_count:
            return
    if not await landed(collections, change, write):
        raise Conflict(change.resource_type, change.id)


async def landed(collections: Collections, change: Change, write: str) -> bool:
    """Did an earlier try of this very write succeed, and only its answer was lost?"""
    # An update that changes nothing waits, as every write does, until the majority has what is
    # there; merely reading it could find what a failover takes back.
    current = collections.current(change.resource_type)
    mine = {"_id": change.id, "write": write}
    if (await current.update_one(mine, {"$set": {"write": write}})).matched_count:
        return True
    # By now somebody may have written the next version.
    name = past_filter(change.id, change.version)
    found = await collections.past(change.resource_type).find_one({**name, "write": write})
    return found is not None
