"""The one place that knows which client library talks to MongoDB.

motor was asked for by name and is deprecated; its successor is the async API of pymongo. Both have
the same methods, some awaited in one and plain in the other: `settle` takes either.
"""

from __future__ import annotations

import inspect
from dataclasses import dataclass, field
from typing import Any

DRIVERS = ("pymongo", "motor")


@dataclass(frozen=True, slots=True)
class Connection:
    """How to connect, beside the address. 0 and "" leave to the address, or to MongoDB's default.

    `read_preference` is that of searches and of the history of types, whose `staleness_seconds`
    is bounded; everything else goes to the primary, whatever the address says.
    """

    pool_size: int = 0
    pool_min: int = 0
    idle_ms: int = 0
    tls_ca_file: str = ""
    tls_certificate_file: str = ""
    tls_certificate_password: str = field(default="", repr=False)
    read_preference: str = "primary"
    staleness_seconds: int = 0


def connect(
    uri: str, driver: str, timeout_ms: int, connection: Connection, search_ms: int = 0
) -> Any:
    """A client on the running event loop; it connects with its first command.

    Units: `timeout_ms` bounds each operation as a whole: the choice of a server, the connection,
    the command and its repetitions. With `search_ms` the client is for searches: a command may
    take longer than that, as each search says for itself; only the choice of a server and of a
    connection stays bounded by `timeout_ms`.
    """
    options = {**_options(timeout_ms, connection), **_reading(connection, bool(search_ms))}
    if search_ms:
        options["socketTimeoutMS"] = search_ms + timeout_ms
        options["waitQueueTimeoutMS"] = timeout_ms
    else:
        options["timeoutMS"] = timeout_ms
    if driver == "motor":
        from motor.motor_asyncio import AsyncIOMotorClient

        return AsyncIOMotorClient(uri, **options)
    from pymongo import AsyncMongoClient

    return AsyncMongoClient(uri, **options)


def _options(timeout_ms: int, connection: Connection) -> dict[str, Any]:
    given = {
        "maxPoolSize": connection.pool_size,
        "minPoolSize": connection.pool_min,
        "maxIdleTimeMS": connection.idle_ms,
        "tlsCAFile": connection.tls_ca_file,
        "tlsCertificateKeyFile": connection.tls_certificate_file,
        "tlsCertificateKeyFilePassword": connection.tls_certificate_password,
    }
    given = {name: value for name, value in given.items() if value}
    if connection.tls_ca_file or connection.tls_certificate_file:
        given["tls"] = True
    return {
        **given,
        "serverSelectionTimeoutMS": timeout_ms,
        "connectTimeoutMS": timeout_ms,
        "retryWrites": True,
        "retryReads": True,
        "w": "majority",
        "journal": True,
        "appname": "fhir-referral-server",
    }


def _reading(connection: Connection, searching: bool) -> dict[str, Any]:
    if not searching or connection.read_preference == "primary":
        return {"readPreference": "primary", "maxStalenessSeconds": -1, "readPreferenceTags": ""}
    staleness = connection.staleness_seconds or -1
    return {"readPreference": connection.read_preference, "maxStalenessSeconds": staleness}


async def settle(value: Any) -> Any:
    """The result of a call that one library awaits and the other does not."""
    return await value if inspect.isawaitable(value) else value
