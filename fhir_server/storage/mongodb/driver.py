"""The one place that knows which client library talks to MongoDB.

motor was asked for by name and is deprecated; its successor is the async API of pymongo. Both have
the same methods, some awaited in one and plain in the other: `settle` takes either.
"""

from __future__ import annotations

import inspect
from decimal import Decimal
from typing import Any

from bson.codec_options import CodecOptions, TypeCodec, TypeRegistry
from bson.decimal128 import Decimal128

DRIVERS = ("pymongo", "motor")


class DecimalCodec(TypeCodec):
    """A FHIR decimal as Decimal128, which keeps its digits: 1.50 stays 1.50."""

    python_type = Decimal
    bson_type = Decimal128

    def transform_python(self, value: Decimal) -> Decimal128:
        return Decimal128(value)

    def transform_bson(self, value: Decimal128) -> Decimal:
        return value.to_decimal()


OPTIONS: CodecOptions[dict[str, Any]] = CodecOptions(type_registry=TypeRegistry([DecimalCodec()]))


def connect(uri: str, driver: str, timeout_ms: int) -> Any:
    """A client on the running event loop; it connects with its first command.

    Units: `timeout_ms` bounds the choice of a server, a connection and one command each.
    """
    options: dict[str, Any] = {
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
