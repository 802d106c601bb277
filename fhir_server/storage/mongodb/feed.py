"""The change feed: a change stream on the database, as the oplog tells it.

Spec: https://www.mongodb.com/docs/manual/changeStreams/, storage/feed.py
"""

from __future__ import annotations

import base64
import binascii
import contextlib
import time
from typing import Any

import bson
import pymongo
from bson.errors import BSONError
from pymongo.errors import OperationFailure

from ...errors import FhirError
from ..feed import Committed, Feed, kind_of
from .documents import Json
from .driver import settle
from .failures import explained

AWAIT_MS = 500  # how long the server waits for a change before it answers that there is none
CLOSE_SECONDS = 1.0
PREFIX = "m1."
# Writes of a resource are inserts and replacements of its current document; an update there
# concerns its index alone. A deletion there is a purge: what a client deletes leaves a tombstone.
TOLD = ("insert", "replace", "delete")
PIPELINE: list[Json] = [
    {
        "$match": {
            "operationType": {"$in": list(TOLD)},
            # Neither the history nor the collections of this program.
            "ns.coll": {"$regex": "^[A-Za-z]+$"},
        }
    },
    {
        "$project": {
            "operationType": 1,
            "ns": 1,
            "documentKey": 1,
            "clusterTime": 1,
            "fullDocument.version": 1,
            "fullDocument.updated": 1,
            "fullDocument.method": 1,
        }
    },
]
# ChangeStreamHistoryLost, ChangeStreamFatalError; then FailedToParse, InvalidResumeToken and what
# the parser of tokens says: https://www.mongodb.com/docs/manual/reference/error-codes/
CODES = {
    **dict.fromkeys((286, 280), "feed-gone"),
    **dict.fromkeys((9, 14, 260, 50811, 50795), "feed-token"),
    **dict.fromkeys((40573,), "feed-not-supported"),
}


class MongoFeed(Feed):
    """A stream that broke is opened again by the next call."""

    def __init__(self, database: Any, after: str) -> None:
        self._database = database
        self.token = after
        self._resume: Json | None = None
        self._stream: Any = None
        self._first: Json | None = None

    async def open(self) -> None:
        if self._stream is not None:
            return
        if self._resume is None and self.token:
            self._resume = decode_token(self.token)
        options: Json = {"max_await_time_ms": AWAIT_MS}
        if self._resume is not None:
            options["resume_after"] = self._resume
        try:
            with explained():
                await self._watch(options)
        except FhirError:
            await self.close()
            raise
        self._move()

    async def _watch(self, options: Json) -> None:
        try:
            self._stream = await settle(self._database.watch(PIPELINE, **options))
            if getattr(self._stream, "delegate", self._stream) is None:
                # motor connects when it is first asked; only then there is a token.
                self._first = await self._stream.try_next()
        except OperationFailure as error:
            raise _refusal(error) from None

    async def next(self, seconds: float) -> Committed | None:
        end = time.monotonic() + seconds
        while True:
            if self._stream is None:
                await self.open()
            found, self._first = self._first, None
            if found is None:
                found = await self._try()
            self._move()
            if found is not None:
                return self._committed(found)
            if time.monotonic() >= end:
                return None

    async def _try(self) -> Json | None:
        try:
            with explained():
                try:
                    found: Json | None = await self._stream.try_next()
                except OperationFailure as error:
                    raise _refusal(error) from None
        except FhirError:
            await self.close()
            raise
        if found is None and not self._stream.alive:  # the database was dropped
            raise FhirError("feed-gone")
        return found

    def _move(self) -> None:
        if self._first is not None:
            return  # not told yet
        resume = self._stream.resume_token
        if resume is not None and resume != self._resume:
            self._resume, self.token = resume, encode_token(resume)

    def _committed(self, found: Json) -> Committed:
        resource_type, id = found["ns"]["coll"], found["documentKey"]["_id"]
        token = encode_token(found["_id"])
        if found["operationType"] == "delete":
            moment = found["clusterTime"].time * 1_000_000
            return Committed("purge", resource_type, id, 0, moment, token)
        new = found["fullDocument"]
        version, updated = int(new["version"]), int(new["updated"])
        kind = kind_of(new["method"], version)
        return Committed(kind, resource_type, id, version, updated, token)

    async def close(self) -> None:
        stream, self._stream, self._first = self._stream, None, None
        if stream is not None:
            # What cannot be told to the server it finds out by itself.
            with contextlib.suppress(FhirError), explained(), pymongo.timeout(CLOSE_SECONDS):
                await stream.close()


def _refusal(error: OperationFailure) -> Exception:
    code = CODES.get(error.code or 0)
    return FhirError(code) if code else error


def encode_token(resume: Any) -> str:
    return PREFIX + base64.urlsafe_b64encode(bson.encode(resume)).decode().rstrip("=")


def decode_token(token: str) -> Json:
    """Errors: feed-token."""
    text = token.removeprefix(PREFIX)
    try:
        if text == token or not token.isascii():
            raise ValueError
        found: Json = bson.decode(base64.urlsafe_b64decode(text + "=" * (-len(text) % 4)))
    except (ValueError, binascii.Error, BSONError):
        raise FhirError("feed-token") from None
    return found
