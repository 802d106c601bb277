"""Versions of another store, as they are. Spec: `Store.restore` in storage/base.py

The order of writing is that of `write.py`: the history first, so that a restore which is cut short
and repeated leaves each version in one place.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from bson.raw_bson import RawBSONDocument
from pymongo import ReplaceOne

from ..base import Change
from .documents import pack, past, past_filter
from .layout import Collections

WRITE = "restored"  # of the field `write`: no attempt of ours can be taken for it


async def restore(collections: Collections, resource_type: str, changes: Sequence[Change]) -> None:
    """The versions of one type."""
    tops: dict[str, Change] = {}
    for each in changes:
        if each.id not in tops or tops[each.id].version < each.version:
            tops[each.id] = each
    cursor = collections.raw(resource_type).find({"_id": {"$in": list(tops)}})
    there = {each["_id"]: each for each in await cursor.to_list(None)}
    pasts: list[Any] = []
    currents: list[Any] = []
    for each in changes:
        old = there.get(each.id)
        if old is not None and old["version"] == each.version:
            continue  # of an earlier try
        if each is not tops[each.id] or (old is not None and old["version"] > each.version):
            pasts.append(_past(past(pack(each, WRITE)), each.id, each.version))
            continue
        if old is not None:
            pasts.append(_past(past(old), each.id, old["version"]))
        seen = {"_id": each.id} if old is None else {"_id": each.id, "version": old["version"]}
        currents.append(ReplaceOne(seen, pack(each, WRITE), upsert=old is None))
    if pasts:
        await collections.past(resource_type).bulk_write(pasts, ordered=False)
    if currents:
        await collections.current(resource_type).bulk_write(currents, ordered=False)


def _past(document: RawBSONDocument, id: str, version: int) -> Any:
    return ReplaceOne(past_filter(id, version), document, upsert=True)
