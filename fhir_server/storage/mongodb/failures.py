"""What the driver raises, as rows of the error table. Never with the text of the driver, which
may quote a document."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager

import structlog
from pymongo.errors import (
    BulkWriteError,
    ConfigurationError,
    ConnectionFailure,
    DocumentTooLarge,
    ExecutionTimeout,
    InvalidOperation,
    OperationFailure,
    PyMongoError,
    ServerSelectionTimeoutError,
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


AWAY_SECONDS = 1.0


class Away:
    """After an operation has waited in vain for a server, others are told so at once for a moment.

    So a request of many operations, such as a batch, ends soon after its first one, and requests do
    not pile up. Afterwards somebody waits again, which makes the driver look for a server.
    """

    def __init__(self) -> None:
        self._until = 0.0

    @contextmanager
    def watched(self, *, slow: str = "store-down") -> Iterator[None]:
        """As `explained`. Errors: store-down, at once."""
        if time.monotonic() < self._until:
            raise FhirError("store-down")
        with explained(slow=slow):
            try:
                yield
            except ServerSelectionTimeoutError:
                self._until = time.monotonic() + AWAY_SECONDS
                raise
            self._until = 0.0


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
    code = CODES.get(_number(error))
    if code is None:
        passing = ("RetryableWriteError", "TransientTransactionError")
        code = "store-down" if any(map(error.has_error_label, passing)) else "internal"
    if code == "store-too-large":
        return FhirError(code, limit=MAX_BYTES)
    return _logged(code, error)


def _logged(code: str, error: PyMongoError) -> FhirError:
    number = _number(error) if isinstance(error, OperationFailure) else None
    log.warning("mongodb", error=code, kind=type(error).__name__, code=number)
    return FhirError(code)


def _number(error: OperationFailure) -> int:
    """The server's number. That of a bulk write says only that some part of it has failed."""
    if isinstance(error, BulkWriteError):
        for kind in ("writeErrors", "writeConcernErrors"):
            for each in error.details.get(kind, ()):
                return int(each.get("code", 0))
    return error.code or 0
