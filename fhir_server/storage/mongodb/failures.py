"""What the driver raises, as rows of the error table. Never with the text of the driver, which
may quote a document."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import structlog
from pymongo.errors import (
    ConfigurationError,
    ConnectionFailure,
    DocumentTooLarge,
    ExecutionTimeout,
    InvalidOperation,
    OperationFailure,
    PyMongoError,
)

from ...errors import FhirError
from .documents import MAX_BYTES

log = structlog.get_logger("fhir_server.storage")

WRITE_CONFLICT = 112
NAMESPACE_EXISTS = 48
# Codes of https://www.mongodb.com/docs/manual/reference/error-codes/
CODES = {
    # OutOfDiskSpace
    **dict.fromkeys((14031,), "store-full"),
    # BSONObjectTooLarge and its older numbers
    **dict.fromkeys((10334, 17280, 17419, 17420), "store-too-large"),
    # IllegalOperation, OperationNotSupportedInTransaction: a standalone server's "no transactions"
    **dict.fromkeys((20, 263), "store-no-transaction"),
    # WriteConflict, LockTimeout, NoSuchTransaction, SnapshotUnavailable, TransactionTooOld
    **dict.fromkeys((WRITE_CONFLICT, 24, 251, 246, 225), "write-contended"),
    # QueryExceededMemoryLimitNoDiskUseAllowed, MaxTimeMSExpired on a search
    **dict.fromkeys((292,), "search-too-costly"),
    # Unauthorized, AuthenticationFailed, and a server that is starting, stepping down, cut off
    # from its majority or too slow
    **dict.fromkeys((13, 18), "store-down"),
    **dict.fromkeys((6, 7, 50, 64, 79, 89, 91, 100, 133, 189, 202, 262, 317, 9001), "store-down"),
    **dict.fromkeys((10058, 10107, 11600, 11602, 13388, 13435, 13436), "store-down"),
}


@contextmanager
def explained(*, slow: str = "store-down") -> Iterator[None]:
    """`slow`: the error code of an operation that took the server too long."""
    try:
        yield
    except ExecutionTimeout:
        raise FhirError(slow) from None
    except (ConnectionFailure, ConfigurationError, InvalidOperation) as error:
        raise _logged("store-down", error) from None
    except DocumentTooLarge:
        raise FhirError("store-too-large", limit=MAX_BYTES) from None
    except OperationFailure as error:
        raise _explain(error) from None
    except PyMongoError as error:
        raise _logged("store-down", error) from None


def _explain(error: OperationFailure) -> FhirError:
    code = CODES.get(error.code or 0)
    if code is None:
        passing = ("RetryableWriteError", "TransientTransactionError")
        code = "store-down" if any(map(error.has_error_label, passing)) else "internal"
    if code == "store-too-large":
        return FhirError(code, limit=MAX_BYTES)
    return _logged(code, error)


def _logged(code: str, error: PyMongoError) -> FhirError:
    number = getattr(error, "code", None)
    log.warning("mongodb", error=code, kind=type(error).__name__, code=number)
    return FhirError(code)
