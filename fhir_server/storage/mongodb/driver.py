"""The one place that knows which client library talks to MongoDB.

motor was asked for by name and is deprecated; its successor is the async API of pymongo. Both have
the same methods, some awaited in one and plain in the other: `settle` takes either.
"""

from __future__ import annotations

import inspect
from typing import Any

DRIVERS = ("pymongo", "motor")


def connect(uri: str, driver: str, timeout_ms: int, search_ms: int = 0) -> Any:
    """A client on the running event loop; it connects with its first command.

    Units: `timeout_ms` bounds each operation as a whole: the choice of a server, the connection,
    the command and its repetitions. With `search_ms` a command may take longer than that, as each
    search says for itself; only the choice of a server stays bounded by `timeout_ms`.
    """
    bounds = {"timeoutMS": timeout_ms}
    if search_ms:
        bounds = {"socketTimeoutMS": search_ms + timeout_ms, "waitQueueTimeoutMS": timeout_ms}
    options: dict[str, Any] = {
        **bounds,
        "serverSelectionTimeoutMS": timeout_ms,
        "connectTimeoutMS": timeout_ms,
        "retryWrites": True,
        "retryReads": True,
        "w": "majority",
        "journal": True,
        "appname": "fhir-referral-server",
    }
    if driver == "motor":
        from motor.motor_asyncio import AsyncIOMotorClient

        return AsyncIOMotorClient(uri, **options)
    from pymongo import AsyncMongoClient

    return AsyncMongoClient(uri, **options)


async def settle(value: Any) -> Any:
    """The result of a call that one library awaits and the other does not."""
    return await value if inspect.isawaitable(value) else value
